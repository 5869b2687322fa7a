"""Make the bundled base map from Natural Earth GeoJSON: small enough to be sent on a first visit."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from babel import Locale
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from ...publish import compact

REGION_SCALE = 1000
"""Steps a degree: about 110 m, below the width of a line at the closest sensible zoom."""
WORLD_SCALE = 100
LABELLED_FROM = 0.3
"""A country whose part in the region is smaller than this (square degrees) has no label there."""
SLICE_DEG = 0.05
"""Gaps up to twice this wide between the slices of a country are closed."""
STRIP_DEG = 0.35
"""Half the width of the thin slices that simplifying has left between far islands of one parallel."""
LABEL_SIZES = (300, 40)
"""Countries larger than these (square degrees) are named one zoom and two zooms earlier."""
NAMES = {"Turkey": "Türkiye"}
"""Names that Natural Earth gives otherwise than the state registered with the United Nations."""
CODES = {
    "Bosnia and Herz.": "BA",
    "Cabo Verde": "CV",
    "Central African Rep.": "CF",
    "Congo": "CG",
    "Côte d'Ivoire": "CI",
    "Dem. Rep. Congo": "CD",
    "Dominican Rep.": "DO",
    "Eq. Guinea": "GQ",
    "Falkland Is.": "FK",
    "Fr. S. Antarctic Lands": "TF",
    "Macedonia": "MK",
    "Myanmar": "MM",
    "Palestine": "PS",
    "S. Sudan": "SS",
    "Solomon Is.": "SB",
    "Trinidad and Tobago": "TT",
    "Turkey": "TR",
    "United States of America": "US",
    "W. Sahara": "EH",
    "eSwatini": "SZ",
}
"""ISO 3166 of the labelled countries that CLDR may name otherwise. What has no code keeps its name."""
LANGUAGES = ("tr", "ru", "ar")


class Command(BaseCommand):
    help = "Writes region.json and world.json into DESTINATION from the Natural Earth files in SOURCE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="folder with region_*.geojson and world.geojson")
        parser.add_argument("destination", type=Path, help="folder for the result, usually static/basemap")

    def handle(self, *args: Any, source: Path, destination: Path, **options: Any) -> None:
        destination.mkdir(parents=True, exist_ok=True)
        for name, made in (("region", region(source)), ("world", world(source))):
            path = destination / f"{name}.json"
            path.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


@cache
def codes() -> dict[str, str]:
    """ISO 3166 codes by the English name: browsers name a country in the reader's language by its code."""
    return {name: code for code, name in Locale("en").territories.items() if len(code) == 2} | CODES


def town_names(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """{(name, country): {language: name}} where it differs from Natural Earth's own.

    Of a town that is in the gazetteer the names that it shows, of others those in `town_names.csv`.
    """
    preferred: dict[str, dict[str, str]] = {}
    for row in _rows(folder / "place_names.csv"):
        if row["preferred"] == "1":
            preferred.setdefault(row["place"], {})[row["lang"]] = row["name"]
    found = {}
    for row in _rows(folder / "town_names.csv"):
        held = preferred[row["place"]] if row["place"] else row
        names = {language: held.get(language, "") for language in LANGUAGES}
        found[row["name"], row["country"]] = {
            language: name for language, name in names.items() if name not in ("", row["name"])
        }
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def region(source: Path) -> dict[str, Any]:
    """Countries, borders, rivers, lakes and towns of the region that most of the record lies in."""
    countries = features(source / "region_countries.geojson")
    names = town_names(settings.BASE_DIR / "fixtures")
    box = shapely.union_all([shape(one["geometry"]) for one in countries]).bounds
    towns = sorted(
        features(source / "region_places.geojson"),
        key=lambda one: (one["properties"]["rank"], -one["properties"]["pop"]),
    )
    return {
        "scale": REGION_SCALE,
        "box": [round(value, 3) for value in box],
        "countries": [_country(one, REGION_SCALE) for one in countries],
        "borders": [
            {"disputed": _disputed(one), "shape": compact.shape(one["geometry"], REGION_SCALE)}
            for one in features(source / "region_borders.geojson")
        ],
        "rivers": _waters(features(source / "region_rivers.geojson")),
        "lakes": _waters(features(source / "region_lakes.geojson")),
        "towns": [
            [
                one["properties"]["name"],
                one["properties"]["rank"],
                *compact.run([one["geometry"]["coordinates"]], REGION_SCALE),
                names[one["properties"]["name"], one["properties"]["country"]],
            ]
            for one in towns
        ],
    }


def world(source: Path) -> dict[str, Any]:
    """The countries of the world, coarser: drawn once the view leaves the region."""
    countries = [_country(one, WORLD_SCALE) for one in features(source / "world.geojson")]
    return {"scale": WORLD_SCALE, "countries": [one for one in countries if one["shape"]]}


def _country(feature: dict[str, Any], scale: int) -> dict[str, Any]:
    """Name, outline, code, and where its label stands: in its largest part, or nowhere if that is small."""
    made_of = shape(feature["geometry"])
    # Simplifying leaves stray lines beside the areas here and there.
    areas = [part for part in getattr(made_of, "geoms", [made_of]) if part.geom_type.endswith("Polygon")]
    parts = [polygon for area in areas for polygon in getattr(area, "geoms", [area])]
    if any(map(_jumps, parts)):
        parts = _cut_at_the_antimeridian(parts)
    outline = shapely.MultiPolygon(parts)
    largest = max(parts, key=lambda part: part.area)
    name = feature["properties"]["name"]
    made = {"name": NAMES.get(name, name), "shape": compact.shape(mapping(outline), scale)}
    if largest.area >= LABELLED_FROM:
        middle = shapely.maximum_inscribed_circle(largest).coords[0]
        made["label"] = compact.run([middle], scale)
        if code := codes().get(name):
            made["code"] = code
        made["rank"] = sum(largest.area < size for size in LABEL_SIZES)
    return made


def _jumps(polygon: shapely.Polygon) -> bool:
    """Whether the outline jumps from one edge of the map to the other, as it does over the antimeridian."""
    return any(abs(b[0] - a[0]) > 180 for a, b in pairwise(polygon.exterior.coords))


def _cut_at_the_antimeridian(polygons: Iterable[shapely.Polygon]) -> list[shapely.Polygon]:
    """A country that reaches over the antimeridian, in parts that lie within -180 to 180.

    Unwrapped eastwards past 180, made whole again (simplifying has sliced it along parallels), then cut.
    """
    turn = np.array([360, 0])

    def eastwards(points: np.ndarray) -> np.ndarray:
        return np.where(points < [0, -90], points + turn, points)

    slices = [shapely.make_valid(shapely.transform(polygon, eastwards)) for polygon in polygons]
    thick = shapely.union_all([_swollen(_swollen(one, -STRIP_DEG), STRIP_DEG) for one in slices])
    land = shapely.union_all([thick, *(one for one in slices if not _is_strip(one))])
    # Of a thin slice only what lies between land to its north and south is land.
    between = _swollen(_swollen(land, STRIP_DEG), -STRIP_DEG).intersection(shapely.union_all(slices))
    whole = _swollen(_swollen(shapely.union_all([land, between]), SLICE_DEG), -SLICE_DEG)
    west = whole.intersection(shapely.box(0, -90, 180, 90))
    east = shapely.transform(whole.intersection(shapely.box(180, -90, 360, 90)), lambda points: points - turn)
    return [
        part
        for half in (west, east)
        for part in getattr(half, "geoms", [half])
        if part.geom_type == "Polygon"
    ]


def _is_strip(area: BaseGeometry) -> bool:
    """Long along a parallel and thin: no island is like that."""
    west, south, east, north = area.bounds
    return bool(north - south < 2 * STRIP_DEG and east - west > 20 * (north - south))


def _swollen(area: BaseGeometry, by: float) -> BaseGeometry:
    return area.buffer(by, join_style="mitre")


def _disputed(border: dict[str, Any]) -> bool:
    """Natural Earth says of each border what kind it is; all but settled ones are drawn dashed."""
    return not str(border["properties"]["kind"]).startswith("International boundary")


def _waters(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"rank": one["properties"]["rank"], "shape": compact.shape(one["geometry"], REGION_SCALE)}
        for one in found
    ]
