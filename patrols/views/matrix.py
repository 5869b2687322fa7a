"""Every account of a patrol side by side: facts by accounts, with what was adopted and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..models import Account, IncidentType, Patrol, Pin, Status
from ..record.differing import Verdict, verdict
from ..templatetags.record import FACTS, amount, comma, country, shown, spread, when

LOCATING = ("sector", "stops", "route")
"""Facts of a sensitive patrol that no page tells, whoever reads."""
FIGURES = ("personnel", "vehicles", "length_km", "depth_km", "duration_h")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    verdict: Verdict
    publisher: str


@dataclass(frozen=True, slots=True)
class Row:
    fact: str
    adopted: str
    why: str
    contested: bool
    pin: Pin | None
    cells: list[Cell]

    @property
    def name(self) -> str:
        return str(FACTS[self.fact])

    @property
    def disagreement(self) -> bool:
        return any(cell.verdict is Verdict.DIFFERS for cell in self.cells)


def matrix(
    patrol: Patrol, accounts: Sequence[Account], pins: Sequence[Pin], forces: Mapping[str, str]
) -> list[Row]:
    """One row for each fact that is adopted or that any account gives.

    Needs the patrol's ordinals, stops, participations and incidents prefetched, and each account's
    counter and publisher.
    `forces` is force slug -> name.
    """
    pinned = {pin.fact: pin for pin in pins}
    rows = []
    for fact in FACTS:
        if patrol.sensitive and fact in LOCATING:
            continue
        choice = patrol.adoption.get(fact) or {}
        texts = [said(fact, account, forces, sensitive=patrol.sensitive) for account in accounts]
        adopted = adopted_text(fact, patrol, forces)
        if not adopted and not any(texts) and fact not in pinned:
            continue
        cells = [
            Cell(
                text,
                verdict(fact, account, choice, accounts) if text else Verdict.SILENT,
                shown(account.report.publisher.name),
            )
            for account, text in zip(accounts, texts, strict=True)
        ]
        rows.append(
            Row(fact, adopted, choice.get("why", ""), fact in patrol.contested, pinned.get(fact), cells)
        )
    return rows


def said(fact: str, account: Account, forces: Mapping[str, str], *, sensitive: bool = False) -> str:
    """What an account says of a fact; empty where it does not say."""
    match fact:
        case "status":
            return str(Status(account.status).label) if account.status else ""
        case "date":
            if account.date_start is None:
                return ""
            told = when(account)
            return told if account.date_stated else _("{day} (worked out)").format(day=told)
        case "ordinals":
            if account.number is None:
                return ""
            counter = shown(account.counter.name) if account.counter else ""
            return f"{account.number} ({counter})" if counter else str(account.number)
        case "sector":
            return account.sector
        case "stops":
            return " – ".join(stop["name"] for stop in account.route or ())
        case "participants":
            return account.forces_as_named or "; ".join(forces.get(slug, slug) for slug in account.forces)
        case "incident":
            return _incident(account.incident_type, "" if sensitive else account.incident_note)
        case "air_support":
            return account.air_support
    return _figure(fact, account) if fact in FIGURES else ""


def _incident(kind: str, note: str) -> str:
    label = str(IncidentType(kind).label) if kind else ""
    return ": ".join(part for part in (label, note) if part)


def _figure(fact: str, account: Account) -> str:
    """The total as it was put, and the sides' own figures where they were given."""
    qualifiers = account.qualifiers or {}
    value = getattr(account, fact)
    parts = [] if value is None else [amount(value, fact, qualifiers.get(fact, ""))]
    sides = getattr(account, f"{fact}_by_side", None) or {}
    told = [
        f"{country(code)} {amount(figure, fact, qualifiers.get(f'{fact}_{code}', ''))}"
        for code, figure in sorted(sides.items())
    ]
    if told:
        parts.append(f"({comma().join(told)})" if parts else comma().join(told))
    return " ".join(parts)


def adopted_text(fact: str, patrol: Patrol, forces: Mapping[str, str]) -> str:
    """The patrol's own value of a fact; empty where nobody gives it."""
    match fact:
        case "status":
            return str(Status(patrol.status).label) if patrol.status else ""
        case "date":
            return when(patrol) if patrol.date_start else ""
        case "ordinals":
            return comma().join(f"{one.number} ({shown(one.counter.name)})" for one in patrol.ordinals.all())
        case "sector":
            return patrol.sector
        case "stops":
            return " – ".join(stop.spelling for stop in patrol.stops.all())
        case "participants":
            return "; ".join(shown(one.force.name) for one in patrol.participations.all())
        case "incident":
            told = (
                _incident(one.type, "" if patrol.sensitive else one.note) for one in patrol.incidents.all()
            )
            return "; ".join(told)
        case "air_support":
            return patrol.air_support.replace(";", "; ")
        case "zones":
            zones = patrol.zones.all() if "zones" in patrol.adoption else ()
            return "; ".join(shown(zone.name) for zone in zones)
    return spread(patrol, fact) if fact in FIGURES else ""
