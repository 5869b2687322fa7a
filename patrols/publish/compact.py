"""Coordinates as small integers: the wire form of map geometry, read by static/js/routes.js.

A run of points becomes one flat list `[x0, y0, dx1, dy1, …]` of whole steps on a grid of `1 / scale`
degrees, each but the first as the difference from the one before. Repeated points are dropped. Differences
are short, so the text is less than half of GeoJSON's and compresses better.

| geometry | wire form |
| --- | --- |
| Point | run |
| LineString, MultiLineString | [run, …] |
| Polygon, MultiPolygon | [[ring, …], …], each ring a run without its closing point |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCALE = 10_000
"""Steps a degree in the map's data: about 11 m, finer than any public geometry."""

KINDS = {
    "Point": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}


def run(points: Iterable[Sequence[float]], scale: int = SCALE) -> list[int]:
    """A sequence of (lon, lat) as one flat list of differences."""
    flat: list[int] = []
    last: tuple[int, int] | None = None
    for lon, lat, *_height in points:
        here = (round(lon * scale), round(lat * scale))
        if last is None:
            flat += here
        elif here != last:
            flat += (here[0] - last[0], here[1] - last[1])
        last = here
    return flat


def kind(geometry: Mapping[str, Any]) -> str:
    """`point`, `line` or `area`. Raises ValueError for collections, which no route or zone is stored as."""
    try:
        return KINDS[geometry["type"]]
    except KeyError as error:
        raise ValueError(f"A {geometry.get('type')} cannot be drawn on the map.") from error


def shape(geometry: Mapping[str, Any], scale: int = SCALE) -> list[Any]:
    """The wire form of a GeoJSON geometry. Rings that shrink below three points on the grid are left out."""
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            return run([coordinates], scale)
        case "LineString":
            return [run(coordinates, scale)]
        case "MultiLineString":
            return [run(part, scale) for part in coordinates]
        case "Polygon":
            return _polygons([coordinates], scale)
        case "MultiPolygon":
            return _polygons(coordinates, scale)
        case other:
            raise ValueError(f"A {other} cannot be drawn on the map.")


def _polygons(polygons: Iterable[Iterable[Sequence[Sequence[float]]]], scale: int) -> list[list[list[int]]]:
    made = ([run(ring[:-1], scale) for ring in polygon] for polygon in polygons)
    kept = ([ring for ring in rings if len(ring) >= 6] for rings in made)
    return [rings for rings in kept if rings]
