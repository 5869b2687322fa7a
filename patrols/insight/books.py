"""The ledgers of one programme, read from the record as one reader sees it. Four queries.

book = Books.of(programme, user)
book.ledgers                     a Ledger for each count
book.lines(ledger)               the two cumulative lines of that count
book.beside(claim)               what the record holds of a claim
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ..models import Claim, Counter, Ordinal, Patrol, Programme
from ..models.base import State as PatrolState
from ..record.columns.expressions import of_sensitive_report
from .ledger import (
    UNSTATED,
    WHOLE,
    Compared,
    Count,
    Held,
    Ledger,
    Numbered,
    Total,
    compared,
    count_of,
    ledgers,
)
from .ledger import State as CellState
from .lines import Chart, chart, highest, rising
from .rhythm import SET_OUT

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser


def total_of(claim: Claim) -> Total:
    voice = claim.speaker or claim.report.publisher
    return Total(
        count=claim.count,
        qualifier=claim.qualifier,
        date_from=claim.date_from,
        date_to=claim.date_to,
        date_to_precision=claim.date_to_precision,
        published=claim.report.published,
        counter=claim.counter.slug if claim.counter else "",
        party=voice.party,
    )


def named(claim: Claim) -> str:
    """Who says so, in the reader's language."""
    return _((claim.speaker or claim.report.publisher).name)


@dataclass(frozen=True)
class Books:
    """What is numbered, claimed and held in one programme; a withdrawn patrol is not, whoever reads."""

    programme: str
    """Its slug."""
    counts: list[Count]
    numbered: list[Numbered]
    claims: list[Claim]
    held: list[Held]
    start: date | None
    """The programme's first day, by its agreement or else by its first patrol."""

    @classmethod
    def of(cls, programme: Programme, user: AbstractUser | AnonymousUser | None) -> Books:
        patrols = (
            Patrol.objects.visible_to(user).filter(programme=programme).exclude(state=PatrolState.WITHDRAWN)
        )
        counts = [
            Count(one.slug, one.name, one.party, one.note)
            for one in Counter.objects.filter(programme=programme).order_by("slug")
        ]
        numbered = [
            Numbered(*row)
            for row in Ordinal.objects.filter(patrol__in=patrols.order_by().values("pk"))
            .order_by("number", "patrol__uid")
            .values_list(
                "counter__slug",
                "number",
                "patrol__uid",
                "patrol__date_start",
                "patrol__date_end",
                "patrol__date_precision",
                "patrol__status",
                "accounts_count",
            )
        ]
        claims = list(
            Claim.objects.visible_to(user)
            .filter(programme=programme)
            .select_related("report__publisher", "speaker", "counter")
            .annotate(withheld=of_sensitive_report("report_id"))
            .order_by("date_to", "count", "uid")
        )
        numbers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for one in numbered:
            numbers[one.patrol][one.count].append(one.number)
        held = [
            Held(uid, start, end, numbers.get(uid, {}))
            for uid, start, end in patrols.order_by("uid")
            .filter(status__in=SET_OUT)
            .values_list("uid", "date_start", "date_end")
        ]
        first = programme.start or min((one.date_start for one in held if one.date_start), default=None)
        return cls(programme.slug, counts, numbered, claims, held, first)

    @cached_property
    def ledgers(self) -> list[Ledger]:
        return ledgers(self.counts, self.numbered, map(total_of, self.claims), self.start)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every number of every count, as the columns of the table `LEDGER`."""
        for book in self.ledgers:
            for cell in book.cells:
                yield (
                    self.programme,
                    book.count.slug,
                    book.count.name,
                    cell.number,
                    cell.state.value,
                    cell.reason.value,
                    ";".join(one.patrol for one in cell.patrols),
                    cell.earliest,
                    cell.latest,
                    cell.accounts,
                )

    @cached_property
    def unstated(self) -> list[Numbered]:
        """Numbers whose report does not say whose count they belong to."""
        return [one for one in self.numbered if one.count == UNSTATED]

    def count_of(self, claim: Claim) -> str:
        return count_of(total_of(claim), self.counts)

    def beside(self, claim: Claim) -> Compared:
        slug = self.count_of(claim)
        book = next((one for one in self.ledgers if one.count.slug == slug), None)
        return compared(total_of(claim), book, self.held, self.start)

    def itself(self, book: Ledger) -> Compared:
        """A count that nobody sums up, up to its greatest number, as if that were claimed."""
        of_all = book.count.slug == WHOLE or bool(book.count.party)
        days = [day for one in self.held if (day := one.date_end or one.date_start)]
        until = book.cells[-1].latest if book.cells else None
        total = Total(
            count=book.last,
            date_to=until or max(days, default=None),
            counter="" if of_all else book.count.slug,
        )
        return compared(total, book, self.held, self.start)

    def lines(self, book: Ledger) -> Chart | None:
        """What the record holds of a count, against the count as its numbers and totals tell it."""
        of_all = book.count.slug == WHOLE or bool(book.count.party)
        held = [one for one in self.held if of_all or book.count.slug in one.numbers]
        numbers = [
            (one.date_start, cell.number)
            for cell in book.cells
            if cell.state is not CellState.MISSING
            for one in cell.patrols
            # A vague day says too little of how far the count had come.
            if one.date_start and one.date_start == one.last_day
        ]
        stated = [
            (total.until, claim.count, named(claim))
            for claim in self.claims
            if self.count_of(claim) == book.count.slug
            and (total := total_of(claim)).from_the_start(self.start)
            and total.until
        ]
        return chart(
            rising(day for one in held if (day := one.date_end or one.date_start)),
            highest([*numbers, *((day, count) for day, count, _ in stated)]),
            [(day, count, name) for day, count, name in stated],
        )
