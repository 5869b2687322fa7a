"""Scores extractions against a labelled corpus (one JSON object a line, see `tests/corpus/README.md`).

Patrols are compared by the best assignment. A field's items count one by one: each value of a set, each
side's count. An empty label with a filled answer is a false positive.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from patrols.intake.extract.drafts import AccountDraft, Extraction, Span
from patrols.record.facts import When

MICRO = ("number", "date", "status", "forces", "vehicles", "personnel", "length", "incident")
OTHER = ("places", "programme", "depth", "duration", "air_support", "claims", "events")
FIELDS = (*MICRO, *OTHER)
Resolve = Callable[[str], str | None]


@dataclass(slots=True)
class Tally:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, other: Tally) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    def scores(self) -> dict[str, float]:
        """Precision, recall and F1; 1.0 where there was nothing to find and nothing found."""
        answered, labelled = self.right + self.wrong, self.right + self.missed
        precision = self.right / answered if answered else 1.0
        recall = self.right / labelled if labelled else 1.0
        both = precision + recall
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        }


@dataclass(frozen=True, slots=True)
class Error:
    report: str
    field: str
    expected: str
    answered: str
    spans: tuple[Span, ...] = ()


@dataclass(slots=True)
class Score:
    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    languages: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """Over the micro fields."""
    language_fields: dict[str, dict[str, Tally]] = field(
        default_factory=lambda: defaultdict(lambda: {name: Tally() for name in FIELDS})
    )
    errors: list[Error] = field(default_factory=list)
    reports: int = 0
    all_right: int = 0

    def micro(self) -> Tally:
        total = Tally()
        for name in MICRO:
            total.add(self.fields[name])
        return total

    def as_json(self) -> dict[str, Any]:
        return {
            "micro": self.micro().scores(),
            "fields": {name: tally.scores() for name, tally in self.fields.items()},
            "languages": {lang: tally.scores() for lang, tally in sorted(self.languages.items())},
            "reports": self.reports,
            "reports_all_right": self.all_right,
        }


def date_text(when: When) -> str:
    """The form that labels use: a day, or a month where only that is known."""
    return f"{when.start:%Y-%m}" if when.precision >= 4 else when.start.isoformat()


def answer(account: AccountDraft) -> dict[str, list[Any]]:
    """An account's values as lists of comparable items, field by field."""

    def one(fact: Any) -> list[Any]:
        return [fact.value] if fact else []

    return {
        "number": one(account.number),
        "date": [date_text(account.date.value)] if account.date else [],
        "status": one(account.status),
        "forces": list(account.forces.value) if account.forces else [],
        "vehicles": [
            *_total(account.vehicles_total),
            *((s, f.value) for s, f in sorted(account.vehicles.items())),
        ],
        "personnel": [
            *_total(account.personnel_total),
            *((s, f.value) for s, f in sorted(account.personnel.items())),
        ],
        "length": one(account.length_km),
        "depth": one(account.depth_km),
        "duration": one(account.duration_h),
        "incident": one(account.incident),
        "programme": one(account.programme),
        "air_support": list(account.air_support.value) if account.air_support else [],
        "places": [(place.spelling, place.slug) for place in account.places],
    }


def _total(fact: Any) -> list[tuple[str, int]]:
    return [("total", fact.value)] if fact else []


def label(patrol: Mapping[str, Any], resolve: Resolve) -> dict[str, list[Any]]:
    """A labelled patrol in the same form."""

    def one(name: str) -> list[Any]:
        return [] if patrol.get(name) in (None, "") else [patrol[name]]

    def counts(name: str) -> list[tuple[str, int]]:
        total = [("total", patrol[f"{name}_total"])] if patrol.get(f"{name}_total") is not None else []
        return [*total, *sorted((patrol.get(name) or {}).items())]

    return {
        "number": one("number"),
        "date": one("date"),
        "status": one("status"),
        "forces": sorted(patrol.get("forces") or []),
        "vehicles": counts("vehicles"),
        "personnel": counts("personnel"),
        "length": one("length_km"),
        "depth": one("depth_km"),
        "duration": one("duration_h"),
        "incident": one("incident"),
        "programme": one("programme"),
        "air_support": patrol.get("air_support") or [],
        "places": [(spelling, resolve(spelling)) for spelling in patrol.get("places") or []],
    }


def _same_place(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    if one[1] and other[1]:
        return one[1] == other[1]
    return _plain(one[0]) == _plain(other[0])


def _plain(spelling: str) -> str:
    return "".join(char for char in spelling.casefold() if char.isalnum())


def _in_order(expected: Sequence[Any], answered: Sequence[Any]) -> int:
    """Longest common subsequence: places count where they stand in the right order."""
    row = [0] * (len(answered) + 1)
    for one in expected:
        previous = 0
        for index, other in enumerate(answered, 1):
            held = row[index]
            row[index] = previous + 1 if _same_place(one, other) else max(row[index], row[index - 1])
            previous = held
    return row[-1]


def compare(name: str, expected: Sequence[Any], answered: Sequence[Any]) -> Tally:
    if name == "places":
        right = _in_order(expected, answered)
    else:
        right = sum((Counter(map(str, _numeric(expected))) & Counter(map(str, _numeric(answered)))).values())
    return Tally(right, len(answered) - right, len(expected) - right)


def _numeric(values: Sequence[Any]) -> list[Any]:
    return [float(v) if isinstance(v, int | float) else v for v in values]


def _assignment(
    expected: list[dict[str, list[Any]]], answered: list[dict[str, list[Any]]]
) -> list[tuple[int | None, int | None]]:
    """The pairing with the most right items; greedy where there are too many patrols to try them all."""
    gain = [
        [
            sum(compare(n, e[n], a[n]).right * (3 if n in {"date", "number"} else 1) for n in e)
            for a in answered
        ]
        for e in expected
    ]
    if max(len(expected), len(answered)) <= 6:
        size = max(len(expected), len(answered))
        best = max(
            itertools.permutations(range(size), len(expected)),
            key=lambda order: sum(gain[i][j] for i, j in enumerate(order) if j < len(answered)),
        )
        pairs: list[tuple[int | None, int | None]] = [
            (i, j if j < len(answered) else None) for i, j in enumerate(best)
        ]
    else:
        pairs, free = [], set(range(len(answered)))
        for i in range(len(expected)):
            gains = gain[i]
            j = max(free, key=gains.__getitem__, default=None)
            pairs.append((i, j))
            free.discard(j if j is not None else -1)
    used = {j for _, j in pairs}
    return [*pairs, *((None, j) for j in range(len(answered)) if j not in used)]


EMPTY: dict[str, list[Any]] = {name: [] for name in FIELDS}


def _spans(account: AccountDraft | None, name: str) -> tuple[Span, ...]:
    if account is None:
        return ()
    if name == "places":
        return tuple(place.span for place in account.places)
    return tuple(span for key, fact in account.facts() if key.startswith(name) for span in fact.spans)


def add_report(score: Score, report: Mapping[str, Any], extraction: Extraction, resolve: Resolve) -> None:
    """Compare one report's extraction with its labels."""
    expect = report["expect"]
    expected = [label(patrol, resolve) for patrol in expect["patrols"]]
    answered = [answer(account) for account in extraction.accounts]
    lang = report["lang"]
    right = True
    for i, j in _assignment(expected, answered):
        wanted = expected[i] if i is not None else EMPTY
        given = answered[j] if j is not None else EMPTY
        account = extraction.accounts[j] if j is not None else None
        for name in (*MICRO, *OTHER):
            if name in {"claims", "events"}:
                continue
            right &= _count(score, report["id"], lang, name, wanted[name], given[name], _spans(account, name))
    claims = [(c["count"], c.get("from"), c.get("to")) for c in expect["claims"]]
    events = [(e["kind"], e["date"]) for e in expect["events"]]
    found_claims = [(c.count, c.start, c.end) for c in extraction.claims]
    found_events = [(e.kind, e.date) for e in extraction.events]
    claim_spans = tuple(s for c in extraction.claims for s in c.spans)
    event_spans = tuple(s for e in extraction.events for s in e.spans)
    right &= _count(score, report["id"], lang, "claims", claims, found_claims, claim_spans)
    right &= _count(score, report["id"], lang, "events", events, found_events, event_spans)
    score.reports += 1
    score.all_right += right


def _count(
    score: Score,
    report: str,
    lang: str,
    name: str,
    expected: Sequence[Any],
    answered: Sequence[Any],
    spans: tuple[Span, ...],
) -> bool:
    tally = compare(name, expected, answered)
    score.fields[name].add(tally)
    score.language_fields[lang][name].add(tally)
    if name in MICRO:
        score.languages[lang].add(tally)
    if tally.wrong or tally.missed:
        score.errors.append(Error(report, name, _show(name, expected), _show(name, answered), spans))
        return False
    return True


def _show(name: str, values: Sequence[Any]) -> str:
    if name == "places":
        return ", ".join(spelling for spelling, _ in values) or "-"
    return ", ".join(str(value) for value in values) or "-"


def published_of(report: Mapping[str, Any]) -> date | None:
    value = report.get("published")
    return date.fromisoformat(value[:10]) if value else None
