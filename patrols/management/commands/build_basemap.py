"""Make the bundled base map from Natural Earth GeoJSON: small enough to be sent on a first visit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from django.core.management.base import BaseCommand, CommandParser
from shapely.geometry import mapping, shape

from ...publish import compact

REGION_SCALE = 1000
"""Steps a degree: about 110 m, below the width of a line at the closest sensible zoom."""
WORLD_SCALE = 100
LABELLED_FROM = 0.3
"""A country whose part in the region is smaller than this (square degrees) has no label there."""
LABEL_SIZES = (300, 40)
"""Countries larger than these (square degrees) are named one zoom and two zooms earlier."""
NAMES = {"Turkey": "Türkiye"}
"""Names that Natural Earth gives otherwise than the state registered with the United Nations."""


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


def region(source: Path) -> dict[str, Any]:
    """Countries, borders, rivers, lakes and towns of the region that most of the record lies in."""
    countries = features(source / "region_countries.geojson")
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
            ]
            for one in towns
        ],
    }


def world(source: Path) -> dict[str, Any]:
    """The countries of the world, coarser: drawn once the view leaves the region."""
    countries = [_country(one, WORLD_SCALE) for one in features(source / "world.geojson")]
    return {"scale": WORLD_SCALE, "countries": [one for one in countries if one["shape"]]}


def _country(feature: dict[str, Any], scale: int) -> dict[str, Any]:
    """Name, outline, and where its label stands: inside its largest part, or nowhere if that is small."""
    made_of = shape(feature["geometry"])
    # Simplifying leaves stray lines beside the areas here and there.
    areas = [part for part in getattr(made_of, "geoms", [made_of]) if part.geom_type.endswith("Polygon")]
    parts = [polygon for area in areas for polygon in getattr(area, "geoms", [area])]
    outline = shapely.MultiPolygon(parts)
    largest = max(parts, key=lambda part: part.area)
    name = feature["properties"]["name"]
    made = {"name": NAMES.get(name, name), "shape": compact.shape(mapping(outline), scale)}
    if largest.area >= LABELLED_FROM:
        middle = shapely.maximum_inscribed_circle(largest).coords[0]
        made["label"] = compact.run([middle], scale)
        made["rank"] = sum(largest.area < size for size in LABEL_SIZES)
    return made


def _disputed(border: dict[str, Any]) -> bool:
    """Natural Earth says of each border what kind it is; all but settled ones are drawn dashed."""
    return not str(border["properties"]["kind"]).startswith("International boundary")


def _waters(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"rank": one["properties"]["rank"], "shape": compact.shape(one["geometry"], REGION_SCALE)}
        for one in found
    ]
