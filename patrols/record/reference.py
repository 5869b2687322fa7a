"""What `record.apply` looks up while it writes patrols: loaded once an act, never a query a patrol."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ..models import Counter, Force, Place, PlaceName, Programme, Zone
from .adopt import ForceInfo

SHARP_ENOUGH = 2
"""A place whose own position is vaguer than this (UCDP where_precision) gives no point for a route."""


@dataclass(frozen=True, slots=True)
class ProgrammeInfo:
    pk: int
    slug: str
    name: str
    parties: tuple[str, ...]
    line: dict[str, Any] | None
    zones: dict[str, BaseGeometry]
    away: bool
    """At sea or in the air, where positions are in international waters or airspace."""


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    pk: int
    name: str
    point: tuple[float, float] | None
    """lon, lat; None where the position is unknown or too vague for a route."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Programmes by key, forces, places, zones and counters by slug."""

    programmes: dict[int, ProgrammeInfo]
    forces: dict[str, ForceInfo]
    force_pks: dict[str, int]
    force_names: dict[str, str]
    places: dict[str, PlaceInfo]
    place_names: dict[str, str]
    zone_pks: dict[str, int]
    zone_names: dict[str, str]
    counters: dict[tuple[int, str], int]
    ways: dict[tuple[int, tuple[str, ...]], tuple[dict[str, Any] | None, tuple[str, ...]]] = field(
        default_factory=dict
    )
    """Routes through stops and the zones they touch, as far as they have been worked out in this act."""

    @classmethod
    def load(cls) -> Reference:
        zones = {zone.slug: zone for zone in Zone.objects.only("pk", "slug", "name")}
        programmes = {}
        for programme in Programme.objects.select_related("line").prefetch_related("zones"):
            outlines = {}
            for zone in programme.zones.all():
                outlines[zone.slug] = shape(zone.geometry)
            programmes[programme.pk] = ProgrammeInfo(
                programme.pk,
                programme.slug,
                programme.name,
                tuple(programme.parties),
                programme.line.geometry if programme.line else None,
                outlines,
                programme.domain in (Programme.Domain.SEA, Programme.Domain.AIR),
            )
        forces = {force.pk: force for force in Force.objects.all()}
        names: dict[int, list[str]] = defaultdict(list)
        for place_pk, name in PlaceName.objects.filter(preferred=True).values_list("place_id", "name"):
            names[place_pk].append(name)
        places, place_names = {}, {}
        rows = Place.objects.values_list("pk", "slug", "name", "lon", "lat", "where_precision")
        for pk, slug, name, lon, lat, precision in rows:
            point = None
            if lon is not None and lat is not None and (precision or 1) <= SHARP_ENOUGH:
                point = (lon, lat)
            places[slug] = PlaceInfo(pk, name, point)
            place_names[slug] = " ".join(dict.fromkeys([name, *names.get(pk, [])]))
        return cls(
            programmes=programmes,
            forces={
                force.slug: ForceInfo(force.slug, force.country, _depth(force, forces))
                for force in forces.values()
            },
            force_pks={force.slug: pk for pk, force in forces.items()},
            force_names={force.slug: force.name for force in forces.values()},
            places=places,
            place_names=place_names,
            zone_pks={slug: zone.pk for slug, zone in zones.items()},
            zone_names={slug: zone.name for slug, zone in zones.items()},
            counters={(c.programme_id, c.slug): c.pk for c in Counter.objects.all()},
        )


def _depth(force: Force, forces: dict[int, Force]) -> int:
    depth, seen = 0, {force.pk}
    while force.parent_id is not None and force.parent_id not in seen:
        seen.add(force.parent_id)
        force, depth = forces[force.parent_id], depth + 1
    return depth
