"""The API: OGC API - Features (Part 1 Core, GeoJSON, OpenAPI 3.0; Part 5 Schemas), and plain tables."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as noop
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..filters import PatrolFilter, with_query
from ..models import Patrol
from ..publish.cite import LICENCE
from ..publish.features import COLLECTIONS, PLAIN, Collection, Page, feature, json_schema
from ..publish.revision import data_state
from . import api_schema as told
from .api_parameters import BadParameter, cursor, names, read
from .api_schema import Json
from .filtering import OF_THE_PAGE
from .throttle import FairUse, TokenAuthentication

JSON, GEOJSON, CSV, HTML = "application/json", "application/geo+json", "text/csv", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"
PROBLEM = "application/problem+json"
CONFORMS = [
    *(
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "oas30", "geojson", "html")
    ),
    *(
        f"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/{name}"
        for name in ("schemas", "queryables", "returnables-and-receivables")
    ),
]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MEDIA = {"json": JSON, "geojson": GEOJSON, "csv": CSV, "html": HTML}


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body), status=status, content_type=PROBLEM)


def on_error(error: Exception, context: Any) -> HttpResponse | None:
    """Every refusal of the API in one form."""
    if isinstance(error, BadParameter):
        detail = f"{error.name}: {error.detail}"
        return problem(400, "Bad parameter", detail, parameter=error.name)
    if isinstance(error, Http404):
        return problem(404, "Not found", str(error) or "There is nothing at this address.")
    if isinstance(error, APIException):
        made = problem(error.status_code, error.default_code.replace("_", " "), str(error.detail))
        if wait := getattr(error, "wait", None):
            made["Retry-After"] = str(int(wait))
        if header := getattr(error, "auth_header", None):
            made["WWW-Authenticate"] = header
        return made
    return None


def absolute(address: str) -> str:
    return f"{settings.SITE_URL}/api/{address}"


def link(rel: str, address: str, media: str, title: str) -> Json:
    return {"rel": rel, "href": absolute(address), "type": media, "title": title}


class ApiView(APIView):
    """Reads only, for anybody; answers 304 where nothing has changed."""

    authentication_classes = [TokenAuthentication]
    permission_classes: list[Any] = []
    throttle_classes = [FairUse]
    formats: tuple[str, ...] = ("json", "html")
    parameters: tuple[str, ...] = ("format", "f")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Tokens open nothing, and sessions do not count here: everybody reads the public record.
        self.data_revision, self.written = data_state(None)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def get_exception_handler(self) -> Any:
        return on_error

    def wanted(self, request: Request) -> str:
        """The format: of the address, else of the Accept header, else the first."""
        for name in ("format", "f"):
            if (given := request.GET.get(name)) is not None:
                if given not in self.formats:
                    raise BadParameter(name, f"Give one of: {', '.join(self.formats)}.")
                return given
        accepted = request._request.get_preferred_type([MEDIA[name] for name in self.formats])
        return next((name for name in self.formats if MEDIA[name] == accepted), self.formats[0])

    def asked(self, request: Request) -> QueryDict:
        """What the address asks for; the language and the theme of a page are no business of the record."""
        given: QueryDict = request.GET.copy()
        if self.wanted(request) == "html":
            for name in OF_THE_PAGE:
                given.pop(name, None)
        return given

    def only(self, request: Request) -> None:
        for name in self.asked(request):
            if name not in self.parameters:
                known = ", ".join(self.parameters)
                raise BadParameter(name, f"There is no such parameter. Known: {known}.")

    def unchanged(self, request: Request) -> HttpResponse | None:
        """304 (or 412) where the reader's copy is that of now."""
        written = int(self.written.timestamp()) if self.written else None
        found = get_conditional_response(request._request, etag=self.etag(request), last_modified=written)
        return found if isinstance(found, HttpResponse) else None

    def etag(self, request: Request) -> str:
        wanted = self.wanted(request)
        parts = [self.data_revision, wanted, *([get_language() or ""] if wanted == "html" else [])]
        return quote_etag("-".join(parts))

    def stamped(self, request: Request, response: HttpResponse) -> HttpResponse:
        response["ETag"] = self.etag(request)
        if self.written:
            response["Last-Modified"] = http_date(self.written.timestamp())
        response["Cache-Control"] = "public, no-cache"
        response["Vary"] = "Accept"
        response["X-Data-Version"] = self.data_revision
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def answer(self, request: Request, body: Json, media: str = JSON) -> HttpResponse:
        self.only(request)
        if (same := self.unchanged(request)) is not None:
            return same
        if self.wanted(request) == "html":
            context = {"title": body.get("title", "API"), "body": body, "here": "api"}
            made = render(request._request, "patrols/api.html", context)
        else:
            made = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=media)
        return self.stamped(request, made)


class Landing(ApiView):
    @extend_schema(**told.landing())
    def get(self, request: Request) -> HttpResponse:
        return self.answer(
            request,
            {
                "title": "PatrolWatch",
                "description": "The public record of joint military patrols, from published reports.",
                "dataVersion": self.data_revision,
                "license": LICENCE,
                "links": [
                    link("self", "", JSON, noop("This document")),
                    link("service-desc", "openapi.json", OPENAPI, noop("OpenAPI 3.0")),
                    link("conformance", "conformance", JSON, noop("What it conforms to")),
                    link("data", "collections", JSON, noop("Collections of features")),
                    *(link("item", name, JSON, one.table.title) for name, one in PLAIN.items()),
                ],
            },
        )


class Conformance(ApiView):
    @extend_schema(**told.conformance())
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request, {"conformsTo": CONFORMS})


class Collections(ApiView):
    @extend_schema(**told.collections())
    def get(self, request: Request) -> HttpResponse:
        return self.answer(
            request,
            {
                "title": noop("Collections"),
                "links": [link("self", "collections", JSON, noop("This document"))],
                "collections": [described(one) for one in COLLECTIONS.values()],
            },
        )


def described(one: Collection) -> Json:
    table, base = one.table, f"collections/{one.name}"
    return {
        "id": one.name,
        "title": table.title,
        "description": table.description,
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]], "crs": CRS84}},
        "crs": [CRS84],
        "license": LICENCE,
        "links": [
            link("self", base, JSON, noop("This collection")),
            link("items", f"{base}/items", GEOJSON, noop("Its features")),
            link(
                "http://www.opengis.net/def/rel/ogc/1.0/schema",
                f"{base}/schema",
                SCHEMA,
                noop("Its schema"),
            ),
            link(
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                f"{base}/queryables",
                SCHEMA,
                noop("What it can be asked by"),
            ),
        ],
    }


def collection_or_404(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise Http404(f"There is no collection “{name}”. Known: {', '.join(COLLECTIONS)}.")
    return COLLECTIONS[name]


class OneCollection(ApiView):
    @extend_schema(**told.collection())
    def get(self, request: Request, name: str) -> HttpResponse:
        return self.answer(request, described(collection_or_404(name)))


class Schema(ApiView):
    formats = ("json",)

    @extend_schema(**told.schema("schema"))
    def get(self, request: Request, name: str) -> HttpResponse:
        one = collection_or_404(name)
        return self.answer(request, schema_of(one, f"collections/{name}/schema"), SCHEMA)


class Queryables(ApiView):
    formats = ("json",)

    @extend_schema(**told.schema("queryables"))
    def get(self, request: Request, name: str) -> HttpResponse:
        one = collection_or_404(name)
        body = schema_of(one, f"collections/{name}/queryables")
        asked = names(one)
        kept = {key: value for key, value in body["properties"].items() if key in (*asked, "geometry")}
        return self.answer(request, body | {"properties": kept, "additionalProperties": False}, SCHEMA)


def schema_of(one: Collection, address: str) -> Json:
    properties: Json = {column.name: json_schema(column) for column in one.table.columns}
    if "id" in properties:
        properties["id"]["x-ogc-role"] = "id"
    properties["geometry"] = {
        "x-ogc-role": "primary-geometry",
        "format": f"geometry-{one.geometry_type.lower()}",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": absolute(address),
        "type": "object",
        "title": one.table.title,
        "properties": properties,
    }


class Rows(ApiView):
    """A page of a collection or table."""

    parameters = ()

    def page(self, request: Request, one: Collection, base: str) -> HttpResponse:
        wanted = self.wanted(request)
        asked = read(self.asked(request), one)
        if (same := self.unchanged(request)) is not None:
            return same
        rows = one.rows(asked.selection, asked.box)
        matched = rows.order_by().count()
        shown = {"after": asked.after, "limit": asked.limit, "columns": asked.columns}
        if wanted in ("csv", "html"):
            page = one.page(rows, form="csv" if wanted == "csv" else "text", **shown)
        else:
            page = one.written(rows, self.data_revision, **shown)
        after = cursor(one, page.keys[-1], asked.query) if page.more else ""
        links = self.links(asked.query, base, after)
        if wanted == "csv":
            made = as_csv(page, [column.name for column in asked.columns])
        elif wanted == "html":
            context = {
                "title": one.table.title,
                "page": page,
                "links": links,
                "matched": matched,
                "here": "api",
            }
            made = render(
                request._request,
                "patrols/api_rows.html",
                context | {"columns": [column.name for column in asked.columns]},
            )
        else:
            made = as_json(one, page, links, matched)
        made["OGC-NumberMatched"] = str(matched)
        made["Link"] = ", ".join(
            f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in links
        )
        return self.stamped(request, made)

    def links(self, query: str, base: str, after: str) -> list[Json]:
        media = MEDIA[self.formats[0]]
        own = with_query(base, query)
        found = [link("self", own, media, noop("This page"))]
        if after:
            more = f"{base}?{query + '&' if query else ''}cursor={after}"
            found.append(link("next", more, media, noop("The next page")))
        return found


def as_json(one: Collection, page: Page, links: list[Json], matched: int) -> HttpResponse:
    head: Json = {
        "links": links,
        "timeStamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "numberMatched": matched,
        "numberReturned": len(page.rows),
        "license": LICENCE,
    }
    if not one.geometry_type:
        return HttpResponse(orjson.dumps({**head, "table": one.name, "rows": page.rows}), content_type=JSON)
    made = orjson.dumps({"type": "FeatureCollection", **head, "features": page.rows})
    return HttpResponse(made, content_type=GEOJSON)


def as_csv(page: Page, columns: list[str]) -> HttpResponse:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(page.rows)
    return HttpResponse(out.getvalue(), content_type=f"{CSV}; charset=utf-8")


class Items(Rows):
    formats = ("geojson", "json", "csv", "html")

    @extend_schema(**told.items())
    def get(self, request: Request, name: str) -> HttpResponse:
        return self.page(request, collection_or_404(name), f"collections/{name}/items")


class Item(ApiView):
    formats = ("geojson", "json")

    @extend_schema(**told.item())
    def get(self, request: Request, name: str, key: str) -> HttpResponse:
        self.only(request)
        one = collection_or_404(name)
        rows = one.rows(PatrolFilter(queryset=Patrol.objects.visible_to(None)).selection(None))
        if one.key == "pk" and not key.isdecimal():
            raise Http404("There is no such feature.")
        page = one.page(rows.filter(**{one.key: key[:200].replace("\x00", "")}), limit=1)
        if not page.rows:
            raise Http404("There is no such feature.")
        if (same := self.unchanged(request)) is not None:
            return same
        body = feature(page.keys[0], page.geometries[0], page.rows[0])
        base = f"collections/{name}"
        body["links"] = [
            link("self", f"{base}/items/{key}", GEOJSON, noop("This feature")),
            link("collection", base, JSON, noop("Its collection")),
        ]
        return self.stamped(request, HttpResponse(orjson.dumps(body), content_type=GEOJSON))


class PlainTable(Rows):
    formats = ("json", "csv", "html")

    @extend_schema(**told.table())
    def get(self, request: Request, name: str) -> HttpResponse:
        if name not in PLAIN:
            raise Http404(f"There is no table “{name}”. Known: {', '.join(PLAIN)}.")
        return self.page(request, PLAIN[name], name)


class OpenApi(ApiView):
    formats = ("json",)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        self.only(request)
        return self.stamped(request, HttpResponse(_document(settings.SITE_URL), content_type=OPENAPI))


@lru_cache(maxsize=1)
def _document(site: str) -> str:
    """The OpenAPI document; it says what there is to ask, not what the record holds."""
    generator: Any = SchemaGenerator(patterns=urlpatterns)  # type: ignore[no-untyped-call]
    return json.dumps(told.complete(generator.get_schema(request=None, public=True), site))


class Nothing(ApiView):
    """Whatever else lies under /api/."""

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str) -> Response:
        raise Http404("There is nothing at this address.")


urlpatterns = [
    path("api/", Landing.as_view(), name="api"),
    path("api/openapi.json", OpenApi.as_view(), name="api-openapi"),
    path("api/conformance", Conformance.as_view(), name="api-conformance"),
    path("api/collections", Collections.as_view(), name="api-collections"),
    path("api/collections/<slug:name>", OneCollection.as_view(), name="api-collection"),
    path("api/collections/<slug:name>/schema", Schema.as_view(), name="api-schema"),
    path("api/collections/<slug:name>/queryables", Queryables.as_view(), name="api-queryables"),
    path("api/collections/<slug:name>/items", Items.as_view(), name="api-items"),
    path("api/collections/<slug:name>/items/<str:key>", Item.as_view(), name="api-item"),
    path("api/<slug:name>", PlainTable.as_view(), name="api-table"),
    path("api/<path:rest>", Nothing.as_view(), name="api-nothing"),
]
