"""Place names in a report: those that the gazetteer knows, and those that only their surroundings betray."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from patrols.intake.extract.drafts import Span
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.names import is_common, name_at
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence
from patrols.intake.gazetteer import Gazetteer

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
NEVER = {"region", "province", "river", "road", "base"}
"""Kinds of gazetteer entries that are no points of a route."""
MAX_PLACES = 250
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
SKIP_WORDS = {lang: frozenset(words.split()) for lang, words in _SKIP.items()}
"""Words between a preposition and the name it governs."""


@dataclass(frozen=True, slots=True)
class Candidate:
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


class NameFinder:
    """Finds the names once for the report; `in_sentence` adds what a sentence tells of unknown ones."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.doc = reading.doc
        self.marks = reading.marks
        self.gazetteer = gazetteer()
        self.known = self._known()
        self.taken = {i for c in self.known for i in range(c.first, c.last + 1)}

    def in_sentence(self, sentence: Sentence) -> list[Candidate]:
        """Every name of the sentence, in text order, without its dateline."""
        skip = self.reading.dateline_end(sentence)
        known = [c for c in self.known if sentence.first <= c.first < sentence.last and c.first >= skip]
        return self._with_unknown(sentence, known, skip)

    def _known(self) -> list[Candidate]:
        """What the gazetteer finds, in tokens."""
        starts = [token.start for token in self.doc.tokens]
        found: list[Candidate] = []
        for hit in self.gazetteer.find(self.doc.original)[: MAX_PLACES * 2]:
            low = bisect_left(self.doc.offsets, hit.start)
            high = bisect_left(self.doc.offsets, hit.end)
            first = max(bisect_left(starts, low + 1) - 1, 0)
            last = bisect_left(starts, high) - 1
            if last < first or not self.doc.tokens:
                continue
            place = self.gazetteer.place(hit.slug)
            span = Span(hit.start, hit.end)
            found.append(Candidate(first, last, hit.spelling, span, hit.slug, place.kind))
        return found

    def _with_unknown(self, sentence: Sentence, known: list[Candidate], skip: int) -> list[Candidate]:
        found = list(known)
        heads: list[int] = []
        lists: set[int] = set()
        for mark in self._name_cues(sentence, known):
            heads.append(self._skip_words(mark.last + 1, sentence.last))
            if mark.label in {"villages", "via"}:
                lists.add(heads[-1])
        for candidate in known:
            follow = self.neighbours(candidate, sentence) if candidate.kind not in NEVER else []
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
            follow = self.neighbours(at_head, sentence)
            if self.doc.lang != "ar" or head in lists:
                queue += follow
                lists.update(follow)
        return sorted(found, key=lambda c: c.first)

    def _is_in_list(self, candidate: Candidate, known: list[Candidate], lists: set[int]) -> bool:
        """Arabic has no capitals: only a list already under way tells that the next word is a name too."""
        sentence = self.doc.sentence_of(candidate.first)
        return candidate.first in lists or any(
            candidate.first in self.neighbours(other, sentence)
            for other in known
            if other.first < candidate.first
        )

    def _unknown(self, first: int, last: int) -> Candidate:
        span = self.reading.span(first, last)
        word = self.doc.tokens[first]
        if (self.doc.lang == "ar" and first == last) or self.doc.lang == "ar":
            stripped = self._without_and(first)
            span = Span(span.start + stripped, span.end)
        spelling = self.doc.original[span.start : span.end]
        slug = self.gazetteer.resolve(spelling, near=[c.slug for c in self.known if c.slug][:8])
        kind = self.gazetteer.place(slug).kind if slug else ""
        del word
        return Candidate(first, last, spelling, span, slug, kind)

    def _without_and(self, first: int) -> int:
        """Original characters of a joined "and" before an Arabic name in a list."""
        token = self.doc.tokens[first]
        if token.fold.startswith("و") and len(token.fold) > 3 and first:
            return self.doc.offsets[token.start + 1] - self.doc.offsets[token.start]
        if token.fold.startswith("ب") and len(token.fold) > 4 and token.fold[1:3] == "ال":
            return self.doc.offsets[token.start + 1] - self.doc.offsets[token.start]
        return 0

    def _name_cues(self, sentence: Sentence, known: list[Candidate]) -> list[Mark]:
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
                if mark.label == "villages":
                    heads += self._listed_before(at + 1, sentence)
        return heads

    def _listed_before(self, first: int, sentence: Sentence) -> list[int]:
        """The names before the last one of a list: "Çarıklı, Kıran ve Horhori köyleri"."""
        heads: list[int] = []
        at = first
        while at > sentence.first + 1 and len(heads) < 40:
            joined = self.doc.tokens[at].gap.strip() == ","
            last = at - 1
            if not joined and self.doc.tokens[last].fold == "ve":
                joined, last = True, last - 1
            token = self.doc.tokens[last]
            if not joined or not token.is_capital or token.suffix or is_common(self.reading, last):
                break
            at = self._name_from(last, sentence)
            heads.append(at)
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
        skip = SKIP_WORDS.get(self.doc.lang, frozenset())
        while index < end and self.doc.tokens[index].fold in skip and not self._is_name_start(index):
            index += 1
        return index

    def _is_name_start(self, index: int) -> bool:
        return index in self.taken and any(c.first == index for c in self.known)

    def neighbours(self, candidate: Candidate, sentence: Sentence) -> list[int]:
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
