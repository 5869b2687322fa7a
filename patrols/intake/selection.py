"""What a passage that an editor has selected says for one field of an account, read as the extractor reads.

    read_selection(field, passage, lang=…, published=…, gazetteer=…) -> {input: value}

Empty where the passage does not say it. Values are as the desk's form takes them.
"""

from __future__ import annotations

import re
from datetime import date

from patrols.models import Status

from .extract.measures import MeasureReader
from .extract.reading import Reading, read_report
from .extract.words import LANGUAGES
from .gazetteer import Gazetteer

LONGEST = 2000
COUNTS = ("number", "personnel", "vehicles")
KILOMETRES = ("length_km", "depth_km")
TEXTS = ("sector", "incident_note", "air_support", "forces_as_named")
_PARTS = re.compile(r"\s*(?:[,;،؛\n→–—]|\s-\s|\band\b|\bve\b|\bи\b|\s+و)\s*")


def read_selection(
    field: str, passage: str, *, lang: str, published: date | None, gazetteer: Gazetteer
) -> dict[str, str]:
    text = " ".join(passage[:LONGEST].split())
    base = field.rpartition("_by_side_")[0] or field
    if not text:
        return {}
    if field in TEXTS:
        return {field: text}
    if field == "route":
        return {"route": _stops(text, gazetteer)}
    reading = read_report(text, lang if lang in LANGUAGES else "en", 0, published, "")
    if base.removesuffix("_by_side") in COUNTS:
        return _count(field, reading)
    if field in KILOMETRES:
        return _kilometres(field, reading)
    if field == "duration_h":
        return _plain(field, reading)
    if field == "date":
        return _date(reading)
    if field == "status":
        return _status(reading)
    return {}


def _count(field: str, reading: Reading) -> dict[str, str]:
    numbers = [one for one in reading.numbers if one.kind != "clock" and one.value >= 0]
    free = [one for one in numbers if one.first not in reading.date_tokens] or numbers
    return {field: str(free[0].whole)} if free else {}


def _kilometres(field: str, reading: Reading) -> dict[str, str]:
    reader = MeasureReader(reading)
    for sentence in reading.doc.sentences:
        for distance in reader.distances(sentence):
            return {field: f"{round(distance.km, 1):g}"}
    return _plain(field, reading)


def _plain(field: str, reading: Reading) -> dict[str, str]:
    return {field: f"{reading.numbers[0].value:g}"} if reading.numbers else {}


def _date(reading: Reading) -> dict[str, str]:
    if not reading.dates:
        return {}
    when = reading.dates[0].when()
    return {
        "date_start": when.start.isoformat(),
        "date_end": when.end.isoformat(),
        "date_precision": str(when.precision),
    }


def _status(reading: Reading) -> dict[str, str]:
    for sentence in reading.doc.sentences:
        for mark in reading.marks.of(sentence, *Status.values):
            return {"status": mark.label}
    return {}


def _stops(text: str, gazetteer: Gazetteer) -> str:
    names = [name for name in _PARTS.split(text) if name]
    lines = []
    for name in names:
        slug = gazetteer.resolve(name)
        lines.append(f"{name} = {slug}" if slug else name)
    return "\n".join(lines)
