"""Write what `adopt` gives onto patrols: columns, child rows, geometry, history and the public log.

Everything is done in bulk, since an import re-adopts thousands of patrols in one transaction, and a form
one. Only this module writes a patrol's adopted columns and its ordinals, participations, stops and incidents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import (
    Account,
    Correction,
    Incident,
    Ordinal,
    Participation,
    Patrol,
    Pin,
    Route,
    State,
    Stop,
    WherePrecision,
    Zone,
)
from . import bulk, geometry
from .adopt import AMOUNTS, Adopted, Pinned, Spread, adopt
from .changes import record_changed
from .facts import Amount, Facts, StopFact, When
from .reference import ProgrammeInfo, Reference
from .visibility import public_from

BATCH = 1000

SPREADS = tuple(f"{fact}_{end}" for fact in AMOUNTS for end in ("low", "best", "high"))
PUBLIC_COLUMNS = (
    "status",
    "date_start",
    "date_end",
    "date_precision",
    "sector",
    *SPREADS,
    "air_support",
    "incident_type",
    "contested",
    "forces_text",
    "zones_text",
    "ordinals_text",
    "places_text",
    "public_route_id",
    "public_where_precision",
    "accounts_count",
    "sensitive",
)
"""The columns whose change is a public change of a published patrol."""
ADOPTED_COLUMNS = (
    *(name for name in PUBLIC_COLUMNS if name not in ("public_route_id", "sensitive")),
    "public_route",
    "adoption",
    "route",
    "where_precision",
    "length_computed_km",
    "parties",
    "search_text",
    "reports_count",
    "sources_count",
    "public_from",
    "changed_at",
    "last_writer",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One public value before and after, as text."""

    fact: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}: {self.before or '–'} → {self.after or '–'}"


@dataclass(slots=True)
class Composition:
    """A patrol with its columns set (not yet saved) and the child rows that belong to them."""

    patrol: Patrol
    ordinals: list[Ordinal] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    zones: tuple[str, ...] = ()
    route: dict[str, Any] | None = None
    public_route: dict[str, Any] | None = None
    before: dict[str, Any] = field(default_factory=dict)
    was_public_from: datetime | None = None


def facts_of(account: Account) -> Facts:
    """The plain values of an account; needs report, publisher, speaker, counter and programme loaded."""
    report = account.report
    when = None
    if account.date_start:
        when = When(
            account.date_start,
            account.date_end or account.date_start,
            account.date_precision or 1,
            account.date_stated,
        )
    qualifiers = account.qualifiers or {}

    def amount(name: str) -> Amount | None:
        value = getattr(account, name)
        return None if value is None else Amount(float(value), qualifiers.get(name, ""))

    def by_side(name: str) -> dict[str, Amount]:
        sides = getattr(account, f"{name}_by_side") or {}
        return {side: Amount(float(v), qualifiers.get(f"{name}_{side}", "")) for side, v in sides.items()}

    seen = report.retrieved_at or report.created_at
    return Facts(
        key=account.uid,
        programme=account.programme.slug,
        number=account.number,
        counter=account.counter.slug if account.counter else "",
        when=when,
        status=account.status,
        sector=account.sector,
        areas=tuple(account.areas or ()),
        stops=tuple(
            StopFact(stop["name"], stop.get("place"), stop.get("role") or "") for stop in account.route or ()
        ),
        forces=tuple(account.forces or ()),
        personnel=amount("personnel"),
        personnel_by_side=by_side("personnel"),
        vehicles=amount("vehicles"),
        vehicles_by_side=by_side("vehicles"),
        air_support=tuple(part.strip() for part in account.air_support.split(";") if part.strip()),
        length_km=amount("length_km"),
        depth_km=amount("depth_km"),
        duration_h=amount("duration_h"),
        incident=account.incident_type,
        incident_note=account.incident_note,
        note=account.note,
        weight=account.weight,
        party=account.party,
        publisher=report.publisher.slug,
        report=report.uid,
        published=report.published,
        seen=seen.date() if seen else None,
    )


def apply_proposed(account: Account, proposed: Mapping[str, Any]) -> None:
    """Set a change that waits for approval on the account in memory; nothing is saved."""
    for name, value in proposed.items():
        model_field = Account._meta.get_field(name)
        setattr(account, model_field.attname, model_field.to_python(value))  # type: ignore[union-attr]


def compose(
    patrol: Patrol, accounts: Sequence[Facts], pins: Mapping[str, Pinned], reference: Reference
) -> Composition:
    """Set the patrol's adopted columns from its accounts and pins; nothing is saved."""
    programme = reference.programmes[patrol.programme_id]
    adopted = adopt(accounts, pins, parties=programme.parties, forces=reference.forces)
    before = {name: getattr(patrol, name) for name in PUBLIC_COLUMNS}
    made = Composition(patrol, before=before, was_public_from=patrol.public_from)
    _set_facts(patrol, adopted)
    _set_children(made, adopted, programme, reference)
    _set_where(made, adopted, programme, reference)
    _set_texts(patrol, made, adopted, accounts, programme, reference)
    patrol.public_from = public_from(patrol.date_end or _over_by(accounts), patrol.embargo_until)
    return made


def _over_by(accounts: Iterable[Facts]) -> date | None:
    """The day by which an undated patrol was over: when the first report told of it as under way."""
    days = [day for a in accounts if a.status != "announced" and (day := a.published or a.seen)]
    return min(days, default=None)


def _set_facts(patrol: Patrol, adopted: Adopted) -> None:
    when = adopted.when
    patrol.status = adopted.status
    patrol.date_start = when.start if when else None
    patrol.date_end = when.end if when else None
    patrol.date_precision = when.precision if when else None
    patrol.sector = adopted.sector[:200]
    for fact in AMOUNTS:
        whole = fact in ("personnel", "vehicles")
        for end, value in _ends(adopted.amounts.get(fact)).items():
            setattr(patrol, f"{fact}_{end}", int(value) if whole and value is not None else value)
    patrol.air_support = ";".join(adopted.air_support)[:200]
    patrol.incident_type = adopted.incidents[0].type if adopted.incidents else ""
    patrol.contested = list(adopted.contested)
    patrol.adoption = {
        fact: {
            "value": choice.value,
            "accounts": list(choice.accounts),
            "why": choice.why,
            "contested": choice.contested,
            "others": [{"value": value, "accounts": list(keys)} for value, keys in choice.others],
        }
        for fact, choice in adopted.choices.items()
    }


def _ends(spread: Spread | None) -> dict[str, float | None]:
    if spread is None:
        return {"low": None, "best": None, "high": None}
    return {"low": spread.low, "best": spread.best, "high": spread.high}


def _set_children(
    made: Composition, adopted: Adopted, programme: ProgrammeInfo, reference: Reference
) -> None:
    patrol = made.patrol
    for counter, number, count in adopted.ordinals:
        if pk := reference.counters.get((programme.pk, counter)):
            ordinal = bulk.new(Ordinal, patrol=patrol, counter_id=pk, number=number, accounts_count=count)
            made.ordinals.append(ordinal)
    for one in adopted.participants:
        if pk := reference.force_pks.get(one.force):
            figures: dict[str, Any] = {
                f"{name}_{end}": None if value is None else int(value)
                for name in ("personnel", "vehicles")
                for end, value in _ends(getattr(one, name)).items()
            }
            participation = bulk.new(Participation, patrol=patrol, force_id=pk, role=one.role, **figures)
            made.participations.append(participation)
    for order, stop in enumerate(adopted.stops, start=1):
        place = reference.places.get(stop.place or "")
        made.stops.append(
            bulk.new(
                Stop,
                patrol=patrol,
                order=order,
                spelling=stop.spelling[:200],
                place_id=place.pk if place else None,
                role=stop.role,
            )
        )
    for incident in adopted.incidents:
        place = reference.places.get(incident.place or "")
        made.incidents.append(
            bulk.new(
                Incident,
                patrol=patrol,
                type=incident.type,
                note=incident.note[:500],
                place_id=place.pk if place else None,
            )
        )


def _set_where(made: Composition, adopted: Adopted, programme: ProgrammeInfo, reference: Reference) -> None:
    """Route, zones and precision codes: a pinned track, a line through stops, a point, a zone, or nothing."""
    patrol = made.patrol
    if adopted.route:
        route: dict[str, Any] | None = dict(adopted.route)
        touched = geometry.zones_touched(adopted.route, programme.zones)
    else:
        stops = tuple(stop.place or "" for stop in adopted.stops)
        route, touched = _way(stops, programme, reference)
    if adopted.zones is not None:
        zones = tuple(slug for slug in adopted.zones if slug in programme.zones or slug in reference.zone_pks)
    elif route:
        zones = touched
    else:
        zones = _sector_zones(adopted, programme, reference)
    if route:
        precision: int | None = WherePrecision.EXACT if adopted.route else WherePrecision.NEAR
    elif zones:
        precision = WherePrecision.LINEAR
    else:
        precision = WherePrecision.INTERNATIONAL if programme.away else None
    made.zones, made.route = zones, route
    if route:
        grid = settings.SENSITIVE_GRID_DEG if patrol.sensitive else settings.PUBLIC_GRID_DEG
        made.public_route = geometry.snap(route, grid)
    coarsest = WherePrecision.ADM2 if patrol.sensitive else WherePrecision.NEAR
    patrol.where_precision = precision
    patrol.public_where_precision = max(precision, coarsest) if precision else None


def _way(
    stops: tuple[str, ...], programme: ProgrammeInfo, reference: Reference
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The route through places by slug and the zones it touches; patrols repeat their routes."""
    key = (programme.pk, stops)
    if key not in reference.ways:
        points = [place.point if (place := reference.places.get(slug)) else None for slug in stops]
        route = geometry.route_from_stops(points, programme.line)
        reference.ways[key] = (route, geometry.zones_touched(route, programme.zones) if route else ())
    return reference.ways[key]


def _sector_zones(adopted: Adopted, programme: ProgrammeInfo, reference: Reference) -> tuple[str, ...]:
    """The zone that the sector names, or the ones its towns lie in, or the programme's only one."""
    sector = adopted.sector.casefold()
    named = tuple(slug for slug in programme.zones if slug.replace("-", " ") in sector)
    if named:
        return named
    towns = [place.point for slug in adopted.areas if (place := reference.places.get(slug)) and place.point]
    if near := geometry.zones_near(towns, programme.zones):
        return near
    return tuple(programme.zones) if len(programme.zones) == 1 and not towns else ()


def _set_texts(
    patrol: Patrol,
    made: Composition,
    adopted: Adopted,
    accounts: Sequence[Facts],
    programme: ProgrammeInfo,
    reference: Reference,
) -> None:
    forces = [one.force for one in adopted.participants if one.force in reference.forces]
    places = list(dict.fromkeys(stop.place for stop in adopted.stops if stop.place))
    patrol.parties = ";".join(dict.fromkeys(reference.forces[slug].country for slug in forces))
    patrol.forces_text = ";".join(forces)[:300]
    patrol.zones_text = ";".join(made.zones)[:300]
    patrol.ordinals_text = ";".join(f"{counter}:{number}" for counter, number, _count in adopted.ordinals)[
        :200
    ]
    patrol.places_text = "" if patrol.sensitive else ";".join(places)
    patrol.accounts_count = len(accounts)
    patrol.reports_count = len({a.report for a in accounts})
    patrol.sources_count = len({a.publisher for a in accounts})
    words = [patrol.uid, programme.name, patrol.ordinals_text]
    words += [reference.force_names[slug] for slug in forces]
    words += [reference.zone_names.get(slug, "") for slug in made.zones]
    if not patrol.sensitive:
        words += [adopted.sector, *(stop.spelling for stop in adopted.stops)]
        words += [incident.note for incident in adopted.incidents]
        words += [reference.place_names.get(slug, "") for slug in (*places, *adopted.areas)]
    patrol.search_text = " ".join(dict.fromkeys(word.casefold() for word in words if word))


# Writing


def write(compositions: Sequence[Composition], *, why: str, user: User | None = None) -> list[Composition]:
    """Save compositions of new and of existing patrols. Returns those that were new or changed.

    A patrol whose columns and child rows are as they were is left alone, so that adopting again writes
    nothing. Needs to run in a transaction with the change that caused it.
    """
    _save_routes(compositions)
    new = [made for made in compositions if made.patrol.pk is None]
    old = [made for made in compositions if made.patrol.pk is not None]
    changed = _changed(old)
    now = timezone.now()
    for made in (*new, *changed):
        made.patrol.updated_at = now
        if user is not None:
            made.patrol.last_writer = user
        if made.patrol.state == State.PUBLISHED and (made.patrol.pk is None or public_changes(made)):
            made.patrol.changed_at = now
    with transaction.atomic():
        if new:
            bulk.create_with_history(Patrol, [made.patrol for made in new], why=why, user=user)
        if changed:
            patrols = [made.patrol for made in changed]
            Patrol.objects.bulk_create(
                patrols,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=list(ADOPTED_COLUMNS),
            )
            Patrol.history.bulk_history_create(
                patrols, batch_size=BATCH, update=True, default_user=user, default_change_reason=why
            )
        _write_children(new, changed)
        _log(new, changed, why)
    if new or changed:
        record_changed.send(sender=None)
    return [*new, *changed]


def _save_routes(compositions: Iterable[Composition]) -> None:
    wanted: dict[str, geometry.StoredGeometry] = {}
    keys: list[tuple[Composition, str | None, str | None]] = []
    for made in compositions:
        exact = geometry.stored(made.route) if made.route else None
        public = geometry.stored(made.public_route) if made.public_route else None
        for one in (exact, public):
            if one:
                wanted[one.hash] = one
        made.patrol.length_computed_km = public.length_km if public else None
        keys.append((made, exact.hash if exact else None, public.hash if public else None))
    pks = route_pks(wanted.values())
    for made, exact_hash, public_hash in keys:
        made.patrol.route_id = pks[exact_hash] if exact_hash else None
        made.patrol.public_route_id = pks[public_hash] if public_hash else None


def route_pks(routes: Iterable[geometry.StoredGeometry]) -> dict[str, int]:
    """Store the routes that are not stored yet; returns hash -> key."""
    wanted = {route.hash: route for route in routes}
    known = {r.hash: r.pk for r in Route.objects.filter(hash__in=wanted).only("pk", "hash")} if wanted else {}
    missing = [route for key, route in wanted.items() if key not in known]
    if missing:
        Route.objects.bulk_create(
            [
                Route(
                    hash=route.hash,
                    geometry=route.geometry,
                    length_km=route.length_km,
                    lat=route.lat,
                    lon=route.lon,
                    min_lon=route.box[0],
                    min_lat=route.box[1],
                    max_lon=route.box[2],
                    max_lat=route.box[3],
                )
                for route in missing
            ],
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        hashes = [route.hash for route in missing]
        known |= {r.hash: r.pk for r in Route.objects.filter(hash__in=hashes).only("pk", "hash")}
    return known


CHILDREN: tuple[tuple[type[Any], str, tuple[str, ...]], ...] = (
    (Ordinal, "ordinals", ("counter_id", "number", "accounts_count")),
    (
        Participation,
        "participations",
        (
            "force_id",
            "role",
            *(f"{n}_{e}" for n in ("personnel", "vehicles") for e in ("low", "best", "high")),
        ),
    ),
    (Stop, "stops", ("order", "spelling", "place_id", "role")),
    (Incident, "incidents", ("type", "note", "place_id")),
)


def _stored_children(patrols: Sequence[int]) -> dict[tuple[str, int], list[tuple[Any, ...]]]:
    found: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for model, name, columns in CHILDREN:
        rows = model.objects.filter(patrol__in=patrols).order_by("pk").values_list("patrol_id", *columns)
        for patrol, *values in rows:
            found[name, patrol].append(tuple(values))
    through = Patrol.zones.through.objects.filter(patrol__in=patrols)
    for patrol, slug in through.values_list("patrol_id", "zone__slug"):
        found["zones", patrol].append((slug,))
    return found


def _made_children(made: Composition) -> dict[str, list[tuple[Any, ...]]]:
    rows = {
        name: [tuple(getattr(row, column) for column in columns) for row in getattr(made, name)]
        for _model, name, columns in CHILDREN
    }
    return rows | {"zones": [(slug,) for slug in made.zones]}


def _changed(old: Sequence[Composition]) -> list[Composition]:
    """Those whose columns or child rows differ from what is stored."""
    pks = [made.patrol.pk for made in old]
    children = _stored_children(pks)
    names = [name for name in ADOPTED_COLUMNS if name not in ("changed_at", "updated_at", "last_writer")]
    stored = Patrol.objects.in_bulk(pks)
    return [
        made
        for made in old
        if made.before["sensitive"] != made.patrol.sensitive
        or any(
            getattr(stored[made.patrol.pk], name + _id(name)) != getattr(made.patrol, name + _id(name))
            for name in names
        )
        or any(
            sorted(rows, key=repr) != sorted(children.get((name, made.patrol.pk), []), key=repr)
            for name, rows in _made_children(made).items()
        )
    ]


def _id(name: str) -> str:
    return "_id" if name in ("route", "public_route") else ""


def _write_children(new: Sequence[Composition], changed: Sequence[Composition]) -> None:
    pks = [made.patrol.pk for made in changed]
    for model, name, _columns in CHILDREN:
        if pks:
            model.objects.filter(patrol__in=pks).delete()
        rows = [row for made in (*new, *changed) for row in getattr(made, name)]
        for row in rows:
            row.patrol_id = row.patrol.pk
        bulk.create(model, rows)
    through = Patrol.zones.through
    if pks:
        through.objects.filter(patrol__in=pks).delete()
    slugs = {slug for made in (*new, *changed) for slug in made.zones}
    zones = dict(Zone.objects.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
    rows = [
        bulk.new(through, patrol_id=made.patrol.pk, zone_id=zones[slug])
        for made in (*new, *changed)
        for slug in made.zones
        if slug in zones
    ]
    bulk.create(through, rows)


# The public log


LABELS = {
    "status": "status",
    "date_start": "first day",
    "date_end": "last day",
    "date_precision": "date precision",
    "sector": "sector",
    "personnel": "personnel",
    "vehicles": "vehicles",
    "length_km": "length (km)",
    "depth_km": "depth (km)",
    "duration_h": "duration (h)",
    "air_support": "air support",
    "incident_type": "incident",
    "contested": "contested facts",
    "forces_text": "forces",
    "zones_text": "zones",
    "ordinals_text": "numbers",
    "places_text": "places",
    "public_route_id": "route",
    "public_where_precision": "where precision",
    "accounts_count": "accounts",
    "sensitive": "sensitive",
}


def public_changes(made: Composition) -> list[Change]:
    """What differs between the patrol as it was loaded and as it is composed, as a reader would put it."""
    before, patrol = made.before, made.patrol
    changes = []
    for name in PUBLIC_COLUMNS:
        if name in SPREADS or before[name] == getattr(patrol, name):
            continue
        was, now = (
            ("", "redrawn")
            if name == "public_route_id"
            else (_text(before[name]), _text(getattr(patrol, name)))
        )
        changes.append(Change(name, LABELS[name], was, now))
    for fact in AMOUNTS:
        ends = [f"{fact}_{end}" for end in ("low", "best", "high")]
        was, now = spread_text(*(before[e] for e in ends)), spread_text(*(getattr(patrol, e) for e in ends))
        if was != now:
            changes.append(Change(fact, LABELS[fact], was, now))
    return changes


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def spread_text(low: float | None, best: float | None, high: float | None) -> str:
    """`8`, or `6–9 (best 8)` where accounts differ; empty where unknown."""
    if best is None:
        return ""
    return f"{best:g}" if low == high else f"{low:g}–{high:g} (best {best:g})"


def _log(new: Sequence[Composition], changed: Sequence[Composition], why: str) -> None:
    def line(made: Composition, kind: Correction.Kind, what: str) -> Correction:
        return bulk.new(Correction, patrol=made.patrol, kind=kind, what=what, why=why[:500])

    lines = [
        line(made, Correction.Kind.ADDED, "added to the public record")
        for made in new
        if made.patrol.state == State.PUBLISHED
    ]
    for made in changed:
        if made.patrol.state == State.PUBLISHED and (changes := public_changes(made)):
            lines.append(line(made, Correction.Kind.CHANGED, "; ".join(str(change) for change in changes)))
        if made.patrol.state == State.PUBLISHED and _left(made):
            lines.append(line(made, Correction.Kind.HELD, "held back from the public record"))
    bulk.create(Correction, lines)


def _left(made: Composition) -> bool:
    """It was public and is so no longer: its embargo was put off, or its day is later than was thought."""
    now, was, will_be = timezone.now(), made.was_public_from, made.patrol.public_from
    return was is not None and was <= now and (will_be is None or will_be > now)


# Acts on stored patrols


def readopt(patrols: Iterable[Patrol], *, why: str, user: User | None = None) -> list[Composition]:
    """Adopt again from the stored accounts and pins, and save what changed.

    For a published patrol only what a reviewer has approved speaks.
    """
    return write(recompose(patrols), why=why, user=user)


def touch(patrols: Iterable[int]) -> None:
    """Keys of patrols of which something else is told now, maybe nothing that a figure of theirs shows.

    An account's note or a report's headline stands beside them: readers see that the record is another one.
    """
    Patrol.objects.filter(pk__in=list(patrols)).update(updated_at=timezone.now())
    record_changed.send(sender=None)


def recompose(
    patrols: Iterable[Patrol], *, pending: bool = False, extra: Mapping[int, Sequence[Account]] | None = None
) -> list[Composition]:
    """Compose stored patrols without saving. With `pending`, unapproved accounts and pins speak too.

    `extra` adds accounts to a patrol (key -> accounts) as if they were attached.
    """
    patrols = list(patrols)
    accounts: dict[int, list[Facts]] = defaultdict(list)
    with_all = {p.pk for p in patrols if pending or p.state in (State.DRAFT, State.IN_REVIEW)}
    related = ("report__publisher", "speaker", "counter", "programme")
    for account in Account.objects.filter(patrol__in=[p.pk for p in patrols]).select_related(*related):
        if account.patrol_id is not None and (account.reviewed or account.patrol_id in with_all):
            if account.patrol_id in with_all and account.proposed:
                apply_proposed(account, account.proposed)
            accounts[account.patrol_id].append(facts_of(account))
    for pk, more in (extra or {}).items():
        accounts[pk] += [facts_of(account) for account in more]
    pins: dict[int, dict[str, Pinned]] = defaultdict(dict)
    for pin in Pin.objects.filter(patrol__in=[p.pk for p in patrols]).order_by("-reviewed"):
        if pin.reviewed or pin.patrol_id in with_all:
            pins[pin.patrol_id][pin.fact] = Pinned(pin.value, pin.reason)
    reference = Reference.load()
    return [compose(patrol, accounts[patrol.pk], pins[patrol.pk], reference) for patrol in patrols]


def pending_changes(patrol: Patrol) -> list[Change]:
    """What approving the unapproved accounts and pins of a published patrol would change."""
    return _preview(recompose([Patrol.objects.get(pk=patrol.pk)], pending=True))


def would_change(patrol: Patrol, account: Account) -> list[Change]:
    """What attaching `account` would change: "vehicles: 6–8 → 6–9"."""
    fresh = Patrol.objects.get(pk=patrol.pk)
    return _preview(recompose([fresh], pending=True, extra={fresh.pk: [account]}))


def _preview(compositions: Sequence[Composition]) -> list[Change]:
    changes = []
    for made in compositions:
        old_route = made.patrol.public_route
        was = old_route.hash if old_route else None
        now = geometry.stored(made.public_route).hash if made.public_route else None
        changes += public_changes(made)
        if was != now:
            changes.append(Change("public_route_id", LABELS["public_route_id"], "", _("redrawn")))
    return changes
