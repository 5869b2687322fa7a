"""Vehicles and people: in all and by side, never the damaged, the wounded or somebody else's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from patrols.intake.extract.drafts import Fact, Span
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.numbers import Number
from patrols.intake.extract.reading import TYPE, Reading, SideMention
from patrols.intake.extract.text import Sentence

_RUSSIAN_SINGULAR = {"бронеавтомобиль", "бронетранспортер", "броневик", "автомобиль", "грузовик"}
_PARTITIVE = {"among", "including", "them", "них", "числе", "включая", "aralarında", "arasında"}
_PARTITIVE |= {"بينها", "ضمنها"}
"""After these words come some of what has been counted already."""
MAX_COUNT = {"vehicle": 120, "personnel": 2000}
REACH = 5
"""How many words may stand between a number and what it counts."""


@dataclass(slots=True)
class Counts:
    """Figures for one patrol, as they were read."""

    total: Fact[int] | None = None
    sides: dict[str, Fact[int]] = field(default_factory=dict)
    conflicts: list[int] = field(default_factory=list)
    """Other totals that the report gives for the same thing."""


@dataclass(slots=True)
class _Item:
    """One counted group: `side` is a code, "each" or "" (all together)."""

    value: int
    side: str
    first: int
    last: int
    qualifier: str
    noun: bool
    typed: bool = False
    """The noun is a make or model: "two Kirpi"."""


def qualifier_of(reading: Reading, sentence: Sentence, number: Number) -> str:
    """ "about", "over" or "under" where such a word stands right before or after the number."""
    for label in ("over", "about", "under"):
        for mark in reading.marks.of(sentence, label):
            before = 0 < number.first - mark.last <= 2
            after = reading.lang in {"tr", "ar", "en"} and 0 < mark.first - number.last <= 2
            # "13 hours over the sea", "four vehicles under escort": in English only "or so" comes after.
            after = after and (reading.lang != "en" or mark.last > mark.first)
            if before or after:
                return label
    return ""


class CountReader:
    """Reads counts of one `kind`: "vehicle" or "personnel"."""

    def __init__(self, reading: Reading, kind: str, sides: tuple[str, ...], at_sea: bool = False) -> None:
        self.reading = reading
        self.kind = kind
        self.labels = ("vehicle", "ship") if at_sea and kind == "vehicle" else (kind,)
        self.sides = sides
        self.sentences: list[Sentence] = []

    def read(self, sentences: list[Sentence]) -> Counts:
        counts = Counts()
        self.sentences = sentences
        items: list[_Item] = []
        for index, sentence in enumerate(sentences):
            follows = bool(items) and items[-1].last >= sentences[max(0, index - 1)].first
            items += self._items(sentence, follows)
        self._add_up(items, counts)
        return counts

    # One sentence.

    def _items(self, sentence: Sentence, follows: bool) -> list[_Item]:
        reading = self.reading
        mentions = [m for m in reading.sides_in(sentence) if m.code in self.sides]
        counted: list[tuple[Number, Mark | None]] = []
        for number in reading.numbers_in(sentence):
            if number.kind not in {"card", "each"} or number.value % 1 or number.value < 1:
                continue
            if number.value > MAX_COUNT[self.kind] or self._counts_sides(sentence, number):
                continue
            noun = self._noun(sentence, number)
            if noun and self._is_damage(sentence, number, noun):
                continue
            if noun or self._is_elliptic(sentence, number, mentions):
                counted.append((number, noun))
        counted = self._without_strangers(sentence, counted, follows)
        items = [self._item(sentence, number, noun, mentions, counted) for number, noun in counted]
        items += self._duals(sentence, mentions)
        items += self._same_for(sentence, items, mentions)
        items.sort(key=lambda item: item.first)
        items = self._with_lists_summed(sentence, items)
        return [item for item in items if item.value and not self._is_any_one(item)]

    def _with_lists_summed(self, sentence: Sentence, items: list[_Item]) -> list[_Item]:
        """Types of vehicles named one after the other are parts of one count: "two Kirpi and two Tigr"."""
        marks = self.reading.marks.of(sentence, *(label + TYPE for label in self.labels))
        if not marks:
            return items
        types = {mark.first for mark in marks}
        for item in items:
            self._take_in_type(sentence, item)
            item.typed = any(
                item.first < first <= item.last or self._is_of_type(item, first) for first in types
            )
        items = sorted([*items, *self._single_types(items, marks)], key=lambda item: item.first)
        found: list[_Item] = []
        for run in self._runs(items):
            self._inherit_side(sentence, run)
            whole, parts = self._whole_of(run)
            found += whole
            if len(parts) > 1 and any(part.typed for part in parts):
                found += self._summed(parts, whole)
            else:
                found += [part for part in parts if not part.typed or part.value > 1 or part.side]
        uncounted = [m for m in marks if not any(i.first <= m.first <= i.last for i in items)]
        if any(self._is_beside(mark, items) for mark in uncounted):
            return [item for item in found if not item.typed]
        return found

    def _take_in_type(self, sentence: Sentence, item: _Item) -> None:
        """ "Два бронеавтомобиля «Тигр»", "two BTR-82A armoured personnel carriers": one noun phrase."""
        cards = [n.first for n in self.reading.numbers_in(sentence) if n.kind != "name"]
        for mark in self.reading.marks.of(sentence, *self.labels):
            near = item.noun and 0 < mark.first - item.last <= 4
            if near and not any(item.last < first < mark.first for first in cards):
                if self.reading.breaks(item.last, mark.first, ",;:.-–—") and not self._is_model(item, mark):
                    continue
                words = {token.fold for token in self.reading.doc.tokens[item.last + 1 : mark.first]}
                if not words & {"and", "и", "ve", "ile", "with", "from"}:
                    item.last = mark.last

    def _is_model(self, item: _Item, mark: Mark) -> bool:
        """Whether only a model's number stands between: "BTR-82A armoured carriers"."""
        between = self.reading.doc.tokens[item.last + 1 : mark.first]
        return bool(between) and between[0].is_digits and between[0].gap == "-"

    def _is_of_type(self, item: _Item, at: int) -> bool:
        """ "مدرعتان من نوع كيربي": two armoured cars of the type Kirpi."""
        between = [token.fold for token in self.reading.doc.tokens[item.last + 1 : at]]
        return len(between) <= 2 and bool({"نوع", "طراز"} & set(between))

    def _single_types(self, items: list[_Item], marks: list[Mark]) -> list[_Item]:
        """ "A BTR and two Tigr": in such a list the article counts one."""
        found = []
        for mark in marks:
            before = self.reading.token(mark.first - 1)
            counted = any(item.first <= mark.first <= item.last for item in items)
            if before is None or counted:
                continue
            if before.fold in {"a", "an", "bir"}:
                found.append(_Item(1, "", mark.first - 1, mark.last, "", True, typed=True))
            elif before.fold == "и" and self.reading.doc.tokens[mark.first].fold == "бтр":
                # "Два «Тигра» и БТР-82А".
                found.append(_Item(1, "", mark.first, mark.last, "", True, typed=True))
            elif before.fold in _RUSSIAN_SINGULAR and mark.first >= 2:
                # "Два БТР-80 и бронеавтомобиль «Тигр»".
                joined = self.reading.doc.tokens[mark.first - 2].fold == "и"
                if joined or self.reading.breaks(mark.first - 2, mark.first - 1, ","):
                    found.append(_Item(1, "", mark.first - 1, mark.last, "", True, typed=True))
        return found

    def _inherit_side(self, sentence: Sentence, run: list[_Item]) -> None:
        """ "От России привлекалось два БТР-80 и бронеавтомобиль": the side owns the whole list."""
        mentions = [m for m in self.reading.sides_in(sentence) if m.code in self.sides]
        if not run[0].side or any(run[0].first <= m.first <= run[-1].last for m in mentions):
            return
        if any(m.code == run[0].side and m.first < run[0].first for m in mentions):
            for item in run[1:]:
                item.side = item.side or run[0].side

    def _runs(self, items: list[_Item]) -> list[list[_Item]]:
        runs: list[list[_Item]] = []
        for item in items:
            if runs and self._is_joined(runs[-1][-1], item):
                runs[-1].append(item)
            else:
                runs.append([item])
        return runs

    def _is_joined(self, one: _Item, other: _Item) -> bool:
        between = {token.fold for token in self.reading.doc.tokens[one.last + 1 : other.first]}
        near = len(between) <= 5 and not self.reading.breaks(one.last, other.first, ";:.()")
        sentence = self.reading.doc.sentence_of(one.first)
        # "..., от турецкой - три": another side's list begins.
        # "Five Russian, four Turkish": an elliptic figure's side stands behind it.
        own = 0 if one.noun else 2
        turns = any(one.last + own < m.first < other.first for m in self.reading.sides_in(sentence))
        return near and other.first > one.last and not turns and not between & _PARTITIVE

    def _whole_of(self, run: list[_Item]) -> tuple[list[_Item], list[_Item]]:
        """ "Eight vehicles, four Tigr and four Kirpi": the first is the total of the others."""
        first, rest = run[0], run[1:]
        listed = bool(rest) and self.reading.breaks(first.last, rest[0].first, ",-–—")
        parts = sum(item.value for item in rest)
        told = not first.typed and all(item.typed for item in rest) and parts <= first.value
        if listed and (told or parts == first.value):
            return [first], rest
        return [], run

    def _is_beside(self, mark: Mark, items: list[_Item]) -> bool:
        """A type without a number in a list of counted types: their sum would be too low."""
        return any(
            item.typed
            and 0 < (gap := min(abs(mark.first - item.last), abs(item.first - mark.last))) <= 4
            and not self.reading.breaks(min(mark.last, item.last), max(mark.first, item.first), ";:.")
            and gap > 1
            for item in items
        )

    def _summed(self, parts: list[_Item], whole: list[_Item]) -> list[_Item]:
        first, last = parts[0].first, parts[-1].last
        qualifier = next((part.qualifier for part in parts if part.qualifier), "")
        found = [
            _Item(sum(p.value for p in parts if p.side == side), side, first, last, qualifier, True, True)
            for side in dict.fromkeys(part.side for part in parts if part.side)
            if not any(one.side == side and not other.side for one, other in itertools.pairwise(parts))
        ]
        if any(not part.side for part in parts) and not whole:
            found.append(_Item(sum(p.value for p in parts), "", first, last, qualifier, True, True))
        return found

    def _counts_sides(self, sentence: Sentence, number: Number) -> bool:
        """The two of "from both of the two sides"."""
        marks = self.reading.marks.of(sentence, "each_side", "both_sides")
        return any(m.first <= number.first <= m.last for m in marks) and number.value == 2

    def _is_any_one(self, item: _Item) -> bool:
        """ "One vehicle got stuck" is no strength, at sea excepted, where a side may send one ship."""
        word = not self.reading.doc.tokens[item.first].is_digits
        return item.value == 1 and item.noun and word and "ship" not in self.labels and item.side != "each"

    def _noun(self, sentence: Sentence, number: Number) -> Mark | None:
        """The counted noun after the number, with nothing but attributes between."""
        reading = self.reading
        others = {n.first for n in reading.numbers_in(sentence) if n is not number and n.kind != "name"}
        blockers = reading.marks.of(sentence, "km", "hour", "metre", "mile", "minute", "patrol", "patrols")
        if self.kind == "vehicle":
            people = reading.marks.of(sentence, "personnel")
            # In "8 askeri araç" the word is the adjective.
            blockers += [m for m in people if reading.doc.tokens[m.last].fold != "askeri"]
        else:
            blockers = [*blockers, *reading.marks.of(sentence, "vehicle")]
        for mark in reading.marks.of(sentence, *self.labels):
            distance = mark.first - number.last
            if not 0 < distance <= REACH:
                continue
            between = range(number.last + 1, mark.first)
            if any(i in others for i in between) or reading.breaks(number.last, mark.first, ",;:.("):
                continue
            if any(b.first in between for b in blockers if b.last < mark.first):
                continue
            if self._is_compound(sentence, mark):
                continue
            return mark
        return None

    def _is_compound(self, sentence: Sentence, mark: Mark) -> bool:
        """ "military police" in "military police vehicles" counts vehicles."""
        if self.kind != "personnel":
            return False
        following = self.reading.marks.of(sentence, "vehicle")
        if self.reading.lang == "tr" and self.reading.doc.tokens[mark.last].fold == "askeri":
            following = self.reading.marks.of(sentence, "vehicle", "helicopter", "uav", "convoy", "aircraft")
        return any(0 < v.first - mark.last <= 2 for v in following) and self.reading.lang in {"en", "tr"}

    def _is_damage(self, sentence: Sentence, number: Number, noun: Mark) -> bool:
        """Whether the count is of the damaged or hurt: a damage word close by, in the same clause."""
        for mark in self.reading.marks.of(sentence, "damaged", "casualty"):
            low, high = sorted((mark, noun), key=lambda m: m.first)
            distance = min(abs(mark.first - noun.last), abs(number.first - mark.last))
            if distance <= 6 and not self.reading.breaks(low.last, high.first, ",;:."):
                return True
        return False

    def _is_elliptic(self, sentence: Sentence, number: Number, mentions: list[SideMention]) -> bool:
        """ "four Russian and four Turkish", "three of them Turkish", "dördü Rus", "four from each side"."""
        reading = self.reading
        if number.kind == "each":
            return reading.marks.has(sentence, *self.labels) and not self._counts_else(sentence, number)
        if not any(
            reading.marks.has(s, *self.labels, self.kind + "_two") for s in self._neighbourhood(sentence)
        ):
            return False
        if self._counts_else(sentence, number) or self._follows_other(sentence, number):
            return False
        if self._is_in_all(sentence, number):
            return True
        for label in ("each_side", "one_from_each"):
            if any(0 <= mark.first - number.last <= 3 for mark in reading.marks.of(sentence, label)):
                return True
        return bool(self._turkish_side(number, mentions)) or any(
            0 < side.first - number.last <= 4 and not reading.breaks(number.last, side.first, ";:.,")
            for side in mentions
            if not side.speaking
        )

    def _turkish_side(self, number: Number, mentions: list[SideMention]) -> str:
        """ "Türk tarafından dört, Rus tarafından beş araç": from the Turkish side four."""
        before = self.reading.token(number.first - 1)
        if self.reading.lang != "tr" or before is None or not before.fold.startswith("taraf"):
            return ""
        return next((m.code for m in mentions if m.last == number.first - 2), "")

    def _follows_other(self, sentence: Sentence, number: Number) -> bool:
        """ "Fifty people in eight vehicles, four from each side": the last noun is the one counted."""
        last = self._noun_before(sentence, number, "vehicle_two", "personnel_two")
        return last is not None and last.label not in {*self.labels, self.kind + "_two"}

    def _is_in_all(self, sentence: Sentence, number: Number) -> bool:
        """ "Law enforcement officers from four countries, 92 in all": the noun stands before."""
        if not any(m.first - number.last == 1 for m in self.reading.marks.of(sentence, "in_all")):
            return False
        last = self._noun_before(sentence, number)
        return last is not None and last.label in self.labels

    def _noun_before(self, sentence: Sentence, number: Number, *also: str) -> Mark | None:
        nouns = self.reading.marks.of(sentence, "vehicle", "ship", "personnel", *also)
        return next((mark for mark in reversed(nouns) if mark.last < number.first), None)

    def _neighbourhood(self, sentence: Sentence) -> list[Sentence]:
        return [sentence]

    def _counts_else(self, sentence: Sentence, number: Number) -> bool:
        other = {"vehicle": "personnel", "personnel": "vehicle"}[self.kind]
        marks = self.reading.marks.of(
            sentence,
            other,
            "helicopter",
            "uav",
            "aircraft",
            "km",
            "hour",
            "metre",
            "minute",
            "patrol",
            "patrols",
        )
        return any(
            0 < m.first - number.last <= 3 and not self.reading.breaks(number.last, m.first, ",;:.")
            for m in marks
        )

    def _without_strangers(
        self, sentence: Sentence, counted: list[tuple[Number, Mark | None]], follows: bool
    ) -> list[tuple[Number, Mark | None]]:
        """Elliptic figures need a counted noun in the same sentence, or right before it."""
        if (
            follows
            or any(noun for _, noun in counted)
            or self.reading.marks.has(sentence, self.kind + "_two")
        ):
            return counted
        return [(number, noun) for number, noun in counted if noun or self._is_in_all(sentence, number)]

    def _item(
        self,
        sentence: Sentence,
        number: Number,
        noun: Mark | None,
        mentions: list[SideMention],
        counted: list[tuple[Number, Mark | None]],
    ) -> _Item:
        last = noun.last if noun else number.last
        qualifier = qualifier_of(self.reading, sentence, number)
        side = self._side(sentence, number, noun, mentions, counted)
        return _Item(number.whole, side, number.first, last, qualifier, noun is not None)

    def _side(
        self,
        sentence: Sentence,
        number: Number,
        noun: Mark | None,
        mentions: list[SideMention],
        counted: list[tuple[Number, Mark | None]],
    ) -> str:
        reading = self.reading
        if number.kind == "each":
            return "each"
        end = noun.last if noun else number.last
        if owner := self._owner(sentence, number) or self._turkish_side(number, mentions):
            return owner
        for mark in reading.marks.of(sentence, "each_side"):
            starts = 0 < mark.first - end <= 2 or mark.first in range(number.last + 1, end + 1)
            if starts and not self._number_between(counted, number, mark.first):
                return "each"
        for mark in reading.marks.of(sentence, "one_from_each"):
            if mark.first == number.first and number.value == 1:
                return "rest"
        if (
            reading.lang == "ru"
            and reading.token(number.first - 1)
            and reading.doc.tokens[number.first - 1].fold == "по"
        ):
            return "each"
        inside = [m for m in mentions if number.last < m.first and (noun is None or m.first <= noun.last)]
        if noun:
            codes = {m.code for m in inside if m.last < noun.first}
            if len(codes) == 1:
                return codes.pop()
            if len(codes) > 1:
                return ""
        return (
            self._side_after(sentence, number, end, mentions, counted, noun)
            or self._side_of_clause(sentence, number, mentions, counted)
            or self._side_of_phrase(number, mentions)
        )

    def _side_of_phrase(self, number: Number, mentions: list[SideMention]) -> str:
        """ "Four vehicles took part on the Turkish side"."""
        tokens = self.reading.doc.tokens
        sides = [m for m in mentions if not m.speaking and m.first > number.last]
        if self.reading.lang != "en" or len({m.code for m in sides}) != 1:
            return ""
        side, after = sides[0], self.reading.token(sides[0].last + 1)
        before = [token.fold for token in tokens[max(0, side.first - 2) : side.first]]
        told = after is not None and after.fold == "side" and before in (["on", "the"], ["from", "the"])
        return side.code if told and not self.reading.breaks(number.last, side.first, ".;:") else ""

    def _owner(self, sentence: Sentence, number: Number) -> str:
        """ "The Russian ministry said three of its vehicles": the speaker's own."""
        words = [token.fold for token in self.reading.doc.tokens[number.last + 1 : number.last + 3]]
        if words != ["of", "its"]:
            return ""
        before = [m.code for m in self.reading.sides_in(sentence) if m.last < number.first]
        return before[-1] if before and before[-1] in self.sides else ""

    def _number_between(self, counted: list[tuple[Number, Mark | None]], number: Number, at: int) -> bool:
        return any(number.last < other.first < at for other, _ in counted)

    def _side_after(
        self,
        sentence: Sentence,
        number: Number,
        end: int,
        mentions: list[SideMention],
        counted: list[tuple[Number, Mark | None]],
        noun: Mark | None,
    ) -> str:
        """The side right after: "three of them Turkish", "عربات تركية", "машины военной полиции"."""
        reading = self.reading
        reach = 4 if noun is None else {"ar": 3, "ru": 4, "en": 4}.get(reading.lang, 2)
        limit = min((n.first for n, _ in counted if n.first > end), default=sentence.last)
        limit = min([limit, *(m.first for m in reading.marks.of(sentence, "same_for") if m.first > end)])
        after = [m for m in mentions if end < m.first <= end + reach and m.first < limit and not m.speaking]
        after = [m for m in after if not reading.breaks(end, m.first, ";:.,")]
        following = [m for m in mentions if after and 0 < m.first - after[-1].last <= 2]
        if any(m.code != after[-1].code and m.first < limit for m in following):
            # The first of a list: "officers from China, Laos, Myanmar and Thailand".
            return ""
        codes = list(dict.fromkeys(m.code for m in after))
        if len(codes) > 1 and self._joined(after):
            return ""
        adjective = reading.lang == "tr" and reading.doc.tokens[end].fold.endswith(
            ("lık", "lik", "luk", "lük")
        )
        if codes and adjective and after[0].first == end + 1:
            return codes[0]  # "Dört araçlık Türk konvoyu".
        if codes and (noun is None or reading.lang in {"ar"} or self._genitive(reading, end, after[0])):
            return codes[0]
        police = reading.marks.of(sentence, "military_police")
        beside = any(0 < m.first - end <= 2 or number.last < m.first <= end for m in police)
        turkish = any(m.code == "TR" and not m.speaking for m in mentions)
        return "RU" if "RU" in self.sides and beside and not turkish else ""

    def _joined(self, after: list[SideMention]) -> bool:
        """Two sides in one phrase: "Russian and Turkish vehicles"."""
        return all(b.first - a.last <= 2 for a, b in itertools.pairwise(after))

    def _genitive(self, reading: Reading, end: int, side: SideMention) -> bool:
        words = {reading.doc.tokens[i].fold for i in range(end + 1, side.first)}
        if reading.lang == "ru":
            return not words or bool(words & {"от", "с", "из", "стороны", "военной", "российской", "полиции"})
        return bool(words & {"of", "from", "by", "them", "which", "are", "were", "belonging"})

    def _side_of_clause(
        self,
        sentence: Sentence,
        number: Number,
        mentions: list[SideMention],
        counted: list[tuple[Number, Mark | None]],
    ) -> str:
        """The one side that the clause is about: "Russia sent three vehicles"."""
        reading = self.reading
        previous = max((n.last for n, _ in counted if n.last < number.first), default=sentence.first)
        before = [m for m in mentions if previous <= m.first < number.first and not m.speaking]
        own = [m for m in reading.marks.of(sentence, "own") if m.first < number.first]
        if own and (side := home_side(reading)):
            return side
        shared = reading.marks.of(sentence, "both_sides", "each_side")
        shared = [m for m in shared if 0 < number.first - m.last <= 4]
        if not (before or shared) and any(
            0 < m.first - number.first <= 8 for m in reading.marks.of(sentence, "military_police")
        ):
            before_or_after = [m for m in mentions if not m.speaking]
            if {m.code for m in before_or_after} <= {"RU"} and "RU" in self.sides:
                return "RU"
        codes = {m.code for m in before}
        everywhere = {m.code for m in mentions if not m.speaking}
        if len(codes) != 1 or (
            len(everywhere) > 1 and len(counted) == 1 and not self._subject(before[-1], number)
        ):
            return ""
        if self._is_about_all(sentence, before[-1], number):
            return ""
        return codes.pop()

    def _subject(self, side: SideMention, number: Number) -> bool:
        return number.first - side.last <= 7 and not self.reading.breaks(side.last, number.first, ",;:.")

    def _is_about_all(self, sentence: Sentence, side: SideMention, number: Number) -> bool:
        """Whether "in all", "the column", "the patrol" stands between the side and the number."""
        marks = self.reading.marks.of(sentence, "both_sides")
        return any(abs(m.first - number.first) <= 4 for m in marks)

    def _duals(self, sentence: Sentence, mentions: list[SideMention]) -> list[_Item]:
        """Arabic dual nouns: two of them."""
        found = []
        for mark in self.reading.marks.of(sentence, self.kind + "_two"):
            if any(abs(m.first - mark.first) <= 5 for m in self.reading.marks.of(sentence, "damaged")):
                continue
            after = [m.code for m in mentions if 0 < m.first - mark.last <= 2 and not m.speaking]
            found.append(_Item(2, after[0] if after else "", mark.first, mark.last, "", True))
        return found

    def _same_for(self, sentence: Sentence, items: list[_Item], mentions: list[SideMention]) -> list[_Item]:
        """Arabic "four Turkish vehicles and as many Russian"."""
        found = []
        for mark in self.reading.marks.of(sentence, "same_for"):
            given = [item for item in items if item.last < mark.first and item.side]
            after = [m.code for m in mentions if 0 < m.first - mark.last <= 2]
            others = [code for code in self.sides if not given or code != given[-1].side]
            side = after[0] if after else others[0] if len(others) == 1 else ""
            if given and side and side != given[-1].side:
                found.append(_Item(given[-1].value, side, mark.first, mark.last, given[-1].qualifier, False))
        return found

    # The whole patrol.

    def _add_up(self, items: list[_Item], counts: Counts) -> None:
        for item in items:
            span = self.reading.span(item.first, item.last)
            confidence = 0.9 if item.noun else 0.8
            if item.side == "":
                self._total(counts, Fact(item.value, (span,), confidence, item.qualifier))
            elif item.side == "each":
                for side in self.sides:
                    counts.sides.setdefault(side, Fact(item.value, (span,), confidence, item.qualifier))
            elif item.side == "rest":
                for side in self.sides:
                    if side not in counts.sides:
                        counts.sides[side] = Fact(item.value, (span,), confidence, item.qualifier)
            elif item.side not in counts.sides:
                counts.sides[item.side] = Fact(item.value, (span,), confidence, item.qualifier)
        self._halve(counts)
        if counts.total is None and len(self.sides) > 1 and set(counts.sides) == set(self.sides):
            self._sum(counts)
        self._reconcile(counts)

    def _halve(self, counts: Counts) -> None:
        """ "Twelve vehicles, half of them Russian"."""
        if counts.total is None or counts.sides or len(self.sides) != 2 or counts.total.value % 2:
            return
        for sentence in self.sentences:
            for mark in self.reading.marks.of(sentence, "half", "evenly"):
                sides = [m for m in self.reading.sides_in(sentence) if 0 < m.first - mark.last <= 3]
                told = bool(sides) or mark.label == "evenly"
                if told and self.reading.marks.has(sentence, *self.labels):
                    spans = (*counts.total.spans, self.reading.span(mark.first, mark.last))
                    half = Fact(counts.total.value // 2, spans, 0.75)
                    counts.sides = dict.fromkeys(self.sides, half)

    def _total(self, counts: Counts, fact: Fact[int]) -> None:
        if counts.total is None:
            counts.total = fact
        elif counts.total.value != fact.value:
            counts.conflicts.append(fact.value)

    def _sum(self, counts: Counts) -> None:
        facts = list(counts.sides.values())
        spans: tuple[Span, ...] = tuple(dict.fromkeys(span for fact in facts for span in fact.spans))
        qualifier = next((fact.qualifier for fact in facts if fact.qualifier), "")
        confidence = min(fact.confidence for fact in facts) - 0.05
        counts.total = Fact(sum(fact.value for fact in facts), spans, confidence, qualifier)

    def _reconcile(self, counts: Counts) -> None:
        """A side's count that exceeds the total was no side's count."""
        if counts.total is None:
            return
        total = counts.total.value
        given = sum(fact.value for fact in counts.sides.values())
        if len(counts.sides) == len(self.sides) and given != total:
            fits = [value for value in counts.conflicts if value == given]
            if fits:
                counts.conflicts.append(total)
                self._sum(counts)
                return
        if any(fact.value > total for fact in counts.sides.values()):
            counts.sides.clear()


def home_side(reading: Reading) -> str:
    """Whose "our side" it is: the publisher's country, or else the language's."""
    publisher = reading.publisher.lower()
    for code, words in {"RU": ("russia", "росс"), "TR": ("turk", "türk")}.items():
        if any(word in publisher for word in words):
            return code
    return {"ru": "RU", "tr": "TR"}.get(reading.lang, "")
