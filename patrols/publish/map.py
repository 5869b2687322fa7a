"""What the map draws: each distinct public route once, zones, places, and the patrols as columns.

Only public geometry and public columns are read, whoever asks. Positions in the tables stand for rows:
`patrols.route[i]` is an index into `routes`, -1 where the patrol has no drawn route.

A patrol is `drawn` when it has a public route, `zone only` when it has none but lies in a zone, and has no
place on the map otherwise; the three add up to those that match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from shapely.geometry import shape

from ..models import IncidentType, Patrol, Place, Programme, Route, Status, WherePrecision, Zone
from . import compact

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from ..models.record import PatrolQuerySet

EPOCH = date(1970, 1, 1)
COLOURS = 5
"""Programmes with the most patrols that have a colour of their own; the rest share the sixth, a grey."""
COLUMNS = (
    "uid",
    "programme_id",
    "state",
    "date_start",
    "date_end",
    "date_precision",
    "status",
    "incident_type",
    "public_route_id",
    "public_where_precision",
    "zones_text",
    "places_text",
    "ordinals_text",
    "parties",
    "vehicles_low",
    "vehicles_best",
    "vehicles_high",
    "personnel_low",
    "personnel_best",
    "personnel_high",
    "sources_count",
    "contested",
)

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


def payload(patrols: PatrolQuerySet, programmes: Sequence[ProgrammeKey]) -> dict[str, Any]:
    """The map's data for filtered, visible `patrols`. Four queries."""
    rows = list(patrols.values(*COLUMNS))
    routes, route_index = _routes({row["public_route_id"] for row in rows} - {None})
    zones, zone_index = _zones(rows)
    places = _places(rows)
    programme_index = {one.pk: index for index, one in enumerate(programmes)}
    return {
        "scale": compact.SCALE,
        "programmes": [
            {"slug": one.slug, "name": one.name, "parties": one.parties, "colour": one.colour}
            for one in programmes
        ],
        "statuses": [[value, str(label)] for value, label in Status.choices],
        "incidents": [[value, str(label)] for value, label in IncidentType.choices],
        "routes": routes,
        "zones": zones,
        "places": places,
        "patrols": _columns(rows, programme_index, route_index, zone_index),
    }


def _columns(
    rows: Iterable[dict[str, Any]],
    programmes: dict[int, int],
    routes: dict[int, int],
    zones: dict[str, int],
) -> dict[str, list[Any]]:
    statuses = {value: index for index, value in enumerate(Status.values)}
    incidents = {value: index for index, value in enumerate(IncidentType.values)}
    names = ("uid", "programme", "day", "days", "precision", "status", "incident", "route", "where", "zones")
    amounts = [f"{fact}_{end}" for fact in ("vehicles", "personnel") for end in ("low", "best", "high")]
    columns: dict[str, list[Any]] = {name: [] for name in (*names, *amounts)}
    columns |= {"numbers": [], "parties": [], "sources": [], "contested": [], "state": []}
    for row in rows:
        start, end = row["date_start"], row["date_end"]
        columns["uid"].append(row["uid"])
        columns["programme"].append(programmes[row["programme_id"]])
        columns["day"].append((start - EPOCH).days if start else None)
        columns["days"].append(((end or start) - start).days + 1 if start else 0)
        columns["precision"].append(row["date_precision"])
        columns["status"].append(statuses.get(row["status"], -1))
        columns["incident"].append(incidents.get(row["incident_type"], -1))
        columns["route"].append(routes.get(row["public_route_id"], -1))
        columns["where"].append(row["public_where_precision"])
        columns["zones"].append([zones[slug] for slug in _split(row["zones_text"]) if slug in zones])
        for name in amounts:
            columns[name].append(row[name])
        columns["numbers"].append(row["ordinals_text"])
        columns["parties"].append(row["parties"])
        columns["sources"].append(row["sources_count"])
        columns["contested"].append(row["contested"])
        columns["state"].append(row["state"])
    return columns


def _split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def _routes(pks: set[int]) -> tuple[dict[str, list[Any]], dict[int, int]]:
    """Distinct routes as columns, and the position of each. A geometry the map cannot draw is left out."""
    table: dict[str, list[Any]] = {"kind": [], "shape": [], "at": [], "km": []}
    index: dict[int, int] = {}
    for route in sorted(Route.objects.in_bulk(pks).values(), key=lambda one: one.hash):
        try:
            kind, drawn = compact.kind(route.geometry), compact.shape(route.geometry)
        except ValueError:
            continue
        index[route.pk] = len(index)
        table["kind"].append(kind)
        table["shape"].append(drawn)
        table["at"].append(compact.run([(route.lon, route.lat)]))
        table["km"].append(route.length_km)
    return table, index


def _zones(rows: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Every zone, with its outline, basis, and the counts of patrols in it and of those known by it only."""
    inside: Counter[str] = Counter()
    only: Counter[str] = Counter()
    for row in rows:
        slugs = _split(row["zones_text"])
        inside.update(slugs)
        if row["public_route_id"] is None:
            only.update(slugs)
    zones = list(Zone.objects.all())
    table = [
        {
            "slug": zone.slug,
            "name": zone.name,
            "kind": str(zone.get_kind_display()),
            "basis": zone.basis,
            "from": zone.valid_from,
            "to": zone.valid_to,
            "patrols": inside[zone.slug],
            "only": only[zone.slug],
            "shape": compact.shape(zone.geometry),
            "at": compact.run([shape(zone.geometry).representative_point().coords[0]]),
        }
        for zone in zones
    ]
    return table, {zone.slug: index for index, zone in enumerate(zones)}


def _places(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """[slug, name, lon, lat, patrols] of the named places on the routes, most passed first."""
    passed: Counter[str] = Counter()
    for row in rows:
        passed.update(set(_split(row["places_text"])))
    # A vague place has a position only for sorting; a dot there would be a false pin.
    known = Place.objects.filter(slug__in=passed).exclude(where_precision__gt=WherePrecision.NEAR)
    table = [
        [slug, name, *compact.run([(lon, lat)]), passed[slug]]
        for slug, name, lon, lat in known.values_list("slug", "name", "lon", "lat")
        if lon is not None and lat is not None
    ]
    return sorted(table, key=lambda place: (-place[-1], place[0]))
