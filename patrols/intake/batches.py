"""A file's way in: uploaded, checked, confirmed, brought in; taken up again when its worker died.

The state in the database is the lock. Whoever works on a batch has moved it to a working state and holds its
number of tries; bringing in is one transaction that begins by locking the batch and ends by marking it done,
so that it happens wholly and once, whichever worker dies and however often a message is delivered.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from patrols.models import ImportBatch, ImportRow
from patrols.record.bulk import uncollected
from patrols.record.workflow import RecordError

from .plan import Plan, Progress, make_plan
from .tabular import FORMULA_START, PROBLEM_COLUMNS, Table
from .writing import store_rows, write_plan

log = logging.getLogger(__name__)
Bs = ImportBatch.State

MAX_TRIES = 3
"""How often a batch whose worker died is taken up again by itself."""

BUSY = (Bs.UPLOADED, Bs.CHECKING, Bs.QUEUED, Bs.APPLYING)
BEAT_SECONDS = 5
KEPT_SECONDS = 24 * 3600
"""How long progress is kept in the cache."""

_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")


class Superseded(Exception):
    """Another worker has taken the batch up: leave it alone."""


def create_batch(name: str, content: bytes, user: Any, *, reviewed: bool = False) -> ImportBatch:
    """Keep an uploaded file. Raises RecordError where it is too large to be taken."""
    if len(content) > settings.IMPORT_MAX_MB * 1024 * 1024:
        raise RecordError(f"The file is larger than {settings.IMPORT_MAX_MB} MB. Cut it in parts.")
    return ImportBatch.objects.create(
        name=name[:255],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        by=user,
        reviewed=reviewed,
    )


def confirm(batch: ImportBatch) -> None:
    """The editor has seen what it would do, and wants it."""
    if not _move(batch.pk, (Bs.CHECKED,), Bs.QUEUED):
        raise RecordError(f"This import is {batch.get_state_display()}, so there is nothing to confirm.")


def resume(batch: ImportBatch) -> str:
    """Let a batch that failed or whose worker died be taken up again. Returns its new state."""
    if batch.state != Bs.FAILED and not is_stale(batch):
        raise RecordError(f"This import is {batch.get_state_display()}; there is nothing to take up again.")
    checked = batch.read > 0 if batch.state == Bs.FAILED else batch.state in (Bs.QUEUED, Bs.APPLYING)
    state = Bs.QUEUED if checked else Bs.UPLOADED
    moved = _move(batch.pk, (batch.state,), state, tries=0)
    if not moved:
        raise RecordError("This import has been taken up again already.")
    return state


def stale_batches() -> list[ImportBatch]:
    """Batches that wait or are worked on, and of whose worker nothing has been heard for too long."""
    busy = ImportBatch.objects.filter(state__in=BUSY).defer("content")
    return [batch for batch in busy if is_stale(batch)]


def release(batch: ImportBatch) -> bool:
    """Put a stale batch back in the queue. False where its worker lives after all or another was faster."""
    state = Bs.QUEUED if batch.state in (Bs.QUEUED, Bs.APPLYING) else Bs.UPLOADED
    return _move(batch.pk, (batch.state,), state)


def is_stale(batch: ImportBatch) -> bool:
    beat = (cache.get(_key(batch)) or {}).get("at", 0)
    heard = max(batch.updated_at.timestamp(), beat)
    return batch.state in BUSY and time.time() - heard > settings.IMPORT_STALE_SECONDS


# The two stages


def check(pk: int) -> None:
    """The dry run: plan the file and keep the plan's rows for the editor. Changes nothing of the record."""
    batch = _take(pk, Bs.UPLOADED, Bs.CHECKING)
    if batch is None:
        return
    with _failing_in_words(batch), _beating(batch) as progress, uncollected():
        if Table(bytes(batch.content)).empty:
            _end(batch, Bs.FAILED, error="The file is empty: it has no rows.")
            return
        plan = make_plan(bytes(batch.content), trusted=batch.reviewed, progress=progress)
        with transaction.atomic():
            _lock(batch)
            store_rows(plan, batch)
            _end(batch, Bs.CHECKED)


def bring_in(pk: int, *, retrieved_at: datetime | None = None) -> None:
    """Bring a confirmed file in, wholly or not at all."""
    batch = _take(pk, Bs.QUEUED, Bs.APPLYING)
    if batch is None:
        return
    with _failing_in_words(batch), _beating(batch) as progress, transaction.atomic():
        _lock(batch)
        apply_batch(batch, retrieved_at=retrieved_at, progress=progress)
        _end(batch, Bs.DONE)


def apply_batch(batch: ImportBatch, *, retrieved_at: datetime | None, progress: Progress) -> Plan:
    """Plan the file anew, since the record may have changed since the dry run, and write the plan."""
    with uncollected():
        plan = make_plan(
            bytes(batch.content), trusted=batch.reviewed, retrieved_at=retrieved_at, progress=progress
        )
        user = batch.by if isinstance(batch.by, User) else None
        write_plan(plan, batch, user=user, why=why(batch), progress=progress)
    return plan


def why(batch: ImportBatch) -> str:
    """What the history says of everything that the batch did, and how undoing it finds that again."""
    return f"import {batch.uid}"


# Who works on it


def _take(pk: int, waiting: str, working: str) -> ImportBatch | None:
    """Claim a batch for this worker; None where there is nothing to do, or another one does it."""
    try:
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            batch = (
                ImportBatch.objects.select_for_update(skip_locked=skip, of=_of_self()).filter(pk=pk).first()
            )
            if batch is None or not (batch.state == waiting or (batch.state == working and is_stale(batch))):
                return None
            batch.tries += 1
            batch.state, batch.error = working, ""
            batch.started_at, batch.finished_at = timezone.now(), None
            if batch.tries > MAX_TRIES:
                batch.state, batch.finished_at = Bs.FAILED, timezone.now()
                batch.error = (
                    f"The worker stopped {MAX_TRIES} times in the middle. Nothing was brought in. "
                    "Look at the worker's log, then take it up again."
                )
            batch.save(update_fields=["tries", "state", "error", "started_at", "finished_at", "updated_at"])
            cache.delete(_key(batch))
    except OperationalError:
        # SQLite: whoever works on it holds the database, and is alive.
        log.warning("import %s is busy", pk, exc_info=True)
        return None
    return None if batch.state == Bs.FAILED else batch


def _of_self() -> tuple[str, ...]:
    return ("self",) if connection.features.has_select_for_update_of else ()


def _lock(batch: ImportBatch) -> None:
    """Hold the batch until the transaction ends. Raises Superseded where it is no longer this worker's."""
    found = ImportBatch.objects.select_for_update().filter(pk=batch.pk).values_list("state", "tries").first()
    if found != (batch.state, batch.tries):
        raise Superseded


def _end(batch: ImportBatch, state: str, *, error: str = "") -> None:
    """Leave the working state, if this worker still holds it."""
    batch.error, batch.finished_at, batch.updated_at = error, timezone.now(), timezone.now()
    fields = ("read", "error", "finished_at", "updated_at", *_COUNTS)
    tries = batch.tries if state == Bs.FAILED else 0
    mine = ImportBatch.objects.filter(pk=batch.pk, state=batch.state, tries=batch.tries)
    if not mine.update(state=state, tries=tries, **{name: getattr(batch, name) for name in fields}):
        raise Superseded
    batch.state, batch.tries = state, tries


_COUNTS = ("created", "matched", "waiting", "claims_only", "changed", "unchanged", "rejected")


def _move(pk: int, states: tuple[str, ...], to: str, **fields: Any) -> bool:
    """Compare and set; False also where a worker has the batch locked."""
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        free = ImportBatch.objects.select_for_update(skip_locked=skip).filter(pk=pk, state__in=states)
        if free.values_list("pk").first() is None:
            return False
        ImportBatch.objects.filter(pk=pk).update(state=to, updated_at=timezone.now(), **fields)
        return True


@contextmanager
def _failing_in_words(batch: ImportBatch) -> Iterator[None]:
    """Keep whatever goes wrong as a sentence an editor can read; raise again what may pass by itself."""
    try:
        yield
    except Superseded:
        log.warning("import %s was taken up by another worker", batch.uid)
    except DatabaseError as error:
        log.exception("import %s", batch.uid)
        if batch.tries < MAX_TRIES:
            _move(batch.pk, (batch.state,), Bs.UPLOADED if batch.state == Bs.CHECKING else Bs.QUEUED)
            raise
        _fail(batch, f"The database did not take it ({error.__class__.__name__}). Nothing was brought in.")
    except Exception as error:
        log.exception("import %s", batch.uid)
        _fail(batch, f"Something unforeseen happened ({error.__class__.__name__}). Nothing was brought in.")


def _fail(batch: ImportBatch, text: str) -> None:
    ImportBatch.objects.filter(pk=batch.pk, state=batch.state, tries=batch.tries).update(
        state=Bs.FAILED, error=text, finished_at=timezone.now(), updated_at=timezone.now()
    )


# Progress and heartbeat


def progress(batch: ImportBatch) -> dict[str, Any]:
    """How far the batch is: a stage, how much of it is done and how much there is."""
    if batch.state in (Bs.CHECKING, Bs.APPLYING) and (found := cache.get(_key(batch))):
        return {name: found[name] for name in ("stage", "done", "total")}
    finished = batch.state not in BUSY
    return {"stage": batch.state, "done": batch.read if finished else 0, "total": batch.read}


def _key(batch: ImportBatch) -> str:
    return f"import:{batch.uid}:progress"


@contextmanager
def _beating(batch: ImportBatch) -> Iterator[Progress]:
    """A progress function; while it lives, a thread says that the worker does."""
    now: dict[str, Any] = {"stage": "starting", "done": 0, "total": 0}
    over = threading.Event()

    def tell() -> None:
        cache.set(_key(batch), now | {"at": time.time()}, KEPT_SECONDS)

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            tell()

    def report(stage: str, done: int, total: int) -> None:
        now.update(stage=stage, done=done, total=total)
        tell()

    tell()
    thread = threading.Thread(target=beat, name=f"import-{batch.uid}", daemon=True)
    thread.start()
    try:
        yield report
    finally:
        over.set()
        thread.join()
        cache.delete(_key(batch))


# What was rejected


def rejected_csv(batch: ImportBatch) -> Iterator[bytes]:
    """The rejected rows as they stood, with what is wrong. Mended, the file can be uploaded as it is."""
    content = ImportBatch.objects.values_list("content", flat=True).get(pk=batch.pk)
    rejected = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.REJECTED)
    rows = rejected.order_by("line", "pk").values_list("line", "raw", "problems").iterator(500)
    yield from rejected_lines(bytes(content), rows)


def rejected_lines(content: bytes, rows: Iterable[tuple[int, str, list[dict[str, str]]]]) -> Iterator[bytes]:
    """The file of the rejected `rows` (line, text, problems) of a file."""
    table = Table(content)
    kept = [at for at, name in enumerate(table.columns) if name not in PROBLEM_COLUMNS]
    yield b"\xef\xbb\xbf"
    yield _line(table.delimiter, [*(table.header[at] for at in kept), *PROBLEM_COLUMNS])
    for line, raw, problems in rows:
        cells = table.cells_of(raw)
        columns = ";".join(dict.fromkeys(one["column"] for one in problems if one["column"]))
        texts = " | ".join(
            f"{one['column']}: {one['text']}" if one["column"] else one["text"] for one in problems
        )
        yield _line(table.delimiter, [*(cells[at] for at in kept), str(line), columns, texts])


def _line(delimiter: str, cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(map(_harmless, cells))
    return out.getvalue().encode("utf-8", "replace")


def _harmless(cell: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe, which reading takes off again."""
    return f"'{cell}" if cell.startswith(FORMULA_START) and not _NUMBER.fullmatch(cell) else cell
