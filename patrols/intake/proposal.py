"""What the extractor read, as JSON for the desk and as the values of an account.

    as_json(extraction) -> dict            drafts of accounts, claims and events, each fact with its spans
    account_values(account, directory) -> dict     fields of `Account`, for one of those drafts

A fact is {"value", "spans": [[start, end]], "confidence", "qualifier"}; spans count the report's text. Values
are plain: a date is {"start", "end", "precision", "stated"}.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from patrols.models import Counter, Programme
from patrols.record.facts import UNSTATED

from .directory import Directory
from .extract import AccountDraft, Extraction, Fact
from .extract.drafts import ClaimDraft, EventDraft, Span
from .extract.text import fold

Json = dict[str, Any]

PLAIN = ("status", "length_km", "depth_km", "duration_h")
COUNTED = ("personnel", "vehicles")
AIR = {"uav": "UAV", "helicopter": "helicopter", "aircraft": "aircraft"}
ON_ROUTE = ("start", "via", "end")
DECISIVE = ("programme", "date", "number", "status")
"""The facts by which an editor judges whether the draft can be trusted."""
NOTE = 500
OTHER = "other"
"""What the extractor calls every programme outside the region that it knows by name."""
AIRBORNE = tuple(
    fold(word)
    for word in (
        *("bomber", "warplane", "helicopter", "air patrol", "air force", "bombardıman", "helikopter"),
        *("hava devriye", "бомбардировщик", "ракетоносц", "вертол", "воздушн", "قاذف", "مروحي", "جوي"),
    )
)


def as_json(extraction: Extraction) -> Json:
    return {
        "accounts": [_account(one) for one in extraction.accounts],
        "claims": [_claim(one) for one in extraction.claims],
        "events": [_event(one) for one in extraction.events],
        "warnings": list(extraction.warnings),
    }


def _account(draft: AccountDraft) -> Json:
    made: Json = {
        name: fact(value)
        for name in (*DECISIVE, "forces", *(f"{n}_total" for n in COUNTED), "air_support", *PLAIN, "incident")
        if (value := getattr(draft, name)) is not None
    }
    for name in COUNTED:
        if sides := getattr(draft, name):
            made[name] = {side: fact(one) for side, one in sorted(sides.items())}
    if draft.counter:
        made["counter"] = draft.counter
    if draft.force_names:
        made["force_names"] = [fact(one) for one in draft.force_names]
    if draft.places:
        made["places"] = [
            {
                "spelling": place.spelling,
                "slug": place.slug,
                "span": _spans([place.span])[0],
                "role": place.role,
                "confidence": place.confidence,
            }
            for place in draft.places
        ]
    if draft.incident_note:
        made["incident_note"] = draft.incident_note
    return made


def fact(one: Fact[Any]) -> Json:
    value = one.value
    if hasattr(value, "precision"):
        value = {
            "start": value.start.isoformat(),
            "end": value.end.isoformat(),
            "precision": value.precision,
            "stated": value.stated,
        }
    elif isinstance(value, tuple):
        value = list(value)
    return {
        "value": value,
        "spans": _spans(one.spans),
        "confidence": round(one.confidence, 3),
        "qualifier": one.qualifier,
    }


def _spans(spans: Any) -> list[list[int]]:
    return [[span.start, span.end] for span in spans if isinstance(span, Span)]


def _claim(draft: ClaimDraft) -> Json:
    return {
        "count": draft.count,
        "start": draft.start,
        "end": draft.end,
        "programme": draft.programme,
        "spans": _spans(draft.spans),
        "confidence": draft.confidence,
    }


def _event(draft: EventDraft) -> Json:
    return {
        "kind": draft.kind,
        "date": draft.date,
        "spans": _spans(draft.spans),
        "confidence": draft.confidence,
    }


def facts(account: Json) -> list[tuple[str, Json]]:
    """(name, fact) of everything that a draft says; sides as "vehicles_TR"."""
    found: list[tuple[str, Json]] = []
    for name, value in account.items():
        if name in COUNTED:
            found += [(f"{name}_{side}", one) for side, one in value.items()]
        elif name == "force_names":
            found += [(name, one) for one in value]
        elif isinstance(value, Mapping) and "spans" in value:
            found.append((name, dict(value)))
    return found


def confidence(accounts: list[Json]) -> float | None:
    """The lowest confidence of the facts that decide, over all accounts; None without an account."""
    values = [
        float(account[name]["confidence"]) for account in accounts for name in DECISIVE if name in account
    ]
    return min(values, default=0.0) if accounts else None


def programme_of(account: Json, directory: Directory, text: str) -> Programme | None:
    """The record's programme that a draft means; None where it is not known or not clear which."""
    code = _value(account, "programme")
    if code != OTHER:
        return directory.programmes.get(code or "")
    sides = set(_value(account, "forces") or ())
    fitting = {one.pk: one for one in directory.programmes.values() if set(one.parties) == sides}
    if len(fitting) > 1:
        folded = fold(text)
        air = any(word in folded for word in AIRBORNE)
        fitting = {pk: one for pk, one in fitting.items() if (one.domain == Programme.Domain.AIR) == air}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def account_values(account: Json, directory: Directory, text: str = "") -> Json:
    """Fields of an `Account`; a programme that the record does not know is left out.

    `text` is the report's, for telling apart what two states do together in the air and at sea.
    """
    programme = programme_of(account, directory, text)
    counter = None
    if programme and "number" in account:
        counter = _counter(programme, account.get("counter", ""), directory)
    made: Json = {
        "programme": programme,
        "number": _value(account, "number"),
        "counter": counter,
        "air_support": "; ".join(AIR[one] for one in _value(account, "air_support") or ()),
        "incident_type": _value(account, "incident") or "",
        "incident_note": account.get("incident_note", "")[:NOTE],
        **{name: _value(account, name) for name in PLAIN},
        **_when(_value(account, "date")),
        **_forces(account, directory),
        **_places(account, directory),
    }
    made["status"] = made["status"] or ""
    for name in COUNTED:
        made[name] = _value(account, f"{name}_total")
        made[f"{name}_by_side"] = {side: one["value"] for side, one in account.get(name, {}).items()}
    made["qualifiers"] = {
        _field(name): one["qualifier"] for name, one in facts(account) if one.get("qualifier")
    }
    made["spans"] = _spans_by_field(account)
    return made


def _counter(programme: Programme, slug: str, directory: Directory) -> Counter:
    """The count that the draft names, else the only one that the programme has, else nobody's."""
    own = [known for (pk, known) in directory.counters if pk == programme.pk and known != UNSTATED]
    if slug not in own:
        slug = own[0] if len(own) == 1 else UNSTATED
    return directory.counter(programme, slug)


def _value(account: Json, name: str) -> Any:
    found = account.get(name)
    return found["value"] if isinstance(found, Mapping) else None


def _field(name: str) -> str:
    """The account's name of a fact: "vehicles_total" is `vehicles`."""
    return {"incident": "incident_type", "force_names": "forces"}.get(name, name.removesuffix("_total"))


def _when(value: Json | None) -> Json:
    if not value:
        return {"date_start": None, "date_end": None, "date_precision": None, "date_stated": True}
    return {
        "date_start": date.fromisoformat(value["start"]),
        "date_end": date.fromisoformat(value["end"]),
        "date_precision": value["precision"],
        "date_stated": value.get("stated", True),
    }


def _forces(account: Json, directory: Directory) -> Json:
    """The forces that the text names; where it names a side only, the side's forces in general."""
    named = "; ".join(dict.fromkeys(str(one["value"]) for one in account.get("force_names", ())))
    slugs = list(directory.named_forces(named)[0]) if named else []
    countries = directory.forces.countries
    sides = {countries[slug] for slug in slugs}
    general = [code.lower() for code in _value(account, "forces") or () if code not in sides]
    slugs += [slug for slug in general if slug in countries]
    return {"forces": slugs, "forces_as_named": named[:300]}


def _places(account: Json, directory: Directory) -> Json:
    places = account.get("places", ())
    sectors = [place["spelling"] for place in places if place["role"] not in (*ON_ROUTE, "incident")]
    sector = "; ".join(dict.fromkeys(sectors))[:200]
    return {
        "sector": sector,
        "areas": list(directory.gazetteer.areas(sector)) if sector else [],
        "route": [
            {"name": place["spelling"], "place": place["slug"], "role": place["role"]}
            for place in places
            if place["role"] in ON_ROUTE
        ],
    }


def _spans_by_field(account: Json) -> dict[str, list[list[int]]]:
    made: dict[str, list[list[int]]] = {}
    for name, one in facts(account):
        made.setdefault(_field(name), []).extend(one["spans"])
    for place in account.get("places", ()):
        made.setdefault("route" if place["role"] in ON_ROUTE else "sector", []).append(place["span"])
    return {name: sorted(spans) for name, spans in made.items() if spans}
