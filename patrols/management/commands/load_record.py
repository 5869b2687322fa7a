"""`manage.py load_record`: the record that the project ships, through the same way in as an editor's file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from patrols.intake import batches
from patrols.intake.plan import Outcome, Plan, make_plan
from patrols.intake.reference import ensure_claims, load_reference
from patrols.intake.writing import write_plan
from patrols.models import ImportBatch
from patrols.record.workflow import RecordError

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SHIPPED = FIXTURES / "reported_patrols.csv"
COLLECTED = datetime(2026, 11, 1, tzinfo=UTC)
"""The shipped record was collected in November 2026: every patrol in it was over by then."""

SHOWN = 20
"""Rejected rows that are told on the screen."""

WORDS = {
    Outcome.NEW: "created",
    Outcome.MATCHED: "matched",
    Outcome.WAITING: "waiting",
    Outcome.CLAIM: "claims",
    Outcome.CHANGED: "changed",
    Outcome.UNCHANGED: "unchanged",
    Outcome.REJECTED: "rejected",
}
MEANINGS = {
    Outcome.NEW: "rows that founded a patrol",
    Outcome.MATCHED: "rows that joined a patrol",
    Outcome.WAITING: "rows that could not be placed: an editor decides",
    Outcome.CLAIM: "rows that tell of a programme, not of a patrol",
    Outcome.CHANGED: "rows that changed an earlier account",
    Outcome.UNCHANGED: "rows that were in the record already",
    Outcome.REJECTED: "rows with something wrong",
}


class Command(BaseCommand):
    help = (
        "Load the reference tables and a file of accounts that counts as reviewed (by default the one that "
        "the project ships). A second run adds and changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED, help="CSV file of accounts")
        parser.add_argument(
            "--rejected", type=Path, help="where to write the rejected rows with their reasons, if any"
        )
        parser.add_argument(
            "--collected",
            type=datetime.fromisoformat,
            help="day on which the file's reports were read (the shipped file: 2026-11-01)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        collected: datetime | None = options["collected"]
        if collected is not None:
            collected = collected.replace(tzinfo=UTC)
        elif file.resolve() == SHIPPED.resolve():
            collected = COLLECTED
        plan = self._load(file.name, content, collected)
        for outcome, word in WORDS.items():
            self.stdout.write(f"  {word:<10} {plan.count(outcome):>6}   {MEANINGS[outcome]}")
        rejected = [item for item in plan.items if item.outcome == Outcome.REJECTED]
        for item in rejected[:SHOWN]:
            problem = item.problems[0]
            self.stdout.write(f"    line {item.record.line}: {problem.column} {problem.text}")
        if len(rejected) > SHOWN:
            self.stdout.write(f"    … and {len(rejected) - SHOWN} more")
        if options["rejected"] and rejected:
            with options["rejected"].open("wb") as out:
                out.writelines(batches.rejected_lines(content, plan.rejected()))
            self.stdout.write(f"Rejected rows with their reasons: {options['rejected']}")

    def _load(self, name: str, content: bytes, collected: datetime | None) -> Plan:
        with transaction.atomic():
            for kind, count in load_reference(FIXTURES).items():
                self.stdout.write(f"{kind} added: {count}")
            plan = make_plan(content, trusted=True, retrieved_at=collected)
            self.stdout.write(f"{name}: {len(plan.items)} rows read")
            if not plan.changes_nothing:
                try:
                    batch = batches.create_batch(name, content, None, reviewed=True)
                except RecordError as error:
                    raise CommandError(str(error)) from error
                write_plan(plan, batch, user=None, why=batches.why(batch))
                batch.state = ImportBatch.State.DONE
                batch.started_at = batch.finished_at = timezone.now()
                batch.save()
            ensure_claims(FIXTURES)
        return plan
