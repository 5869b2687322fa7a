"""What happened to or by a patrol. Where several things did, the gravest counts.

Casualty, then attack or explosive device, blocked road, stone throwing, protest, anything else; "none" only
where the text says that nothing happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from patrols.intake.extract.drafts import Fact
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence


@dataclass(frozen=True, slots=True)
class Incident:
    fact: Fact[str]
    sentence: Sentence
    mark: Mark


def _inside(mark: Mark, others: list[Mark], reach: int = 0) -> bool:
    return any(other.first - reach <= mark.first <= other.last + reach for other in others)


def _denied(reading: Reading, sentence: Sentence, mark: Mark) -> bool:
    """Nobody was hurt."""
    for unhurt in reading.marks.of(sentence, "unhurt"):
        distance = max(unhurt.first - mark.last, mark.first - unhurt.last, 0)
        if distance <= 4 and not reading.breaks(unhurt.first, mark.first, ";:"):
            return True
    return False


def _found(reading: Reading, sentence: Sentence, label: str) -> Mark | None:
    marks = reading.marks
    for mark in marks.of(sentence, label):
        if label == "casualty" and _denied(reading, sentence, mark):
            continue
        if label in {"ied", "attack", "blocked", "stones", "protest", "mishap"} and _inside(
            mark, marks.of(sentence, "quiet")
        ):
            continue
        if label == "protest" and _inside(mark, marks.of(sentence, "not_protest")):
            continue
        if label == "ied" and _inside(mark, marks.of(sentence, "not_ied"), 1):
            continue
        if label == "attack" and _inside(mark, marks.of(sentence, "not_attack"), 2):
            continue
        if label == "stones" and reading.lang == "tr" and not _throws(reading, sentence, mark):
            continue
        if _negated(reading, sentence, mark):
            continue
        return mark
    return None


def _throws(reading: Reading, sentence: Sentence, mark: Mark) -> bool:
    """Turkish "taş" also begins other words: something has to be thrown."""
    word = reading.doc.tokens[mark.first].fold
    if (
        not word.startswith("taş")
        or word in {"taş", "taşa", "taşla", "taşli", "taşlar", "taşlarla"}
        or word.startswith("taşlan")
    ):
        return True
    return word.startswith("taşlad")


_NO = {
    "en": {"no", "without", "not", "any", "nothing", "never", "neither"},
    "tr": set(),
    "ru": {"без", "не", "нет", "ни"},
    "ar": {"دون", "بدون", "لم", "عدم", "اي", "لا"},
}  # fmt: skip


def _negated(reading: Reading, sentence: Sentence, mark: Mark) -> bool:
    before = reading.doc.tokens[max(sentence.first, mark.first - 2) : mark.first]
    words = _NO.get(reading.lang, set())
    if mark.label == "mishap" or mark.label == "blocked":
        return False
    return any(token.fold in words for token in before)


def read_incident(reading: Reading, sentences: list[Sentence], cancelled: bool) -> Incident | None:
    """The gravest incident that these sentences tell of."""
    for labels in (("casualty",), ("ied", "attack"), ("blocked",), ("stones",), ("protest",), ("mishap",)):
        best: tuple[Sentence, Mark] | None = None
        for sentence in sentences:
            hits = [mark for label in labels if (mark := _found(reading, sentence, label))]
            if hits and not _planned_or_feared(reading, sentence):
                best = (sentence, _preferred(hits))
                break
        if best is None:
            continue
        sentence, mark = best
        name = {"stones": "stone_throwing", "mishap": "other"}.get(mark.label, mark.label)
        if cancelled and name in {"protest", "blocked", "ied", "attack"} and sentence not in sentences[:2]:
            continue
        return Incident(Fact(name, (reading.span(mark.first, mark.last),), 0.8), sentence, mark)
    if cancelled:
        return _called_off(reading, sentences)
    for sentence in sentences:
        for mark in reading.marks.of(sentence, "quiet"):
            return Incident(Fact("none", (reading.span(mark.first, mark.last),), 0.85), sentence, mark)
    return None


def _called_off(reading: Reading, sentences: list[Sentence]) -> Incident | None:
    """One side called the patrol off: that is what happened."""
    for sentence in sentences:
        for mark in reading.marks.of(sentence, "cancelled"):
            if any(
                abs(side.first - mark.last) <= 10 and not side.speaking for side in reading.sides_in(sentence)
            ):
                return Incident(Fact("other", (reading.span(mark.first, mark.last),), 0.7), sentence, mark)
    return None


def _preferred(hits: list[Mark]) -> Mark:
    """An explosive device named as such before the general "attack"; a rocket before the blast it made."""
    devices = [mark for mark in hits if mark.label == "ied"]
    return devices[0] if devices and len(hits) == 1 else hits[-1] if len(hits) > 1 else hits[0]


def _planned_or_feared(reading: Reading, sentence: Sentence) -> bool:
    return reading.marks.has(sentence, "deal") and not reading.marks.has(sentence, "patrol", "convoy")
