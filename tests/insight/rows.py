"""Plain rows for the tests of analyses, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

from patrols.insight.ledger import Held
from patrols.insight.material import AccountRow, Area, Group, Material, NumberedRow, PatrolRow
from patrols.insight.table import Table

NORTH = Group("north", "North programme", 1)
SOUTH = Group("south", "South programme", 2, date(2020, 6, 30))


def patrol(day: str = "", *, programme: str = "north", status: str = "completed", **facts: Any) -> PatrolRow:
    """A patrol on one day; without one, undated."""
    dates = {}
    if day:
        dates = {"first": date.fromisoformat(day), "last": date.fromisoformat(day), "precision": 1}
    return PatrolRow(**{"programme": programme, "status": status, **dates, **facts})


def month(text: str, **facts: Any) -> PatrolRow:
    """A patrol of which only the month is known, of 30 days for short."""
    first = date.fromisoformat(f"{text}-01")
    return patrol(first=first, last=first.replace(day=28), precision=4, **facts)


def year(number: int, **facts: Any) -> PatrolRow:
    return patrol(first=date(number, 1, 1), last=date(number, 12, 31), precision=5, **facts)


def account(number: int, *, kind: str = "agency", voice: int = 1, **values: Any) -> AccountRow:
    return AccountRow(**{"patrol": number, "programme": "north", "kind": kind, "voice": voice, **values})


def numbered(day: str, *counters: str, programme: str = "north") -> NumberedRow:
    held = Held(day, date.fromisoformat(day), date.fromisoformat(day), dict.fromkeys(counters, (1,)))
    return NumberedRow(programme, held)


def material(*patrols: PatrolRow, **more: Any) -> Material:
    given = {
        "programmes": {"north": NORTH, "south": SOUTH},
        "zones": [Area("strip", "The strip", date(2020, 1, 15), None)],
        "until": date(2021, 1, 1),
        **more,
    }
    return Material(patrols=patrols, **given)


def column(table: Table, name: str) -> list[Any]:
    return [row[name] for row in table.records()]


def only(table: Table) -> dict[str, Any]:
    (row,) = table.records()
    return row
