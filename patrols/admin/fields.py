"""The typed fields of an account: figures as reported, figures by side, and places in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

QUALIFIERS = ("about", "over", "under", "planned")
LARGEST = 99_999
ROLES = ("start", "via", "end")
_SIGNS = {"~": "about", "≈": "about", ">": "over", "<": "under"}
_FIGURE = re.compile(r"(?P<how>[a-z]+|[~≈<>])?\s*(?P<number>-?[0-9]+(?:[.,][0-9]+)?)", re.IGNORECASE)
_STOP = re.compile(r"(?:(?P<role>start|via|end)\s*:\s*)?(?P<name>[^=]+?)(?:\s*=\s*(?P<place>[-\w]+))?\s*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and how it was put: `qualifier` is "" where it was given plainly."""

    value: float
    qualifier: str = ""

    def __str__(self) -> str:
        return f"{self.qualifier} {self.value:g}".strip()


class FigureField(forms.Field):
    """`24`, or `about 24`; empty is None. `whole` allows no fraction."""

    def __init__(self, *, whole: bool = True, **kwargs: Any) -> None:
        self.whole = whole
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 10, "placeholder": _("not said")}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Figure | None:
        text = str(value or "").strip() if not isinstance(value, int | float) else f"{value:g}"
        if not text:
            return None
        found = _FIGURE.fullmatch(text)
        how = (found["how"] or "").lower() if found else ""
        how = _SIGNS.get(how, how)
        if not found or how not in ("", *QUALIFIERS):
            raise ValidationError(_("Give a number such as 24, or about 24, over 24, under 24, planned 24."))
        number = float(found["number"].replace(",", "."))
        if number < 0:
            raise ValidationError(_("This cannot be negative."))
        if number > LARGEST:
            raise ValidationError(_("This is larger than any patrol (%(most)s)."), params={"most": LARGEST})
        if self.whole and not number.is_integer():
            raise ValidationError(_("Give a whole number."))
        return Figure(number, how)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:g}" if isinstance(value, int | float) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class SidesWidget(forms.MultiWidget):
    """One small input a side, named by its code."""

    template_name = "admin/patrols/sides_widget.html"
    use_fieldset = True

    def __init__(self, sides: Sequence[str]) -> None:
        self.sides = tuple(sides)
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            side: forms.TextInput(attrs={"size": 10, "aria-label": side, "placeholder": _("not said")})
            for side in self.sides
        }
        super().__init__(inputs)

    def decompress(self, value: Any) -> list[Any]:
        value = value if isinstance(value, Mapping) else {}
        return [value.get(side, "") for side in self.sides]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for side, widget in zip(self.sides, context["widget"]["subwidgets"], strict=True):
            widget["side"] = side
        return context


class SidesField(forms.MultiValueField):
    """Side code -> Figure, for the sides of a programme; the ones not said are left out."""

    def __init__(self, *, sides: Sequence[str] = (), **kwargs: Any) -> None:
        self.sides = tuple(sides)
        kwargs["required"] = False
        kwargs["require_all_fields"] = False
        kwargs["widget"] = SidesWidget(self.sides)
        super().__init__(fields=[FigureField() for _side in self.sides], **kwargs)

    def compress(self, data_list: Any) -> dict[str, Figure]:
        return {side: figure for side, figure in zip(self.sides, data_list or (), strict=False) if figure}

    def has_changed(self, initial: Any, data: Any) -> bool:
        given = initial if isinstance(initial, Mapping) else {}
        return any(
            field.has_changed(given.get(side), value)
            for side, field, value in zip(self.sides, self.fields, data or (), strict=False)
        )


class StopsField(forms.Field):
    """Places in order, one a line: `start: Ain al-Arab = kobani`. Role and entry may be left out."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField stops"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return stops_text(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):
            return value
        stops = []
        for number, line in enumerate(str(value or "").splitlines(), start=1):
            if not line.strip():
                continue
            found = _STOP.fullmatch(line.strip())
            if not found or len(found["name"]) > 200:
                raise ValidationError(
                    _("Line %(line)s is not understood. Write: start: Name as spelled = gazetteer-slug"),
                    params={"line": number},
                )
            stops.append(
                {"name": found["name"].strip(), "place": found["place"], "role": found["role"] or ""}
            )
        return stops

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return _bare(initial or []) != _bare(self.to_python(data))
        except ValidationError:
            return True


def _bare(stops: Sequence[Mapping[str, Any]]) -> list[tuple[str, str | None, str]]:
    return [(stop["name"], stop.get("place") or None, stop.get("role") or "") for stop in stops]


def stops_text(stops: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for name, place, role in _bare(stops):
        lines.append(f"{role + ': ' if role else ''}{name}{' = ' + place if place else ''}")
    return "\n".join(lines)
