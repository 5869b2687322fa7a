"""One report read once: its text, marks, numbers, dates and sides, for all rules to share."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from patrols.intake.extract.dates import DateMention, DateReader
from patrols.intake.extract.drafts import Span
from patrols.intake.extract.lexicon import Lexicon, Mark, Marks
from patrols.intake.extract.numbers import Number, read_numbers
from patrols.intake.extract.text import Document, Sentence, Token, read
from patrols.intake.extract.words import LANGUAGES

SIDE = "side:"
TYPE = "_type"
"""Ends the label of makes and models: "vehicle_type" beside "vehicle"."""
_DATELINE = re.compile(
    r"[^\W\d_a-zа-яё][^\na-zа-яё]{1,40}?(?:[ ,][^\n]{0,40}?)?\s[-–—]\s"
    r"|[A-ZА-ЯЁÇĞİÖŞÜ][A-ZА-ЯЁÇĞİÖŞÜ /-]{2,30}(?: \([^)\n]{1,20}\))?, "
    r"[^\n]{3,30}?(?:\([^)\n]{2,30}\) ?-+ |/[^/\n]{2,30}/[.:-]* )"
    r"|[A-ZА-ЯЁÇĞİÖŞÜ]{4,20}[.,] |[؀-ۿ ]{3,30}[–-] "
)


@cache
def lexicon(lang: str) -> Lexicon:
    words = LANGUAGES[lang]
    sides = {SIDE + code: phrases for code, phrases in words.sides.items()}
    # A type counts as a vehicle wherever vehicles are looked for.
    kinds = {
        kind: f"{words.phrases[kind]}, {words.phrases[kind + TYPE]}"
        for kind in ("vehicle", "ship")
        if words.phrases.get(kind + TYPE)
    }
    return Lexicon(words.phrases | kinds | sides, lang)


@dataclass(frozen=True, slots=True)
class SideMention:
    """A state named at tokens `first` to `last`; `speaking` where it is the source, not a patrolling side."""

    code: str
    first: int
    last: int
    speaking: bool


@dataclass(slots=True)
class Reading:
    doc: Document
    marks: Marks
    numbers: list[Number]
    dates: list[DateMention]
    date_tokens: set[int]
    published: date | None
    publisher: str = ""
    _number_starts: list[int] = field(default_factory=list)
    _date_starts: list[int] = field(default_factory=list)
    _datelines: dict[int, int] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.doc.lang

    def numbers_in(self, sentence: Sentence) -> list[Number]:
        """Numbers of the sentence that are not part of a date."""
        low = bisect_left(self._number_starts, sentence.first)
        high = bisect_left(self._number_starts, sentence.last)
        return [n for n in self.numbers[low:high] if n.first not in self.date_tokens]

    def dates_in(self, sentence: Sentence) -> list[DateMention]:
        low = bisect_left(self._date_starts, sentence.first)
        high = bisect_left(self._date_starts, sentence.last)
        return self.dates[low:high]

    def sides_in(self, sentence: Sentence) -> list[SideMention]:
        sources = (
            self.marks.of(sentence, "source", "said")
            if self.lang == "en"
            else self.marks.of(sentence, "source")
        )
        found = []
        skip = self.dateline_end(sentence)
        for mark in self.marks.prefixed(sentence, SIDE):
            if mark.first < skip or self._is_no_side(mark):
                continue
            speaking = any(self._speaks(mark, source) for source in sources)
            found.append(SideMention(mark.label[len(SIDE) :], mark.first, mark.last, speaking))
        return found

    def dateline_end(self, sentence: Sentence) -> int:
        """The first token after a dateline such as "KOBANI - "; else the sentence's first."""
        if sentence.index not in self._datelines:
            self._datelines[sentence.index] = self._read_dateline(sentence)
        return self._datelines[sentence.index]

    def _read_dateline(self, sentence: Sentence) -> int:
        if sentence.is_title or sentence.first >= sentence.last:
            return sentence.first
        start = self.doc.tokens[sentence.first].start
        match = _DATELINE.match(self.doc.plain[start : start + 90])
        if not match or (self.lang == "ar" and len(match.group().split()) > 4):
            return sentence.first
        words = self.doc.words(sentence)
        return next((t.index for t in words if t.start >= start + match.end()), sentence.first)

    def _is_no_side(self, mark: Mark) -> bool:
        """ "us" is not the US, and the South China Sea is not China."""
        token = self.doc.tokens[mark.first]
        if token.fold == "us":
            return token.plain != "US"
        after = self.token(mark.last + 1)
        before = self.token(mark.first - 1)
        sea = ("sea", "море", "моря", "морем", "denizi", "strait")
        return bool(after and after.fold.startswith(sea)) or bool(
            before and before.fold in {"بحر", "البحر", "sea"}
        )

    def _speaks(self, side: Mark, source: Mark) -> bool:
        """Whether the side belongs to the source: "Russian defence ministry", "وزارة الدفاع التركية"."""
        tokens = self.doc.tokens
        if side.first <= source.first <= side.last:
            return True
        if self.lang == "en" and source.label == "said":
            return 0 < source.first - side.last <= 1
        if 0 < source.first - side.last <= 2:
            return all("," not in tokens[i].gap for i in range(side.last + 1, source.first + 1))
        reach = {"ar": 3, "ru": 2}.get(self.lang, 0)
        if 0 < side.first - source.last <= reach:
            return all("," not in tokens[i].gap for i in range(source.last + 1, side.first + 1))
        return False

    def text_between(self, first: int, last: int) -> str:
        """The normalised text from token `first` to `last`, both included."""
        return self.doc.fold[self.doc.tokens[first].start : self.doc.tokens[last].end]

    def breaks(self, first: int, last: int, stops: str = ",;:.()") -> bool:
        """Whether punctuation of `stops` stands between token `first` and token `last`."""
        low, high = min(first, last), max(first, last)
        return any(set(self.doc.tokens[i].gap) & set(stops) for i in range(low + 1, high + 1))

    def span(self, first: int, last: int) -> Span:
        return self.doc.token_span(first, last)

    def sentence_span(self, sentence: Sentence) -> Span:
        return self.span(sentence.first, sentence.last - 1)

    def sentence_text(self, sentence: Sentence) -> str:
        span = self.doc.span(sentence.start, sentence.end)
        return self.doc.original[span.start : span.end].strip()

    def token(self, index: int) -> Token | None:
        return self.doc.tokens[index] if 0 <= index < len(self.doc.tokens) else None


def read_report(text: str, lang: str, title_end: int, published: date | None, publisher: str) -> Reading:
    doc = read(text, lang, title_end)
    marks = Marks(doc, lexicon(lang))
    numbers = read_numbers(doc)
    reader = DateReader(doc, marks, numbers, published)
    dates = reader.read()
    reading = Reading(doc, marks, numbers, dates, reader.taken, published, publisher)
    reading._number_starts = [number.first for number in numbers]
    reading._date_starts = [mention.first for mention in dates]
    return reading
