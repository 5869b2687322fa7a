"""The plain values that the rules of the record work on.

`adopt` and `match` see nothing but these: no database, no clock, no settings. A fact that a report does
not give is None or empty, never 0. Everything is frozen and hashable, so a rule can be re-run, shuffled
and compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

UNSTATED = "unstated"
"""The counter of a number whose report does not say whose count it belongs to."""


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A span of days, both ends included, known to UCDP `date_precision`.

    1 day; 2 within 2 to 6 days; 3 a week or more, less than a month; 4 month; 5 year or longer.
    `stated` is False where the day was worked out from a weekday, a series or another report.
    """

    start: date
    end: date
    precision: int
    stated: bool = True

    def overlaps(self, other: When) -> bool:
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as reported: `qualifier` is "", "about", "over", "under" or "planned"."""

    value: float
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class StopFact:
    """A place on the route, in the source's own spelling; `place` is the gazetteer slug or None."""

    spelling: str
    place: str | None = None
    role: str = ""
    """"start", "via", "end" or "" where the report gives no role."""


NO_SIDES: Mapping[str, Amount] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one report says of one patrol. `key` is the account's own stable id."""

    key: str
    programme: str
    number: int | None = None
    counter: str = ""
    """Slug of the count the number belongs to; `UNSTATED` where not said; "" without a number."""
    when: When | None = None
    status: str = ""
    sector: str = ""
    areas: tuple[str, ...] = ()
    """Gazetteer slugs of the places named in `sector`."""
    stops: tuple[StopFact, ...] = ()
    forces: tuple[str, ...] = ()
    """Force slugs."""
    personnel: Amount | None = None
    personnel_by_side: Mapping[str, Amount] = field(default_factory=lambda: NO_SIDES, hash=False)
    """By ISO 3166-1 alpha-2 code of the side."""
    vehicles: Amount | None = None
    vehicles_by_side: Mapping[str, Amount] = field(default_factory=lambda: NO_SIDES, hash=False)
    air_support: tuple[str, ...] = ()
    length_km: Amount | None = None
    depth_km: Amount | None = None
    duration_h: Amount | None = None
    incident: str = ""
    """"none" only where the report says that nothing happened."""
    incident_note: str = ""
    note: str = ""
    weight: int = 1
    """3 a participant's own statement, 2 an agency or monitor with its own reporting, 1 a repeat."""
    party: str = ""
    """ISO code of the participant whose own statement this is, or ""."""
    publisher: str = ""
    report: str = ""
    published: date | None = None
    seen: date | None = None
    """When the report was retrieved or entered: an undated patrol was over by then."""
