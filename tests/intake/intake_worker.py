"""A real Celery worker for the intake's tests, and steps to run beside it; as `worker.py` for imports.

With TEST_STOP_AT (`fetch:path`, `extract:path`, `match:path`) a worker stops in the middle of that work, just
before its result is committed: it makes the file and waits there, to be killed.

    python -m tests.intake.intake_worker start URL | told | again
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from patrolwatch.celery import app

app.conf.task_default_queue = os.environ.get("TEST_QUEUE", "tests")
app.conf.broker_connection_max_retries = None
app.conf.broker_connection_retry_on_startup = True
if app.conf.broker_url.startswith("redis"):
    app.conf.broker_transport_options = {
        "global_keyprefix": app.conf.task_default_queue,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
    }


def _stop_at(kind: str, path: Path) -> None:
    from patrols.intake import jobs

    finish = jobs.finish

    def stop(job: Any, **counts: Any) -> None:
        if job.kind == kind:
            path.touch()
            time.sleep(600)
        finish(job, **counts)

    jobs.finish = stop


@app.on_after_finalize.connect
def _arrange(**_signal: Any) -> None:
    if wanted := os.environ.get("TEST_STOP_AT"):
        import django

        django.setup()
        kind, _colon, path = wanted.partition(":")
        _stop_at(kind, Path(path))


def start(url: str) -> dict[str, Any]:
    """A database with a source that is due, and its poll sent to the workers."""
    from patrols.intake import sources
    from patrols.models import Publisher, WatchedSource
    from tests.intake.files import make_reference

    make_reference()
    WatchedSource.objects.create(
        name="News", url=url, publisher=Publisher.objects.get(slug="tr-mod"), every_minutes=60
    )
    return {"queued": sources.put_due()}


def told() -> dict[str, Any]:
    """What stands in the record, and how the work stands."""
    from patrols.models import Job, Reading, Report

    # First how the work stands: what it brought in stands there by then.
    states = Counter(f"{kind} {state}" for kind, state in Job.objects.values_list("kind", "state"))
    return {
        "urls": sorted(Report.objects.values_list("url", flat=True)),
        "readings": Reading.objects.exclude(matched_at=None).count(),
        "jobs": states,
        "errors": sorted({error for error in Job.objects.values_list("error", flat=True) if error}),
    }


def again() -> dict[str, Any]:
    """Every message twice more."""
    from patrols.intake import jobs
    from patrols.models import Job

    pks = list(Job.objects.values_list("pk", flat=True))
    for pk in pks * 2:
        jobs.send(pk)
    return {"sent": 2 * len(pks)}


if __name__ == "__main__":
    import django

    django.setup()
    step, *words = sys.argv[1:]
    if step == "teller":
        from tests.intake.surroundings import teller

        teller(told)
        sys.exit()
    print(json.dumps({"start": start, "told": told, "again": again}[step](*words)))
