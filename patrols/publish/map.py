"""How the map shows patrols: how many it can place, and the colours of the programmes.

A patrol is `drawn` when it has a public route, `zone only` when it has none but lies in a zone, and has no
place on the map otherwise; the three add up to those that match.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from ..models import Patrol, Programme

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from ..models.record import PatrolQuerySet

EPOCH = date(1970, 1, 1)
COLOURS = 5
"""Programmes with the most patrols that have a colour of their own; the rest share the sixth, a grey."""

WITHOUT_ROUTE = Q(public_route__isnull=True)
UNPLACED = WITHOUT_ROUTE & Q(zones_text="")


@dataclass(frozen=True, slots=True)
class Placed:
    """How many patrols match, and how the map can show them."""

    match: int
    drawn: int
    zone_only: int
    unplaced: int


def placed(patrols: PatrolQuerySet) -> Placed:
    """One query."""
    found = patrols.order_by().aggregate(
        match=Count("pk", distinct=True),
        without=Count("pk", filter=WITHOUT_ROUTE, distinct=True),
        unplaced=Count("pk", filter=UNPLACED, distinct=True),
    )
    return Placed(
        found["match"],
        found["match"] - found["without"],
        found["without"] - found["unplaced"],
        found["unplaced"],
    )


@dataclass(frozen=True, slots=True)
class ProgrammeKey:
    """A programme as the legend shows it: `patrols` of the whole visible record, whatever the filter."""

    pk: int
    slug: str
    name: str
    parties: tuple[str, ...]
    patrols: int
    colour: int
    """1 to 6, the number of the stylesheet's colour."""


def programme_keys(user: AbstractUser | AnonymousUser | None) -> list[ProgrammeKey]:
    """Programmes by how many patrols the user sees of them, most first; their colours never follow a filter.

    Their names are in the reader's language. Two queries.
    """
    keys = keys_of(Patrol.objects.visible_to(user))
    return [replace(one, name=_(one.name) if one.name else "") for one in keys]


def keys_of(seen: PatrolQuerySet) -> list[ProgrammeKey]:
    """The same for all the patrols that an audience sees, with the names as they are stored."""
    counts = dict(seen.order_by().values_list("programme").annotate(Count("pk")))
    programmes = sorted(Programme.objects.all(), key=lambda one: (-counts.get(one.pk, 0), one.slug))
    return [
        ProgrammeKey(
            one.pk,
            one.slug,
            one.name,
            tuple(one.parties),
            counts.get(one.pk, 0),
            min(rank, COLOURS + 1) if counts.get(one.pk) else COLOURS + 1,
        )
        for rank, one in enumerate(programmes, start=1)
    ]
