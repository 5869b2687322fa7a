"""Which arrangement the patrol belongs to, from the sides and the place words near the report's head."""

from __future__ import annotations

from functools import cache

from patrols.intake.extract.drafts import Fact
from patrols.intake.extract.lexicon import Lexicon, Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence
from patrols.intake.extract.words.regions import REGIONS


@cache
def _lexicon(lang: str) -> Lexicon:
    return Lexicon(REGIONS, lang)


def _hits(reading: Reading, sentences: list[Sentence]) -> dict[str, tuple[float, Mark]]:
    """For every region its greatest weight: the earlier in the report, the greater."""
    lexicon = _lexicon(reading.lang)
    found: dict[str, tuple[float, Mark]] = {}
    for order, sentence in enumerate(sentences):
        weight = 1 / (1 + order)
        for mark in lexicon.find(reading.doc.tokens, sentence):
            if weight > found.get(mark.label, (0.0, mark))[0]:
                found[mark.label] = (weight, mark)
    return found


def in_core_area(reading: Reading, sentences: list[Sentence]) -> bool:
    """Whether the report is set where Türkiye and Russia patrol, after their agreement of October 2019."""
    hits = _hits(reading, sentences)
    late = reading.published is None or reading.published.isoformat() >= "2019-10-22"
    return late and bool({"idlib", "m4", "north_east"} & set(hits))


def read_programme(
    reading: Reading, forces: tuple[str, ...], sentences: list[Sentence], everything: list[Sentence]
) -> Fact[str] | None:
    """The programme's slug; "other" for patrols of other states, None where it stays open."""
    hits = _hits(reading, sentences)
    wide = hits or _hits(reading, everything)

    def fact(value: str, region: str, confidence: float) -> Fact[str]:
        mark = (hits.get(region) or wide.get(region) or (0.0, None))[1]
        spans = (reading.span(mark.first, mark.last),) if mark else ()
        return Fact(value, spans, confidence)

    sides = set(forces)
    if sides <= {"RU", "TR"} and sides:
        for place in (hits, _hits(reading, everything)):
            idlib = place.get("idlib", (0.0, None))[0]
            east = place.get("north_east", (0.0, None))[0]
            if idlib > 0 and idlib >= east and ("m4" in place or idlib > 1.5 * east):
                return fact("m4_idlib", "idlib", 0.9)
            if east > 0:
                return fact("ne_syria", "north_east", 0.9)
            if "m4" in place:
                return fact("m4_idlib", "m4", 0.7)
            if idlib > 0:
                return fact("m4_idlib", "idlib", 0.8)
        if len(sides) == 2 and (reading.published is None or reading.published.year >= 2019):
            return fact("ne_syria", "syria", 0.5)
        return None
    if sides == {"TR", "US"}:
        lead = hits.get("helicopter_flight", (0.0, None))[0]
        if lead == 1.0 and not reading.marks.has(sentences[0], "patrol"):
            return fact("other", "helicopter_flight", 0.6)
        if "manbij" in wide:
            safe = wide.get("safe_zone", (0.0, None))[0]
            if wide["manbij"][0] >= safe:
                return fact("manbij", "manbij", 0.9)
        return fact("us_tr_safe_zone", "safe_zone", 0.85 if "safe_zone" in wide else 0.6)
    if len(sides) >= 2:
        return fact("other", "sea", 0.8)
    return None
