"""`manage.py evaluate_matching FILE`: how well the way in puts together the rows of one patrol."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Model

from patrols.intake import batches
from patrols.intake.plan import Outcome, silent
from patrols.intake.reference import load_reference
from patrols.intake.scoring import Score, score
from patrols.intake.tabular import Table
from patrols.models import Account, Counter, ImportRow, Programme

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
KEY = "patrol_key"
PRECISION, RECALL = 0.98, 0.95


class RolledBack(Exception):
    """Ends the evaluation's transaction, so that nothing of it stays."""


class Command(BaseCommand):
    help = (
        "Send a file of rows with a patrol_key through the way in, in random orders, into an empty record of "
        "its own that is rolled back afterwards; print precision and recall over pairs of rows with a key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file of accounts with the column patrol_key")
        parser.add_argument("--orders", type=int, default=3, help="how many random orders (3)")
        parser.add_argument("--seed", type=int, default=1, help="what the orders are drawn from (1)")
        parser.add_argument("--parts", type=int, default=1, help="send the file in so many parts (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        keyed = _Keyed(options["file"])
        self.stdout.write(f"{options['file'].name}: {len(keyed.rows)} rows, {keyed.with_key} with a key")
        scores = []
        for order in range(options["orders"]):
            draw = random.Random(f"{options['seed']}-{order}")
            patrols, counts = _sent_in(keyed.parts(draw, options["parts"]))
            scores.append(score(keyed.keys, patrols))
            self._report(order + 1, scores[-1], counts, keyed)
        if not scores:
            raise CommandError("Give at least one order.")
        precision, recall = min(s.precision for s in scores), min(s.recall for s in scores)
        self.stdout.write(f"lowest precision {precision:.4f} (needed {PRECISION})")
        self.stdout.write(f"lowest recall    {recall:.4f} (needed {RECALL})")
        if precision < PRECISION or recall < RECALL:
            raise CommandError("The matching is below what is needed.")

    def _report(self, order: int, result: Score, counts: dict[str, int], keyed: _Keyed) -> None:
        shown = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
        self.stdout.write(
            f"order {order}: precision {result.precision:.4f}, recall {result.recall:.4f} ({shown})"
        )
        for word, pairs in (("wrongly together", result.wrong), ("not together", result.missed)):
            for one, other in pairs:
                self.stdout.write(f"  {word}: {keyed.told(one)} and {keyed.told(other)}")


class _Keyed:
    """The file's rows, each with an id of its own, and their truth keys, which are not sent in."""

    def __init__(self, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        table = Table(content)
        if KEY not in table.columns:
            raise CommandError(f"{path} has no column {KEY}.")
        self.columns = [name for name in table.columns if name and name != KEY]
        self.rows: dict[str, dict[str, str]] = {}
        self.keys: dict[str, str] = {}
        for record in table:
            cells = dict(record.cells)
            name = cells.get("row") or f"line-{record.line}"
            while name in self.rows:
                name += "+"
            self.keys[name] = cells.pop(KEY, "").strip()
            self.rows[name] = cells | {"row": name}
        if "row" not in self.columns:
            self.columns.append("row")

    @property
    def with_key(self) -> int:
        return sum(bool(key) for key in self.keys.values())

    def told(self, name: str) -> str:
        row = self.rows[name]
        said = " ".join(filter(None, (row.get("date"), row.get("number_series"), row.get("number"))))
        return f"{name} ({self.keys[name]}; {said or 'no date, no number'})"

    def parts(self, draw: random.Random, number: int) -> list[bytes]:
        names = list(self.rows)
        draw.shuffle(names)
        size = -(-len(names) // max(1, number)) or 1
        return [self._file(names[start : start + size]) for start in range(0, len(names), size)]

    def _file(self, names: Sequence[str]) -> bytes:
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, restval="")
        writer.writeheader()
        writer.writerows(self.rows[name] for name in names)
        return out.getvalue().encode("utf-8", "surrogatepass")


def _sent_in(files: Sequence[bytes]) -> tuple[dict[str, str], dict[str, int]]:
    """Bring files into an empty record, one after the other, and take everything back."""
    patrols: dict[str, str] = {}
    counts: dict[str, int] = {}
    try:
        with transaction.atomic():
            _empty_record()
            load_reference(FIXTURES)
            for content in files:
                _make_known(content)
                batch = batches.create_batch("evaluation.csv", content, None)
                batches.apply_batch(batch, retrieved_at=None, progress=silent)
            placed = Account.objects.filter(patrol__isnull=False).exclude(row="")
            patrols = dict(placed.values_list("row", "patrol__uid"))
            for outcome in Outcome:
                counts[str(outcome.label)] = ImportRow.objects.filter(outcome=outcome).count()
            raise RolledBack
    except RolledBack:
        return patrols, counts


def _empty_record() -> None:
    """Delete everything but history, without signals: it is rolled back in the end."""
    models: list[type[Model]] = list(apps.get_app_config("patrols").get_models(include_auto_created=True))
    for model in models:
        if not hasattr(model, "history_object"):
            model._base_manager.all()._raw_delete(model._base_manager.db)


def _make_known(content: bytes) -> None:
    """Make the programmes and counters that only the file names: what is measured is the matching."""
    table = Table(content)
    programmes = {programme.code: programme for programme in Programme.objects.all()}
    counters = set(Counter.objects.values_list("programme__code", "slug"))
    for record in table:
        code, series = record.cells.get("programme", ""), record.cells.get("number_series", "")
        if code and code not in programmes and len(code) <= 80:
            slug = f"evaluated-{len(programmes)}"
            programmes[code] = Programme.objects.create(slug=slug, code=code, name=code)
        if code in programmes and series and (code, series) not in counters:
            Counter.objects.create(programme=programmes[code], slug=series[:50], name=series)
            counters.add((code, series))
