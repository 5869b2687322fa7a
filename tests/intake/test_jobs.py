"""Pieces of work: done once, retried with back-off, taken up again, given up in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from patrols.intake import jobs
from patrols.intake.errors import NoConnection, UnsafeAddress
from patrols.intake.hosts import Later
from patrols.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

S = Job.State


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    messages: list[int] = []

    class App:
        @staticmethod
        def send_task(_name: str, arguments: list[int], **_options: Any) -> None:
            messages.extend(arguments)

    monkeypatch.setattr(jobs, "current_app", App)
    return messages


@pytest.fixture
def job(sent: list[int]) -> Job:
    return jobs.put(Job.Kind.FETCH, "one")[0]


def run(job: Job, work: jobs.Work) -> Job:
    jobs.run(job.pk, {job.kind: work})
    job.refresh_from_db()
    return job


def done(job: Job) -> None:
    with transaction.atomic():
        jobs.finish(job, pages=1)


def raising(error: Exception) -> jobs.Work:
    def work(_job: Job) -> None:
        raise error

    return work


def test_the_same_key_is_the_same_work(sent: list[int]) -> None:
    first, made = jobs.put(Job.Kind.FETCH, "one")
    again, made_again = jobs.put(Job.Kind.FETCH, "one")
    assert (first.pk, made, made_again) == (again.pk, True, False)
    assert sent == [first.pk]


def test_nothing_is_sent_before_the_transaction_is_over(sent: list[int]) -> None:
    with transaction.atomic():
        jobs.put(Job.Kind.FETCH, "one")
        transaction.set_rollback(True)
    assert sent == []
    assert not Job.objects.exists()


def test_a_message_that_comes_twice_is_worked_on_once(job: Job) -> None:
    times = []

    def work(one: Job) -> None:
        times.append(one.pk)
        done(one)

    for _delivery in range(2):
        run(job, work)
    assert times == [job.pk]
    assert (job.state, job.counts, job.tries) == (S.DONE, {"pages": 1}, 1)


def test_what_may_pass_is_tried_again_later_each_time_later(job: Job) -> None:
    pauses = []
    for _try in range(settings.INTAKE_TRIES - 1):
        run(job, raising(NoConnection("example.org")))
        assert job.state == S.RETRY
        pauses.append(job.not_before - timezone.now())
        Job.objects.update(not_before=None)
    assert pauses == sorted(pauses)
    run(job, raising(NoConnection("example.org")))
    assert job.state == S.FAILED
    assert "example.org" in job.error


def test_what_will_not_pass_fails_at_once_in_words(job: Job) -> None:
    run(job, raising(UnsafeAddress("http://10.0.0.1/", "it is not public")))
    assert (job.state, job.tries) == (S.FAILED, 1)
    assert "not public" in job.error


def test_something_unforeseen_is_a_sentence_too(job: Job) -> None:
    run(job, raising(KeyError("x")))
    assert job.state == S.FAILED
    assert "unforeseen" in job.error


def test_waiting_for_a_turn_is_no_try(job: Job) -> None:
    turn = timezone.now() + timedelta(minutes=1)
    run(job, raising(Later(turn)))
    assert (job.state, job.tries, job.not_before) == (S.QUEUED, 0, turn)
    assert job.arguments["slot"] == turn.isoformat()
    assert jobs.take(job.pk) is None


def test_work_left_in_the_middle_is_taken_up_again(job: Job, sent: list[int]) -> None:
    jobs.take(job.pk)
    jobs.tend()
    assert sent == [job.pk]
    later = timezone.now() + timedelta(seconds=settings.INTAKE_STALE_SECONDS + 1)
    jobs.tend(later)
    job.refresh_from_db()
    assert job.state == S.RETRY
    assert sent == [job.pk, job.pk]
    assert run(job, done).state == S.DONE


def test_work_that_is_left_again_and_again_is_given_up(job: Job) -> None:
    later = timezone.now() + timedelta(seconds=settings.INTAKE_STALE_SECONDS + 1)
    for _try in range(settings.INTAKE_TRIES):
        assert jobs.take(job.pk) is not None
        jobs.tend(later)
    job.refresh_from_db()
    assert job.state == S.FAILED
    assert "again and again" in job.error


def test_a_slow_worker_takes_its_result_back(job: Job) -> None:
    """It was silent for so long that another has taken the work up."""

    def slow(mine: Job) -> None:
        jobs.tend(timezone.now() + timedelta(seconds=settings.INTAKE_STALE_SECONDS + 1))
        assert jobs.take(mine.pk) is not None
        with transaction.atomic():
            User.objects.create_user("written by the slow one")
            jobs.finish(mine)

    run(job, slow)
    assert not User.objects.exists()
    assert job.state == S.RUNNING


def test_a_message_that_a_broker_has_lost_is_sent_again(job: Job, sent: list[int]) -> None:
    jobs.tend(timezone.now() + timedelta(seconds=settings.INTAKE_STALE_SECONDS + 1))
    assert sent == [job.pk, job.pk]


def test_a_broker_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise BrokerError

    monkeypatch.setattr(jobs.current_app, "send_task", away)
    job, _made = jobs.put(Job.Kind.FETCH, "one")
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (S.QUEUED, None)


def test_a_database_that_goes_away_leaves_the_work_to_be_taken_up(job: Job) -> None:
    run(job, raising(DatabaseError()))
    assert job.state == S.RUNNING


def test_an_editor_retries_and_acknowledges(job: Job, sent: list[int]) -> None:
    editor = User.objects.create_user("editor")
    assert not jobs.acknowledge(job, editor)
    run(job, raising(KeyError("x")))
    assert jobs.acknowledge(job, editor)
    assert jobs.retry(job)
    job.refresh_from_db()
    assert (job.state, job.tries, job.acknowledged_at) == (S.QUEUED, 0, None)
    assert sent[-1] == job.pk
