"""Tables of the column registry as CSV, streamed in constant memory, the same bytes on both engines.

RFC 4180 in UTF-8: a header, CRLF, cells quoted only where they need it. Days are YYYY-MM-DD, times
YYYY-MM-DDTHH:MM:SSZ, truth is true or false, numbers are in their shortest form (87, not 87.0), an unknown
value and an empty text are both empty. A text that a spreadsheet would take for a formula gets a leading
apostrophe; numbers never do.

On PostgreSQL the database writes the rows itself (COPY), about ten times as fast as Python could. SQLite
gives values, and Python writes them; `_postgres` and `_python` hold the same rules, type by type.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from queue import Empty, Full, Queue
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable

from ..record.columns import Column, Selection, Table, Type

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

BOM = b"\xef\xbb\xbf"
CHUNK = 64 * 1024
"""Bytes sent at a time."""
WAITING_CHUNKS = 8
"""How many chunks the database may be ahead of a slow reader."""
FORMULA = "^([\t\r\n]|[ \t\r\n\v\f\u00a0\u3000\ufeff]*[-=+@＝＋－＠])"
"""How a text begins that a spreadsheet may run, in a regular expression that both engines read alike."""
_formula = re.compile(FORMULA)


def stream(table: Table, selection: Selection, *, bom: bool = False) -> Iterator[bytes]:
    """The table's rows of `selection` as a CSV file in chunks of bytes, header first."""
    if table.rows is None:
        raise ValueError(f"The table {table.name} is not published.")
    rows = table.rows(selection)
    connection = connections[rows.db]
    yield (BOM if bom else b"") + ",".join(table.names).encode() + b"\r\n"
    if connection.vendor == "postgresql":
        yield from _copied(values(table, rows, in_database=True), connection)
    else:
        yield from _written(table, values(table, rows, in_database=False))


def values(table: Table, rows: QuerySet[Any], *, in_database: bool) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows as tuples in the order of the table's columns; `in_database` has them as text already."""
    made: dict[str, Combinable] = {}
    names: list[str] = []
    for column in table.columns:
        value = _value(column, in_database=in_database)
        # A field that stands there as it is needs no expression of its own.
        if isinstance(value, str) and value not in names:
            names.append(value)
        else:
            made[f"_{column.name}"] = F(value) if isinstance(value, str) else value
            names.append(f"_{column.name}")
    found: QuerySet[Any, tuple[Any, ...]] = rows.annotate(**made).values_list(*names)
    return found


def _value(column: Column, *, in_database: bool) -> Combinable | str:
    value = _postgres(column.type, column.source) if in_database else column.source
    if column.hidden_if is None:
        return value
    # Nothing in rows where it would tell where a sensitive patrol was.
    return Case(When(column.hidden_if, then=Value(None)), default=value)


# PostgreSQL: the database writes


class Sql(Func):
    """One argument in a template that may name it (`{x}`) more than once."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, params = compiler.compile(self.source_expressions[0])
        times = self.extra["template"].count("{x}")
        return self.extra["template"].replace("{x}", sql), [*params] * times


TEMPLATES = {
    Type.TIME: """to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
    Type.BOOLEAN: "CASE WHEN {x} THEN 'true' WHEN NOT {x} THEN 'false' END",
    Type.NAMES: (
        "CASE WHEN {x} <> '[]' AND jsonb_typeof({x}) = 'array' THEN (SELECT string_agg(one, ';' ORDER BY n) "
        "FROM jsonb_array_elements_text({x}) WITH ORDINALITY AS list(one, n)) END"
    ),
    Type.STOPS: (
        "CASE WHEN jsonb_typeof({x}) = 'array' THEN (SELECT string_agg(one ->> 'name', ';' ORDER BY n) "
        "FROM jsonb_array_elements({x}) WITH ORDINALITY AS list(one, n)) END"
    ),
    Type.SIDES: (
        "CASE WHEN jsonb_typeof({x}) = 'object' THEN "
        "(SELECT string_agg(side || ':' || amount::text::float8, ';' "
        """ORDER BY side COLLATE "C") FROM jsonb_each({x}) AS list(side, amount) """
        "WHERE jsonb_typeof(amount) = 'number') END"
    ),
}


def _postgres(kind: Type, value: Combinable | str) -> Combinable | str:
    """The value as COPY is to write it."""
    if kind in TEMPLATES:
        value = Sql(value, template=TEMPLATES[kind])
    if kind in (Type.INTEGER, Type.NUMBER, Type.DATE, Type.TIME, Type.BOOLEAN):
        return value
    if kind in (Type.URL, Type.VAGUE_DATE):
        # They begin with a letter or a digit, and nothing that would have to be guarded.
        return Sql(value, template="NULLIF({x}, '')")
    # What is worked out for each row stands once in the query, or it would be worked out again.
    return Sql(value, template=GUARDED if kind in TEMPLATES else GUARDED_IF_NEEDED)


GUARDED = "regexp_replace(NULLIF({x}, ''), '" + FORMULA + r"', '''\1')"
GUARDED_IF_NEEDED = (
    "CASE WHEN ascii({x}) BETWEEN 65 AND 159 OR ascii({x}) BETWEEN 48 AND 57 THEN {x} "
    "ELSE " + GUARDED + " END"
)
"""A text that begins with a plain letter or a digit needs no regular expression, which takes much longer."""


def _copied(rows: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> Generator[bytes]:
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return
    copy = f"COPY ({connection.ops.compose_sql(sql, params)}) TO STDOUT WITH (FORMAT csv)"  # type: ignore[attr-defined]
    # Inside a transaction only its own connection sees what it has written so far.
    yield from (
        _copied_to_file(copy, connection) if connection.in_atomic_block else _copied_ahead(copy, connection)
    )


class _Rows:
    """What COPY writes to, a row at a time: rows end in CRLF here, and go on in chunks."""

    def __init__(self, send: Callable[[bytes], Any]) -> None:
        self.send = send
        self.rows: list[bytes] = []
        self.size = 0

    def write(self, row: bytes) -> None:
        self.rows.append(row[:-1])
        self.size += len(row)
        if self.size >= CHUNK:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            self.rows.append(b"")
            self.send(b"\r\n".join(self.rows))
            self.rows, self.size = [], 0


def _copied_to_file(copy: str, connection: BaseDatabaseWrapper) -> Iterator[bytes]:
    with TemporaryFile() as file:
        rows = _Rows(file.write)
        with connection.cursor() as cursor:
            cursor.copy_expert(copy, rows)
        rows.flush()
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


class _Abandoned(Exception):
    """The reader has gone away."""


def _copied_ahead(copy: str, connection: BaseDatabaseWrapper) -> Iterator[bytes]:
    """COPY writes in a thread, on a connection of its own, a few chunks ahead of the reader.

    An error of the database is raised here, so that the download breaks off visibly. When the reader goes
    away, the query is cancelled and the connection closed.
    """
    own = connection.copy()
    own.ensure_connection()
    link = own.connection
    chunks: Queue[bytes | BaseException | None] = Queue(WAITING_CHUNKS)
    gone = Event()

    def send(chunk: bytes | BaseException | None) -> None:
        while not gone.is_set():
            with suppress(Full):
                chunks.put(chunk, timeout=0.2)
                return
        raise _Abandoned

    def write() -> None:
        rows = _Rows(send)
        try:
            with link.cursor() as cursor:
                cursor.copy_expert(copy, rows)
            rows.flush()
            send(None)
        except BaseException as error:
            with suppress(_Abandoned):
                send(error)

    writer = Thread(target=write, name="csv-export", daemon=True)
    writer.start()
    try:
        while (chunk := chunks.get()) is not None:
            if isinstance(chunk, BaseException):
                raise chunk
            yield chunk
    finally:
        gone.set()
        if writer.is_alive():
            with suppress(Exception):
                link.cancel()
            with suppress(Empty):
                while True:
                    chunks.get_nowait()
        writer.join()
        own.close()


# SQLite: Python writes


def _written(table: Table, rows: QuerySet[Any, tuple[Any, ...]]) -> Iterator[bytes]:
    return _lines(table, rows.iterator(chunk_size=2000))


def written(table: Table, rows: Iterable[tuple[Any, ...]], *, bom: bool = False) -> Iterator[bytes]:
    """Rows that no query gives, such as a ledger's, as a CSV file by the same rules, header first."""
    yield (BOM if bom else b"") + ",".join(table.names).encode() + b"\r\n"
    yield from _lines(table, rows)


def _lines(table: Table, rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    as_cells = cells(table.columns)
    for row in rows:
        writer.writerow(as_cells(row))
        if text.tell() >= CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    if text.tell():
        yield text.getvalue().encode()


def cells(columns: Iterable[Column], *, guard: bool = True) -> Callable[[Iterable[Any]], list[str]]:
    """What writes the values of one row, in the order of `columns`, as cells; `guard` is for spreadsheets."""
    writers = [_python(column.type, guarded if guard else str) for column in columns]
    return lambda row: [
        "" if value is None else write(value) for write, value in zip(writers, row, strict=True)
    ]


def _python(kind: Type, text: Callable[[str], str]) -> Callable[[Any], str]:
    """The function that writes a value of that type, texts by `text`; it never gets None."""
    match kind:
        case Type.INTEGER:
            return str
        case Type.NUMBER:
            return shortest
        case Type.DATE:
            return date.isoformat
        case Type.TIME:
            return _time
        case Type.BOOLEAN:
            return lambda value: "true" if value else "false"
        case Type.NAMES:
            return lambda value: text(_joined(_elements(value)))
        case Type.STOPS:
            return lambda value: text(
                _joined(stop.get("name") for stop in _elements(value) if isinstance(stop, dict))
            )
        case Type.SIDES:
            return lambda value: text(_sides(value))
    return text


def guarded(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if _formula.match(text) else text


def shortest(number: float) -> str:
    """The shortest text that reads back as `number`, written as PostgreSQL writes it."""
    mantissa, _, exponent = repr(float(number)).partition("e")
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    whole, _, fraction = digits.partition(".")
    # Digits without point and leading zeros, and the power of ten of the first one.
    plain = (whole + fraction).lstrip("0")
    power = int(exponent or 0) + len(whole) - 1 - (len(whole + fraction) - len(plain))
    plain = plain.rstrip("0")
    if not plain:
        return f"{sign}0"
    if not -5 < power < 15:
        rest = f".{plain[1:]}" if len(plain) > 1 else ""
        return f"{sign}{plain[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{plain}"
    plain = plain.ljust(power + 1, "0")
    return f"{sign}{plain[: power + 1]}" + (f".{plain[power + 1 :]}" if len(plain) > power + 1 else "")


def _time(value: datetime) -> str:
    return value.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _joined(names: Iterable[Any]) -> str:
    return ";".join(str(name) for name in names if name is not None)


def _sides(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return ";".join(
        f"{side}:{shortest(amount)}"
        for side, amount in sorted(value.items())
        if isinstance(amount, int | float) and not isinstance(amount, bool)
    )
