"""Many rows at once, with their history: COPY where PostgreSQL is, Django's bulk insert elsewhere.

An import writes a dozen rows for every row that it reads. History is copied inside the database from the rows
that were just written, which is both fast and sure to be what was stored.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Generic, TypeVar

import orjson
from django.contrib.auth.models import User
from django.db import connection, models
from django.db.models.base import ModelState
from django.utils import timezone

from .changes import record_changed

M = TypeVar("M", bound=models.Model)

BATCH = 1000
FEW = 50
"""From so many rows on, COPY is worth its set-up."""

CHUNK = 1 << 16
"""Characters handed to PostgreSQL at once."""

NULL = "\x01N"
"""What stands for NULL in the copied text; no text of the record can be just this."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic garbage collector for a while.

    An import makes some hundred thousand objects that all live until it ends; searching them for cycles
    again and again would take a sixth of its time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Blank(Generic[M]):
    """What `new` makes rows of one table from."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._values = {name: value for name, value in vars(model()).items() if name != "_state"}
        fresh = {name: type(value) for name, value in self._values.items() if value in ([], {})}
        self._related = {
            field.name: field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
        }
        self._drawn: dict[str, Callable[[], Any]] = fresh | {
            field.attname: field.get_default
            for field in model._meta.concrete_fields
            if callable(field.default) and field.attname not in fresh
        }

    def make(self, values: dict[str, Any]) -> M:
        row = self._model.__new__(self._model)
        state = ModelState()
        filled = row.__dict__
        filled.update(self._values)
        filled["_state"] = state
        for name, draw in self._drawn.items():
            if name not in values:
                filled[name] = draw()
        filled.update(values)
        for name, attname in self._related.items():
            if name in values:
                value = filled.pop(name)
                filled[attname] = None if value is None else value.pk
                state.fields_cache[name] = value
        return row


@cache
def _blank(model: type[M]) -> _Blank[M]:
    return _Blank(model)


def new(model: type[M], **values: Any) -> M:
    """A new, unsaved row, as `model(**values)` makes it, in a fifth of the time and without signals.

    Names are not checked: give fields, or the key columns of foreign keys, and nothing else.
    """
    made: M = _blank(model).make(values)
    return made


def create(model: type[M], rows: Sequence[M]) -> None:
    """Insert new rows and give them their keys. Like `bulk_create`: no signals, no `save`."""
    if not rows:
        return
    if connection.vendor == "postgresql" and len(rows) >= FEW:
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def create_with_history(model: type[M], rows: Sequence[M], *, why: str, user: User | None = None) -> None:
    """Insert new rows of a table with history, and the first line of each one's history."""
    create(model, rows)
    keep_history(model, rows, kind="+", why=why, user=user)


def delete_with_history(model: type[M], rows: Sequence[M], *, why: str, user: User | None = None) -> None:
    """Delete rows with what hangs on them, and the last line of each one's history.

    References to them are emptied or go along, as the fields say, one level deep; the database refuses to
    leave any other reference behind.
    """
    keep_history(model, rows, kind="-", why=why, user=user)
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel):
                continue
            name = relation.field.name
            hanging = relation.related_model._base_manager.filter(**{f"{name}__in": part})
            if relation.on_delete is models.SET_NULL:
                hanging.update(**{name: None})
            elif relation.on_delete is models.CASCADE:
                hanging._raw_delete(hanging.db)
        gone = model._base_manager.filter(pk__in=part)
        gone._raw_delete(gone.db)
    record_changed.send(sender=None)


def keep_history(model: type[M], rows: Sequence[M], *, kind: str, why: str, user: User | None = None) -> None:
    """Write the rows, as they are stored now, into their history. `kind` is "+", "~" or "-"."""
    history: Any = model.history.model  # type: ignore[attr-defined]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in history.tracked_fields)
    own = ("history_date", "history_change_reason", "history_type", "history_user_id")
    into = f"INSERT INTO {quote(history._meta.db_table)} ({columns}, {', '.join(map(quote, own))})"
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    keys = [row.pk for row in rows]
    # PostgreSQL would take a bare value in a SELECT for text.
    moment = "CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s"
    with connection.cursor() as cursor:
        for start in range(0, len(keys), BATCH):
            part = keys[start : start + BATCH]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f"{into} SELECT {columns}, {moment}, %s, %s, CAST(%s AS integer) FROM {table} "
                f"WHERE {key} IN ({marks}) ORDER BY {key}",
                [
                    connection.ops.adapt_datetimefield_value(timezone.now()),
                    why,
                    kind,
                    user.pk if user else None,
                    *part,
                ],
            )


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, model._meta.pk.column, len(rows)],
        )
        _complete(fields, rows, [value for (value,) in cursor.fetchall()])
        file = _Lines(_lines(fields, rows))
        with connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (NULL '{NULL}')", file, CHUNK)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


class _Lines:
    """A file whose lines are made as it is read, so that the database takes some in while others are made."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, size: int) -> str:
        taken, length = [], 0
        for line in self._lines:
            taken.append(line)
            length += len(line)
            if length >= size:
                break
        return "".join(taken)


def _complete(
    fields: Sequence[models.Field[Any, Any]], rows: Sequence[models.Model], keys: Sequence[int]
) -> None:
    """Give rows their keys, their time stamps, and the keys of related rows that were saved meanwhile."""
    now = timezone.now()
    stamped = [
        f.attname for f in fields if getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False)
    ]
    related = [field for field in fields if isinstance(field, models.ForeignKey)]
    own = next(field.attname for field in fields if field.primary_key)
    for row, key in zip(rows, keys, strict=True):
        values = vars(row)
        for field in related:
            if values[field.attname] is None and (other := field.get_cached_value(row, None)):
                values[field.attname] = other.pk
        for name in stamped:
            values[name] = now
        if values[own] is None:
            values[own] = key


def _lines(fields: Sequence[models.Field[Any, Any]], rows: Sequence[models.Model]) -> Iterator[str]:
    """Rows in COPY's text format."""
    values_of = itemgetter(*(field.attname for field in fields))
    special = [(at, write) for at, field in enumerate(fields) if (write := _writer(field))]
    tabs = len(fields) - 1
    for row in rows:
        values = list(values_of(vars(row)))
        for at, write in special:
            if values[at] is not None:
                values[at] = write(values[at])
        cells = [NULL if value is None else value if type(value) is str else str(value) for value in values]
        line = "\t".join(cells)
        if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != tabs:
            line = "\t".join(cell.translate(_ESCAPES) for cell in cells)
        yield line
        yield "\n"


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], str] | None:
    """How a field's value is written where its text is not the value's own."""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.BinaryField):
        return lambda value: "\\x" + bytes(value).hex()
    if isinstance(field, models.DateField):
        # Many rows have the same day or moment, and writing one takes longer than finding it.
        return lru_cache(maxsize=4096)(str)
    return None


def _json(value: Any) -> str:
    if not value and isinstance(value, (list, dict)):
        return "[]" if isinstance(value, list) else "{}"
    return orjson.dumps(value).decode()
