"""The points of a patrol's route, in the order in which it passed them.

Names come from the gazetteer and, where that does not know them, from their surroundings ("village of X",
a list after "through"). What stands before a name (in Turkish: after it) says what it is: a point of the
route, the sector, or only a reference ("30 km west of X"), which does not count.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from patrols.intake.extract.drafts import PlaceDraft, Span
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.names import is_common, name_at
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence
from patrols.intake.gazetteer import Gazetteer

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
SEAS = {"sea", "strait", "shoal", "port", "island"}
NEVER = {"region", "province", "river", "road", "base"}
ROUTE = {"start", "via", "end", "incident", "sea"}
MAX_PLACES = 250

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
_LOOSE = {
    "in",
    "into",
    "over",
    "by",
    "then",
    "across",
    "along",
    "including",
    "at",
    "for",
    "route",
    "until",
    "patrolled",
    "covered",
    "past",
}
_LOOSE |= {
    "out of",
    "up to",
    "through the",
    "по маршруту",
    *["вдоль", "маршрут", "в", "на", "к", "от", "до", "из"],
}
_SKIP = {
    "en": """
        the a an of village town city settlement hamlet border crossing customs point small locality
        populated nearby its old international checkpoint area m4 gate called named northern
        southern eastern western syrian kurdish port landing bridge at
    """,
    "ru": """
        населенного пункта населенный пункт населенных пунктов города город городе деревни деревня
        деревню села село селе поселка поселок кпп пункт перехода пропуска таможенного сирийского
        сирийской пунктов районе района городу пункту деревне приграничного через порт порта
    """,
    "ar": """
        قريه بلده مدينه معبر ناحيه حاجز قري بلدات بوابه جسر مفرق محيط القريه البلده المدينه قريتي
        الحدودي الحدوديه كل ميناء نقطه
    """,
    "tr": "",
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
_SKIP_WORDS = {lang: frozenset(words.split()) for lang, words in _SKIP.items()}


@dataclass(frozen=True, slots=True)
class _Candidate:
    first: int
    last: int
    spelling: str
    span: Span
    slug: str | None
    kind: str
    role: str = ""
    sentence: int = 0


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.from_fixtures(FIXTURES)


class PlaceReader:
    """Finds the names once for the report; `read` then answers for each patrol."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.doc = reading.doc
        self.marks = reading.marks
        self.gazetteer = gazetteer()
        self.known = self._known()
        self.taken = {i for c in self.known for i in range(c.first, c.last + 1)}

    def _known(self) -> list[_Candidate]:
        """What the gazetteer finds, in tokens."""
        starts = [token.start for token in self.doc.tokens]
        found: list[_Candidate] = []
        for hit in self.gazetteer.find(self.doc.original)[: MAX_PLACES * 2]:
            low = bisect_left(self.doc.offsets, hit.start)
            high = bisect_left(self.doc.offsets, hit.end)
            first = max(bisect_left(starts, low + 1) - 1, 0)
            last = bisect_left(starts, high) - 1
            if last < first or not self.doc.tokens:
                continue
            place = self.gazetteer.place(hit.slug)
            span = Span(hit.start, hit.end)
            found.append(_Candidate(first, last, hit.spelling, span, hit.slug, place.kind))
        return found

    # One patrol.

    def read(
        self, sentences: list[Sentence], at_sea: bool, incident: Sentence | None
    ) -> tuple[PlaceDraft, ...]:
        found: list[_Candidate] = []
        for sentence in sentences:
            found += self._in_sentence(sentence, at_sea, incident)
        route = [c for c in found if c.role in ROUTE]
        if not route:
            route = self._sector(found)
        return self._drafts(self._ordered(route))

    def _in_sentence(self, sentence: Sentence, at_sea: bool, incident: Sentence | None) -> list[_Candidate]:
        skip = self.reading.dateline_end(sentence)
        known = [c for c in self.known if sentence.first <= c.first < sentence.last and c.first >= skip]
        everything = self._with_unknown(sentence, known, skip)
        placed: list[_Candidate] = []
        for index, candidate in enumerate(everything):
            before = everything[index - 1] if index else None
            role = self._role(
                sentence,
                candidate,
                placed[-1] if before and placed and placed[-1].last == before.last else None,
            )
            if (
                candidate.kind in NEVER
                or self._names_deal(sentence, candidate)
                or (self._is_capital(candidate) and not at_sea)
            ):
                role = "never"
            elif candidate.kind in SEAS and at_sea:
                role = "sea" if role != "ref" else role
            elif at_sea and not (role in {"start", "end"} and candidate.kind in {"city", "town", "village"}):
                role = "sector" if role in {"near", "sector"} else "never"
            elif candidate.kind in SEAS - {"island"} and not at_sea:
                role = "never"
            elif role == "near" and self._is_incident_place(sentence, candidate, incident):
                role = "incident"
            elif role == "near" and self._is_meeting_point(sentence, candidate):
                role = "start"
            elif role == "near" and candidate.kind == "village":
                role = "via"
            placed.append(replace(candidate, role=role, sentence=sentence.index))
        return placed

    def _is_source(self, sentence: Sentence, candidate: _Candidate) -> bool:
        """ "A source at the X crossing said"."""
        sources = self.marks.of(sentence, "source")
        return any(
            0 < candidate.first - m.last <= 4 and not self.reading.breaks(m.last, candidate.first)
            for m in sources
        )

    def _names_deal(self, sentence: Sentence, candidate: _Candidate) -> bool:
        """ "The Manbij roadmap", "مذكرة سوتشي": the name of an agreement."""
        deals = self.marks.of(sentence, "deal")
        before = self.doc.lang in {"ar", "ru"}
        return any(m.first == candidate.last + 1 or (before and m.last == candidate.first - 1) for m in deals)

    def _is_meeting_point(self, sentence: Sentence, candidate: _Candidate) -> bool:
        """ "Сбор в семь утра у города X": a word of gathering governs the sentence."""
        return any(
            2 <= candidate.first - m.last <= 8 and len(self.reading.text_between(m.first, m.last)) > 4
            for m in self.marks.of(sentence, "from")
        )

    def _is_capital(self, candidate: _Candidate) -> bool:
        """A province's namesake, named for the province: no patrol drives through Idlib or Aleppo."""
        slug = candidate.slug or ""
        if slug and candidate.kind in {"city", "town"} and self.gazetteer.place(slug).country in {"TR", "RU"}:
            return True
        return any(f"{prefix}{slug}-province" in self.gazetteer for prefix in ("", "al-"))

    def _is_incident_place(
        self, sentence: Sentence, candidate: _Candidate, incident: Sentence | None
    ) -> bool:
        labels = ("casualty", "attack", "ied", "stones", "protest", "blocked")
        happened = incident is not None and self.marks.has(sentence, *labels)
        return happened and not self._follows_area(candidate)

    def _follows_area(self, candidate: _Candidate) -> bool:
        sentence = self.doc.sentence_of(candidate.first)
        return any(0 < m.first - candidate.last <= 1 for m in self.marks.of(sentence, "area"))

    # Names that the gazetteer does not know.

    def _with_unknown(self, sentence: Sentence, known: list[_Candidate], skip: int) -> list[_Candidate]:
        found = list(known)
        heads: list[int] = []
        lists: set[int] = set()
        for mark in self._name_cues(sentence, known):
            heads.append(self._skip_words(mark.last + 1, sentence.last))
            if mark.label in {"villages", "via"}:
                lists.add(heads[-1])
        for candidate in known:
            follow = self._neighbours(candidate, sentence) if candidate.kind not in NEVER else []
            if self.doc.lang != "ar" or self._is_in_list(candidate, known, lists):
                heads += follow
                lists.update(follow)
        if self.doc.lang == "tr":
            heads += self._turkish_heads(sentence) + self._turkish_ends(sentence)
        queue = [head for head in heads if head >= skip]
        seen: set[int] = set()
        while queue and len(found) < MAX_PLACES:
            head = queue.pop(0)
            if head in seen or not sentence.first <= head < sentence.last:
                continue
            seen.add(head)
            at_head = next((c for c in found if c.first <= head <= c.last), None)
            if at_head is None:
                last = name_at(self.reading, sentence, head, self.taken)
                if last is None:
                    continue
                at_head = self._unknown(head, last)
                if any(c.first <= at_head.last and at_head.first <= c.last for c in found):
                    continue
                found.append(at_head)
            follow = self._neighbours(at_head, sentence)
            if self.doc.lang != "ar" or head in lists:
                queue += follow
                lists.update(follow)
        return sorted(found, key=lambda c: c.first)

    def _is_in_list(self, candidate: _Candidate, known: list[_Candidate], lists: set[int]) -> bool:
        """Arabic has no capitals: only a list already under way tells that the next word is a name too."""
        sentence = self.doc.sentence_of(candidate.first)
        return candidate.first in lists or any(
            candidate.first in self._neighbours(other, sentence)
            for other in known
            if other.first < candidate.first
        )

    def _unknown(self, first: int, last: int) -> _Candidate:
        span = self.reading.span(first, last)
        word = self.doc.tokens[first]
        if (self.doc.lang == "ar" and first == last) or self.doc.lang == "ar":
            stripped = self._without_and(first)
            span = Span(span.start + stripped, span.end)
        spelling = self.doc.original[span.start : span.end]
        slug = self.gazetteer.resolve(spelling, near=[c.slug for c in self.known if c.slug][:8])
        kind = self.gazetteer.place(slug).kind if slug else ""
        del word
        return _Candidate(first, last, spelling, span, slug, kind)

    def _without_and(self, first: int) -> int:
        """Original characters of a joined "and" before an Arabic name in a list."""
        token = self.doc.tokens[first]
        if token.fold.startswith("و") and len(token.fold) > 3 and first:
            return self.doc.offsets[token.start + 1] - self.doc.offsets[token.start]
        if token.fold.startswith("ب") and len(token.fold) > 4 and token.fold[1:3] == "ال":
            return self.doc.offsets[token.start + 1] - self.doc.offsets[token.start]
        return 0

    def _name_cues(self, sentence: Sentence, known: list[_Candidate]) -> list[Mark]:
        """Words after which a name must be a place even if nobody knows it."""
        cues = list(self.marks.of(sentence, "village", "villages", "reached"))
        for mark in self.marks.of(sentence, "from", "via"):
            text = self.reading.text_between(mark.first, mark.last)
            if text in _LOOSE and self.doc.lang in {"en", "ru"}:
                continue
            if self.doc.lang == "ar" and len(text) <= 3 and not self._sets_off(sentence, mark):
                continue
            cues.append(mark)
        if self.doc.lang in {"en", "ru"} and self.marks.has(
            sentence, "convoy", "patrol", "completed", "started"
        ):
            for label in ("from", "to", "between"):
                for mark in self.marks.of(sentence, label):
                    text = self.reading.text_between(mark.first, mark.last)
                    if (
                        (
                            text in {"from", "из", "от", "between", "между"}
                            and not self._is_figure(mark.last + 1)
                        )
                        or (
                            text in {"to", "до", "as far as", "в"}
                            and not self._is_figure(mark.last + 1)
                            and any(
                                m.first < mark.first and mark.first - m.last <= 9
                                for m in self.marks.of(sentence, "from")
                            )
                        )
                        or (label == "to" and text not in _LOOSE and len(text) > 3)
                    ):
                        cues.append(mark)
        if self.doc.lang == "ar":
            cues += [mark for mark in self.marks.of(sentence, "to") if self._sets_off(sentence, mark)]
        return cues

    def _is_figure(self, index: int) -> bool:
        token = self.reading.token(index)
        return token is not None and token.is_digits

    def _sets_off(self, sentence: Sentence, mark: Mark) -> bool:
        """Whether a verb of moving governs the Arabic preposition."""
        moving = ("started", "returned", "reached")
        return any(0 < mark.first - m.last <= 3 for m in self.marks.of(sentence, *moving)) or any(
            self.doc.tokens[i].fold.lstrip("و") in {"خرجت", "سارت", "انطلاقا", "توجهت", "اتجهت", "خرج"}
            for i in range(max(sentence.first, mark.first - 3), mark.first)
        )

    def _turkish_heads(self, sentence: Sentence) -> list[int]:
        """ "X köyü": the name stands before the word."""
        heads = []
        for mark in self.marks.of(sentence, "village", "villages"):
            at = mark.first - 1
            while at >= sentence.first and self.doc.tokens[at].is_capital and self._name_gap(at + 1):
                at -= 1
            if at + 1 < mark.first and not is_common(self.reading, at + 1):
                heads.append(at + 1)
        return heads

    def _turkish_ends(self, sentence: Sentence) -> list[int]:
        """ "X'ten çıktı", "Y'ye vardı": names that only their case ending and the verb of moving betray."""
        heads = []
        moves = self.marks.has(sentence, "convoy", "patrol", "outing")
        for token in self.doc.words(sentence):
            if not (token.suffix and token.is_capital and moves) or is_common(self.reading, token.index):
                continue
            ablative = token.suffix in {"dan", "den", "tan", "ten"} and self.marks.has(
                sentence, "from", "started", "reached"
            )
            verbs = self.marks.of(sentence, "reached", "to", "returned")
            dative = token.suffix in {"a", "e", "ya", "ye"} and any(
                0 < m.first - token.index <= 2 for m in verbs
            )
            if ablative or dative:
                heads.append(self._name_from(token.index, sentence))
        return heads

    def _name_from(self, last: int, sentence: Sentence) -> int:
        """The first token of the name that ends at `last`."""
        first = last
        while first > sentence.first and self._name_gap(first):
            before = self.doc.tokens[first - 1]
            particle = before.fold in {"el", "al"}
            if not (particle or before.is_capital) or before.suffix or is_common(self.reading, first - 1):
                break
            first -= 1
        return first

    def _name_gap(self, index: int) -> bool:
        return self.doc.tokens[index].gap in {" ", "-", " '", "'"}

    def _skip_words(self, index: int, end: int) -> int:
        skip = _SKIP_WORDS.get(self.doc.lang, frozenset())
        while index < end and self.doc.tokens[index].fold in skip and not self._is_name_start(index):
            index += 1
        return index

    def _is_name_start(self, index: int) -> bool:
        return index in self.taken and any(c.first == index for c in self.known)

    def _neighbours(self, candidate: _Candidate, sentence: Sentence) -> list[int]:
        """Where the next name of the same list would begin."""
        at = candidate.last + 1
        if at >= sentence.last:
            return []
        token = self.doc.tokens[at]
        gap = token.gap.strip(" \"'()")
        suffix = self.doc.tokens[candidate.last].suffix
        if suffix and self.doc.lang == "tr" and token.fold not in {"ve", "ile"} and gap != ",":
            return []
        joiners = {"and", "ve", "ile", "и", "then", "و"}
        if token.fold in joiners and gap in {"", ","}:
            return [self._skip_words(at + 1, sentence.last)]
        if gap in {",", "،", "-", "/", ";"}:
            follow = at + 1 if token.fold in joiners | {"затем", "далее"} else at
            return [self._skip_words(follow, sentence.last)]
        if self.doc.lang == "ar" and gap == "" and token.fold.startswith("و") and len(token.fold) > 3:
            return [at]
        return []

    # What a name is.

    def _role(self, sentence: Sentence, candidate: _Candidate, before: _Candidate | None) -> str:
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

    def _is_chained(self, before: _Candidate, candidate: _Candidate) -> bool:
        return any(
            at in {candidate.first, candidate.first - 1}
            for at in self._neighbours(before, self.doc.sentence_of(before.first))
        )

    def _governed_role(self, sentence: Sentence, candidate: _Candidate) -> str:
        """From the marks that end right before the name, village words skipped."""
        lang = self.doc.lang
        after = [m for m in self.marks.of(sentence, "province", "area") if 0 < m.first - candidate.last <= 1]
        after = [m for m in after if not self.reading.breaks(candidate.last, m.first, ",;.:(")]
        if lang == "en" and self.doc.tokens[candidate.last].suffix == "s":
            after += [m for m in self.marks.of(sentence, "area") if 0 < m.first - candidate.last <= 2]
        if lang == "en" and any(m.label == "province" for m in after):
            return "never"
        start = self._name_start(candidate)
        at = start - 1
        skip = _SKIP_WORDS[lang]
        while at >= sentence.first and self.doc.tokens[at].fold in skip and start - at < 7:
            if self.doc.tokens[at + 1].gap.strip(" \"'()،,-") and self.doc.tokens[at + 1].gap.strip() != "":
                break
            at -= 1
        window = range(at, start)
        best = ""
        for label in _LABELS:
            if any(m.last in window and m.first < start for m in self.marks.of(sentence, label)):
                best = label
                break
        joined = self._joined_preposition(candidate, start)
        if best in {"", "near", "area"} and joined:
            best = joined
        if best == "direction":
            return self._reference(sentence, candidate, start)
        if best == "province":
            return "never"
        if best == "area":
            return "sector"
        if (
            lang == "en"
            and any(m.label == "area" for m in after)
            and best in {"", "near", "to", "via", "villages"}
        ):
            return "sector"
        return _ROLE.get(best, "")

    def _name_start(self, candidate: _Candidate) -> int:
        return candidate.first

    def _joined_preposition(self, candidate: _Candidate, start: int) -> str:
        """Arabic prepositions joined to the name itself."""
        if self.doc.lang != "ar":
            return ""
        token = self.doc.tokens[start]
        at = self.doc.span(token.start, token.end).start
        prefix = self.doc.original[at : candidate.span.start]
        return "near" if prefix == "ب" else "to" if prefix == "ل" else ""

    def _reference(self, sentence: Sentence, candidate: _Candidate, start: int) -> str:
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

    def _turkish_role(self, sentence: Sentence, candidate: _Candidate) -> str:
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

    def _closes_between(self, sentence: Sentence, candidate: _Candidate) -> bool:
        before = self.doc.tokens[candidate.first - 1].fold if candidate.first > sentence.first else ""
        return before == "ile"

    def _ending(self, candidate: _Candidate) -> str:
        """A case ending written without an apostrophe: what the token has beyond the spelling."""
        token = self.doc.tokens[candidate.last]
        end = self.doc.span(token.start, token.end).end
        return self.doc.original[candidate.span.end : end].strip("'’") if candidate.span.end < end else ""

    # The route.

    def _sector(self, found: list[_Candidate]) -> list[_Candidate]:
        """Where no route point is given: the sector town, from the first sentence that names one."""
        for roles in ({"sector", "near"}, {"ref_sector"}):
            named = [c for c in found if c.role in roles and (c.slug or "sector" in roles)]
            if named:
                first = named[0].sentence
                return [replace(c, role="sector") for c in named if c.sentence == first]
        return []

    def _ordered(self, route: list[_Candidate]) -> list[_Candidate]:
        unique: dict[str, _Candidate] = {}
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

    def _is_anticipated(self, end: _Candidate, rest: list[_Candidate]) -> bool:
        """ "From A to D by way of B and C": the end is named before what lies on the way."""
        later = rest[rest.index(end) + 1 :]
        if not later or any(c.sentence != end.sentence or c.role != "via" for c in later):
            return False
        sentence = self.doc.sentences[end.sentence]
        words = {t.fold for t in self.doc.tokens[end.last + 1 : later[0].first]}
        if words & {"then", "before", "ثم", "затем", "sonra", "returned", "afterwards", "قبل", "далее"}:
            return False
        return any(end.last < m.first < later[0].first for m in self.marks.of(sentence, "via"))

    def _are_asides(self, later: list[_Candidate], end: _Candidate) -> bool:
        """Places named after the end of the route because something happened there on the way."""
        labels = ("casualty", "attack", "ied", "stones", "protest", "blocked", "mishap")
        return bool(later) and all(
            c.sentence > end.sentence and self.marks.has(self.doc.sentences[c.sentence], *labels)
            for c in later
        )

    def _drafts(self, route: list[_Candidate]) -> tuple[PlaceDraft, ...]:
        return tuple(
            PlaceDraft(c.spelling, c.slug, c.span, c.role, 0.9 if c.slug else 0.65)
            for c in route[:MAX_PLACES]
        )


def _key(spelling: str) -> str:
    return re.sub(r"[\W_]+", "", spelling.lower())
