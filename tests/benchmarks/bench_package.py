"""The data package of 100,000 patrols on PostgreSQL: time, memory, and whether its progress can be followed.

    DATABASE_URL=postgres://… python tests/benchmarks/bench_package.py [PATROLS]

The Celery task runs in a process of its own, first for a tenth of the patrols, then for all of them. Needed:
memory that does not grow with the record (at most a fifth more for ten times the patrols), progress that is
told step by step, and an archive that is whole.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patrolwatch.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from bench_export import multiply  # noqa: E402
from django.db import connection  # noqa: E402

from patrols.models import Patrol  # noqa: E402
from patrols.publish import package  # noqa: E402
from patrols.publish.revision import data_revision  # noqa: E402
from patrols.publish.tasks import build_package  # noqa: E402

MORE = 1.2


def measured() -> dict[str, float]:
    """Build it here and now; what a visitor would be told of the progress meanwhile is counted."""
    revision = data_revision(None)
    target = package.archive_of(revision)
    told: set[tuple[int, int]] = set()
    built = threading.Event()

    def watch() -> None:
        while not built.wait(0.05):
            found = package._read_progress(target.with_suffix(".progress"))
            told.add((found.done, found.total))

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    build_package(revision)
    taken = time.perf_counter() - started
    built.set()
    watcher.join()
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        lines = sum(1 for _line in archive.open("csv/patrols.csv")) - 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "patrols": lines,
        "seconds": taken,
        "peak_mb": peak,
        "steps": len(told),
        "zip_mb": target.stat().st_size / 1e6,
    }


def apart(name: str) -> dict[str, float]:
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, __file__, "--measure"],
            env=os.environ | {"DATABASE_URL": url, "PATROLWATCH_HOME": home},
            check=True,
            stdout=subprocess.PIPE,
        )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured()))
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL database.")
    given = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        results = []
        for patrols in (number // 10, number):
            Patrol.objects.order_by().delete()
            multiply(patrols)
            results.append(apart(name))
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    for one in results:
        print(
            f"{one['patrols']:8.0f} patrols: {one['seconds']:6.1f} s, peak {one['peak_mb']:4.0f} MB, "
            f"{one['steps']:.0f} steps told, archive {one['zip_mb']:.1f} MB"
        )
    ratio = results[1]["peak_mb"] / results[0]["peak_mb"]
    print(f"memory ratio {ratio:.2f} for ten times the patrols (at most {MORE})")
    whole = [one["patrols"] for one in results] == [number // 10, number]
    sys.exit(0 if ratio <= MORE and whole and results[1]["steps"] > 3 else 1)


if __name__ == "__main__":
    main()
