"""Route length, depth and duration, in kilometres and hours, and nothing that measures something else."""

from __future__ import annotations

from dataclasses import dataclass

from patrols.intake.extract.counts import qualifier_of
from patrols.intake.extract.drafts import Fact
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.numbers import Number
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

KILOMETRES = {"km": 1.0, "mile": 1.609344, "nautical": 1.852, "metre": 0.001}
MAX_LENGTH = 12000
MAX_HOURS = 24 * 21


@dataclass(slots=True)
class Measures:
    length_km: Fact[float] | None = None
    depth_km: Fact[float] | None = None
    duration_h: Fact[float] | None = None


@dataclass(frozen=True, slots=True)
class _Distance:
    km: float
    unit: str
    number: Number
    last: int
    """Last token of the measure."""


class MeasureReader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.marks = reading.marks

    def read(self, sentences: list[Sentence], shorten: bool = True) -> Measures:
        measures = Measures()
        for sentence in sentences:
            self._distances(sentence, measures)
            if measures.duration_h is None:
                measures.duration_h = self._duration(sentence)
        return measures

    # Distances.

    def distances(self, sentence: Sentence) -> list[_Distance]:
        """Every distance of the sentence; kilometres before miles where both stand for one distance."""
        found: list[_Distance] = []
        units = self.marks.of(sentence, "km", "nautical", "mile", "metre")
        nautical = {i for m in units if m.label == "nautical" for i in range(m.first, m.last + 1)}
        numbers = self.reading.numbers_in(sentence)
        for index, number in enumerate(numbers):
            if number.kind != "card" or number.value <= 0:
                continue
            unit = next((u for u in units if u.first - number.last == 1), None)
            if unit is None:
                unit = self._shared_unit(numbers, index, units)
            if unit is None or (unit.label == "mile" and unit.first in nautical):
                continue
            joined = unit.first - number.last == 1
            last = unit.last if joined else number.last
            found.append(_Distance(number.value * KILOMETRES[unit.label], unit.label, number, last))
        found += [
            _Distance(2.0, "km", Number(2, "card", mark.first, mark.first), mark.last)
            for mark in self.marks.of(sentence, "km_two")
        ]
        return self._preferring_km(found)

    def _shared_unit(self, numbers: list[Number], index: int, units: list[Mark]) -> Mark | None:
        """ "uzunluğu 69, derinliği ise 7 kilometre": the unit of the next number serves this one too."""
        if index + 1 >= len(numbers):
            return None
        following = numbers[index + 1]
        unit = next((u for u in units if u.first - following.last == 1), None)
        number = numbers[index]
        beside = self.reading.token(number.last + 1)
        if beside is None or not beside.gap.startswith((",", "،")):
            return None
        if unit is None or following.first - number.last > 4:
            return None
        between = self.reading.doc.tokens[number.last + 1 : following.first]
        depth_or_length = any(
            mark.first in range(number.last + 1, following.first)
            for mark in self.marks.of(self.reading.doc.sentence_of(number.first), "depth", "length")
        )
        return unit if between and depth_or_length else None

    def _preferring_km(self, found: list[_Distance]) -> list[_Distance]:
        kept: list[_Distance] = []
        for distance in found:
            twin = next(
                (d for d in kept if distance.number.first - d.last <= 4 and self._same(d, distance)), None
            )
            if twin is None:
                kept.append(distance)
            elif distance.unit == "km" and twin.unit != "km":
                kept[kept.index(twin)] = distance
        return kept

    def _same(self, one: _Distance, other: _Distance) -> bool:
        return one.unit != other.unit and abs(one.km - other.km) <= 0.08 * max(one.km, other.km) + 0.6

    def _distances(self, sentence: Sentence, measures: Measures) -> None:
        found = self.distances(sentence)
        for distance in found:
            kind = self._kind(sentence, distance, found)
            if kind == "depth" and measures.depth_km is None and distance.km <= 60:
                measures.depth_km = self._fact(sentence, distance)
            elif kind == "length" and measures.length_km is None and 0.3 <= distance.km <= MAX_LENGTH:
                measures.length_km = self._fact(sentence, distance)

    def _fact(self, sentence: Sentence, distance: _Distance) -> Fact[float]:
        span = self.reading.span(distance.number.first, distance.last)
        return Fact(
            _rounded(distance.km, distance.unit),
            (span,),
            0.85,
            qualifier_of(self.reading, sentence, distance.number),
        )

    def _kind(self, sentence: Sentence, distance: _Distance, found: list[_Distance]) -> str:
        """What the distance measures: the nearest telling word before or after it in its clause."""
        if self._is_away(sentence, distance):
            return "away"
        near = [
            (gap - (0.5 if label != "length" else 0), label)
            for label in ("length", "depth", "width")
            for mark in self.marks.of(sentence, label)
            if (gap := self._gap(mark, distance, found)) is not None
        ]
        near = [hit for hit in near if hit[1] != "depth" or not self._is_of_strip(sentence, distance)]
        near.sort()
        if near:
            return near[0][1]
        return "length" if len(found) == 1 and self._is_way(sentence) else ""

    def _is_of_strip(self, sentence: Sentence, distance: _Distance) -> bool:
        """ "A strip 10 km deep" is the agreement's, not the patrol's."""
        strips = self.marks.of(sentence, "strip")
        if strips and not self.marks.has(sentence, "patrol", "convoy", "vehicle", "outing"):
            return True
        return any(
            0 < distance.number.first - m.last <= 4 or 0 < m.first - distance.last <= 4 for m in strips
        )

    def _is_way(self, sentence: Sentence) -> bool:
        """ "71 kilometre sonra X'e vardı": the convoy arrived, and the one distance given is its way."""
        arrives = self.marks.has(sentence, "reached", "returned") or (
            self.marks.has(sentence, "from") and self.marks.has(sentence, "to")
        )
        elsewhere = self.marks.has(sentence, "deal", "width", "depth", "direction", "habit")
        return arrives and not elsewhere

    def _gap(self, mark: Mark, distance: _Distance, found: list[_Distance]) -> float | None:
        """Words between the telling word and the distance, or None where it belongs to another."""
        first, last = distance.number.first, distance.last
        if first <= mark.first <= last:
            return 0.0
        after = mark.first > last
        gap = mark.first - last if after else first - mark.last
        if gap > (6 if after else 12):
            return None
        low, high = (last, mark.first) if after else (mark.last, first)
        if self.reading.breaks(low, high, ";.:" if not after else ",;.:"):
            return None
        if (
            after
            and self.reading.lang != "tr"
            and any(0 < d.number.first - mark.last <= 3 for d in found if d is not distance)
        ):
            return None
        between = [d for d in found if d is not distance and low < d.number.first < high]
        if between:
            return None
        penalty = 2.0 if after and self.reading.lang in {"en", "ru", "ar"} else 0.0
        if after and gap == 1:
            penalty = 0.0
        return gap + penalty + (3 if self.reading.breaks(low, high, ",") else 0)

    def _is_away(self, sentence: Sentence, distance: _Distance) -> bool:
        """A distance from somewhere: "70 km west of", "к югу от", "40 km doğusunda", "على بعد"."""
        lang = self.reading.lang
        first = distance.number.first
        if lang == "ru" and any(0 < first - m.last <= 2 for m in self.marks.of(sentence, "depth")):
            return False  # "На глубине до 7 км от границы" is how deep it went.
        for mark in self.marks.of(sentence, "away"):
            gap = mark.first - distance.last
            if 0 < gap <= (2 if lang in {"en", "tr"} else 1) and not self.reading.breaks(
                distance.last, mark.first, ",;.:"
            ):
                word = self.reading.doc.tokens[mark.first].fold
                if lang == "en" and word in {"from", "off", "away"} and self._is_route(distance, mark):
                    continue
                if lang == "ru" and word == "от" and self._is_route(distance, mark):
                    continue
                return True
            if lang == "ar":
                before = distance.number.first - mark.last
                word = self.reading.doc.tokens[mark.first].fold
                if 0 < before <= 2 and word.endswith("بعد"):
                    return True
        return False

    def _is_route(self, distance: _Distance, mark: Mark) -> bool:
        """ "covered 70 km from A to B" measures the route."""
        words = self.reading.doc.tokens[mark.last + 1 : mark.last + 8]
        return any(token.fold in {"to", "до"} for token in words)

    # Time.

    def _duration(self, sentence: Sentence) -> Fact[float] | None:
        for number in self.reading.numbers_in(sentence):
            if number.kind != "card" or number.value <= 0:
                continue
            for unit in self.marks.of(sentence, "hour", "half_hour", "minute"):
                if unit.first - number.last != 1:
                    continue
                hours = self._hours(sentence, number, unit)
                if hours and self._is_duration(sentence, number, unit):
                    span = self.reading.span(number.first, unit.last)
                    return Fact(hours, (span,), 0.85, qualifier_of(self.reading, sentence, number))
        for mark in self.marks.of(sentence, "hour_two"):
            number = Number(2, "card", mark.first, mark.last)
            if self._is_duration(sentence, number, mark):
                half = self.reading.token(mark.last + 1)
                extra = 0.5 if half and half.fold == "ونصف" else 0.0
                return Fact(2 + extra, (self.reading.span(mark.first, mark.last),), 0.85)
        return None

    def _hours(self, sentence: Sentence, number: Number, unit: Mark) -> float | None:
        if unit.label == "minute":
            return round(number.value / 60, 2)
        text = self.reading.text_between(unit.first, unit.last)
        half = any(word in text for word in ("half", "buçuk", "половин", "نصف"))
        value = number.value + (0.5 if half else 0)
        after = self.reading.token(unit.last + 1)
        if not half and after and after.fold in {"ونصف", "نصف"}:
            value += 0.5
        return value if value <= MAX_HOURS else None

    def _is_duration(self, sentence: Sentence, number: Number, unit: Mark) -> bool:
        """Whether the patrol took that long: a word such as "lasted" or "in" beside it, no truce about it."""
        if self.marks.has(sentence, "deal") and not self.marks.has(sentence, "patrol", "convoy"):
            return False
        tokens = self.reading.doc.tokens
        after = tokens[unit.last + 1].fold if unit.last + 1 < sentence.last else ""
        if after in {
            "ago",
            "earlier",
            "later",
            "before",
            "after",
            "önce",
            "sonra",
            "назад",
            "truce",
            "gmt",
            "notice",
            "late",
        }:
            return False
        if self.reading.lang == "en" and tokens[number.first].gap == "-" and after in {"truce", "ceasefire"}:
            return False
        for mark in self.marks.of(sentence, "lasted"):
            if 0 < number.first - mark.last <= 4 and not self.reading.breaks(mark.last, number.first, ";:.,"):
                return True
            follows = 0 <= mark.first - unit.last <= 4 and self.reading.lang in {"tr", "en"}
            if follows and not self.reading.breaks(unit.last, mark.first, ";:.,"):
                return True
        hyphenated = unit.first < len(tokens) and tokens[unit.first].gap == "-"
        return hyphenated and self.marks.has(sentence, "patrol", "convoy")


def _rounded(km: float, unit: str) -> float:
    """Converted figures to a whole kilometre above ten, so that no false precision appears."""
    if unit == "km":
        return int(km) if km % 1 == 0 else km
    return round(km) if km >= 10 else round(km, 1)
