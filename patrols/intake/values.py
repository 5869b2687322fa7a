"""From the cells of one row to typed values, with every problem of the row told at once.

Nothing is guessed: a cell is either what its column says it is, or a problem with the value that was found
and what is allowed. An empty cell means that the report does not say.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from patrols.models import DatePrecision
from patrols.record.columns import IMPORT, Type
from patrols.record.facts import When

from .tabular import SIDE_COLUMN, Problem, shorten

EARLIEST_YEAR = 1900
LARGEST = 100_000
"""The largest figure that a count or an amount may have."""

TOTAL = "total"
PRECISIONS = {"day": DatePrecision.DAY, "month": DatePrecision.MONTH, "year": DatePrecision.YEAR}

LENGTHS: Mapping[str, int] = {
    "row": 100,
    "programme": 80,
    "sector": 200,
    "start_place": 200,
    "end_place": 200,
    "waypoints": 2000,
    "forces": 300,
    "air_support": 200,
    "incident_note": 500,
    "note": 10_000,
    "source_name": 200,
    "source_url": 1000,
}
"""The longest cells that the tables can hold."""
MAX_PLACE = 200
_ADDRESS = re.compile(r"(https?://[^\s/?#]+)(?:[/?#]\S*)?", re.IGNORECASE)
_URL = URLValidator(schemes=["http", "https"])
_WHOLE = re.compile(r"[0-9]{1,9}(?:\.0+)?")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]+|,[0-9]{1,2})?")
_SIGNED = re.compile(r"[-−–]\s*[0-9]+(?:[.,][0-9]+)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2})?")
_POINT = re.compile(r"(\d{4})(?:-(\d{2}|XX))?(?:-(\d{2}|XX))?")


class Wrong(ValueError):
    """A value that is not allowed. The text says why and what is."""


@dataclass(slots=True)
class Row:
    """The typed values of a row. What the report does not say is None or ""."""

    text: dict[str, str] = field(default_factory=dict)
    """By column: texts, codes and the address, without those that are empty."""
    figures: dict[str, float] = field(default_factory=dict)
    personnel_by_side: dict[str, int] = field(default_factory=dict)
    vehicles_by_side: dict[str, int] = field(default_factory=dict)
    dates: dict[str, When] = field(default_factory=dict)

    def whole(self, column: str) -> int | None:
        value = self.figures.get(column)
        return None if value is None else int(value)


def parse(cells: Mapping[str, str], today: date) -> tuple[Row, list[Problem]]:
    """The values of a row and all that is wrong with it."""
    row, problems = Row(), list[Problem]()
    for column, cell in cells.items():
        if not cell or not (reader := _reader(column)):
            continue
        try:
            reader(row, cell)
        except Wrong as wrong:
            problems.append(Problem(column, f"“{shorten(cell)}” {wrong}"))
    problems += _across(row, cells, today, {problem.column for problem in problems})
    return row, problems


@lru_cache(maxsize=512)
def _reader(column: str) -> Callable[[Row, str], None] | None:
    """What reads a cell of the column; None for a column that is not read."""
    if column in IMPORT.by_name and column in _SPECIAL:
        return _SPECIAL[column]
    if side := SIDE_COLUMN.fullmatch(column):
        return _side(side[1], side[2].upper())
    if column not in IMPORT.by_name:
        return None
    definition = IMPORT.by_name[column]
    if definition.type in (Type.INTEGER, Type.NUMBER):
        number = whole_number if definition.type is Type.INTEGER else decimal_number

        def read_figure(row: Row, cell: str) -> None:
            row.figures[column] = number(cell)

        return read_figure
    if definition.type in (Type.DATE, Type.VAGUE_DATE):

        def read_date(row: Row, cell: str) -> None:
            row.dates[column] = vague_date(cell)

        return read_date
    codes = definition.codes if column != "statement_by" else {}
    length = LENGTHS.get(column, 200)
    lines = column == "note"

    def read_text(row: Row, cell: str) -> None:
        if codes and cell not in codes:
            raise Wrong(f"is not allowed here. Allowed: {', '.join(codes)}, or empty.")
        if len(cell) > length:
            raise Wrong(f"has {len(cell):,} characters; at most {length:,} are allowed.")
        row.text[column] = cell if lines else " ".join(cell.split())

    return read_text


def _side(what: str, country: str) -> Callable[[Row, str], None]:
    def read_side(row: Row, cell: str) -> None:
        sides = row.personnel_by_side if what == "personnel" else row.vehicles_by_side
        sides[country] = whole_number(cell)

    return read_side


def whole_number(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise Wrong(_no_number(cell, "a whole number such as 8"))
    return int(_in_range(float(cell)))


def decimal_number(cell: str) -> float:
    """A number with a decimal point, or with a comma where that cannot be a thousands separator."""
    if not _DECIMAL.fullmatch(cell):
        raise Wrong(_no_number(cell, "a number such as 8 or 8.5"))
    return _in_range(float(cell.replace(",", ".")))


def _no_number(cell: str, wanted: str) -> str:
    if _SIGNED.fullmatch(cell):
        return "is negative. Give 0 or more, or leave the cell empty where the report does not say."
    if re.match(r"[^0-9]{0,8}[0-9]", cell):
        return f"is not a plain number. Give {wanted} alone, without unit, sign, range or word."
    return f"is not a number. Give {wanted}, or leave the cell empty where the report does not say."


def _in_range(value: float) -> float:
    if value > LARGEST:
        raise Wrong(f"is too large; at most {LARGEST:,} is allowed.")
    return value


def vague_date(cell: str) -> When:
    """A day, month or year in ISO 8601, EDTF's XX for what is not known, or two of these with / between."""
    first, slash, last = cell.partition("/")
    start = _point(first.strip())
    if not slash:
        return start
    end = _point(last.strip())
    if end.end < start.start:
        raise Wrong("ends before it starts.")
    days = (end.end - start.start).days + 1
    precision = 1 if days == 1 else 2 if days < 7 else 3 if days < 28 else 4 if days <= 31 else 5
    return When(start.start, end.end, max(precision, start.precision, end.precision))


@lru_cache(maxsize=4096)
def _point(cell: str) -> When:
    match = _POINT.fullmatch(cell)
    if match is None:
        raise Wrong("is not a date. Give 2019-11-01, 2019-11 or 2019.")
    year, month, day = (int(part) if part and part != "XX" else None for part in match.groups())
    if year is None or year < EARLIEST_YEAR:
        raise Wrong(f"lies before {EARLIEST_YEAR}.")
    try:
        if month is None:
            if day is not None:
                raise ValueError
            return When(date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR)
        if day is None:
            end = date(year, month, 1).replace(day=monthrange(year, month)[1])
            return When(date(year, month, 1), end, DatePrecision.MONTH)
        return When(date(year, month, day), date(year, month, day), DatePrecision.DAY)
    except ValueError as error:
        raise Wrong("is a date that does not exist.") from error


def read_places(cell: str) -> list[str]:
    """The places of a list of waypoints, in order."""
    return [" ".join(part.split()) for part in cell.split(";") if part.strip()]


def _read_waypoints(row: Row, cell: str) -> None:
    places = read_places(cell)
    if len(cell) > LENGTHS["waypoints"]:
        raise Wrong(f"has {len(cell):,} characters; at most {LENGTHS['waypoints']:,} are allowed.")
    if any(len(place) > MAX_PLACE for place in places):
        raise Wrong(f"names a place in more than {MAX_PLACE} characters. Put ; between the places.")
    row.text["waypoints"] = ";".join(places)


def _read_address(row: Row, cell: str) -> None:
    if len(cell) > LENGTHS["source_url"]:
        raise Wrong(f"has {len(cell):,} characters; at most {LENGTHS['source_url']:,} are allowed.")
    match = _ADDRESS.fullmatch(cell)
    if match is None or not _is_site(match[1]):
        raise Wrong("is not an address. Give the whole of it, with http:// or https://.")
    row.text["source_url"] = cell


@lru_cache(maxsize=4096)
def _is_site(address: str) -> bool:
    """Whether scheme, host and port are what the record's own address field takes."""
    try:
        _URL(address)
    except ValidationError:
        return False
    return True


def _read_language(row: Row, cell: str) -> None:
    if not _LANGUAGE.fullmatch(cell.lower()):
        raise Wrong("is not a language. Give its ISO 639-1 code, such as tr.")
    row.text["source_lang"] = cell.lower()


_SPECIAL: Mapping[str, Callable[[Row, str], None]] = {
    "waypoints": _read_waypoints,
    "source_url": _read_address,
    "source_lang": _read_language,
}


def _across(row: Row, cells: Mapping[str, str], today: date, wrong: set[str]) -> list[Problem]:
    """What is wrong between the cells of a row, those that are wrong by themselves aside."""
    problems = [
        Problem(column, "is empty. It must be given.")
        for column in ("programme", "source_name", "source_url")
        if not cells.get(column)
    ]
    if "date" not in wrong and "date_precision" not in wrong:
        problems += _dated(row)
    problems += [
        Problem(column, f"“{shorten(cells[column])}” lies in the future. Only what has happened is recorded.")
        for column, when in row.dates.items()
        if when.start > today or (when.end > today and when.precision < DatePrecision.MONTH)
    ]
    start, end = row.dates.get("claim_from"), row.dates.get("claim_to")
    if start and end and end.end < start.start:
        problems.append(
            Problem("claim_to", f"“{shorten(cells['claim_to'])}” lies before claim_from. Give a later one.")
        )
    if (start or end) and "claim_count" not in row.figures and "claim_count" not in wrong:
        problems.append(Problem("claim_count", "is empty, but claim_from or claim_to is given."))
    return problems


def _dated(row: Row) -> list[Problem]:
    """Widen the date to the precision that the row gives; a date cannot be sharper than it is written."""
    when, name = row.dates.get("date"), row.text.get("date_precision", "")
    if when is None:
        return [Problem("date", f"is empty, but date_precision says {name}.")] if name else []
    if name:
        wanted = PRECISIONS[name]
        if when.precision > wanted:
            return [Problem("date", f"gives no {name}, but date_precision says {name}.")]
        if wanted > when.precision and when.precision == DatePrecision.DAY:
            text = when.start.isoformat()[: 7 if wanted == DatePrecision.MONTH else 4]
            when = vague_date(text)
    stated = row.text.get("date_basis") != "worked_out"
    row.dates["date"] = When(when.start, when.end, when.precision, stated)
    return []
