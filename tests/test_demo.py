"""`manage.py demo` as a newcomer runs it: it answers, names its people, keeps the data, ends on Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lxml.html
import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """A running demo in a home of its own, and what it has printed."""

    def __init__(self, home: Path, *options: str) -> None:
        self.port = free_port()
        self.log = home.parent / f"demo-{self.port}.log"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SITE_URL")
        }
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), *options],
                cwd=ROOT,
                env=environment | {"PATROLWATCH_HOME": str(home), "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, text: str) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in self.printed:
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.1)

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


@contextmanager
def running(home: Path, *options: str) -> Iterator[Demo]:
    demo = Demo(home, *options)
    try:
        demo.until("Ctrl-C stops")
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.interrupt()


def passwords(demo: Demo) -> dict[str, str]:
    return dict(re.findall(r"^\s+(\w+)\s+password (\S+)$", demo.printed, flags=re.M))


@pytest.mark.worker
def test_the_demo_shows_the_record_keeps_it_and_stops_cleanly(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as demo:
        assert demo.get("/healthz")[0] == 200
        rows = demo.get("/data/patrols.csv")[1].splitlines()
        assert len(rows) > 200
        first = passwords(demo)
        assert set(first) == {"editor", "reviewer", "administrator"}
        assert demo.interrupt() == 0
        assert "Stopped." in demo.printed
        with pytest.raises(urllib.error.URLError):
            demo.get("/healthz")
    with running(home) as again:
        assert again.get("/data/patrols.csv")[1].splitlines()[1:] == [
            line.replace(f":{demo.port}/", f":{again.port}/") for line in rows[1:]
        ]
        assert passwords(again) == first
    with running(home, "--reset", "--empty") as emptied:
        assert len(emptied.get("/data/patrols.csv")[1].splitlines()) == 1
        assert passwords(emptied)["editor"] != first["editor"]


class Desk:
    """Somebody at the desk of a running demo, by plain requests."""

    def __init__(self, demo: Demo, name: str) -> None:
        self.demo = demo
        self.client = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(), urllib.request.HTTPRedirectHandler()
        )
        self.post("/admin/login/?next=/admin/", username=name, password=passwords(demo)[name])

    def get(self, path: str) -> str:
        with self.client.open(f"http://127.0.0.1:{self.demo.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, *pairs: tuple[str, str], **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token
        given = [*pairs, *fields.items(), ("csrfmiddlewaretoken", token[1])]
        body = urllib.parse.urlencode(given).encode()
        with self.client.open(f"http://127.0.0.1:{self.demo.port}{path}", body, timeout=20) as answer:
            return str(answer.read().decode())

    def form(self, path: str) -> list[tuple[str, str]]:
        """What a browser would send of the desk's form as it stands."""
        html = lxml.html.fromstring(self.get(path))
        return list(html.get_element_by_id("desk-form").form_values())


@pytest.mark.worker
def test_the_desk_fills_and_a_report_is_walked_to_the_public_record(tmp_path: Path) -> None:
    with running(tmp_path / "home") as demo:
        editor = Desk(demo, "editor")
        started = time.monotonic()
        titles = ("Convoy of eight vehicles", "210-е совместное", "شرق عين العرب", "Barış Pınarı")
        while not all(title in (page := editor.get("/admin/desk/")) for title in titles):
            assert time.monotonic() - started < SECONDS, demo.printed
            time.sleep(0.5)
        assert "<script>document.title" not in page
        [uid] = re.findall(r'/admin/desk/(\w+)/"[^>]*>Convoy of eight vehicles', page)
        address = f"/admin/desk/{uid}/"
        while "being read" in editor.get(address) or "data-candidate=" not in editor.get(address):
            assert time.monotonic() - started < SECONDS, demo.printed
            time.sleep(0.5)
        before = demo.get("/data/reports.csv")[1]
        said = editor.post(address, *editor.form(address), act="accept")
        assert "Accepted:" in said, said
        assert demo.get("/data/reports.csv")[1].splitlines()[1:] == before.splitlines()[1:]

        [patrol] = re.findall(
            r'href="/admin/patrols/patrol/(\d+)/change/"[^>]*>Its patrol', editor.get(address)
        )
        reviewer = Desk(demo, "reviewer")
        said = reviewer.post(f"/admin/patrols/patrol/{patrol}/act/approve/", reason="read and compared")
        assert "Approved." in said, said
        assert "Convoy of eight vehicles" in demo.get("/data/reports.csv")[1]


def test_a_port_in_use_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"PATROLWATCH_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} is in use. Choose another with --port." in done.stderr
