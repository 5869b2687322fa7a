"""What an analysis comes to: a table that the page shows, the file holds and the chart is drawn from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format, number_format

from .material import Group, Material, PatrolRow
from .rhythm import Period

FORMULA = re.compile("[\t\r\n]|[ \t\r\n\v\f\u00a0\u3000\ufeff]*[-=+@＝＋－＠]")
"""How a text begins that a spreadsheet may run."""


class Kind(StrEnum):
    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    """0 to 1 in files, per cent on pages."""
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    """In files and in charts; never translated."""
    label: str
    kind: Kind = Kind.TEXT
    in_page: bool = True
    in_file: bool = True

    @property
    def is_figure(self) -> bool:
        return self.kind in (Kind.COUNT, Kind.NUMBER, Kind.SHARE)

    def shown(self, value: Any) -> str:
        """The value as a page writes it; unknown is empty, which is not 0."""
        if value is None:
            return ""
        match self.kind:
            case Kind.COUNT:
                return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)
            case Kind.NUMBER:
                return plain_number(value)
            case Kind.SHARE:
                return f"{number_format(round(100 * value), use_l10n=True)} %"
            case Kind.DAY:
                return date_format(value, "j M Y")
        return str(value)


def plain_number(value: float) -> str:
    """To one decimal below 100, whole above and where it is whole."""
    # Rounded here: number_format cuts off what it does not show.
    rounded = round(value) if abs(value) >= 100 else round(value, 1)
    places = 0 if float(rounded).is_integer() else 1
    return number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    columns: Sequence[Column]
    rows: Sequence[tuple[Any, ...]]
    by: str = ""
    """Name of the column that names what a row is of, as the chart labels it."""
    counted: bool = False
    """Its chart writes the number of patrols behind each name, for a share says nothing without it."""
    colours: Mapping[str, int] = field(default_factory=dict)
    """Text in the table -> number of the stylesheet's colour; 0 is what is not known."""
    notes: Sequence[str] = ()
    """What the figures of this selection leave out or come to, a sentence each."""

    def records(self) -> list[dict[str, Any]]:
        """The rows as the chart takes them: by column name, days in ISO form."""
        names = [column.name for column in self.columns]
        return [
            {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in zip(names, row, strict=True)
            }
            for row in self.rows
        ]

    def page_rows(self, most: int) -> list[list[tuple[Column, str]]]:
        """The first `most` rows as (column, text) of the columns that pages show."""
        return [
            [
                (column, column.shown(value))
                for column, value in zip(self.columns, row, strict=True)
                if column.in_page
            ]
            for row in self.rows[:most]
        ]

    @property
    def page_columns(self) -> list[Column]:
        return [column for column in self.columns if column.in_page]

    def label(self, name: str) -> str:
        return next(column.label for column in self.columns if column.name == name)

    def as_csv(self) -> str:
        """RFC 4180 with a header: ISO days, shares from 0 to 1, unknown empty, no text that runs."""
        made = io.StringIO()
        writer = csv.writer(made, lineterminator="\r\n")
        kept = [at for at, column in enumerate(self.columns) if column.in_file]
        writer.writerow(self.columns[at].name for at in kept)
        writer.writerows([_written(row[at]) for at in kept] for row in self.rows)
        return made.getvalue()


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}" if not value.is_integer() else str(int(value))
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Part:
    """The patrols of one programme, or of one year where only one programme was asked for."""

    slug: str
    name: str
    colour: int
    patrols: Sequence[PatrolRow]


@dataclass(frozen=True, slots=True)
class Parts:
    by: str
    """"programme" or "year"."""
    parts: Sequence[Part]

    def columns(self, programme: str, year: str) -> list[Column]:
        """The columns that name a part; the labels are the caller's, in the reader's language."""
        if self.by == "year":
            return [Column("name", year)]
        return [Column("programme", programme, in_page=False), Column("name", programme)]

    def names(self, part: Part) -> tuple[str, ...]:
        return (part.name,) if self.by == "year" else (part.slug, part.name)

    @property
    def colours(self) -> dict[str, int]:
        return {part.name: part.colour for part in self.parts}


def parts(material: Material, undated: str, patrols: Iterable[PatrolRow] | None = None) -> Parts:
    """By programme, most patrols first; by year where there is one programme only.

    `undated` names the part of the patrols whose year is not known.
    """
    rows = list(material.patrols if patrols is None else patrols)
    programmes = {row.programme for row in material.patrols}
    if len(programmes) != 1:
        found: dict[str, list[PatrolRow]] = {slug: [] for slug in material.programmes}
        for row in rows:
            found.setdefault(row.programme, []).append(row)
        return Parts(
            "programme",
            [
                Part(group.slug, group.name, group.colour, found[group.slug])
                for group in material.programmes.values()
                if found[group.slug]
            ],
        )
    colour = group_of(material, next(iter(programmes))).colour
    years: dict[str, list[PatrolRow]] = {}
    for row in rows:
        years.setdefault(_year(row), []).append(row)
    named = [(year or undated, years[year]) for year in sorted(years, key=lambda year: (not year, year))]
    return Parts("year", [Part(name, name, colour, found) for name, found in named])


def _year(row: PatrolRow) -> str:
    span = row.span
    if span is None or not (row.exact or Period.YEAR.start(span.last) == Period.YEAR.start(span.first)):
        return ""
    return str(span.first.year)


def group_of(material: Material, slug: str) -> Group:
    return material.programmes.get(slug) or Group(slug, slug)
