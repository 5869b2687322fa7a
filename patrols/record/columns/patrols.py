"""The table of patrols: the figures adopted for each."""

from __future__ import annotations

from django.db.models import Q

from .definition import Column, Made, Table, Type
from .expressions import address, edtf, geo_precision, of_point
from .imported import INCIDENT_TYPES, STATUSES
from .shared import DATE_PRECISIONS, GEO_PRECISIONS, SENSITIVE, STATES, WHERE_PRECISIONS, spread

PATROLS = Table(
    name="patrols",
    title="Patrols",
    description="One row for each patrol, with the figures adopted from its accounts.",
    key=("id",),
    rows=lambda selection: selection.patrols.in_public_order(),
    columns=(
        Column(name="id", type=Type.CODE, description="Permanent id, never reused.", source="uid"),
        Column(
            name="url",
            type=Type.URL,
            description="Its page, with every account and the reasons.",
            made=Made.DERIVED,
            source=address("patrols", "uid"),
        ),
        Column(
            name="programme",
            type=Type.CODE,
            description="The programme, as it is named in addresses and filters.",
            source="programme__slug",
        ),
        Column(
            name="programme_name",
            type=Type.TEXT,
            description="The programme's name.",
            source="programme__name",
        ),
        Column(
            name="status",
            type=Type.CODE,
            codes=STATUSES,
            description="How far it got; a later stage outranks an earlier one.",
            made=Made.ADOPTED,
            source="status",
        ),
        Column(
            name="date_start",
            type=Type.DATE,
            description="First day on which it can have taken place.",
            reading="A vague date is the span of days that it means. Empty where not known.",
            made=Made.ADOPTED,
            source="date_start",
        ),
        Column(
            name="date_end",
            type=Type.DATE,
            description="Last day on which it can have taken place.",
            reading="Not a duration: the same as date_start where the day is known.",
            made=Made.ADOPTED,
            source="date_end",
        ),
        Column(
            name="date_edtf",
            type=Type.CODE,
            description="The same date as EDTF (ISO 8601-2): 2020-03-15, 2020-03, 2020 or an interval.",
            made=Made.DERIVED,
            source=edtf("date_start", "date_end", "date_precision"),
        ),
        Column(
            name="date_precision",
            type=Type.INTEGER,
            codes=DATE_PRECISIONS,
            description="How sharp the date is (UCDP date_prec).",
            made=Made.ADOPTED,
            source="date_precision",
        ),
        Column(
            name="parties",
            type=Type.LIST,
            description="States whose forces took part (ISO 3166-1 alpha-2).",
            made=Made.ADOPTED,
            source="parties",
        ),
        Column(
            name="forces",
            type=Type.LIST,
            description="Forces that took part; see participants for the figures of each.",
            made=Made.ADOPTED,
            source="forces_text",
        ),
        Column(
            name="sector",
            type=Type.TEXT,
            description="The area, as the adopted account names it.",
            reading=SENSITIVE,
            made=Made.ADOPTED,
            source="sector",
            hidden_if=Q(sensitive=True),
        ),
        Column(
            name="zones",
            type=Type.LIST,
            description="Zones that it touched (zones.id).",
            reading="Outlines are approximations; see zones.basis.",
            made=Made.DERIVED,
            source="zones_text",
        ),
        Column(
            name="places",
            type=Type.LIST,
            description="Gazetteer places on its route, in order; see stops for the sources' spellings.",
            reading=f"Places that could not be resolved are only in stops. {SENSITIVE}",
            made=Made.ADOPTED,
            source="places_text",
            hidden_if=Q(sensitive=True),
        ),
        Column(
            name="where_precision",
            type=Type.INTEGER,
            codes=WHERE_PRECISIONS,
            description="How sharp the published place is (UCDP where_prec).",
            made=Made.DERIVED,
            source="public_where_precision",
        ),
        Column(
            name="geo_precision",
            type=Type.INTEGER,
            codes=GEO_PRECISIONS,
            description="The same in three steps, as ACLED has it.",
            made=Made.DERIVED,
            source=geo_precision("public_where_precision"),
        ),
        *(
            Column(
                name=name,
                type=Type.NUMBER,
                unit="degrees",
                description=f"{told} (WGS 84) of a point on the published route that stands for it.",
                reading=(
                    "Snapped to a grid, coarser for sensitive patrols. "
                    "Empty where only a zone or nothing is known: a vague place is no point."
                ),
                made=Made.DERIVED,
                source=of_point("public_route", name),
            )
            for name, told in (("lat", "Latitude"), ("lon", "Longitude"))
        ),
        Column(
            name="ordinals",
            type=Type.LIST,
            description="Its numbers, each as count:number; see ordinals.",
            reading="Parties count differently: a number means nothing without its count.",
            made=Made.ADOPTED,
            source="ordinals_text",
        ),
        *spread("personnel", "vehicles", "length_km"),
        Column(
            name="length_computed_km",
            type=Type.NUMBER,
            unit="km",
            description="Geodesic length of the published line.",
            reading="Worked out on a coarse line; never mixed with the reported length.",
            made=Made.DERIVED,
            source="length_computed_km",
        ),
        *spread("depth_km", "duration_h"),
        Column(
            name="air_support",
            type=Type.LIST,
            description="Aircraft that took part, as reported.",
            made=Made.ADOPTED,
            source="air_support",
        ),
        Column(
            name="incident_type",
            type=Type.CODE,
            codes=INCIDENT_TYPES,
            description="The gravest thing that happened; see incidents.",
            reading="none only where a report says that nothing happened. Empty: no report says.",
            made=Made.ADOPTED,
            source="incident_type",
        ),
        Column(
            name="contested",
            type=Type.NAMES,
            description="Facts on which participants' own statements exclude each other.",
            reading="The figures shown are still adopted by the rule; see accounts for each side's.",
            made=Made.DERIVED,
            source="contested",
        ),
        Column(
            name="accounts",
            type=Type.INTEGER,
            description="Number of accounts it rests on.",
            made=Made.DERIVED,
            source="accounts_count",
        ),
        Column(
            name="reports",
            type=Type.INTEGER,
            description="Number of reports it rests on.",
            made=Made.DERIVED,
            source="reports_count",
        ),
        Column(
            name="sources",
            type=Type.INTEGER,
            description="Number of different publishers.",
            made=Made.DERIVED,
            source="sources_count",
        ),
        Column(
            name="sensitive",
            type=Type.BOOLEAN,
            description="Published coarsely, without names of places.",
            source="sensitive",
        ),
        Column(
            name="state",
            type=Type.CODE,
            codes=STATES,
            description="Where it stands on its way to the public.",
            reading="Always published in a public file; editors' files also hold the rest.",
            source="state",
        ),
        Column(
            name="published",
            type=Type.TIME,
            description="When it was approved for the public record.",
            source="published_at",
        ),
        Column(
            name="updated",
            type=Type.TIME,
            description="When its public figures last changed.",
            made=Made.DERIVED,
            source="changed_at",
        ),
    ),
)
