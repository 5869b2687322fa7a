"""The snapshot and the rows under it. A path names the audience; who asks decides whether it is given.

/map/<audience>/current.json                 the revision that a page should show now
/map/<audience>/<revision>/columns.bin       the snapshot
/map/<audience>/<revision>/matching?q=…      which rows a text, a place or a box means: one bit a row
/map/<audience>/<revision>/rows.json?at=…    figures of a few rows, for popups; or ?uid=…
/map/<audience>/<revision>/table?at=…        the same rows as a page of the table
"""

from __future__ import annotations

import gzip
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..filters import PatrolFilter
from ..models import Patrol
from ..publish import columnar, snapshot
from ..publish.map import keys_of
from ..publish.snapshot import EDITORS, Snapshot
from ..publish.tasks import build_snapshot
from .filtering import Filtered, refusal
from .listing import columns
from .map import LIST, place_names

ASKED = ("q", "place", "bbox")
"""Parameters of the filter that the columns cannot answer."""
MOST_ROWS = 100
YEAR_SECONDS = 365 * 24 * 3600
SMALL_BYTES = 100_000
"""A record whose last snapshot is no larger than this is built while somebody waits: a matter of moments."""
ROW_FIELDS = (
    "pk",
    "uid",
    "state",
    "vehicles_low",
    "vehicles_best",
    "vehicles_high",
    "personnel_low",
    "personnel_best",
    "personnel_high",
    "ordinals_text",
    "parties",
    "incident_type",
    "sources_count",
    "contested",
)


def shown(audience: str) -> tuple[Snapshot, bool]:
    """The snapshot that a page should ask for, and whether it is the record as it is now.

    A small record's is built at once. Where a large one has changed, the last snapshot serves until the
    workers have built the next.
    """
    wanted = snapshot.wanted(audience)
    if wanted.is_stored:
        return wanted, True
    last = snapshot.latest(audience)
    if last is None or last.path.stat().st_size <= SMALL_BYTES:
        return snapshot.build(audience), True
    build_snapshot.delay(audience)
    return last, False


@require_safe
def map_current(request: HttpRequest, audience: str) -> HttpResponse:
    _allowed(request, audience)
    found, current = shown(audience)
    return _kept(JsonResponse({"revision": found.revision, "current": current}), audience)


@require_safe
def map_columns(request: HttpRequest, audience: str, revision: str) -> HttpResponse:
    """The snapshot as it was stored. Under its address it never changes, so it may be kept for good."""
    found = _asked(request, audience, revision)
    etag = quote_etag(f"{audience}-{revision}")
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        content = found.path.read_bytes()
        takes_gzip = re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", ""))
        response = HttpResponse(
            content if takes_gzip else gzip.decompress(content), content_type="application/octet-stream"
        )
        response["Content-Encoding"] = "gzip" if takes_gzip else "identity"
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    kind = "private" if audience == EDITORS else "public"
    response["Cache-Control"] = f"{kind}, max-age={YEAR_SECONDS}, immutable"
    return response


@require_safe
def map_matching(request: HttpRequest, audience: str, revision: str) -> HttpResponse:
    found = _asked(request, audience, revision)
    given = request.GET.copy()
    for name in set(given) - set(ASKED):
        del given[name]
    asked = PatrolFilter(given, queryset=snapshot.patrols_of(audience))
    if asked.errors:
        return refusal(asked.error_lines)
    rows = snapshot.positions_of(found, asked.qs.order_by().values_list("pk", flat=True).iterator())
    body = columnar.bits(rows, len(found.keys()))
    return _kept(HttpResponse(body, content_type="application/octet-stream"), audience)


@require_safe
def map_rows(request: HttpRequest, audience: str, revision: str) -> HttpResponse:
    found = _asked(request, audience, revision)
    seen = snapshot.patrols_of(audience).order_by()
    uid = request.GET.get("uid")
    if uid is not None:
        pks = list(seen.filter(uid=uid.replace("\x00", "")).values_list("pk", flat=True))
        at = [int(row) for row in snapshot.positions_of(found, pks)]
    else:
        at = _positions(request)
    keys = snapshot.rows_at(found, at)
    rows = {
        row.pop("pk"): row for row in seen.filter(pk__in=[key for key in keys if key]).values(*ROW_FIELDS)
    }
    told = [{"at": row, **rows[key]} for row, key in zip(at, keys, strict=True) if key in rows]
    return _kept(JsonResponse({"rows": told}), audience)


@require_safe
def map_table(request: HttpRequest, audience: str, revision: str) -> HttpResponse:
    found = _asked(request, audience, revision)
    keys = snapshot.rows_at(found, _positions(request))
    seen = snapshot.patrols_of(audience).order_by()
    listed = seen.filter(pk__in=[key for key in keys if key]).select_related("programme")
    patrols = {one.pk: one for one in listed.defer("adoption", "search_text")}
    rows: list[Patrol] = [patrols[key] for key in keys if key in patrols]
    context: dict[str, Any] = {
        "rows": rows,
        "places": place_names(rows),
        "columns": columns(Filtered(request), sortable=False),
        "colours": {one.pk: one.colour for one in keys_of(seen)},
        "here": LIST,
    }
    response = _kept(render(request, "patrols/_table.html", context), audience)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _allowed(request: HttpRequest, audience: str) -> None:
    """The one place that decides who is given what: only those who see the whole record get the editors'."""
    if audience not in snapshot.AUDIENCES or (
        audience == EDITORS and snapshot.audience_of(request.user) != EDITORS
    ):
        raise Http404(_("There is no such map data."))


def _asked(request: HttpRequest, audience: str, revision: str) -> Snapshot:
    """The snapshot of an address; that of the record as it is now is built if it is not there yet."""
    _allowed(request, audience)
    found = Snapshot(audience, revision)
    if found.is_stored:
        return found
    wanted = snapshot.wanted(audience)
    if wanted != found:
        raise Http404(_("The record has changed since. Reload the page."))
    built = snapshot.build(audience)
    if built != found:
        raise Http404(_("The record has changed since. Reload the page."))
    return built


def _positions(request: HttpRequest) -> list[int]:
    parts = [part for part in request.GET.get("at", "").split(",") if part]
    if len(parts) > MOST_ROWS or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        raise Http404(_("Give row numbers with commas between them, {most} at most.").format(most=MOST_ROWS))
    return [int(part) for part in parts]


def _kept(response: HttpResponse, audience: str) -> HttpResponse:
    """What follows the record as it is now is asked for again each time."""
    patch_cache_control(response, no_cache=True, private=audience == EDITORS)
    return response
