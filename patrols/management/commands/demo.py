"""`manage.py demo`: the whole product on this machine, with the real record, in one command.

Beside web server and worker it serves a small feed of reports that were written for the project
(`fixtures/demo/`), so that the review desk fills as it does from real sources.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from patrols.models import Patrol, Publisher, WatchedSource
from patrols.roles import ensure_roles

ROLES = ("editor", "reviewer", "administrator")
STOP_SECONDS = 10
REPORTS = settings.BASE_DIR / "fixtures" / "demo"


class Command(BaseCommand):
    help = (
        "Migrate, load the real record, start the web server and a Celery worker with beat; stop on Ctrl-C."
    )
    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
        parser.add_argument("--reset", action="store_true", help="empty the database first")
        parser.add_argument("--empty", action="store_true", help="start without the record")

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = options["port"]
        _free(port)
        call_command("migrate", interactive=False, verbosity=0)
        if options["reset"]:
            _reset()
        ensure_roles()
        passwords = _people(anew=options["reset"])
        if not options["empty"] and not Patrol.objects.exists():
            self.stdout.write("Loading the record …")
            call_command("load_record", stdout=self.stdout)
        feed = 0 if options["empty"] else _feed_port(port + 1)
        if feed:
            _watch(feed)
        self._run(port, feed, passwords)

    def _run(self, port: int, feed: int, passwords: dict[str, str]) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        children = _start(port, feed)
        try:
            _wait_for(port, children)
            self._greet(port, passwords)
            while not self.stopping:
                for name, child in children.items():
                    if child.poll() is not None and not self.stopping:
                        raise CommandError(f"The {name} stopped by itself (exit code {child.returncode}).")
                time.sleep(0.2)
        finally:
            self.stdout.write("Stopping …")
            _end(children)
        self.stdout.write("Stopped. The data stays; start again with the same command.")

    def _stop(self, _signum: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _greet(self, port: int, passwords: dict[str, str]) -> None:
        address = f"http://127.0.0.1:{port}/"
        lines = [
            "",
            f"  PatrolWatch runs at  {address}",
            f"  Editors log in at    {address}admin/",
            f"  New reports come to  {address}admin/desk/",
            "",
            *(f"    {name:<14} password {password}" for name, password in passwords.items()),
            "",
            "  Ctrl-C stops the web server and the worker.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Port {port} is in use. Choose another with --port.") from error


def _reset() -> None:
    call_command("flush", interactive=False, verbosity=0)
    for waiting in (settings.HOME / "broker").glob("*/*"):
        waiting.unlink(missing_ok=True)


def _people(*, anew: bool) -> dict[str, str]:
    """One person a role; passwords are kept beside the database, so that a later start can show them."""
    path: Path = settings.HOME / "demo-passwords.txt"
    kept = (
        dict(line.split(" ", 1) for line in path.read_text().splitlines())
        if path.exists() and not anew
        else {}
    )
    passwords = {}
    for name in ROLES:
        user, created = User.objects.get_or_create(
            username=name, defaults={"is_staff": True, "is_superuser": name == "administrator"}
        )
        if created or name not in kept:
            kept[name] = secrets.token_urlsafe(9)
            user.set_password(kept[name])
            user.save()
        user.groups.add(Group.objects.get(name=name))
        passwords[name] = kept[name] if user.check_password(kept[name]) else "(changed since)"
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} {password}\n" for name, password in kept.items()))
    return passwords


def _feed_port(wanted: int) -> int:
    """A free port for the feed, the same each time if that can be."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CommandError("No port is free for the feed of reports.")


def _watch(port: int) -> None:
    """The feed as a watched source, to be asked at once."""
    publisher, _made = Publisher.objects.get_or_create(
        slug="demonstration-press",
        defaults={
            "name": "Demonstration press",
            "kind": Publisher.Kind.MEDIA,
            "reliability": Publisher.Reliability.F,
            "reliability_note": "Texts written for the demonstration, after facts of the record",
        },
    )
    WatchedSource.objects.update_or_create(
        publisher=publisher,
        defaults={
            "name": "Demonstration press",
            "url": f"http://127.0.0.1:{port}/feed.xml",
            "every_minutes": 5,
            "active": True,
            "resting": False,
            "failures": 0,
            "next_run": None,
        },
    )


def _start(port: int, feed: int) -> dict[str, subprocess.Popen[bytes]]:
    environment = os.environ | {"SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}")}
    python = sys.executable
    commands = {
        "web server": [
            *(python, "-m", "gunicorn", "patrolwatch.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "4", "--log-level", "warning", "--timeout", "120"),
        ],
        "worker": [
            *(python, "-m", "celery", "--quiet", "-A", "patrolwatch", "worker", "--beat"),
            *("--concurrency", "2", "--loglevel", "WARNING"),
        ],
    }
    if feed:
        environment |= {
            "INTAKE_TEST_HOSTS": f"127.0.0.1:{feed}",
            "INTAKE_HOST_SECONDS": "0.5",
            "INTAKE_TEND_SECONDS": "2",
        }
        commands["feed"] = [
            *(python, "-m", "http.server", str(feed), "--bind", "127.0.0.1"),
            *("--directory", str(REPORTS)),
        ]
    # Own process groups: Ctrl-C reaches this process only, which then stops the two in order.
    return {
        name: subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL if name == "feed" else None,
        )
        for name, command in commands.items()
    }


def _wait_for(port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children.values()):
            return
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CommandError("The web server did not answer within a minute.")


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
