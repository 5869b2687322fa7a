"""One report on the desk: its text with what was read, its drafts as forms, the patrols they may be of."""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ..intake.desk import Taken
from ..intake.directory import Directory
from ..intake.drafting import UNSURE, as_candidates, candidates, draft_account
from ..intake.proposal import COUNTED, ON_ROUTE, Json, facts
from ..models import (
    Account,
    Claim,
    DatePrecision,
    Patrol,
    Place,
    Programme,
    Publisher,
    Reading,
    Report,
    State,
)
from ..record.apply import Change
from ..record.workflow import RecordError
from .account_form import AccountForm, Offer
from .placing import changes_by

MOST_ACCOUNTS = 60
PREVIEWED = 3
"""Candidates of which the page shows what attaching would change."""
NEW, SKIP = "new", "skip"
KEYS = {
    "number": "n",
    "date": "t",
    "status": "s",
    "sector": "c",
    "route": "r",
    "forces_as_named": "f",
    "personnel": "p",
    "vehicles": "v",
    "air_support": "h",
    "length_km": "g",
    "depth_km": "b",
    "duration_h": "o",
    "incident_note": "i",
}
"""What a selected passage fills, by the key that is pressed."""
GROUPS = (
    ("programme", "number", "counter", "status"),
    ("date_start", "date_end", "date_precision", "date_stated"),
    ("vehicles", "vehicles_by_side", "personnel", "personnel_by_side"),
    ("length_km", "depth_km", "duration_h", "air_support"),
    ("sector", "route"),
    ("incident_type", "incident_note"),
    ("forces_as_named", "speaker", "own_reporting"),
)
INPUTS = {"date": "date_start", "incident": "incident_type"}
"""Facts whose input has another name."""
KEY_OF = {**KEYS, "date_start": KEYS["date"]}


class DeskForm(AccountForm):
    """An account as it comes from the draft; its report is the one on the desk."""

    needs_reason = False

    class Meta(AccountForm.Meta):
        fields = tuple(name for name in AccountForm.Meta.fields if name not in ("report", "note"))  # type: ignore[assignment]


@dataclass(slots=True)
class Candidate:
    patrol: Patrol
    reasons: list[str]
    fits: bool
    changes: list[Change] | None
    """None where it was not worked out."""
    taken: bool
    """The report has an account of this patrol already."""


@dataclass(slots=True)
class Draft:
    """One account of the page."""

    index: int
    form: DeskForm
    known: dict[str, float]
    """How sure the reading is, by input."""
    ranked: list[Candidate] = field(default_factory=list)
    target: str = ""
    error: str = ""

    @property
    def prefix(self) -> str:
        return f"a{self.index}"

    @property
    def groups(self) -> list[list[dict[str, Any]]]:
        return [[self._shown(name) for name in group] for group in GROUPS]

    @property
    def forces(self) -> dict[str, Any]:
        """The forces, with the names of the chosen ones, since the list of all is long."""
        field = self.form["forces"]
        chosen = set(field.value() or ())
        choices = self.form.fields["forces"].choices  # type: ignore[attr-defined]
        return self._shown("forces") | {"chosen": [label for slug, label in choices if slug in chosen]}

    def _shown(self, name: str) -> dict[str, Any]:
        wanted = "date" if name.startswith("date_") else name
        return {
            "field": self.form[name],
            "name": name,
            "key": KEY_OF.get(name, ""),
            "confidence": self.known.get(wanted),
            "low": (self.known.get(wanted) or 1) < UNSURE,
        }


@dataclass(slots=True)
class Passage:
    """A run of the text, and what was read in it: "a0-vehicles"."""

    text: str
    marks: list[str]


class DeskPage:
    """`data` is what an editor has posted, None on the first look."""

    def __init__(self, report: Report, data: QueryDict | None = None) -> None:
        self.report, self.data = report, data or QueryDict()
        self.reading = Reading.objects.filter(report=report).first()
        self.directory = Directory.load()

    @cached_property
    def sources(self) -> list[Json]:
        """The drafts; what an editor adds to them starts empty, with the first one's programme and day."""
        read: list[Json] = list(self.reading.accounts) if self.reading else []
        wanted = len(read)
        if (given := self.data.get("accounts", "")).isdecimal():
            wanted = int(given)
        start = _shared(read)
        return (read + [start] * max(0, wanted - len(read)))[: min(max(wanted, len(read)), MOST_ACCOUNTS)]

    @cached_property
    def drafts(self) -> list[Draft]:
        return [self._draft(index, source) for index, source in enumerate(self.sources)]

    def add(self) -> None:
        """One more account: the report tells of two patrols."""
        self.sources.append(_shared(self.sources))
        self.__dict__.pop("drafts", None)

    def _draft(self, index: int, source: Json) -> Draft:
        account = self._account(source)
        programme = self._programme(f"a{index}", account)
        form_type = type("Offered", (DeskForm,), {"offer": Offer(programme), "Meta": DeskForm.Meta})
        posted = self.data if f"a{index}-programme" in self.data else None
        form = form_type(posted, instance=account, prefix=f"a{index}")
        made = Draft(index, form, confidences(source))
        if posted is not None and form.is_valid():
            account = form.instance
        elif posted is not None:
            account = self._account(source)
        made.ranked = self._ranked(account, index, fresh=posted is not None)
        made.target = self._target(made)
        return made

    def _account(self, source: Json) -> Account:
        account = draft_account(self.report, source, self.directory)
        account.own_reporting = self.report.publisher.kind in (
            Publisher.Kind.AGENCY,
            Publisher.Kind.MONITOR,
        )
        return account

    def _programme(self, prefix: str, account: Account) -> Programme | None:
        asked = self.data.get(f"{prefix}-programme", "")
        if asked.isdecimal():
            return Programme.objects.filter(pk=asked).first()
        return account.programme if account.programme_id else None

    # Which patrol

    def _ranked(self, account: Account, index: int, *, fresh: bool) -> list[Candidate]:
        stored = self.reading.candidates if self.reading and self.reading.matched_at and not fresh else None
        if stored is not None and index < len(stored):
            ranked = stored[index]
        else:
            ranked = as_candidates(candidates(account, self.directory.distances))
        patrols = {
            one.uid: one
            for one in Patrol.objects.filter(uid__in=[one["patrol"] for one in ranked])
            .exclude(state=State.WITHDRAWN)
            .select_related("programme")
        }
        has = set(self.report.accounts.values_list("patrol__uid", flat=True))
        made = [
            Candidate(
                patrols[one["patrol"]], one["reasons"], one["verdict"] == "fits", None, one["patrol"] in has
            )
            for one in ranked
            if one["patrol"] in patrols
        ]
        if account.programme_id:
            for one in made[:PREVIEWED]:
                one.changes = changes_by(one.patrol, account)
        return made

    def _target(self, made: Draft) -> str:
        """What the editor chose; else the patrol that fits, or a new one where nothing comes near."""
        if chosen := self.data.get(f"{made.prefix}-target", ""):
            return chosen
        fitting = next((one.patrol.uid for one in made.ranked if one.fits and not one.taken), "")
        return fitting or ("" if made.ranked else NEW)

    # What the editor takes

    def taken(self) -> list[Taken]:
        """The accounts as they are to be saved. Raises `RecordError`; the forms then hold the reasons."""
        made, wrong = [], False
        for draft in self.drafts:
            if draft.target == SKIP:
                continue
            if not draft.form.is_valid():
                wrong = True
                continue
            draft.form.instance.spans = self._spans(draft)
            try:
                made.append(Taken(draft.form.instance, self._patrol(draft)))
            except RecordError as error:
                draft.error, wrong = str(error), True
        if wrong:
            raise RecordError(_("Nothing was saved. Mend what is marked below."))
        return made

    def _patrol(self, draft: Draft) -> Patrol | None:
        if draft.target == NEW:
            return None
        uid = draft.target or ""
        if uid == "other":
            uid = self.data.get(f"{draft.prefix}-other", "").strip()
        patrol = Patrol.objects.filter(uid=uid).exclude(state=State.WITHDRAWN).first() if uid else None
        if patrol is None:
            raise RecordError(
                _("Say which patrol it tells of.") if not uid else _("There is no patrol “%s”.") % uid
            )
        return patrol

    def _spans(self, draft: Draft) -> dict[str, Any]:
        """Where each fact stands: as it was read, or as the editor has selected it."""
        kept = dict(draft.form.instance.spans or {})
        try:
            given = json.loads(self.data.get(f"{draft.prefix}-spans", "") or "{}")
        except ValueError:
            return kept
        length = len(self.report.text)
        for name, span in given.items() if isinstance(given, dict) else ():
            sound = isinstance(span, list) and len(span) == 2 and all(isinstance(n, int) for n in span)
            if sound and 0 <= span[0] < span[1] <= length and name in draft.form.fields:
                kept[name] = [span]
        return kept

    def claims(self) -> list[tuple[int, Json, Programme | None]]:
        read = self.reading.claims if self.reading else []
        main = self.reading.programme if self.reading else None
        return [
            (index, claim, self.directory.programmes.get(claim.get("programme") or "") or main)
            for index, claim in enumerate(read)
        ]

    def taken_claims(self) -> list[Claim]:
        chosen = set(self.data.getlist("claim"))
        return [
            _claim(claim, programme)
            for index, claim, programme in self.claims()
            if str(index) in chosen and programme is not None
        ]

    # The text

    @cached_property
    def passages(self) -> list[Passage]:
        spans: list[tuple[int, int, str]] = []
        for index, source in enumerate(self.sources):
            for name, one in facts(source):
                mark = f"a{index}-{'forces_as_named' if name == 'force_names' else _input(name)}"
                spans += [(start, end, mark) for start, end in one["spans"]]
            for place in source.get("places", ()):
                spans.append((*place["span"], f"a{index}-{_place_input(place)}"))
        for index, claim, _programme in self.claims():
            spans += [(start, end, f"claim-{index}") for start, end in claim["spans"]]
        return passages(self.report.text, spans)

    @property
    def layers_json(self) -> dict[str, Any]:
        return {"layers": self.layers}

    @cached_property
    def layers(self) -> list[dict[str, Any]]:
        """The places found, for the map."""
        slugs = {
            place["slug"]: place["spelling"]
            for source in self.sources
            for place in source.get("places", ())
            if place.get("slug")
        }
        found = Place.objects.filter(slug__in=slugs, lat__isnull=False, lon__isnull=False)
        return [
            {
                "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
                "kind": "place",
                "label": f"{place.name} ({slugs[place.slug]})",
            }
            for place in found
        ]


def _shared(drafts: list[Json]) -> Json:
    """What one more patrol of the same report most likely has in common with the first."""
    kept: Json = {}
    for name in ("programme", "date", "forces"):
        if drafts and name in drafts[0]:
            kept[name] = drafts[0][name]
    return kept


def _input(name: str) -> str:
    """The form's input that a fact goes into."""
    if name in INPUTS:
        return INPUTS[name]
    for counted in COUNTED:
        if name.startswith(f"{counted}_") and name != f"{counted}_total":
            return f"{counted}_by_side"
    return name.removesuffix("_total")


def _place_input(place: Json) -> str:
    return "route" if place["role"] in ON_ROUTE else "sector"


def passages(text: str, spans: list[tuple[int, int, str]]) -> list[Passage]:
    """The text in runs, so that each run is marked with everything that was read in it. Loses no letter."""
    sound = [(start, end, mark) for start, end, mark in spans if 0 <= start < end <= len(text)]
    edges = sorted({0, len(text), *(edge for start, end, _mark in sound for edge in (start, end))})
    return [
        Passage(
            text[first:last],
            list(dict.fromkeys(mark for start, end, mark in sound if start <= first and last <= end)),
        )
        for first, last in pairwise(edges)
    ]


def confidences(source: Mapping[str, Any]) -> dict[str, float]:
    """The lowest confidence of what was read for each input."""
    found: dict[str, float] = {}
    for name, one in facts(dict(source)):
        key = "date" if name == "date" else _input(name)
        found[key] = min(found.get(key, 1.0), float(one["confidence"]))
    for place in source.get("places", ()):
        key = _place_input(place)
        found[key] = min(found.get(key, 1.0), float(place["confidence"]))
    return found


def _claim(claim: Json, programme: Programme) -> Claim:
    start, end = _month(claim["start"]), _month(claim["end"])
    month = DatePrecision.MONTH
    return Claim(
        programme=programme,
        count=claim["count"],
        date_from=start,
        date_from_precision=month if start else None,
        date_to=end.replace(day=calendar.monthrange(end.year, end.month)[1]) if end else None,
        date_to_precision=month if end else None,
    )


def _month(text: str | None) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
