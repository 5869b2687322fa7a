"""CSV export of 100,000 patrols on PostgreSQL against django-import-export's of the same rows and columns.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_export.py [PATROLS]

Ours is what `/data/patrols.csv` streams. Theirs is a resource with one field for each column of the registry,
over the same queryset with the same expressions. Each runs in a process of its own, which reports its time,
its rows and how far its memory grew above what it was before the export. Needed: eight times the rate, and
memory growth under 30 MB.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import QueryDict  # noqa: E402
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
ROUTES = 500


def fill(number: int) -> None:
    """Published patrols with every kind of column filled, over some hundreds of routes."""
    programme = Programme.objects.create(slug="bench", code="bench", name="Benchmark", parties=["RU", "TR"])
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


def selection() -> Selection:
    visitor = AnonymousUser()
    return PatrolFilter(QueryDict(), queryset=Patrol.objects.visible_to(visitor)).selection(visitor)


def ours() -> int:
    """Lines written; nothing of the file is kept."""
    return sum(chunk.count(b"\r\n") for chunk in csv.stream(PATROLS, selection())) - 1


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
    Programme.objects.count()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    rows = ours() if which == "ours" else theirs()
    taken = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"rows": rows, "seconds": taken, "rate": rows / taken, "megabytes": grown}


def apart(which: str, name: str) -> dict[str, float]:
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    command = [sys.executable, __file__, "--measure", which]
    done = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(sys.argv[2])))
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL database.")
    given = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        results = {which: apart(which, name) for which in ("ours", "theirs")}
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    for which, label in (("ours", "ours"), ("theirs", "django-import-export")):
        one = results[which]
        print(f"{label:<22} {one['rate']:9.0f} rows/s, memory +{one['megabytes']:.0f} MB")
    ratio = results["ours"]["rate"] / results["theirs"]["rate"]
    print(f"ratio {ratio:.1f} (needed {NEEDED})")
    good = ratio >= NEEDED and results["ours"]["megabytes"] < MEGABYTES
    same = results["ours"]["rows"] == results["theirs"]["rows"] == number
    sys.exit(0 if good and same else 1)


if __name__ == "__main__":
    main()
