"""The ledger: which numbers of a count the record holds, which it holds twice over, and which it lacks.

    ledgers(counts, numbered, totals, start)      a Ledger for each count in which anything is numbered
    compared(total, book, held, start)            a reported total beside what the record holds of it

A number belongs to a count. The whole count numbers every patrol of a programme, and what it numbers is
numbered alike in each party's count: where the parties part after the 17th, each party's ledger begins with
those seventeen. Numbers whose report does not say whose count they belong to fill no place in any ledger;
they are told beside the place that they may fill.

Everything here is a pure function of plain values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

WHOLE = "overall"
"""Slug of the count of every patrol of a programme, unlike an area's or one party's."""
UNSTATED = "unstated"
"""Slug of the count that takes the numbers whose report does not say whose count they belong to."""
EXACT = ("", "over")
"""Qualifiers of totals that say that every number up to them was given out."""
LIMIT = 5000
"""Greater numbers are slips of the pen, not patrols; a ledger ends there and says so."""


class State(StrEnum):
    RECORDED = "recorded"
    CONFLICTING = "conflicting"
    MISSING = "missing"


class Reason(StrEnum):
    """Why a number is conflicting or missing."""

    NONE = ""
    TWO_PATROLS = "two_patrols"
    TWO_NUMBERS = "two_numbers"
    NO_REPORT = "no_report"
    UNSTATED = "unstated"
    """No report gives it in this count, but one gives it without saying whose count it is."""


@dataclass(frozen=True, slots=True)
class Count:
    """A counter as the record keeps it."""

    slug: str
    name: str
    party: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A patrol under a number of a count."""

    count: str
    number: int
    patrol: str
    date_start: date | None = None
    date_end: date | None = None
    date_precision: int | None = None
    status: str = ""
    accounts: int = 1

    @property
    def last_day(self) -> date | None:
        return self.date_end or self.date_start


@dataclass(frozen=True, slots=True)
class Anchor:
    """A number whose days are known, next to missing ones: a recorded one, or a claimed total."""

    number: int
    date_start: date
    date_end: date
    date_precision: int | None
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a count.

    A missing one lies between the first day of `after` and the last of `before`; the two are given only
    where their days are in the order of their numbers.
    """

    number: int
    state: State
    reason: Reason = Reason.NONE
    patrols: tuple[Numbered, ...] = ()
    """Those under the number; of a missing one those that may be it."""
    also: tuple[int, ...] = ()
    """Other numbers of the same patrols in the same count."""
    after: Anchor | None = None
    before: Anchor | None = None

    @property
    def earliest(self) -> date | None:
        if self.state is State.MISSING:
            return self.after.date_start if self.after else None
        return min((one.date_start for one in self.patrols if one.date_start), default=None)

    @property
    def latest(self) -> date | None:
        if self.state is State.MISSING:
            return self.before.date_end if self.before else None
        return max((day for one in self.patrols if (day := one.last_day)), default=None)

    @property
    def accounts(self) -> int:
        return sum(one.accounts for one in self.patrols) if self.state is not State.MISSING else 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing numbers without a recorded one between them."""

    cells: tuple[Cell, ...]

    @property
    def first(self) -> int:
        return self.cells[0].number

    @property
    def last(self) -> int:
        return self.cells[-1].number

    @property
    def size(self) -> int:
        return len(self.cells)

    @property
    def after(self) -> Anchor | None:
        return self.cells[0].after

    @property
    def before(self) -> Anchor | None:
        return self.cells[-1].before

    @property
    def hints(self) -> list[Cell]:
        """Those that a report gives without saying whose count it is."""
        return [cell for cell in self.cells if cell.reason is Reason.UNSTATED]


@dataclass(frozen=True)
class Ledger:
    """A count from 1 to the greatest number that is recorded or claimed, each number once."""

    count: Count
    cells: tuple[Cell, ...]
    shared: int = 0
    """How many of its numbers it has from the whole count."""
    beyond: tuple[int, ...] = ()
    """Numbers that are too great to be true."""

    @property
    def last(self) -> int:
        return len(self.cells)

    def of(self, state: State) -> list[Cell]:
        return [cell for cell in self.cells if cell.state is state]

    @cached_property
    def recorded(self) -> list[Cell]:
        return self.of(State.RECORDED)

    @cached_property
    def conflicting(self) -> list[Cell]:
        return self.of(State.CONFLICTING)

    @cached_property
    def missing(self) -> list[Cell]:
        return self.of(State.MISSING)

    @cached_property
    def hinted(self) -> list[Cell]:
        """Missing ones that a report gives without saying whose count it is."""
        return [cell for cell in self.missing if cell.reason is Reason.UNSTATED]

    @cached_property
    def gaps(self) -> list[Gap]:
        runs: list[list[Cell]] = []
        for cell in self.missing:
            if runs and runs[-1][-1].number == cell.number - 1:
                runs[-1].append(cell)
            else:
                runs.append([cell])
        return [Gap(tuple(run)) for run in runs]


@dataclass(frozen=True, slots=True)
class Total:
    """How many patrols somebody says there were."""

    count: int
    qualifier: str = ""
    date_from: date | None = None
    date_to: date | None = None
    date_to_precision: int | None = None
    published: date | None = None
    counter: str = ""
    """Slug of the count that its report names, if any."""
    party: str = ""
    """The state whose own statement it is, if it is one."""

    @property
    def until(self) -> date | None:
        """A count without an end was taken when it was published."""
        return self.date_to or self.published

    def from_the_start(self, start: date | None) -> bool:
        """Whether it counts from the first patrol on, so that it reaches a number of the count."""
        return self.date_from is None or start is None or self.date_from <= start


def count_of(total: Total, counts: Iterable[Count]) -> str:
    """Slug of the count that a total belongs to; "" where it is of the programme and none is known.

    A total that names no count is of its speaker's own count, where the party has one, else of the whole.
    """
    known = {one.slug: one for one in counts}
    if total.counter:
        return total.counter
    own = [one.slug for one in known.values() if one.party and one.party == total.party]
    if own:
        return own[0]
    return WHOLE if WHOLE in known else ""


def ledgers(
    counts: Sequence[Count],
    numbered: Iterable[Numbered],
    totals: Iterable[Total] = (),
    start: date | None = None,
) -> list[Ledger]:
    """The ledger of every count that has a number or a total; the whole and the parties' counts come first.

    `start` is the programme's first day. The whole count has no ledger of its own where parties have theirs:
    each of these begins with it.
    """
    own: dict[str, list[Numbered]] = defaultdict(list)
    for one in numbered:
        own[one.count].append(one)
    reached: dict[str, list[Total]] = defaultdict(list)
    for total in totals:
        if total.qualifier in EXACT and total.count and total.from_the_start(start):
            reached[count_of(total, counts)].append(total)
    # A patrol that bears the number in a stated count too has told whose count it meant.
    stated = {(one.patrol, one.number) for rows in own.values() for one in rows if one.count != UNSTATED}
    unstated = [one for one in own.get(UNSTATED, []) if (one.patrol, one.number) not in stated]
    parted = any(one.party and own.get(one.slug) for one in counts)
    made = []
    for count in sorted(counts, key=lambda one: (one.slug != WHOLE, not one.party, one.slug)):
        if count.slug == UNSTATED or (parted and count.slug == WHOLE):
            continue
        shared = own.get(WHOLE, []) if count.party else []
        if own.get(count.slug) or reached.get(count.slug):
            made.append(
                ledger(
                    count,
                    [*shared, *own.get(count.slug, [])],
                    reached.get(count.slug, []),
                    unstated,
                )
            )
    return made


def ledger(
    count: Count,
    numbered: Iterable[Numbered],
    totals: Iterable[Total] = (),
    unstated: Iterable[Numbered] = (),
) -> Ledger:
    """The ledger of one count from its numbers, the totals it reached, and the numbers of no stated count."""
    under: dict[int, dict[str, Numbered]] = defaultdict(dict)
    numbers: dict[str, set[int]] = defaultdict(set)
    beyond = set()
    for one in numbered:
        if not 1 <= one.number <= LIMIT:
            beyond.add(one.number)
            continue
        kept = under[one.number].get(one.patrol)
        if kept is None or kept.accounts < one.accounts:
            under[one.number][one.patrol] = one
        numbers[one.patrol].add(one.number)
    maybe: dict[int, list[Numbered]] = defaultdict(list)
    for one in unstated:
        if one.patrol not in numbers:
            maybe[one.number].append(one)
    reached = [total for total in totals if 1 <= total.count <= LIMIT]
    last = max([*under, *(total.count for total in reached)], default=0)
    held = {
        number: _held(number, tuple(sorted(patrols.values(), key=_order)), numbers)
        for number, patrols in under.items()
    }
    anchors = _Anchors(held.values(), reached)
    cells = tuple(
        held.get(number) or _missing(number, maybe.get(number, ()), anchors) for number in range(1, last + 1)
    )
    from_whole = sum(
        bool(cell.patrols)
        and cell.state is not State.MISSING
        and all(one.count != count.slug for one in cell.patrols)
        for cell in cells
    )
    return Ledger(count, cells, from_whole, tuple(sorted(beyond)))


def _order(one: Numbered) -> tuple[date, str]:
    return one.date_start or date.max, one.patrol


def _held(number: int, patrols: tuple[Numbered, ...], numbers: Mapping[str, set[int]]) -> Cell:
    also = {other for one in patrols for other in numbers[one.patrol]} - {number}
    if len(patrols) > 1:
        return Cell(number, State.CONFLICTING, Reason.TWO_PATROLS, patrols, tuple(sorted(also)))
    if also:
        return Cell(number, State.CONFLICTING, Reason.TWO_NUMBERS, patrols, tuple(sorted(also)))
    return Cell(number, State.RECORDED, Reason.NONE, patrols)


def _missing(number: int, maybe: Iterable[Numbered], anchors: _Anchors) -> Cell:
    hints = tuple(sorted(maybe, key=_order))
    after, before = anchors.around(number)
    reason = Reason.UNSTATED if hints else Reason.NO_REPORT
    return Cell(number, State.MISSING, reason, hints, after=after, before=before)


class _Anchors:
    """The nearest numbers on either side of a missing one whose days are known; conflicting ones are not."""

    def __init__(self, held: Iterable[Cell], totals: Iterable[Total]) -> None:
        found = [self._of(cell) for cell in held if cell.state is State.RECORDED]
        self.recorded = sorted((one for one in found if one), key=lambda one: one.number)
        self.numbers = [one.number for one in self.recorded]
        # Of equal totals the earliest says most: by then the number had been reached.
        self.claimed = sorted(
            (
                Anchor(total.count, total.until, total.until, total.date_to_precision or 1, claimed=True)
                for total in totals
                if total.until
            ),
            key=lambda one: (one.number, one.date_end),
        )
        self.claims = [one.number for one in self.claimed]

    @staticmethod
    def _of(cell: Cell) -> Anchor | None:
        (one,) = cell.patrols
        if one.date_start is None:
            return None
        return Anchor(cell.number, one.date_start, one.date_end or one.date_start, one.date_precision)

    def around(self, number: int) -> tuple[Anchor | None, Anchor | None]:
        at = bisect_left(self.numbers, number)
        after = self.recorded[at - 1] if at else None
        nearest = self.recorded[at : at + 1]
        claim = bisect_left(self.claims, number)
        nearest += self.claimed[claim : claim + 1]
        before = min(nearest, key=lambda one: (one.number, one.date_end), default=None)
        if after and before and after.date_start > before.date_end:
            return None, None
        return after, before


# A total beside the record


@dataclass(frozen=True, slots=True)
class Held:
    """A patrol that set out, and its numbers by count."""

    patrol: str
    date_start: date | None
    date_end: date | None
    numbers: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Compared:
    """What the record holds of a total. The last three are None where the total reaches no known number."""

    recorded: int | None
    """Patrols that set out in its time; None where it has no time."""
    numbered: int | None = None
    """Numbers up to it that are recorded or conflicting."""
    missing: int | None = None
    unnumbered: int | None = None
    """Recorded patrols without a number up to it, which may be some of the missing ones."""
    at_least: int | None = None
    """How many of it cannot be in the record, however the patrols without a number are counted."""


def compared(total: Total, book: Ledger | None, held: Iterable[Held], start: date | None = None) -> Compared:
    """`book` is the ledger of the total's count, if it has one; `held` are all patrols that set out."""
    area = total.counter if total.counter != WHOLE else ""
    whole = total.from_the_start(start)
    inside = [one for one in held if falls_under(total, one, area, whole)] if total.until else None
    recorded = None if inside is None else len(inside)
    reaches = total.qualifier in EXACT and whole and total.count <= LIMIT
    if book is None or not reaches:
        return Compared(recorded)
    cells = book.cells[: total.count]
    known = {one.patrol for cell in cells if cell.state is not State.MISSING for one in cell.patrols}
    missing = sum(cell.state is State.MISSING for cell in cells)
    found = {one.patrol for one in inside or ()}
    return Compared(
        recorded,
        numbered=len(cells) - missing,
        missing=missing,
        unnumbered=None if inside is None else len(found - known),
        at_least=None if inside is None else max(total.count - len(found | known), 0),
    )


def falls_under(total: Total, one: Held, area: str, whole: bool) -> bool:
    """Whether a patrol falls under a total.

    Of an area's or a party's count only the patrols with a number in it are known to belong to it. A patrol
    without a day belongs to a total from the start (`whole`) that reaches its number.
    """
    if area and area not in one.numbers:
        return False
    if one.date_start is None:
        return whole and any(number <= total.count for number in one.numbers.get(area or WHOLE, ()))
    until = total.until
    return (
        until is not None
        and one.date_start <= until
        and (total.date_from is None or (one.date_end or one.date_start) >= total.date_from)
    )
