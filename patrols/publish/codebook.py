"""The codebook: every table and column from the registry, with an example and how often it is empty.

context(revision)    what a page shows
as_markdown(...)     the same as a file, for the data package
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from ..insight.books import Books
from ..models import Patrol, Programme
from ..record.columns import LEDGER, TABLES, Column, Selection, Table
from .cite import LICENCE
from .csv import cells, values

SAMPLE = 2_000
"""Rows, in the table's own order, that examples and shares are taken from."""
LONG = 80

CHANGES: tuple[tuple[str, str], ...] = (
    ("2026-11-29", "The ledger of a programme, until now without an entry, has its chapter."),
    ("2026-11-25", "First codebook: fifteen tables. Columns are only ever added; none has been renamed."),
)
"""Every change to a column or its codes, the latest first; tools that read files rely on it."""

RULES: tuple[tuple[str, str], ...] = (
    (
        "What is included",
        "A patrol is in the record when a published report tells of one occasion on which forces of at least "
        "two states patrolled together, set out to, or called it off. Patrols of one side alone are not, "
        "unless the other failed to come to a joint one. A total without single patrols is kept as a claim.",
    ),
    (
        "Sources",
        "Statements of ministries and forces, news agencies, local reporters and monitors, in any language. "
        "Each report is kept with its publisher, address, day and language; texts are not republished.",
    ),
    (
        "How sources are graded",
        "A participant's own statement weighs 3, an agency or monitor with its own reporting 2, a report "
        "that repeats others 1. Editors grade publishers by reliability, each grade with its reason.",
    ),
    (
        "How a figure is adopted",
        "The value with the greatest weight; among equals the earliest. Low and high are the lowest and "
        "highest that any account gives. Where participants' own statements exclude each other, the fact "
        "is contested.",
    ),
    ("What empty means", "Not known. An empty cell is never zero, and no value is ever guessed."),
    (
        "What is held back",
        "A patrol is public 72 hours after its end at the earliest. Positions lie on a coarse grid; where "
        "exactness could harm somebody, they and the names of places are coarser still.",
    ),
    (
        "Corrections",
        "Anything that is wrong is put right, and each public change has its line with a reason in the log "
        "of corrections. Withdrawn ids stay in the table of deletions for ever and are not used again.",
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One column as the codebook shows it."""

    column: Column
    example: str
    empty: float | None
    """Share of empty cells, 0 to 1; None where the table has no rows."""

    @property
    def empty_text(self) -> str:
        if self.empty is None:
            return ""
        if 0 < self.empty < 0.01:
            return "< 1 %"
        return f"{self.empty:.0%}".replace("%", " %")


@dataclass(frozen=True, slots=True)
class Chapter:
    table: Table
    rows: int
    """How many rows were looked at."""
    entries: tuple[Entry, ...]


@lru_cache(maxsize=2)
def chapters(_revision: str) -> tuple[Chapter, ...]:
    """Every published table as anybody sees it; worked out once for each data revision."""
    everything = Selection(patrols=Patrol.objects.visible_to(None), user=None)
    return (
        *(_chapter(table, _rows(table, everything)) for table in TABLES.values()),
        _chapter(LEDGER, chain.from_iterable(Books.of(one, None).rows() for one in Programme.objects.all())),
    )


def context(revision: str) -> dict[str, Any]:
    """What the templates of the codebook show."""
    return {"chapters": chapters(revision), "rules": RULES, "changes": CHANGES}


def _rows(table: Table, selection: Selection) -> Iterable[tuple[Any, ...]]:
    assert table.rows is not None
    return values(table, table.rows(selection), in_database=False)[:SAMPLE]


def _chapter(table: Table, rows: Iterable[tuple[Any, ...]]) -> Chapter:
    as_cells = cells(table.columns)
    seen = [as_cells(row) for row in islice(rows, SAMPLE)]
    entries = []
    for number, column in enumerate(table.columns):
        filled = [row[number] for row in seen if row[number]]
        example = next(
            (text for text in filled if len(text) <= LONG), filled[0][:LONG] + "…" if filled else ""
        )
        empty = 1 - len(filled) / len(seen) if seen else None
        entries.append(Entry(column, example, empty))
    return Chapter(table, len(seen), tuple(entries))


def as_markdown(found: Iterable[Chapter], version: str) -> str:
    """The whole codebook as one Markdown file."""
    lines = ["# PatrolWatch codebook", "", f"{version}. {LICENCE}.", ""]
    for title, text in RULES:
        lines += [f"## {title}", "", text, ""]
    for chapter in found:
        lines += [f"## {chapter.table.name}", "", chapter.table.description, ""]
        lines += [
            "| column | type | meaning | made | example | empty |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for entry in chapter.entries:
            column = entry.column
            kind = f"{column.type.value}, {column.unit}" if column.unit else column.type.value
            meaning = column.meaning
            if column.codes:
                meaning += " Codes: " + "; ".join(f"`{code}` {told}" for code, told in column.codes.items())
            parts = (f"`{column.name}`", kind, meaning, column.made.value, entry.example, entry.empty_text)
            lines.append("| " + " | ".join(_in_table(part) for part in parts) + " |")
        lines.append("")
    lines += ["## Changes to columns", ""]
    lines += [f"- {day}: {text}" for day, text in CHANGES]
    return "\n".join(lines) + "\n"


def _in_table(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
