"""Suspension and resumption of the patrols as a series."""

from __future__ import annotations

from patrols.intake.extract.dates import DateMention
from patrols.intake.extract.drafts import EventDraft, Span
from patrols.intake.extract.lexicon import Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.segments import Segments
from patrols.intake.extract.text import Sentence

KINDS = {"suspend": "suspension", "resume": "resumption"}
SERIES = {"series", "drives", "tours", "missions", "programme", "program", "they", "activity"}


def _of_series(reading: Reading, sentence: Sentence, mark: Mark, previous: Sentence | None) -> bool:
    """Whether the word is about the patrols as such and not about one of them."""
    marks = reading.marks
    for patrols in marks.of(sentence, "patrols"):
        if abs(patrols.first - mark.first) <= 12 and not reading.breaks(patrols.first, mark.first, ";:."):
            return True
    words = {t.fold for t in reading.doc.tokens[max(sentence.first, mark.first - 6) : mark.first]}
    if words & SERIES and ("series" in words or "programme" in words or "program" in words):
        return True
    follows = previous is not None and marks.has(previous, "patrols")
    starts = {t.fold for t in reading.doc.tokens[sentence.first : sentence.first + 2]}
    if bool(starts & {"they", "these", "bunlar", "они"}) and follows:
        return True
    singles = marks.of(sentence, "patrol")
    counted = [
        m
        for m in singles
        if any(0 < m.first - n.last <= 3 and n.kind == "card" for n in reading.numbers_in(sentence))
    ]
    if any(abs(m.first - mark.first) <= 14 for m in counted):
        return True
    # Russian has the singular for the activity as such: "патрулирование возобновлено".
    as_such = mark.label == "resume" or reading.doc.tokens[mark.first].fold.startswith("приостан")
    return reading.lang == "ru" and as_such and any(abs(m.first - mark.first) <= 10 for m in singles)


def _date_for(
    reading: Reading, sentence: Sentence, mark: Mark, kind: str, main: DateMention | None
) -> tuple[str, DateMention | None]:
    """The day or month of the event: the nearest date, or the report's own day where none stands by."""
    dates = [m for m in reading.dates_in(sentence) if m.kind != "year" and m.role not in {"deal", "until"}]
    dates = [m for m in dates if not _bounds_claim(reading, sentence, m)]
    if kind == "resumption":
        bounds = _claim_bounds(reading, sentence)
        dates = [m for m in dates if m not in bounds]
    near = sorted(dates, key=lambda m: min(abs(m.first - mark.last), abs(mark.first - m.last)))
    for mention in near:
        distance = min(abs(mention.first - mark.last), abs(mark.first - mention.last))
        if distance <= 40:
            form = f"{mention.start:%Y-%m}" if mention.kind == "month" else mention.start.isoformat()
            return form, mention
    if kind == "resumption" and main is not None:
        return main.start.isoformat(), main
    return "", None


def _bounds_claim(reading: Reading, sentence: Sentence, mention: DateMention) -> bool:
    """Dates of a counted period are not dates of an event."""
    counts = [n for n in reading.numbers_in(sentence) if n.kind == "card" and n.value > 2]
    return mention.role == "since" and any(abs(n.first - mention.first) <= 6 for n in counts)


def read_events(reading: Reading, segments: Segments) -> tuple[EventDraft, ...]:
    """Dated events; one without any date is kept out, it frames nothing."""
    main = segments.episodes[0].date if segments.episodes else None
    found: dict[tuple[str, str], EventDraft] = {}
    previous: Sentence | None = None
    ended: list[DateMention] = []
    for sentence in reading.doc.sentences:
        if sentence.is_title:
            continue
        for label, kind in KINDS.items():
            for mark in reading.marks.of(sentence, label):
                if any(d.first <= mark.first <= d.last for d in reading.marks.of(sentence, "deal")):
                    continue
                if not _of_series(reading, sentence, mark, previous) or _is_conditional(
                    reading, sentence, mark
                ):
                    continue
                text, mention = _date_for(reading, sentence, mark, kind, main)
                if kind == "suspension" and mention and _is_the_resumption(reading, sentence, mention, main):
                    continue
                bounds = _claim_bounds(reading, sentence)
                if kind == "suspension" and bounds and mark.first > bounds[1].last:
                    mention = bounds[1]
                    text = f"{mention.start:%Y-%m}"
                if not text and label == "suspend" and ended:
                    mention = ended[-1]
                    text = f"{mention.start:%Y-%m}"
                if not text or mention is None:
                    continue
                spans: tuple[Span, ...] = (
                    reading.span(mark.first, mark.last),
                    reading.span(mention.first, mention.last),
                )
                found.setdefault((kind, text), EventDraft(kind, text, spans, 0.8))
        counted = [m for m in reading.dates_in(sentence) if m.kind in {"day", "month"}]
        ended = counted if reading.marks.has(sentence, "patrols") and len(counted) == 2 else []
        previous = sentence
    title = segments.title
    resumed = any(event.kind == "resumption" for event in found.values())
    if title and main and not resumed and _announces_resumption(reading, title):
        mark = reading.marks.of(title, "resume")[0]
        spans = (reading.span(mark.first, mark.last), reading.span(main.first, main.last))
        text = main.start.isoformat()
        found["resumption", text] = EventDraft("resumption", text, spans, 0.7)
    return tuple(_one_of_each(list(found.values())))


def _announces_resumption(reading: Reading, title: Sentence) -> bool:
    marks = reading.marks
    return marks.has(title, "resume") and marks.has(title, "patrols") and not marks.has(title, "conditional")


def _is_the_resumption(
    reading: Reading, sentence: Sentence, mention: DateMention, main: DateMention | None
) -> bool:
    """ "Resumed today after a halt of ten months": today is not when they were halted."""
    return main is not None and mention.start == main.start and reading.marks.has(sentence, "resume")


def _claim_bounds(reading: Reading, sentence: Sentence) -> list[DateMention]:
    """The two dates of a counted period in the sentence, or none."""
    dates = [m for m in reading.dates_in(sentence) if m.kind in {"day", "month"}]
    close = len(dates) == 2 and 0 < dates[1].first - dates[0].last <= 6
    return dates if close and reading.marks.has(sentence, "patrols", "patrol") else []


def _is_conditional(reading: Reading, sentence: Sentence, mark: Mark) -> bool:
    return any(
        -3 <= m.first - mark.last <= 6 or 0 < mark.first - m.last <= 6
        for m in reading.marks.of(sentence, "conditional")
        if m.first not in range(mark.first, mark.last + 1)
    )


def _one_of_each(events: list[EventDraft]) -> list[EventDraft]:
    """The same event told twice, once by month and once by day, is one event: the day is kept."""
    kept: list[EventDraft] = []
    for event in sorted(events, key=lambda e: -len(e.date)):
        if not any(k.kind == event.kind and k.date.startswith(event.date[:7]) for k in kept):
            kept.append(event)
    return sorted(kept, key=lambda e: e.date)
