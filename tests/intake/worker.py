"""A real Celery worker for tests (`celery -A tests.intake.worker worker`), and steps to run beside it.

Each test has a folder, a database and a queue of its own, named in the environment. With TEST_STOP_AT, a
worker stops in the middle of bringing a file in: it makes that file and waits there, to be killed.

    python -m tests.intake.worker send | told PK | resume PK
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from patrolwatch.celery import app

app.conf.task_default_queue = os.environ.get("TEST_QUEUE", "tests")
if app.conf.broker_url.startswith("redis"):
    app.conf.broker_transport_options = {"global_keyprefix": app.conf.task_default_queue}

ROWS = 60


def _stop_at(path: Path) -> None:
    """Stop in the middle: after reports, patrols and accounts were written, before the end."""
    from patrols.intake.writing import Writer

    def stop(_self: Any) -> None:
        path.touch()
        time.sleep(600)

    Writer._claims = stop  # type: ignore[method-assign]


@app.on_after_finalize.connect
def _arrange(**_signal: Any) -> None:
    if path := os.environ.get("TEST_STOP_AT"):
        import django

        django.setup()
        _stop_at(Path(path))


def content() -> bytes:
    from tests.intake.files import as_csv, row, rows

    return as_csv(*rows(ROWS), row(ROWS + 1, status="done"), row(ROWS + 2, claim_count=3))


def send() -> dict[str, Any]:
    """A database with a file that was checked, confirmed and sent to the workers."""
    from patrols.intake import batches, tasks
    from tests.intake.files import make_reference

    make_reference()
    batch = batches.create_batch("file.csv", content(), None)
    batches.check(batch.pk)
    batch.refresh_from_db()
    batches.confirm(batch)
    tasks.enqueue(batch)
    return {"pk": batch.pk}


def resume(pk: int) -> dict[str, Any]:
    """Have stale batches taken up again, twice, and wait until this one is done."""
    from patrols.intake import tasks

    for _message in range(2):
        tasks.resume_stale_imports.delay()
    deadline = time.monotonic() + 40
    while (found := told(pk))["state"] not in ("done", "failed") and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def told(pk: int) -> dict[str, Any]:
    """What stands in the record and in the batch."""
    from patrols.models import Account, Claim, ImportBatch, Patrol, Report

    batch = ImportBatch.objects.get(pk=pk)
    tables = {model.__name__: model.objects for model in (Account, Claim, Patrol, Report)}
    return {
        "state": batch.state,
        "error": batch.error,
        "counts": [batch.read, batch.created, batch.matched, batch.waiting, batch.rejected],
        "ids": {name: sorted(rows.values_list("uid", flat=True)) for name, rows in tables.items()},
    }


def main(step: str, pk: int = 0) -> Any:
    import django

    django.setup()
    if step == "send":
        return send()
    return resume(pk) if step == "resume" else told(pk)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:]))))
