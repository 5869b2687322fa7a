"""What frames the patrols in time: context events, declared suspensions, and the months that reports cover.

Nothing here depends on a filter: it is the same for every view of one audience.

**Which months nobody reported in.** A month counts as *reported* when at least one of these holds, of what
the user may see:

1. a report with an account of a patrol was published in it (`Report.published`);
2. a report with a claim about a programme was published in it;
3. a patrol of which an account exists is dated in it, to the month or sharper (`date_start`, precision 1 to
   4): somebody reported of that month, whenever it was published or even without a date of its own.

A report without a publication date covers no month by itself, and a patrol that is dated to a year covers
none of its months. Every other month between the first and the last reported one is *silent*: nobody, as far
as the record knows, reported anything. In a silent month an empty bar tells nothing; in a reported month it
tells that no patrol was reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import DateField, F
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from ..models import Account, Claim, ContextEvent, DatePrecision, Patrol
from .revision import data_revision

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

CACHE_SECONDS = 24 * 3600
Kind = ContextEvent.Kind


@dataclass(frozen=True, slots=True)
class Event:
    """A context event as the timeline marks it, in the reader's language."""

    slug: str
    kind: str
    label: str
    title: str
    start: date
    end: date | None
    precision: int
    programmes: tuple[str, ...]
    note: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """A declared suspension: its first and last day. `last` is None where no end is known."""

    event: str
    programmes: tuple[str, ...]
    first: date
    last: date | None


def events() -> list[Event]:
    """Every context event in order of time; all of them are public. One query."""
    found: dict[int, ContextEvent] = {}
    programmes: defaultdict[int, set[str]] = defaultdict(set)
    for row in ContextEvent.objects.annotate(programme_slug=F("programmes__slug")):
        found[row.pk] = row
        if row.programme_slug:
            programmes[row.pk].add(row.programme_slug)
    return [
        Event(
            one.slug,
            one.kind,
            str(one.get_kind_display()),
            _(one.title),
            one.start,
            one.end,
            one.date_precision,
            tuple(sorted(programmes[one.pk])),
            _(one.note) if one.note else "",
            one.source_name,
            one.source_url,
        )
        for one in found.values()
    ]


def suspensions(events: Sequence[Event]) -> list[Suspension]:
    """From each suspension to its own last day, or to the day before the next resumption of its programme.

    The earlier of the two counts; without either the end is not known. An event that names no programme
    concerns all of them.
    """
    return [
        Suspension(one.slug, one.programmes, one.start, _last_day(one, events))
        for one in events
        if one.kind == Kind.SUSPENSION
    ]


def _last_day(suspension: Event, events: Iterable[Event]) -> date | None:
    ends = [
        one.start - timedelta(days=1)
        for one in events
        if one.kind == Kind.RESUMPTION
        and one.start > suspension.start
        and (not one.programmes or not suspension.programmes or {*one.programmes} & {*suspension.programmes})
    ]
    return min([*ends, suspension.end] if suspension.end else ends, default=None)


def coverage(user: AbstractUser | AnonymousUser | None) -> dict[str, str]:
    """{"from": "2019-10", "months": "1101"}: a digit for each month from the first to the last reported one.

    1 is a reported month, 0 a silent one, as the module's docstring defines them; empty where nothing is
    dated. One query.
    """
    patrols = Patrol.objects.visible_to(user)
    told = patrols.filter(accounts__in=Account.objects.visible_to(user))
    parts = (
        Account.objects.visible_to(user)
        .filter(patrol__in=patrols, report__published__isnull=False)
        .values(day=F("report__published")),
        Claim.objects.visible_to(user)
        .filter(report__published__isnull=False)
        .values(day=F("report__published")),
        told.filter(date_start__isnull=False, date_precision__lte=DatePrecision.MONTH).values(
            day=F("date_start")
        ),
    )
    months = [
        part.order_by().annotate(month=TruncMonth("day", output_field=DateField())).values("month").distinct()
        for part in parts
    ]
    reported = {row["month"] for row in months[0].union(*months[1:])}
    if not reported:
        return {"from": "", "months": ""}
    first, last = min(reported), max(reported)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    digits = ("1" if _month_after(first, number) in reported else "0" for number in range(count))
    return {"from": f"{first:%Y-%m}", "months": "".join(digits)}


def _month_after(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def timeline(user: AbstractUser | AnonymousUser | None) -> dict[str, Any]:
    """Events, suspensions and coverage as JSON takes them. Coverage is kept for as long as the data revision.

    Two queries, three when the data has changed.
    """
    found = events()
    covered = cache.get_or_set(
        f"timeline-coverage-{data_revision(user)}", lambda: coverage(user), CACHE_SECONDS
    )
    return {
        "events": [asdict(one) for one in found],
        "suspensions": [asdict(one) for one in suspensions(found)],
        "coverage": covered,
    }
