"""What an editor decides about a report. Each decision is one act, atomic, and can be undone.

    accept      its accounts found patrols or join them; its claims wait for approval
    set_aside   no patrol in it, come back later, or a repeat of another report
    undo        the record and the desk as they were before the decision

A decision names the version of the report that its editor saw; a later one of somebody else is never
overwritten. Nothing that is accepted is public before somebody else approves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.models import Account, Claim, Desk, DeskDecision, Patrol, Report, State
from patrols.record import bulk, workflow
from patrols.record.apply import readopt
from patrols.record.workflow import RecordError

WHY = "accepted at the review desk"
UNDONE = "undone at the review desk"
ACCEPT, SET_ASIDE = "accept", "set aside"
OPEN = (Desk.NEW, Desk.LATER, Desk.UNREADABLE)


class Conflict(RecordError):
    """Somebody else has decided about the report meanwhile."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An account as the editor leaves it, and what it goes to: a patrol, or None for a new one."""

    account: Account
    patrol: Patrol | None


def accept(
    report: Report, version: int, taken: Sequence[Taken], claims: Sequence[Claim], user: User
) -> DeskDecision:
    """Take accounts and claims into the record."""
    if not taken and not claims:
        raise RecordError(_("There is nothing to accept: fill in an account, or mark it as no patrol."))
    with transaction.atomic():
        report = _open(report, version)
        undo: dict[str, Any] = {"accounts": [], "founded": [], "claims": []}
        for one in taken:
            account = one.account
            account.report, account.created_by = report, user
            account._change_reason = WHY  # type: ignore[attr-defined]
            account.save()
            if one.patrol is None:
                undo["founded"].append(workflow.found(account, user, WHY).uid)
            else:
                workflow.attach(account, one.patrol, user, WHY)
            undo["accounts"].append(account.uid)
        for claim in claims:
            claim.report, claim.reviewed = report, False
            claim._change_reason = WHY  # type: ignore[attr-defined]
            _checked(claim)
            claim.save()
            undo["claims"].append(claim.uid)
        return _decide(report, Desk.DONE, ACCEPT, undo, user)


def set_aside(
    report: Report, version: int, state: Desk, user: User, *, original: Report | None = None
) -> DeskDecision:
    """Leave the report without an account. A duplicate needs its `original`."""
    with transaction.atomic():
        report = _open(report, version)
        undo: dict[str, Any] = {}
        if state == Desk.DUPLICATE:
            undo["same_story_as"] = report.same_story_as_id
            report.same_story_as = _root(report, original)
            report._change_reason = WHY  # type: ignore[attr-defined]
            report.save()
            readopt(Patrol.objects.filter(accounts__report=report).distinct(), why=WHY, user=user)
        return _decide(report, state, SET_ASIDE, undo, user)


def undo(decision: DeskDecision, user: User) -> Report:
    """Take a decision back, unless the record has gone on from it."""
    with transaction.atomic():
        decision = DeskDecision.objects.select_for_update().get(pk=decision.pk)
        report = Report.objects.select_for_update().get(pk=decision.report_id)
        if decision.undone_at is not None:
            raise RecordError(_("This decision has been undone already."))
        if report.desk_version != decision.undo["version"]:
            raise Conflict(_("Something else has been decided about this report since; undo that first."))
        _take_back(decision.undo, user)
        if "same_story_as" in decision.undo:
            report.same_story_as_id = decision.undo["same_story_as"]
            report._change_reason = UNDONE  # type: ignore[attr-defined]
        report.desk_state = decision.undo["state"]
        report.desk_version += 1
        report.desk_by, report.desk_at = user, timezone.now()
        report.save()
        if "same_story_as" in decision.undo:
            readopt(Patrol.objects.filter(accounts__report=report).distinct(), why=UNDONE, user=user)
        decision.undone_at = timezone.now()
        decision.save(update_fields=["undone_at"])
        return report


def last_decision(user: User) -> DeskDecision | None:
    """The latest decision of an editor that stands."""
    return DeskDecision.objects.filter(by=user, undone_at__isnull=True).select_related("report").first()


def _open(report: Report, version: int) -> Report:
    """The report, locked, as the editor saw it."""
    current = Report.objects.select_for_update().get(pk=report.pk)
    if current.desk_version == version:
        return current
    if current.desk_by is not None and current.desk_at is not None:
        raise Conflict(
            _("Nothing was saved: {who} has decided about this report at {time} UTC ({state}).").format(
                who=current.desk_by, time=f"{current.desk_at:%H:%M}", state=current.get_desk_state_display()
            )
        )
    raise Conflict(_("Nothing was saved: the report has been read anew meanwhile. Look at it again."))


def _decide(report: Report, state: Desk, what: str, undo: dict[str, Any], user: User) -> DeskDecision:
    before = report.desk_state
    report.desk_state, report.desk_by, report.desk_at = state, user, timezone.now()
    report.desk_version += 1
    Report.objects.filter(pk=report.pk).update(
        desk_state=state, desk_by=user, desk_at=report.desk_at, desk_version=report.desk_version
    )
    undo |= {"state": before, "version": report.desk_version}
    return DeskDecision.objects.create(report=report, by=user, what=what, undo=undo)


def _root(report: Report, original: Report | None) -> Report:
    """The first telling of the story, so that repeats of repeats all point at one report."""
    if original is None:
        raise RecordError(_("Say which report it repeats."))
    root = original.same_story_as or original
    if root.pk == report.pk:
        raise RecordError(_("A report cannot repeat itself."))
    return root


def _checked(claim: Claim) -> None:
    try:
        claim.full_clean(exclude=["report"])
    except ValidationError as error:
        raise RecordError(" ".join(error.messages)) from None


def _take_back(undo: dict[str, Any], user: User) -> None:
    accounts = list(
        Account.objects.filter(uid__in=undo.get("accounts", ())).select_related("patrol", "report")
    )
    if any(account.reviewed for account in accounts):
        raise RecordError(_("It has been approved meanwhile. Detach the account or withdraw the patrol."))
    claims = list(Claim.objects.filter(uid__in=undo.get("claims", ())))
    if any(claim.reviewed for claim in claims):
        raise RecordError(_("Its claim has been approved meanwhile."))
    founded = list(Patrol.objects.filter(uid__in=undo.get("founded", ())))
    for patrol in founded:
        others = patrol.accounts.exclude(pk__in=[account.pk for account in accounts])
        if patrol.state != State.DRAFT or others.exists() or patrol.pins.exists():
            raise RecordError(_("Others have worked on the patrol since. Detach the account there instead."))
    joined = [one.patrol for one in accounts if one.patrol and one.patrol not in founded]
    bulk.delete_with_history(Claim, claims, why=UNDONE, user=user)
    bulk.delete_with_history(Account, accounts, why=UNDONE, user=user)
    bulk.delete_with_history(Patrol, founded, why=UNDONE, user=user)
    readopt(joined, why=UNDONE, user=user)
