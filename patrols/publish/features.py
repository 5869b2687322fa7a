"""The record as collections: features with one geometry type each, and plain tables, page by page.

    COLLECTIONS["patrols"].page(selection, after=key, limit=100) -> Page

Rows and properties come from the column registry; what is public and how coarse it is was decided before, by
the visibility rule and the stored public geometry. Pages follow one key that never changes, so that a page
asked for later neither repeats nor skips what was there all the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

import shapely
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from shapely.geometry import mapping, shape

from ..filters import Box, meets
from ..models import Incident, Patrol, Place, Route, Zone
from ..record.columns import LISTS, TABLES, Column, Selection, Table, Type
from .csv import TEMPLATES, Sql, cells, hidden, source_of, values

MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
RADIUS_DEG = {1: 0.05, 2: 0.25, 3: 0.25, 4: 0.6, 5: 0.25, 6: 1.5, 7: 1.5}
"""UCDP where_precision -> half the width of the area that stands for a place, in degrees."""
TOLERANCE_DEG = 0.005
"""Zones are approximations of kilometres; features of patrols carry them without needless corners."""
GRID_DEG = 0.01
AREAS, LINES, POINTS = "MultiPolygon", "MultiLineString", "Point"

Geometry = dict[str, Any] | None
Form = Literal["values", "json", "csv"]


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    """In the form that was asked for: dicts (column name -> JSON value), JSON objects as text, or cells."""
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
    where: Callable[[Sequence[Any]], dict[Any, str]] | None = field(default=None)
    """GeoJSON texts by key."""
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
        """The rows after the key `after`; one query, and one or two more for geometry."""
        chosen = tuple(columns or self.table.columns)
        if after is not None:
            rows = rows.filter(**{f"{self.key}__gt": after})
        read = _read_in_database if form == "json" and connection.vendor == "postgresql" else _read
        found = read(self.key, rows, limit + 1, chosen, form)
        more, found = len(found) > limit, found[:limit]
        keys = [key for key, _row in found]
        shapes = self.where(keys) if self.where and form != "csv" else {}
        geometries = [shapes.get(key, "null") for key in keys] if self.where else []
        return Page([row for _key, row in found], keys, geometries, more)


def _read(
    key: str, rows: QuerySet[Any], most: int, columns: Sequence[Column], form: Form
) -> list[tuple[Any, Any]]:
    """(key, row) in `form`, of the first rows, at most `most`."""
    key_column = Column(name="row_key", type=Type.CODE, description="", source=key)
    wanted = Table(name="", title="", description="", columns=(key_column, *columns))
    found = values(wanted, rows, in_database=False)[:most]
    if form == "csv":
        as_cells = cells(columns)
        return [(row[0], as_cells(row[1:])) for row in found]
    names, writers = [column.name for column in columns], [_plain(column.type) for column in columns]
    made = [
        (
            row[0],
            dict(
                zip(names, (write(value) for write, value in zip(writers, row[1:], strict=True)), strict=True)
            ),
        )
        for row in found
    ]
    if form == "json":
        return [(one, json.dumps(row, ensure_ascii=False)) for one, row in made]
    return made


def _read_in_database(
    key: str, rows: QuerySet[Any], most: int, columns: Sequence[Column], _form: Form
) -> list[tuple[Any, str]]:
    """(key, JSON text): PostgreSQL writes the objects, several times as fast as Python would."""
    # First which rows: else the columns of all rows would be worked out before they are sorted and cut.
    page = rows.filter(pk__in=rows.values("pk")[:most])
    annotated = page.annotate(
        row_key=F(key), **{f"_{number}": _json_value(column) for number, column in enumerate(columns)}
    ).values_list("row_key", *(f"_{number}" for number in range(len(columns))))
    try:
        sql, params = annotated.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return []
    names = ", ".join(connection.ops.quote_name(name) for name in (KEY, *(one.name for one in columns)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(rows)::text FROM ({sql}) AS rows ({names})", params)
        return [_without_key(text) for (text,) in cursor.fetchall()]


KEY = "row_key"


def _without_key(text: str) -> tuple[Any, str]:
    """The row's key, which PostgreSQL wrote first, and the object without it."""
    start = len(KEY) + 4
    end = text.find(",", start)
    if end < 0:
        return json.loads(text[start:-1]), "{}"
    return json.loads(text[start:end]), "{" + text[end + 1 :]


_JSON = {
    Type.TIME: TEMPLATES[Type.TIME],
    Type.LIST: "to_json(array_remove(string_to_array(COALESCE({x}, ''), ';'), ''))",
    Type.NAMES: "COALESCE({x}, '[]'::jsonb)",
    Type.STOPS: (
        "COALESCE((SELECT json_agg(one ->> 'name' ORDER BY n) "
        "FROM jsonb_array_elements({x}) WITH ORDINALITY AS list(one, n)), '[]'::json)"
    ),
    Type.SIDES: "COALESCE({x}, '{}'::jsonb)",
}
"""The same values as `_PLAIN`, written by PostgreSQL."""


def _json_value(column: Column) -> Combinable:
    value = hidden(column, source_of(column))
    if column.type in (Type.TEXT, Type.CODE, Type.URL, Type.VAGUE_DATE):
        return Sql(value, template="NULLIF({x}, '')")
    return Sql(value, template=_JSON[column.type]) if column.type in _JSON else value


def _same(value: Any) -> Any:
    return value


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _time(value: datetime | None) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _text(value: Any) -> Any:
    return value if value not in ("", None) else None


def _list(value: Any) -> list[str]:
    return [part for part in str(value or "").split(";") if part]


def _names(value: Any) -> list[str]:
    return [str(one) for one in value or ()]


def _stops(value: Any) -> list[str]:
    return [str(one["name"]) for one in value or ()]


def _sides(value: Any) -> dict[str, Any]:
    return dict(value or {})


_PLAIN: dict[Type, Callable[[Any], Any]] = {
    Type.TEXT: _text,
    Type.CODE: _text,
    Type.URL: _text,
    Type.DATE: _date,
    Type.TIME: _time,
    Type.LIST: _list,
    Type.NAMES: _names,
    Type.STOPS: _stops,
    Type.SIDES: _sides,
}


def _plain(kind: Type) -> Callable[[Any], Any]:
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


def feature(key: Any, geometry: str, row: str) -> str:
    """A GeoJSON Feature from a geometry and properties that are JSON already."""
    return f'{{"type":"Feature","id":{json.dumps(key)},"geometry":{geometry},"properties":{row}}}'


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


def _areas_of_patrols(keys: Sequence[Any]) -> dict[Any, str]:
    """What a patrol is known to: along its route, around its place, or its zones. Never a sharp pin."""
    rows = Patrol.objects.order_by().filter(uid__in=keys)
    found = list(rows.values_list("uid", "public_route__hash", "public_where_precision", "zones_text"))
    missing = {key for _uid, key, where, _zones in found if key and (key, where) not in _AROUND}
    routes = dict(Route.objects.filter(hash__in=missing).values_list("hash", "geometry"))
    zones = _zone_shapes({slug for _uid, key, _where, text in found if not key for slug in text.split(";")})
    shaded: dict[str, str] = {}
    shapes: dict[Any, str] = {}
    for uid, key, where, text in found:
        if key:
            if (key, where) not in _AROUND:
                _remember((key, where), _around(shape(routes[key]), where))
            shapes[uid] = _AROUND[key, where]
            continue
        if text not in shaded:
            parts = [zones[slug] for slug in text.split(";") if slug in zones]
            shaded[text] = _multi(shapely.union_all(parts), AREAS) if parts else "null"
        shapes[uid] = shaded[text]
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


def _zone_shapes(slugs: Iterable[str]) -> dict[str, Any]:
    rows = Zone.objects.filter(slug__in=list(slugs)).values_list("slug", "updated_at", "geometry")
    return {slug: _zone_shape(slug, changed, json.dumps(geometry)) for slug, changed, geometry in rows}


def _of_zones(keys: Sequence[Any]) -> dict[Any, str]:
    rows = Zone.objects.filter(slug__in=keys).values_list("slug", "geometry")
    return {slug: _multi(geometry, AREAS) for slug, geometry in rows}


def _of_routes(keys: Sequence[Any]) -> dict[Any, str]:
    rows = Route.objects.filter(hash__in=keys).values_list("hash", "geometry")
    return {key: _multi(geometry, LINES) for key, geometry in rows}


def _point(lon: float | None, lat: float | None) -> str:
    return "null" if lon is None or lat is None else json.dumps({"type": POINTS, "coordinates": [lon, lat]})


def _of_places(keys: Sequence[Any]) -> dict[Any, str]:
    rows = Place.objects.filter(slug__in=keys).values_list("slug", "lon", "lat")
    return {slug: _point(lon, lat) for slug, lon, lat in rows}


def _of_incidents(keys: Sequence[Any]) -> dict[Any, str]:
    """The gazetteer place that a report names; nothing for sensitive patrols."""
    rows = Incident.objects.filter(pk__in=keys).values_list(
        "pk", "patrol__sensitive", "place__lon", "place__lat"
    )
    return {pk: "null" if sensitive else _point(lon, lat) for pk, sensitive, lon, lat in rows}


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
        Collection(name="patrols", key="uid", geometry_type=AREAS, where=_areas_of_patrols),
        Collection(name="routes", key="hash", geometry_type=LINES, where=_of_routes, in_box=_by_edges),
        Collection(
            name="zones", key="slug", geometry_type=AREAS, where=_of_zones, in_box=_by_edges, filtered=False
        ),
        Collection(name="incidents", key="pk", geometry_type=POINTS, where=_of_incidents, in_box=_by_place),
        Collection(name="places", key="slug", geometry_type=POINTS, where=_of_places, in_box=_by_point),
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
