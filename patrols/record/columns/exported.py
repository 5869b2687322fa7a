"""The tables that researchers take away: those of patrols' parts, the zones, and the list of all.

Every table starts from the patrols of the `Selection`, which are already filtered and visible; only accounts
and claims have a rule of their own besides, `visible_to`. What a file holds of a patrol is its public side
for everyone: an editor gets more rows, never a sharper place. Texts that tell where a sensitive patrol was
are left empty.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Model, Q, QuerySet

from ...models import Incident, Ordinal, Participation, Stop, Zone
from .definition import Column, Made, Selection, Table, Type
from .evidence import ACCOUNTS, CLAIMS, REPORTS
from .expressions import address
from .imported import INCIDENT_TYPES
from .patrols import PATROLS
from .reference import DELETIONS, EVENTS, FORCES, PLACES, PROGRAMMES, ROUTES
from .shared import ROLES, SENSITIVE, STOP_ROLES, ZONE_KINDS, patrol_key, patrol_pks, spread


def _children(model: type[Model], *order: str) -> Any:
    """Rows of a child table, patrol by patrol in the order of patrols.csv."""

    def rows(selection: Selection) -> QuerySet[Any]:
        children: QuerySet[Any] = model._default_manager.filter(patrol__in=patrol_pks(selection))
        return children.order_by(F("patrol__date_start").desc(nulls_last=True), "patrol__uid", *order)

    return rows


PARTICIPANTS = Table(
    name="participants",
    title="Participants",
    description="One row for each force in each patrol, with that force's own figures where they were given.",
    key=("patrol", "force"),
    rows=_children(Participation, "force__country", "force__slug"),
    columns=(
        patrol_key(),
        Column(
            name="force", type=Type.CODE, description="The force.", made=Made.ADOPTED, source="force__slug"
        ),
        Column(name="force_name", type=Type.TEXT, description="Its name.", source="force__name"),
        Column(
            name="country", type=Type.CODE, description="Its state (ISO 3166-1).", source="force__country"
        ),
        Column(
            name="role",
            type=Type.CODE,
            codes=ROLES,
            description="What it did.",
            made=Made.ADOPTED,
            source="role",
        ),
        *spread("personnel", what="People of this side"),
        *spread("vehicles", what="Vehicles of this side"),
    ),
)

STOPS = Table(
    name="stops",
    title="Stops",
    description="One row for each place on the route of each patrol, in order. None for sensitive patrols.",
    key=("patrol", "order"),
    rows=lambda selection: _children(Stop, "order")(selection).exclude(patrol__sensitive=True),
    columns=(
        patrol_key(),
        Column(name="order", type=Type.INTEGER, description="1 for the first.", source="order"),
        Column(
            name="role",
            type=Type.CODE,
            codes=STOP_ROLES,
            description="Start, on the way or end, where the source says so.",
            made=Made.ADOPTED,
            source="role",
        ),
        Column(
            name="spelling",
            type=Type.TEXT,
            description="Its name, as the adopted account spells it.",
            made=Made.ADOPTED,
            source="spelling",
        ),
        Column(
            name="place",
            type=Type.CODE,
            description="The gazetteer place it was resolved to.",
            reading="Empty where it could not be resolved.",
            made=Made.DERIVED,
            source="place__slug",
        ),
        Column(
            name="place_name", type=Type.TEXT, description="That place's usual name.", source="place__name"
        ),
        Column(
            name="geonameid",
            type=Type.INTEGER,
            description="That place in GeoNames.",
            source="place__geonameid",
        ),
    ),
)

INCIDENTS = Table(
    name="incidents",
    title="Incidents",
    description="One row for each thing that happened to or by a patrol.",
    rows=_children(Incident, "pk"),
    columns=(
        patrol_key(),
        Column(
            name="type",
            type=Type.CODE,
            codes=INCIDENT_TYPES,
            description="What happened.",
            reading="none where a report says that nothing happened.",
            made=Made.ADOPTED,
            source="type",
        ),
        Column(
            name="note",
            type=Type.TEXT,
            description="What happened, in our own words.",
            reading=SENSITIVE,
            made=Made.ADOPTED,
            source="note",
            hidden_if=Q(patrol__sensitive=True),
        ),
        Column(
            name="place",
            type=Type.CODE,
            description="Where, as a gazetteer place.",
            reading=SENSITIVE,
            made=Made.ADOPTED,
            source="place__slug",
            hidden_if=Q(patrol__sensitive=True),
        ),
    ),
)

ORDINALS = Table(
    name="ordinals",
    title="Ordinals",
    description="One row for each number that a patrol has in someone's count.",
    key=("patrol", "counter", "number"),
    rows=_children(Ordinal, "counter__slug", "number"),
    columns=(
        patrol_key(),
        Column(
            name="counter",
            type=Type.CODE,
            description="The count.",
            made=Made.ADOPTED,
            source="counter__slug",
        ),
        Column(name="counter_name", type=Type.TEXT, description="Whose count it is.", source="counter__name"),
        Column(
            name="counter_party",
            type=Type.CODE,
            description="The state that counts (ISO 3166-1), if one does.",
            source="counter__party",
        ),
        Column(
            name="number",
            type=Type.INTEGER,
            description="The patrol's number in it.",
            reading="Two patrols under one number of one count are a fact of the sources, not an error.",
            made=Made.ADOPTED,
            source="number",
        ),
        Column(
            name="accounts",
            type=Type.INTEGER,
            description="Number of accounts that give it.",
            made=Made.DERIVED,
            source="accounts_count",
        ),
    ),
)

ZONES = Table(
    name="zones",
    title="Zones",
    description="One row for each zone of the record. A filter does not apply to zones.",
    key=("id",),
    rows=lambda _selection: Zone.objects.order_by("slug"),
    columns=(
        Column(
            name="id",
            type=Type.CODE,
            description="The zone, as it is named in addresses and filters.",
            source="slug",
        ),
        Column(
            name="url",
            type=Type.URL,
            description="Its page.",
            made=Made.DERIVED,
            source=address("zones", "slug"),
        ),
        Column(name="name", type=Type.TEXT, description="Its name.", source="name"),
        Column(
            name="kind",
            type=Type.CODE,
            codes=ZONE_KINDS,
            description="What kind of zone it is.",
            source="kind",
        ),
        Column(
            name="depth_km",
            type=Type.NUMBER,
            unit="km",
            description="Depth from the border or the line, where it was laid down.",
            source="depth_km",
        ),
        Column(name="valid_from", type=Type.DATE, description="First day it held.", source="valid_from"),
        Column(
            name="valid_to",
            type=Type.DATE,
            description="Last day it held.",
            reading="Empty while it still holds.",
            source="valid_to",
        ),
        *(
            Column(
                name=name,
                type=Type.NUMBER,
                unit="degrees",
                description="Edge of the box around its outline (WGS 84).",
                made=Made.DERIVED,
                source=name,
            )
            for name in ("min_lon", "min_lat", "max_lon", "max_lat")
        ),
        Column(
            name="basis",
            type=Type.TEXT,
            description="How the outline was made. It is an approximation.",
            source="basis",
        ),
    ),
)

TABLES = {
    table.name: table
    for table in (
        *(PATROLS, ACCOUNTS, PARTICIPANTS, STOPS, INCIDENTS, CLAIMS, ORDINALS, REPORTS),
        *(PROGRAMMES, FORCES, ZONES, PLACES, ROUTES, EVENTS, DELETIONS),
    )
}
"""Every table that is published, by the name of its file."""
