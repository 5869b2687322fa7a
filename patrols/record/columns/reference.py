"""The tables that the others refer to: programmes, forces, places, routes, context events; and deletions."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from ...models import ContextEvent, Correction, Force, Patrol, Place, Programme, Route, Stop
from ..visibility import visible_patrols
from .definition import Column, Made, Selection, Table, Type
from .expressions import address
from .shared import DATE_PRECISIONS, WHERE_PRECISIONS, patrol_pks

EVENT_KINDS = {code.value: str(code.label) for code in ContextEvent.Kind}
DOMAINS = {code.value: str(code.label) for code in Programme.Domain}
GONE = (Correction.Kind.WITHDRAWN, Correction.Kind.MERGED, Correction.Kind.HELD)
GONE_KINDS = {code.value: str(code.label) for code in GONE}


def _slug(told: str) -> Column:
    return Column(name="id", type=Type.CODE, description=told, source="slug")


def _page(folder: str) -> Column:
    return Column(
        name="url",
        type=Type.URL,
        description="Its page.",
        made=Made.DERIVED,
        source=address(folder, "slug"),
    )


PROGRAMMES = Table(
    name="programmes",
    title="Programmes",
    description="One row for each arrangement under which forces patrol together. A filter does not apply.",
    key=("id",),
    rows=lambda _selection: Programme.objects.order_by("slug"),
    columns=(
        _slug("The programme, as it is named in addresses and filters."),
        _page("programmes"),
        Column(name="name", type=Type.TEXT, description="Its name.", source="name"),
        Column(
            name="parties",
            type=Type.NAMES,
            description="States that take part (ISO 3166-1).",
            source="parties",
        ),
        Column(
            name="domain", type=Type.CODE, codes=DOMAINS, description="Where it patrols.", source="domain"
        ),
        Column(
            name="agreement", type=Type.TEXT, description="The agreement it rests on.", source="agreement"
        ),
        Column(name="start", type=Type.DATE, description="First day, where known.", source="start"),
        Column(
            name="end",
            type=Type.DATE,
            description="Last day, where it has ended.",
            reading="Empty also where nobody has said that it ended.",
            source="end",
        ),
        Column(name="summary", type=Type.TEXT, description="What it is, in our words.", source="summary"),
    ),
)

FORCES = Table(
    name="forces",
    title="Forces",
    description="One row for each force, in a tree under its state. A filter does not apply.",
    key=("id",),
    rows=lambda _selection: Force.objects.order_by("slug"),
    columns=(
        _slug("The force, as it is named in addresses and filters."),
        _page("forces"),
        Column(name="name", type=Type.TEXT, description="Its name.", source="name"),
        Column(name="country", type=Type.CODE, description="Its state (ISO 3166-1).", source="country"),
        Column(
            name="parent", type=Type.CODE, description="The force that it is part of.", source="parent__slug"
        ),
        Column(name="kind", type=Type.TEXT, description="What it is.", source="kind"),
    ),
)


def _places(selection: Selection) -> QuerySet[Any]:
    """Places on the routes of the patrols; those of sensitive patrols alone are not told."""
    named = Stop.objects.filter(
        place=OuterRef("pk"), patrol__in=patrol_pks(selection), patrol__sensitive=False
    )
    return Place.objects.filter(Exists(named)).order_by("slug")


PLACES = Table(
    name="places",
    title="Places",
    description="One row for each gazetteer place on the route of a patrol.",
    key=("id",),
    rows=_places,
    columns=(
        _slug("The place (stops.place)."),
        Column(name="name", type=Type.TEXT, description="Its usual name.", source="name"),
        Column(name="kind", type=Type.TEXT, description="What it is.", source="kind"),
        Column(name="country", type=Type.CODE, description="Its state (ISO 3166-1).", source="country"),
        Column(name="admin1", type=Type.TEXT, description="Its province.", source="admin1"),
        Column(name="geonameid", type=Type.INTEGER, description="The place in GeoNames.", source="geonameid"),
        *(
            Column(
                name=name,
                type=Type.NUMBER,
                unit="degrees",
                description=f"{told} (WGS 84).",
                reading="Empty where its position is not known: it is never made up.",
                source=name,
            )
            for name, told in (("lat", "Latitude"), ("lon", "Longitude"))
        ),
        Column(
            name="where_precision",
            type=Type.INTEGER,
            codes=WHERE_PRECISIONS,
            description="How sharp its position is (UCDP where_prec).",
            source="where_precision",
        ),
        Column(name="parent", type=Type.CODE, description="The place it lies in.", source="parent__slug"),
        Column(name="basis", type=Type.TEXT, description="Where its position comes from.", source="basis"),
    ),
)


def _routes(selection: Selection) -> QuerySet[Any]:
    found = Route.objects.filter(
        pk__in=selection.patrols.order_by().filter(public_route__isnull=False).values("public_route")
    )
    on_it = Count("patrols", filter=Q(patrols__in=patrol_pks(selection)), distinct=True)
    return found.annotate(n_patrols=on_it).order_by("hash")


ROUTES = Table(
    name="routes",
    title="Routes",
    description="One row for each distinct published route; patrols repeat their routes.",
    key=("id",),
    rows=_routes,
    columns=(
        Column(
            name="id",
            type=Type.CODE,
            description="Hash of its published geometry.",
            reading="A route that is drawn anew has another id.",
            made=Made.DERIVED,
            source="hash",
        ),
        Column(
            name="patrols",
            type=Type.INTEGER,
            description="Number of the patrols asked for that took it.",
            made=Made.DERIVED,
            source="n_patrols",
        ),
        Column(
            name="length_km",
            type=Type.NUMBER,
            unit="km",
            description="Geodesic length of the published line.",
            reading="Empty for what is no line.",
            made=Made.DERIVED,
            source="length_km",
        ),
    ),
)

EVENTS = Table(
    name="events",
    title="Context events",
    description="One row for each dated fact that frames the record. A filter does not apply.",
    key=("id",),
    rows=lambda _selection: ContextEvent.objects.order_by("start", "slug"),
    columns=(
        _slug("The event."),
        Column(name="kind", type=Type.CODE, codes=EVENT_KINDS, description="What kind it is.", source="kind"),
        Column(name="title", type=Type.TEXT, description="What happened.", source="title"),
        Column(name="start", type=Type.DATE, description="First day.", source="start"),
        Column(
            name="end",
            type=Type.DATE,
            description="Last day.",
            reading="Empty for a single day, and for what has not ended.",
            source="end",
        ),
        Column(
            name="date_precision",
            type=Type.INTEGER,
            codes=DATE_PRECISIONS,
            description="How sharp the date is (UCDP date_prec).",
            source="date_precision",
        ),
        Column(name="note", type=Type.TEXT, description="More of it, in our words.", source="note"),
        Column(name="source", type=Type.TEXT, description="Who says so.", source="source_name"),
        Column(name="source_url", type=Type.URL, description="Where.", source="source_url"),
    ),
)


def _deletions(_selection: Selection) -> QuerySet[Any]:
    """The last word on every patrol that was public and is so no more."""
    last = (
        Correction.objects.filter(patrol=OuterRef("patrol"), kind__in=GONE)
        .order_by("-at", "-pk")
        .values("pk")
    )
    gone = Correction.objects.filter(pk=Subquery(last[:1]))
    return gone.exclude(patrol__in=Patrol.objects.filter(visible_patrols())).order_by("at", "patrol__uid")


DELETIONS = Table(
    name="deletions",
    title="Deletions",
    description=(
        "One row for each patrol that was public and is no longer: take it out of your copy. A filter does "
        "not apply."
    ),
    key=("id",),
    rows=_deletions,
    columns=(
        Column(name="id", type=Type.CODE, description="Id of the patrol.", source="patrol__uid"),
        Column(name="deleted", type=Type.TIME, description="When it left the public record.", source="at"),
        Column(name="kind", type=Type.CODE, codes=GONE_KINDS, description="How it left.", source="kind"),
        Column(
            name="merged_into",
            type=Type.CODE,
            description="The patrol that it turned out to be.",
            source=Subquery(
                Patrol.objects.filter(visible_patrols(), pk=OuterRef("patrol__merged_into")).values("uid")[:1]
            ),
        ),
    ),
)
