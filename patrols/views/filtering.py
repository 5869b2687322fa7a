"""The one filter as pages show it: what is asked for, in words, each part of it removable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import CharField, Count, Value
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from ..filters import LISTING, PatrolFilter
from ..models import Patrol
from ..models.record import PatrolQuerySet
from ..publish.map import Placed, placed
from ..templatetags.record import country, in_words

PANEL = ("q", "from", "to", "programme", "status", "zone", "force", "incident", "contested")
"""What the panel has a control for; the rest of an address is carried along as it is."""

PERIOD = ("from", "to")
OF_THE_PAGE = ("lang", "theme")
"""Parameters that say how a page is shown, not which patrols."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the filter in words, and the query string of the page without it."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Loosening:
    """How many patrols match once `label` is no longer asked for, and the query string of the page then."""

    label: str
    query: str
    match: int


class Filtered:
    """The patrols of a request: filtered, visible to its user. Reads nothing from the database by itself."""

    def __init__(self, request: HttpRequest, *also: str) -> None:
        """Parameters in `also` are known besides."""
        self.request = request
        self.also = also
        self.visible = Patrol.objects.visible_to(request.user)
        self.filter = PatrolFilter(request.GET, queryset=self.visible)
        self.form = self.filter.form

    @cached_property
    def problems(self) -> list[str]:
        """What is wrong with the address, a line each."""
        return self.filter.problems(*OF_THE_PAGE, *self.also)

    @property
    def valid(self) -> bool:
        return not self.problems

    @cached_property
    def patrols(self) -> PatrolQuerySet:
        """None at all where the filter cannot be read: a misread filter must not look like an answer."""
        return self.filter.qs if self.valid else self.visible.none()

    @cached_property
    def placed(self) -> Placed:
        return placed(self.patrols)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """(name, value) of every filter asked for, in the order of the address."""
        names = [name for name in self.request.GET if name in self.form.fields and name not in LISTING]
        return [(name, value) for name in names for value in self.request.GET.getlist(name) if value.strip()]

    @cached_property
    def query(self) -> str:
        """The query string of exactly this filter, without sorting and page."""
        return self.query_of(self.pairs)

    @cached_property
    def cleared(self) -> str:
        """The query string of the same page without any filter."""
        return self._page_of([])

    def _page_of(self, pairs: list[tuple[str, str]]) -> str:
        """The query string of the page with another filter, shown as it is now."""
        return self.query_of([*pairs, *self.look])

    @property
    def look(self) -> list[tuple[str, str]]:
        """(name, value) of what the address says of how the page is shown."""
        given = self.request.GET
        return [(name, given[name]) for name in OF_THE_PAGE if given.get(name, "").strip()]

    @staticmethod
    def query_of(pairs: list[tuple[str, str]]) -> str:
        made = QueryDict(mutable=True)
        for name, value in pairs:
            made.appendlist(name, value)
        return made.urlencode(safe=",:")

    @property
    def carried(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.pairs if name not in PANEL]

    @property
    def in_words(self) -> str:
        return "; ".join(chip.label for chip in self.chips)

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                self._label(name, value),
                self._page_of([pair for pair in self.pairs if pair != (name, value)]),
            )
            for name, value in dict.fromkeys(self.pairs)
        ]

    def _label(self, name: str, value: str) -> str:
        match name:
            case "from" | "to" if day := _day(value):
                words = in_words(day, day, 1)
                return (_("from {day}") if name == "from" else _("until {day}")).format(day=words)
            case "q":
                return _("text “{text}”").format(text=value)
            case "bbox":
                return _("within {box}").format(box=value.replace(",", ", "))
            case "contested":
                return _("contested facts only")
            case "mapped":
                return _("with a place on the map") if value == "1" else _("without a place on the map")
            case "party":
                return _("with {country}").format(country=country(value))
        field = self.form.fields[name]
        if name == "place":
            return _("place: {name}").format(name=value)
        label = self._choices(name).get(value, value)
        return f"{field.label or name}: {label}"

    def _choices(self, name: str) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.options(name)}

    def options(self, name: str) -> list[tuple[str, str]]:
        """(value, label) of a field's choices; read from the database once."""
        cache: dict[str, list[tuple[str, str]]] = self.__dict__.setdefault("_options", {})
        if name not in cache:
            choices = getattr(self.form.fields[name], "choices", ())
            cache[name] = [(str(value), str(label)) for value, label in choices if str(value)]
        return cache[name]

    def selected(self, name: str) -> set[str]:
        return set(self.request.GET.getlist(name))

    def loosenings(self) -> list[Loosening]:
        """For each part of the filter, how many would match without it; most first, none that stay empty.

        One query, whatever the number of parts.
        """
        if not self.valid or not self.pairs:
            return []
        names = list(dict.fromkeys("from" if name == "to" else name for name, _value in self.pairs))
        counts: dict[str, int] = {}
        parts = [
            # Grouping by one value must not be split up by the order of the list.
            self.filter.without(*PERIOD if name == "from" else (name,))
            .order_by()
            .annotate(part=Value(name, CharField()))
            .values("part")
            .annotate(n=Count("pk"))
            for name in names
        ]
        for row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
            counts[row["part"]] = row["n"]
        made = [
            Loosening(self._name(name), self._page_of(self._pairs_without(name)), counts[name])
            for name in names
            if counts.get(name)
        ]
        return sorted(made, key=lambda one: -one.match)

    def _name(self, name: str) -> str:
        if name == "from":
            return _("the period")
        chips = [self._label(key, value) for key, value in self.pairs if key == name]
        return "; ".join(chips)

    def _pairs_without(self, name: str) -> list[tuple[str, str]]:
        left_out = PERIOD if name == "from" else (name,)
        return [pair for pair in self.pairs if pair[0] not in left_out]


def refusal(problems: list[str], *, status: int = 400) -> HttpResponse:
    """For what is no page: the problems as plain text."""
    text = "\n".join(problems) + "\n"
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _day(value: str) -> Any:
    try:
        return parse_date(value)
    except ValueError:
        return None
