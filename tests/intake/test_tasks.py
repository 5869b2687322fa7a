"""The imports' tasks: safe to deliver twice, taken up again, and whole when a worker is killed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from patrols.intake import batches, tasks
from patrols.models import Account, ImportBatch, Patrol
from tests.intake.files import as_csv, make_reference, row
from tests.intake.surroundings import Surroundings, wait_for
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


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_job_is_finished_by_another(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    stopped = tmp_path / "stopped"
    worker = surroundings.start_worker(TEST_STOP_AT=str(stopped))
    pk = str(surroundings.step("send")["pk"])
    wait_for(stopped.exists, 120, surroundings.logs)

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
