"""Watched sources: asked on their own interval, politely, and left alone when they fail again and again."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from patrols.models import Job, Report, WatchedSource

from . import jobs
from .canonical import url_key
from .errors import IntakeError
from .extract.text import fold
from .feeds import FeedItem, read_feed
from .fetch import Fetched, fetch
from .hosts import admit, policy

CHILDREN = 3
"""Of a sitemap index, the newest sitemaps that are read in one poll."""


def put_due(now: datetime | None = None) -> int:
    """Queue a poll of every source that is due; how many."""
    now = now or timezone.now()
    due = Q(next_run__isnull=True) | Q(next_run__lte=now)
    sources = WatchedSource.objects.filter(due, active=True, resting=False)
    return sum(poll_now(source, now) for source in sources)


def poll_now(source: WatchedSource, now: datetime | None = None) -> bool:
    """Queue a poll. False where one waits or runs already."""
    now = now or timezone.now()
    if Job.objects.filter(source=source, kind=Job.Kind.POLL, state__in=(*jobs.WAITING, "running")).exists():
        return False
    with transaction.atomic():
        rows = WatchedSource.objects.filter(pk=source.pk, next_run=source.next_run)
        if not rows.update(next_run=now + timedelta(minutes=source.every_minutes)):
            return False
        jobs.put(Job.Kind.POLL, f"poll:{source.pk}:{now.isoformat()}", source=source)
    return True


def wake(source: WatchedSource) -> None:
    """Let a resting source be asked again, now."""
    WatchedSource.objects.filter(pk=source.pk).update(resting=False, failures=0, next_run=None)


def poll(job: Job) -> None:
    """Ask a source what it has, and queue a fetch of each report that is not known yet."""
    source = job.source
    if source is None:
        jobs.fail(job, "The source is no longer there.")
        return
    rules = policy()
    try:
        admit(source.url, rules, job.arguments.get("slot", ""))
        answer = fetch(source.url, rules, etag=source.etag, last_modified=source.last_modified)
        items = [] if answer.not_modified else _items(source, answer)
    except IntakeError as error:
        _failed(job, source, error)
        return
    wanted = [item for item in items if passes(source, item.title, item.summary)]
    with transaction.atomic():
        known = _known(wanted)
        new = sum(_queue(source, item) for item in wanted if _is_new(item, known))
        WatchedSource.objects.filter(pk=source.pk).update(
            etag=answer.etag or source.etag,
            last_modified=answer.last_modified or source.last_modified,
            last_success=timezone.now(),
            last_error="",
            failures=0,
            updated_at=timezone.now(),
        )
        jobs.finish(job, items=len(items), left_out=len(items) - len(wanted), new=new)


def _items(source: WatchedSource, answer: Fetched) -> list[FeedItem]:
    def read(one: Fetched, kind: str) -> tuple[list[FeedItem], tuple[str, ...]]:
        feed = read_feed(
            one.body, url=one.final_url, kind=kind, pattern=source.link_pattern, charset=one.charset
        )
        return list(feed.items), feed.children

    items, children = read(answer, source.kind)
    for url in children[:CHILDREN]:
        # One poll is one slot of the host, so its further calls keep the pause themselves.
        time.sleep(settings.INTAKE_HOST_SECONDS)
        items += read(fetch(url, policy()), source.kind)[0]
    return items


def passes(source: WatchedSource, *texts: str) -> bool:
    """Whether an item's title or summary has one of the wanted words and none of the unwanted ones."""
    text = fold(" ".join(texts))

    def has(words: list[str]) -> bool:
        return any(fold(word) in text for word in words)

    return (not source.must_contain or has(source.must_contain)) and not has(source.must_not_contain)


def _known(items: list[FeedItem]) -> dict[str, datetime | None]:
    """The items that are in the record already, by address, with when they were fetched."""
    keys = {url_key(item.url) for item in items}
    return dict(Report.objects.filter(canonical_url__in=keys).values_list("canonical_url", "retrieved_at"))


def _is_new(item: FeedItem, known: dict[str, datetime | None]) -> bool:
    """Not in the record, or changed since by its own word."""
    key = url_key(item.url)
    fetched = known.get(key)
    return key not in known or bool(item.published and fetched and item.published > fetched)


def _queue(source: WatchedSource, item: FeedItem) -> bool:
    stamp = item.published.isoformat() if item.published else ""
    _job, made = jobs.put(
        Job.Kind.FETCH,
        f"fetch:{url_key(item.url)[:150]}:{stamp}",
        source=source,
        url=item.url,
        title=item.title,
        published=item.published.date().isoformat() if item.published else "",
        publisher=source.publisher_id,
        language=source.language,
    )
    return made


def _failed(job: Job, source: WatchedSource, error: IntakeError) -> None:
    """The source waits longer after each failure, and rests by itself after too many."""
    failures = source.failures + 1
    pause = max(timedelta(minutes=source.every_minutes), jobs.back_off(failures))
    with transaction.atomic():
        WatchedSource.objects.filter(pk=source.pk).update(
            failures=F("failures") + 1,
            last_error=str(error)[:500],
            resting=failures >= settings.INTAKE_REST_AFTER,
            next_run=timezone.now() + pause,
            updated_at=timezone.now(),
        )
        jobs.fail(job, str(error))
