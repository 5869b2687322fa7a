"""How often patrols were reported, and how long none was: pure functions over spans of days.

    Span(first, last)                     the days on which a patrol can have been, both included
    rhythm(spans, until) -> Rhythm        gaps between patrols: median, longest, current
    cadence(spans, period) -> Cadence     patrols a month, quarter or year

Only patrols that set out (`SET_OUT`) belong in either; the caller chooses them. Everything counts what the
record holds: a gap is a stretch of days without a recorded patrol, not one without a patrol.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median

SET_OUT = ("completed", "started", "suspended")
"""Status of patrols that were on the road, whatever became of them."""
WIDEST = 31
"""Days of the widest span that counts as covered: a month."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """First and last day on which a patrol can have been: one day, or a month where only that is known."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"The span ends ({self.last}) before it begins ({self.first}).")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Gap:
    """No recorded patrol after `after` and before `before`; both are days with one (or the end of view)."""

    after: date
    before: date
    doubtful: bool = False
    """A patrol that is dated to more than a month may lie in it."""

    @property
    def days(self) -> int:
        """From one patrol to the next: 1 where they were on consecutive days."""
        return (self.before - self.after).days


@dataclass(frozen=True, slots=True)
class Rhythm:
    dated: int = 0
    """Patrols whose span is a month at most."""
    vague: int = 0
    """Patrols with a wider span. They make no gap and fill none; the gaps they may lie in are doubtful."""
    gaps: tuple[Gap, ...] = ()
    """In order of time."""
    current: Gap | None = None
    """From the last patrol to the end of view; None without a patrol, or without an end of view after it."""

    @property
    def median(self) -> float | None:
        """Days of the median gap, the current one left out; None where there is no gap."""
        return float(median(gap.days for gap in self.gaps)) if self.gaps else None

    @property
    def longest(self) -> Gap | None:
        """The longest gap that is not doubtful, the earliest of equals; the current one left out."""
        certain = [gap for gap in self.gaps if not gap.doubtful]
        return max(certain, key=lambda gap: gap.days, default=None)


def covered(spans: Iterable[Span]) -> list[Span]:
    """The days that the spans cover, as spans in order that share no day."""
    made: list[Span] = []
    for span in sorted(spans):
        if made and span.first <= made[-1].last:
            made[-1] = Span(made[-1].first, max(made[-1].last, span.last))
        else:
            made.append(span)
    return made


def rhythm(spans: Iterable[Span], until: date | None = None, *, widest: int = WIDEST) -> Rhythm:
    """The gaps between the patrols of one programme.

    A span counts as covered throughout, so that a patrol known by its month makes no gap within it. Patrols
    on the same day, and in spans that overlap, have no gap between them. `until` is the last day that the
    record can speak of (the embargo's, or the end of the programme); None leaves out the current gap.
    """
    given = list(spans)
    narrow = [span for span in given if span.days <= widest]
    wide = covered(span for span in given if span.days > widest)

    def gap(after: date, before: date) -> Gap:
        # As no two share a day, only the last that begins before the gap ends can reach into it.
        at = bisect_left(wide, before, key=lambda span: span.first) - 1
        return Gap(after, before, doubtful=at >= 0 and wide[at].last > after)

    days = covered(narrow)
    between = tuple(gap(one.last, other.first) for one, other in itertools.pairwise(days))
    current = gap(days[-1].last, until) if days and until and until > days[-1].last else None
    return Rhythm(len(narrow), len(given) - len(narrow), between, current)


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "year": 12}[self.value]

    def start(self, day: date) -> date:
        """First day of the period that `day` lies in."""
        return date(day.year, (day.month - 1) // self.months * self.months + 1, 1)

    def after(self, start: date) -> date:
        """First day of the period after the one that begins on `start`."""
        months = start.year * 12 + start.month - 1 + self.months
        return date(months // 12, months % 12 + 1, 1)

    def between(self, first: date, last: date) -> list[date]:
        """First days of all periods from that of `first` to that of `last`."""
        made, end = [self.start(first)], self.start(last)
        while made[-1] < end:
            made.append(self.after(made[-1]))
        return made

    @staticmethod
    def fit(first: date, last: date) -> Period:
        """The period that gives a stretch of time a readable number of bars: at most 72 of them or so."""
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return Period.MONTH if months <= 72 else Period.QUARTER if months <= 360 else Period.YEAR


@dataclass(frozen=True, slots=True)
class Cadence:
    counts: Mapping[date, int] = field(default_factory=dict)
    """First day of each period -> patrols; without a hole from the first to the last, so zeros are in it."""
    unplaced: int = 0
    """Patrols whose span does not lie within one period."""


def placed(span: Span, period: Period, *, exact: bool = False) -> date | None:
    """First day of the period that a patrol belongs to; None where its span leaves that open.

    `exact`: the span is the days that the patrol took, not what is known of its date; its first day counts.
    """
    start = period.start(span.first)
    return start if exact or period.start(span.last) == start else None


def cadence(spans: Iterable[tuple[Span, bool]], period: Period) -> Cadence:
    """Patrols a period; each span comes with `exact` as `placed` takes it."""
    found = [placed(span, period, exact=exact) for span, exact in spans]
    counts = Counter(start for start in found if start is not None)
    unplaced = sum(start is None for start in found)
    if not counts:
        return Cadence({}, unplaced)
    return Cadence({start: counts[start] for start in period.between(min(counts), max(counts))}, unplaced)
