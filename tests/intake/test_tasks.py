"""The imports' tasks: safe to deliver twice, taken up again, and whole when a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from patrols.intake import batches, tasks
from patrols.models import Account, ImportBatch, Patrol
from tests.intake.files import as_csv, make_reference, row
from tests.intake.worker import content

Bs = ImportBatch.State


@pytest.fixture
def sent(monkeypatch: Any) -> list[tuple[str, int]]:
    """What would have been sent to the broker."""
    messages: list[tuple[str, int]] = []
    for task in (tasks.check_import, tasks.apply_import):
        monkeypatch.setattr(task, "delay", lambda pk, name=task.__name__: messages.append((name, pk)))
    return messages


@pytest.mark.django_db(transaction=True)
class TestQueueing:
    @pytest.fixture(autouse=True)
    def reference(self) -> None:
        cache.clear()
        make_reference()

    def upload(self, state: str, age: timedelta = timedelta(0)) -> ImportBatch:
        batch = batches.create_batch("file.csv", as_csv(row(1)), None)
        moment = timezone.now() - age
        ImportBatch.objects.filter(pk=batch.pk).update(state=state, updated_at=moment)
        batch.refresh_from_db()
        return batch

    @pytest.mark.parametrize(("state", "task"), [(Bs.UPLOADED, "check_import"), (Bs.QUEUED, "apply_import")])
    def test_the_next_stage_is_sent(self, sent: list[tuple[str, int]], state: str, task: str) -> None:
        batch = self.upload(state)
        tasks.enqueue(batch)
        assert sent == [(task, batch.pk)]

    @pytest.mark.parametrize(
        ("state", "task"),
        [
            (Bs.UPLOADED, "check_import"),
            (Bs.CHECKING, "check_import"),
            (Bs.QUEUED, "apply_import"),
            (Bs.APPLYING, "apply_import"),
        ],
    )
    def test_what_has_been_silent_is_taken_up_again_once(
        self, sent: list[tuple[str, int]], state: str, task: str
    ) -> None:
        batch = self.upload(state, timedelta(seconds=settings.IMPORT_STALE_SECONDS + 5))
        tasks.resume_stale_imports()
        tasks.resume_stale_imports()
        assert sent == [(task, batch.pk)]

    @pytest.mark.parametrize("state", [Bs.CHECKED, Bs.DONE, Bs.FAILED, Bs.UNDONE])
    def test_what_waits_for_nobody_is_left_alone(self, sent: list[tuple[str, int]], state: str) -> None:
        self.upload(state, timedelta(days=3))
        tasks.resume_stale_imports()
        assert sent == []

    def test_a_batch_at_work_is_left_alone(self, sent: list[tuple[str, int]]) -> None:
        self.upload(Bs.APPLYING, timedelta(seconds=settings.IMPORT_STALE_SECONDS - 20))
        tasks.resume_stale_imports()
        assert sent == []

    def test_a_task_for_a_batch_that_is_gone_does_nothing(self) -> None:
        for task in (tasks.check_import, tasks.apply_import, tasks.undo_import):
            task(999_999)

    def test_from_upload_to_undoing(self) -> None:
        batch = self.upload(Bs.UPLOADED)
        tasks.check_import(batch.pk)
        batch.refresh_from_db()
        batches.confirm(batch)
        tasks.apply_import(batch.pk)
        tasks.apply_import(batch.pk)
        assert Account.objects.count() == Patrol.objects.count() == 1
        tasks.undo_import(batch.pk, None)
        tasks.undo_import(batch.pk, None)
        assert Account.objects.count() == Patrol.objects.count() == 0


# A real worker


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Address of an empty database of the engine that the tests run on."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{folder / 'worker.sqlite3'}"
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
    cursor.execute(f"CREATE DATABASE {name}")
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

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "PATROLWATCH_HOME": str(folder),
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "CACHE_URL": f"filecache://{folder / 'cache'}",
            "TEST_QUEUE": f"tests-{uuid.uuid4().hex}",
            "IMPORT_STALE_SECONDS": "1",
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    def step(self, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "tests.intake.worker", *words],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout.decode().splitlines()[-1])

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "tests.intake.worker", "worker"),
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


def wait_for(what: Callable[[], Any], seconds: float, told: Callable[[], str]) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.2)
    pytest.fail(f"waited {seconds} s in vain\n{told()}")


@pytest.fixture(params=["filesystem", "redis"])
def surroundings(request: Any, tmp_path: Path, db: None) -> Iterator[Surroundings]:
    broker = broker_address(request.param)
    with own_database(tmp_path) as database:
        made = Surroundings(tmp_path, database, broker)
        try:
            yield made
        finally:
            for worker in made.workers:
                made.kill(worker)
            if request.param == "redis":
                server = redis.Redis.from_url(broker)
                for key in server.scan_iter(f"{made.environment['TEST_QUEUE']}*"):
                    server.delete(key)


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_job_is_finished_by_another(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    stopped = tmp_path / "stopped"
    worker = surroundings.start_worker(TEST_STOP_AT=str(stopped))
    pk = str(surroundings.step("send")["pk"])
    wait_for(stopped.exists, 30, surroundings.logs)

    surroundings.kill(worker)
    left = surroundings.step("told", pk)
    assert left["state"] == Bs.APPLYING
    assert left["ids"] == {"Account": [], "Claim": [], "Patrol": [], "Report": []}

    surroundings.start_worker()
    done = surroundings.step("resume", pk)
    assert done["state"] == Bs.DONE, (done, surroundings.logs())

    cache.clear()
    make_reference()
    batch = batches.create_batch("file.csv", content(), None)
    ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.QUEUED)
    batches.bring_in(batch.pk)
    batch.refresh_from_db()
    assert done["counts"] == [batch.read, batch.created, batch.matched, batch.waiting, batch.rejected]
    assert done["ids"]["Patrol"] == sorted(Patrol.objects.values_list("uid", flat=True))
    assert done["ids"]["Account"] == sorted(Account.objects.values_list("uid", flat=True))
    assert len(done["ids"]["Claim"]) == 1
