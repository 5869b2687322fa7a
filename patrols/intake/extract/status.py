"""What became of a patrol: held, under way, broken off, called off or only announced."""

from __future__ import annotations

from patrols.intake.extract.drafts import Fact
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.segments import Episode, Segmenter
from patrols.intake.extract.text import Sentence

ORDER = ("cancelled", "suspended", "announced", "completed", "started")


def _near_patrol(reading: Reading, sentence: Sentence, mark: Mark, reach: int = 14) -> bool:
    nouns = reading.marks.of(sentence, "patrol", "convoy", "outing")
    if not nouns and mark.label in {"completed", "returned", "started", "announced"}:
        # "They then drove through ...", or a list's heading "the following patrols have been completed".
        return reading.marks.has(sentence, "via", "reached", "villages", "km", "patrols", "another")
    return any(min(abs(n.first - mark.last), abs(mark.first - n.last)) <= reach for n in nouns)


def _fact(reading: Reading, value: str, mark: Mark, confidence: float) -> Fact[str]:
    return Fact(value, (reading.span(mark.first, mark.last),), confidence)


def _first(
    reading: Reading, sentences: list[Sentence], label: str, reach: int = 14, lead: bool = False
) -> Mark | None:
    """The first mark of a status; in a `lead` no noun need stand beside it ("The 91st followed")."""
    for sentence in sentences:
        for mark in reading.marks.of(sentence, label):
            if label == "started" and any(
                r.first <= mark.first <= r.last for r in reading.marks.of(sentence, "resume", "not_started")
            ):
                continue
            bare = lead and not reading.marks.has(sentence, "patrol", "patrols", "convoy", "outing")
            if bare or _near_patrol(reading, sentence, mark, reach) or reading.marks.has(sentence, "patrol"):
                return mark
    return None


def read_status(
    reading: Reading, segmenter: Segmenter, episode: Episode, title: Sentence | None
) -> Fact[str] | None:
    """The status of the episode, or None where the text leaves it open."""
    own = [s for s in episode.all() if not s.is_title]
    if not own:
        return None
    first = next((s for s in episode.sentences if not s.is_title), own[0])
    lead = [episode.whole or first]
    opening = own[:3]
    headed = [*lead, *([title] if title else [])]
    if mark := _cancelled(reading, segmenter, headed):
        return _fact(reading, "cancelled", mark, 0.9)
    if mark := _first(reading, own, "suspended", 10):
        return _fact(reading, "suspended", mark, 0.85)
    if mark := _driven_back(reading, own):
        return _fact(reading, "suspended", mark, 0.7)
    completed = _first(reading, lead, "completed", lead=True) or _first(reading, lead, "returned", lead=True)
    started = _first(reading, lead, "started", lead=True)
    announced = _first(reading, lead, "announced")
    if (
        announced
        and not completed
        and (not started or started.first > announced.first or _within(started, announced))
    ) and not any(_first(reading, [s], "completed") for s in opening[1:]):
        return _fact(reading, "announced", announced, 0.85)
    if completed and not (started and _stands_for_start(reading, started, completed)):
        return _fact(reading, "completed", completed, 0.9)
    over = _first(reading, own[1:], "returned")
    if over:
        return _fact(reading, "completed", over, 0.8)
    told = reading.marks.of(episode.intro, "completed") if episode.intro else []
    if told:
        return _fact(reading, "completed", told[0], 0.8)
    if started:
        return _fact(reading, "started", started, 0.9)
    for sentence in own[1:]:
        began = _first(reading, [sentence], "started")
        held = _first(reading, [sentence], "completed")
        if held:
            return _fact(reading, "completed", held, 0.7)
        if began:
            return _fact(reading, "started", began, 0.7)
    if title:
        for value in ("completed", "started"):
            if mark := _first(reading, [title], value):
                return _fact(reading, value, mark, 0.6)
    return _listed(reading, episode)


def _listed(reading: Reading, episode: Episode) -> Fact[str] | None:
    """What a list of past patrols holds took place, whether or not each item says so."""
    date, published = episode.date, reading.published
    if date is None or not episode.sentences or not episode.sentences[0].is_item:
        return None
    if published is None or date.start > published:
        return None
    return Fact("completed", (reading.span(date.first, date.last),), 0.5)


def _driven_back(reading: Reading, own: list[Sentence]) -> Mark | None:
    """A sit-in or a blocked road, and the convoy went back."""
    for sentence in own:
        blocked = reading.marks.of(sentence, "blocked")
        for mark in reading.marks.of(sentence, "returned"):
            if any(0 < mark.first - b.last <= 10 for b in blocked):
                return mark
    return None


def _within(inner: Mark, outer: Mark) -> bool:
    return outer.first <= inner.first <= inner.last <= outer.last


def _stands_for_start(reading: Reading, started: Mark, completed: Mark) -> bool:
    """A start verb that a completion verb only happens to stand beside: "began ... as agreed and held"."""
    if started.first <= completed.first <= completed.last <= started.last:
        return True
    if reading.lang == "tr":
        # The finite verb stands at the end of a Turkish sentence.
        return started.first > completed.first
    return started.first < completed.first


def _cancelled(reading: Reading, segmenter: Segmenter, sentences: list[Sentence]) -> Mark | None:
    for sentence in sentences:
        for mark in reading.marks.of(sentence, "cancelled"):
            if segmenter.single_patrols(sentence) or reading.marks.has(sentence, "patrols", "convoy", "solo"):
                return mark
    return None
