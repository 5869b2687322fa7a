"""Puts the rules together: one report in, drafts of accounts, claims and events out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from patrols.intake.extract.air import read_air_support
from patrols.intake.extract.claims import read_claims
from patrols.intake.extract.counts import CountReader
from patrols.intake.extract.drafts import AccountDraft, Extraction, Fact
from patrols.intake.extract.events import read_events
from patrols.intake.extract.forces import force_names, read_forces
from patrols.intake.extract.incident import Incident, read_incident
from patrols.intake.extract.measures import MeasureReader
from patrols.intake.extract.ordinals import PatrolNumber
from patrols.intake.extract.places import PlaceReader
from patrols.intake.extract.programme import in_core_area, read_programme
from patrols.intake.extract.reading import Reading, read_report
from patrols.intake.extract.segments import Episode, Segmenter, Segments
from patrols.intake.extract.status import read_status
from patrols.intake.extract.text import Sentence
from patrols.intake.extract.walk import segment
from patrols.intake.extract.words import LANGUAGES
from patrols.intake.language import detect
from patrols.record.facts import UNSTATED, When

MAX_LENGTH = 200_000
"""Characters that are read; a page beyond this is no report."""
MAX_ACCOUNTS = 60
OVERALL = "overall"
FEW = 5
"""Up to here an ordinal beside a resumption counts from it: "the second since patrols resumed"."""
AREA_COUNTS = date(2020, 1, 1)
"""Since then area counts differ from the overall one; before, reporters gave the overall count."""
AREAS = {"ayn-al-arab": "kobani", "al-darbasiyah": "darbasiyah"}
"""Towns around which reporters keep a count of their own: gazetteer entry -> counter."""


def extract(
    text: str, *, title: str = "", published: date | None = None, lang: str | None = None, publisher: str = ""
) -> Extraction:
    """Read a report. Never raises on any text; an unread language gives a warning and no accounts."""
    title, body = title.strip(), text[:MAX_LENGTH]
    whole = f"{title}\n\n{body}" if title else body
    start = len(title) + 2 if title else 0
    known = lang or (detect(whole).code if whole.strip() else "")
    warnings: list[str] = []
    if known not in LANGUAGES:
        if whole.strip():
            warnings.append(f"Language not read: {known or 'unknown'}")
        return Extraction(
            text=whole, body_start=start, lang=known, published=published, warnings=tuple(warnings)
        )
    if published is None:
        warnings.append("No date of publication: weekdays and dates without a year stay empty")
    reading = read_report(whole, known, len(title), published, publisher)
    segmenter = Segmenter(reading)
    segments = segment(segmenter)
    accounts = _accounts(reading, segmenter, segments, warnings)
    return Extraction(
        text=whole,
        body_start=start,
        lang=known,
        published=published,
        accounts=tuple(accounts),
        claims=read_claims(reading),
        events=read_events(reading, segments),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _accounts(
    reading: Reading, segmenter: Segmenter, segments: Segments, warnings: list[str]
) -> list[AccountDraft]:
    if not segments.episodes:
        return []
    places = PlaceReader(reading)
    single = len([e for e in segments.episodes if not e.repeats_cancellation]) == 1
    title = segments.title if single else None
    accounts = [
        _account(reading, segmenter, segments, episode, title, places, warnings)
        for episode in segments.episodes[:MAX_ACCOUNTS]
    ]
    if accounts and any(e.repeats_cancellation for e in segments.episodes):
        accounts = _repeat_cancelled(accounts, segments.episodes)
    return [account for account in accounts if _is_account(account)]


def _is_account(account: AccountDraft) -> bool:
    """Something must have been said of the patrol itself."""
    return bool(account.forces or account.programme) and bool(
        account.status or account.number or account.date or account.incident
    )


def _repeat_cancelled(accounts: list[AccountDraft], episodes: list[Episode]) -> list[AccountDraft]:
    """Further patrols that "ended the same way" share what the first was and what became of it."""
    first = accounts[0]
    filled = []
    for account, episode in zip(accounts, episodes, strict=True):
        if episode.repeats_cancellation:
            account = replace(
                account,
                programme=first.programme,
                forces=first.forces,
                status=first.status,
                incident=first.incident,
            )
        filled.append(account)
    return filled


def _account(
    reading: Reading,
    segmenter: Segmenter,
    segments: Segments,
    episode: Episode,
    title: Sentence | None,
    places: PlaceReader,
    warnings: list[str],
) -> AccountDraft:
    own = episode.all()
    body_first = [*own, *([title] if title else [])]
    title_first = [*([title] if title else []), *own]
    status = read_status(reading, segmenter, episode, title)
    state = status.value if status else ""
    everything = reading.doc.sentences
    text_sides = {m.code for s in everything for m in reading.sides_in(s)}
    forces = read_forces(
        reading, episode, segments.title, state, text_sides, in_core_area(reading, everything[:6])
    )
    sides = forces.value if forces else ()
    head = [*([segments.title] if segments.title else []), *own[:6]]
    core = in_core_area(reading, everything[:6])
    both = ("RU", "TR") if set(sides) <= {"RU", "TR"} and (sides or core) else tuple(sorted(sides))
    programme = read_programme(reading, both, own[:5] or head, everything)
    other = programme is not None and programme.value == "other"
    cancelled = state == "cancelled"
    incident = read_incident(reading, title_first, cancelled)
    vehicles = CountReader(reading, "vehicle", both, other).read(own)
    personnel = CountReader(reading, "personnel", both).read(own)
    measures = MeasureReader(reading).read(body_first)
    for name, counts in (("vehicles", vehicles), ("personnel", personnel)):
        if counts.conflicts and counts.total:
            values = ", ".join(str(v) for v in (counts.total.value, *counts.conflicts))
            warnings.append(f"The report gives different totals of {name}: {values}")
    when = _date(segmenter, episode, title, state)
    number = _number(reading, segmenter, episode, title)
    slugs = [c.slug for c in places.names.known if c.slug]
    bombers = other and any(reading.marks.has(s, "aircraft", "ship") for s in own)
    incident_fact = incident.fact if incident else None
    return AccountDraft(
        programme=programme,
        number=Fact(number.value, (reading.span(number.first, number.last),), 0.9) if number else None,
        counter=_counter(reading, number, programme.value if programme else "", slugs) if number else "",
        date=when,
        status=status,
        forces=forces,
        force_names=force_names(reading, own),
        personnel_total=personnel.total,
        personnel=personnel.sides,
        vehicles_total=vehicles.total,
        vehicles=vehicles.sides,
        air_support=None if cancelled else read_air_support(reading, own, both, bombers),
        places=places.read(own, other, _happening(incident)),
        length_km=_planned(measures.length_km, state),
        depth_km=_planned(measures.depth_km, state),
        duration_h=_planned(measures.duration_h, state),
        incident=incident_fact,
        incident_note=reading.sentence_text(incident.sentence) if incident and incident_fact else "",
    )


def _happening(incident: Incident | None) -> Sentence | None:
    """The sentence of an incident that took place."""
    return incident.sentence if incident and incident.fact.value != "none" else None


def _planned(fact: Fact[float] | None, status: str) -> Fact[float] | None:
    """A measure of a patrol that has only started or is announced is a planned one."""
    if fact is not None and not fact.qualifier and status in {"started", "announced"}:
        return replace(fact, qualifier="planned")
    return fact


def _date(segmenter: Segmenter, episode: Episode, title: Sentence | None, status: str) -> Fact[When] | None:
    mention = episode.date
    for sentence in (*episode.shared, title):
        if mention is None and sentence is not None:
            days = [m for m in segmenter.days(sentence) if not m.past]
            mention = days[0] if len(days) == 1 else None
    if mention is None:
        return None
    when = mention.when()
    published = segmenter.reading.published
    if status == "announced" and mention.kind == "weekday" and published and when.start < published:
        ahead = (when.start - published).days % 7
        start = date.fromordinal(published.toordinal() + (ahead or 7))
        when = replace(when, start=start, end=start)
    if mention.kind == "range" and when.precision in {2, 3}:
        when = When(when.start, when.end, when.precision, True)
    confidence = {"day": 0.95, "range": 0.8, "today": 0.9, "weekday": 0.9}.get(mention.kind, 0.7)
    if mention.role == "said":
        confidence = 0.5
    return Fact(when, (segmenter.reading.span(mention.first, mention.last),), confidence)


def _number(
    reading: Reading, segmenter: Segmenter, episode: Episode, title: Sentence | None
) -> PatrolNumber | None:
    number = episode.number
    if number is None and title is not None and (numbers := segmenter.ordinals[title.index]):
        number = numbers[0]
    if number is None or (number.value <= FEW and _starts_anew(reading, number.first)):
        return None
    return number


def _starts_anew(reading: Reading, token: int) -> bool:
    """ "The first patrol" after a resumption is not number one of the series."""
    last = reading.doc.sentence_of(token)
    before = [s for s in reading.doc.sentences if s.index in {last.index, last.index - 1}]
    return any(reading.marks.has(s, "resume") for s in before)


def _counter(reading: Reading, number: PatrolNumber, programme: str, slugs: list[str]) -> str:
    """Whose count the number belongs to, or "unstated".

    On the M4 the ministries' counts part, so it is the speaker's. In the north-east the ministries count all
    patrols; from 2020 on reporters on the spot count those "in the area". At Manbij the two armies
    patrolled side by side before they did so together.
    """
    publisher = reading.publisher.lower()
    sentence = reading.doc.sentence_of(number.first)
    if programme == "us_tr_safe_zone":
        return OVERALL
    if programme == "ne_syria":
        early = reading.published is not None and reading.published < AREA_COUNTS
        named = any(reading.marks.has(s, "ministry") for s in reading.doc.sentences)
        if early or named or "ministry" in publisher:
            return OVERALL
        if not reading.marks.has(sentence, "area"):
            return UNSTATED
        areas = {AREAS[slug] for slug in slugs if slug in AREAS}
        return areas.pop() if len(areas) == 1 else UNSTATED
    if programme == "manbij":
        return "independent" if reading.marks.has(sentence, "solo") else "combined"
    if programme != "m4_idlib":
        return UNSTATED
    speakers = {m.code for m in reading.sides_in(sentence) if m.speaking}
    if "ministry" in publisher or not speakers:
        for code, word in (("TR", "turk"), ("RU", "russia")):
            if word in publisher and ("ministry" in publisher or not speakers):
                return code.lower()
    return speakers.pop().lower() if len(speakers) == 1 and speakers <= {"RU", "TR"} else UNSTATED
