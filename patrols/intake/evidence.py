"""What speaks for and against an account and a patrol being the same event.

`Profile` sums up what accounts say; `weigh` compares an account's profile with a patrol's and says, fact by
fact and in words an editor can read, how the two relate. It decides nothing: `match` does.

Weights are in one currency. A day or a number of the same count is worth 4 and can carry a match alone;
places, incidents and publication dates confirm or deny it; a contradiction costs about what it contradicts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from patrols.intake.distances import Distances
from patrols.record.facts import UNSTATED, Facts, When

SLIP_DAYS = 1
"""Reports of the same patrol are known to differ by a day: a newspaper dates it to its own day."""

MISDATED_DAYS = 7
"""The same number so few days away is rather one patrol misdated than a number used twice."""

PUBLISHED_WITHIN = 7
"""How many days before its report's date a patrol is looked for when the report gives no date."""

FAR_KM = 100
"""No patrol is reported from two places further apart than this; most drive 60 to 110 km in all."""

SAME_PLACE_KM = 10
"""Two points so close are one place by different names, or neighbours that one report took for the other."""

ROUTE_STOPS = 3
"""Two routes of at least so many resolved stops each, with none in common, are different routes."""

QUIET_INCIDENTS = frozenset({"", "none", "other"})
"""Kinds that say too little to recognise a patrol by."""

_DIRECTIONS: Mapping[str, str] = {
    # English; Turkish; Russian; Arabic; German; French and Spanish; Kurdish
    "west": r"west|bat[ıi](?:s[ıi](?:nda)?)?|запад\w*|غربي?|westlich|ouest|oeste|rojavay?ê?",
    "east": r"east|do[ğg]u(?:su(?:nda)?)?|восто\w*|شرقي?|östlich|este?|rojhilatê?",
    "north": r"north|kuzey\w*|север\w*|شمالي?|nördlich|nord|norte|bakurê?",
    "south": r"south|güney\w*|юг\w*|южн\w*|جنوبي?|südlich|sud|başûrê?",
}
_DIRECTION = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _DIRECTIONS.items()), re.IGNORECASE
)
_OPPOSITE = {"west": "east", "east": "west", "north": "south", "south": "north"}


DateRelation = Literal["same", "minor", "near", "overlap", "apart", "silent"]
NumberRelation = Literal["same", "unstated", "loose", "conflict", "doubt", "silent"]
PlaceRelation = Literal["shared", "apart", "silent"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: a code for programs, a text for editors, and its weight (negative: against)."""

    code: str
    text: str
    weight: float


@lru_cache(maxsize=4096)
def directions(sector: str) -> frozenset[str]:
    """The compass directions a sector names, less those it also names the opposite of ("west and east")."""
    named = {found.lastgroup for found in _DIRECTION.finditer(sector)}
    return frozenset(name for name in named if name and _OPPOSITE[name] not in named)


@lru_cache(maxsize=16384)
def folded(spelling: str) -> str:
    """A spelling without case, accents, spaces and punctuation: enough to see that two sources copied one."""
    bare = unicodedata.normalize("NFKD", spelling.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


@lru_cache(maxsize=8192)
def day_text(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")


def days_text(days: int) -> str:
    number = _NUMBER_WORDS[days] if days < len(_NUMBER_WORDS) else f"{days:,}"
    return f"{number} {'day' if days == 1 else 'days'}"


@dataclass(slots=True)
class Profile:
    """What one account, or all accounts of one patrol, say, in whatever order they come."""

    programme: str = ""
    accounts: int = 0
    days: dict[date, int] = field(default_factory=dict)
    """Weight of the accounts that give this day; a worked-out day weighs least."""
    stated: set[date] = field(default_factory=set)
    spans: set[When] = field(default_factory=set)
    numbers: dict[str, set[int]] = field(default_factory=dict)
    """By counter."""
    areas: set[str] = field(default_factory=set)
    headings: set[tuple[str, str]] = field(default_factory=set)
    """(area, direction): "west of Kobani"."""
    stops: dict[str, str] = field(default_factory=dict)
    """Gazetteer slug, or folded spelling where there is none, to the spelling to show."""
    resolved: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    announced: bool = False
    published: date | None = None
    """These two of a single account only."""

    def add(self, facts: Facts) -> Profile:
        self.programme = facts.programme
        self.accounts += 1
        if facts.when is not None:
            self._add_when(facts.when, facts.weight)
        if facts.number is not None:
            self.numbers.setdefault(facts.counter or UNSTATED, set()).add(facts.number)
        self.areas.update(facts.areas)
        if len(facts.areas) == 1:  # Else it cannot be told which of them lies west.
            self.headings.update((facts.areas[0], way) for way in directions(facts.sector))
        for stop in facts.stops:
            key = stop.place or folded(stop.spelling)
            if stop.place:
                self.resolved.add(stop.place)
            self.stops[key] = min(stop.spelling, self.stops.get(key, stop.spelling))
        if facts.incident not in QUIET_INCIDENTS:
            self.incidents.add(facts.incident)
        if facts.report:
            self.reports.add(facts.report)
        alone = self.accounts == 1
        self.announced = alone and facts.status == "announced"
        self.published = facts.published if alone else None
        return self

    def _add_when(self, when: When, weight: int) -> None:
        if when.start != when.end:
            self.spans.add(when)
            return
        self.days[when.start] = self.days.get(when.start, 0) + (1 + weight if when.stated else 1)
        if when.stated:
            self.stated.add(when.start)

    def main_days(self) -> Iterable[date]:
        """The day that most weight speaks for; several where they draw."""
        if len(self.days) < 2:
            return self.days
        most = max(self.days.values())
        return [day for day, weight in self.days.items() if weight == most]


@dataclass(slots=True)
class Evidence:
    """How an account and a patrol relate, fact by fact.

    `date`: same, minor (as a minority of its accounts date it), near (a day apart), overlap, apart, silent.
    `number`: same, unstated (the same in counts that neither side names), loose (one side names its count),
    conflict, doubt (a conflict that a mistaken count would explain), silent. `place`: shared, apart, silent.
    """

    date: DateRelation = "silent"
    gap: int = 0
    """Days between the two, where near or apart."""
    span_precision: int = 0
    """The vaguer `date_precision` where the dates overlap."""
    number: NumberRelation = "silent"
    place: PlaceRelation = "silent"
    shared_stops: int = 0
    incident: bool = False
    published_soon: bool = False
    """Whether an account that gives no date was published within days of the patrol."""
    same_report: bool = False
    reasons: list[Reason] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    def note(self, code: str, text: str, weight: float) -> None:
        self.reasons.append(Reason(code, text, weight))


def weigh(account: Profile, patrol: Profile, distances: Distances) -> Evidence:
    """Compare two profiles of one programme."""
    evidence = Evidence()
    _weigh_dates(account, patrol, evidence)
    _weigh_numbers(account, patrol, evidence)
    if evidence.date == "apart" and evidence.number != "same":
        return evidence  # Nothing else can make them one.
    _weigh_places(account, patrol, distances, evidence)
    alike = account.incidents & patrol.incidents
    if alike:
        evidence.incident = True
        evidence.note("incident", f"both report {min(alike).replace('_', ' ')}", 0.5)
    if evidence.date == "silent" and account.published is not None:
        _weigh_publication(account, account.published, patrol, evidence)
    if account.reports & patrol.reports:
        evidence.same_report = True
        evidence.note("report", "the same report already tells of this patrol", -4.0)
    return evidence


def _weigh_dates(account: Profile, patrol: Profile, evidence: Evidence) -> None:
    if not (account.days or account.spans) or not (patrol.days or patrol.spans):
        return
    if account.days and patrol.days:
        _weigh_days(account, patrol, evidence)
        return
    whens = [When(day, day, 1) for day in account.days] or sorted(account.spans)
    others = [When(day, day, 1) for day in patrol.days] or sorted(patrol.spans)
    overlapping = [max(a.precision, b.precision) for a in whens for b in others if a.overlaps(b)]
    if overlapping:
        evidence.date, evidence.span_precision = "overlap", min(overlapping)
        weight = {2: 2.0, 3: 1.0, 4: 0.5}.get(evidence.span_precision, 0.25)
        evidence.note("date", "dates overlap", weight)
        return
    evidence.gap = min(max((b.start - a.end).days, (a.start - b.end).days) for a in whens for b in others)
    evidence.date = "apart"
    evidence.note("date", f"dates {days_text(evidence.gap)} apart", -4.0)


def _weigh_days(account: Profile, patrol: Profile, evidence: Evidence) -> None:
    mine = min(account.main_days())
    main = patrol.main_days()
    if mine in main:
        sure = mine in account.stated and mine in patrol.stated
        evidence.date = "same"
        text = f"same day, {day_text(mine)}" + ("" if sure else " (worked out, not stated)")
        evidence.note("day", text, 4.0 if sure else 3.5)
        return
    evidence.gap = min(abs((mine - day).days) for day in main)
    if mine in patrol.days:
        evidence.date = "minor"
        evidence.note("day", f"dated {day_text(mine)} as in a minority of its accounts", 3.0)
    elif evidence.gap <= SLIP_DAYS:
        evidence.date = "near"
        evidence.note("date", f"dates {days_text(evidence.gap)} apart", -0.5)
    else:
        evidence.date = "apart"
        evidence.note("date", f"dates {days_text(evidence.gap)} apart", -4.0)


def _weigh_numbers(account: Profile, patrol: Profile, evidence: Evidence) -> None:
    for counter, mine in sorted(account.numbers.items()):
        theirs = patrol.numbers.get(counter, set())
        number = min(mine)
        elsewhere = [
            name for name in sorted(patrol.numbers) if name != counter and mine & patrol.numbers[name]
        ]
        if counter == UNSTATED:
            if mine & theirs or elsewhere:
                evidence.number = "unstated" if mine & theirs else "loose"
                weight = 2.5 if mine & theirs else 1.5
                evidence.note("number", f"number {number} too, in a count not stated", weight)
        elif mine & theirs:
            evidence.number = "same"
            evidence.note("number", f"number {min(mine & theirs)} in the {counter} count", 4.0)
        elif theirs:
            evidence.number = "doubt" if elsewhere else "conflict"
            text = f"number {number} in the {counter} count, where the patrol has {min(theirs)}"
            if elsewhere:
                text += f" (and {number} in the {elsewhere[0]} count)"
            evidence.note("number", text, -1.0 if elsewhere else -4.0)
        elif UNSTATED in elsewhere:
            evidence.number = "loose"
            evidence.note("number", f"number {number} too, in a count not stated", 1.5)


def _weigh_places(account: Profile, patrol: Profile, distances: Distances, evidence: Evidence) -> None:
    stops = account.stops.keys() & patrol.stops.keys()
    if stops:
        evidence.place, evidence.shared_stops = "shared", len(stops)
        names = sorted(account.stops[stop] for stop in stops)
        shown = " and ".join(names) if len(names) < 3 else f"{', '.join(names[:2])} and {len(names) - 2} more"
        evidence.note("route", f"route shares {shown}", min(2.0, 0.5 + 0.5 * len(stops)))
    areas = account.areas & patrol.areas
    turned = not stops and _opposed(account, patrol, areas)
    if turned:
        evidence.place = "apart"
        evidence.note("place", turned, -3.0)
        return
    if areas:
        evidence.place = "shared"
        evidence.note("place", f"same area, {' and '.join(map(place_text, sorted(areas)))}", 1.0)
    if min(len(account.resolved), len(patrol.resolved)) >= ROUTE_STOPS and not stops:
        evidence.place = "apart"
        evidence.note("route", "routes have no stop in common", -3.0)
        return
    if evidence.place == "silent":
        _weigh_distance(account, patrol, distances, evidence)


def _opposed(account: Profile, patrol: Profile, areas: set[str]) -> str:
    """Words for "one went west of Kobani and the other east", or nothing."""
    for area, way in sorted(account.headings):
        theirs = {other for place, other in patrol.headings if place == area}
        if area in areas and _OPPOSITE[way] in theirs and way not in theirs:
            return f"{way} of {place_text(area)}, where the patrol was in the {_OPPOSITE[way]}"
    return ""


def _weigh_distance(account: Profile, patrol: Profile, distances: Distances, evidence: Evidence) -> None:
    mine, theirs = _located(account, distances), _located(patrol, distances)
    if not mine or not theirs:
        return
    km, here, there = min((distances.km(a, b), a, b) for a in mine for b in theirs)
    if km > FAR_KM:
        evidence.place = "apart"
        text = f"{place_text(here)} and {place_text(there)} lie {km:.0f} km apart"
        evidence.note("place", text, -3.0)
    elif km < SAME_PLACE_KM and here in distances.sharp and there in distances.sharp:
        evidence.place = "shared"
        evidence.note("place", f"{place_text(here)} and {place_text(there)} are neighbours", 0.5)


def _located(profile: Profile, distances: Distances) -> list[str]:
    """The places that can be measured from: points, or else areas."""
    places = [place for place in profile.areas | profile.resolved if place in distances]
    return [place for place in places if place in distances.sharp] or places


def _weigh_publication(account: Profile, published: date, patrol: Profile, evidence: Evidence) -> None:
    """The report's date bounds the day of a patrol that the report itself leaves undated."""
    if not patrol.days:
        return
    lag = (published - min(patrol.main_days())).days
    if -SLIP_DAYS <= lag <= PUBLISHED_WITHIN:
        evidence.published_soon = True
        weight = 0.5 if 0 <= lag <= 3 else 0.25
        evidence.note("published", f"published on {day_text(published)}, within days of it", weight)
    elif lag < 0 and not account.announced:
        evidence.note("published", f"published {days_text(-lag)} before the patrol", -1.0)


def place_text(slug: str) -> str:
    return slug.replace("-", " ").title()
