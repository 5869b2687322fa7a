"""Geometry of the record: routes from reported stops, public snapping, lengths, boxes.

Everything is GeoJSON in WGS 84 (longitude, latitude, degrees). Shapely does the geometry, pyproj the
geodesic lengths. A vague place never becomes a sharp pin: without two resolved stops there is no line, and a
sector gives a zone, never a point.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

GeoJSON = Mapping[str, Any]

GEOD = Geod(ellps="WGS84")
DECIMALS = 5
"""Stored coordinates are rounded to 1e-5 degrees, about a metre."""
ALONG_LINE_DEG = 0.05
"""Stops within this distance (about 5 km) of a programme's road are taken to lie on it."""
NEAR_ZONE_DEG = 0.06
"""A sector's town this close to a zone's edge (about 6 km) still counts as in it."""


@dataclass(frozen=True, slots=True)
class StoredGeometry:
    """A geometry as it is stored: rounded, with its hash, box, representative point and length."""

    hash: str
    geometry: dict[str, Any]
    lon: float
    lat: float
    box: tuple[float, float, float, float]
    """min lon, min lat, max lon, max lat"""
    length_km: float | None


def stored(geometry: GeoJSON) -> StoredGeometry:
    """Round, hash and measure. Raises ValueError where the geometry is empty, invalid or out of range."""
    return _stored(json.dumps(geometry, separators=(",", ":"), sort_keys=True))


@lru_cache(maxsize=20_000)
def _stored(given: str) -> StoredGeometry:
    """Patrols repeat their routes, so an import measures most of them once."""
    geometry = json.loads(given)
    rounded = shapely.set_precision(_checked(geometry), 10**-DECIMALS, mode="pointwise")
    plain = _plain(rounded)
    text = json.dumps(plain, separators=(",", ":"), sort_keys=True)
    point = _standing_for(rounded)
    return StoredGeometry(
        hash=hashlib.sha256(text.encode()).hexdigest(),
        geometry=plain,
        lon=round(point.x, DECIMALS),
        lat=round(point.y, DECIMALS),
        box=tuple(round(value, DECIMALS) for value in rounded.bounds),
        length_km=length_km(plain),
    )


def _checked(geometry: GeoJSON) -> BaseGeometry:
    try:
        made = shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise ValueError(f"This is not a GeoJSON geometry: {error}") from error
    if made.is_empty:
        raise ValueError("The geometry has no coordinates.")
    min_lon, min_lat, max_lon, max_lat = made.bounds
    if not (-180 <= min_lon <= max_lon <= 180 and -90 <= min_lat <= max_lat <= 90):
        raise ValueError(
            "Coordinates must be longitude (-180 to 180) and latitude (-90 to 90) in WGS 84; "
            f"these reach from {min_lon:g}, {min_lat:g} to {max_lon:g}, {max_lat:g}."
        )
    return made


def _plain(geometry: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with lists and rounded floats, so that the same geometry is always the same text."""
    found = mapping(geometry)

    def plain(value: Any) -> Any:
        return (
            round(float(value), DECIMALS)
            if isinstance(value, int | float)
            else [plain(part) for part in value]
        )

    if "geometries" in found:
        return {"type": found["type"], "geometries": [_plain(part) for part in geometry.geoms]}
    return {"type": found["type"], "coordinates": plain(found["coordinates"])}


def _standing_for(geometry: BaseGeometry) -> Point:
    """A point on the geometry: half-way along a line, inside an area."""
    if isinstance(geometry, LineString):
        return geometry.interpolate(0.5, normalized=True)
    return geometry.representative_point()


def length_km(geometry: GeoJSON) -> float | None:
    """Geodesic length on WGS 84 in km, to 100 m; None for points and areas."""
    made = shape(geometry)
    if made.geom_type not in ("LineString", "MultiLineString"):
        return None
    return round(GEOD.geometry_length(made) / 1000, 1)


def snap(geometry: GeoJSON, grid: float) -> dict[str, Any]:
    """The geometry on a grid of `grid` degrees: every vertex moved, doubled ones dropped.

    A line that shrinks to one grid point becomes that Point.
    """
    made = shape(geometry)
    if made.geom_type == "GeometryCollection":
        return {
            "type": "GeometryCollection",
            "geometries": [snap(mapping(part), grid) for part in made.geoms],
        }
    if made.geom_type in ("Polygon", "MultiPolygon"):
        coarse = shapely.set_precision(made, grid)
        return _plain(made.representative_point() if coarse.is_empty else coarse)

    def on_grid(coordinates: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for lon, lat, *_height in coordinates:
            point = (round(round(lon / grid) * grid, DECIMALS), round(round(lat / grid) * grid, DECIMALS))
            if not points or point != points[-1]:
                points.append(point)
        return points

    if made.geom_type == "Point":
        return _plain(Point(on_grid(made.coords)[0]))
    parts = [on_grid(part.coords) for part in (made.geoms if hasattr(made, "geoms") else [made])]
    lines = [LineString(points) for points in parts if len(points) > 1]
    if not lines:
        return _plain(Point(parts[0][0]))
    return _plain(lines[0] if len(lines) == 1 else shapely.MultiLineString(lines))


def route_from_stops(
    points: Sequence[tuple[float, float] | None], line: GeoJSON | None = None
) -> dict[str, Any] | None:
    """The route through resolved stops, in order; None entries are stops without a known position.

    Between stops that lie on `line` (the programme's road) it follows the road. One known position gives a
    Point, none gives None.
    """
    known: list[tuple[float, float]] = []
    for point in points:
        if point is not None and (not known or point != known[-1]):
            known.append(point)
    if not known:
        return None
    if len(known) == 1:
        return _plain(Point(known[0]))
    road = _line(json.dumps(line)) if line else None
    coordinates: list[tuple[float, float]] = []
    for start, end in pairwise(known):
        leg = _leg(start, end, road)
        coordinates += leg if not coordinates else leg[1:] if leg[0] == coordinates[-1] else leg
    return _plain(LineString(coordinates))


@lru_cache(maxsize=16)
def _line(text: str) -> LineString:
    return LineString(shape(json.loads(text)))


def _leg(
    start: tuple[float, float], end: tuple[float, float], road: LineString | None
) -> list[tuple[float, float]]:
    if road is None or any(road.distance(Point(point)) > ALONG_LINE_DEG for point in (start, end)):
        return [start, end]
    along = substring(road, road.project(Point(start)), road.project(Point(end)))
    if along.geom_type != "LineString":
        return [start, end]
    return [(lon, lat) for lon, lat, *_height in along.coords]


def zones_touched(geometry: GeoJSON, zones: Mapping[str, BaseGeometry]) -> tuple[str, ...]:
    """Slugs of the zones that a route passes through; those nearest first where it only comes near one."""
    made = shape(geometry)
    inside = [slug for slug, zone in zones.items() if zone.intersects(made)]
    return tuple(inside) or zones_near([(made.centroid.x, made.centroid.y)], zones)


def zones_near(points: Iterable[tuple[float, float]], zones: Mapping[str, BaseGeometry]) -> tuple[str, ...]:
    """For each point the zone it lies in, or the nearest one within `NEAR_ZONE_DEG`."""
    found: list[str] = []
    for lon, lat in points:
        distances = sorted((zone.distance(Point(lon, lat)), slug) for slug, zone in zones.items())
        if distances and distances[0][0] <= NEAR_ZONE_DEG and distances[0][1] not in found:
            found.append(distances[0][1])
    return tuple(found)
