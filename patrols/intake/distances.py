"""How far apart two gazetteer places are, for telling patrols apart; not for drawing anything.

A place that is known by name only, or that is an area, is taken to reach over every point known inside it:
a province over its towns, an unlocated village over the province it lies in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371.0


class Point(NamedTuple):
    lat: float
    lon: float


class Place(NamedTuple):
    """What is needed of a gazetteer entry; `parent` is a slug or "", `point` None where not known."""

    slug: str
    parent: str
    point: Point | None


class Distances:
    """Distances between places by slug. Without places it knows none."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        given = {place.slug: place for place in places}
        inside: defaultdict[str, set[Point]] = defaultdict(set)
        for place in given.values():
            if place.point is not None:
                for slug in _upwards(place, given):
                    inside[slug].add(place.point)
        self.sharp = frozenset(slug for slug, place in given.items() if place.point is not None)
        """Slugs of the places with a point of their own."""
        self._reach: dict[str, tuple[Point, ...]] = {}
        for slug, place in given.items():
            if place.point is not None:
                self._reach[slug] = (place.point,)
                continue
            nearest = next((each for each in _upwards(place, given) if each in inside), None)
            if nearest is not None:
                self._reach[slug] = tuple(sorted(inside[nearest]))
        self._known: dict[tuple[str, str], float] = {}

    def __contains__(self, slug: str) -> bool:
        return slug in self._reach

    def km(self, one: str, other: str) -> float:
        """Kilometres between the nearest points of two places. KeyError for a place without any."""
        pair = (one, other) if one <= other else (other, one)
        found = self._known.get(pair)
        if found is None:
            found = min(great_circle_km(a, b) for a in self._reach[one] for b in self._reach[other])
            self._known[pair] = found
        return found


def _upwards(place: Place, given: dict[str, Place]) -> list[str]:
    """A place and what it lies in; a parent that leads back to itself ends the list."""
    slugs = [place.slug]
    while place.parent in given and place.parent not in slugs:
        place = given[place.parent]
        slugs.append(place.slug)
    return slugs


def great_circle_km(one: Point, other: Point) -> float:
    """On a sphere: exact enough to tell 50 km from 150."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
