"""The columns of the table of patrols, and the links that sort it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .filtering import Filtered

DEFAULT_SORT = "-date"
MOST_FIRST = ("date", "vehicles", "personnel", "sources")
"""Columns that a first click sorts with the greatest on top."""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    css: str
    aria: str = ""
    """Value of aria-sort where the table is sorted by this column."""
    query: str | None = None
    """Query string that sorts by it, or the other way round; None where it cannot be sorted."""

    @property
    def arrow(self) -> str:
        return {"ascending": " ▲", "descending": " ▼"}.get(self.aria, "")


def columns(filtered: Filtered, *, sortable: bool = True) -> list[Column]:
    sort = filtered.filter.given.get("sort", DEFAULT_SORT) if sortable else ""

    def column(label: str, css: str, name: str = "") -> Column:
        if not (sortable and name):
            return Column(label, css)
        aria = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        turned = name if sort == f"-{name}" else f"-{name}" if sort == name else ""
        wanted = turned or (f"-{name}" if name in MOST_FIRST else name)
        return Column(label, css, aria, filtered.query_of([*filtered.pairs, ("sort", wanted)]))

    return [
        column(_("Date"), "date", "date"),
        column(_("Programme"), "programme", "programme"),
        column(_("Number"), "numbers"),
        column(_("Status"), "status", "status"),
        column(_("Where"), "where"),
        column(_("Vehicles"), "figure", "vehicles"),
        column(_("Personnel"), "figure", "personnel"),
        column(_("Incident"), "incident", "incident"),
        column(_("Sources"), "figure", "sources"),
    ]
