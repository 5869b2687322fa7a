"""Goes through a report sentence by sentence and gives each to the patrol that it is about."""

from __future__ import annotations

from dataclasses import replace

from patrols.intake.extract.dates import DateMention
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.ordinals import PatrolNumber
from patrols.intake.extract.segments import INCIDENT, STATUS, Episode, Segmenter, Segments
from patrols.intake.extract.text import Sentence

_POINTING = {"the", "this", "that", "bu", "söz", "anılan", "это", "этот", "данное", "указанное"}


def segment(segmenter: Segmenter) -> Segments:
    """The report's patrols with their sentences; none where it reports no patrol."""
    if counted := segmenter.counted_off():
        return _each_by_itself(segmenter, *counted)
    lead = segmenter.lead()
    if lead is None:
        return Segments(segmenter.title, [], segmenter.sentences)
    walk = Walk(segmenter, lead, segmenter.announces_several(lead))
    for sentence in segmenter.sentences:
        walk.step(sentence)
    return Segments(segmenter.title, walk.finish(), walk.background, lead)


def _each_by_itself(segmenter: Segmenter, intro: Sentence, heads: list[Sentence]) -> Segments:
    """ "Two joint patrols were held on 10 June. The first, ... The second, ...": an account each."""
    episodes: list[Episode] = []
    background: list[Sentence] = []
    starts = {head.index for head in heads}
    days = [m for m in segmenter.days(intro) if not m.past]
    shared = days[0] if len(days) == 1 else None
    closed = False
    for sentence in segmenter.sentences:
        own = [m for m in segmenter.days(sentence) if not m.past]
        if sentence.index in starts:
            closed = False
            day = own[0] if own else shared
            episodes.append(Episode(None, day, [sentence], [intro], intro))
        elif episodes and not closed:
            closed = (
                segmenter.back_position(sentence) is not None
                or segmenter.marks.has(sentence, "deal", "elsewhere", "patrols")
                or any(m.start != (episodes[-1].date or m).start for m in own)
            )
            (background if closed else episodes[-1].sentences).append(sentence)
        elif sentence.index != intro.index:
            background.append(sentence)
    return Segments(segmenter.title, episodes, background, intro)


class Walk:
    """Goes through the sentences: each is about a patrol, about all of them, or background."""

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
        self.older = -1
        """The line that tells of an earlier patrol."""
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
        elif new_paragraph and self._is_one_sides_own(sentence):
            self.background.append(sentence)
            self.current = None
        elif new_paragraph and self.current is None:
            if self._speaks_of_patrol(sentence) and len(self.episodes) == 1:
                self._keep(sentence, self.episodes[0])
            else:
                self.background.append(sentence)
        elif new_paragraph and not self._speaks_of_patrol(sentence) and not self._tells_incident(sentence):
            self.background.append(sentence)
        else:
            self._keep(sentence, self.current)

    def _is_one_sides_own(self, sentence: Sentence) -> bool:
        """ "В провинции Алеппо российская военная полиция патрулировала маршрут ...": no joint patrol."""
        if self.reading.lang not in {"ru", "en"} or self.seg.is_joint(sentence):
            return False
        words = {token.fold for token in self.reading.doc.words(sentence)}
        told = any(word.startswith("патрул") for word in words) or "patrolled" in words
        drives = told and self.marks.has(sentence, "military_police")
        return drives and not self.marks.has(sentence, "vehicle", "each_side")

    def _first_sign(self, sentence: Sentence) -> tuple[str, Episode | None]:
        """The sign that stands first in the sentence decides what the sentence is about."""
        if self._tells_of_older(sentence):
            return "back", None
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
        if self.seg.is_solo(sentence) and not self._lead_is_cancelled():
            signs.append((sentence.first, "back", None))
        own = [sign for sign in signs if sign[1] == "episode"]
        fresh = self._opens_new(sentence, signs)
        if fresh:
            return fresh, None
        if self.marks.has(sentence, "habit") and not own and not self.seg.single_patrols(sentence):
            return "habit", None
        solo = self._lead_is_cancelled() and self.seg.is_solo(sentence)
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

    def _tells_of_older(self, sentence: Sentence) -> bool:
        """ "On 9 November, the Observatory saw a patrol", below an undated lead; to the line's end."""
        published, main = self.reading.published, self.episodes[0].date
        days = self.seg.days(sentence)
        if published is None or self.several or sentence.line == self.lead.line or sentence.is_item:
            return False
        if sentence.line == self.older:
            return not days or all((published - day.start).days >= 3 for day in days)
        if not days or (main is not None and main.role != "said"):
            return False
        if any((published - day.start).days < 3 for day in days) or not self._told_much():
            return False
        singles = self.seg.single_patrols(sentence)
        new = bool(singles) and not any(self._is_the_patrol(mark) for mark in singles)
        after_another = self.current is None and self.older >= 0
        # Without articles "совместное патрулирование" may still be the one at hand.
        another = new and (self.reading.lang in {"en", "ar"} or self.seg.is_joint(sentence))
        if after_another or another or self._speaks_of_series(sentence):
            self.older = sentence.line
        return self.older == sentence.line

    def _is_the_patrol(self, mark: Mark) -> bool:
        """Whether the noun points back: "the patrol", "this joint patrol", "الدورية"."""
        tokens = self.reading.doc.tokens
        if self.reading.lang == "ar":
            return tokens[mark.first].fold.lstrip("و").startswith("ال")
        before = {token.fold for token in tokens[max(0, mark.first - 4) : mark.first]}
        return bool(before & _POINTING)

    def _told_much(self) -> bool:
        """Whether the patrol at hand has been described already: its strength, its way or its end."""
        told = ("vehicle", "vehicle_two", "km", "via", "villages", "helicopter", "stones")
        return any(self.marks.has(s, *told) for episode in self.episodes for s in episode.sentences)

    def _number_sign(self, number: PatrolNumber) -> tuple[str, Episode | None]:
        for episode in self.episodes:
            if episode.number and episode.number.value == number.value:
                return "episode", episode
        last = self.episodes[-1]
        if last.number is None and len(self.episodes) == 1 and not number.elliptic:
            return "episode", last
        return "other", None

    def _lead_is_cancelled(self) -> bool:
        return self.seg.tells_cancellation(self.lead)

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
            or self._describes_way(sentence)
        )

    def _describes_way(self, sentence: Sentence) -> bool:
        """ "It followed the route A - B - C, 67 kilometres long"."""
        return self.marks.has(sentence, "way") and self.marks.has(sentence, "km", "via", "from")

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
