"""What a report says, as drafts for the desk, and which patrols the drafts may be of.

extract_report(job)     the report's reading, kept beside it
match_report(job)       candidates for each draft, best first, with the reasons
candidates(account)     the same for one account, as an editor changes it
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from patrols.models import Account, Attention, Counter, Job, Reading, Report, State
from patrols.record.apply import facts_of
from patrols.record.facts import Facts

from . import jobs
from .directory import Directory
from .distances import Distances
from .extract import extract
from .match import Decision, Index, Known, match
from .proposal import Json, account_values, as_json, confidence
from .reports import body_of

VERSION = "2026.11.2"
"""Of the extractor's rules; a reading made by older rules can be made again."""
UNSURE = 0.7
"""A fact below this confidence is worth a second look."""
MANY_PLACES = 25
AROUND = timedelta(days=62)
"""Patrols farther from an account's days are not compared, unless they have its number or no day."""


def extract_report(job: Job) -> None:
    """Read the report's text; the reading before, if any, is replaced."""
    report = job.report
    assert report is not None
    made = as_json(
        extract(
            body_of(report),
            title=report.title,
            published=report.published,
            lang=report.language or None,
            publisher=report.publisher.name,
        )
    )
    now, directory = timezone.now(), Directory.load()
    values = [account_values(account, directory, report.text) for account in made["accounts"]]
    programmes = [one["programme"] for one in values]
    with transaction.atomic():
        current = Report.objects.select_for_update().get(pk=report.pk)
        if current.text_hash == report.text_hash:
            Reading.objects.update_or_create(
                report=current,
                defaults={
                    "version": VERSION,
                    "made_at": now,
                    "text_hash": report.text_hash,
                    "language": report.language,
                    "programme": next(filter(None, programmes), None),
                    "confidence": confidence(made["accounts"]),
                    "candidates": [],
                    "matched_at": None,
                    **made,
                },
            )
            for counter in directory.new_counters:
                Counter.objects.get_or_create(
                    programme=counter.programme, slug=counter.slug, defaults={"name": counter.name}
                )
            _note(current, attention_of(made))
            jobs.put(Job.Kind.MATCH, f"match:{current.pk}:{current.desk_version}", report=current)
        jobs.finish(
            job, accounts=len(made["accounts"]), claims=len(made["claims"]), events=len(made["events"])
        )


def attention_of(made: Json) -> set[str]:
    """Why an editor should look twice at what was read."""
    accounts = made["accounts"]
    found: set[str] = set()
    if not accounts:
        found.add(Attention.NO_ACCOUNT)
    if len(accounts) > 1:
        found.add(Attention.SEVERAL)
    if any("different totals" in warning for warning in made["warnings"]):
        found.add(Attention.CONTRADICTION)
    if any(len(account.get("places", ())) > MANY_PLACES for account in accounts):
        found.add(Attention.MANY_PLACES)
    lowest = confidence(accounts)
    if lowest is not None and lowest < UNSURE:
        found.add(Attention.LOW_CONFIDENCE)
    return found


READ = {
    Attention.NO_ACCOUNT,
    Attention.SEVERAL,
    Attention.CONTRADICTION,
    Attention.MANY_PLACES,
    Attention.LOW_CONFIDENCE,
    Attention.NEAR_MATCH,
}
"""What the reading and the matching say of a report; the rest is said when it comes in."""


def _note(report: Report, codes: Iterable[str]) -> None:
    kept = [code for code in report.attention if code not in READ]
    attention = [*kept, *sorted(map(str, codes))]
    Report.objects.filter(pk=report.pk).update(attention=attention, updated_at=timezone.now())


def match_report(job: Job) -> None:
    """Rank the patrols that each draft may be of."""
    report = job.report
    assert report is not None
    reading = Reading.objects.filter(report=report).first()
    if reading is None:
        jobs.fail(job, "The report has not been read yet. Retry its extraction.")
        return
    directory = Directory.load()
    drafts = [draft_account(report, account, directory) for account in reading.accounts]
    decisions = [candidates(draft, directory.distances) for draft in drafts]
    ranked = [as_candidates(decision) for decision in decisions]
    unsure = any(decision.kind == "wait" and decision.candidates for decision in decisions)
    with transaction.atomic():
        current = Report.objects.select_for_update().get(pk=report.pk)
        same = Reading.objects.filter(pk=reading.pk, made_at=reading.made_at)
        if same.update(candidates=ranked, matched_at=timezone.now()):
            codes = {code for code in current.attention if code in READ} - {Attention.NEAR_MATCH}
            _note(current, codes | ({Attention.NEAR_MATCH} if unsure else set()))
        jobs.finish(
            job,
            candidates=sum(map(len, ranked)),
            attach=sum(decision.kind == "attach" for decision in decisions),
        )


def draft_account(report: Report, account: Json, directory: Directory) -> Account:
    """An unsaved account with a draft's values."""
    values = account_values(account, directory, report.text)
    made = Account(report=report)
    for name, value in values.items():
        setattr(made, name, value)
    return made


def candidates(account: Account, distances: Distances) -> Decision:
    """What becomes of an account that is not in the record yet."""
    if account.programme_id is None:
        return Decision(account.uid, "wait", None)
    facts = facts_of(account)
    return match(facts, Index(_near(facts), distances))


def _near(facts: Facts) -> list[Known]:
    """The patrols of the account's programme that it could tell of, with all their accounts."""
    accounts = Account.objects.filter(
        programme__slug=facts.programme, patrol__isnull=False, patrol__merged_into__isnull=True
    ).exclude(patrol__state=State.WITHDRAWN)
    when = facts.when
    first, last = (when.start, when.end) if when else (facts.published, facts.published)
    if first is not None and last is not None:
        close = Q(date_start__isnull=True) | Q(date_start__range=(first - AROUND, last + AROUND))
        close |= Q(date_start__lte=last, date_end__gte=first)
        if facts.number is not None:
            close |= Q(number=facts.number)
        accounts = Account.objects.filter(patrol__in=accounts.filter(close).values("patrol"))
    related = ("report__publisher", "speaker", "counter", "programme", "patrol")
    known: defaultdict[str, list[Facts]] = defaultdict(list)
    for one in accounts.select_related(*related).defer(
        "report__text", "report__signature", "patrol__adoption"
    ):
        assert one.patrol is not None
        known[one.patrol.uid].append(facts_of(one))
    return [Known(uid, tuple(each)) for uid, each in known.items()]


def as_candidates(decision: Decision) -> list[dict[str, Any]]:
    return [
        {
            "patrol": one.patrol,
            "score": round(one.score, 2),
            "verdict": "fits" if decision.patrol == one.patrol else "maybe",
            "reasons": [reason.text for reason in one.reasons],
        }
        for one in decision.candidates
    ]
