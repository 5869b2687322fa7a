"""CSV export of patrols on PostgreSQL: against django-import-export, or against `psql \\copy`.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_export.py [PATROLS]
    DATABASE_URL=postgres://… python tests/benchmarks/bench_export.py --copy [PATROLS]

Ours is what `/data/patrols.csv` streams. Each side runs in a process of its own, which reports its time, its
rows and how far its memory grew above what it was before the export.

The first compares 100,000 patrols with a resource of one field for each column of the registry, over the same
queryset with the same expressions. Needed: eight times the rate, and memory growth under 30 MB.

The second compares 1,000,000 patrols with psql's `\\copy` of the same columns of the same rows, as they are
stored, into a file; ours goes through the view of a running server and into a file too. Needed: at most three
times as long, memory growth under 30 MB, and the first byte within 200 ms.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from import_export import fields, resources  # noqa: E402

from patrols.filters import PatrolFilter  # noqa: E402
from patrols.models import Patrol, Programme, State  # noqa: E402
from patrols.publish import csv  # noqa: E402
from patrols.record import geometry  # noqa: E402
from patrols.record.apply import route_pks  # noqa: E402
from patrols.record.columns import PATROLS, Selection  # noqa: E402

NEEDED = 8.0
MEGABYTES = 30
TIMES_COPY = 3.0
FIRST_BYTE_MS = 200
SEED = 20_000
ROUTES = 500


def fill(number: int) -> None:
    """Published patrols with every kind of column filled, over some hundreds of routes."""
    programme, _made = Programme.objects.get_or_create(
        slug="bench", defaults={"code": "bench", "name": "Benchmark", "parties": ["RU", "TR"]}
    )
    lines = [
        geometry.stored({"type": "LineString", "coordinates": [[38 + n / 200, 36.8], [38.4 + n / 200, 36.9]]})
        for n in range(ROUTES)
    ]
    routes = list(route_pks(lines).values())
    now = timezone.now()
    first = date(1950, 1, 1)
    Patrol.objects.bulk_create(
        (
            Patrol(
                programme=programme,
                state=State.PUBLISHED,
                status="completed",
                date_start=(day := first + timedelta(days=n // 4)),
                date_end=day,
                date_precision=1,
                sector=f"Ayn al-Arab, sector {n % 50}",
                vehicles_low=6,
                vehicles_best=8,
                vehicles_high=8 + n % 3,
                length_km_low=50.5,
                length_km_best=69,
                length_km_high=69,
                air_support="UAV",
                incident_type="stone_throwing" if n % 9 == 0 else "",
                contested=["vehicles"] if n % 7 == 0 else [],
                public_route_id=routes[n % ROUTES],
                public_where_precision=2,
                length_computed_km=36.2,
                parties="RU;TR",
                forces_text="ru-military-police;tr-armed-forces",
                zones_text="sochi-west",
                ordinals_text=f"overall:{n}",
                places_text="ayn-al-arab;jarqili;zor-maghar",
                accounts_count=3,
                reports_count=3,
                sources_count=2,
                public_from=now,
                published_at=now,
                changed_at=now,
            )
            for n in range(number)
        ),
        batch_size=2000,
    )


def multiply(number: int) -> None:
    """As many patrols, from the first ones: the database writes them."""
    fill(min(number, SEED))
    own = ("id", "uid", "date_start", "date_end")
    same = [field.column for field in Patrol._meta.local_fields if field.column not in own]
    names = ", ".join(f'"{name}"' for name in same)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO patrols_patrol (uid, date_start, date_end, {names}) "
            f"SELECT 'x' || to_hex(id * 1000 + copy), date_start + copy, date_end + copy, {names} "
            "FROM patrols_patrol, generate_series(1, %s) AS copy ORDER BY copy, id",
            [max(0, number // SEED - 1)],
        )
        cursor.execute("VACUUM ANALYZE")


def selection() -> Selection:
    visitor = AnonymousUser()
    return PatrolFilter(QueryDict(), queryset=Patrol.objects.visible_to(visitor)).selection(visitor)


def ours() -> int:
    """Lines written; nothing of the file is kept."""
    return sum(chunk.count(b"\r\n") for chunk in csv.stream(PATROLS, selection())) - 1


client = Client()


def over_http() -> dict[str, float]:
    """The whole way through the view, into a file."""
    started = time.perf_counter()
    response = client.get("/data/patrols.csv", headers={"host": "localhost"})
    chunks = iter(response.streaming_content)
    lines = next(chunks).count(b"\r\n")
    lines += next(chunks).count(b"\r\n")
    first = time.perf_counter() - started
    with TemporaryFile() as file:
        for chunk in chunks:
            file.write(chunk)
            lines += chunk.count(b"\r\n")
    return {"rows": lines - 1, "first_byte_ms": first * 1000}


def copied() -> int:
    """psql writes the stored values of the same columns and rows into a file."""
    assert PATROLS.rows is not None
    rows = csv.values(PATROLS, PATROLS.rows(selection()), in_database=False)
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    query = connection.ops.compose_sql(sql, params).replace("\n", " ")
    with NamedTemporaryFile(suffix=".csv") as file:
        subprocess.run(
            ["psql", "--quiet", os.environ["DATABASE_URL"], "-c", f"\\copy ({query}) TO '{file.name}' CSV"],
            check=True,
        )
        with Path(file.name).open("rb") as made:
            return sum(1 for _line in made)


class Exported(resources.ModelResource):
    class Meta:
        model = Patrol
        fields = PATROLS.names


for column in PATROLS.columns:
    Exported.fields[column.name] = fields.Field(attribute=f"x_{column.name}", column_name=column.name)


def theirs() -> int:
    assert PATROLS.rows is not None
    columns = {
        f"x_{column.name}": F(column.source) if isinstance(column.source, str) else column.source
        for column in PATROLS.columns
    }
    return Exported().export(PATROLS.rows(selection()).annotate(**columns)).csv.count("\r\n") - 1


def measured(which: str) -> dict[str, float]:
    """Run in a process of its own; memory is in MB above what it was before."""
    # As in a running server: all that is imported and prepared once is there.
    b"".join(client.get("/data/programmes.csv", headers={"host": "localhost"}).streaming_content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    told = {"rows": RUNS[which]()} if which in RUNS else over_http()
    taken = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return told | {"seconds": taken, "rate": told["rows"] / taken, "megabytes": grown}


RUNS = {"ours": ours, "theirs": theirs, "copy": copied}


def apart(which: str, name: str) -> dict[str, float]:
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    command = [sys.executable, __file__, "--measure", which]
    done = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def against_import_export(name: str, number: int) -> bool:
    results = {which: apart(which, name) for which in ("ours", "theirs")}
    for which, label in (("ours", "ours"), ("theirs", "django-import-export")):
        one = results[which]
        print(f"{label:<22} {one['rate']:9.0f} rows/s, memory +{one['megabytes']:.0f} MB")
    ratio = results["ours"]["rate"] / results["theirs"]["rate"]
    print(f"ratio {ratio:.1f} (needed {NEEDED})")
    good = ratio >= NEEDED and results["ours"]["megabytes"] < MEGABYTES
    return good and results["ours"]["rows"] == results["theirs"]["rows"] == number


def against_copy(name: str, number: int) -> bool:
    # In turns, so that a busy minute of the machine falls on both; the best of each counts.
    rounds = [(apart("copy", name), apart("http", name)) for _round in range(2)]
    copy, ours = (min(side, key=lambda one: one["seconds"]) for side in zip(*rounds, strict=True))
    first = min(one["first_byte_ms"] for _copy, one in rounds)
    grown = max(one["megabytes"] for _copy, one in rounds)
    print(f"psql copy              {copy['rate']:9.0f} rows/s")
    print(f"/data/patrols.csv      {ours['rate']:9.0f} rows/s, memory +{grown:.0f} MB")
    print(f"first rows             {first:9.0f} ms")
    ratio = ours["seconds"] / copy["seconds"]
    print(f"ratio {ratio:.2f} (at most {TIMES_COPY}), first byte at most {FIRST_BYTE_MS} ms")
    good = ratio <= TIMES_COPY and grown < MEGABYTES and first <= FIRST_BYTE_MS
    return good and ours["rows"] == copy["rows"] == number


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(sys.argv[2])))
        return
    against = against_copy if "--copy" in sys.argv else against_import_export
    given_number = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    number = given_number[0] if given_number else 1_000_000 if against is against_copy else 100_000
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL database.")
    given = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        if against is against_copy:
            multiply(number)
        else:
            fill(number)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        good = against(name, number)
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
