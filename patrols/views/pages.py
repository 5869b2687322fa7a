"""The public pages: the list, one patrol, programmes, zones, forces, and what the record is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db import OperationalError, connection
from django.db.models import Count, F, Max, Min, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..models import (
    Account,
    Claim,
    Force,
    Ordinal,
    Participation,
    Patrol,
    Programme,
    State,
    Stop,
    Zone,
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
LATEST = 12


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
    context = {
        "patrol": patrol,
        "accounts": accounts,
        "rows": matrix(patrol, accounts, list(pins), forces),
        "stops": [] if patrol.sensitive else patrol.stops.all(),
        "map_data": _map_data(patrol),
        "places": place_names([patrol]),
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


def _map_data(patrol: Patrol) -> dict[str, Any] | None:
    """The public route and the zones of one patrol, for its small map; None where it has no place."""
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
            [stop.place.name, *compact.run([(stop.place.lon, stop.place.lat)])]
            for stop in patrol.stops.all()
            if stop.place and stop.place.lon is not None and stop.place.lat is not None
        ]
    return made


# What patrols belong to


def _figures(patrols: QuerySet[Patrol]) -> dict[str, Any]:
    """Counts of a set of visible patrols, in one query."""
    return patrols.order_by().aggregate(
        all=Count("pk", distinct=True),
        held=Count("pk", filter=Q(status="completed"), distinct=True),
        broken_off=Count("pk", filter=Q(status="suspended"), distinct=True),
        cancelled=Count("pk", filter=Q(status="cancelled"), distinct=True),
        incidents=Count("pk", filter=~Q(incident_type__in=["", "none"]), distinct=True),
        contested=Count("pk", filter=~Q(contested=[]), distinct=True),
        first=Min("date_start"),
        last=Max("date_end"),
    )


def _latest(patrols: QuerySet[Patrol]) -> list[Patrol]:
    ordered = patrols.in_public_order() if hasattr(patrols, "in_public_order") else patrols
    return list(ordered.select_related("programme").defer("adoption", "search_text")[:LATEST])


def _about(
    request: HttpRequest, patrols: QuerySet[Patrol], query: str, *, without: str = ""
) -> dict[str, Any]:
    """What the pages of a programme, a zone and a force have in common.

    `without` is a column of the table that would say the same in every row.
    """
    rows = _latest(patrols)
    return {
        "figures": _figures(patrols),
        "rows": rows,
        "places": place_names(rows),
        "columns": [one for one in columns(Filtered(request), sortable=False) if one.css != without],
        "without": without,
        "colours": {one.pk: one.colour for one in programme_keys(request.user)},
        "query": query,
        "here": LIST,
    }


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    spans = {
        programme: (first, last)
        for programme, first, last in Patrol.objects.visible_to(request.user)
        .order_by()
        .values_list("programme")
        .annotate(Min("date_start"), Max("date_end"))
    }
    keys = {one.pk: one for one in programme_keys(request.user)}
    programmes = Programme.objects.in_bulk(keys)
    rows = [
        (programmes[pk], key, *spans.get(pk, (None, None))) for pk, key in keys.items() if pk in programmes
    ]
    return render(request, "patrols/programme_list.html", {"rows": rows})


@require_safe
def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.prefetch_related("zones", "events"), slug=slug)
    patrols = Patrol.objects.visible_to(request.user).filter(programme=programme)
    claims = (
        Claim.objects.visible_to(request.user)
        .filter(programme=programme)
        .select_related("report__publisher", "speaker", "counter")
        .annotate(withheld=of_sensitive_report("report_id"))
        .order_by("date_to", "count")
    )
    context = _about(request, patrols, f"programme={programme.slug}", without="programme") | {
        "programme": programme,
        "claims": _beside_the_record(claims, patrols),
        "cite": citing.of_programme(programme, request),
    }
    return render(request, "patrols/programme_detail.html", context)


HELD = ("completed", "started", "suspended")


WHOLE_COUNT = "overall"
"""Slug of the counter that counts every patrol of its programme, unlike an area's or one party's."""


@dataclass(slots=True)
class ClaimGroup:
    """One total that several reports give alike, beside what the record holds for its period and count."""

    claim: Claim
    recorded: int | None
    """None where the claim can be held against no period."""
    reports: list[Claim] = field(default_factory=list)


def _beside_the_record(claims: Iterable[Claim], patrols: QuerySet[Patrol]) -> list[ClaimGroup]:
    """Claims that say the same for the same voice are one row; patrols that set out are what is recorded."""
    held = list(
        patrols.order_by().filter(status__in=HELD).values_list("date_start", "date_end", "ordinals_text")
    )
    groups: dict[tuple[Any, ...], ClaimGroup] = {}
    for claim in claims:
        count = claim.counter.slug if claim.counter and claim.counter.slug != WHOLE_COUNT else ""
        voice = claim.speaker_id or claim.report.publisher_id
        key = (claim.count, claim.qualifier, claim.date_from, claim.date_to, count, voice)
        if key not in groups:
            groups[key] = ClaimGroup(claim, _recorded(claim, count, held))
        groups[key].reports.append(claim)
    return list(groups.values())


def _recorded(claim: Claim, count: str, held: Iterable[tuple[date | None, date | None, str]]) -> int | None:
    """How many of the patrols (first day, last day, numbers) fall under the claim.

    A count without an end was taken when it was published. Of an area's or a party's count only the
    patrols with a number in it are known to belong to it.
    """
    until = claim.date_to or claim.report.published
    if until is None:
        return None
    return sum(
        start is not None
        and start <= until
        and (claim.date_from is None or (end or start) >= claim.date_from)
        and (not count or f";{count}:" in f";{ordinals}")
        for start, end, ordinals in held
    )


@require_safe
def zone_detail(request: HttpRequest, slug: str) -> HttpResponse:
    zone = get_object_or_404(Zone.objects.prefetch_related("programmes"), slug=slug)
    patrols = Patrol.objects.visible_to(request.user).filter(zones=zone)
    outline = map_settings() | {"scale": compact.SCALE, "zones": [compact.shape(zone.geometry)]}
    context = _about(request, patrols, f"zone={zone.slug}") | {"zone": zone, "map_data": outline}
    return render(request, "patrols/zone_detail.html", context)


@require_safe
def force_detail(request: HttpRequest, slug: str) -> HttpResponse:
    force = get_object_or_404(Force.objects.select_related("parent"), slug=slug)
    under = Filtered(request).filter.known.under([force.slug])
    patrols = Patrol.objects.visible_to(request.user).filter(participations__force__in=under).distinct()
    partners = (
        Participation.objects.filter(patrol__in=patrols.order_by().values("pk"))
        .exclude(force__country=force.country)
        .order_by()
        .values("force__slug", "force__name", "force__country")
        .annotate(patrols=Count("patrol", distinct=True))
        .order_by("-patrols", "force__name")
    )
    context = _about(request, patrols, f"force={force.slug}") | {
        "force": force,
        "children": force.children.all(),
        "partners": partners,
    }
    return render(request, "patrols/force_detail.html", context)


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
