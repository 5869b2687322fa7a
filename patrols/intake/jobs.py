"""Pieces of work that survive: each is a row with a key, done once whatever happens to workers and brokers.

    put(kind, key, …)       one more piece of work; the same key again is the same piece
    run(pk, works)          what a worker does with a row's id
    tend()                  what beat does every few seconds: hand over what is due, take up what was left

The row decides, the message only wakes a worker: a message that is lost is sent again, one that comes twice
finds the row taken. A work writes its result and the row's end in one transaction (`finish`), so that a
worker killed at any point has done all of it or nothing; its row is taken up again when it has been silent
for too long. A worker that was only slow finds the row no longer its own and takes its result back.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from patrols.models import Job, Report, WatchedSource

from .errors import IntakeError
from .hosts import Later

log = logging.getLogger(__name__)

S = Job.State
WAITING = (S.QUEUED, S.RETRY)
TASK = "patrols.intake.tasks.run_job"
BACK_OFF = timedelta(seconds=30)
LONGEST = timedelta(hours=6)
AT_ONCE = 200
"""Rows handed to the broker at a time."""
KEPT = timedelta(days=30)
"""How long the rows of polls that went well are kept."""


class Superseded(Exception):
    """Another worker has taken the row up meanwhile; this one's work is to be rolled back."""


def put(
    kind: Job.Kind,
    key: str,
    *,
    source: WatchedSource | None = None,
    report: Report | None = None,
    **arguments: Any,
) -> tuple[Job, bool]:
    """The piece of work of that key, and whether it is new. It is sent once the transaction is over."""
    job, made = Job.objects.get_or_create(
        key=key[:200], defaults={"kind": kind, "source": source, "report": report, "arguments": arguments}
    )
    if made:
        transaction.on_commit(lambda: send(job.pk))
    return job, made


def send(pk: int) -> None:
    """Wake a worker. A broker that is away is no failure: `tend` sends again."""
    Job.objects.filter(pk=pk).update(sent_at=timezone.now())
    try:
        current_app.send_task(TASK, [pk], retry=False)
    except (BrokerError, OSError):
        log.warning("the broker did not take job %s; it is sent again later", pk)
        Job.objects.filter(pk=pk).update(sent_at=None)


Work = Callable[[Job], None]


def run(pk: int, works: Mapping[str, Work]) -> None:
    """Do one piece of work, if it is due and nobody else's. Whatever goes wrong ends up in its row."""
    job = take(pk)
    if job is None:
        return
    try:
        works[job.kind](job)
    except Superseded:
        log.warning("job %s was taken up by another worker", job.key)
    except Later as later:
        slot = {**job.arguments, "slot": later.until.isoformat()}
        _leave(job, S.QUEUED, not_before=later.until, tries=job.tries - 1, arguments=slot)
    except IntakeError as error:
        again(job, str(error), transient=error.transient, wait=getattr(error, "retry_after", None))
    except DatabaseError:
        # The row cannot be trusted to take an answer now; as a silent one it is taken up again.
        log.exception("job %s", job.key)
    except Exception as error:
        log.exception("job %s", job.key)
        again(job, f"Something unforeseen happened ({type(error).__name__}). Tell an administrator.")


def take(pk: int) -> Job | None:
    """Claim a row for this worker; None where it is done, not due, or another's."""
    now = timezone.now()
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    mine = Job.objects.filter(due, pk=pk, state__in=WAITING)
    if not mine.update(state=S.RUNNING, started_at=now, tries=F("tries") + 1, error="", finished_at=None):
        return None
    return Job.objects.select_related("source", "report").get(pk=pk)


def finish(job: Job, **counts: Any) -> None:
    """The work is done. To be called in the transaction that writes its result. Raises `Superseded`."""
    _end(job, state=S.DONE, counts=counts, error="", finished_at=timezone.now())


def fail(job: Job, error: str) -> None:
    _end(job, state=S.FAILED, error=error[:1000], finished_at=timezone.now())


def _end(job: Job, **values: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, state=S.RUNNING, tries=job.tries)
    if not mine.update(updated_at=timezone.now(), **values):
        raise Superseded


def again(job: Job, error: str, *, transient: bool = False, wait: float | None = None) -> None:
    """Try again later, each time later than before, or give up with a sentence for the editor."""
    if not transient or job.tries >= settings.INTAKE_TRIES:
        _leave(job, S.FAILED, error=error[:1000], finished_at=timezone.now())
        return
    pause = back_off(job.tries)
    if wait is not None:
        pause = min(LONGEST, max(pause, timedelta(seconds=wait)))
    _leave(job, S.RETRY, error=error[:1000], not_before=timezone.now() + pause)


def back_off(failures: int) -> timedelta:
    """Twice as long each time, never all at once, at most `LONGEST`."""
    pause: timedelta = min(LONGEST, BACK_OFF * 2 ** min(failures - 1, 12))
    return pause * random.uniform(0.9, 1.3)


def _leave(job: Job, state: str, **values: Any) -> None:
    """Put the row down, if it is still this worker's."""
    mine = Job.objects.filter(pk=job.pk, state=S.RUNNING, tries=job.tries)
    mine.update(state=state, sent_at=None, updated_at=timezone.now(), **values)


# What editors do


def retry(job: Job) -> bool:
    """Try a failed or waiting piece of work again now, with all its tries."""
    rows = Job.objects.filter(pk=job.pk, state__in=(S.FAILED, S.RETRY, S.QUEUED))
    if not rows.update(state=S.QUEUED, tries=0, not_before=None, error="", acknowledged_at=None):
        return False
    transaction.on_commit(lambda: send(job.pk))
    return True


def acknowledge(job: Job, user: User) -> bool:
    """An editor has seen that it failed, and leaves it at that."""
    rows = Job.objects.filter(pk=job.pk, state=S.FAILED, acknowledged_at__isnull=True)
    return bool(rows.update(acknowledged_by=user, acknowledged_at=timezone.now()))


# What beat does


def tend(now: datetime | None = None) -> None:
    """Take up what a worker has left in the middle, and hand over what is due."""
    now = now or timezone.now()
    silent = now - timedelta(seconds=settings.INTAKE_STALE_SECONDS)
    left = Job.objects.filter(state=S.RUNNING, started_at__lt=silent)
    given_up = "The worker stopped in the middle, again and again. Look at the worker's log, then retry."
    left.filter(tries__gte=settings.INTAKE_TRIES).update(
        state=S.FAILED, error=given_up, finished_at=now, sent_at=None
    )
    left.update(state=S.RETRY, error="The worker stopped in the middle.", not_before=None, sent_at=None)
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    unsent = Q(sent_at__isnull=True) | Q(sent_at__lt=silent)
    for pk in (
        Job.objects.filter(due, unsent, state__in=WAITING)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        send(pk)
    Job.objects.filter(kind=Job.Kind.POLL, state=S.DONE, created_at__lt=now - KEPT).delete()
