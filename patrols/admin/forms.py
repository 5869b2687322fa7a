"""What every form of the record shares: the reason for a change, and sentences where a constraint fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

REASON = "change_reason"


def constraint_fields(constraint: models.BaseConstraint) -> set[str]:
    """Names of the model's fields that a constraint is about."""
    if isinstance(constraint, models.UniqueConstraint):
        return set(constraint.fields)
    if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, Q):
        return set(_names(constraint.condition))
    return set()


def _names(condition: Q) -> Iterator[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from _names(part)
        elif isinstance(part, tuple):
            yield str(part[0]).split("__")[0]


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model form that runs every constraint of its table and puts each violation at a field it shows.

    Django leaves out constraints over fields that a form does not show, which would reach the editor as a
    server error. `record_error` is set by the admin when an act was refused, to show why with the input kept.
    """

    record_error = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.record_error:
            raise ValidationError(self.record_error)
        return cleaned

    def _post_clean(self) -> None:
        """Django checks constraints inside `full_clean` and knows no field for them; here each has one."""
        self.instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del self.instance.__dict__["validate_constraints"]
        self.check_constraints()

    def check_constraints(self) -> None:
        shown = list(self.fields)
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                names = constraint_fields(constraint)
                if any(name in self.errors for name in names):
                    continue
                try:
                    constraint.validate(model, self.instance)
                except ValidationError as error:
                    at = [name for name in shown if name in names and not self._is_hidden(name)]
                    self.add_error(at[-1] if at else NON_FIELD_ERRORS, ValidationError(error.messages))

    def _is_hidden(self, name: str) -> bool:
        return bool(self.fields[name].widget.is_hidden)


class ReasonedForm(RecordForm):
    """Asks why. A new entry may go without; a change may not. Inline, the page's own form asks."""

    needs_reason = True

    change_reason = forms.CharField(
        label=_("Reason for this change"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept in the history with your name and the time. Needed for every change."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.needs_reason:
            self.fields.pop(REASON, None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.needs_reason:
            return cleaned
        changed = [name for name in self.changed_data if name != REASON]
        if self.instance.pk and changed and not self.cleaned_data.get(REASON, "").strip():
            self.add_error(REASON, _("Say why you change this."))
        return cleaned

    def reason(self) -> str:
        return str(self.cleaned_data.get(REASON, "")).strip()


class LinesField(forms.Field):
    """A JSON list of texts, one a line."""

    widget: forms.Widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField lines"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        lines = (line.strip() for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class CodesField(LinesField):
    """A JSON list of ISO 3166-1 codes, with spaces or commas between."""

    widget = forms.TextInput(attrs={"class": "vTextField"})

    def prepare_value(self, value: Any) -> Any:
        return " ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return (
            list(dict.fromkeys(re.split(r"[\s,;]+", str(value or "").upper().strip(" ,;")))) if value else []
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        wrong = [code for code in value if not re.fullmatch(r"[A-Z]{2}", code)]
        if wrong:
            raise ValidationError(
                _("“%(code)s” is no ISO 3166-1 code. Give two letters a state, such as TR RU."),
                params={"code": wrong[0]},
            )


class ReasonForm(forms.Form):
    """The small form of an act that needs a reason, or only offers to take one."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2, "cols": 60})
    )

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required


def choices_of(rows: Iterable[tuple[Any, str]], empty: str = "---------") -> Sequence[tuple[Any, str]]:
    return [("", empty), *rows]
