"""The one way in for single reports, from a watched source, by address, as pasted text, as e-mail or as HTML.

    receive(article, …) -> Received     a report of the record, new or known, and what it turned out to be
    fetch_report(job)                   fetch a page and receive it
    receive_address, receive_text, receive_mail, receive_html      what an editor brings

One story is one report with its repeats, whatever the number of papers that print it: a repeat carries no
weight of its own, and comes to the desk only where its publisher has more to say than the first one.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

from patrols.models import Attention, Desk, FetchedPage, Job, Publisher, Report, WatchedSource, uid_from

from . import jobs
from .canonical import canonical_url, same_site, url_key
from .errors import BadAddress, IntakeError
from .fetch import Fetched, fetch
from .hosts import admit, policy
from .mail import read_mail
from .neardup import CANDIDATE, SAME, UNSURE, Telling, compare, signature, similarity, text_hash
from .page import FUTURE_DATE, OK, Article, read_page, read_text

Outcome = Literal["new", "same", "updated", "repeat"]

NEIGHBOURHOOD = timedelta(days=4)
"""The same story is printed within days; a patrol's formula comes again after a week."""
UNREADABLE = (Attention.EMPTY, Attention.COOKIE_WALL, Attention.NOT_HTML)
TITLE = 500


@dataclass(frozen=True, slots=True)
class Received:
    report: Report
    outcome: Outcome


class NothingInIt(IntakeError):
    code = "nothing"

    def __init__(self) -> None:
        super().__init__("There is no text in it. Paste the report's text, or give its address.")


# In


def receive(
    article: Article,
    *,
    publisher: Publisher,
    url: str = "",
    retrieved_at: datetime,
    source: WatchedSource | None = None,
    user: User | None = None,
    raw: Fetched | None = None,
) -> Received:
    """Take an article into the record, as a new report or as one that is known. Queues what comes next."""
    address = canonical_url(article.canonical_url or url)
    try:
        with transaction.atomic():
            return _receive(article, publisher, address, retrieved_at, source, user, raw)
    except IntegrityError:
        # Another worker was faster with the same address; now it is known.
        with transaction.atomic():
            return _receive(article, publisher, address, retrieved_at, source, user, raw)


def _receive(
    article: Article,
    publisher: Publisher,
    address: str,
    retrieved_at: datetime,
    source: WatchedSource | None,
    user: User | None,
    raw: Fetched | None,
) -> Received:
    body_hash = text_hash(article.text)
    known = _by_address(address)
    if known is not None and known.text and known.text_hash == body_hash:
        return Received(known, "same")
    outcome: Outcome = "new" if known is None else "updated"
    report = known or Report(
        url=address, canonical_url=url_key(address), publisher=publisher, created_by=user
    )
    attention = [] if article.state == OK else [str(article.state)]
    if known is not None and known.text:
        attention.append(Attention.UPDATED)
    _fill(report, article, body_hash, retrieved_at)
    if known is None and not attention and (likeness := _repeats(report)):
        original, sure = likeness
        attention.append(Attention.REPEAT if sure else Attention.MAYBE_REPEAT)
        if sure:
            report.same_story_as, outcome = original, "repeat"
    if report.published is None:
        attention.append(Attention.UNDATED)
    report.attention = attention
    report.desk_state = _desk_state(report, attention)
    report.desk_version += 1
    report._change_reason = f"received from {source}" if source else "received"  # type: ignore[attr-defined]
    report.save()
    if raw is not None:
        _keep(report, raw)
    if source is not None and known is None:
        _count(source)
    if report.desk_state == Desk.NEW:
        jobs.put(Job.Kind.EXTRACT, f"extract:{report.pk}:{report.desk_version}", report=report)
    return Received(report, outcome)


def _by_address(address: str) -> Report | None:
    if not address:
        return None
    same = Q(url=address) | Q(canonical_url=url_key(address))
    return Report.objects.select_for_update().filter(same).order_by("pk").first()


def _fill(report: Report, article: Article, body_hash: str, retrieved_at: datetime) -> None:
    title = article.title[:TITLE].strip()
    report.title = title or report.title
    # As the extractor reads it, so that the spans of its facts count in it.
    report.text = f"{report.title}\n\n{article.text}" if report.title else article.text
    report.text_hash = body_hash
    report.language = article.lang or report.language
    if article.published and article.state != FUTURE_DATE:
        report.published = article.published
    report.retrieved_at = retrieved_at
    report.signature = signature(article.text).hex() if article.text else ""


def body_of(report: Report) -> str:
    """The report's text without its title."""
    return report.text.removeprefix(f"{report.title}\n\n") if report.title else report.text


def _desk_state(report: Report, attention: list[str]) -> str:
    if any(code in UNREADABLE for code in attention):
        return Desk.UNREADABLE
    original = report.same_story_as
    if original is not None and not (report.publisher.party and not original.publisher.party):
        return Desk.DUPLICATE
    return Desk.NEW


def _repeats(report: Report) -> tuple[Report, bool] | None:
    """The report that this one repeats, and whether that is sure; the surest and earliest of all."""
    around = Q(published__isnull=True)
    day = report.published or report.retrieved_at
    if report.published:
        around |= Q(published__range=(report.published - NEIGHBOURHOOD, report.published + NEIGHBOURHOOD))
    elif day:
        around |= Q(retrieved_at__range=(day - NEIGHBOURHOOD, day + NEIGHBOURHOOD))
    others = Report.objects.filter(around, same_story_as__isnull=True).exclude(text_hash="").order_by("pk")
    mine, telling = bytes.fromhex(report.signature), _telling(report)
    unsure = None
    for other in others.select_related("publisher").iterator():
        if other.text_hash == report.text_hash:
            return other, True
        if similarity(mine, bytes.fromhex(other.signature or "")) < CANDIDATE:
            continue
        likeness = compare(telling, _telling(other))
        if likeness.verdict == SAME:
            return other, True
        if likeness.verdict == UNSURE:
            unsure = unsure or other
    return (unsure, False) if unsure else None


def _telling(report: Report) -> Telling:
    return Telling(body_of(report), report.language, report.published, report.publisher.slug)


def _keep(report: Report, raw: Fetched) -> None:
    report.sha256 = raw.sha256
    Report.objects.filter(pk=report.pk).update(sha256=raw.sha256)
    FetchedPage.objects.update_or_create(
        report=report,
        defaults={
            "url": raw.final_url[:1000],
            "content_type": raw.content_type[:200],
            "charset": raw.charset[:40],
            "body": gzip.compress(raw.body, mtime=0),
            "sha256": raw.sha256,
            "retrieved_at": raw.retrieved_at,
        },
    )


def _count(source: WatchedSource) -> None:
    WatchedSource.objects.filter(pk=source.pk).update(brought=F("brought") + 1)


# By address, text and file


def receive_address(url: str, publisher: Publisher | None, user: User) -> Job:
    """Queue the fetch of a single page. Raises `IntakeError` for what is no address."""
    address = canonical_url(url)
    if not address:
        raise BadAddress(url, "give one that begins with https://")
    key = f"fetch:{url_key(address)[:150]}:{timezone.now():%Y%m%dT%H%M%S%f}"
    job, _made = jobs.put(
        Job.Kind.FETCH, key, url=address, publisher=publisher.pk if publisher else None, user=user.pk
    )
    return job


def receive_text(
    text: str, *, title: str, publisher: Publisher, published: date | None, url: str, user: User
) -> Received:
    now = timezone.now()
    article = _dated(read_text(text, now=now, title=title), published)
    if not article.text:
        raise NothingInIt
    return receive(article, publisher=publisher, url=url, retrieved_at=now, user=user)


def receive_mail(raw: bytes, *, publisher: Publisher, user: User) -> Received:
    """Raises `NotMail`, `NothingInIt`."""
    now = timezone.now()
    article = read_mail(raw, now=now)
    if not article.text:
        raise NothingInIt
    return receive(article, publisher=publisher, retrieved_at=now, user=user)


def receive_html(
    raw: bytes, *, publisher: Publisher, published: date | None, url: str, user: User
) -> Received:
    now = timezone.now()
    article = _dated(read_page(raw, now=now, url=url, content_type="text/html"), published)
    if not article.text:
        raise NothingInIt
    return receive(article, publisher=publisher, url=url, retrieved_at=now, user=user)


def _dated(article: Article, published: date | None) -> Article:
    return replace(article, published=published, published_from="editor") if published else article


# The jobs


def fetch_report(job: Job) -> None:
    """Fetch one page and take it in."""
    given, rules = job.arguments, policy()
    admit(given["url"], rules, given.get("slot", ""))
    answer = fetch(given["url"], rules)
    article = read_page(
        answer.body,
        now=answer.retrieved_at,
        url=answer.final_url,
        content_type=answer.content_type,
        charset=answer.charset,
        hint=given.get("language") or "",
    )
    if not article.title and given.get("title"):
        article = replace(article, title=given["title"])
    if article.published is None and given.get("published"):
        article = replace(article, published=date.fromisoformat(given["published"]), published_from="feed")
    with transaction.atomic():
        received = receive(
            article,
            publisher=_publisher(given.get("publisher"), answer.final_url, article.site_name),
            url=answer.final_url,
            retrieved_at=answer.retrieved_at,
            source=job.source,
            user=User.objects.filter(pk=given.get("user")).first(),
            raw=answer,
        )
        Job.objects.filter(pk=job.pk).update(report=received.report)
        jobs.finish(job, outcome=received.outcome, bytes=len(answer.body))


def _publisher(pk: int | None, url: str, site_name: str) -> Publisher:
    """The publisher that was named, or whose homepage the address is on; else a new one, not judged yet."""
    found = Publisher.objects.filter(pk=pk).first() if pk else None
    if found is not None:
        return found
    for publisher in Publisher.objects.exclude(homepage=""):
        if same_site(publisher.homepage, url):
            return publisher
    host = urlsplit(url).hostname or "unknown"
    name = (site_name or host)[:200]
    slug = slugify(name)[:60].strip("-") or "publisher"
    made, _created = Publisher.objects.get_or_create(
        name=name,
        defaults={
            "slug": f"{slug}-{uid_from(name)}",
            "kind": Publisher.Kind.MEDIA,
            "reliability": Publisher.Reliability.F,
            "reliability_note": "Came with a report; not judged yet",
            "homepage": f"https://{host}/",
        },
    )
    return made
