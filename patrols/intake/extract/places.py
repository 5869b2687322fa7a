"""The points of a patrol's route, in the order in which it passed them.

Names come from the gazetteer and, where that does not know them, from their surroundings ("village of X",
a list after "through"). What stands before a name (in Turkish: after it) says what it is: a point of the
route, the sector, or only a reference ("30 km west of X"), which does not count.
"""

from __future__ import annotations

import re
from dataclasses import replace

from patrols.intake.extract.drafts import PlaceDraft
from patrols.intake.extract.findplaces import MAX_PLACES, NEVER, Candidate, NameFinder
from patrols.intake.extract.placeroles import RoleReader
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

SEAS = {"sea", "strait", "shoal", "port", "island"}
ROUTE = {"start", "via", "end", "incident", "sea"}


class PlaceReader:
    """Finds the names once for the report; `read` then answers for each patrol."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.doc = reading.doc
        self.marks = reading.marks
        self.names = NameFinder(reading)
        self.roles = RoleReader(reading, self.names)

    def read(
        self, sentences: list[Sentence], at_sea: bool, incident: Sentence | None
    ) -> tuple[PlaceDraft, ...]:
        found: list[Candidate] = []
        for sentence in sentences:
            found += self._in_sentence(sentence, at_sea, incident)
        route = [c for c in found if c.role in ROUTE]
        if not route:
            route = self._sector(found)
        return self._drafts(self._ordered(route))

    def _in_sentence(self, sentence: Sentence, at_sea: bool, incident: Sentence | None) -> list[Candidate]:
        everything = self.names.in_sentence(sentence)
        placed: list[Candidate] = []
        for index, candidate in enumerate(everything):
            before = everything[index - 1] if index else None
            role = self.roles.role(
                sentence,
                candidate,
                placed[-1] if before and placed and placed[-1].last == before.last else None,
            )
            told = {"near", "start"} if self.doc.lang == "ar" else {"near"}
            if (role in told and self.roles.is_source(sentence, candidate)) or self.roles.is_carried(
                sentence, candidate
            ):
                role = "never"
            if (
                candidate.kind in NEVER
                or self.roles.names_deal(sentence, candidate)
                or self.roles.is_way_home(sentence, candidate)
                or (self.roles.is_capital(candidate) and not at_sea)
            ):
                role = "never"
            elif candidate.kind in SEAS and at_sea:
                role = "sea" if role != "ref" else role
            elif at_sea and not (role in {"start", "end"} and self._is_landfall(candidate)):
                role = "sector" if role in {"near", "sector"} else "never"
            elif candidate.kind in SEAS - {"island"} and not at_sea:
                role = "never"
            elif role == "near" and self.roles.is_incident_place(sentence, candidate, incident):
                role = "incident"
            elif role == "near" and self.roles.is_meeting_point(sentence, candidate, before):
                role = "start"
            elif role == "near" and candidate.kind == "village":
                role = "via"
            placed.append(replace(candidate, role=role, sentence=sentence.index))
        return placed

    def _is_landfall(self, candidate: Candidate) -> bool:
        """A town, or an unknown name behind "port"."""
        if candidate.kind:
            return candidate.kind in {"city", "town", "village"}
        before = self.reading.token(candidate.first - 1)
        return before is not None and before.fold.startswith(("port", "порт", "liman", "ميناء"))

    def _sector(self, found: list[Candidate]) -> list[Candidate]:
        """Where no route point is given: the sector town, from the first sentence that names one."""
        for roles in ({"sector", "near"}, {"ref_sector"}):
            named = [c for c in found if c.role in roles and (c.slug or "sector" in roles)]
            if named:
                first = named[0].sentence
                return [replace(c, role="sector") for c in named if c.sentence == first]
        return []

    def _ordered(self, route: list[Candidate]) -> list[Candidate]:
        unique: dict[str, Candidate] = {}
        for candidate in route:
            key = candidate.slug or _key(candidate.spelling)
            held = unique.get(key)
            if held is None:
                unique[key] = candidate
            elif held.role == "incident" and candidate.role in {"start", "via", "end"}:
                unique[key] = replace(held, role=candidate.role)
        places = list(unique.values())
        starts = [c for c in places if c.role == "start"][:1]
        rest = [c for c in places if c not in starts]
        ends = [c for c in rest if c.role == "end"]
        if ends and self._are_asides(rest[rest.index(ends[-1]) + 1 :], ends[-1]):
            rest = [*(c for c in rest if c is not ends[-1]), ends[-1]]
        if len(ends) == 1 and self._is_anticipated(ends[0], rest):
            rest = [*(c for c in rest if c is not ends[0]), ends[0]]
        return [*starts, *rest]

    def _is_anticipated(self, end: Candidate, rest: list[Candidate]) -> bool:
        """ "From A to D by way of B and C": the end is named before what lies on the way."""
        later = rest[rest.index(end) + 1 :]
        if not later or any(c.sentence != end.sentence or c.role != "via" for c in later):
            return False
        sentence = self.doc.sentences[end.sentence]
        words = {t.fold for t in self.doc.tokens[end.last + 1 : later[0].first]}
        if words & {"then", "before", "ثم", "затем", "sonra", "returned", "afterwards", "قبل", "далее"}:
            return False
        return any(end.last < m.first < later[0].first for m in self.marks.of(sentence, "via"))

    def _are_asides(self, later: list[Candidate], end: Candidate) -> bool:
        """Places named after the end of the route because something happened there on the way."""
        labels = ("casualty", "attack", "ied", "stones", "protest", "blocked", "mishap")
        return bool(later) and all(
            c.sentence > end.sentence and self.marks.has(self.doc.sentences[c.sentence], *labels)
            for c in later
        )

    def _drafts(self, route: list[Candidate]) -> tuple[PlaceDraft, ...]:
        return tuple(
            PlaceDraft(c.spelling, c.slug, c.span, c.role, 0.9 if c.slug else 0.65)
            for c in route[:MAX_PLACES]
        )


def _key(spelling: str) -> str:
    return re.sub(r"[\W_]+", "", spelling.lower())
