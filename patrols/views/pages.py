"""The public pages: the list, one patrol, and what the record is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db import OperationalError, connection
from django.db.models import F, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import (
    Account,
    Force,
    Ordinal,
    Participation,
    Patrol,
    State,
    Stop,
)
from ..publish import compact
from ..publish.map import programme_keys
from ..record.columns.expressions import of_sensitive_report
from ..record.visibility import sees_everything
from . import citing
from .filtering import Filtered
from .listing import columns
from .map import LIST, map_settings, panel, place_names
from .matrix import matrix

PER_PAGE = 50


@require_safe
def patrol_list(request: HttpRequest) -> HttpResponse:
    filtered = Filtered(request)
    listed = filtered.patrols.select_related("programme").defer("adoption", "search_text")
    paginator = Paginator(listed, PER_PAGE)
    # Counted already for the summary; a table of thousands is not counted twice.
    paginator.count = filtered.placed.match
    try:
        page = paginator.page(filtered.filter.given.get("page", 1))
    except InvalidPage as error:
        filtered.problems.append(f"page: {error}")
        page = paginator.page(1)
    rows = list(page.object_list) if filtered.valid else []
    sort = filtered.filter.given.get("sort", "")
    context = panel(filtered, programme_keys(request.user), here=LIST) | {
        "rows": rows,
        "page": page,
        "page_query": filtered.query_of([*filtered.pairs, *([("sort", sort)] if sort else []), ("page", "")]),
        "places": place_names(rows),
        "columns": columns(filtered),
        "sort": sort,
        "downloads": downloads(),
        "cite_files": citing.files("/patrols/cite", filtered.query, text=True),
    }
    return render(request, "patrols/patrol_list.html", context, status=200 if filtered.valid else 400)


def downloads() -> list[tuple[str, str]]:
    return [
        ("patrols", _("patrols")),
        ("accounts", _("accounts")),
        ("participants", _("participants")),
        ("stops", _("stops")),
        ("incidents", _("incidents")),
        ("ordinals", _("numbers")),
        ("reports", _("reports")),
    ]


@require_safe
def patrol_detail(request: HttpRequest, uid: str) -> HttpResponse:
    gone = Patrol.objects.select_related("merged_into").filter(uid=uid, state=State.WITHDRAWN).first()
    if gone is not None:
        return _tombstone(request, gone)
    patrol = get_object_or_404(_whole(Patrol.objects.visible_to(request.user)), uid=uid)
    accounts = list(
        Account.objects.visible_to(request.user)
        .filter(patrol=patrol)
        .select_related("report__publisher", "speaker", "counter", "programme")
        .annotate(withheld=of_sensitive_report("report_id"))
        .order_by(F("report__published").asc(nulls_last=True), "uid")
    )
    forces = dict(Force.objects.values_list("slug", "name"))
    pins = patrol.pins.all() if sees_everything(request.user) else patrol.pins.filter(reviewed=True)
    places = place_names([patrol])
    context = {
        "patrol": patrol,
        "accounts": accounts,
        "rows": matrix(patrol, accounts, list(pins), forces),
        "stops": [] if patrol.sensitive else patrol.stops.all(),
        "map_data": _map_data(patrol, places),
        "places": places,
        "corrections": patrol.corrections.all(),
        "cite": citing.of_patrol(patrol),
        "edit_url": _admin_url(request, patrol),
    }
    return render(request, "patrols/patrol_detail.html", context)


def _whole(patrols: QuerySet[Patrol]) -> QuerySet[Patrol]:
    return patrols.select_related("programme", "public_route").prefetch_related(
        Prefetch("ordinals", Ordinal.objects.select_related("counter")),
        Prefetch("participations", Participation.objects.select_related("force")),
        Prefetch("stops", Stop.objects.select_related("place")),
        "incidents__place",
        "zones",
    )


def _tombstone(request: HttpRequest, patrol: Patrol) -> HttpResponse:
    """A withdrawn patrol's id still resolves, if the public ever saw it."""
    withdrawn_at = patrol.changed_at or timezone.now()
    was_public = (
        patrol.published_at is not None
        and patrol.public_from is not None
        and patrol.public_from <= withdrawn_at
    )
    if not (was_public or sees_everything(request.user)):
        raise Http404
    into = patrol.merged_into
    if into and Patrol.objects.visible_to(request.user).filter(pk=into.pk).exists():
        return HttpResponsePermanentRedirect(into.get_absolute_url())
    context = {"patrol": patrol, "edit_url": _admin_url(request, patrol)}
    return render(request, "410.html", context, status=410)


def _admin_url(request: HttpRequest, patrol: Patrol) -> str:
    """The editors' page of the patrol; empty for those who may not see it."""
    if not sees_everything(request.user):
        return ""
    try:
        return reverse("admin:patrols_patrol_change", args=[patrol.pk])
    except NoReverseMatch:
        return ""


def _map_data(patrol: Patrol, names: dict[str, str]) -> dict[str, Any] | None:
    """The public route and the zones of one patrol, for its small map; None where it has no place.

    `names` are those of its places in the reader's language, by slug.
    """
    route = patrol.public_route
    zones = list(patrol.zones.all())
    if route is None and not zones:
        return None
    made = map_settings() | {"scale": compact.SCALE, "zones": [compact.shape(one.geometry) for one in zones]}
    if route is not None:
        made["route"] = {
            "kind": compact.kind(route.geometry),
            "shape": compact.shape(route.geometry),
            "where": patrol.public_where_precision,
        }
    if not patrol.sensitive:
        made["stops"] = [
            [names.get(stop.place.slug, stop.place.name), *compact.run([(stop.place.lon, stop.place.lat)])]
            for stop in patrol.stops.all()
            if stop.place and stop.place.lon is not None and stop.place.lat is not None
        ]
    return made


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {"embargo_hours": settings.EMBARGO_HOURS, "grid": settings.PUBLIC_GRID_DEG}
    return render(request, "patrols/about.html", context)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the database answers; for whoever watches the service."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "failing", "database": "down"}, status=503)
    return JsonResponse({"status": "ok", "database": "up"})
