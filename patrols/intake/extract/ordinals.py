"""A patrol's number: the ordinal that belongs to the patrol and to nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.numbers import Number
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

REACH = 6


@dataclass(frozen=True, slots=True)
class PatrolNumber:
    value: int
    first: int
    last: int
    elliptic: bool = False
    """The noun is left out: "The ninth followed on Thursday"."""


def _accepts(reading: Reading, sentence: Sentence, number: Number) -> PatrolNumber | None:
    marks = reading.marks
    after = number.last + 1
    if _times(reading, sentence, number):
        return PatrolNumber(number.whole, number.first, number.last)
    for mark in marks.of(sentence, "not_patrol"):
        if mark.first == after or (reading.lang == "ar" and mark.last == number.first - 1):
            return None
    patrols = [
        m
        for m in marks.of(sentence, "patrol", "patrols", "convoy")
        if m.first not in range(number.first, after)
    ]
    nouns = [m for m in patrols if m.label != "convoy"]
    outings = [m for m in marks.of(sentence, "outing") if m.first > number.last]
    stops = ",;:(" if reading.lang == "tr" else ",;:.("
    if reading.lang != "ar":
        for mark in [*nouns, *outings]:
            if 0 <= mark.first - after < REACH and not reading.breaks(number.last, mark.first, stops):
                return PatrolNumber(number.whole, number.first, number.last)
    if reading.lang == "ar":
        for mark in patrols:
            near = 0 < number.first - mark.last <= 5 and not reading.breaks(mark.last, number.first, ";:.")
            if near and (mark.label != "convoy"):
                return PatrolNumber(number.whole, number.first, number.last)
            if 0 < mark.first - number.last <= 2 and mark.label == "patrol":
                return PatrolNumber(number.whole, number.first, number.last)
    if _partitive(reading, sentence, number, nouns):
        return PatrolNumber(number.whole, number.first, number.last)
    for mark in marks.of(sentence, "of_kind"):
        if 0 < mark.first - number.last <= 3:
            return PatrolNumber(number.whole, number.first, number.last)
    if _stands_for_patrol(reading, sentence, number):
        return PatrolNumber(number.whole, number.first, number.last)
    starts = number.first - sentence.first <= 1
    follows = marks.of(sentence, "completed", "started", "cancelled", "suspended", "another", "convoy")
    if starts and any(0 < mark.first - number.last <= 4 for mark in follows) and number.value > 1:
        return PatrolNumber(number.whole, number.first, number.last, elliptic=True)
    return None


def _stands_for_patrol(reading: Reading, sentence: Sentence, number: Number) -> bool:
    """ "It is the 44th in the Darbasiyah area"."""
    words = [token.fold for token in reading.doc.tokens[sentence.first : number.first]]
    return (
        reading.lang == "en"
        and words
        in (["it", "is", "the"], ["it", "was", "the"], ["this", "is", "the"], ["this", "was", "the"])
        and number.value > 3
        and reading.marks.has(sentence, "area", "of_kind")
    )


def _partitive(reading: Reading, sentence: Sentence, number: Number, nouns: list[Mark]) -> bool:
    """The twelfth *of* the patrols; "the patrol, the twentieth by its count"; "патрулирование было 22-м"."""
    tokens = reading.doc.tokens
    for mark in nouns:
        distance = number.first - mark.last
        if reading.lang == "tr":
            word = tokens[number.last].fold + tokens[number.last].suffix
            after = reading.token(number.last + 1)
            if 0 < distance <= 9 and after and after.fold in {"oldu", "olarak", "oluyor", "idi"}:
                return True
            if 0 < distance <= 3 and word.endswith(
                ("si", "su", "sü", "sinin", "sunun", "sini", "sinde", "sine", "sunu")
            ):
                return True
        elif reading.lang == "ru":
            if 0 < distance <= 3 and not reading.breaks(mark.last, number.first):
                return True
        elif reading.lang == "en" and 0 < distance <= 4:
            between = {tokens[i].fold for i in range(mark.last + 1, number.first)}
            if between & {"the", "a"} and (between & {"is", "was", "being"} or distance <= 2):
                return True
            if tokens[number.first - 1].fold in {"no", "number", "nr"}:
                return True
    return False


def _is_limited(reading: Reading, sentence: Sentence, number: PatrolNumber) -> bool:
    """Whether the ordinal counts less than the series: "the fourth in the western countryside alone"."""
    tokens = reading.doc.tokens
    for mark in reading.marks.of(sentence, "scoped"):
        if 0 < mark.first - number.last <= 12:
            return True
    if number.value == 1:
        since = {"since", "after", "после", "منذ", "بعد", "beri", "sonra", "following"}
        for index in range(number.last + 1, min(number.last + 12, sentence.last)):
            if tokens[index].fold in since and not reading.breaks(number.last, index, ";:"):
                return True
        if (
            reading.lang == "tr"
            and tokens[number.first].fold == "ilk"
            and tokens[number.last + 1].fold == "kez"
        ):
            return True
        if _is_local_first(reading, sentence, number):
            return True
    return number.value > 5000 or number.value < 1


def _is_local_first(reading: Reading, sentence: Sentence, number: PatrolNumber) -> bool:
    """ "The first joint patrol in the canton of Kobani" opens no series."""
    after = range(number.last + 1, min(number.last + 14, sentence.last))
    return any(
        mark.first in after and not reading.breaks(number.last, mark.first, ",;:")
        for mark in reading.marks.of(sentence, "small_area")
    )


def _bare_arabic(reading: Reading, sentence: Sentence, number: Number) -> bool:
    """ "الدورية 97": figures right behind the noun."""
    if reading.lang != "ar" or number.kind != "card" or not reading.doc.tokens[number.first].is_digits:
        return False
    definite = (
        reading.doc.tokens[number.first - 1].fold.lstrip("و").startswith("ال") if number.first else False
    )
    return definite and any(m.last == number.first - 1 for m in reading.marks.of(sentence, "patrol"))


def _times(reading: Reading, sentence: Sentence, number: Number) -> bool:
    """ "В 210-й раз вышли на совместное патрулирование", "for the 210th time"."""
    following = reading.token(number.last + 1)
    told = reading.marks.has(sentence, "patrol") and reading.marks.has(sentence, "completed", "started")
    return bool(following and following.fold in {"раз", "time", "kez"} and told and number.value >= 4)


def patrol_numbers(reading: Reading, sentence: Sentence) -> list[PatrolNumber]:
    """Ordinals in the sentence that count patrols, in text order."""
    found = []
    for number in reading.numbers_in(sentence):
        if not (number.kind == "ord" or _bare_arabic(reading, sentence, number)) or number.value % 1:
            continue
        accepted = _accepts(reading, sentence, number)
        if accepted and not _is_limited(reading, sentence, accepted):
            found.append(accepted)
    return found
