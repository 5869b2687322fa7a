"""What a patrol's page tells an editor: each adopted fact, where it came from, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Account, Counter, Force, IncidentType, Patrol, Pin, State, Status, Zone
from ..record.adopt import AMOUNTS
from ..record.apply import Change, pending_changes
from ..templatetags.record import FACTS, number, spread, when

INLINE_FACTS = ("stops", "participants", "incident", "ordinals")
"""Pinned by editing their rows on the page."""


@dataclass(frozen=True, slots=True)
class Source:
    """One voice that gives a value, with its first account and how many accounts repeat it."""

    text: str
    url: str
    count: int = 1


@dataclass(slots=True)
class Line:
    """One row of the table of adopted facts."""

    fact: str
    label: str
    value: str
    why: str = ""
    contested: bool = False
    sources: list[Source] = field(default_factory=list)
    others: list[tuple[str, list[Source]]] = field(default_factory=list)
    pin: Pin | None = None
    waiting_pin: Pin | None = None
    waiting_text: str = ""

    @property
    def anchor(self) -> str:
        """Where on the page its rows are edited."""
        prefix = {"participants": "participations", "incident": "incidents"}.get(self.fact, self.fact)
        return f"{prefix}-group"

    @property
    def inline(self) -> bool:
        return self.fact in INLINE_FACTS


class Names:
    """Slugs to names, for the values of facts; one query a table."""

    def __init__(self) -> None:
        self.forces = dict(Force.objects.values_list("slug", "name"))
        self.zones = dict(Zone.objects.values_list("slug", "name"))
        self.counters = dict(Counter.objects.values_list("slug", "name"))

    def text(self, fact: str, value: Any) -> str:
        """A fact's JSON value as an editor reads it."""
        if value in (None, "", [], {}):
            return ""
        if fact == "status":
            return str(dict(Status.choices).get(value, value))
        if fact == "date":
            return when(value)
        if fact in AMOUNTS:
            return number(float(value))
        if fact == "route":
            return _("drawn")
        values = value if isinstance(value, list | tuple) else [value]
        return (" → " if fact == "stops" else ", ").join(self._one(fact, one) for one in values)

    def _one(self, fact: str, one: Any) -> str:
        if fact == "incident":
            kind = one["type"] if isinstance(one, Mapping) else one
            return str(dict(IncidentType.choices).get(kind, kind))
        if not isinstance(one, Mapping):
            names = {"participants": self.forces, "zones": self.zones}.get(fact, {})
            return str(names.get(one, one))
        if fact == "stops":
            return str(one["name"])
        if fact == "participants":
            return str(self.forces.get(one["force"], one["force"]))
        return f"{self.counters.get(one['counter'], one['counter'])}: {one['number']}"


def lines(patrol: Patrol, accounts: Iterable[Account], names: Names) -> list[Line]:
    """Every fact in the order of the public page, also those that nobody gives."""
    sources = {account.uid: _source(account) for account in accounts}
    pins = list(patrol.pins.all())
    spoken = {True} if patrol.state == State.PUBLISHED else {True, False}
    found = []
    for fact, label in FACTS.items():
        choice: Mapping[str, Any] = patrol.adoption.get(fact, {})
        line = Line(fact, str(label), _value(patrol, fact, choice, names))
        line.why, line.contested = choice.get("why", ""), bool(choice.get("contested"))
        line.sources = _known(choice.get("accounts", ()), sources)
        line.others = [
            (names.text(fact, other["value"]), _known(other["accounts"], sources))
            for other in choice.get("others", ())
        ]
        mine = {pin.reviewed: pin for pin in pins if pin.fact == fact}
        line.pin = next((mine[state] for state in (False, True) if state in mine and state in spoken), None)
        if patrol.state == State.PUBLISHED and False in mine:
            line.waiting_pin = mine[False]
            line.waiting_text = names.text(fact, mine[False].value)
        found.append(line)
    return found


def _value(patrol: Patrol, fact: str, choice: Mapping[str, Any], names: Names) -> str:
    if fact in AMOUNTS:
        return spread(patrol, fact)
    if fact == "zones":
        return ", ".join(names.zones.get(slug, slug) for slug in patrol.zones_text.split(";") if slug)
    if fact == "route":
        if patrol.route is None:
            return ""
        kind = patrol.route.geometry.get("type")
        length = patrol.route.length_km
        text = _("point") if kind == "Point" else _("line")
        return f"{text}, {number(length)} km" if length else text
    return names.text(fact, choice.get("value"))


def _known(keys: Iterable[str], sources: Mapping[str, Source]) -> list[Source]:
    voices: dict[str, Source] = {}
    for source in (sources[key] for key in keys if key in sources):
        known = voices.get(source.text)
        voices[source.text] = replace(known, count=known.count + 1) if known else source
    return list(voices.values())


def _source(account: Account) -> Source:
    voice = account.speaker or account.report.publisher
    return Source(str(voice), reverse("admin:patrols_account_change", args=[account.pk]))


def waiting(patrol: Patrol) -> list[Change]:
    """What approval would change in the public record."""
    return pending_changes(patrol) if patrol.state == State.PUBLISHED else []


def map_layers(patrol: Patrol) -> dict[str, Any]:
    """The patrol's own geometry over its zones, for a read-only map."""
    layers = [{"geometry": zone.geometry, "kind": "zone", "label": zone.name} for zone in patrol.zones.all()]
    if patrol.route:
        layers.append({"geometry": patrol.route.geometry, "kind": "route", "label": ""})
    return {"layers": layers}


def surroundings(patrol: Patrol) -> dict[str, Any]:
    """The programme's zones and road and the patrol's stops, to draw a route by."""
    layers = [
        {"geometry": zone.geometry, "kind": "zone", "label": zone.name}
        for zone in patrol.programme.zones.all()
    ]
    if patrol.programme.line:
        line = patrol.programme.line
        layers.append({"geometry": line.geometry, "kind": "line", "label": line.name})
    for stop in patrol.stops.select_related("place"):
        if stop.place and stop.place.lat is not None:
            point = {"type": "Point", "coordinates": [stop.place.lon, stop.place.lat]}
            layers.append({"geometry": point, "kind": "stop", "label": stop.spelling})
    return {"layers": layers}
