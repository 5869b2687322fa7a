"""Two cumulative lines over time: the patrols that the record holds, and the count as it was reported.

The count is known only on the days on which a numbered patrol or a total tells it. Between two of them it
stood somewhere between the two figures: it is drawn as the area that it cannot have left, not as a line.

    rising(days)                     each day with how many had been reached by its end
    highest(points)                  the count as reported: the greatest number known by each day
    chart(recorded, counted, totals) the two as a drawing in percent of its frame; None where there is nothing

A drawing is plain numbers and SVG path data in a box of 1000 by 1000; texts and dates are the template's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

LEFT, RIGHT, TOP, BOTTOM = 12, 988, 60, 900
"""The frame inside the box: room for the marks at the edges, and for the dates below."""
LAST_MONTH, LAST_YEAR = 860, 930
"""From here on a month or a year below would run out of the box on a phone."""
MONTHS_PER_TICK = (1, 2, 3, 6, 12, 24, 60, 120, 240)
MOST_TICKS = 7
FEWEST = 4
"""Of fewer known days of a count there is nothing to see."""

Point = tuple[date, int]


def rising(days: Iterable[date]) -> list[Point]:
    """Cumulative: one point a day, with the days in order."""
    points: list[Point] = []
    for number, day in enumerate(sorted(days), start=1):
        if points and points[-1][0] == day:
            points[-1] = (day, number)
        else:
            points.append((day, number))
    return points


def highest(points: Iterable[Point]) -> list[Point]:
    """The running maximum: what the count had reached by each day on which it rose."""
    kept: list[Point] = []
    for day, number in sorted(points):
        if kept and number <= kept[-1][1]:
            continue
        if kept and kept[-1][0] == day:
            kept[-1] = (day, number)
        else:
            kept.append((day, number))
    return kept


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    """Where, as a percentage of the width or the height."""
    day: date | None = None
    number: int = 0
    monthly: bool = False
    named: bool = True
    """Whether there is room for its date, left to right from the tick."""
    second: bool = False
    """Every other one; a phone leaves out their months."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A total at its day; `named` is how its speaker is called."""

    x: str
    y: str
    day: date
    number: int
    named: str
    late: bool
    """In the right half, where its label stands to the left."""


@dataclass(frozen=True, slots=True)
class Chart:
    recorded: str
    counted: str
    """Path data, empty where that line has too few points."""
    days: tuple[Tick, ...]
    numbers: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    end: Tick | None
    """Where the recorded line ends, and at which number."""
    end_below: bool
    """A total stands where the number would: it goes below the line."""
    first: date
    last: date


def chart(
    recorded: Sequence[Point], counted: Sequence[Point], totals: Iterable[tuple[date, int, str]] = ()
) -> Chart | None:
    """`totals` are (day, count, speaker). None where no total and too few days of the count are known."""
    stated = sorted(set(totals))
    if not stated and len(counted) < FEWEST:
        return None
    days = [day for day, _ in (*recorded, *counted)] + [day for day, _, _ in stated]
    if len(set(days)) < 2:
        return None
    first, last = min(days), max(days)
    top = _round_up(max(number for _, number in (*recorded, *counted, *((d, n) for d, n, _ in stated))))
    frame = _Frame(first, last, top)
    marks = tuple(
        Mark(_percent(frame.x(day)), _percent(frame.y(number)), day, number, named, frame.x(day) > 500)
        for day, number, named in stated
    )
    end = None
    if recorded:
        end = Tick(_percent(frame.y(recorded[-1][1])), recorded[-1][0], recorded[-1][1])
    return Chart(
        recorded=frame.steps(recorded, until=last),
        counted=frame.band(counted),
        days=tuple(frame.dates()),
        numbers=tuple(Tick(_percent(frame.y(n)), number=n) for n in _numbers(top)),
        marks=marks,
        end=end,
        end_below=bool(recorded) and any(frame.crowded(day, n, recorded[-1][1]) for day, n, _ in stated),
        first=first,
        last=last,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    first: date
    last: date
    top: int

    def x(self, day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day - self.first).days / max((self.last - self.first).days, 1)

    def y(self, number: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * number / self.top

    def crowded(self, day: date, number: int, held: int) -> bool:
        """Whether a total's label would meet that of the recorded line's end."""
        return self.x(day) > 700 and -120 < self.y(number) - self.y(held) < 90

    def steps(self, points: Sequence[Point], until: date | None = None) -> str:
        """Path data: level until the next day, then up; begins at nothing on the first day."""
        if not points:
            return ""
        parts = [f"M{self.x(points[0][0]):.1f} {self.y(0):.1f}"]
        for day, number in points:
            parts.append(f"H{self.x(day):.1f}V{self.y(number):.1f}")
        if until is not None:
            parts.append(f"H{self.x(until):.1f}")
        return "".join(parts)

    def band(self, points: Sequence[Point]) -> str:
        """Path data: a box from each known point to the next."""
        return "".join(
            f"M{self.x(day):.1f} {self.y(number):.1f}H{self.x(later):.1f}V{self.y(greater):.1f}"
            f"H{self.x(day):.1f}Z"
            for (day, number), (later, greater) in pairwise(points)
        )

    def dates(self) -> list[Tick]:
        """Firsts of months or years, at most `MOST_TICKS` and evenly apart."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        apart = next((one for one in MONTHS_PER_TICK if months / one <= MOST_TICKS), MONTHS_PER_TICK[-1])
        at = self.first.year * 12 + self.first.month - 1
        at += -at % apart
        ticks: list[Tick] = []
        while (day := date(at // 12, at % 12 + 1, 1)) <= self.last:
            if day >= self.first - timedelta(days=15):
                ticks.append(self.tick(day, monthly=apart < 12, second=len(ticks) % 2 == 1))
            at += apart
        return ticks

    def tick(self, day: date, *, monthly: bool, second: bool) -> Tick:
        x = max(self.x(day), LEFT)
        named = x < (LAST_MONTH if monthly else LAST_YEAR)
        return Tick(_percent(x), day=day, monthly=monthly, named=named, second=second)


def _percent(value: float) -> str:
    """Of the box, as SVG takes it whatever the reader's language."""
    return f"{value / 10:.2f}%"


def _round_up(value: int) -> int:
    """To a number that the axis can be divided by."""
    step = _step(value)
    return max(step * math.ceil(value / step), 1)


def _step(value: int) -> int:
    """1, 2, 5, 10, 20, 50 …: the distance of the lines across, at most five of them."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if value <= 5 * step:
                return step
        power *= 10


def _numbers(top: int) -> list[int]:
    return list(range(0, top + 1, _step(top)))
