"""A route from an uploaded file: GPX, KML or GeoJSON in, one GeoJSON line in WGS 84 out.

The file is checked before GDAL sees it: its size, that its XML declares no entities, and that it is what its
name says, so that no other GDAL driver (some of which open further files) can be reached through an upload.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeXml
from shapely.geometry import LineString, MultiLineString, mapping

MAX_BYTES = 20 * 1024 * 1024
"""A day's track with a point a second is about 5 MB of GPX."""
MAX_POINTS = 2_000
"""A longer line is simplified: at this length it is still far sharper than any reported route."""
FORMATS = {".gpx": "gpx", ".kml": "kml", ".geojson": "geojson", ".json": "geojson"}
NAMES = {"gpx": "GPX", "kml": "KML", "geojson": "GeoJSON"}
GEOJSON_TYPES = {
    "FeatureCollection", "Feature", "GeometryCollection", "Point", "MultiPoint",
    "LineString", "MultiLineString", "Polygon", "MultiPolygon",
}  # fmt: skip
_FIRST_TOLERANCE_DEG = 1e-5


class TrackError(ValueError):
    """Why the file is not taken, in words an editor can read."""


@dataclass(frozen=True, slots=True)
class Track:
    """`geometry` is a GeoJSON LineString, or MultiLineString where the file holds separate pieces."""

    geometry: dict[str, Any]
    points_read: int
    points_kept: int

    @property
    def simplified(self) -> bool:
        return self.points_kept < self.points_read


def read_track(name: str, content: bytes) -> Track:
    """The line that the file holds. Raises `TrackError` where it holds none that can be used."""
    kind = FORMATS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise TrackError("Upload a GPX, KML or GeoJSON file (.gpx, .kml, .geojson).")
    if not content.strip():
        raise TrackError("The file is empty.")
    if len(content) > MAX_BYTES:
        raise TrackError(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if kind == "geojson":
        _check_json(content)
    else:
        _check_xml(content, kind)
    return track_from(_lines(_shapes(content, kind), kind))


def track_from(lines: Iterable[LineString]) -> Track:
    """One line of the given ones, joined where they touch, in range, flat and not too long."""
    kept = []
    for line in lines:
        flat = shapely.force_2d(line)
        _check_range(flat)
        flat = shapely.remove_repeated_points(flat)
        if flat.length > 0:
            kept.append(flat)
    if not kept:
        raise TrackError("The line has no length: all its points are the same.")
    whole = kept[0] if len(kept) == 1 else shapely.line_merge(MultiLineString(kept))
    points = int(shapely.get_num_coordinates(whole))
    small = _simplified(whole)
    return Track(
        json.loads(json.dumps(mapping(shapely.set_precision(small, 1e-6, mode="pointwise")))),
        points,
        int(shapely.get_num_coordinates(small)),
    )


def _simplified(line: LineString | MultiLineString) -> LineString | MultiLineString:
    tolerance, small = _FIRST_TOLERANCE_DEG, line
    while shapely.get_num_coordinates(small) > MAX_POINTS:
        if tolerance > 1:
            raise TrackError("The file holds too many separate pieces to be one route.")
        small = line.simplify(tolerance)
        tolerance *= 2
    return small


def _check_range(line: LineString) -> None:
    for lon, lat in line.coords:
        if not (isfinite(lon) and isfinite(lat)):
            raise TrackError("A coordinate is not a number.")
        if abs(lon) > 180 or abs(lat) > 90:
            hint = (
                " These look like metres of a projected system; export the file in WGS 84 degrees."
                if max(abs(lon), abs(lat)) > 360
                else " Longitude comes first, then latitude, both in degrees."
            )
            raise TrackError(f"The coordinate {lon:g}, {lat:g} lies outside the world.{hint}")


def _check_json(content: bytes) -> None:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise TrackError("The file is not readable as GeoJSON.") from None
    if not isinstance(data, dict) or data.get("type") not in GEOJSON_TYPES:
        raise TrackError('The file is JSON but not GeoJSON: it has no known "type".')


def _check_xml(content: bytes, kind: str) -> None:
    try:
        root: Element = SafeXml.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise TrackError(
            "The file declares a document type or entities, which a track does not need and which can be "
            "used to attack a server. Save it again without them."
        ) from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise TrackError(f"The file is not readable as {NAMES[kind]}: its XML is broken.") from None
    if _local(root) != kind:
        raise TrackError(f"The file is not {NAMES[kind]}: it starts with <{_local(root)}>.")
    if any(_local(element) == "NetworkLink" for element in root.iter()):
        raise TrackError("The file only links to another file. Upload that one.")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _shapes(content: bytes, kind: str) -> list[Any]:
    """Every geometry of the file; of a GPX file its tracks, or its planned routes where it has none."""
    import pyogrio  # Where pandas is installed it loads that too: nearly a second, for every process.

    try:
        with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
            if kind == "gpx":
                return _gpx_shapes(content)
            # By position: a file read from memory gives its layers a new name each time.
            layers = range(len(pyogrio.list_layers(content)))
            return [shape for layer in layers for shape in _read_layer(content, layer)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.GEOSException):
        raise TrackError(f"The file is not readable as {NAMES[kind]}.") from None


def _gpx_shapes(content: bytes) -> list[Any]:
    for layer in ("tracks", "routes", "waypoints"):
        shapes = _read_layer(content, layer)
        if any(shape.geom_type == "Point" or shape.length > 0 for shape in shapes):
            return shapes
    return []


def _read_layer(content: bytes, layer: str | int) -> list[Any]:
    import pyogrio

    meta, _fids, geometry, _fields = pyogrio.raw.read(content, layer=layer, columns=[])
    crs = meta.get("crs")
    if geometry is None or not len(geometry):
        return []
    if crs and not _is_wgs84(str(crs)):
        raise TrackError(f"The file is in the coordinate system {crs}. Export it in WGS 84 (EPSG:4326).")
    return [shape for shape in shapely.from_wkb(geometry) if shape is not None and not shape.is_empty]


def _is_wgs84(crs: str) -> bool:
    if crs.upper() in ("EPSG:4326", "OGC:CRS84", "EPSG:4979"):
        return True
    return 'GEOGCS["WGS 84"' in crs or 'GEOGCRS["WGS 84' in crs


def _lines(shapes: Iterable[Any], kind: str) -> list[LineString]:
    parts = list(_parts(shapes))
    lines = [part for part in parts if part.geom_type in ("LineString", "LinearRing")]
    if lines:
        return lines
    if any(part.geom_type == "Polygon" for part in parts):
        raise TrackError("The file holds an area, not a line. A route is a line.")
    if any(part.geom_type == "Point" for part in parts):
        raise TrackError("The file holds waypoints only. Save the track or the route, not its points.")
    raise TrackError(f"The {NAMES[kind]} file holds no line.")


def _parts(shapes: Iterable[Any]) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "geoms"):
            yield from _parts(shape.geoms)
        else:
            yield shape
