"""Adopt: from the accounts of a patrol to the patrol's own figures.

A pure function of the accounts and the editors' pins. For each fact:

1. a pin wins, with its reason;
2. otherwise the value with the greatest weight: a participant's own statement 3, an agency or monitor with
   its own reporting 2, a repeat 1. The weight of a value is that of its best account, so that ten repeats
   never outvote a ministry. Ties go to the earliest report;
3. for `status` a later stage outranks an earlier one, whatever its weight;
4. a `date` is sharpened by the best account whose span lies inside the chosen one;
5. for `stops` a route of two or more places outranks a single place, which is no contradiction of it;
6. for `participants` a named service outranks its state's forces in general;
7. for `incident` the graver type goes first among equal weights: a casualty says more than its cause;
8. `ordinals` are all kept, each under its counter.

`low` and `high` are the spread over all accounts, `best` is the adopted value. A fact is *contested* where
the own statements of two participants exclude each other; the rule still picks the one shown first.
Unknown stays empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from .facts import Amount, Facts, StopFact, When

T = TypeVar("T", bound=Hashable)

AMOUNTS = ("personnel", "vehicles", "length_km", "depth_km", "duration_h")
FACTS = ("status", "date", "sector", "stops", "participants", *AMOUNTS, "air_support", "incident", "ordinals")
PINNABLE = (*FACTS, "zones", "route")

STAGE = {"announced": 0, "started": 1, "completed": 2, "suspended": 2, "cancelled": 2}
GRAVITY = {
    name: rank
    for rank, name in enumerate(
        ("none", "other", "protest", "stone_throwing", "blocked", "ied", "attack", "casualty")
    )
}
ABOUT = 0.1
"""How far "about 50" may lie from another figure, as a share, before the two exclude each other."""


@dataclass(frozen=True, slots=True)
class ForceInfo:
    """Where a force stands in its tree: `depth` 0 is the state's forces in general."""

    slug: str
    country: str
    depth: int


@dataclass(frozen=True, slots=True)
class Pinned:
    """An editor's choice: a plain JSON value, as `Pin.value` holds it, and the reason."""

    value: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What was adopted for one fact, from which accounts (keys), and why, as a sentence's core."""

    value: Any
    accounts: tuple[str, ...]
    why: str
    contested: bool = False
    others: tuple[tuple[Any, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """Lowest, adopted and highest figure; low <= best <= high."""

    low: float
    best: float
    high: float


@dataclass(frozen=True, slots=True)
class Participant:
    force: str
    role: str = "participant"
    personnel: Spread | None = None
    vehicles: Spread | None = None


@dataclass(frozen=True, slots=True)
class IncidentFact:
    type: str
    note: str = ""
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """A patrol's own figures. `choices` explains each; facts that nobody gives are missing from it."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
    status: str = ""
    when: When | None = None
    sector: str = ""
    areas: tuple[str, ...] = ()
    stops: tuple[StopFact, ...] = ()
    participants: tuple[Participant, ...] = ()
    amounts: Mapping[str, Spread] = field(default_factory=dict)
    air_support: tuple[str, ...] = ()
    incidents: tuple[IncidentFact, ...] = ()
    ordinals: tuple[tuple[str, int, int], ...] = ()
    """(counter, number, how many accounts give it)."""
    zones: tuple[str, ...] | None = None
    """Pinned zones; None leaves them to the geometry."""
    route: Mapping[str, Any] | None = None
    """A pinned geometry (GeoJSON); None leaves it to the stops."""

    @property
    def contested(self) -> tuple[str, ...]:
        return tuple(sorted(fact for fact, choice in self.choices.items() if choice.contested))


@dataclass(frozen=True, slots=True)
class _Said(Generic[T]):
    """One value that one account gives. `rank` is compared before the weight, `tie` after it."""

    value: T
    by: Facts
    rank: int = 0
    tie: int = 0

    @property
    def order(self) -> tuple[int, int, int, date, str]:
        """Best first when sorted."""
        return (-self.rank, -self.by.weight, -self.tie, self.by.published or date.max, self.by.key)


def adopt(
    accounts: Sequence[Facts],
    pins: Mapping[str, Pinned] | None = None,
    *,
    parties: Sequence[str] = (),
    forces: Mapping[str, ForceInfo] | None = None,
) -> Adopted:
    """The patrol's own figures from its `accounts` and the editors' `pins` (fact -> pin).

    `parties` are the programme's ISO codes: a total is the sum of the sides where an account gives every
    side's figure and no total. `forces` is the force tree. The order of `accounts` makes no difference.
    """
    pins, forces = pins or {}, forces or {}
    choices: dict[str, Choice] = {}

    status = _scalar(
        "status",
        _say(accounts, lambda a: a.status, rank=lambda v: STAGE.get(v, 0)),
        pins,
        choices,
        _status_differs,
    )
    when = _date(accounts, pins, choices)
    sector, areas = _sector(accounts, pins, choices)
    stops = _stops(accounts, pins, choices)
    air = _scalar("air_support", _say(accounts, lambda a: a.air_support), pins, choices, _never, _tuple)
    amounts = {
        fact: spread for fact in AMOUNTS if (spread := _amount(fact, accounts, pins, choices, parties))
    }
    return Adopted(
        choices=choices,
        status=status or "",
        when=when,
        sector=sector,
        areas=areas,
        stops=stops,
        participants=_participants(accounts, pins, choices, forces),
        amounts=amounts,
        air_support=air or (),
        incidents=_incidents(accounts, pins, choices),
        ordinals=_ordinals(accounts, pins, choices),
        zones=tuple(pins["zones"].value) if "zones" in pins else None,
        route=pins["route"].value if "route" in pins else None,
    )


def _say(
    accounts: Iterable[Facts],
    value: Callable[[Facts], T | None],
    *,
    rank: Callable[[T], int] = lambda _value: 0,
    tie: Callable[[Facts], int] = lambda _account: 0,
) -> list[_Said[T]]:
    said = [
        _Said(v, account, rank(v), tie(account))
        for account in accounts
        if (v := value(account)) is not None and v not in ("", ())
    ]
    if len(said) > 1:
        said.sort(key=lambda one: one.order)
    return said


def _scalar(
    fact: str,
    said: Sequence[_Said[T]],
    pins: Mapping[str, Pinned],
    choices: dict[str, Choice],
    differ: Callable[[T, T], bool],
    from_json: Callable[[Any], T] = lambda value: value,
    to_json: Callable[[T], Any] = lambda value: value,
) -> T | None:
    """Choose by pin or by order; record the choice under `fact`."""
    if fact not in pins:
        if not said:
            return None
        first = said[0].value
        if all(one.value == first for one in said):
            keys = tuple(one.by.key for one in said)
            choices[fact] = Choice(to_json(first), keys, _why(said))
            return first
    contested = _contested(said, differ)
    groups = _grouped(said)
    if fact in pins:
        value = from_json(pins[fact].value)
        others = tuple((to_json(v), keys) for v, keys in groups.items() if v != value)
        choices[fact] = Choice(
            pins[fact].value, groups.get(value, ()), f"pinned: {pins[fact].reason}", contested, others
        )
        return value
    best = said[0]
    others = tuple((to_json(v), keys) for v, keys in groups.items() if v != best.value)
    choices[fact] = Choice(to_json(best.value), groups[best.value], _why(said), contested, others)
    return best.value


def _grouped(said: Iterable[_Said[T]]) -> dict[T, tuple[str, ...]]:
    groups: dict[T, list[str]] = defaultdict(list)
    for one in said:
        groups[one.value].append(one.by.key)
    return {value: tuple(keys) for value, keys in groups.items()}


def _why(said: Sequence[_Said[T]]) -> str:
    best = said[0]
    against = [one for one in said[1:] if one.value != best.value]
    if not against:
        return "all accounts agree" if len(said) > 1 else "the only account that says so"
    rival = against[0]
    if best.rank != rival.rank:
        return "the later stage" if best.by.status == best.value else "the fuller one"
    if best.by.weight != rival.by.weight:
        return WEIGHT_WORDS[best.by.weight]
    if best.tie != rival.tie:
        return f"{WEIGHT_WORDS[best.by.weight]}, the more telling of equals"
    return f"{WEIGHT_WORDS[best.by.weight]}, the earliest of equals"


WEIGHT_WORDS = {
    3: "a participant's own statement",
    2: "an agency's or monitor's own reporting",
    1: "a repeated report",
}


def _contested(said: Iterable[_Said[T]], differ: Callable[[T, T], bool]) -> bool:
    """True where two participants' own statements exclude each other, whichever of theirs are compared."""
    own: dict[str, list[T]] = defaultdict(list)
    for one in said:
        if one.by.party and one.by.weight == 3:
            own[one.by.party].append(one.value)
    sides = list(own.values())
    return any(
        all(differ(a, b) for a in mine for b in theirs)
        for position, mine in enumerate(sides)
        for theirs in sides[position + 1 :]
    )


def _never(_a: object, _b: object) -> bool:
    return False


def _tuple(value: Any) -> tuple[str, ...]:
    return tuple(value.split(";")) if isinstance(value, str) else tuple(value or ())


def _status_differs(a: str, b: str) -> bool:
    """Only outcomes contradict each other: "started" is an earlier stage of either."""
    return a != b and STAGE.get(a, 0) == STAGE.get(b, 0) == 2


# Dates


def _date(accounts: Sequence[Facts], pins: Mapping[str, Pinned], choices: dict[str, Choice]) -> When | None:
    said = _say(accounts, lambda a: a.when, tie=lambda a: int(a.when.stated) if a.when else 0)
    # Two accounts of the same days agree, whether they state the day or let it be worked out.
    said = [_Said(_days(one.value), one.by, one.rank, one.tie) for one in said]
    when = _scalar("date", said, pins, choices, lambda a, b: not a.overlaps(b), when_from_json, when_to_json)
    if when is None or "date" in pins:
        return when
    inside = [one for one in said if when.start <= one.value.start and one.value.end <= when.end]
    sharpest = min(inside, key=lambda one: (one.value.precision, one.order))
    if sharpest.value.precision < when.precision:
        chosen = choices["date"]
        others = tuple(
            (v, keys)
            for v, keys in (*chosen.others, (chosen.value, chosen.accounts))
            if v != when_to_json(sharpest.value)
        )
        keys = tuple(one.by.key for one in said if one.value == sharpest.value)
        why = f"{chosen.why}, sharpened by an account within it"
        choices["date"] = Choice(when_to_json(sharpest.value), keys, why, chosen.contested, others)
        return sharpest.value
    return when


def _days(when: When) -> When:
    return When(when.start, when.end, when.precision)


def when_to_json(when: When) -> dict[str, Any]:
    return {"start": when.start.isoformat(), "end": when.end.isoformat(), "precision": when.precision}


def when_from_json(value: Mapping[str, Any]) -> When:
    return When(date.fromisoformat(value["start"]), date.fromisoformat(value["end"]), int(value["precision"]))


# Where


def _sector(
    accounts: Sequence[Facts], pins: Mapping[str, Pinned], choices: dict[str, Choice]
) -> tuple[str, tuple[str, ...]]:
    said = _say(accounts, lambda a: a.sector)
    sector = _scalar("sector", said, pins, choices, _never) or ""
    areas = next((one.by.areas for one in said if one.value == sector), ())
    return sector, areas


def _stops(
    accounts: Sequence[Facts], pins: Mapping[str, Pinned], choices: dict[str, Choice]
) -> tuple[StopFact, ...]:
    said = _say(
        accounts, lambda a: a.stops, rank=lambda stops: int(len(stops) > 1), tie=lambda a: len(a.stops)
    )
    return _scalar("stops", said, pins, choices, _never, stops_from_json, stops_to_json) or ()


def stops_to_json(stops: Iterable[StopFact]) -> list[dict[str, Any]]:
    return [{"name": stop.spelling, "place": stop.place, "role": stop.role} for stop in stops]


def stops_from_json(value: Iterable[Mapping[str, Any]]) -> tuple[StopFact, ...]:
    return tuple(StopFact(stop["name"], stop.get("place"), stop.get("role") or "") for stop in value)


# Figures


def _amount(
    fact: str,
    accounts: Sequence[Facts],
    pins: Mapping[str, Pinned],
    choices: dict[str, Choice],
    parties: Sequence[str],
) -> Spread | None:
    """A plan gives way to what was driven among equal weights."""
    said = _say(
        accounts,
        lambda a: _total(a, fact, parties),
        tie=lambda a: int(a.status not in ("announced", "started") and _qualifier(a, fact) != "planned"),
    )
    return _spread(fact, said, pins, choices)


def _total(account: Facts, fact: str, parties: Sequence[str]) -> Amount | None:
    total: Amount | None = getattr(account, fact)
    if total is not None or fact not in ("personnel", "vehicles"):
        return total
    sides: Mapping[str, Amount] = getattr(account, f"{fact}_by_side")
    if parties and set(parties) <= set(sides):
        about = next((side.qualifier for side in sides.values() if side.qualifier), "")
        return Amount(sum(side.value for side in sides.values()), about)
    return None


def _qualifier(account: Facts, fact: str) -> str:
    amount: Amount | None = getattr(account, fact)
    return amount.qualifier if amount else ""


def _spread(
    fact: str, said: Sequence[_Said[Amount]], pins: Mapping[str, Pinned], choices: dict[str, Choice]
) -> Spread | None:
    best = _scalar(fact, _bare(said), pins, choices, _never, float)
    if len(said) > 1 and fact in choices:
        choices[fact] = _marked(choices[fact], _contested(said, _amounts_exclude))
    if best is None:
        return None
    values = [one.value.value for one in said] + [best]
    return Spread(min(values), best, max(values))


def _bare(said: Iterable[_Said[Amount]]) -> list[_Said[float]]:
    """ "About 50" and "50" are the same value; the qualifier matters only for what is contested."""
    return [_Said(one.value.value, one.by, one.rank, one.tie) for one in said]


def _marked(choice: Choice, contested: bool) -> Choice:
    return Choice(choice.value, choice.accounts, choice.why, contested, choice.others)


def _amounts_exclude(a: Amount, b: Amount) -> bool:
    (a_low, a_high), (b_low, b_high) = _range(a), _range(b)
    return a_high < b_low or b_high < a_low


def _range(amount: Amount) -> tuple[float, float]:
    value = amount.value
    if amount.qualifier == "about":
        return value * (1 - ABOUT), value * (1 + ABOUT)
    if amount.qualifier in ("over", "planned"):
        return (value, float("inf")) if amount.qualifier == "over" else (0, float("inf"))
    return (0, value) if amount.qualifier == "under" else (value, value)


# Who


def _participants(
    accounts: Sequence[Facts],
    pins: Mapping[str, Pinned],
    choices: dict[str, Choice],
    forces: Mapping[str, ForceInfo],
) -> tuple[Participant, ...]:
    """Each country's forces from its best account; a side's figures go to its first force."""
    chosen = _forces(accounts, forces, choices)
    for side in sorted({code for a in accounts for code in (*a.personnel_by_side, *a.vehicles_by_side)}):
        root = next((info.slug for info in forces.values() if info.country == side and info.depth == 0), None)
        if side not in chosen and root:
            chosen[side] = (root,)
    participants = tuple(
        Participant(
            slug,
            personnel=_side(accounts, "personnel", side) if slug == slugs[0] else None,
            vehicles=_side(accounts, "vehicles", side) if slug == slugs[0] else None,
        )
        for side, slugs in sorted(chosen.items())
        for slug in slugs
    )
    if "participants" in pins:
        pinned = participants_from_json(pins["participants"].value)
        was = choices.get("participants")
        others = ((was.value, was.accounts),) if was else ()
        choices["participants"] = Choice(
            pins["participants"].value, (), f"pinned: {pins['participants'].reason}", False, others
        )
        return pinned
    if participants and "participants" not in choices:
        choices["participants"] = Choice([p.force for p in participants], (), "from the sides' own figures")
    return participants


def _forces(
    accounts: Sequence[Facts], forces: Mapping[str, ForceInfo], choices: dict[str, Choice]
) -> dict[str, tuple[str, ...]]:
    by_country: dict[str, list[_Said[tuple[str, ...]]]] = defaultdict(list)
    for account in accounts:
        named: dict[str, list[str]] = defaultdict(list)
        for slug in account.forces:
            if slug in forces:
                named[forces[slug].country].append(slug)
        for country, slugs in named.items():
            depth = min(1, max(forces[slug].depth for slug in slugs) // 2)
            by_country[country].append(_Said(tuple(sorted(set(slugs))), account, depth))
    chosen, keys, others = {}, [], []
    for country, said in sorted(by_country.items()):
        said.sort(key=lambda one: one.order)
        groups = _grouped(said)
        chosen[country] = said[0].value
        keys += [key for key in groups[said[0].value] if key not in keys]
        others += [(list(v), k) for v, k in groups.items() if v != said[0].value]
    if chosen:
        value = [slug for slugs in chosen.values() for slug in slugs]
        why = "each state's forces from its best account" if others else "all accounts agree"
        choices["participants"] = Choice(value, tuple(keys), why, False, tuple(others))
    return chosen


def _side(accounts: Sequence[Facts], fact: str, side: str) -> Spread | None:
    said = _say(accounts, lambda a: getattr(a, f"{fact}_by_side").get(side))
    return _spread(fact, said, {}, {})


def participants_from_json(value: Iterable[Mapping[str, Any]]) -> tuple[Participant, ...]:
    """`[{"force": slug, "role": …, "personnel": [low, best, high], "vehicles": […]}]`."""
    return tuple(
        Participant(
            one["force"],
            one.get("role") or "participant",
            Spread(*one["personnel"]) if one.get("personnel") else None,
            Spread(*one["vehicles"]) if one.get("vehicles") else None,
        )
        for one in value
    )


# What happened, and under which number


def _incidents(
    accounts: Sequence[Facts], pins: Mapping[str, Pinned], choices: dict[str, Choice]
) -> tuple[IncidentFact, ...]:
    said = _say(accounts, lambda a: a.incident, tie=lambda a: GRAVITY.get(a.incident, 0))
    if "incident" in pins:
        pinned = tuple(
            IncidentFact(one["type"], one.get("note") or "", one.get("place"))
            for one in pins["incident"].value
        )
        groups = _grouped(said)
        first = pinned[0].type if pinned else "none"
        others = tuple((v, keys) for v, keys in groups.items() if v != first)
        choices["incident"] = Choice(
            pins["incident"].value, groups.get(first, ()), f"pinned: {pins['incident'].reason}",
            _contested(said, _incidents_exclude), others,
        )  # fmt: skip
        return pinned
    kind = _scalar("incident", said, {}, choices, _incidents_exclude)
    if kind is None:
        return ()
    note = next((one.by.incident_note for one in said if one.value == kind and one.by.incident_note), "")
    return (IncidentFact(kind, note),)


def _incidents_exclude(a: str, b: str) -> bool:
    return (a == "none") != (b == "none")


def _ordinals(
    accounts: Sequence[Facts], pins: Mapping[str, Pinned], choices: dict[str, Choice]
) -> tuple[tuple[str, int, int], ...]:
    given: dict[tuple[str, int], list[str]] = defaultdict(list)
    for account in sorted(accounts, key=lambda a: a.key):
        if account.number is not None and account.counter:
            given[account.counter, account.number].append(account.key)
    if "ordinals" in pins:
        pinned = [(one["counter"], int(one["number"])) for one in pins["ordinals"].value]
        others = tuple(
            ({"counter": c, "number": n}, tuple(keys))
            for (c, n), keys in given.items()
            if (c, n) not in pinned
        )
        choices["ordinals"] = Choice(
            pins["ordinals"].value, (), f"pinned: {pins['ordinals'].reason}", False, others
        )
        return tuple((c, n, len(given.get((c, n), ()))) for c, n in sorted(pinned))
    if given:
        value = [{"counter": c, "number": n} for c, n in sorted(given)]
        keys = tuple(sorted({key for keys in given.values() for key in keys}))
        choices["ordinals"] = Choice(value, keys, "every number that an account gives")
    return tuple((c, n, len(keys)) for (c, n), keys in sorted(given.items()))
