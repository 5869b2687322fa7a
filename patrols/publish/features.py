"""The record as collections: features with one geometry type each, and plain tables, page by page.

    COLLECTIONS["patrols"].page(selection, after=key, limit=100) -> Page

Rows and properties come from the column registry; what is public and how coarse it is was decided before, by
the visibility rule and the stored public geometry. Pages follow one key that never changes, so that a page
asked for later neither repeats nor skips what was there all the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import orjson
import shapely
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from orjson import Fragment
from shapely.geometry import mapping, shape

from ..filters import Box, meets
from ..models import Route, Zone
from ..record.columns import LISTS, TABLES, Column, Selection, Table, Type
from .csv import cells, values

MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
RADIUS_DEG = {1: 0.05, 2: 0.25, 3: 0.25, 4: 0.6, 5: 0.25, 6: 1.5, 7: 1.5}
"""UCDP where_precision -> half the width of the area that stands for a place, in degrees."""
TOLERANCE_DEG = 0.005
"""Zones are approximations of kilometres; features of patrols carry them without needless corners."""
GRID_DEG = 0.01
AREAS, LINES, POINTS = "MultiPolygon", "MultiLineString", "Point"

Form = Literal["values", "csv", "text"]
KEPT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    """In the form that was asked for: dicts (column name -> JSON value), cells, or JSON already."""
    keys: list[Any]
    geometries: list[str]
    """GeoJSON, "null" where nothing is known; none for a plain table."""
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    name: str
    key: str
    """The model's path that orders and identifies rows."""
    geometry_type: str = ""
    """Empty for a plain table."""
    reads: tuple[str, ...] = ()
    """The model's paths that geometries are made from."""
    where: Callable[[list[tuple[Any, ...]]], list[str]] | None = field(default=None)
    """GeoJSON texts from rows of `reads`."""
    in_box: Callable[[QuerySet[Any], Box], QuerySet[Any]] | None = field(default=None)
    """For tables that the filter of patrols does not reach."""
    filtered: bool = True
    """The parameters of the filter apply."""

    @property
    def table(self) -> Table:
        return TABLES[self.name]

    def rows(self, selection: Selection, box: Box | None = None) -> QuerySet[Any]:
        assert self.table.rows is not None
        rows = self.table.rows(selection).order_by(self.key)
        return self.in_box(rows, box) if box is not None and self.in_box else rows

    def page(
        self,
        rows: QuerySet[Any],
        *,
        after: Any = None,
        limit: int,
        columns: Sequence[Column] | None = None,
        form: Form = "values",
    ) -> Page:
        """The rows after the key `after`; one query, and one or two more for the geometry of patrols."""
        chosen = tuple(columns or self.table.columns)
        if after is not None:
            rows = rows.filter(**{f"{self.key}__gt": after})
        beside = tuple(
            Column(name=f"beside_{number}", type=Type.CODE, description="", source=path)
            for number, path in enumerate((self.key, *self.reads))
        )
        read = tuple(map(_unread, chosen)) if form == "values" else chosen
        wanted = Table(name="", title="", description="", columns=(*beside, *read))
        found = list(values(wanted, rows, in_database=False)[: limit + 1])
        more, found = len(found) > limit, found[:limit]
        keys = [row[0] for row in found]
        geometries = self.where([row[1 : len(beside)] for row in found]) if self.where else []
        if form != "values":
            as_cells = cells(chosen, guard=form == "csv")
            return Page([as_cells(row[len(beside) :]) for row in found], keys, geometries, more)
        # Column by column, which is several times as fast as cell by cell.
        columns_found = list(zip(*found, strict=True))[len(beside) :]
        made = [_plain(one.type)(values) for one, values in zip(chosen, columns_found, strict=False)]
        names = [column.name for column in chosen]
        told = [dict(zip(names, row, strict=True)) for row in zip(*made, strict=True)]
        return Page(told, keys, geometries, more)

    def written(
        self, rows: QuerySet[Any], revision: str, *, after: Any = None, limit: int, columns: Sequence[Column]
    ) -> Page:
        """The public rows after the key `after` as JSON, features where there is geometry.

        What was written under the same data revision is not read again; what has gone meanwhile is left out.
        """
        if after is not None:
            rows = rows.filter(**{f"{self.key}__gt": after})
        keys = list(rows.values_list(self.key, flat=True)[: limit + 1])
        more, keys = len(keys) > limit, keys[:limit]
        kept = _kept.of(revision, (self.name, *(column.name for column in columns)))
        if missing := [key for key in keys if key not in kept]:
            wanted = rows if len(missing) == len(keys) else rows.filter(**{f"{self.key}__in": missing})
            page = self.page(wanted, limit=limit, columns=columns)
            made = map(feature, page.keys, page.geometries, page.rows) if self.geometry_type else page.rows
            _kept.add(kept, zip(page.keys, map(orjson.dumps, made), strict=True))
        return Page([Fragment(kept[key]) for key in keys if key in kept], keys, [], more)


class _Kept:
    """Rows as JSON, for as long as the record stays as it is: most readers ask for the same ones."""

    def __init__(self) -> None:
        self.revision = ""
        self.rows: dict[tuple[str, ...], dict[Any, bytes]] = {}
        self.size = 0

    def of(self, revision: str, what: tuple[str, ...]) -> dict[Any, bytes]:
        if revision != self.revision or self.size > KEPT_BYTES:
            self.revision, self.rows, self.size = revision, {}, 0
        return self.rows.setdefault(what, {})

    def add(self, kept: dict[Any, bytes], rows: Iterable[tuple[Any, bytes]]) -> None:
        for key, text in rows:
            kept[key] = text
            self.size += len(text)


_kept = _Kept()


Cells = Sequence[Any]
"""The values of one column."""


def _unread(column: Column) -> Column:
    """What need not become a value of Python's first, as the text that both engines make of it."""
    return replace(column, source=Cast(column.source, TextField())) if column.type in _AS_TEXT else column


_AS_TEXT = (Type.DATE, Type.TIME, Type.NAMES, Type.STOPS, Type.SIDES)


def _made_once(make: Callable[[str], Any]) -> Callable[[Cells], Cells]:
    """Makes values of a column of texts, each text once."""

    def made(found: Cells) -> Cells:
        by_text = {text: make(text or "") for text in set(found)}
        return [by_text[text] for text in found]

    return made


def _same(found: Cells) -> Cells:
    return found


def _times(found: Cells) -> Cells:
    return [f"{at[:10]}T{at[11:19]}Z" if at else None for at in found]


def _texts(found: Cells) -> Cells:
    return [text or None for text in found]


def _list(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def _names(text: str) -> list[str]:
    return [str(one) for one in json.loads(text or "null") or ()]


def _stops(text: str) -> list[str]:
    return [str(one["name"]) for one in json.loads(text or "null") or ()]


def _sides(text: str) -> dict[str, Any]:
    return dict(json.loads(text or "null") or {})


_PLAIN: dict[Type, Callable[[Cells], Cells]] = {
    Type.TEXT: _texts,
    Type.CODE: _texts,
    Type.URL: _texts,
    Type.VAGUE_DATE: _texts,
    Type.DATE: _texts,
    Type.TIME: _times,
    Type.LIST: _made_once(_list),
    Type.NAMES: _made_once(_names),
    Type.STOPS: _made_once(_stops),
    Type.SIDES: _made_once(_sides),
}


def _plain(kind: Type) -> Callable[[Cells], Cells]:
    """What makes JSON values of a column's values."""
    return _PLAIN.get(kind, _same)


def json_schema(column: Column) -> dict[str, Any]:
    """The property as JSON Schema, as `_plain` writes it."""
    kinds: dict[Type, dict[str, Any]] = {
        Type.INTEGER: {"type": "integer"},
        Type.NUMBER: {"type": "number"},
        Type.BOOLEAN: {"type": "boolean"},
        Type.DATE: {"type": "string", "format": "date"},
        Type.TIME: {"type": "string", "format": "date-time"},
        Type.URL: {"type": "string", "format": "uri"},
        Type.LIST: {"type": "array", "items": {"type": "string"}},
        Type.NAMES: {"type": "array", "items": {"type": "string"}},
        Type.STOPS: {"type": "array", "items": {"type": "string"}},
        Type.SIDES: {"type": "object", "additionalProperties": {"type": "number"}},
    }
    made: dict[str, Any] = {
        "title": column.name,
        "description": column.meaning,
    }
    made |= kinds.get(column.type, {"type": "string"})
    if column.type not in LISTS:
        made["type"] = [made["type"], "null"]
    if column.unit:
        made["x-ogc-unit"] = column.unit
    return made


# Geometry

Rows = list[tuple[Any, ...]]
"""Of what a collection reads for its geometry."""


def feature(key: Any, geometry: str, row: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON Feature that orjson can write, from a geometry that is JSON already."""
    return {"type": "Feature", "id": key, "geometry": Fragment(geometry), "properties": row}


def _multi(geometry: Any, wanted: str) -> str:
    """The geometry as the collection's one type; "null" where it is another kind."""
    made = shape(geometry) if isinstance(geometry, dict) else geometry
    if made.geom_type == wanted:
        return json.dumps(mapping(made))
    if MULTI.get(made.geom_type) == wanted:
        return json.dumps({"type": wanted, "coordinates": [mapping(made)["coordinates"]]})
    return "null"


def _square(lon: float, lat: float, half: float) -> Any:
    return shapely.box(lon - half, max(-90.0, lat - half), lon + half, min(90.0, lat + half))


def _areas_of_patrols(found: Rows) -> list[str]:
    """What a patrol is known to: along its route, around its place, or its zones. Never a sharp pin."""
    missing = {key for key, where, _zones in found if key and (key, where) not in _AROUND}
    routes = dict(Route.objects.filter(hash__in=missing).values_list("hash", "geometry")) if missing else {}
    zones = _zone_shapes({slug for key, _where, text in found if not key for slug in text.split(";")})
    shaded: dict[str, str] = {}
    shapes: list[str] = []
    for key, where, text in found:
        if key:
            if (key, where) not in _AROUND:
                _remember((key, where), _around(shape(routes[key]), where))
            shapes.append(_AROUND[key, where])
            continue
        if text not in shaded:
            parts = [zones[slug] for slug in text.split(";") if slug in zones]
            shaded[text] = _multi(shapely.union_all(parts), AREAS) if parts else "null"
        shapes.append(shaded[text])
    return shapes


_AROUND: dict[tuple[str, int | None], str] = {}
"""Areas around routes, by the hash of the geometry and its precision; a route's shape never changes."""
REMEMBERED = 20_000


def _remember(key: tuple[str, int | None], text: str) -> None:
    if len(_AROUND) >= REMEMBERED:
        _AROUND.clear()
    _AROUND[key] = text


def _around(drawn: Any, where: int | None) -> str:
    if drawn.geom_type in ("Polygon", "MultiPolygon"):
        return _multi(drawn, AREAS)
    half = RADIUS_DEG.get(where or 2, RADIUS_DEG[2])
    if drawn.geom_type == "Point":
        return _multi(_square(drawn.x, drawn.y, half), AREAS)
    # On the public grid: an area around a coarse line has no sharper corners than the line.
    along = shapely.set_precision(drawn.buffer(min(half, RADIUS_DEG[1]), quad_segs=2), GRID_DEG)
    return _multi(along, AREAS)


@lru_cache(maxsize=64)
def _zone_shape(_slug: str, _changed: Any, text: str) -> Any:
    return shape(json.loads(text)).simplify(TOLERANCE_DEG)


def _zone_shapes(slugs: set[str]) -> dict[str, Any]:
    if not slugs:
        return {}
    rows = Zone.objects.filter(slug__in=list(slugs)).values_list("slug", "updated_at", "geometry")
    return {slug: _zone_shape(slug, changed, json.dumps(geometry)) for slug, changed, geometry in rows}


def _as_areas(found: Rows) -> list[str]:
    return [_multi(geometry, AREAS) for (geometry,) in found]


def _as_lines(found: Rows) -> list[str]:
    return [_multi(geometry, LINES) for (geometry,) in found]


def _as_points(found: Rows) -> list[str]:
    return [_point(lon, lat) for lon, lat in found]


def _point(lon: float | None, lat: float | None) -> str:
    return "null" if lon is None or lat is None else json.dumps({"type": POINTS, "coordinates": [lon, lat]})


def _of_incidents(found: Rows) -> list[str]:
    """The gazetteer place that a report names; nothing for sensitive patrols."""
    return ["null" if sensitive else _point(lon, lat) for sensitive, lon, lat in found]


POINT_EDGES = ("lon", "lat", "lon", "lat")


def _by_edges(rows: QuerySet[Any], box: Box) -> QuerySet[Any]:
    return rows.filter(meets(box))


def _by_point(rows: QuerySet[Any], box: Box) -> QuerySet[Any]:
    return rows.filter(meets(box, edges=POINT_EDGES))


def _by_place(rows: QuerySet[Any], box: Box) -> QuerySet[Any]:
    return rows.filter(meets(box, "place__", POINT_EDGES), patrol__sensitive=False)


COLLECTIONS = {
    one.name: one
    for one in (
        Collection(
            name="patrols",
            key="uid",
            geometry_type=AREAS,
            reads=("public_route__hash", "public_where_precision", "zones_text"),
            where=_areas_of_patrols,
        ),
        Collection(
            name="routes",
            key="hash",
            geometry_type=LINES,
            reads=("geometry",),
            where=_as_lines,
            in_box=_by_edges,
        ),
        Collection(
            name="zones",
            key="slug",
            geometry_type=AREAS,
            reads=("geometry",),
            where=_as_areas,
            in_box=_by_edges,
            filtered=False,
        ),
        Collection(
            name="incidents",
            key="pk",
            geometry_type=POINTS,
            reads=("patrol__sensitive", "place__lon", "place__lat"),
            where=_of_incidents,
            in_box=_by_place,
        ),
        Collection(
            name="places",
            key="slug",
            geometry_type=POINTS,
            reads=("lon", "lat"),
            where=_as_points,
            in_box=_by_point,
        ),
    )
}
"""The collections of OGC API - Features."""
PLAIN = {
    one.name: one
    for one in (
        *(
            Collection(name=name, key=key)
            for name, key in (
                ("accounts", "uid"),
                ("participants", "pk"),
                ("stops", "pk"),
                ("claims", "uid"),
                ("ordinals", "pk"),
                ("reports", "uid"),
            )
        ),
        *(
            Collection(name=name, key=key, filtered=False)
            for name, key in (
                ("programmes", "slug"),
                ("forces", "slug"),
                ("events", "slug"),
                ("deletions", "pk"),
            )
        ),
    )
}
"""The tables without geometry."""
