"""Dates as reports write them, resolved against the day of publication.

A day without a year is the latest such day that is not after the publication, except where the text speaks
of the future. A weekday is the last one up to and including the day of publication; "last Friday" is never
the day of publication itself.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from patrols.intake.extract.lexicon import Marks, arabic_forms
from patrols.intake.extract.numbers import Number
from patrols.intake.extract.text import Document, Sentence, fold
from patrols.intake.extract.words import LANGUAGES
from patrols.record.facts import When

NUMERIC = re.compile(r"(?<![\d.])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{4}))(?!\d)")
_BEFORE_YEAR = {
    "in",
    "of",
    "since",
    "late",
    "early",
    "until",
    "and",
    "between",
    "from",
    "to",
    "عام",
    "سنه",
    "в",
    "с",
}
_AFTER_YEAR = {"года", "году", "год", "yilinda", "yilindan", "yili", "da", "de"}
_JOINERS = {"and", "ve", "и", "و", "а"}
_RANGE = {"to", "ile", "по", "إلى", "الي", "until", "till", "through"}


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the text, from token `first` to `last`.

    `kind`: "day", "weekday", "today", "range", "month" or "year". `role`: "event"; "said" (when it was
    announced), "deal" (of an agreement), "since" or "until". `past` is set where a word such as "last" puts
    it before the present occasion.
    """

    start: date
    end: date
    kind: str
    first: int
    last: int
    role: str = "event"
    past: bool = False
    weekday: int | None = None

    @property
    def is_day(self) -> bool:
        return self.kind in {"day", "weekday", "today", "range"}

    def when(self) -> When:
        days = (self.end - self.start).days + 1
        precision = 1 if days == 1 else 2 if days <= 6 else 3 if days < 28 else 4 if days <= 31 else 5
        return When(self.start, self.end, precision, stated=self.kind not in {"weekday", "today"})


@cache
def _names(lang: str, table: str) -> dict[tuple[str, ...], int]:
    names: dict[tuple[str, ...], int] = {}
    for value, forms in getattr(LANGUAGES[lang], table).items():
        for form in forms.split(","):
            names[tuple(_bare(lang, word) for word in fold(form.strip()).split())] = value
    return names


def _bare(lang: str, word: str) -> str:
    return word[2:] if lang == "ar" and word.startswith("ال") and len(word) > 4 else word


@cache
def _forms(lang: str, word: str) -> tuple[str, ...]:
    return arabic_forms(word) if lang == "ar" else (word,)


def _lookup(doc: Document, index: int, table: str) -> tuple[int, int] | None:
    """(value, last token) of a month or weekday name at `index`."""
    names = _names(doc.lang, table)
    token = doc.tokens[index]
    if index + 1 < len(doc.tokens) and doc.lang == "ar":
        following = _bare("ar", doc.tokens[index + 1].fold)
        for form in _forms("ar", token.fold):
            if (value := names.get((form, following))) is not None:
                return value, index + 1
    for form in _forms(doc.lang, token.fold):
        if (value := names.get((form,))) is not None:
            return value, index
    return None


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class DateReader:
    def __init__(self, doc: Document, marks: Marks, numbers: list[Number], published: date | None) -> None:
        self.doc = doc
        self.marks = marks
        self.published = published
        self.numbers = {number.first: number for number in numbers}
        self.ending = {number.last: number for number in numbers}
        self.taken: set[int] = set()

    def read(self) -> list[DateMention]:
        """Every date, in text order, with its role. `taken` then holds the tokens that belong to dates."""
        found: list[DateMention] = self._numeric()
        for sentence in self.doc.sentences:
            index = sentence.first
            while index < sentence.last:
                if index in self.taken:
                    index += 1
                    continue
                mentions = self._at(index, sentence)
                for mention in mentions:
                    self.taken.update(range(mention.first, mention.last + 1))
                found += mentions
                index = max((mention.last + 1 for mention in mentions), default=index + 1)
                index = max(index, sentence.first)
        found += self._this_month()
        found.sort(key=lambda mention: mention.first)
        return [self._with_role(mention) for mention in self._merged(found)]

    # One reader for each way of writing a date.

    def _numeric(self) -> list[DateMention]:
        found = []
        starts = {token.start: token.index for token in self.doc.tokens}
        for match in NUMERIC.finditer(self.doc.fold):
            y, m, d, day, month, year = match.groups()
            value = _safe(int(y), int(m), int(d)) if y else _safe(int(year), int(month), int(day))
            first = starts.get(match.start())
            if value is None or first is None:
                continue
            last = first
            while last + 1 < len(self.doc.tokens) and self.doc.tokens[last + 1].end <= match.end():
                last += 1
            self.taken.update(range(first, last + 1))
            found.append(DateMention(value, value, "day", first, last))
        return found

    def _at(self, index: int, sentence: Sentence) -> list[DateMention]:
        if month := _lookup(self.doc, index, "months"):
            return self._month(index, *month, sentence)
        if weekday := _lookup(self.doc, index, "weekdays"):
            mention = self._weekday(index, weekday[0], sentence)
            return [mention] if mention else []
        return self._near_day(index, sentence)

    def _day_number(self, token: int) -> int | None:
        number = self.numbers.get(token) or self.ending.get(token)
        if number and number.kind in {"card", "ord"} and 1 <= number.value <= 31 and number.value % 1 == 0:
            return number.whole
        return None

    def _gap_ok(self, token: int) -> bool:
        return self.doc.tokens[token].gap.strip(" ,-./'ـ") == "" and "\n" not in self.doc.tokens[token].gap

    def _month(self, index: int, month: int, last: int, sentence: Sentence) -> list[DateMention]:
        tokens = self.doc.tokens
        # "October/November" naming one month twice, as Arabic reports do.
        while last + 1 < sentence.last and "/" in tokens[last + 1].gap:
            again = _lookup(self.doc, last + 1, "months")
            if again is None or again[0] != month:
                break
            last = again[1]
        year, last = self._year_after(last, sentence)
        before = self._days_before(index, sentence)
        if before:
            return self._days(before, month, year, last)
        after = self._days_after(index, last, sentence)
        if after:
            days, last = after
            year, last = self._year_after(last, sentence) if year is None else (year, last)
            return self._days(days, month, year, last, first=index)
        if not self._is_month_name(index, year, sentence):
            return []
        return self._whole_month(index, month, year, last)

    def _year_after(self, last: int, sentence: Sentence) -> tuple[int | None, int]:
        for step in (1, 2):
            at = last + step
            if at < sentence.last and (number := self.numbers.get(at)):
                plausible = 1990 <= number.value <= 2099 and len(self.doc.tokens[at].fold) == 4
                if plausible and self._gap_ok(at) and number.first == at:
                    return number.whole, at
                return None, last
            if at < sentence.last and self.doc.tokens[at].fold not in {"عام", "سنه", "من", "yili"}:
                return None, last
        return None, last

    def _days_before(self, index: int, sentence: Sentence) -> list[tuple[int, int, bool]]:
        """[(day, its token, whether a range runs from it to the next)], nearest last."""
        tokens = self.doc.tokens
        at = index - 1
        if at >= sentence.first and tokens[at].fold in {"of", "شهر", "من"}:
            at -= 1
        days: list[tuple[int, int, bool]] = []
        ranged = False
        while at >= sentence.first:
            number = self.ending.get(at)
            day = self._day_number(at)
            ordinal = number is not None and number.kind == "ord" and self.doc.lang == "tr"
            if number is None or day is None or ordinal or "\n" in tokens[at + 1].gap:
                break
            days.insert(0, (day, number.first, ranged))
            head = tokens[number.first]
            at = number.first - 1
            if at < sentence.first:
                break
            if head.gap.strip() == "-":
                ranged = True
            elif head.gap.strip() in {",", "،"} or (head.fold[:1] == "و" and head.fold[1:2].isdigit()):
                ranged = False
            elif tokens[at].fold in _JOINERS and head.gap.strip() == "":
                ranged = False
                at -= 1
            elif tokens[at].fold in _RANGE and self._day_number(at - 1) is not None:
                ranged = True
                at -= 1
            elif self.doc.lang == "ar" and tokens[at].fold == "و":
                ranged = False
                at -= 1
            else:
                break
        return days

    def _days_after(
        self, index: int, last: int, sentence: Sentence
    ) -> tuple[list[tuple[int, int, bool]], int] | None:
        """English "March 15 and 23" and Turkish "Ekim'in 22'si"."""
        if self.doc.lang not in {"en", "tr"} or last + 1 >= sentence.last:
            return None
        at = last + 1
        if self.doc.tokens[at].gap.strip(" .,") or "\n" in self.doc.tokens[at].gap:
            return None
        if self.doc.lang == "tr" and not self.doc.tokens[index].suffix:
            return None
        days: list[tuple[int, int, bool]] = []
        while at < sentence.last and (day := self._day_number(at)) is not None:
            number = self.numbers.get(at)
            if number is None:
                break
            days.append((day, at, False))
            last = number.last
            at = last + 1
            if at >= sentence.last:
                break
            joiner = self.doc.tokens[at]
            if joiner.gap.strip() == "-" and self._day_number(at) is not None:
                days[-1] = (*days[-1][:2], True)
            elif joiner.fold in _JOINERS and self._day_number(at + 1) is not None:
                at += 1
            else:
                break
        return (days, last) if days else None

    def _days(
        self,
        days: list[tuple[int, int, bool]],
        month: int,
        year: int | None,
        last: int,
        first: int | None = None,
    ) -> list[DateMention]:
        found: list[DateMention] = []
        index = 0
        while index < len(days):
            day, token, ranged = days[index]
            end_day = days[index + 1][0] if ranged and index + 1 < len(days) else day
            start = self._dated(year, month, day)
            end = _safe(start.year, month, end_day) if start else None
            index += 2 if end_day != day or (ranged and index + 1 < len(days)) else 1
            if start is None or end is None or end < start:
                continue
            stop = last if index >= len(days) else days[index][1] - 1
            begin = first if first is not None and not found else token
            kind = "day" if start == end else "range"
            found.append(DateMention(start, end, kind, min(begin, stop), stop))
        return found

    def _dated(self, year: int | None, month: int, day: int) -> date | None:
        if year is not None:
            return _safe(year, month, day)
        if self.published is None:
            return None
        # Up to two months ahead can be an announcement; anything later is last year's.
        for candidate in (self.published.year, self.published.year - 1, self.published.year - 2):
            value = _safe(candidate, month, day)
            if value and value <= self.published + timedelta(days=45):
                return value
        return None

    def _is_month_name(self, index: int, year: int | None, sentence: Sentence) -> bool:
        """Whether a bare month name is a date ("in May") and not another word ("may", "март")."""
        if year is not None:
            return True
        token = self.doc.tokens[index]
        if self.doc.lang in {"en", "tr"} and not token.is_capital:
            return False
        if self.doc.lang == "tr":
            return True
        before = self.doc.tokens[max(sentence.first, index - 2) : index]
        cues = self.marks.of(sentence, "month_before", "early", "mid", "late", "last")
        near = any(mark.last in {index - 1, index - 2} for mark in cues)
        return near and bool(before)

    def _whole_month(self, index: int, month: int, year: int | None, last: int) -> list[DateMention]:
        if year is None:
            if self.published is None:
                return []
            year = self.published.year if month <= self.published.month else self.published.year - 1
        start = date(year, month, 1)
        end = date(year, month, calendar.monthrange(year, month)[1])
        return [DateMention(start, end, "month", index, last)]

    def _weekday(self, index: int, weekday: int, sentence: Sentence) -> DateMention | None:
        if self.published is None or not self._is_weekday(index, sentence):
            return None
        tokens = self.doc.tokens
        around = {index - 1, index + 1, index - 2, index + 2}
        past = any(
            mark.first in around and not self._between_numbers(mark.first, index)
            for mark in self.marks.of(sentence, "last")
        )
        back = (self.published.weekday() - weekday) % 7
        value = self.published - timedelta(days=back or (7 if past else 0))
        following = any(
            mark.first in {index - 1, index - 2, index + 1} for mark in self.marks.of(sentence, "next")
        )
        if following:
            value = self.published + timedelta(days=(weekday - self.published.weekday()) % 7 or 7)
        first = index - 1 if index > sentence.first and tokens[index - 1].fold in {"يوم", "on"} else index
        return DateMention(value, value, "weekday", first, index, past=past, weekday=weekday)

    def _between_numbers(self, mark: int, index: int) -> bool:
        return any(at in self.numbers for at in range(min(mark, index) + 1, max(mark, index)))

    def _is_weekday(self, index: int, sentence: Sentence) -> bool:
        token = self.doc.tokens[index]
        if self.doc.lang == "en":
            return token.is_capital and (
                len(token.fold) > 4 or token.fold in {"mon", "tue", "wed", "thu", "fri"}
            )
        if self.doc.lang == "tr":
            # "pazar" is also a market, "cuma" a prayer.
            if token.fold == "pazar":
                following = self.doc.tokens[index + 1].fold if index + 1 < sentence.last else ""
                return following.startswith(("gün", "sabah", "akşam")) or token.gap.strip() == ","
            return True
        if self.doc.lang == "ar":
            bare = token.fold.lstrip("وفبل") if token.fold[:1] in "وفبل" else token.fold
            return bare.startswith("ال")
        return True

    def _near_day(self, index: int, sentence: Sentence) -> list[DateMention]:
        if self.published is None:
            return []
        for label, shift in (("today", 0), ("yesterday", -1), ("tomorrow", 1)):
            for mark in self.marks.of(sentence, label):
                if mark.first == index:
                    token = self.doc.tokens[mark.last]
                    if self.doc.lang == "en" and token.suffix == "s":
                        return []
                    if self.doc.lang == "ar" and not token.fold.lstrip("و").startswith(("ال", "ام", "غد")):
                        return []
                    value = self.published + timedelta(days=shift)
                    return [DateMention(value, value, "today", index, mark.last)]
        number = self.numbers.get(index)
        if (
            number
            and 1990 <= number.value <= 2099
            and number.kind == "card"
            and len(self.doc.tokens[index].fold) == 4
            and index == number.last
            and self._speaks_of_years(index, sentence)
        ):
            return [DateMention(date(number.whole, 1, 1), date(number.whole, 12, 31), "year", index, index)]
        return []

    def _speaks_of_years(self, index: int, sentence: Sentence) -> bool:
        after = self.doc.tokens[index + 1].fold if index + 1 < sentence.last else ""
        before = self.doc.tokens[index - 1].fold if index > sentence.first else ""
        telling = after in _AFTER_YEAR or after.startswith("год") or self.doc.tokens[index].gap.strip() == "("
        return before in _BEFORE_YEAR or telling

    def _this_month(self) -> list[DateMention]:
        """ "On the 6th of this month", "третьего числа", "في الخامس من الشهر الجاري"."""
        found: list[DateMention] = []
        if self.published is None:
            return found
        for sentence in self.doc.sentences:
            for mark in self.marks.of(sentence, "this_month"):
                token = mark.first - 1
                number = self.ending.get(token)
                if number is None and self.doc.lang == "tr" and mark.last + 1 < sentence.last:
                    number = self.numbers.get(mark.last + 1)
                if number is None or number.first in self.taken or not 1 <= number.value <= 31:
                    continue
                value = _safe(self.published.year, self.published.month, number.whole)
                if value and value > self.published:
                    previous = self.published.replace(day=1) - timedelta(days=1)
                    value = _safe(previous.year, previous.month, number.whole)
                if value:
                    first, last = min(number.first, mark.first), max(number.last, mark.last)
                    self.taken.update(range(first, last + 1))
                    found.append(DateMention(value, value, "day", first, last))
        return found

    # What the dates mean.

    def _merged(self, found: list[DateMention]) -> list[DateMention]:
        """One mention where weekday, "today" and date stand side by side and name one day."""
        merged: list[DateMention] = []
        for mention in found:
            if merged and mention.is_day:
                last = merged[-1]
                close = mention.first - last.last <= 2 and last.is_day
                between = self.doc.tokens[mention.first].gap.strip(" ,،(") == ""
                connected = mention.first - last.last == 1 or self.doc.tokens[mention.first - 1].fold in {
                    "on", "the", "günü", "يوم", "день"}  # fmt: skip
                if close and between and connected and {last.kind, mention.kind} != {"day"}:
                    best = min(last, mention, key=lambda m: {"day": 0, "range": 0, "today": 1}.get(m.kind, 2))
                    if best.kind == "today" and mention.kind == "weekday" and mention.start != best.start:
                        best = mention
                    past = last.past or mention.past
                    merged[-1] = replace(best, first=last.first, last=mention.last, past=past)
                    continue
            merged.append(mention)
        return merged

    def _with_role(self, mention: DateMention) -> DateMention:
        sentence = self.doc.sentence_of(mention.first)

        def near(label: str, before: int, after: int) -> bool:
            return any(
                0 < mention.first - mark.last <= before or 0 < mark.first - mention.last <= after
                for mark in self.marks.of(sentence, label)
            )

        role = "event"
        unrelated = not self.marks.has(sentence, "patrol")
        after = 3 if self.doc.lang == "tr" else 0
        if near("since", 2, 0) and (mention.kind in {"month", "year"} or self._is_since(mention)):
            role = "since"
        elif (
            (unrelated and mention.kind in {"day", "range"} and self.marks.has(sentence, "deal"))
            or (
                near("deal", 1 if self.doc.lang == "tr" else 6, 6 if self.doc.lang in {"tr", "ru"} else 2)
                and not self._patrol_between(mention, sentence)
            )
            or self._follows_deal(mention, sentence)
        ):
            role = "deal"
        elif near("said", 0 if self.doc.lang == "tr" else 3, after) and self.doc.lang != "ar":
            role = "said"
        return replace(mention, role=role)

    def _follows_deal(self, mention: DateMention, sentence: Sentence) -> bool:
        """ "The understandings signed between the two presidents in Sochi on 22 October": an older day."""
        if self.published is None or mention.kind not in {"day", "range"} or self.doc.lang == "tr":
            return False
        deals = [m.last for m in self.marks.of(sentence, "deal") if m.last < mention.first]
        if not deals or (self.published - mention.start).days < 7:
            return False
        patrols = self.marks.of(sentence, "patrol", "patrols")
        return not any(deals[-1] < m.first < mention.first for m in patrols)

    def _is_since(self, mention: DateMention) -> bool:
        before = self.doc.tokens[max(0, mention.first - 2) : mention.first]
        return any(
            form in {"since", "منذ", "itibaren", "beri"}
            for token in before
            for form in _forms(self.doc.lang, token.fold)
        )

    def _patrol_between(self, mention: DateMention, sentence: Sentence) -> bool:
        """Whether a patrol stands nearer to the date than the agreement does."""
        patrols = self.marks.of(sentence, "patrol")
        deals = self.marks.of(sentence, "deal")

        def distance(first: int, last: int) -> int:
            return min(abs(mention.first - last), abs(first - mention.last))

        if not patrols or mention.kind in {"weekday", "today"}:
            return bool(patrols) or mention.kind in {"today"}
        return min(distance(m.first, m.last) for m in patrols) < min(distance(m.first, m.last) for m in deals)
