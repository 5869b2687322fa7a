"""Write a plan into the record: everything in bulk, with history, inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from patrols.models import (
    Account,
    Claim,
    Counter,
    ImportBatch,
    ImportRow,
    Patrol,
    Programme,
    Publisher,
    Report,
    State,
)
from patrols.record import bulk
from patrols.record.apply import compose, readopt, touch, write
from patrols.record.facts import Facts
from patrols.record.reference import Reference

from .plan import Item, Outcome, Plan, Progress, plain, plain_value, silent

BATCH = 1000
STEPS = 5


def write_plan(
    plan: Plan, batch: ImportBatch, *, user: User | None, why: str, progress: Progress = silent
) -> None:
    """Bring a plan's rows into the record.

    What comes in is a draft that waits for review, and changes to reviewed accounts of published patrols wait
    beside them; only a reviewed batch (the record that the project ships) is public at once. `why` is what
    the history and the public log say.
    """
    Writer(plan, batch, user, why, progress).write()


class Writer:
    def __init__(
        self, plan: Plan, batch: ImportBatch, user: User | None, why: str, progress: Progress
    ) -> None:
        self._plan, self._batch, self._user, self._why, self._progress = plan, batch, user, why, progress
        self._items = [item for item in plan.items if item.outcome != Outcome.REJECTED]
        self._before: dict[int, dict[str, Any]] = {}
        """By position in the file: what a row changed, as it was."""
        self._touched: set[int] = set()
        """Keys of patrols of the record that need adopting again."""
        self._founded: dict[str, Patrol] = {}

    def write(self) -> None:
        steps = (self._reference, self._reports, self._patrols, self._accounts, self._claims)
        for done, step in enumerate(steps):
            self._progress("writing", done, len(steps) + 1)
            step()
        self._adopt()
        self._progress("writing", len(steps), len(steps) + 1)
        store_rows(self._plan, self._batch, self._before, self._founded)

    def _reference(self) -> None:
        """Publishers and counters that rows named for the first time."""
        self._create(Publisher, self._plan.directory.new_publishers.values())
        self._create(Counter, self._plan.directory.new_counters)

    def _reports(self) -> None:
        named = {item.draft.url: None for item in self._items if item.draft}
        new = [report for url in named if (report := self._plan.reports[url]).pk is None]
        for report in new:
            report.created_by = self._user
        self._create(Report, new)
        changed: dict[int, Report] = {}
        for position, item in enumerate(self._plan.items):
            if item.report_changes and item.draft:
                report = self._plan.reports[item.draft.url]
                self._keep(position, "report", report, item.report_changes)
                _set(report, item.report_changes)
                changed[report.pk] = report
        self._update(Report, changed.values(), ("publisher", "published", "language"))
        told = Account.objects.filter(report__in=list(changed), patrol__isnull=False)
        self._touched |= set(told.values_list("patrol_id", flat=True))

    def _patrols(self) -> None:
        """Found the new patrols, each with the figures of all its accounts in the file."""
        told: defaultdict[str, list[Facts]] = defaultdict(list)
        programmes: dict[str, Programme] = {}
        for item in self._items:
            if item.facts and item.draft and item.patrol and item.patrol not in self._plan.patrols:
                told[item.patrol].append(item.facts)
                programmes[item.patrol] = item.draft.programme
        now, reference, public = timezone.now(), Reference.load(), self._batch.reviewed
        made = []
        for uid, facts in told.items():
            patrol = bulk.new(
                Patrol,
                uid=uid,
                programme=programmes[uid],
                last_writer=self._user,
                state=State.PUBLISHED if public else State.DRAFT,
                published_at=now if public else None,
            )
            self._founded[uid] = patrol
            made.append(compose(patrol, facts, {}, reference))
        write(made, why=self._why, user=self._user)

    def _accounts(self) -> None:
        new, changed = list[Account](), list[Account]()
        for position, item in enumerate(self._plan.items):
            account = item.account
            if account is None or item.draft is None:
                continue
            if account.pk is None:
                account.patrol = self._founded.get(item.patrol) or self._plan.patrols.get(item.patrol)
                account.created_by, account.reviewed = self._user, self._batch.reviewed
                new.append(account)
                if item.patrol in self._plan.patrols:
                    self._touched.add(self._plan.patrols[item.patrol].pk)
            elif item.outcome == Outcome.CHANGED:
                self._change(position, item, account, item.draft.fingerprint)
                changed.append(account)
        self._create(Account, new)
        fields = {name for item in self._items for name in item.changes}
        self._update(Account, changed, (*sorted(fields), "fingerprint", "proposed", "reviewed"))

    def _change(self, position: int, item: Item, account: Account, fingerprint: str) -> None:
        kept = dict.fromkeys((*item.changes, "fingerprint", "proposed", "reviewed"))
        self._keep(position, "account", account, kept)
        account.fingerprint = fingerprint
        patrol = account.patrol
        public = patrol is not None and patrol.state == State.PUBLISHED and account.reviewed
        if public and not self._batch.reviewed:
            account.proposed |= {name: plain_value(value) for name, value in item.changes.items()}
        else:
            _set(account, item.changes)
            account.proposed, account.reviewed = {}, self._batch.reviewed
        if patrol is not None and patrol.state != State.WITHDRAWN:
            self._touched.add(patrol.pk)

    def _claims(self) -> None:
        new, changed = list[Claim](), list[Claim]()
        for position, item in enumerate(self._plan.items):
            claim = item.claim
            if claim is None:
                continue
            claim.reviewed = self._batch.reviewed
            if claim.pk is None:
                new.append(claim)
            else:
                self._keep(position, "claim", claim, item.claim_changes)
                _set(claim, item.claim_changes)
                changed.append(claim)
        self._create(Claim, new)
        fields = {name for item in self._items for name in item.claim_changes}
        self._update(Claim, changed, (*sorted(fields), "reviewed"))

    def _adopt(self) -> None:
        touched = list(Patrol.objects.select_for_update().filter(pk__in=self._touched))
        readopt(touched, why=self._why, user=self._user)
        if self._user is not None:
            # Whoever wrote last may not approve, also where what he wrote is not public yet.
            others = [patrol for patrol in touched if patrol.last_writer_id != self._user.pk]
            for patrol in others:
                patrol.last_writer = self._user
            self._update(Patrol, others, ("last_writer",))
        if touched:
            touch(self._touched)

    def _keep(self, position: int, what: str, instance: Model, names: Iterable[str]) -> None:
        kept = {name: plain(instance, name) for name in names}
        self._before.setdefault(position, {})[what] = kept

    def _create(self, model: type[Model], rows: Iterable[Model]) -> None:
        bulk.create_with_history(model, list(rows), why=self._why, user=self._user)

    def _update(self, model: type[Model], rows: Iterable[Model], fields: Sequence[str]) -> None:
        if not (rows := list(rows)):
            return
        now = timezone.now()
        for row in rows:
            row.updated_at = now  # type: ignore[attr-defined]
        bulk_update_with_history(
            rows,
            model,
            [*fields, "updated_at"],
            batch_size=BATCH,
            default_user=self._user,
            default_change_reason=self._why,
        )


def store_rows(
    plan: Plan,
    batch: ImportBatch,
    before: dict[int, dict[str, Any]] | None = None,
    founded: dict[str, Patrol] | None = None,
) -> None:
    """Keep what becomes of every row, and its counts, with the batch. `before` is given once it is done."""
    ImportRow.objects.filter(batch=batch).delete()
    done = before is not None
    before, patrols = before or {}, plan.patrols | (founded or {})
    rows = [
        bulk.new(
            ImportRow,
            batch=batch,
            line=item.record.line,
            row=item.row,
            outcome=item.outcome,
            problems=[asdict(problem) for problem in item.problems],
            reasons=item.reasons,
            raw=item.record.raw if item.outcome == Outcome.REJECTED else "",
            account=item.account if item.account and item.account.pk else None,
            claim=item.claim if item.claim and item.claim.pk else None,
            patrol=patrols.get(item.patrol),
            before=before.get(position) if done else None,
        )
        for position, item in enumerate(plan.items)
    ]
    bulk.create(ImportRow, rows)
    batch.read = len(plan.items)
    for name, outcome in COUNTS.items():
        setattr(batch, name, plan.count(outcome))


COUNTS = {
    "created": Outcome.NEW,
    "matched": Outcome.MATCHED,
    "waiting": Outcome.WAITING,
    "claims_only": Outcome.CLAIM,
    "changed": Outcome.CHANGED,
    "unchanged": Outcome.UNCHANGED,
    "rejected": Outcome.REJECTED,
}
"""Fields of a batch and the outcome of the rows that each counts."""


def _set(instance: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(instance, name, value)
