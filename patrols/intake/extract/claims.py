"""Cumulative claims: "344 joint patrols between 1 November 2019 and 5 October 2023"."""

from __future__ import annotations

from patrols.intake.extract.dates import DateMention
from patrols.intake.extract.drafts import ClaimDraft, Span
from patrols.intake.extract.numbers import Number
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

REACH = 6
TIMES = {"times", "time", "kez", "kere", "defa", "раз", "раза", "مرة", "مره", "مرات"}


def _counts_patrols(reading: Reading, sentence: Sentence, number: Number) -> int | None:
    """The last token of the counted phrase, or None where the number counts something else."""
    if number.kind != "card" or number.value % 1 or not 2 <= number.value <= 5000:
        return None
    marks = reading.marks
    things = ("vehicle", "km", "hour", "personnel", "metre", "minute", "mile", "village", "villages")
    blockers = marks.of(sentence, *things)
    for mark in marks.of(sentence, "patrol", "patrols"):
        gap = mark.first - number.last
        if 0 < gap <= REACH and not reading.breaks(number.last, mark.first, ",;:.("):
            if any(number.last < n.first < mark.first for n in reading.numbers_in(sentence)):
                continue
            if not any(number.last < b.first < mark.first for b in blockers):
                return mark.last
    following = reading.token(number.last + 1)
    if following and following.fold in TIMES and marks.has(sentence, "patrol", "patrols", "joint", "convoy"):
        return number.last + 1
    for mark in marks.of(sentence, "patrols", "patrol"):
        # "the number of patrols reached 131", "devriye sayısı 131 oldu"
        if 0 < number.first - mark.last <= 5 and marks.has(sentence, "so_far"):
            after = reading.token(number.last + 1)
            units = marks.of(sentence, "vehicle", "km", "hour", "personnel", "metre", "minute")
            if not any(u.first - number.last in (1, 2, 3) for u in units) and not (
                after and after.gap == "%"
            ):
                return number.last
    return None


def _months(
    reading: Reading, sentence: Sentence, after: Sentence | None
) -> tuple[str | None, str | None, list[DateMention]]:
    """The period, from the dates of the sentence: one date after "since", or two that bound it."""
    dates = [
        m
        for m in reading.dates_in(sentence)
        if m.kind in {"day", "month", "range", "year"} and m.kind != "year"
    ]
    dates = [m for m in dates if m.role != "deal" or len(dates) <= 2]
    if not dates:
        return None, None, []
    first = dates[0]
    if first.kind == "range":
        return f"{first.start:%Y-%m}", f"{first.end:%Y-%m}", [first]
    if len(dates) >= 2 and _bounded(reading, sentence, first, dates[1]):
        return f"{first.start:%Y-%m}", f"{dates[1].start:%Y-%m}", [first, dates[1]]
    if _open_ended(reading, sentence, first):
        return f"{first.start:%Y-%m}", None, [first]
    if first.kind == "month":
        return f"{first.start:%Y-%m}", f"{first.start:%Y-%m}", [first]
    return None, None, []


def _bounded(reading: Reading, sentence: Sentence, first: DateMention, second: DateMention) -> bool:
    if second.first - first.last > 6:
        return False
    words = {t.fold for t in reading.doc.tokens[first.last + 1 : second.first]}
    joiners = {
        "and",
        "to",
        "until",
        "till",
        "through",
        "ile",
        "ve",
        "по",
        "до",
        "и",
        "وحتي",
        "حتي",
        "الي",
        "و",
        "تا",
    }
    return (
        bool(words & joiners) or "-" in reading.doc.tokens[second.first].gap or reading.lang in {"tr", "ar"}
    )


def _open_ended(reading: Reading, sentence: Sentence, mention: DateMention) -> bool:
    if mention.role == "since":
        return True
    tokens = reading.doc.tokens
    before = {t.fold for t in tokens[max(sentence.first, mention.first - 4) : mention.first]}
    if before & {"since", "from", "beginning", "starting", "منذ", "с", "со", "начиная", "начала", "اعتبارا"}:
        return True
    if reading.lang == "tr":
        after = {t.fold for t in tokens[mention.last + 1 : mention.last + 5]}
        return bool(after & {"beri", "yana", "itibaren", "tarihinden", "bugüne", "bugün"})
    return False


def read_claims(reading: Reading) -> tuple[ClaimDraft, ...]:
    """Every cumulative count in the report, background included."""
    found: dict[tuple[int, str | None, str | None], ClaimDraft] = {}
    sentences = [s for s in reading.doc.sentences if not s.is_title]
    for order, sentence in enumerate(sentences):
        if not reading.marks.has(sentence, "carried_out", "so_far"):
            continue
        for number in reading.numbers_in(sentence):
            last = _counts_patrols(reading, sentence, number)
            if last is None:
                continue
            after = sentences[order + 1] if order + 1 < len(sentences) else None
            start, end, dates = _months(reading, sentence, after)
            total = reading.marks.has(sentence, "so_far") and not reading.marks.has(sentence, "scoped")
            if start is None and not (total and number.value >= 5):
                continue
            spans: tuple[Span, ...] = (reading.span(number.first, last),)
            spans += tuple(reading.span(m.first, m.last) for m in dates)
            claim = ClaimDraft(number.whole, start, end, spans, 0.85 if start else 0.6)
            found.setdefault((claim.count, claim.start, claim.end), claim)
    return tuple(_without_lesser(list(found.values())))


def _without_lesser(claims: list[ClaimDraft]) -> list[ClaimDraft]:
    """One claim for one count: the one with the fuller period."""
    best: dict[int, ClaimDraft] = {}
    for claim in claims:
        held = best.get(claim.count)
        if held is None or _fullness(claim) > _fullness(held):
            best[claim.count] = claim
    return list(best.values())


def _fullness(claim: ClaimDraft) -> int:
    return (claim.start is not None) + (claim.end is not None)
