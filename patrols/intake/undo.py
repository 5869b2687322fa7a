"""Take a whole import back: what it added goes, what it changed is as before, no later work is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from patrols.models import (
    Account,
    Claim,
    Correction,
    ImportBatch,
    ImportRow,
    Patrol,
    Publisher,
    Report,
    State,
)
from patrols.record import bulk
from patrols.record.apply import readopt, touch
from patrols.record.workflow import RecordError

from .batches import why as why_of
from .plan import chunks

M = TypeVar("M", bound=Model)

NOT_VALUES = frozenset(("id", "uid", "patrol", "reviewed", "created_at", "updated_at", "created_by"))
"""Fields of an account or claim that are no part of what it says: placing and approving are not editing."""


def undo_batch(pk: int, user_id: int | None) -> None:
    """Undo a batch that was brought in, wholly or not at all; where that may not be, the batch says why."""
    user = User.objects.filter(pk=user_id).first() if user_id else None
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().defer("content").filter(pk=pk).first()
        if batch is None or batch.state != ImportBatch.State.DONE:
            return
        batch.error = ""
        try:
            with transaction.atomic():
                Undoing(batch, user).run()
            batch.state = ImportBatch.State.UNDONE
        except RecordError as error:
            batch.error = str(error)
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "error", "finished_at", "updated_at"])


class Undoing:
    """One undoing, in the order in which things depend on each other. Runs inside a transaction."""

    def __init__(self, batch: ImportBatch, user: User | None) -> None:
        self._user, self._import = user, why_of(batch)
        self._why = f"{self._import} undone"
        acted = (ImportRow.Outcome.UNCHANGED, ImportRow.Outcome.REJECTED)
        self._rows = list(
            ImportRow.objects.filter(batch=batch)
            .exclude(outcome__in=acted)
            .select_related("account__report", "claim__report", "account__patrol")
        )

    def run(self) -> None:
        added, changed = self._split("account")
        claims, changed_claims = self._split("claim")
        self._unedited(Account, [*added, *(account for account, _before in changed)])
        self._unedited(Claim, [*claims, *(claim for claim, _before in changed_claims)])
        patrols = self._affected([*added, *(account for account, _before in changed)])
        self._may(patrols)
        reports = {one.report.pk: one.report for one in (*added, *claims)}
        self._delete(Claim, claims)
        self._delete(Account, added)
        self._restore(Claim, changed_claims)
        self._restore(Account, changed)
        self._restore(Report, self._changed_reports())
        self._delete_reports(reports)
        self._settle(patrols)

    def _split(self, what: str) -> tuple[list[Any], list[tuple[Any, dict[str, Any]]]]:
        """What the batch added, and what it changed with the values from before."""
        added, changed = [], []
        for row in self._rows:
            one = getattr(row, what)
            if one is None:
                continue
            if before := (row.before or {}).get(what):
                changed.append((one, before))
            else:
                added.append(one)
        return added, changed

    def _unedited(self, model: type[Account] | type[Claim], rows: Sequence[Any]) -> None:
        """Refuse where someone has written into a row since the import left it."""
        history: Any = model.history
        written = {}
        for keys in chunks([row.pk for row in rows]):
            for old in history.filter(id__in=keys, history_change_reason=self._import).order_by("history_id"):
                written[old.id] = old
        names = [field.attname for field in model._meta.concrete_fields if field.name not in NOT_VALUES]
        edited = [
            row
            for row in rows
            if row.pk in written
            and any(getattr(row, name) != getattr(written[row.pk], name, None) for name in names)
        ]
        if edited:
            where = ", ".join(f"{row._meta.verbose_name} {row.row or row.uid}" for row in edited[:5])
            more = f" and {len(edited) - 5} more" if len(edited) > 5 else ""
            raise RecordError(
                f"Not undone: {where}{more} was changed after this import, and that work would be lost. "
                "Undo the later import first, or withdraw the patrols one by one."
            )

    def _affected(self, accounts: Iterable[Account]) -> list[Patrol]:
        keys = {account.patrol_id for account in accounts if account.patrol_id is not None}
        return list(Patrol.objects.select_for_update().filter(pk__in=keys).order_by("pk"))

    def _may(self, patrols: Iterable[Patrol]) -> None:
        if self._user is None or self._user.has_perm("patrols.approve_patrol"):
            return
        speaks = [row.account for row in self._rows if row.account and row.account.reviewed]
        public = {patrol.pk for patrol in patrols if patrol.state == State.PUBLISHED}
        if any(account.patrol_id in public for account in speaks):
            raise RecordError(
                "Not undone: some of its patrols are public by now. Only a reviewer may take those back."
            )

    def _changed_reports(self) -> list[tuple[Report, dict[str, Any]]]:
        """Reports as the import found them, save those that were changed again since."""
        before: dict[int, dict[str, Any]] = {}
        reports: dict[int, Report] = {}
        for row in self._rows:
            if kept := (row.before or {}).get("report"):
                report = (row.account or row.claim).report  # type: ignore[union-attr]
                reports[report.pk] = report
                before[report.pk] = kept | before.get(report.pk, {})
        latest: dict[int, str] = {}
        history: Any = Report.history
        for old in history.filter(id__in=list(reports)).order_by("history_id"):
            latest[old.id] = old.history_change_reason
        return [(reports[pk], kept) for pk, kept in before.items() if latest.get(pk) == self._import]

    def _delete(self, model: type[M], rows: Sequence[M]) -> None:
        bulk.delete_with_history(model, rows, why=self._why, user=self._user)

    def _restore(self, model: type[Model], rows: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        fields = set[str]()
        for row, before in rows:
            for name, value in before.items():
                field = row._meta.get_field(name)
                setattr(row, field.attname, field.to_python(value))
                fields.add(name)
            row.updated_at = timezone.now()
        if rows:
            bulk_update_with_history(
                [row for row, _before in rows],
                model,
                [*sorted(fields), "updated_at"],
                batch_size=1000,
                default_user=self._user,
                default_change_reason=self._why,
            )

    def _delete_reports(self, reports: dict[int, Report]) -> None:
        """Reports that only this import speaks of, and the publishers that came with them."""
        history: Any = Report.history
        brought = {
            pk
            for keys in chunks(list(reports))
            for pk in history.filter(
                id__in=keys, history_type="+", history_change_reason=self._import
            ).values_list("id", flat=True)
        }
        unused = Report.objects.filter(
            text="", repeats=None, desk_state="", jobs=None, page=None, decisions=None
        ).exclude(
            Exists(Account.objects.filter(report=OuterRef("pk")))
            | Exists(Claim.objects.filter(report=OuterRef("pk")))
        )
        gone = [report for keys in chunks(sorted(brought)) for report in unused.filter(pk__in=keys)]
        publishers = {report.publisher_id for report in gone}
        self._delete(Report, gone)
        history = Publisher.history
        named = set(
            history.filter(
                id__in=publishers, history_type="+", history_change_reason=self._import
            ).values_list("id", flat=True)
        )
        idle = Publisher.objects.filter(
            pk__in=named,
            reports__isnull=True,
            statements__isnull=True,
            claims_made__isnull=True,
            watched=None,
        )
        self._delete(Publisher, list(idle))

    def _settle(self, patrols: Sequence[Patrol]) -> None:
        """Adopt what is left anew; delete what never was public and is empty, withdraw what was."""
        left: defaultdict[int, int] = defaultdict(int)
        keys = [patrol.pk for patrol in patrols]
        for pk in Account.objects.filter(patrol__in=keys).values_list("patrol_id", flat=True):
            left[pk or 0] += 1
        empty = [patrol for patrol in patrols if not left[patrol.pk]]
        self._unpinned(empty)
        self._delete(Patrol, [patrol for patrol in empty if patrol.published_at is None])
        self._withdraw([p for p in empty if p.published_at is not None and p.state != State.WITHDRAWN])
        others = [p for p in patrols if left[p.pk] and p.state != State.WITHDRAWN]
        readopt(others, why=self._why, user=self._user)
        touch(patrol.pk for patrol in others)
        # A published patrol speaks through reviewed accounts only: without any it is empty too.
        speaking = set(
            Account.objects.filter(patrol__in=others, reviewed=True).values_list("patrol_id", flat=True)
        )
        self._withdraw([p for p in others if p.state == State.PUBLISHED and p.pk not in speaking])

    def _unpinned(self, empty: Sequence[Patrol]) -> None:
        for patrol in empty:
            if patrol.pins.exists() or patrol.note or Patrol.objects.filter(merged_into=patrol).exists():
                raise RecordError(
                    f"Not undone: patrol {patrol.uid} would be empty, but an editor has pinned, noted or "
                    "merged something on it. Take that back first."
                )

    def _withdraw(self, patrols: Sequence[Patrol]) -> None:
        now = timezone.now()
        reason = "The file that its accounts came in with was taken back"
        for patrol in patrols:
            patrol.state, patrol.withdrawn_reason = State.WITHDRAWN, reason
            patrol.changed_at = patrol.updated_at = now
            patrol.last_writer = self._user or patrol.last_writer
        if patrols:
            bulk_update_with_history(
                patrols,
                Patrol,
                ["state", "withdrawn_reason", "changed_at", "updated_at", "last_writer"],
                batch_size=1000,
                default_user=self._user,
                default_change_reason=self._why,
            )
            kind, what = Correction.Kind.WITHDRAWN, "withdrawn from the public record"
            Correction.objects.bulk_create(
                Correction(patrol=patrol, kind=kind, what=what, why=reason) for patrol in patrols
            )
