"""Participations, stops, incidents and numbers on a patrol's page.

These rows are derived from the accounts, so no form writes them. What an editor changes here becomes a pin:
the whole list as it should be, with the reason given on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Counter, Force, Incident, Ordinal, Participation, Patrol, Place, State, Stop

ENDS = ("low", "best", "high")


class ChildForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row as it should be. An emptied row counts as removed; nothing is checked against stored rows."""

    def full_clean(self) -> None:
        self.blank = bool(self.is_bound and not any(self._given(name) for name in self.fields))
        self.empty_permitted = self.blank
        super().full_clean()
        if self.blank:
            self.cleaned_data = {}
            self._errors = forms.utils.ErrorDict()

    def _given(self, name: str) -> bool:
        if name in ("id", "patrol", forms.formsets.DELETION_FIELD_NAME, "role", "order"):
            return False
        return self[name].data not in (None, "")

    def validate_unique(self) -> None:
        """The stored rows are about to be replaced."""


class ChildFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Shows the patrol's rows as initial values of new forms: what is posted is a list, not edits to rows."""

    def rows(self) -> list[dict[str, Any]]:
        return [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]

    def clean(self) -> None:
        """Repeats are looked for in the list itself; the stored rows are about to be replaced."""
        if any(self.errors):
            return
        value = self.value()
        if message := self.kind.repeated(value):
            raise ValidationError(message)

    def value(self) -> list[dict[str, Any]]:
        return self.kind.to_json(self.rows())

    def differs(self) -> bool:
        return self.value() != self.kind.to_json(self.initial_extra or [])

    @property
    def kind(self) -> Kind:
        return KINDS[self.model]


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rows of one table are a fact's JSON value, there and back."""

    fact: str
    to_json: Callable[[Iterable[Mapping[str, Any]]], list[dict[str, Any]]]
    from_json: Callable[[Iterable[Mapping[str, Any]]], list[dict[str, Any]]]
    stored: Callable[[Patrol], list[dict[str, Any]]]
    repeated: Callable[[list[dict[str, Any]]], str]


def _slug(row: Any) -> str | None:
    return row.slug if row else None


def _by_slug(model: type[Any], slugs: Iterable[str | None]) -> dict[str, Any]:
    return {one.slug: one for one in model.objects.filter(slug__in=[slug for slug in slugs if slug])}


# Stops


def _stops_json(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    numbered = [(row.get("order") or 10_000 + position, row) for position, row in enumerate(rows)]
    return [
        {"name": row["spelling"], "place": _slug(row.get("place")), "role": row.get("role") or ""}
        for _order, row in sorted(numbered, key=lambda pair: pair[0])
    ]


def _stops_rows(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    value = list(value)
    places = _by_slug(Place, (one.get("place") for one in value))
    return [
        {
            "order": order,
            "spelling": one["name"],
            "place": places.get(one.get("place") or ""),
            "role": one.get("role") or "",
        }
        for order, one in enumerate(value, start=1)
    ]


def _stored_stops(patrol: Patrol) -> list[dict[str, Any]]:
    return [
        {"order": stop.order, "spelling": stop.spelling, "place": stop.place, "role": stop.role}
        for stop in patrol.stops.select_related("place").order_by("order")
    ]


# Participants


def _participants_json(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        one: dict[str, Any] = {"force": _slug(row["force"]), "role": row.get("role") or "participant"}
        for name in ("personnel", "vehicles"):
            low, best, high = (row.get(f"{name}_{end}") for end in ENDS)
            best = next((value for value in (best, low, high) if value is not None), None)
            if best is not None:
                one[name] = [best if low is None else low, best, best if high is None else high]
        found.append(one)
    return sorted(found, key=lambda one: str(one["force"]))


def _participants_rows(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    value = list(value)
    forces = _by_slug(Force, (one["force"] for one in value))
    rows = []
    for one in value:
        row = {"force": forces.get(one["force"]), "role": one.get("role") or "participant"}
        for name in ("personnel", "vehicles"):
            row |= zip((f"{name}_{end}" for end in ENDS), one.get(name) or (None,) * 3, strict=True)
        rows.append(row)
    return [row for row in rows if row["force"]]


def _stored_participants(patrol: Patrol) -> list[dict[str, Any]]:
    names = [f"{name}_{end}" for name in ("personnel", "vehicles") for end in ENDS]
    return [
        {"force": one.force, "role": one.role, **{name: getattr(one, name) for name in names}}
        for one in patrol.participations.select_related("force")
    ]


def _force_twice(value: list[dict[str, Any]]) -> str:
    slugs = [one["force"] for one in value]
    return _("A force can take part only once. Remove one of its two rows.") if _twice(slugs) else ""


# Incidents


def _incidents_json(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"type": row["type"], "note": row.get("note") or "", "place": _slug(row.get("place"))} for row in rows
    ]


def _incidents_rows(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    value = list(value)
    places = _by_slug(Place, (one.get("place") for one in value))
    return [
        {"type": one["type"], "note": one.get("note") or "", "place": places.get(one.get("place") or "")}
        for one in value
    ]


def _stored_incidents(patrol: Patrol) -> list[dict[str, Any]]:
    return [
        {"type": one.type, "note": one.note, "place": one.place}
        for one in patrol.incidents.select_related("place")
    ]


def _none_among(value: list[dict[str, Any]]) -> str:
    types = [one["type"] for one in value]
    if "none" in types and len(types) > 1:
        return _("“None, expressly” cannot stand beside an incident.")
    return ""


# Numbers


def _ordinals_json(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = [{"counter": _slug(row["counter"]), "number": row["number"]} for row in rows]
    return sorted(found, key=lambda one: (str(one["counter"]), one["number"]))


def _ordinals_rows(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    value = list(value)
    counters = _by_slug(Counter, (one["counter"] for one in value))
    return [
        {"counter": counters[one["counter"]], "number": one["number"]}
        for one in value
        if one["counter"] in counters
    ]


def _stored_ordinals(patrol: Patrol) -> list[dict[str, Any]]:
    return [
        {"counter": one.counter, "number": one.number}
        for one in patrol.ordinals.select_related("counter__programme")
    ]


def _number_twice(value: list[dict[str, Any]]) -> str:
    if _twice([(one["counter"], one["number"]) for one in value]):
        return _("The patrol already has this number in this count.")
    return ""


def _twice(values: list[Any]) -> bool:
    return len(values) != len(set(values))


def _anything(_value: list[dict[str, Any]]) -> str:
    return ""


KINDS: dict[Any, Kind] = {
    Participation: Kind(
        "participants", _participants_json, _participants_rows, _stored_participants, _force_twice
    ),
    Stop: Kind("stops", _stops_json, _stops_rows, _stored_stops, _anything),
    Incident: Kind("incident", _incidents_json, _incidents_rows, _stored_incidents, _none_among),
    Ordinal: Kind("ordinals", _ordinals_json, _ordinals_rows, _stored_ordinals, _number_twice),
}


def rows_of(model: type[Any], patrol: Patrol, pending: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows to edit: those that an unapproved pin would give, or else those of the patrol."""
    kind = KINDS[model]
    if kind.fact in pending:
        return kind.from_json(pending[kind.fact])
    return kind.stored(patrol)


class ChildInline(admin.TabularInline):  # type: ignore[type-arg]
    form = ChildForm
    formset = ChildFormSet
    template = "admin/patrols/child_inline.html"
    can_delete = True
    show_change_link = False
    first_of_children = False
    verbose_reason = gettext_lazy(
        "Derived from the accounts. What you change here is pinned, with your reason."
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the links to change and view, which take more room than the field."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for link in ("can_change_related", "can_view_related", "can_add_related"):
            if field is not None and hasattr(field.widget, link):
                setattr(field.widget, link, False)
        return field

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(getattr(request, "child_rows", {}).get(self.model, ()))

    def _may(self, request: HttpRequest, obj: Patrol | None) -> bool:
        return bool(request.user.has_perm("patrols.change_patrol")) and (
            obj is None or obj.state != State.WITHDRAWN
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("patrols.view_patrol"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


class ParticipationInline(ChildInline):
    model = Participation
    first_of_children = True
    verbose_name_plural = gettext_lazy("Participation")
    autocomplete_fields = ["force"]
    fields = ("force", "role", *(f"{name}_{end}" for name in ("personnel", "vehicles") for end in ENDS))


class StopInline(ChildInline):
    model = Stop
    fields = ("order", "spelling", "place", "role")
    autocomplete_fields = ["place"]


class IncidentInline(ChildInline):
    model = Incident
    fields = ("type", "note", "place")
    autocomplete_fields = ["place"]


class OrdinalInline(ChildInline):
    model = Ordinal
    verbose_name = gettext_lazy("Number")
    verbose_name_plural = gettext_lazy("Numbers in the parties' counts")
    fields = ("counter", "number")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "counter":
            programme = getattr(request, "patrol_programme", None)
            kwargs["queryset"] = Counter.objects.filter(programme=programme).select_related("programme")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


CHILD_INLINES = (ParticipationInline, StopInline, IncidentInline, OrdinalInline)
