"""Simple sums over a set of visible patrols: who patrols with whom, incidents, zones, programmes, sources.

Each function takes the patrols that a page is about, visible to its reader, and asks the database once or
twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet

from ..models import Account, Incident, IncidentType, Participation, Patrol, Programme, Publisher, Zone
from .rhythm import SET_OUT, Rhythm, Span, rhythm

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

NAMED = 8
"""How many publishers are named."""


@dataclass(frozen=True, slots=True)
class Party:
    """A force, as far as it is shown."""

    slug: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two forces of different states, and the patrols that both took part in."""

    first: Party
    second: Party
    patrols: int


def pairs(patrols: QuerySet[Patrol], under: set[int] | None = None) -> list[Pair]:
    """Who patrols with whom, most often first. One query.

    `under` are the forces that stand first in every pair; without them the pair's order is its countries'.
    """
    other = "patrol__participations__force"
    taking = Participation.objects.filter(patrol__in=_keys(patrols))
    if under is None:
        taking = taking.filter(**{f"{other}__country__gt": F("force__country")})
    else:
        before, after = (Q(**{f"{other}__country__{way}": F("force__country")}) for way in ("lt", "gt"))
        taking = taking.filter(before | after, force__in=under)
    sides = ("force", other)
    rows = (
        taking.order_by()
        .values_list(*(f"{side}__{value}" for side in sides for value in ("slug", "name", "country")))
        .annotate(patrols=Count("patrol", distinct=True))
    )
    found = [Pair(Party(*row[:3]), Party(*row[3:6]), row[6]) for row in rows]
    return sorted(found, key=lambda pair: (-pair.patrols, pair.first.name, pair.second.name))


@dataclass(frozen=True, slots=True)
class Happened:
    """A kind of incident: on how many of the patrols that set out it was reported."""

    code: str
    label: str
    patrols: int
    share: float
    """Of the patrols that set out; 0 where none did."""


def incidents(patrols: QuerySet[Patrol], held: int) -> list[Happened]:
    """Kinds of incident on patrols that set out, most often first. One query; `held` is how many set out."""
    counts = (
        Incident.objects.filter(patrol__in=_keys(patrols.filter(status__in=SET_OUT)))
        .exclude(type=IncidentType.NONE)
        .order_by()
        .values_list("type")
        .annotate(patrols=Count("patrol", distinct=True))
    )
    found = [
        Happened(code, str(IncidentType(code).label), number, number / held if held else 0.0)
        for code, number in counts
    ]
    return sorted(found, key=lambda one: (-one.patrols, one.code))


def zones(patrols: QuerySet[Patrol]) -> list[tuple[Zone, int]]:
    """Zones with the number of these patrols that were in them. One query."""
    inside = Count("patrols", filter=Q(patrols__in=_keys(patrols)), distinct=True)
    found = Zone.objects.annotate(inside=inside).filter(inside__gt=0)
    return [(one, one.inside) for one in found.order_by("-inside", "name")]


def programmes(patrols: QuerySet[Patrol]) -> list[tuple[Programme, int]]:
    """Programmes with the number of these patrols that are theirs. One query."""
    theirs = Count("patrols", filter=Q(patrols__in=_keys(patrols)), distinct=True)
    found = Programme.objects.annotate(theirs=theirs).filter(theirs__gt=0)
    return [(one, one.theirs) for one in found.order_by("-theirs", "name")]


@dataclass(frozen=True, slots=True)
class Kind:
    """Publishers of one kind among the sources."""

    label: str
    publishers: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Sources:
    kinds: Sequence[Kind]
    named: Sequence[tuple[str, int]]
    """Publishers with the most accounts, and how many each has."""
    accounts: int
    publishers: int
    patrols: int
    single: int
    """Patrols that one publisher alone reports."""

    @property
    def single_share(self) -> int:
        """In a hundred, rounded."""
        return round(100 * self.single / self.patrols) if self.patrols else 0


def sources(
    patrols: QuerySet[Patrol], user: AbstractUser | AnonymousUser | None, *, all: int, single: int
) -> Sources:
    """Where the accounts of the patrols come from. One query.

    `all` is how many patrols they are, `single` how many of them one publisher alone reports.
    """
    rows: list[tuple[str, str, int]] = list(
        Account.objects.visible_to(user)
        .filter(patrol__in=_keys(patrols))
        .order_by()
        .values_list("report__publisher__name", "report__publisher__kind")
        .annotate(accounts=Count("pk"))
    )
    by_kind: dict[str, list[int]] = {}
    for _name, kind, number in rows:
        by_kind.setdefault(kind, []).append(number)
    kinds = [
        Kind(str(Publisher.Kind(kind).label), len(numbers), sum(numbers)) for kind, numbers in by_kind.items()
    ]
    named = sorted(((name, number) for name, _kind, number in rows), key=lambda one: (-one[1], one[0]))
    return Sources(
        kinds=sorted(kinds, key=lambda one: (-one.accounts, one.label)),
        named=named[:NAMED],
        accounts=sum(number for _, _, number in rows),
        publishers=len(rows),
        patrols=all,
        single=single,
    )


def _keys(patrols: QuerySet[Patrol]) -> QuerySet[Any, Any]:
    return patrols.order_by().values("pk")


def rhythm_of(patrols: QuerySet[Patrol], until: date) -> Rhythm:
    """Gaps between the patrols that set out, up to `until`. One query."""
    days = patrols.order_by().filter(status__in=SET_OUT, date_start__isnull=False)
    spans = days.values_list("date_start", "date_end").distinct()
    return rhythm((Span(first, last or first) for first, last in spans if first), until)
