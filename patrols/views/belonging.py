"""The pages of what patrols belong to: programmes with their ledger, zones, forces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..filters import no_such
from ..insight import sums
from ..insight.books import Books, named
from ..insight.ledger import Compared, Ledger
from ..insight.lines import Chart
from ..insight.rhythm import SET_OUT
from ..models import Claim, Force, Ordinal, Participation, Patrol, Programme, Zone
from ..publish import compact, csv
from ..publish.map import programme_keys
from ..publish.revision import data_state
from ..record.columns import LEDGER
from ..record.visibility import embargo_date
from ..templatetags.ledger import difference, ledger_summary, reservation
from ..templatetags.record import in_words, period, qualified
from . import citing
from .data import BOM, bom_problems, csv_file
from .filtering import Filtered, refusal
from .listing import columns
from .map import LIST, map_settings, place_names

LATEST = 12


def _figures(patrols: QuerySet[Patrol]) -> dict[str, Any]:
    """Counts of a set of visible patrols, in one query."""
    return patrols.order_by().aggregate(
        all=Count("pk", distinct=True),
        held=Count("pk", filter=Q(status="completed"), distinct=True),
        set_out=Count("pk", filter=Q(status__in=SET_OUT), distinct=True),
        broken_off=Count("pk", filter=Q(status="suspended"), distinct=True),
        cancelled=Count("pk", filter=Q(status="cancelled"), distinct=True),
        incidents=Count("pk", filter=~Q(incident_type__in=["", "none"]), distinct=True),
        contested=Count("pk", filter=~Q(contested=[]), distinct=True),
        single=Count("pk", filter=Q(sources_count=1), distinct=True),
        first=Min("date_start"),
        last=Max("date_end"),
    )


def _latest(patrols: QuerySet[Patrol]) -> list[Patrol]:
    ordered = patrols.in_public_order() if hasattr(patrols, "in_public_order") else patrols
    return list(ordered.select_related("programme").defer("adoption", "search_text")[:LATEST])


def _about(
    request: HttpRequest,
    patrols: QuerySet[Patrol],
    query: str,
    *,
    without: str = "",
    until: date | None = None,
) -> dict[str, Any]:
    """What the pages of a programme, a zone and a force have in common.

    `without` is a column of the table that would say the same in every row; after `until`, the end of a
    programme or zone, no gap is counted.
    """
    rows = _latest(patrols)
    figures = _figures(patrols)
    state = data_state(request.user)
    return {
        "figures": figures,
        "state": state,
        "version": state[0],
        "incidents": sums.incidents(patrols, figures["set_out"]),
        "sources": sums.sources(patrols, request.user, all=figures["all"], single=figures["single"]),
        "rhythm": sums.rhythm_of(patrols, min(until or date.max, embargo_date())),
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
    books = Books.of(programme, request.user)
    claims = beside_the_record(books)
    inside = sums.zones(patrols)
    counted = {zone.pk for zone, _patrols in inside}
    about = _about(request, patrols, f"programme={programme.slug}", without="programme", until=programme.end)
    context = about | {
        "programme": programme,
        "pages": [page_of(book, books, claims) for book in books.ledgers],
        "unstated": books.unstated,
        "claims": claims,
        "pairs": sums.pairs(patrols),
        "zones": [*inside, *((zone, 0) for zone in programme.zones.all() if zone.pk not in counted)],
        "cite": citing.of_programme(programme, about["state"]),
        "ledger_columns": LEDGER.columns,
    }
    return render(request, "patrols/programme_detail.html", context)


@dataclass(slots=True)
class ClaimGroup:
    """One total that several reports give alike, beside what the record holds for its period and count."""

    claim: Claim
    count: str
    """Slug of the count that it belongs to, "" where none is known."""
    count_name: str
    found: Compared
    reports: list[Claim] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        claim = self.claim
        time, until = "", claim.report.published
        if claim.date_from or claim.date_to:
            time = period(claim)
        elif until:
            time = _("until {last}").format(last=in_words(until, until, 1))
        claimed = qualified(claim.count, claim.qualifier)
        return difference(named(claim), claimed, time, claim.count, self.found)

    @property
    def reservation(self) -> str:
        return reservation(self.found)


def beside_the_record(books: Books) -> list[ClaimGroup]:
    """Claims that say the same for the same voice are one row; patrols that set out are what is recorded."""
    groups: dict[tuple[Any, ...], ClaimGroup] = {}
    names = {one.slug: one.name for one in books.counts}
    for claim in books.claims:
        count = books.count_of(claim)
        voice = claim.speaker_id or claim.report.publisher_id
        key = (claim.count, claim.qualifier, claim.date_from, claim.date_to, count, voice)
        if key not in groups:
            groups[key] = ClaimGroup(claim, count, names.get(count, ""), books.beside(claim))
        groups[key].reports.append(claim)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A count as the page shows it: its numbers, its lines, and its greatest total against the record."""

    book: Ledger
    chart: Chart | None
    sentence: str
    reservation: str


def page_of(book: Ledger, books: Books, claims: Iterable[ClaimGroup]) -> LedgerPage:
    own = [one for one in claims if one.count == book.count.slug and one.found.missing is not None]
    greatest = max(own, key=lambda one: (one.claim.count, len(one.reports)), default=None)
    if greatest:
        return LedgerPage(book, books.lines(book), greatest.sentence, greatest.reservation)
    return LedgerPage(book, books.lines(book), ledger_summary(book), reservation(books.itself(book)))


@require_safe
def ledger_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every number of every count of the programme, as the page shows them."""
    programme = get_object_or_404(Programme, slug=slug)
    unknown = [no_such(name) for name in request.GET if name != "bom"]
    if problems := [*unknown, *bom_problems(request)]:
        return refusal(problems)
    books = Books.of(programme, request.user)
    chunks = csv.written(LEDGER, books.rows(), bom=BOM[request.GET.get("bom", "")])
    return csv_file(chunks, f"ledger-{slug}", request)


@require_safe
def zone_detail(request: HttpRequest, slug: str) -> HttpResponse:
    zone = get_object_or_404(Zone, slug=slug)
    patrols = Patrol.objects.visible_to(request.user).filter(zones=zone)
    outline = map_settings() | {"scale": compact.SCALE, "zones": [compact.shape(zone.geometry)]}
    context = _about(request, patrols, f"zone={zone.slug}", until=zone.valid_to) | {
        "zone": zone,
        "map_data": outline,
        "pairs": sums.pairs(patrols),
        "programmes": sums.programmes(patrols),
        "numbers": _numbers(patrols),
    }
    return render(request, "patrols/zone_detail.html", context)


@dataclass(frozen=True, slots=True)
class CountedHere:
    """A count, and which of its numbers patrols of this place bear."""

    name: str
    programme: Programme
    numbers: list[Ordinal]


def _numbers(patrols: QuerySet[Patrol]) -> list[CountedHere]:
    """Numbers by count. Which numbers a zone lacks nobody can know. One query."""
    found: dict[int, CountedHere] = {}
    ordinals = Ordinal.objects.filter(patrol__in=patrols.order_by().values("pk"))
    for one in ordinals.select_related("counter__programme", "patrol").order_by(
        "counter__programme__name", "counter__slug", "number", "patrol__uid"
    ):
        here = found.setdefault(one.counter_id, CountedHere(one.counter.name, one.counter.programme, []))
        here.numbers.append(one)
    return list(found.values())


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
        # A force without services of its own would say the same twice.
        "pairs": sums.pairs(patrols, under) if len(under) > 1 else [],
        "programmes": sums.programmes(patrols),
        "zones": sums.zones(patrols),
    }
    return render(request, "patrols/force_detail.html", context)
