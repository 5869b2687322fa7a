"""A picture of the map for the patrols of a filter: PNG, with what it shows and its citation printed on it.

    picture(patrols, told=Told(...), size=(1200, 630), view=None, dark=False) -> bytes

What is drawn is what the map page draws: each public route once, wider where more patrols took it, a ring
around a lone place as wide as it is vague, and zones hatched where patrols are known by their zone only.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

import vl_convert
from django.conf import settings
from django.db.models import Count
from django.utils.translation import get_language

from ..models import Route, Zone
from ..models.record import PatrolQuerySet
from .features import RADIUS_DEG

TILE_PX = 256
MARGIN_PX = 40
BAND_PX = 92
MOST_ZOOM = 11.0
LEAST_ZOOM = 1.5
NEAR_ZOOM = 5.5
"""From here on the region's finer base map is drawn, and towns have names."""
MAX_LAT = 85.0
FONT = "Liberation Sans, DejaVu Sans, Noto Sans, Noto Sans Arabic, Arial, sans-serif"
_TOKEN = re.compile(r"^  --([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", re.MULTILINE)


@lru_cache(maxsize=2)
def _colours(dark: bool) -> dict[str, str]:
    """The stylesheet's tokens in one of its themes, by name."""
    text = (settings.BASE_DIR / "static" / "css" / "patrolwatch.css").read_text(encoding="utf-8")
    return {name: pair[dark] for name, *pair in _TOKEN.findall(text)}


@dataclass(frozen=True, slots=True)
class Told:
    """What is printed under the map."""

    title: str
    lines: Sequence[str]


class View(NamedTuple):
    """The middle of the map and its zoom, as in the address of the map page."""

    zoom: float
    lat: float
    lon: float


class Frame:
    """From longitude and latitude to pixels (Web Mercator) of a picture."""

    def __init__(self, view: View, size: tuple[int, int]) -> None:
        self.size = size
        self.near = view.zoom >= NEAR_ZOOM
        self.scale = TILE_PX * 2**view.zoom
        x, y = _mercator(view.lon, view.lat)
        self.left = x * self.scale - size[0] / 2
        self.top = y * self.scale - size[1] / 2

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = _mercator(lon, lat)
        return round(x * self.scale - self.left, 1), round(y * self.scale - self.top, 1)

    def path(self, points: Iterable[Sequence[float]], *, closed: bool = False) -> str:
        found = [f"{x:g},{y:g}" for x, y in (self.at(lon, lat) for lon, lat, *_ in points)]
        return f"M{'L'.join(found)}{'Z' if closed else ''}"

    def shape(self, geometry: dict[str, Any]) -> str:
        """The `d` of an SVG path."""
        coordinates = geometry["coordinates"]
        match geometry["type"]:
            case "LineString":
                return self.path(coordinates)
            case "MultiLineString":
                return "".join(map(self.path, coordinates))
            case "Polygon":
                return "".join(self.path(ring, closed=True) for ring in coordinates)
            case "MultiPolygon":
                return "".join(self.path(ring, closed=True) for part in coordinates for ring in part)
        return ""


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    """Of the whole world as a square of side 1."""
    lat = max(-MAX_LAT, min(MAX_LAT, lat))
    return (lon + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


Box = tuple[float, float, float, float]


def fitting(box: Box, size: tuple[int, int]) -> View:
    """The view that shows the whole box (west, south, east, north)."""
    west, north = _mercator(box[0], box[3])
    east, south = _mercator(box[2], box[1])
    room = [max(side - 2 * MARGIN_PX, 1) / TILE_PX for side in size]
    wide, high = max(east - west, 1e-6), max(south - north, 1e-6)
    zoom = min(math.log2(room[0] / wide), math.log2(room[1] / high), MOST_ZOOM)
    middle = (north + south) / 2
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * middle))))
    return View(max(zoom, LEAST_ZOOM), lat, (west + east) / 2 * 360 - 180)


def picture(
    patrols: PatrolQuerySet,
    *,
    told: Told,
    size: tuple[int, int],
    view: View | None = None,
    dark: bool = False,
) -> bytes:
    """The PNG."""
    return bytes(vl_convert.svg_to_png(drawing(patrols, told, size, view, dark), scale=1))


def drawing(
    patrols: PatrolQuerySet, told: Told, size: tuple[int, int], view: View | None = None, dark: bool = False
) -> str:
    """The same as SVG; four queries whatever the number of patrols."""
    counts = dict(
        patrols.order_by()
        .filter(public_route__isnull=False)
        .values_list("public_route")
        .annotate(Count("pk", distinct=True))
    )
    routes = sorted(Route.objects.filter(pk__in=counts), key=lambda route: (-counts[route.pk], route.hash))
    alone = patrols.order_by().filter(public_route__isnull=True).exclude(zones_text="")
    slugs = {slug for text in set(alone.values_list("zones_text", flat=True)) for slug in text.split(";")}
    zones = list(Zone.objects.filter(slug__in=slugs))
    room = (size[0], size[1] - BAND_PX)
    frame = Frame(view or fitting(_around([*routes, *zones]), room), room)
    colours = _colours(dark)
    parts = [
        *_head(size, colours),
        *_basemap(frame, colours),
        *(_hatched(frame, zone.geometry) for zone in zones),
        *(_route(frame, route, counts[route.pk], colours) for route in routes),
        *_towns(frame, colours),
        *_band(told, size, colours),
        "</svg>",
    ]
    return "".join(parts)


def _around(drawn: Sequence[Route | Zone]) -> Box:
    """All that is drawn; where some of it lies in the region of the finer base map, that part only."""
    boxes = [(one.min_lon, one.min_lat, one.max_lon, one.max_lat) for one in drawn]
    region = tuple(_file("region")["box"])
    inside = [
        one
        for one in boxes
        if region[0] <= one[0] and one[2] <= region[2] and region[1] <= one[1] and one[3] <= region[3]
    ]
    boxes = inside or boxes or [region]
    west, south = (min(one[edge] for one in boxes) for edge in (0, 1))
    east, north = (max(one[edge] for one in boxes) for edge in (2, 3))
    return west, south, east, north


def _head(size: tuple[int, int], colours: dict[str, str]) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}">'
        '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0,0V7" stroke="{colours["zone"]}" stroke-width="1.6"/>'
        "</pattern></defs>"
        f'<rect width="100%" height="100%" fill="{colours["sea"]}"/>'
    )


@lru_cache(maxsize=2)
def _file(name: str) -> dict[str, Any]:
    path = settings.BASE_DIR / "static" / "basemap" / f"{name}.json"
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _points(run: Sequence[int], scale: int) -> Iterator[tuple[float, float]]:
    """(lon, lat) from the wire form of `compact.run`."""
    x = y = 0
    for number in range(0, len(run), 2):
        x, y = x + run[number], y + run[number + 1]
        yield x / scale, y / scale


def _basemap(frame: Frame, colours: dict[str, str]) -> Iterator[str]:
    land = f'fill="{colours["land"]}" stroke="{colours["land-edge"]}" stroke-width="0.8"'
    region = _file("region")
    yield from (f'<path d="{d}" {land}/>' for d in _lands(frame, _file("world")))
    if not frame.near:
        return
    west, south, east, north = region["box"]
    corners = [(west, south), (west, north), (east, north), (east, south)]
    yield f'<path d="{frame.path(corners, closed=True)}" fill="{colours["sea"]}"/>'
    yield from (f'<path d="{d}" {land}/>' for d in _lands(frame, region))
    for river in region["rivers"]:
        yield _line(frame, river["shape"], region["scale"], colours["water"], 1.2)
    for lake in region["lakes"]:
        d = "".join(_rings(frame, lake["shape"], region["scale"]))
        yield f'<path d="{d}" fill="{colours["water"]}"/>'
    for border in region["borders"]:
        dashes = ' stroke-dasharray="5 4"' if border["disputed"] else ""
        yield _line(frame, border["shape"], region["scale"], colours["border"], 1.2, dashes)


def _lands(frame: Frame, data: dict[str, Any]) -> Iterator[str]:
    for country in data["countries"]:
        yield "".join(_rings(frame, country["shape"], data["scale"]))


def _rings(frame: Frame, shape: Sequence[Any], scale: int) -> Iterator[str]:
    for polygon in shape:
        for ring in polygon:
            yield frame.path(_points(ring, scale), closed=True)


def _line(frame: Frame, shape: Sequence[Any], scale: int, colour: str, width: float, more: str = "") -> str:
    d = "".join(frame.path(_points(run, scale)) for run in shape)
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}"{more}/>'


def _hatched(frame: Frame, geometry: dict[str, Any]) -> str:
    return f'<path d="{frame.shape(geometry)}" fill="url(#hatch)" fill-opacity="0.6"/>'


def _route(frame: Frame, route: Route, count: int, colours: dict[str, str]) -> str:
    colour = colours["c1"]
    kind = route.geometry["type"]
    if kind == "Point":
        lon, lat = route.geometry["coordinates"][:2]
        x, y = frame.at(lon, lat)
        radius = max(abs(frame.at(lon + RADIUS_DEG[2], lat)[0] - x), 5)
        return (
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}" fill-opacity="0.12" '
            f'stroke="{colour}" stroke-dasharray="4 4"/>'
        )
    if kind.endswith("Polygon"):
        return f'<path d="{frame.shape(route.geometry)}" fill="{colour}" fill-opacity="0.15"/>'
    width = 2 + 2 * math.log2(1 + count)
    return (
        f'<path d="{frame.shape(route.geometry)}" fill="none" stroke="{colour}" stroke-opacity="0.8" '
        f'stroke-width="{width:.1f}" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _towns(frame: Frame, colours: dict[str, str]) -> Iterator[str]:
    """Names of towns, the greater first; none that would cover another."""
    region, taken = _file("region"), list[Box]()
    if not frame.near:
        return
    for own, _rank, x, y, names in sorted(region["towns"], key=lambda town: town[1]):
        name = names.get(get_language() or "", own)
        left, middle = frame.at(x / region["scale"], y / region["scale"])
        box = (left - 4, middle - 9, left + 12 + 7.5 * len(name), middle + 9)
        if not (box[0] > 4 and box[2] < frame.size[0] and box[1] > 4 and box[3] < frame.size[1]):
            continue
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        text = f'x="{left + 6:g}" y="{middle + 5:g}" font-family="{FONT}" font-size="14"'
        yield (
            f'<circle cx="{left:g}" cy="{middle:g}" r="2.5" fill="{colours["ink-2"]}"/>'
            f'<text {text} fill="none" stroke="{colours["land"]}" stroke-width="3">{escape(name)}</text>'
            f'<text {text} fill="{colours["ink-2"]}">{escape(name)}</text>'
        )


def _band(told: Told, size: tuple[int, int], colours: dict[str, str]) -> Iterator[str]:
    top = size[1] - BAND_PX
    yield f'<rect y="{top}" width="100%" height="{BAND_PX}" fill="{colours["paper"]}"/>'
    text = f'font-family="{FONT}" x="24"'
    yield (
        f'<text {text} y="{top + 30}" font-size="22" font-weight="bold" fill="{colours["ink"]}">'
        f"{escape(_cut(told.title, size[0] / 13))}</text>"
    )
    for number, line in enumerate(told.lines[:2]):
        yield (
            f'<text {text} y="{top + 54 + 22 * number}" font-size="15" fill="{colours["ink-2"]}">'
            f"{escape(_cut(line, size[0] / 8))}</text>"
        )


def _cut(text: str, letters: float) -> str:
    return text if len(text) <= letters else f"{text[: int(letters) - 1]}…"
