"""A folder, a database, a broker and real workers of one test's own, and a proxy that cuts them off."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection


@contextmanager
def own_database(folder: Path, like: str = "") -> Iterator[str]:
    """Address of a database of the engine that the tests run on: empty, or a copy of the one at `like`."""
    if connection.vendor != "postgresql":
        file = folder / "worker.sqlite3"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    given = connection.settings_dict
    name = f"pw_worker_{uuid.uuid4().hex[:10]}"
    server = psycopg2.connect(
        dbname="postgres",
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=given["PORT"] or 5432,
    )
    server.autocommit = True
    cursor = server.cursor()
    cursor.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2] or 'template1'}")
    try:
        secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
        yield f"postgres://{given['USER']}{secret}@{given['HOST']}:{given['PORT'] or 5432}/{name}"
    finally:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()


def broker_address(kind: str) -> str:
    if kind == "filesystem":
        return "filesystem://"
    address = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/11")
    try:
        redis.Redis.from_url(address, socket_connect_timeout=1).ping()
    except redis.RedisError:
        pytest.skip("no Redis here")
    return address


class Surroundings:
    """A folder, a database and a queue of one test, and the processes that work there."""

    def __init__(self, folder: Path, database: str, broker: str, module: str = "tests.intake.worker") -> None:
        self.folder, self.module = folder, module
        self.environment = os.environ | {
            "PATROLWATCH_HOME": str(folder),
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "CACHE_URL": f"filecache://{folder / 'cache'}",
            "TEST_QUEUE": f"tests-{uuid.uuid4().hex}",
            "IMPORT_STALE_SECONDS": "1",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.teller: subprocess.Popen[bytes] | None = None

    def step(self, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", self.module, *words],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout.decode().splitlines()[-1])

    def told(self, *words: str) -> Any:
        """What the module's `told` says now, from one process that stays: to ask again and again."""
        if self.teller is None or self.teller.poll() is not None:
            self.teller = subprocess.Popen(
                [sys.executable, "-m", self.module, "teller"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        assert self.teller.stdin is not None
        assert self.teller.stdout is not None
        self.teller.stdin.write(json.dumps(words).encode() + b"\n")
        self.teller.stdin.flush()
        answer = self.teller.stdout.readline()
        assert answer, "What is told could not be read; see the error above."
        return json.loads(answer)

    def close(self) -> None:
        for worker in self.workers:
            self.kill(worker)
        if self.teller is not None:
            self.teller.kill()
            self.teller.communicate()

    def start_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", self.module, "worker", *options),
                *("--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            ],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """The worker and its children, at once and without a word."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    def logs(self) -> str:
        return "\n".join(
            path.read_text(errors="replace") for path in sorted(self.folder.glob("worker-*.log"))
        )


def teller(told: Callable[..., Any]) -> None:
    """Answer each line of words on the standard input by a line of JSON."""
    from django.db import connections

    for line in sys.stdin:
        print(json.dumps(told(*json.loads(line))), flush=True)
        connections.close_all()


def wait_for(what: Callable[[], Any], seconds: float, told: Callable[[], str]) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.2)
    pytest.fail(f"waited {seconds} s in vain\n{told()}")


class Proxy:
    """Stands between a worker and a server, and can be cut and mended: the server seems to stop and start."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        assert self._listener
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
                far = socket.create_connection(self._target)
            except OSError:
                return
            self._open += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, target), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
