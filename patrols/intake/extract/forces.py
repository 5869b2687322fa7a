"""Who patrolled: the states that the report joins to the patrol, and the forces as it names them."""

from __future__ import annotations

from patrols.intake.extract.counts import home_side
from patrols.intake.extract.drafts import Fact, Span
from patrols.intake.extract.reading import Reading, SideMention
from patrols.intake.extract.segments import Episode
from patrols.intake.extract.text import Sentence

CORE = {"RU", "TR", "US"}


def _mentions(reading: Reading, sentences: list[Sentence]) -> list[SideMention]:
    return [m for s in sentences for m in reading.sides_in(s)]


def _joined(reading: Reading, sentence: Sentence) -> list[SideMention]:
    """The longest run of states listed together: "China, Laos, Myanmar and Thailand"."""
    best: list[SideMention] = []
    run: list[SideMention] = []
    for mention in reading.sides_in(sentence):
        if mention.speaking:
            run = []
            continue
        if run and mention.first - run[-1].last <= _reach(reading, run[-1], mention):
            run.append(mention)
        else:
            run = [mention]
        if len({m.code for m in run}) > len({m.code for m in best}):
            best = list(run)
    return best


def _reach(reading: Reading, one: SideMention, other: SideMention) -> int:
    """Words between two members of one list: few, and without a full clause between."""
    if reading.breaks(one.last, other.first, ";:.("):
        return 0
    sentence = reading.doc.sentence_of(one.first)
    words = {token.fold for token in reading.doc.tokens[one.last + 1 : other.first]}
    acts = any(
        one.last < m.first < other.first for m in reading.marks.of(sentence, "completed", "started", "patrol")
    )
    if words & {"and", "ve", "ile", "и", "with", "с"} and not acts:
        return 10
    return 6 if reading.marks.has(sentence, "patrol") else 5


def read_forces(
    reading: Reading,
    episode: Episode,
    title: Sentence | None,
    status: str,
    text_sides: set[str],
    core_area: bool,
) -> Fact[tuple[str, ...]] | None:
    """ISO codes of the sides. `core_area`: the report is set where only Türkiye and Russia patrol together.

    Where one side drove alone after the other stayed away: that side only."""
    own = episode.all()
    if status == "cancelled" and (alone := _alone(reading, own)):
        return alone
    candidates = [s for s in own[:3] if not s.is_title] + ([title] if title else [])
    best: list[SideMention] = []
    for sentence in candidates:
        run = _joined(reading, sentence)
        if len({m.code for m in run}) > len({m.code for m in best}):
            best = run
        if len({m.code for m in best}) >= 2:
            break
    codes = {m.code for m in best}
    if len(codes) < 2:
        for sentence in reading.doc.sentences[:4]:
            run = _joined(reading, sentence)
            if len({m.code for m in run}) >= 2 and reading.marks.has(sentence, "patrols", "patrol"):
                best, codes = run, {m.code for m in run}
                break
    if len(codes) < 2:
        best, codes = _from_whole(reading, own, title, text_sides, core_area)
    if not codes:
        return None
    spans: dict[str, Span] = {}
    for mention in best:
        spans.setdefault(mention.code, reading.span(mention.first, mention.last))
    confidence = 0.95 if len(codes) >= 2 else 0.5
    return Fact(
        tuple(sorted(codes)), tuple(spans[code] for code in sorted(codes) if code in spans), confidence
    )


def _from_whole(
    reading: Reading, own: list[Sentence], title: Sentence | None, text_sides: set[str], core_area: bool
) -> tuple[list[SideMention], set[str]]:
    """Not listed together anywhere: the two core sides that the patrol's own sentences name."""
    everywhere = [m for m in _mentions(reading, [*own, *([title] if title else [])]) if m.code in CORE]
    codes = {m.code for m in everywhere}
    if codes == {"RU"} and "TR" in text_sides:
        codes = {"RU", "TR"}
    if codes == {"TR"} and text_sides & {"RU", "US"}:
        codes |= {"RU"} if "RU" in text_sides else {"US"}
    if len(codes) < 2 and core_area and codes <= {"RU", "TR"} and (codes or text_sides & {"RU", "TR"}):
        codes = {"RU", "TR"}
    home = home_side(reading)
    if len(codes) == 1 and home in CORE and not core_area:
        codes |= {home}
    if codes >= {"RU", "TR"}:
        codes = {"RU", "TR"}
    everything = [m for s in reading.doc.sentences for m in reading.sides_in(s)]
    return [m for m in everything if m.code in codes], codes if len(codes) >= 2 else set()


def _alone(reading: Reading, own: list[Sentence]) -> Fact[tuple[str, ...]] | None:
    for sentence in own:
        for mark in reading.marks.of(sentence, "solo"):
            sides = [m for m in reading.sides_in(sentence) if not m.speaking]
            others = {m.code for m in reading.sides_in(sentence)}
            near = sorted(sides, key=lambda m: abs(m.first - mark.first))
            if near:
                subject = (
                    near[0] if len(others) == 1 else max(sides, key=lambda m: -abs(m.first - mark.first))
                )
                if reading.lang == "tr":
                    subject = sides[0]  # The subject opens a Turkish sentence.
                span = reading.span(subject.first, subject.last)
                return Fact((subject.code,), (span, reading.span(mark.first, mark.last)), 0.8)
    return None


def force_names(reading: Reading, sentences: list[Sentence]) -> tuple[Fact[str], ...]:
    """Forces as named: a side with the force word beside it."""
    found: dict[str, Fact[str]] = {}
    for sentence in sentences[:4]:
        for mention in reading.sides_in(sentence):
            for mark in reading.marks.of(sentence, "military_police", "personnel"):
                if 0 < mark.first - mention.last <= 2 and not mention.speaking:
                    span = reading.span(mention.first, mark.last)
                    name = reading.doc.original[span.start : span.end]
                    found.setdefault(name.lower(), Fact(name, (span,), 0.7))
    return tuple(found.values())
