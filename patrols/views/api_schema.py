"""What the API says of itself: the pieces of its OpenAPI document, which drf-spectacular puts together."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from ..filters import PatrolFilter
from ..publish.features import COLLECTIONS, PLAIN
from .api_parameters import LIMIT, MOST, NOT_HERE

Json = dict[str, Any]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A token is never needed; it raises the limits."""

    target_class = "patrols.views.throttle.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Json:
        return {"type": "http", "scheme": "bearer"}


PROBLEM: Json = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
    },
}
LINKS: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["rel", "href"],
        "properties": {name: {"type": "string"} for name in ("rel", "href", "type", "title")},
    },
}
OBJECT: Json = {"type": "object"}
PAGE: Json = {
    "links": LINKS,
    "timeStamp": {"type": "string", "format": "date-time"},
    "numberMatched": {"type": "integer", "minimum": 0},
    "numberReturned": {"type": "integer", "minimum": 0},
    "license": {"type": "string"},
}
GEOMETRY: Json = {
    "type": "object",
    "nullable": True,
    "required": ["type", "coordinates"],
    "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}},
}
FEATURE: Json = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "geometry": GEOMETRY,
        "properties": OBJECT,
    },
}
FEATURES: Json = {
    "type": "object",
    "required": ["type", "features", "links", "numberMatched", "numberReturned"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": FEATURE},
        **PAGE,
    },
}
ROWS: Json = {
    "type": "object",
    "required": ["table", "rows", "links", "numberMatched", "numberReturned"],
    "properties": {"table": {"type": "string"}, "rows": {"type": "array", "items": OBJECT}, **PAGE},
}


def responses(*made: tuple[int, str, Json]) -> dict[Any, OpenApiResponse]:
    found: dict[Any, OpenApiResponse] = {
        (status, media): OpenApiResponse(schema, description="As asked.") for status, media, schema in made
    }
    for status, why in (
        (304, "Nothing has changed."),
        (400, "A parameter cannot be answered; the detail names it and what is allowed."),
        (401, "The token is not known."),
        (404, "There is nothing at this address."),
        (412, "The copy that the condition names is not that of now."),
        (429, "Too many requests; Retry-After says when to come back."),
    ):
        if status in (304, 412):
            found[status] = OpenApiResponse(description=why)
        else:
            found[(status, "application/problem+json")] = OpenApiResponse(PROBLEM, description=why)
    return found


def text(
    name: str, told: str, *, place: Literal["query", "path"] = "query", schema: Json | None = None
) -> OpenApiParameter:
    return OpenApiParameter(name, schema or {"type": "string"}, place, description=told)


def format_of(*names: str) -> list[OpenApiParameter]:
    return [
        text(name, "In place of the Accept header.", schema={"type": "string", "enum": list(names)})
        for name in ("format", "f")
    ]


def named() -> OpenApiParameter:
    known = {"type": "string", "enum": list(COLLECTIONS)}
    return text("name", "The collection.", place="path", schema=known)


def _document(
    name: str, summary: str, schema: Json = OBJECT, *, html: bool = True, path: bool = False
) -> Json:
    given = format_of("json", "html") if html else format_of("json")
    media = [(200, "application/json", schema)]
    if html:
        media.append((200, "text/html", {"type": "string"}))
    return {
        "operation_id": name,
        "summary": summary,
        "parameters": [*([named()] if path else []), *given],
        "responses": responses(*media),
    }


def landing() -> Json:
    return _document("landing", "What there is")


def conformance() -> Json:
    listed = {"type": "array", "items": {"type": "string"}}
    return _document(
        "conformance",
        "What it conforms to",
        {"type": "object", "required": ["conformsTo"], "properties": {"conformsTo": listed}},
    )


def collections() -> Json:
    return _document("collections", "The collections of features")


def collection() -> Json:
    return _document("collection", "One collection", path=True)


def schema(what: str) -> Json:
    return {
        "operation_id": what,
        "summary": f"The {what} of a collection, as JSON Schema",
        "parameters": [named(), *format_of("json")],
        "responses": responses((200, "application/schema+json", OBJECT)),
    }


def _limit() -> OpenApiParameter:
    return text(
        "limit",
        "Rows in a page.",
        schema={"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
    )


def _shared() -> list[OpenApiParameter]:
    return [
        _limit(),
        text("cursor", "Where a page begins; from the next link of the page before."),
        text("fields", "Names of columns, with commas between."),
    ]


def _of_patrols() -> list[OpenApiParameter]:
    filters = PatrolFilter.get_filters()
    return [
        text("datetime", "A day, or two with a slash between; .. leaves an end open."),
        text("changed_since", "Patrols that changed or became public since this time."),
        *(
            text(name, str(one.label or name), schema=_schema_of(one))
            for name, one in filters.items()
            if name not in NOT_HERE
        ),
    ]


def _schema_of(one: Any) -> Json:
    """Lists are repeated parameters; what else a value must be is checked and said."""
    if "AnyOf" in type(one).__name__:
        return {"type": "array", "items": {"type": "string"}}
    return {"type": "string"}


def items() -> Json:
    return {
        "operation_id": "features",
        "summary": "Features, page by page",
        "parameters": [
            named(),
            text("bbox", "min lon, min lat, max lon, max lat; min lon above max lon spans the antimeridian."),
            *_shared(),
            *_of_patrols(),
            *format_of("geojson", "json", "csv", "html"),
        ],
        "responses": responses(
            (200, "application/geo+json", FEATURES),
            (200, "text/csv", {"type": "string"}),
            (200, "text/html", {"type": "string"}),
        ),
    }


def item() -> Json:
    return {
        "operation_id": "feature",
        "summary": "One feature",
        "parameters": [named(), text("key", "Its id.", place="path"), *format_of("geojson", "json")],
        "responses": responses((200, "application/geo+json", FEATURE)),
    }


def table() -> Json:
    known = {"type": "string", "enum": list(PLAIN)}
    return {
        "operation_id": "rows",
        "summary": "The rows of a table, page by page",
        "parameters": [
            text("name", "The table.", place="path", schema=known),
            *_shared(),
            *_of_patrols(),
            *format_of("json", "csv", "html"),
        ],
        "responses": responses(
            (200, "application/json", ROWS),
            (200, "text/csv", {"type": "string"}),
            (200, "text/html", {"type": "string"}),
        ),
    }


def complete(document: Json, site: str) -> Json:
    """What clients look for besides: the server, and the limit of a page as a component."""
    document = {**document, "servers": [{"url": site}]}
    components = document.setdefault("components", {})
    components.setdefault("parameters", {})["limit"] = {
        "name": "limit",
        "in": "query",
        "description": "Rows in a page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        "style": "form",
        "explode": False,
    }
    for methods in document["paths"].values():
        for operation in methods.values():
            # A token only raises the limits: everybody may read without one.
            operation["security"] = [{}, *operation.get("security", [])]
    return document
