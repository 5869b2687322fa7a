"""What the published tables share: codes, units and columns that several of them have."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from ...models import (
    DatePrecision,
    IncidentType,
    Participation,
    Patrol,
    Publisher,
    State,
    Status,
    Stop,
    WherePrecision,
    Zone,
)
from .definition import Column, Made, Selection, Type
from .imported import INCIDENT_TYPES, STATUSES

NOT_KNOWN = "Empty where not known; never 0."
SENSITIVE = "Empty for sensitive patrols."
DATE_PRECISIONS = {code.value: str(code.label) for code in DatePrecision}
WHERE_PRECISIONS = {code.value: str(code.label) for code in WherePrecision}
GEO_PRECISIONS = {
    1: "place or its surroundings",
    2: "part of a region, a line or a zone",
    3: "region or vaguer",
}
ROLES = {code.value: str(code.label) for code in Participation.Role}
STOP_ROLES = {code.value: str(code.label) for code in Stop.Role}
ZONE_KINDS = {code.value: str(code.label) for code in Zone.Kind}
STATES = {code.value: str(code.label) for code in State}
PUBLISHER_KINDS = {code.value: str(code.label) for code in Publisher.Kind}
RELIABILITIES = {code.value: str(code.label) for code in Publisher.Reliability}
assert STATUSES.keys() == set(Status.values)
assert INCIDENT_TYPES.keys() == set(IncidentType.values)

UNITS = {"length_km": "km", "depth_km": "km", "duration_h": "h"}
AMOUNTS = {
    "personnel": "People in all",
    "vehicles": "Vehicles in all (at sea ships, in the air aircraft)",
    "length_km": "Length of the route as reported",
    "depth_km": "Depth from the border or the line as reported",
    "duration_h": "How long it lasted as reported",
}


def _type(fact: str) -> Type:
    return Type.NUMBER if fact in UNITS else Type.INTEGER


def spread(*facts: str, what: str = "") -> list[Column]:
    """low, best and high of each fact."""
    ends = {
        "low": "the lowest that an account gives",
        "best": "adopted",
        "high": "the highest that an account gives",
    }
    return [
        Column(
            name=f"{fact}_{end}",
            type=_type(fact),
            unit=UNITS.get(fact, ""),
            description=f"{what or AMOUNTS[fact]}: {told}.",
            reading=NOT_KNOWN,
            made=Made.ADOPTED,
            source=f"{fact}_{end}",
        )
        for fact in facts
        for end, told in ends.items()
    ]


def patrol_key() -> Column:
    return Column(
        name="patrol", type=Type.CODE, description="Id of the patrol (patrols.id).", source="patrol__uid"
    )


def patrol_pks(selection: Selection) -> QuerySet[Patrol, Any]:
    return selection.patrols.order_by().values("pk")
