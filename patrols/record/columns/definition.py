"""What a column and a table of the registry are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from ...models.record import PatrolQuerySet


class Type(StrEnum):
    """How a value is written in a file; the value is what the codebook calls it.

    The last five are lists or kept as JSON in the record: their elements are joined with ";".
    """

    TEXT = "text"
    CODE = "code"
    """One of a closed set of names, or an id: never formula-like, never translated."""
    URL = "address"
    INTEGER = "whole number"
    NUMBER = "number"
    DATE = "date"
    VAGUE_DATE = "day, month or year"
    TIME = "time (UTC)"
    BOOLEAN = "true or false"
    LIST = "list"
    """A text that holds ";" between its elements already."""
    NAMES = "list of names"
    """From a JSON list of strings."""
    STOPS = "list of places"
    """The names of a JSON list of stops, in order."""
    SIDES = "list of code:number"
    """From a JSON object of numbers, in order of its codes."""


LISTS = (Type.LIST, Type.NAMES, Type.STOPS, Type.SIDES)
"""Types of several values in one cell."""


class Made(StrEnum):
    """Where a value comes from."""

    ADOPTED = "adopted"
    """Chosen from the accounts by the rule of `record.adopt`, or pinned by an editor with a reason."""
    DERIVED = "derived"
    """Worked out by a program from other values."""
    ENTERED = "entered"
    """As a report gives it, or as an editor entered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a file: what it means, how it is written, and where its value comes from."""

    name: str
    type: Type
    description: str
    unit: str = ""
    codes: Mapping[Any, str] = field(default_factory=dict)
    """Code -> meaning, where the values are a closed set."""
    reading: str = ""
    """How to read it, beyond the description: what empty means, what it must not be taken for."""
    made: Made = Made.ENTERED
    source: Combinable | str = ""
    """For export: the value as a path or an expression over the table's model."""
    hidden_if: Q | None = None
    """For export: rows in which it is left empty, whoever asks, as it would tell where a patrol was."""
    required: bool = False
    """For import: the file must have the column (its cells may still be empty)."""
    public: bool = True

    @property
    def meaning(self) -> str:
        """What it means and how to read it, in one text."""
        return f"{self.description} {self.reading}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows that were asked for: patrols, and what of the filter also applies to claims."""

    patrols: PatrolQuerySet
    """Visible to `user`, and filtered."""
    user: AbstractUser | AnonymousUser | None
    programmes: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    patrols_only: bool = False
    """The filter also asks for what only a patrol has, such as a status."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One file: a row for each of what its title says."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Names of the columns that tell its rows apart; empty where none do."""
    rows: Callable[[Selection], QuerySet[Any]] | None = None
    """For export: the rows in their stable order. None for a table that only comes in."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}
