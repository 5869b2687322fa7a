"""Air support: what flew for the patrol, not what carried the wounded or followed from the other side."""

from __future__ import annotations

from patrols.intake.extract.drafts import Fact, Span
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

KINDS = ("uav", "helicopter", "aircraft")


def _counts(reading: Reading, sentence: Sentence, mark: Mark, sides: tuple[str, ...]) -> bool:
    """Whether what flies there supports the patrol."""
    if any(_near(reading, mark, other, 8) for other in reading.marks.of(sentence, "not_air")):
        return False
    strangers = [s for s in reading.sides_in(sentence) if s.code not in sides and not s.speaking]
    return not any(abs(s.first - mark.first) <= 4 for s in strangers)


def _near(reading: Reading, one: Mark, other: Mark, reach: int) -> bool:
    low, high = sorted((one, other), key=lambda m: m.first)
    return high.first - low.last <= reach and not reading.breaks(low.last, high.first, ";:.")


def _is_patrol_itself(reading: Reading, sentence: Sentence, mark: Mark) -> bool:
    """Aircraft that fly the patrol are its strength, not its support."""
    return mark.label == "aircraft" and any(m.first == mark.first for m in reading.marks.of(sentence, "ship"))


def read_air_support(
    reading: Reading, sentences: list[Sentence], sides: tuple[str, ...], of_the_air: bool
) -> Fact[tuple[str, ...]] | None:
    """Kinds in the order of `KINDS`. In an air patrol (`of_the_air`) "aircraft" are the patrol itself."""
    spans: dict[str, Span] = {}
    for sentence in sentences:
        marks = reading.marks.of(sentence, *KINDS)
        unmanned = {i for m in marks if m.label == "uav" for i in range(m.first - 1, m.last + 2)}
        rotary = {i for m in marks if m.label == "helicopter" for i in range(m.first - 1, m.last + 3)}
        for mark in marks:
            if mark.label in spans or not _counts(reading, sentence, mark, sides):
                continue
            if mark.label == "aircraft" and (mark.first in unmanned or mark.first in rotary):
                continue
            if mark.label == "helicopter" and mark.first in {m.first for m in marks if m.label == "uav"}:
                continue
            if of_the_air and (_is_patrol_itself(reading, sentence, mark) or _is_plain(reading, mark)):
                continue
            spans[mark.label] = reading.span(mark.first, mark.last)
    if not spans:
        return None
    kinds = tuple(kind for kind in KINDS if kind in spans)
    return Fact(kinds, tuple(spans[kind] for kind in kinds), 0.85)


def _is_plain(reading: Reading, mark: Mark) -> bool:
    text = reading.text_between(mark.first, mark.last)
    return text in {"aircraft", "plane", "planes"} or text.startswith(
        ("самолет", "авиаци", "воздушн", "uçak")
    )
