"""The acts of editors and reviewers. Each is atomic, kept in the history, and refuses with a sentence.

draft → in review → published → withdrawn. On a published patrol, what editors add (accounts, pins) is
pending until a reviewer approves it; on a draft it speaks at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from simple_history.utils import bulk_update_with_history

from ..models import Account, Correction, Patrol, Pin, State
from . import geometry
from .adopt import AMOUNTS, PINNABLE, participants_from_json, stops_from_json, when_from_json
from .apply import apply_proposed, compose, facts_of, readopt, write
from .changes import record_changed
from .reference import Reference
from .visibility import visible_patrols


class RecordError(Exception):
    """An act that may not be done. The text is for the editor who tried."""


def submit(patrol: Patrol, user: User, why: str = "") -> None:
    """Draft → in review."""
    with transaction.atomic():
        patrol = _locked(patrol)
        if patrol.state != State.DRAFT:
            raise RecordError(f"Only a draft can be submitted; this patrol is {patrol.get_state_display()}.")
        if not patrol.accounts.exists():
            raise RecordError(
                "A patrol without an account cannot be submitted: attach at least one report first."
            )
        if not patrol.status:
            raise RecordError("Give a status first: no account says whether the patrol was held.")
        _move(patrol, State.IN_REVIEW, user, why or "submitted for review")


def send_back(patrol: Patrol, user: User, why: str) -> None:
    """In review → draft, with what is to be mended."""
    with transaction.atomic():
        patrol = _locked(patrol)
        if patrol.state != State.IN_REVIEW:
            raise RecordError("Only a patrol in review can be sent back.")
        _needs(why, "Say what is to be mended before you send it back.")
        _may_approve(user)
        _move(patrol, State.DRAFT, user, why)


def approve(patrol: Patrol, user: User, why: str = "") -> None:
    """In review → published; or the pending accounts and pins of a published patrol become part of it."""
    with transaction.atomic():
        patrol = _locked(patrol)
        _may_approve(user)
        if patrol.state not in (State.IN_REVIEW, State.PUBLISHED):
            raise RecordError(
                f"Only a patrol in review can be approved; this one is {patrol.get_state_display()}."
            )
        accounts, pins = _pending(patrol)
        if patrol.state == State.PUBLISHED and not (accounts or pins):
            raise RecordError("Nothing waits for approval here.")
        _by_another(patrol, user)
        _take_up(accounts, pins, user, why or "approved")
        first = patrol.state == State.IN_REVIEW
        if first:
            patrol.state = State.PUBLISHED
            patrol.published_at = patrol.published_at or timezone.now()
            patrol.changed_at = timezone.now()
            patrol.public_from = None  # Adoption says from when; until now it was not public.
        patrol.approved_by = user
        _save(patrol, user, why or "approved", writer=False)
        readopt([patrol], why=why or "approved")
        if first:
            _log(patrol, Correction.Kind.ADDED, "added to the public record", why or "reviewed and approved")


def withdraw(patrol: Patrol, user: User, reason: str) -> None:
    """Take a patrol out of the record. Its id stays and resolves to a tombstone."""
    with transaction.atomic():
        patrol = _locked(patrol)
        _may_approve(user)
        _needs(reason, "A withdrawal needs a reason.")
        if patrol.state == State.WITHDRAWN:
            raise RecordError("This patrol is withdrawn already.")
        was_public = _is_public(patrol)
        patrol.withdrawn_reason = reason.strip()
        patrol.changed_at = timezone.now()
        _move(patrol, State.WITHDRAWN, user, reason)
        if was_public:
            _log(patrol, Correction.Kind.WITHDRAWN, "withdrawn from the public record", reason)


def merge(patrol: Patrol, into: Patrol, user: User, why: str) -> None:
    """`patrol` turns out to be `into`: its accounts move there, its id leads there."""
    with transaction.atomic():
        patrol, into = _locked(patrol), _locked(into)
        _may_approve(user)
        _needs(why, "Say why the two are one patrol.")
        if patrol.pk == into.pk:
            raise RecordError("A patrol cannot be merged into itself.")
        if State.WITHDRAWN in (patrol.state, into.state):
            raise RecordError("A withdrawn patrol cannot be merged.")
        if patrol.programme_id != into.programme_id:
            raise RecordError("Only patrols of the same programme can be merged.")
        both = set(patrol.accounts.values_list("report_id", flat=True)) & set(
            into.accounts.values_list("report_id", flat=True)
        )
        if both:
            raise RecordError(
                "A report gives an account of each of the two, so it takes them for different patrols. "
                "Remove one of those accounts first."
            )
        moved = list(patrol.accounts.all())
        for account in moved:
            account.patrol = into
        _save_accounts(moved, user, why)
        was_public = _is_public(patrol)
        patrol.merged_into, patrol.withdrawn_reason = into, why.strip()
        patrol.changed_at = timezone.now()
        _move(patrol, State.WITHDRAWN, user, why)
        _touch(into, user, why)
        readopt([into], why=why)
        if was_public:
            _log(patrol, Correction.Kind.MERGED, f"merged into {into.uid}", why)


def set_publication(
    patrol: Patrol, user: User, *, sensitive: bool, embargo_until: datetime | None, why: str
) -> None:
    """Hold a patrol back longer or publish it coarsely. Caution is free, loosening takes a reviewer."""
    with transaction.atomic():
        patrol = _locked(patrol)
        _open(patrol)
        _needs(why, "Say why it is to be published differently.")
        sooner = patrol.embargo_until is not None and (
            embargo_until is None or embargo_until < patrol.embargo_until
        )
        if (patrol.sensitive and not sensitive) or sooner:
            _may_approve(user)
            if patrol.state == State.PUBLISHED:
                _by_another(patrol, user)
        was_sensitive = patrol.sensitive
        patrol.sensitive, patrol.embargo_until = sensitive, embargo_until
        _save(patrol, user, why)
        readopt([patrol], why=why, user=user)
        if patrol.state == State.PUBLISHED and was_sensitive != sensitive:
            Patrol.objects.filter(pk=patrol.pk).update(changed_at=timezone.now())
            _log(
                patrol,
                Correction.Kind.CHANGED,
                "published more coarsely" if sensitive else "published in full",
                why,
            )


def pin(patrol: Patrol, fact: str, value: Any, reason: str, user: User) -> Pin:
    """Set one fact by hand. Checked like any input: a bad value raises RecordError with what is allowed."""
    with transaction.atomic():
        patrol = _locked(patrol)
        _open(patrol)
        _needs(reason, "A pin needs a reason.")
        if fact not in PINNABLE:
            raise RecordError(f"“{fact}” cannot be pinned. Choose one of: {', '.join(PINNABLE)}.")
        value = checked_value(fact, value)
        made, _created = Pin.objects.get_or_create(
            patrol=patrol, fact=fact, reviewed=False, defaults={"value": value, "reason": reason, "by": user}
        )
        made.value, made.reason, made.by = value, reason.strip(), user
        made._change_reason = reason  # type: ignore[attr-defined]
        made.save()
        _touch(patrol, user, f"{fact} pinned: {reason}")
        _readopt_or_explain(patrol, f"{fact} pinned: {reason}", user)
        return made


def unpin(patrol: Patrol, fact: str, reason: str, user: User) -> None:
    """Leave the fact to the accounts again. On a published patrol that takes a reviewer."""
    with transaction.atomic():
        patrol = _locked(patrol)
        _open(patrol)
        _needs(reason, "Say why the pin goes.")
        pins = list(patrol.pins.filter(fact=fact))
        if not pins:
            raise RecordError(f"“{fact}” is not pinned.")
        if patrol.state == State.PUBLISHED and any(one.reviewed for one in pins):
            _may_approve(user)
            _by_another(patrol, user)
        for one in pins:
            one._change_reason = reason  # type: ignore[attr-defined]
            one.delete()
        _touch(patrol, user, f"{fact} unpinned: {reason}")
        readopt([patrol], why=f"{fact} unpinned: {reason}", user=user)


def attach(account: Account, patrol: Patrol, user: User, why: str = "") -> None:
    """Say that `account` tells of `patrol`. On a published patrol it is pending until approved."""
    with transaction.atomic():
        patrol = _locked(patrol)
        account = _locked_account(account)
        _open(patrol)
        if account.patrol_id is not None:
            raise RecordError("This account belongs to a patrol already. Detach it first.")
        if account.programme_id != patrol.programme_id:
            raise RecordError("The account tells of another programme than this patrol's.")
        if patrol.accounts.filter(report=account.report_id).exists():
            raise RecordError("This report already has an account of this patrol.")
        account.patrol, account.reviewed = patrol, False
        _save_accounts([account], user, why or "attached")
        _touch(patrol, user, why or "account attached")
        readopt([patrol], why=why or "account attached", user=user)


def detach(account: Account, user: User, why: str) -> None:
    """Take an account off its patrol; it waits for another. On a published patrol that takes a reviewer."""
    with transaction.atomic():
        account = _locked_account(account)
        if account.patrol is None:
            raise RecordError("This account belongs to no patrol.")
        _needs(why, "Say why the account does not belong to this patrol.")
        patrol = _locked(account.patrol)
        _open(patrol)
        if patrol.state == State.PUBLISHED and account.reviewed:
            _may_approve(user)
            _by_another(patrol, user)
            if not patrol.accounts.filter(reviewed=True).exclude(pk=account.pk).exists():
                raise RecordError("This is its last account. Withdraw the patrol instead.")
        account.patrol, account.reviewed = None, False
        _save_accounts([account], user, why)
        _touch(patrol, user, why)
        readopt([patrol], why=why, user=user)


def found(account: Account, user: User, why: str = "") -> Patrol:
    """A new draft patrol from a waiting account."""
    with transaction.atomic():
        account = _locked_account(account)
        if account.patrol_id is not None:
            raise RecordError("This account belongs to a patrol already. Detach it first.")
        patrol = Patrol(programme_id=account.programme_id, state=State.DRAFT, last_writer=user)
        made = compose(patrol, [facts_of(account)], {}, Reference.load())
        write([made], why=why or "founded from an account", user=user)
        account.patrol, account.reviewed = patrol, False
        _save_accounts([account], user, why or "founded a patrol")
        return patrol


def write_account(account: Account, values: Mapping[str, Any], user: User, why: str) -> bool:
    """Change the fields of a stored account. Returns False where the change waits for approval.

    An approved account of a published patrol keeps speaking as it stands; the change is kept beside it as
    `proposed`. Every other account is changed at once and its patrol adopted anew. Raises ValidationError
    (by field) for values that the record does not allow.
    """
    with transaction.atomic():
        account = _locked_account(account)
        patrol = _locked(account.patrol) if account.patrol else None
        if patrol:
            _open(patrol)
        waits = bool(patrol and patrol.state == State.PUBLISHED and account.reviewed)
        proposed = account.proposed | {name: _plain(value) for name, value in values.items()}
        apply_proposed(account, proposed)
        account.full_clean()
        if waits:
            account.refresh_from_db()
            account.proposed = proposed
        else:
            account.proposed, account.reviewed = {}, False
        _save_account(account, user, why)
        if patrol:
            _touch(patrol, user, why)
            readopt([patrol], why=why, user=user)
        return not waits


def _plain(value: Any) -> Any:
    """A field's value as JSON: dates as ISO text, related rows by key."""
    value = getattr(value, "pk", value)
    return value.isoformat() if isinstance(value, date) else value


# Values that editors give


def checked_value(fact: str, value: Any) -> Any:
    """The pin's value as it is stored; RecordError says what is wrong with it."""
    try:
        return _checked_value(fact, value)
    except RecordError:
        raise
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise RecordError(f"{capfirst(fact).replace('_', ' ')}: {text}") from error


def _checked_value(fact: str, value: Any) -> Any:
    if fact in AMOUNTS:
        number = float(value)
        if not 0 <= number < 100_000:
            raise RecordError(f"{capfirst(fact)} must lie between 0 and 100 000.")
        return int(number) if fact in ("personnel", "vehicles") else number
    if fact == "status":
        if value not in dict(Patrol._meta.get_field("status").choices or ()):
            raise RecordError(f"“{value}” is no status.")
        return value
    if fact == "date":
        when = when_from_json(value)
        if when.end < when.start:
            raise RecordError("The patrol's last day lies before its first day.")
        if when.start > timezone.now().date():
            raise RecordError("A patrol's date cannot lie in the future.")
        return value
    if fact == "stops":
        stops_from_json(value)
    elif fact == "participants":
        for one in participants_from_json(value):
            for spread in (one.personnel, one.vehicles):
                if spread and not 0 <= spread.low <= spread.best <= spread.high:
                    raise RecordError("Low, best and high must not be negative and must be in rising order.")
    elif fact == "incident":
        types = dict(Patrol._meta.get_field("incident_type").choices or ())
        if wrong := [one["type"] for one in value if one["type"] not in types]:
            raise RecordError(f"“{wrong[0]}” is no kind of incident.")
    elif fact == "ordinals":
        return [{"counter": one["counter"], "number": int(one["number"])} for one in value]
    elif fact == "route":
        return geometry.stored(value).geometry
    return value


# Pieces


def _locked(patrol: Patrol) -> Patrol:
    """The patrol as stored now, locked until the act ends, and the caller's own object kept in step."""
    Patrol.objects.select_for_update().get(pk=patrol.pk)
    patrol.refresh_from_db()
    return patrol


def _locked_account(account: Account) -> Account:
    Account.objects.select_for_update().get(pk=account.pk)
    account.refresh_from_db()
    return account


def _open(patrol: Patrol) -> None:
    if patrol.state == State.WITHDRAWN:
        raise RecordError("A withdrawn patrol cannot be changed.")


def _is_public(patrol: Patrol) -> bool:
    return Patrol.objects.filter(visible_patrols(), pk=patrol.pk).exists()


def _needs(text: str, message: str) -> None:
    if not text.strip():
        raise RecordError(message)


def _may_approve(user: User) -> None:
    if not user.has_perm("patrols.approve_patrol"):
        raise RecordError("Only a reviewer may do this.")


def _by_another(patrol: Patrol, user: User) -> None:
    if settings.APPROVAL_BY_ANOTHER and patrol.last_writer_id == user.pk:
        raise RecordError("You wrote this last, so another person has to approve it.")


def _pending(patrol: Patrol) -> tuple[list[Account], list[Pin]]:
    accounts = patrol.accounts.filter(Q(reviewed=False) | ~Q(proposed={}))
    return list(accounts), list(patrol.pins.filter(reviewed=False))


def _take_up(accounts: list[Account], pins: list[Pin], user: User, why: str) -> None:
    for account in accounts:
        if account.proposed:
            apply_proposed(account, account.proposed)
            account.proposed = {}
            _save_account(account, user, why)
        account.reviewed = True
    _save_accounts(accounts, user, why)
    for one in pins:
        Pin.objects.filter(Q(patrol=one.patrol_id, fact=one.fact, reviewed=True)).delete()
        one.reviewed = True
        one._change_reason = why  # type: ignore[attr-defined]
        one.save()


def _save_accounts(accounts: list[Account], user: User, why: str) -> None:
    try:
        with transaction.atomic():
            bulk_update_with_history(
                accounts, Account, ["patrol", "reviewed"], default_user=user, default_change_reason=why
            )
    except IntegrityError as error:
        raise RecordError("This report already has an account of this patrol.") from error


def _save_account(account: Account, user: User, why: str) -> None:
    account._change_reason = why  # type: ignore[attr-defined]
    account._history_user = user  # type: ignore[attr-defined]
    account.save()


def _readopt_or_explain(patrol: Patrol, why: str, user: User) -> None:
    try:
        with transaction.atomic():
            readopt([patrol], why=why, user=user)
    except IntegrityError as error:
        raise RecordError(
            "The record does not allow this value: it is negative, repeated or out of order."
        ) from error


def _touch(patrol: Patrol, user: User, why: str) -> None:
    """Who wrote last decides who may approve."""
    if patrol.last_writer_id != user.pk:
        patrol.last_writer = user
        _save(patrol, user, why)


def _move(patrol: Patrol, state: State, user: User, why: str) -> None:
    patrol.state = state
    _save(patrol, user, why, writer=state == State.IN_REVIEW and patrol.last_writer_id is None)


def _save(patrol: Patrol, user: User, why: str, *, writer: bool = True) -> None:
    if writer:
        patrol.last_writer = user
    patrol._change_reason = why  # type: ignore[attr-defined]
    patrol._history_user = user  # type: ignore[attr-defined]
    patrol.save()
    record_changed.send(sender=None)


def _log(patrol: Patrol, kind: Correction.Kind, what: str, why: str) -> None:
    Correction.objects.create(patrol=patrol, kind=kind, what=what, why=why[:500])


__all__ = [
    "RecordError",
    "approve",
    "attach",
    "detach",
    "found",
    "merge",
    "pin",
    "send_back",
    "set_publication",
    "submit",
    "unpin",
    "withdraw",
    "write_account",
]
