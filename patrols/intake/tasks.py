"""The intake's work for Celery: ids for arguments, and safe to be delivered twice."""

from __future__ import annotations

import random
from typing import Any

from celery import shared_task
from django.db import DatabaseError, transaction

from patrols.models import ImportBatch, Job

from . import batches, drafting, jobs, reports, sources, undo

RETRIES = batches.MAX_TRIES - 1
WORKS: dict[str, jobs.Work] = {
    Job.Kind.POLL: sources.poll,
    Job.Kind.FETCH: reports.fetch_report,
    Job.Kind.EXTRACT: drafting.extract_report,
    Job.Kind.MATCH: drafting.match_report,
}


def _again(task: Any, error: Exception) -> Exception:
    """A database that is busy or gone for a moment: later, each time later, and never all at once."""
    delay = 2 ** (task.request.retries + 1) + random.uniform(0, 2)
    retry: Exception = task.retry(exc=error, countdown=delay, max_retries=RETRIES, throw=False)
    return retry


@shared_task(bind=True)  # type: ignore[untyped-decorator]
def check_import(self: Any, batch_id: int) -> None:
    try:
        batches.check(batch_id)
    except DatabaseError as error:
        raise _again(self, error) from error


@shared_task(bind=True)  # type: ignore[untyped-decorator]
def apply_import(self: Any, batch_id: int) -> None:
    try:
        batches.bring_in(batch_id)
    except DatabaseError as error:
        raise _again(self, error) from error


@shared_task  # type: ignore[untyped-decorator]
def undo_import(batch_id: int, user_id: int | None = None) -> None:
    undo.undo_batch(batch_id, user_id)


@shared_task  # type: ignore[untyped-decorator]
def resume_stale_imports() -> None:
    """Take up what a worker has left in the middle, and what was queued in a message that got lost."""
    for batch in batches.stale_batches():
        if batches.release(batch):
            enqueue(batch)


def enqueue(batch: ImportBatch) -> None:
    """Queue a batch's next stage, once the transaction that it depends on is over."""
    state = ImportBatch.objects.values_list("state", flat=True).get(pk=batch.pk)
    task = check_import if state == ImportBatch.State.UPLOADED else apply_import
    transaction.on_commit(lambda: task.delay(batch.pk))


@shared_task  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    jobs.run(job_id, WORKS)


@shared_task  # type: ignore[untyped-decorator]
def tend_intake() -> None:
    """Poll what is due, take up what a worker has left, send what a broker has lost."""
    sources.put_due()
    jobs.tend()
