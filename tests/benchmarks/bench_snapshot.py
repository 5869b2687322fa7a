"""How long after a change of 100,000 patrols on PostgreSQL a real Celery worker has both snapshots ready.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_snapshot.py [PATROLS]

The clock runs from the commit of a change until the file is there, with the pause in which changes are
gathered and the broker's own. Needed: the public's snapshot within 5 s. The editors' is built after it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ["PATROLWATCH_HOME"] = mkdtemp(prefix="patrolwatch-")
os.environ["CELERY_BROKER_URL"] = "filesystem://localhost//"

import django  # noqa: E402

django.setup()

from bench_export import fill  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from patrols.models import Force, Incident, Participation, Patrol, Zone  # noqa: E402
from patrols.publish import snapshot  # noqa: E402
from patrols.record.changes import record_changed  # noqa: E402

NEEDED = 5.0
ROUNDS = 3
WAIT_SECONDS = 60


def relate() -> None:
    """Two forces and a zone to every patrol, an incident to every ninth."""
    forces = [
        Force.objects.create(slug=f"bench-{code.lower()}", name=code, country=code) for code in ("RU", "TR")
    ]
    square = [[38, 36], [39, 36], [39, 37], [38, 37], [38, 36]]
    zone = Zone.objects.create(
        slug="sochi-west", name="West", geometry={"type": "Polygon", "coordinates": [square]}
    )
    pks = list(Patrol.objects.values_list("pk", flat=True))
    Participation.objects.bulk_create(
        (Participation(patrol_id=pk, force=force) for pk in pks for force in forces), batch_size=5000
    )
    inside = Patrol.zones.through
    inside.objects.bulk_create((inside(patrol_id=pk, zone=zone) for pk in pks), batch_size=5000)
    Incident.objects.bulk_create(
        (Incident(patrol_id=pk, type="stone_throwing") for pk in pks[::9]), batch_size=5000
    )


def change() -> None:
    with transaction.atomic():
        first = Patrol.objects.order_by("pk").first()
        assert first is not None
        Patrol.objects.filter(pk=first.pk).update(updated_at=timezone.now())
        record_changed.send(sender=None)


def until_stored(audience: str, started: float) -> float:
    wanted = snapshot.wanted(audience)
    while not wanted.is_stored:
        time.sleep(0.02)
        if time.perf_counter() - started > WAIT_SECONDS:
            sys.exit("No worker has built the snapshot.")
    return time.perf_counter() - started


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL database.")
    given = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "patrolwatch", "worker", "--concurrency", "1"]
    worker = None
    try:
        fill(number)
        relate()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url})
        change()
        until_stored(snapshot.EDITORS, time.perf_counter())  # The worker has started.
        times = []
        for _round in range(ROUNDS):
            change()
            started = time.perf_counter()
            public = until_stored(snapshot.PUBLIC, started)
            times.append((public, until_stored(snapshot.EDITORS, started)))
    finally:
        if worker:
            worker.terminate()
            worker.wait(30)
        connection.creation.destroy_test_db(given, verbosity=0)
        shutil.rmtree(os.environ["PATROLWATCH_HOME"], ignore_errors=True)
    for public, editors in times:
        print(f"{number} patrols: public after {public:.2f} s, editors after {editors:.2f} s")
    slowest = max(public for public, _editors in times)
    print(f"slowest {slowest:.2f} s (needed {NEEDED})")
    sys.exit(0 if slowest < NEEDED else 1)


if __name__ == "__main__":
    main()
