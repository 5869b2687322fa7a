"""Which sentences tell of which patrol, and which are background.

The rules in short. The *lead* is the first sentence that reports a single patrol. From there on, every
sentence belongs to the patrol at hand until a sign says otherwise: another date, another ordinal, "earlier",
an agreement, another subject. The first sign in a sentence decides. Background lasts to the end of its
paragraph unless the patrol's own date or number comes back. A later date with a new patrol, a list item, or
a lead that speaks of several patrols opens a further account; an earlier one is background.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from patrols.intake.extract.dates import DateMention
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.ordinals import PatrolNumber, patrol_numbers
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

STATUS = ("completed", "returned", "started", "suspended", "cancelled", "announced")
INCIDENT = ("casualty", "attack", "ied", "stones", "protest", "blocked")
_TURKISH_PLUPERFECT = re.compile(r"(?:m[iuü]ş|m[aeiuü]kt[ae]y|ıyor|iyor|uyor|üyor)(?:t|d)[iuü](?:lar|ler)?$")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(slots=True)
class Episode:
    """One patrol of the report: its number, its day and the sentences about it, in text order."""

    number: PatrolNumber | None = None
    date: DateMention | None = None
    sentences: list[Sentence] = field(default_factory=list)
    shared: list[Sentence] = field(default_factory=list)
    """Sentences about every patrol of the report."""
    intro: Sentence | None = None
    """The sentence that speaks of this patrol together with others: "Two patrols were held"."""
    repeats_cancellation: bool = False
    whole: Sentence | None = None
    """The full sentence, where this patrol has only a part of it."""

    def all(self) -> list[Sentence]:
        return sorted({s.index: s for s in (*self.shared, *self.sentences)}.values(), key=lambda s: s.index)


@dataclass(slots=True)
class Segments:
    title: Sentence | None
    episodes: list[Episode]
    background: list[Sentence]
    lead: Sentence | None = None


class Segmenter:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.marks = reading.marks
        self.sentences = [s for s in reading.doc.sentences if not s.is_title]
        self.title = next((s for s in reading.doc.sentences if s.is_title), None)
        self.ordinals = {s.index: patrol_numbers(reading, s) for s in reading.doc.sentences}
        self._days: dict[tuple[int, int], list[DateMention]] = {}
        self._mark_dated_lines()

    # What a sentence holds.

    def days(self, sentence: Sentence) -> list[DateMention]:
        """Days on which something happens, announcements and agreements left out."""
        key = (sentence.first, sentence.last)
        if key not in self._days:
            skip = self.reading.dateline_end(sentence)
            told = [m for m in self.reading.dates_in(sentence) if m.first >= skip]
            dates = [m for m in told if m.is_day and m.role in {"event", "said"}]
            events = [m for m in dates if m.role == "event"]
            self._days[key] = events or dates
        return self._days[key]

    def single_patrols(self, sentence: Sentence) -> list[Mark]:
        """Mentions of one patrol: not "24 patrols", whose noun can be in the singular."""
        counted = [n for n in self.reading.numbers_in(sentence) if n.kind == "card" and n.value >= 2]
        return [
            mark
            for mark in self.marks.of(sentence, "patrol")
            if not any(self._counts(sentence, number.last, mark.first) for number in counted)
        ]

    def _counts(self, sentence: Sentence, number: int, noun: int) -> bool:
        """Whether the number that ends at token `number` counts the noun at token `noun`."""
        near = 0 < noun - number <= 4 and not self.reading.breaks(number, noun, ",;:.(")
        return near and not self._thing_between(sentence, number, noun)

    def _thing_between(self, sentence: Sentence, first: int, last: int) -> bool:
        return any(
            first < m.first < last for m in self.marks.of(sentence, "vehicle", "km", "hour", "personnel")
        )

    def _mark_dated_lines(self) -> None:
        """Lines that each begin with a later day are a list, with or without bullets.

        Days that go backwards are a report's background: "On 6 September ... On 31 August ...".
        """
        first_of_line: dict[int, Sentence] = {}
        for sentence in self.sentences:
            first_of_line.setdefault(sentence.line, sentence)
        dated: dict[int, date] = {}
        for line, sentence in first_of_line.items():
            days = self.reading.dates_in(sentence)
            if days and days[0].first <= sentence.first + 1 and days[0].kind == "day":
                dated[line] = days[0].start
        if len(dated) >= 2 and list(dated.values()) == sorted(dated.values()):
            for sentence in self.sentences:
                sentence.is_item = sentence.is_item or sentence.line in dated

    def _is_listed(self, sentence: Sentence) -> bool:
        """An item of a list of patrols: it has its day, and what goes before the list speaks of patrols."""
        if not self.days(sentence):
            return False
        before = [s for s in self.sentences if s.index < sentence.index and not s.is_item][-2:]
        before += [self.title] if self.title else []
        return any(self.marks.has(s, "patrols") and self.is_joint(s) for s in before)

    def is_joint(self, sentence: Sentence) -> bool:
        sides = {side.code for side in self.reading.sides_in(sentence)}
        return len(sides) >= 2 or self.marks.has(sentence, "joint") or bool(self.ordinals[sentence.index])

    def reports_patrol(self, sentence: Sentence) -> bool:
        """Whether the sentence reports one patrol's start, end or fate."""
        if self.marks.has(sentence, "habit") and not (self.days(sentence) or self.ordinals[sentence.index]):
            return False
        singles = self.single_patrols(sentence)
        if sentence.is_item and (singles or self.ordinals[sentence.index]):
            return bool(self.days(sentence) or self.ordinals[sentence.index])
        if sentence.is_item and self._is_listed(sentence):
            return True
        told = self.marks.has(sentence, *STATUS, *INCIDENT, "seen")
        told = told or bool(singles and self.ordinals[sentence.index] and self.days(sentence))
        if told and (singles or self.ordinals[sentence.index]):
            return self.is_joint(sentence) or self._is_first_again(sentence)
        if (
            (told or self.marks.has(sentence, "solo"))
            and self.opens_report(sentence)
            and self._moves_together(sentence)
        ):
            return True
        if self._announces_series(sentence):
            return True
        resumes = self.marks.has(sentence, "resume") and self.marks.has(sentence, "patrols", "patrol")
        if resumes and any(m.kind in {"today", "weekday"} for m in self.days(sentence)):
            return self.is_joint(sentence) and not self.marks.has(sentence, "conditional")
        return False

    def _is_first_again(self, sentence: Sentence) -> bool:
        """ "The joint patrols have resumed. In the one of 22 August ...": said right after the resumption."""
        before = next((s for s in self.sentences if s.index == sentence.index - 1), None)
        if before is None or not (self.days(sentence) or self.days(before)):
            return False
        resumed = self.marks.has(before, "resume") and self.marks.has(before, "patrols")
        return resumed and self.is_joint(before)

    def _announces_series(self, sentence: Sentence) -> bool:
        """ "Joint patrols are due to start on 8 September": the first of them is announced for that day."""
        announced = self.marks.has(sentence, "announced") and self.marks.has(sentence, "patrols")
        dated = any(m.role == "event" and m.kind == "day" for m in self.days(sentence))
        settled = self.marks.has(sentence, "completed", "suspend", "cancelled", "resume")
        return announced and dated and not settled and self.opens_report(sentence) and self.is_joint(sentence)

    def opens_report(self, sentence: Sentence) -> bool:
        return bool(self.sentences) and sentence.index <= self.sentences[0].index + 1

    def _moves_together(self, sentence: Sentence) -> bool:
        """A convoy of both sides, in a report whose head speaks of patrols."""
        sides = {side.code for side in self.reading.sides_in(sentence) if not side.speaking}
        head = [*([self.title] if self.title else []), *self.sentences[:3]]
        if len(sides) < 2:
            return False
        if self.marks.has(sentence, "outing"):
            return any(self.marks.has(s, "patrol", "patrols") for s in head)
        moves = self.marks.has(sentence, "via", "villages", "reached", "km", "solo")
        return moves and self.title is not None and self.marks.has(self.title, "patrol")

    def is_pluperfect(self, sentence: Sentence) -> bool:
        if self.reading.lang == "ar":
            # "The patrol had set off from X" goes on with the same patrol.
            same = [m for m in self.single_patrols(sentence) if self._has_article(m)]
            marks = self.marks.of(sentence, "tense_back")
            return any(not any(t.first <= m.first <= t.last for m in same) for t in marks)
        if self.reading.lang != "tr":
            return False
        ending = self.reading.doc.tokens[max(sentence.first, sentence.last - 2) : sentence.last]
        return any(_TURKISH_PLUPERFECT.search(token.fold) for token in ending)

    def _has_article(self, mark: Mark) -> bool:
        return self.reading.doc.tokens[mark.first].fold.lstrip("و").startswith("ال")

    def back_position(self, sentence: Sentence) -> int | None:
        """The first token that says "this was before", or None."""
        spared = self.marks.of(sentence, "same_day")
        positions = [
            mark.first
            for mark in self.marks.of(sentence, "back")
            if not any(s.first - 1 <= mark.last and mark.first <= s.last + 1 for s in spared)
        ]
        positions = [p for p in positions if not self._is_overtaken(sentence, p)]
        positions += [m.first for m in self.reading.dates_in(sentence) if m.past and m.is_day]
        if self.is_pluperfect(sentence):
            positions.append(sentence.first)
        return min(positions, default=None)

    def _is_overtaken(self, sentence: Sentence, position: int) -> bool:
        """ "A month ago ... but now": what was before is only the foil."""
        if any(mark.first > position for mark in self.marks.of(sentence, "now")):
            return True
        word = self.reading.doc.tokens[position].fold
        if (
            not word.startswith(("previous", "önceki", "предыдущ", "السابق", "سابق"))
            or position - sentence.first <= 4
        ):
            return False
        nouns = self.marks.of(sentence, "patrol", "patrols", "outing")
        return not any(abs(mark.first - position) <= 4 for mark in nouns)

    # A report that counts its patrols off.

    def counted_off(self) -> tuple[Sentence, list[Sentence]] | None:
        """The sentence that speaks of several patrols, and those that begin "the first", "the second".

        None where fewer than two do, or where a number says which of the series they are.
        """
        for index, sentence in enumerate(self.sentences[:4]):
            if not self._speaks_of_several(sentence) or self.back_position(sentence) is not None:
                continue
            heads = [s for s in self.sentences[index + 1 :] if self._begins_one(s)]
            if len(heads) > 1 and heads[0].index - sentence.index <= 2:
                return sentence, heads
        return None

    def _speaks_of_several(self, sentence: Sentence) -> bool:
        told = self.marks.has(sentence, "many") and self.marks.has(sentence, *STATUS)
        return told and self.is_joint(sentence) and not self.marks.has(sentence, "habit", "conditional")

    def _begins_one(self, sentence: Sentence) -> bool:
        return any(mark.first - sentence.first <= 1 for mark in self.marks.of(sentence, "one_of"))

    # Finding the lead.

    def lead(self) -> Sentence | None:
        in_title = bool(self.title and self.marks.has(self.title, "patrol", "patrols", "convoy"))
        for sentence in self.sentences:
            if not self.reports_patrol(sentence):
                continue
            back = self.back_position(sentence)
            strong = bool(self.ordinals[sentence.index]) or bool(self.days(sentence))
            if back is not None and not (strong and self._starts_before(sentence, back)):
                continue
            if self.is_solo(sentence) and not self.tells_cancellation(sentence):
                continue
            early = sentence.index <= self.sentences[0].index + 1
            first = sentence.index == self.sentences[0].index
            recent = not self._is_long_past(sentence) or (first and not self._is_outdone(sentence))
            if sentence.is_item or (recent and (early or in_title)):
                return sentence
            if recent and strong and len({s.code for s in self.reading.sides_in(sentence)} | {""}) > 1:
                return sentence
        return None

    def _is_outdone(self, sentence: Sentence) -> bool:
        """Whether one of the next sentences reports a patrol of these days."""
        published = self.reading.published
        following = [s for s in self.sentences if sentence.index < s.index <= sentence.index + 2]
        return published is not None and any(
            any(0 <= (published - m.start).days <= 3 for m in self.days(s))
            for s in following
            if self.reports_patrol(s) and self.back_position(s) is None
        )

    def _is_long_past(self, sentence: Sentence) -> bool:
        """Further down, an old day belongs to an old patrol."""
        published, days = self.reading.published, self.days(sentence)
        return published is not None and bool(days) and all((published - m.start).days > 10 for m in days)

    def tells_cancellation(self, sentence: Sentence) -> bool:
        return any(self.marks.has(s, "cancelled") for s in (sentence, *([self.title] if self.title else [])))

    def _starts_before(self, sentence: Sentence, back: int) -> bool:
        firsts = [n.first for n in self.ordinals[sentence.index]] + [
            m.first for m in self.days(sentence) if not m.past
        ]
        return bool(firsts) and min(firsts) < back

    def is_solo(self, sentence: Sentence) -> bool:
        about = self.marks.has(sentence, "patrol", "patrols", "convoy", "vehicle", "military_police")
        return about and self.marks.has(sentence, "solo") and not self.marks.has(sentence, "joint")

    def announces_several(self, lead: Sentence) -> bool:
        """Whether the report sets out to tell of more than one patrol."""
        opening = [s for s in self.sentences if s.index <= lead.index]
        if self.title:
            opening.insert(0, self.title)
        if any(self.marks.has(s, "many") for s in opening):
            return True
        items = [s for s in self.sentences if s.is_item and self.reports_patrol(s)]
        if len(items) > 1:
            return True
        plural = [s for s in opening if self.marks.has(s, "patrols") and not self.single_patrols(s)]
        return any(len(self.days(s)) > 1 for s in plural)
