"""Which sentences tell of which patrol, and which are background.

The rules in short. The *lead* is the first sentence that reports a single patrol. From there on, every
sentence belongs to the patrol at hand until a sign says otherwise: another date, another ordinal, "earlier",
an agreement, another subject. The first sign in a sentence decides. Background lasts to the end of its
paragraph unless the patrol's own date or number comes back. A later date with a new patrol, a list item, or
a lead that speaks of several patrols opens a further account; an earlier one is background.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

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
            dates = [m for m in self.reading.dates_in(sentence) if m.is_day and m.role in {"event", "said"}]
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
        """Lines that each begin with a day are a list, with or without bullets."""
        first_of_line: dict[int, Sentence] = {}
        for sentence in self.sentences:
            first_of_line.setdefault(sentence.line, sentence)
        dated = {
            line
            for line, sentence in first_of_line.items()
            if (days := self.reading.dates_in(sentence))
            and days[0].first <= sentence.first + 1
            and days[0].kind == "day"
        }
        if len(dated) >= 2:
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
        told = self.marks.has(sentence, *STATUS, *INCIDENT)
        told = told or bool(singles and self.ordinals[sentence.index] and self.days(sentence))
        if told and (singles or self.ordinals[sentence.index]):
            return self.is_joint(sentence)
        if (
            (told or self.marks.has(sentence, "solo"))
            and self._opens_report(sentence)
            and self._moves_together(sentence)
        ):
            return True
        if self._announces_series(sentence):
            return True
        resumes = self.marks.has(sentence, "resume") and self.marks.has(sentence, "patrols", "patrol")
        if resumes and any(m.kind in {"today", "weekday"} for m in self.days(sentence)):
            return self.is_joint(sentence) and not self.marks.has(sentence, "conditional")
        return False

    def _announces_series(self, sentence: Sentence) -> bool:
        """ "Joint patrols are due to start on 8 September": the first of them is announced for that day."""
        announced = self.marks.has(sentence, "announced") and self.marks.has(sentence, "patrols")
        dated = any(m.role == "event" and m.kind == "day" for m in self.days(sentence))
        settled = self.marks.has(sentence, "completed", "suspend", "cancelled", "resume")
        return (
            announced and dated and not settled and self._opens_report(sentence) and self.is_joint(sentence)
        )

    def _opens_report(self, sentence: Sentence) -> bool:
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
            if self._is_solo(sentence) and not self._tells_cancellation(sentence):
                continue
            early = sentence.index <= self.sentences[0].index + 1
            if in_title or early or sentence.is_item:
                return sentence
            if strong and len({s.code for s in self.reading.sides_in(sentence)} | {""}) > 1:
                return sentence
        return None

    def _tells_cancellation(self, sentence: Sentence) -> bool:
        return any(self.marks.has(s, "cancelled") for s in (sentence, *([self.title] if self.title else [])))

    def _starts_before(self, sentence: Sentence, back: int) -> bool:
        firsts = [n.first for n in self.ordinals[sentence.index]] + [
            m.first for m in self.days(sentence) if not m.past
        ]
        return bool(firsts) and min(firsts) < back

    def _is_solo(self, sentence: Sentence) -> bool:
        about = self.marks.has(sentence, "patrol", "patrols", "convoy", "vehicle", "military_police")
        return about and self.marks.has(sentence, "solo") and not self.marks.has(sentence, "joint")

    # Walking through the report.

    def run(self) -> Segments:
        lead = self.lead()
        if lead is None:
            return Segments(self.title, [], self.sentences)
        several = self._announces_several(lead)
        walk = _Walk(self, lead, several)
        for sentence in self.sentences:
            walk.step(sentence)
        episodes = walk.finish()
        return Segments(self.title, episodes, walk.background, lead)

    def _announces_several(self, lead: Sentence) -> bool:
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


class _Walk:
    def __init__(self, segmenter: Segmenter, lead: Sentence, several: bool) -> None:
        self.seg = segmenter
        self.reading = segmenter.reading
        self.marks = segmenter.marks
        self.lead = lead
        self.several = several
        self.episodes: list[Episode] = []
        self.current: Episode | None = None
        self.intro: list[Sentence] = []
        self.shared: list[Sentence] = []
        self.background: list[Sentence] = []
        self.paragraph = -1
        self.line = -1
        self.closed = False

    def step(self, sentence: Sentence) -> None:
        new_paragraph = sentence.paragraph != self.paragraph
        new_item = sentence.is_item and sentence.line != self.line
        self.paragraph, self.line = sentence.paragraph, sentence.line
        if sentence.index < self.lead.index:
            self._before_lead(sentence)
        elif not self.episodes:
            self._open(sentence)
        elif len(self.episodes) > 1 and self._is_about_all(sentence):
            self.shared.append(sentence)
        elif new_item and self.seg.reports_patrol(sentence):
            self._item(sentence)
        elif sentence.is_item and not new_item:
            self._keep(sentence, self.current)
        else:
            self._prose(sentence, new_paragraph)

    def _is_about_all(self, sentence: Sentence) -> bool:
        """ "In each case ..."; "eight vehicles took part in the patrols"."""
        if self.marks.has(sentence, "each_case"):
            return True
        strength = self.marks.has(sentence, "vehicle", "personnel", "uav", "helicopter")
        dated = self.seg.days(sentence) or self.seg.ordinals[sentence.index]
        return (
            strength
            and self._speaks_of_series(sentence)
            and not dated
            and self.seg.back_position(sentence) is None
        )

    def _before_lead(self, sentence: Sentence) -> None:
        if self.seg.back_position(sentence) is None and not self.marks.has(sentence, "deal", "elsewhere"):
            self.intro.append(sentence)
        else:
            self.background.append(sentence)

    def _open(self, sentence: Sentence) -> Episode:
        parts = self._parts(sentence)
        if len(parts) > 1:
            for number, day, part in parts:
                self.episodes.append(Episode(number, day, [part], whole=sentence))
            self.several = True
            self.current = self.episodes[-1]
            return self.episodes[-1]
        numbers = self.seg.ordinals[sentence.index]
        days = [m for m in self.seg.days(sentence) if not m.past] or self.seg.days(sentence)
        episode = Episode(numbers[0] if numbers else None, days[0] if days else None, [sentence])
        self.episodes.append(episode)
        self.current = episode
        return episode

    def _parts(self, sentence: Sentence) -> list[tuple[PatrolNumber, DateMention, Sentence]]:
        """A sentence on several patrols: "on 30 November the 12th, on 3 December the 13th"."""
        days = [m for m in self.seg.days(sentence) if not m.past]
        ordinals = [n for n in self.reading.numbers_in(sentence) if n.kind == "ord" and n.value % 1 == 0]
        if len(days) < 2 or len(days) != len(ordinals) or not self.seg.ordinals[sentence.index]:
            return []
        firsts = [min(d.first, o.first) for d, o in zip(days, ordinals, strict=True)]
        lasts = [max(d.last, o.last) for d, o in zip(days, ordinals, strict=True)]
        if any(last >= first for last, first in zip(lasts, firsts[1:], strict=False)):
            return []
        cuts = [sentence.first, *firsts[1:], sentence.last]
        return [
            (PatrolNumber(o.whole, o.first, o.last), d, replace(sentence, first=cuts[i], last=cuts[i + 1]))
            for i, (d, o) in enumerate(zip(days, ordinals, strict=True))
        ]

    def _item(self, sentence: Sentence) -> None:
        """A list item is a patrol of its own unless it repeats the day or number of one."""
        match = self._match(sentence)
        if match is None:
            self._open(sentence)
        else:
            self._keep(sentence, match)

    def _keep(self, sentence: Sentence, episode: Episode | None) -> None:
        if episode is None:
            self.background.append(sentence)
            return
        episode.sentences.append(sentence)
        if episode.number is None and (numbers := self.seg.ordinals[sentence.index]):
            episode.number = numbers[0]
        undated = episode.date is None or episode.date.role == "said"
        if undated and (days := [m for m in self.seg.days(sentence) if not m.past]):
            near = episode.date is None or abs((days[0].start - episode.date.start).days) <= 10
            if near and (episode.date is None or days[0].role == "event"):
                episode.date = days[0]
        self.current = episode

    def _match(self, sentence: Sentence) -> Episode | None:
        for episode in self.episodes:
            if episode.number and any(
                n.value == episode.number.value for n in self.seg.ordinals[sentence.index]
            ):
                return episode
            if episode.date and any(m.start == episode.date.start for m in self.seg.days(sentence)):
                return episode
        return None

    def _prose(self, sentence: Sentence, new_paragraph: bool) -> None:
        kind, episode = self._first_sign(sentence)
        if self.closed and kind != "episode":
            self.background.append(sentence)
        elif kind == "episode":
            self.closed = False
            self._keep(sentence, episode)
        elif kind == "new":
            self._open(sentence)
        elif kind == "cancelled_too":
            self._open_each(sentence)
        elif kind in {"back", "deal", "elsewhere"}:
            self.closed = self.closed or kind == "elsewhere"
            self.background.append(sentence)
            self.current = None
        elif kind == "habit":
            self.background.append(sentence)
        elif new_paragraph and self.current is None:
            if self._speaks_of_patrol(sentence) and len(self.episodes) == 1:
                self._keep(sentence, self.episodes[0])
            else:
                self.background.append(sentence)
        elif new_paragraph and not self._speaks_of_patrol(sentence) and not self._tells_incident(sentence):
            self.background.append(sentence)
        else:
            self._keep(sentence, self.current)

    def _first_sign(self, sentence: Sentence) -> tuple[str, Episode | None]:
        """The sign that stands first in the sentence decides what the sentence is about."""
        signs: list[tuple[int, str, Episode | None]] = [
            (mention.first, *self._day_sign(mention))
            for mention in self.seg.days(sentence)
            if not self._is_only_today(sentence, mention) and not self._bounds_tour(sentence, mention)
        ]
        signs += [
            (mention.first, "back", None)
            for mention in self.reading.dates_in(sentence)
            if (mention.kind in {"month", "year"} and mention.role == "event")
            or (mention.role == "since" and not self._tells_strength(sentence))
        ]
        signs += [(number.first, *self._number_sign(number)) for number in self.seg.ordinals[sentence.index]]
        back = self.seg.back_position(sentence)
        if back is not None:
            signs.append((back, "back", None))
        if (
            len(self.episodes) == 1
            and not self._speaks_of_series(sentence)
            and not self.marks.has(sentence, "habit")
        ):
            signs += [(m.first, "episode", self.episodes[0]) for m in self.marks.of(sentence, "quiet")]
        signs += [(m.first, "elsewhere", None) for m in self.marks.of(sentence, "elsewhere")]
        if self.seg._is_solo(sentence) and not self._lead_is_cancelled():
            signs.append((sentence.first, "back", None))
        own = [sign for sign in signs if sign[1] == "episode"]
        fresh = self._opens_new(sentence, signs)
        if fresh:
            return fresh, None
        if self.marks.has(sentence, "habit") and not own and not self.seg.single_patrols(sentence):
            return "habit", None
        solo = self._lead_is_cancelled() and self.seg._is_solo(sentence)
        if self.marks.has(sentence, "quiet") and not signs:
            return "", None
        if self.marks.has(sentence, "deal") and not own and not solo and not self._acts(sentence):
            return "deal", None
        if not signs:
            return "", None
        _, kind, episode = min(signs, key=lambda sign: (sign[0], sign[1] != "back"))
        return ("back" if kind == "other" else kind), episode

    def _acts(self, sentence: Sentence) -> bool:
        """A sentence on the patrol itself that only mentions the agreement."""
        about = self.seg.single_patrols(sentence) or self.marks.has(sentence, "outing")
        return bool(about) and self.marks.has(sentence, *STATUS) and not any(
            m.role == "deal" for m in self.reading.dates_in(sentence)
        )  # fmt: skip

    def _is_only_today(self, sentence: Sentence, mention: DateMention) -> bool:
        """ "Today the same journey takes ten hours": no word of a patrol beside it."""
        about = self.marks.has(
            sentence, "patrol", "convoy", "vehicle", "uav", "helicopter", *STATUS, *INCIDENT
        )
        return mention.kind == "today" and not about

    def _bounds_tour(self, sentence: Sentence, mention: DateMention) -> bool:
        """At sea a patrol lasts for days: "... which began on January 3" is no other patrol."""
        main = self.episodes[0].date
        if main is None or len(self.episodes) != 1 or self.seg.back_position(sentence) is not None:
            return False
        sides = {side.code for side in self.reading.sides_in(self.lead)}
        near = abs((mention.start - main.start).days) <= 7
        return near and not sides & {"TR"} and self.marks.has(sentence, "started", "returned")

    def _day_sign(self, mention: DateMention) -> tuple[str, Episode | None]:
        for episode in self.episodes:
            if episode.date and episode.date.start <= mention.start <= episode.date.end:
                return "episode", episode
        only = self.episodes[0] if len(self.episodes) == 1 else None
        if only and not mention.past:
            said = only.date is not None and only.date.role == "said"
            if only.date is None or (said and abs((mention.start - only.date.start).days) <= 10):
                return "episode", only
        return "other", None

    def _number_sign(self, number: PatrolNumber) -> tuple[str, Episode | None]:
        for episode in self.episodes:
            if episode.number and episode.number.value == number.value:
                return "episode", episode
        last = self.episodes[-1]
        if last.number is None and len(self.episodes) == 1 and not number.elliptic:
            return "episode", last
        return "other", None

    def _lead_is_cancelled(self) -> bool:
        return self.seg._tells_cancellation(self.lead)

    def _opens_new(self, sentence: Sentence, signs: list[tuple[int, str, Episode | None]]) -> str:
        """ "new" where the sentence opens a further patrol, "cancelled_too" where it adds cancelled ones."""
        if any(kind == "elsewhere" for _, kind, _ in signs):
            return ""
        others = [position for position, kind, _ in signs if kind == "other"]
        if not others or any(kind == "episode" for _, kind, _ in signs):
            return ""
        if self._lead_is_cancelled() and self._adds_cancelled(sentence):
            return "cancelled_too"
        if not (self.seg.reports_patrol(sentence) or self._elliptic(sentence)):
            return ""
        if self.marks.has(sentence, "announced") and not self.marks.has(sentence, "completed", "started"):
            return ""
        if self.several:
            return "new" if self.seg.back_position(sentence) is None else ""
        if self.seg.back_position(sentence) is not None:
            return ""
        return "new" if self._is_forward(sentence) else ""

    def _elliptic(self, sentence: Sentence) -> bool:
        return any(number.elliptic for number in self.seg.ordinals[sentence.index])

    def _is_forward(self, sentence: Sentence) -> bool:
        """A later day or a higher number than the last patrol's, and nothing that says otherwise."""
        last = self.episodes[-1]
        numbers = self.seg.ordinals[sentence.index]
        days = self.seg.days(sentence)
        later = [m for m in days if last.date and m.start > last.date.end]
        if self.reading.published:
            later = [m for m in later if m.start <= self.reading.published]
        if last.date and days and not later:
            return False
        if last.number and numbers:
            return last.number.value < numbers[0].value <= last.number.value + 5
        return bool(later)

    def _adds_cancelled(self, sentence: Sentence) -> bool:
        days = [m for m in self.seg.days(sentence) if m.kind == "day"]
        if not days or not self.marks.has(sentence, "many", "cancelled", "patrol"):
            return False
        return self.marks.has(sentence, "many") or (
            self.marks.has(sentence, "another") and self.marks.has(sentence, "cancelled")
        )

    def _open_each(self, sentence: Sentence) -> None:
        for mention in self.seg.days(sentence):
            if mention.kind == "day" and all(
                e.date is None or e.date.start != mention.start for e in self.episodes
            ):
                self.episodes.append(Episode(None, mention, [], repeats_cancellation=True))
        self.current = None
        self.background.append(sentence)

    def _tells_strength(self, sentence: Sentence) -> bool:
        """ "The ministry, which counts 20 patrols since November, said eight vehicles had left X"."""
        return self.marks.has(sentence, "vehicle") and self.marks.has(sentence, "from", "km", "each_side")

    def _speaks_of_patrol(self, sentence: Sentence) -> bool:
        if self._tells_strength(sentence) and self.marks.has(sentence, "said"):
            return True
        if self.marks.has(sentence, "deal") or self._speaks_of_series(sentence):
            return False
        return (
            bool(self.seg.single_patrols(sentence))
            or self.marks.has(
                sentence, "convoy", "vehicle", "vehicle_two", "ship", "uav", "helicopter", "quiet", "unhurt"
            )
            or self._names_route_end(sentence)
        )

    def _names_route_end(self, sentence: Sentence) -> bool:
        """ "The end point is the village of X"."""
        ends = [m for m in self.marks.of(sentence, "to") if m.last > m.first]
        ends += [
            m
            for m in self.marks.of(sentence, "from")
            if self.reading.doc.tokens[m.first].end - self.reading.doc.tokens[m.first].start > 6
        ]
        return bool(ends) and self.marks.has(sentence, "village")

    def _speaks_of_series(self, sentence: Sentence) -> bool:
        return self.marks.has(sentence, "patrols") and not self.seg.single_patrols(sentence)

    def _tells_incident(self, sentence: Sentence) -> bool:
        """Grave enough to belong to the report's patrol although no word of it is repeated."""
        told = self.marks.has(sentence, "casualty", "attack", "ied", "stones")
        return told and len(self.episodes) == 1 and not self._speaks_of_series(sentence)

    def finish(self) -> list[Episode]:
        for episode in self.episodes:
            episode.shared = [*self.shared]
            if episode is self.episodes[0] or self.several:
                episode.shared = [*self.intro, *self.shared]
        return self.episodes
