"""The columns of a file of accounts on its way in: one row for each patrol that a report tells of."""

from __future__ import annotations

from ...models import IncidentType, Status
from .definition import Column, Table, Type

DAY_PRECISIONS = {"day": "the day is known", "month": "the month is known", "year": "the year is known"}
DATE_BASES = {
    "stated": "the report states it",
    "worked_out": "worked out from a weekday, a series or another report",
}
STATUSES = {
    Status.COMPLETED.value: "driven to its end",
    Status.STARTED.value: "begun; the report does not say how it ended",
    Status.ANNOUNCED.value: "announced for a later time",
    Status.SUSPENDED.value: "broken off on the way",
    Status.CANCELLED.value: "did not take place, or one side stayed away",
}
INCIDENT_TYPES = {
    IncidentType.NONE.value: "the report says that nothing happened; empty where it says nothing",
    IncidentType.STONES.value: "stones or other things thrown",
    IncidentType.PROTEST.value: "people protested",
    IncidentType.BLOCKED.value: "the road was blocked",
    IncidentType.IED.value: "an explosive device",
    IncidentType.ATTACK.value: "an attack with weapons",
    IncidentType.CASUALTY.value: "someone was killed or wounded; outranks the means",
    IncidentType.OTHER.value: "something else",
}
SPEAKERS = {
    "TR_MOD": "the Turkish ministry of defence",
    "RU_MOD": "the Russian ministry of defence",
    "US": "a body of the United States",
    "SDF": "the Syrian Democratic Forces",
    "SOHR": "the Syrian Observatory for Human Rights",
    "AA": "Anadolu Agency",
    "other": "the publisher itself, or someone else",
}
NOT_SAID = "Empty where the report does not say; never 0."


def _count(name: str, what: str) -> Column:
    return Column(name=name, type=Type.INTEGER, description=what, reading=NOT_SAID)


def _figure(name: str, unit: str, what: str) -> Column:
    return Column(name=name, type=Type.NUMBER, unit=unit, description=what, reading=NOT_SAID)


IMPORT = Table(
    name="import",
    title="File of accounts",
    description=(
        "One row for each patrol that a report tells of. UTF-8, with or without a byte order mark, "
        "separated by commas or semicolons, with a header; columns may stand in any order. "
        "An empty cell means that the report does not say, never zero."
    ),
    key=("row",),
    columns=(
        Column(
            name="row",
            type=Type.CODE,
            description="Stable id of the row. The same id in a later file replaces what the row said.",
        ),
        Column(
            name="programme",
            type=Type.CODE,
            description="Code of the programme. A new programme is created in the admin first.",
            required=True,
        ),
        Column(
            name="number",
            type=Type.INTEGER,
            description="The patrol's number in a count, as the report gives it.",
            reading="A number means nothing without number_series.",
        ),
        Column(
            name="number_series",
            type=Type.CODE,
            description="Whose count the number belongs to: the code of a counter of the programme.",
            reading="unstated where the report does not say whose count it is.",
        ),
        Column(
            name="date",
            type=Type.VAGUE_DATE,
            description="Day (YYYY-MM-DD), month (YYYY-MM) or year (YYYY) of the patrol.",
            required=True,
        ),
        Column(
            name="date_precision",
            type=Type.CODE,
            codes=DAY_PRECISIONS,
            description="How sharp the date is; worked out from the date where empty.",
        ),
        Column(name="date_basis", type=Type.CODE, codes=DATE_BASES, description="Where the date comes from."),
        Column(
            name="status",
            type=Type.CODE,
            codes=STATUSES,
            description="How far the patrol got.",
            reading="A claim about a programme (claim_count) may leave it empty.",
            required=True,
        ),
        Column(name="sector", type=Type.TEXT, description="The area, as the report names it."),
        Column(name="start_place", type=Type.TEXT, description="Where it started, in the report's spelling."),
        Column(name="end_place", type=Type.TEXT, description="Where it ended, in the report's spelling."),
        Column(
            name="waypoints",
            type=Type.LIST,
            description="Places on the way, in order, in the report's spelling.",
        ),
        Column(name="forces", type=Type.LIST, description="The forces, as the report names them."),
        _count("personnel_total", "People in all."),
        _count("personnel_tr", "People of the Turkish side."),
        _count("personnel_ru", "People of the Russian side."),
        _count("vehicles_total", "Vehicles in all; at sea ships, in the air aircraft."),
        _count("vehicles_tr", "Vehicles of the Turkish side."),
        _count("vehicles_ru", "Vehicles of the Russian side."),
        Column(name="air_support", type=Type.LIST, description="Aircraft that took part, as reported."),
        _figure("length_km", "km", "Length of the route, as reported."),
        _figure("depth_km", "km", "Depth from the border or the line, as reported."),
        _figure("duration_h", "h", "How long it lasted, as reported."),
        Column(
            name="incident_type",
            type=Type.CODE,
            codes=INCIDENT_TYPES,
            description="What happened to or by the patrol.",
        ),
        Column(
            name="incident_note",
            type=Type.TEXT,
            description="What happened, in your own words. It is published.",
        ),
        _count("claim_count", "A number of patrols that the report claims for the programme as a whole."),
        Column(name="claim_from", type=Type.VAGUE_DATE, description="When the claimed count begins."),
        Column(name="claim_to", type=Type.VAGUE_DATE, description="When the claimed count ends."),
        Column(
            name="note",
            type=Type.TEXT,
            description="Anything else, in your own words, for editors.",
            reading="Never published.",
            public=False,
        ),
        Column(
            name="statement_by",
            type=Type.CODE,
            codes=SPEAKERS,
            description="Who speaks. A newspaper that repeats a ministry has the ministry here.",
            reading="Other publishers of the record may be named by their own speaker code.",
        ),
        Column(name="source_name", type=Type.TEXT, description="Name of the publisher.", required=True),
        Column(name="source_url", type=Type.URL, description="Address of the report.", required=True),
        Column(
            name="source_date",
            type=Type.VAGUE_DATE,
            description="Day the report was published; of a month or a year only the editors' note is kept.",
        ),
        Column(name="source_lang", type=Type.CODE, description="Language of the report (ISO 639-1)."),
    ),
)
