"""Import of 10,000 account rows on PostgreSQL, matched and adopted, against django-import-export's.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_import.py [ROWS]

Both read the same bytes in one run. Ours parses, plans, matches, writes reports, accounts, patrols with all
that hangs on them, history and import rows, adopts, and has its foreign keys checked. Theirs is `use_bulk`
with its defaults into one plain table of the file's columns, without any matching: once keyed by the file's
row id, so that a second import would not double the rows (as with ours), and once as bare inserts, which do
not look whether a row is there already. Needed: at least twice the rate of the keyed one.
"""

from __future__ import annotations

import csv
import io
import os
import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

import tablib  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from import_export import resources  # noqa: E402

from patrols.intake import batches  # noqa: E402
from patrols.intake.plan import Plan, silent  # noqa: E402
from patrols.intake.reference import load_reference  # noqa: E402
from patrols.intake.writing import COUNTS  # noqa: E402
from patrols.record.columns import IMPORT, Column, Type  # noqa: E402

NEEDED = 2.0
ROUNDS = 2
PROGRAMMES = (("ne_syria", "overall", ("tr", "ru")), ("m4_idlib", "overall", ("tr", "ru")))
PLACES = (
    "Ain al-Arab;Jarqili;Qarran;Dikmidash;Kharkhouri;Boban;Zor Maghar",
    "Darbasiyah;Sherik;Dalil;Karmania;Tal Kedish",
    "al-Malikiyah;Ain Diwar;Qahtaniyah",
    "Amuda;Qamishli;Tal Tamr",
)
FORCES = ("Turkish forces; Russian forces", "Russian Military Police; Turkish Armed Forces")


class PlainRow(models.Model):
    """One row of the file, typed, the target of the comparison. `id` is the file's row id."""

    id = models.CharField(max_length=100, primary_key=True)

    class Meta:
        app_label = "patrols"
        db_table = "benchmark_keyed"

    def __str__(self) -> str:
        return self.id


class BareRow(models.Model):
    """The same with a key of its own."""

    class Meta:
        app_label = "patrols"
        db_table = "benchmark_bare"

    def __str__(self) -> str:
        return str(self.pk)


def _field(column: Column) -> models.Field[Any, Any]:
    if column.type in (Type.INTEGER, Type.NUMBER):
        kind = models.IntegerField if column.type is Type.INTEGER else models.FloatField
        return kind(null=True, blank=True)
    if column.type in (Type.DATE, Type.VAGUE_DATE):
        return models.DateField(null=True, blank=True)
    return models.TextField(blank=True, default="")


for column in IMPORT.columns:
    for table in (PlainRow, BareRow):
        table.add_to_class(f"c_{column.name}", _field(column))


class KeyedResource(resources.ModelResource):
    class Meta:
        model = PlainRow
        use_bulk = True


class BareResource(resources.ModelResource):
    class Meta:
        model = BareRow
        use_bulk = True


def rows(number: int) -> list[dict[str, str]]:
    """Accounts of four tenths as many patrols: 1 to 5 a patrol, which mostly agree, of 200 papers."""
    draw = random.Random(7)
    made: list[dict[str, str]] = []
    patrol = page = 0
    while len(made) < number:
        code, series, sides = PROGRAMMES[patrol % len(PROGRAMMES)]
        day = date(1990, 1, 1) + timedelta(days=3 * patrol)
        places = draw.choice(PLACES).split(";")
        patrol += 1
        for _account in range(draw.choice((1, 1, 2, 2, 3, 3, 5))):
            vehicles = draw.choice((6, 8, 8, 8))
            # One page in six tells of the patrol before as well.
            page += bool(_account) or draw.random() < 0.6
            row = dict.fromkeys(IMPORT.names, "") | {
                "row": f"b{len(made)}",
                "programme": code,
                "date": day.isoformat(),
                "date_precision": "day",
                "date_basis": "stated",
                "status": draw.choice(("completed", "completed", "started")),
                "sector": places[0],
                "waypoints": ";".join(places[1:]),
                "forces": draw.choice(FORCES),
                "vehicles_total": str(vehicles),
                f"vehicles_{sides[0]}": str(vehicles // 2),
                "air_support": draw.choice(("", "UAV", "2 helicopters")),
                "length_km": draw.choice(("", "58", "110")),
                "incident_type": draw.choice(("", "", "none", "stone_throwing")),
                "note": "a note of some words by the editor who read the report",
                "statement_by": draw.choice(("TR_MOD", "RU_MOD", "other", "SOHR")),
                "source_name": f"Paper {page % 200}",
                "source_url": f"https://paper.example/{page}/joint-patrol-in-the-north",
                "source_date": (day + timedelta(days=1)).isoformat(),
                "source_lang": draw.choice(("en", "tr", "ru", "ar")),
            }
            if draw.random() < 0.6:
                row |= {"number": str(patrol), "number_series": series}
            made.append(row)
    return made[:number]


def as_csv(made: list[dict[str, str]], prefix: str = "", key: str = "") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*([key] if key else []), *(prefix + name for name in IMPORT.names)])
    for row in made:
        writer.writerow([*([row["row"]] if key else []), *(row[name] for name in IMPORT.names)])
    return out.getvalue().encode()


def ours(content: bytes) -> tuple[float, Plan]:
    with transaction.atomic():
        load_reference(settings.BASE_DIR / "fixtures")
        started = time.perf_counter()
        batch = batches.create_batch("benchmark.csv", content, None)
        plan = batches.apply_batch(batch, retrieved_at=None, progress=silent)
        # Rolling back would spare us the checks of foreign keys that a commit makes.
        connection.check_constraints()
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return taken, plan


def theirs(resource: type[resources.ModelResource], content: bytes) -> float:
    model = resource._meta.model
    with connection.schema_editor() as editor:
        editor.create_model(model)
    try:
        started = time.perf_counter()
        dataset = tablib.Dataset().load(content.decode(), format="csv")
        resource().import_data(dataset, raise_errors=True)
        taken = time.perf_counter() - started
        assert model.objects.count() == len(dataset)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(model)
    return taken


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL database.")
    given = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fast_enough = compare(number)
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    sys.exit(0 if fast_enough else 1)


def compare(number: int) -> bool:
    made = rows(number)
    mine, keyed, bare = list[float](), list[float](), list[float]()
    for _round in range(ROUNDS):
        keyed.append(theirs(KeyedResource, as_csv(made, "c_", key="id")))
        bare.append(theirs(BareResource, as_csv(made, "c_")))
        with connection.cursor() as cursor:
            # What was rolled back or dropped before must not weigh on this round.
            cursor.execute("VACUUM")
        taken, plan = ours(as_csv(made))
        mine.append(taken)
    print(f"{number} rows:", {name: plan.count(outcome) for name, outcome in COUNTS.items()})
    rates = {name: number / min(times) for name, times in (("ours", mine), ("keyed", keyed), ("bare", bare))}
    print(f"ours                                {rates['ours']:8.0f} rows/s")
    for name in ("keyed", "bare"):
        ratio = rates["ours"] / rates[name]
        print(f"django-import-export, {name:<13} {rates[name]:8.0f} rows/s, ratio {ratio:.2f}")
    return rates["ours"] >= NEEDED * rates["keyed"]


if __name__ == "__main__":
    main()
