"""What the extractor hands on: drafts of accounts, claims and events, each fact with its evidence.

Spans count characters of `Extraction.text`, which is the title, a blank line and the body; without a title
it is the body alone. `Extraction.body_start` says where the body begins in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Generic, TypeVar

from patrols.record.facts import When

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]` of the extraction's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value, where it was read, and how sure the rule that read it is (0 to 1).

    `qualifier` is "", "about", "over", "under" or "planned".
    """

    value: T
    spans: tuple[Span, ...]
    confidence: float
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A point of the route in the source's own spelling; `slug` is the gazetteer entry or None.

    `role` is "start", "via", "end", "incident", "sector" or "sea".
    """

    spelling: str
    slug: str | None
    span: Span
    role: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """What the report says of one patrol. None or empty: it does not say."""

    programme: Fact[str] | None = None
    number: Fact[int] | None = None
    counter: str = ""
    """Slug of the count that the number belongs to, as far as the text tells; "" without a number."""
    date: Fact[When] | None = None
    status: Fact[str] | None = None
    forces: Fact[tuple[str, ...]] | None = None
    """ISO 3166-1 alpha-2 codes of the sides, sorted."""
    force_names: tuple[Fact[str], ...] = ()
    """Forces as the text names them."""
    personnel_total: Fact[int] | None = None
    personnel: dict[str, Fact[int]] = field(default_factory=dict)
    vehicles_total: Fact[int] | None = None
    vehicles: dict[str, Fact[int]] = field(default_factory=dict)
    air_support: Fact[tuple[str, ...]] | None = None
    """Out of "uav", "helicopter", "aircraft", in this order."""
    places: tuple[PlaceDraft, ...] = ()
    length_km: Fact[float] | None = None
    depth_km: Fact[float] | None = None
    duration_h: Fact[float] | None = None
    incident: Fact[str] | None = None
    incident_note: str = ""
    """The sentence that tells of the incident, as it stands in the report."""

    def facts(self) -> Iterator[tuple[str, Fact[object]]]:
        """Every fact that is filled in, with the name of its field."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Fact):
                yield item.name, value
            elif isinstance(value, dict):
                for side, fact in value.items():
                    yield f"{item.name}_{side.lower()}", fact
            elif item.name == "force_names":
                for fact in value:
                    yield "force_names", fact


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A cumulative count; `start` and `end` are "YYYY-MM", `end` is None where it is still running."""

    count: int
    start: str | None
    end: str | None
    spans: tuple[Span, ...] = ()
    confidence: float = 0.9
    programme: str = ""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """A suspension or a resumption of the patrols; `date` is "YYYY-MM-DD", "YYYY-MM" or ""."""

    kind: str
    date: str
    spans: tuple[Span, ...] = ()
    confidence: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    text: str
    body_start: int
    lang: str
    published: date | None = None
    accounts: tuple[AccountDraft, ...] = ()
    claims: tuple[ClaimDraft, ...] = ()
    events: tuple[EventDraft, ...] = ()
    warnings: tuple[str, ...] = ()
    """For the editor: what is odd about this text (language not read, figures that contradict each other)."""
