"""From a row's values to what the record would hold of it: an account of a patrol, a claim, or both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from patrols.models import DatePrecision, Programme, Publisher, Status
from patrols.record.facts import UNSTATED

from .directory import Directory
from .tabular import Problem, shorten
from .values import TOTAL, Row, Wrong

SIDES = ("personnel", "vehicles")
FIGURES = ("length_km", "depth_km", "duration_h")
CLAIM_NOTE = 500
QUIET = ("", "none", "other")
"""Incidents that say no more than that something was reported of the programme."""

_NO_PRINT = ("row", "claim_count", "claim_from", "claim_to")
"""Columns that are no part of what an account says."""


@dataclass(slots=True)
class Draft:
    """What a row says, in the record's terms: the fields of its account and its claim, None for none."""

    line: int
    row: str
    url: str
    publisher: Publisher
    published: date | None
    language: str
    programme: Programme
    fingerprint: str
    account: dict[str, Any] | None
    claim: dict[str, Any] | None


def draft(line: int, row: Row, directory: Directory) -> tuple[Draft | None, list[Problem]]:
    """The row in the record's terms, or what the record does not know about it."""
    problems: list[Problem] = []
    text = row.text
    programme = speaker = counter = None
    try:
        programme = directory.programme(text["programme"])
        series = text.get("number_series", "") or (UNSTATED if "number" in row.figures else "")
        if series:
            counter = directory.counter(programme, series)
    except Wrong as wrong:
        column = "programme" if programme is None else "number_series"
        problems.append(Problem(column, f"“{shorten(text.get(column, ''))}” {wrong}"))
    try:
        speaker = directory.speaker(text.get("statement_by", ""))
    except Wrong as wrong:
        problems.append(Problem("statement_by", f"“{shorten(text['statement_by'])}” {wrong}"))
    if problems or programme is None:
        return None, problems
    publisher, own = directory.source(text["source_name"])
    own = own and (speaker is None or speaker is publisher)
    areas, route = directory.places(row)
    published = row.dates.get("source_date")
    day = published.start if published and published.precision == DatePrecision.DAY else None
    account: dict[str, Any] | None = None
    claim: dict[str, Any] | None = None
    only_claim = tells_only_a_claim(row)
    if not only_claim:
        account = _said(row, areas, route, directory)
        account |= {"programme": programme, "speaker": speaker, "own_reporting": own}
        account["counter"] = counter if "number" in row.figures else None
        if published and day is None:
            # The record keeps days only; the vaguer date is not lost to the editors.
            dated = f"Report dated {_vague(published.start, published.precision)}."
            account["note"] = _with(account["note"], dated)
    if "claim_count" in row.figures:
        claim = _claimed(row, only_claim) | {"speaker": speaker}
        if counter is None and only_claim:
            counter = directory.area_counter(programme, areas)
        claim["counter"] = counter
    made = Draft(
        line=line,
        row=text.get("row", ""),
        url=text["source_url"],
        publisher=publisher,
        published=day,
        language=text.get("source_lang", "")[:5],
        programme=programme,
        fingerprint=fingerprint(row),
        account=account,
        claim=claim,
    )
    return made, []


def tells_only_a_claim(row: Row) -> bool:
    """Whether a row speaks of a programme's count and of no patrol that could be told from others."""
    if "claim_count" not in row.figures:
        return False
    text, when = row.text, row.dates.get("date")
    singled_out = (
        set(row.figures) - {"claim_count"}
        or row.personnel_by_side
        or row.vehicles_by_side
        or any(text.get(name) for name in ("start_place", "end_place", "waypoints", "air_support"))
        or text.get("incident_type", "") not in QUIET
    )
    if singled_out:
        return False
    # "Suspended" with a count and nothing else is the programme's suspension, not a patrol's.
    vague = when is None or when.precision >= DatePrecision.MONTH
    return vague or text.get("status") == Status.SUSPENDED


def fingerprint(row: Row) -> str:
    """A hash of what the row says, whatever the record makes of its words."""
    text = sorted(f"{name}={value}" for name, value in row.text.items() if name not in _NO_PRINT)
    figures = sorted(f"{name}={value:g}" for name, value in row.figures.items() if name not in _NO_PRINT)
    dates = sorted(
        f"{name}={when.start}/{when.end}/{when.precision:d}"
        for name, when in row.dates.items()
        if name not in _NO_PRINT
    )
    sides = [sorted(row.personnel_by_side.items()), sorted(row.vehicles_by_side.items())]
    return hashlib.sha256(repr((text, figures, dates, sides)).encode()).hexdigest()


def _said(row: Row, areas: list[str], route: list[dict[str, Any]], directory: Directory) -> dict[str, Any]:
    text, when = row.text, row.dates.get("date")
    named = text.get("forces", "")
    slugs, unknown = directory.named_forces(named)
    note = text.get("note", "")
    if unknown:
        note = _with(note, f"Forces not in the record: {'; '.join(unknown)}.")
    said: dict[str, Any] = {
        "number": row.whole("number"),
        "date_start": when.start if when else None,
        "date_end": when.end if when else None,
        "date_precision": int(when.precision) if when else None,
        "date_stated": when.stated if when else True,
        "status": text.get("status", ""),
        "sector": text.get("sector", ""),
        "areas": areas,
        "route": route,
        "forces": list(slugs),
        "forces_as_named": named,
        "air_support": text.get("air_support", ""),
        "incident_type": text.get("incident_type", ""),
        "incident_note": text.get("incident_note", ""),
        "note": note,
    }
    for name in SIDES:
        said[name] = row.whole(f"{name}_{TOTAL}")
    said["personnel_by_side"] = row.personnel_by_side
    said["vehicles_by_side"] = row.vehicles_by_side
    return said | {name: row.figures.get(name) for name in FIGURES}


def _claimed(row: Row, alone: bool) -> dict[str, Any]:
    """The claim's own fields. A note that may be about a patrol stays with its account, for editors only."""
    start, end = row.dates.get("claim_from"), row.dates.get("claim_to")
    return {
        "count": row.whole("claim_count"),
        "date_from": start.start if start else None,
        "date_from_precision": int(start.precision) if start else None,
        "date_to": end.end if end else None,
        "date_to_precision": int(end.precision) if end else None,
        "note": row.text.get("note", "")[:CLAIM_NOTE] if alone else "",
    }


def _with(note: str, addition: str) -> str:
    return f"{note}\n{addition}" if note else addition


def _vague(start: date, precision: int) -> str:
    return start.isoformat()[: 7 if precision == DatePrecision.MONTH else 4]
