"""What a place name is in its sentence: a point of the route, the sector, or only a reference."""

from __future__ import annotations

from patrols.intake.extract.findplaces import SKIP_WORDS, Candidate, NameFinder
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

_LABELS = ("direction", "province", "area", "from", "between", "villages", "via", "reached", "to", "near")
_ROLE = {
    "from": "start",
    "between": "via",
    "villages": "via",
    "via": "via",
    "reached": "end",
    "to": "end",
    "near": "near",
}
_COMPASS = (
    "west",
    "east",
    "north",
    "south",
    "запад",
    "восто",
    "север",
    "юг",
    "южн",
    "شرق",
    "غرب",
    "شمال",
    "جنوب",
)


class RoleReader:
    """Roles: "start", "via", "end", "near", "sector", "ref", "never"; "ref_sector" for want of better."""

    def __init__(self, reading: Reading, finder: NameFinder) -> None:
        self.reading = reading
        self.doc = reading.doc
        self.marks = reading.marks
        self.finder = finder
        self.gazetteer = finder.gazetteer

    def is_carried(self, sentence: Sentence, candidate: Candidate) -> bool:
        """Where the damaged vehicle was towed or the wounded were taken."""
        tokens = self.doc.tokens[max(sentence.first, candidate.first - 4) : candidate.first]
        carried = (
            "towed",
            "evacuated",
            "taken",
            "flown",
            "доставл",
            "эвакуир",
            "نقل",
            "سحب",
            "götürül",
            "taşın",
        )
        return any(token.fold.lstrip("و").startswith(carried) for token in tokens)

    def is_source(self, sentence: Sentence, candidate: Candidate) -> bool:
        """ "A source at the X crossing said"."""
        sources = self.marks.of(sentence, "source")
        leaves = [m.first for m in self.marks.of(sentence, "started", "completed", "patrol")]
        return any(
            0 < candidate.first - m.last <= 4
            and not self.reading.breaks(m.last, candidate.first)
            and not any(m.last < first < candidate.first for first in leaves)
            for m in sources
        )

    def names_deal(self, sentence: Sentence, candidate: Candidate) -> bool:
        """ "The Manbij roadmap", "مذكرة سوتشي": the name of an agreement."""
        deals = self.marks.of(sentence, "deal")
        before = self.doc.lang in {"ar", "ru"}
        return any(m.first == candidate.last + 1 or (before and m.last == candidate.first - 1) for m in deals)

    def is_meeting_point(self, sentence: Sentence, candidate: Candidate, before: Candidate | None) -> bool:
        """ "Сбор в семь утра у города X": a word of gathering governs the sentence and no nearer name."""
        nearest = before.first if before else -1
        return any(
            2 <= candidate.first - m.last <= 8
            and m.last > nearest
            and len(self.reading.text_between(m.first, m.last)) > 4
            for m in self.marks.of(sentence, "from")
        )

    def is_capital(self, candidate: Candidate) -> bool:
        """A province's namesake, named for the province: no patrol drives through Idlib or Aleppo."""
        slug = candidate.slug or ""
        if slug and candidate.kind in {"city", "town"} and self.gazetteer.place(slug).country in {"TR", "RU"}:
            return True
        return any(f"{prefix}{slug}-province" in self.gazetteer for prefix in ("", "al-"))

    def is_incident_place(self, sentence: Sentence, candidate: Candidate, incident: Sentence | None) -> bool:
        labels = ("casualty", "attack", "ied", "stones", "protest", "blocked")
        happened = incident is not None and self.marks.has(sentence, *labels)
        return happened and not self._follows_area(candidate)

    def _follows_area(self, candidate: Candidate) -> bool:
        sentence = self.doc.sentence_of(candidate.first)
        return any(0 < m.first - candidate.last <= 1 for m in self.marks.of(sentence, "area"))

    def role(self, sentence: Sentence, candidate: Candidate, before: Candidate | None) -> str:
        if self.doc.lang == "tr":
            role = self._turkish_role(sentence, candidate)
        else:
            role = self._governed_role(sentence, candidate)
        if (
            role in {"", "near"}
            and before
            and self._is_chained(before, candidate)
            and before.role not in {"never", ""}
        ) and (role == "" or before.role in {"via", "start"}):
            return "via" if before.role in {"via", "start", "end"} else before.role
        return role or "near"

    def _is_chained(self, before: Candidate, candidate: Candidate) -> bool:
        return any(
            at in {candidate.first, candidate.first - 1}
            for at in self.finder.neighbours(before, self.doc.sentence_of(before.first))
        )

    def _governed_role(self, sentence: Sentence, candidate: Candidate) -> str:
        """From the marks that end right before the name, village words skipped."""
        lang = self.doc.lang
        after = [m for m in self.marks.of(sentence, "province", "area") if 0 < m.first - candidate.last <= 1]
        after = [m for m in after if not self.reading.breaks(candidate.last, m.first, ",;.:(")]
        if lang == "en" and self.doc.tokens[candidate.last].suffix == "s":
            after += [m for m in self.marks.of(sentence, "area") if 0 < m.first - candidate.last <= 2]
        if lang == "en" and any(m.label == "province" for m in after):
            return "never"
        start = candidate.first
        at = start - 1
        skip = SKIP_WORDS[lang]
        while at >= sentence.first and self.doc.tokens[at].fold in skip and start - at < 7:
            if self.doc.tokens[at + 1].gap.strip(" \"'()،,-") and self.doc.tokens[at + 1].gap.strip() != "":
                break
            at -= 1
        window = range(at, start)
        best = ""
        for label in _LABELS:
            marks = self.marks.of(sentence, label)
            if label == "area":
                # "قرى ومناطق": areas among villages are points of the route.
                listed = self.marks.of(sentence, "villages")
                marks = [m for m in marks if not any(v.first < m.first <= v.last for v in listed)]
            if any(m.last in window and m.first < start for m in marks):
                best = label
                break
        joined = self._joined_preposition(candidate, start)
        if best in {"", "near", "area"} and joined:
            best = joined
        if best == "direction" and lang == "ru" and self._goes_on(sentence, candidate):
            return "start"
        if best == "direction":
            return self._reference(sentence, candidate, start)
        if best == "province":
            return "never"
        if best == "area":
            return "start" if self._sets_off_from_area(sentence, window) else "sector"
        if best == "villages" and lang == "en" and self._are_its_villages(sentence, candidate, window):
            return "sector"
        if (
            lang == "en"
            and any(m.label == "area" for m in after)
            and best in {"", "near", "to", "via", "villages"}
        ):
            return "sector"
        return _ROLE.get(best, "")

    def _goes_on(self, sentence: Sentence, candidate: Candidate) -> bool:
        """ "105 км от Камышлы до Дейруна-Аги" is a way and no distance from a town."""
        before = self.reading.token(candidate.first - 1)
        following = self.doc.tokens[candidate.last + 1 : min(candidate.last + 3, sentence.last)]
        return before is not None and before.fold == "от" and any(token.fold == "до" for token in following)

    def _are_its_villages(self, sentence: Sentence, candidate: Candidate, window: range) -> bool:
        """ "The western and northern villages of Darbasiyah": of that town, which is not one of them."""
        firsts = [m.first for m in self.marks.of(sentence, "villages") if m.last in window]
        before = {token.fold for first in firsts for token in self.doc.tokens[max(0, first - 2) : first]}
        around = before & {"western", "eastern", "northern", "southern", "surrounding"}
        return bool(around) and candidate.kind in {"city", "town"}

    def is_way_home(self, sentence: Sentence, candidate: Candidate) -> bool:
        """ "They returned to Turkish territory, and the Russian vehicles headed towards Qamishli"."""
        homes = self.marks.of(sentence, "home")
        return any(m.first < candidate.first for m in homes)

    def _sets_off_from_area(self, sentence: Sentence, window: range) -> bool:
        """ "انطلقت الدورية من منطقة شيريك": the area is where the convoy set out."""
        if self.doc.lang != "ar":
            return False
        areas = [m.first for m in self.marks.of(sentence, "area") if m.last in window]
        leaving = [m.last for m in self.marks.of(sentence, "from")]
        started = [m.last for m in self.marks.of(sentence, "started")]
        return any(a - 1 in leaving and any(0 < a - s <= 4 for s in started) for a in areas)

    def _joined_preposition(self, candidate: Candidate, start: int) -> str:
        """Arabic prepositions joined to the name itself."""
        if self.doc.lang != "ar":
            return ""
        token = self.doc.tokens[start]
        at = self.doc.span(token.start, token.end).start
        prefix = self.doc.original[at : candidate.span.start]
        return "near" if prefix == "ب" else "to" if prefix == "ل" else ""

    def _reference(self, sentence: Sentence, candidate: Candidate, start: int) -> str:
        """ "West of X": a reference with a distance or beside another place, otherwise the sector."""
        numbers = self.reading.numbers_in(sentence)
        if any(0 < start - n.last <= 8 and self._counts_distance(sentence, n.last) for n in numbers):
            return "ref"
        if any(0 < start - m.last <= 5 for m in self.marks.of(sentence, "km", "mile")):
            return "ref"
        window = self.doc.fold[
            self.doc.tokens[max(sentence.first, start - 8)].start : self.doc.tokens[start].start
        ]
        return "ref_sector" if any(root in window for root in _COMPASS) else "ref"

    def _counts_distance(self, sentence: Sentence, number: int) -> bool:
        units = self.marks.of(sentence, "km", "mile", "metre", "hour", "minute")
        return any(0 < m.first - number <= 1 for m in units)

    def _turkish_role(self, sentence: Sentence, candidate: Candidate) -> str:
        tokens = self.doc.tokens
        token = tokens[candidate.last]
        suffix = token.suffix or self._ending(candidate)
        after = candidate.last + 1
        following = tokens[after].fold if after < sentence.last else ""
        gap = tokens[after].gap if after < sentence.last else ""
        direction = [m for m in self.marks.of(sentence, "direction") if 0 < m.first - candidate.last <= 5]
        numbered = any(
            candidate.last < n.first <= candidate.last + 3 for n in self.reading.numbers_in(sentence)
        )
        if (
            direction
            and (
                suffix.endswith(("in", "un", "ün", "nin", "nun", "nün", "a", "e", "ya", "ye")) or suffix == ""
            )
            and not self.reading.breaks(candidate.last, direction[0].first, ",;.:")
        ):
            word = self.doc.tokens[direction[0].first].fold
            compass = word.startswith(("doğu", "bati", "kuzey", "güney"))
            return "ref_sector" if compass and not numbered else "ref"
        if any(m.first == after for m in self.marks.of(sentence, "province")) or following in {
            "ilinin",
            "ili",
            "ilinde",
        }:
            return "never"
        if (
            gap.strip() == "-"
            or following == "ile"
            or (candidate.first and tokens[candidate.first].gap.strip() == "-")
        ):
            return "via"
        if suffix.endswith(("dan", "den", "tan", "ten")):
            return "start"
        if following in {
            "köyünden",
            "kapisindan",
            "beldesinden",
            "kasabasindan",
            "noktasindan",
            "köyünde",
            "köyündeki",
        }:
            gathers = self.marks.of(sentence, "from")
            return "start" if "den" in following or "dan" in following or gathers else "via"
        near = [m for m in self.marks.of(sentence, "near", "area") if 0 <= m.first - after <= 1]
        if near:
            return "sector" if near[0].label == "area" and not self._is_near_word(near[0]) else "near"
        if any(m.first in {after, after + 1} for m in self.marks.of(sentence, "to", "reached")):
            return "end"
        if any(m.first == after for m in self.marks.of(sentence, "via", "between")):
            return "via"
        if following.startswith("arasi") or self._closes_between(sentence, candidate):
            return "via"
        if suffix in {"a", "e", "ya", "ye", "na", "ne"}:
            verbs = self.marks.of(sentence, "to", "reached", "returned")
            return "end" if any(0 < m.first - candidate.last <= 5 for m in verbs) else ""
        if suffix in {"da", "de", "ta", "te"}:
            meets = [m for m in self.marks.of(sentence, "from") if 0 < m.first - candidate.last <= 8]
            return "start" if meets else "near"
        return ""

    def _is_near_word(self, mark: Mark) -> bool:
        return self.doc.tokens[mark.first].fold.startswith(("yakin", "civar", "giriş"))

    def _closes_between(self, sentence: Sentence, candidate: Candidate) -> bool:
        before = self.doc.tokens[candidate.first - 1].fold if candidate.first > sentence.first else ""
        return before == "ile"

    def _ending(self, candidate: Candidate) -> str:
        """A case ending written without an apostrophe: what the token has beyond the spelling."""
        token = self.doc.tokens[candidate.last]
        end = self.doc.span(token.start, token.end).end
        return self.doc.original[candidate.span.end : end].strip("'’") if candidate.span.end < end else ""
