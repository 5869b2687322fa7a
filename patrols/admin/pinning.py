"""One small form a fact: what the editor says instead of the accounts, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..intake.tracks import MAX_BYTES, TrackError, read_track
from ..models import DatePrecision, Patrol, Status, Zone
from ..record.adopt import AMOUNTS
from .account_form import precision_of
from .maps import LINES, GeometryFormField


class PinForm(forms.Form):
    """`json_value()` is the pin's value as it is stored; `start_from` what the form shows first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=500,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
            help_text=_("Why this and not what the accounts say. Published with the value."),
        )

    @classmethod
    def start_from(cls, value: Any) -> dict[str, Any]:
        return {"value": value}

    def json_value(self) -> Any:
        return self.cleaned_data["value"]


class StatusPin(PinForm):
    value = forms.ChoiceField(label=gettext_lazy("Status"), choices=Status.choices)


class SectorPin(PinForm):
    value = forms.CharField(label=gettext_lazy("Sector"), max_length=200)


class AirSupportPin(PinForm):
    value = forms.CharField(
        label=gettext_lazy("Air support"),
        max_length=200,
        help_text=gettext_lazy("Kinds with ; between, such as: helicopter; drone"),
    )

    @classmethod
    def start_from(cls, value: Any) -> dict[str, Any]:
        return {"value": "; ".join(value) if isinstance(value, list | tuple) else value}

    def json_value(self) -> list[str]:
        return [part.strip() for part in self.cleaned_data["value"].split(";") if part.strip()]


class CountPin(PinForm):
    value = forms.IntegerField(label=gettext_lazy("Number"), min_value=0, max_value=99_999)


class AmountPin(PinForm):
    value = forms.FloatField(label=gettext_lazy("Amount"), min_value=0, max_value=99_999)


class DatePin(PinForm):
    start = forms.DateField(label=gettext_lazy("First day"), widget=AdminDateWidget)
    end = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateWidget,
        help_text=gettext_lazy("Empty where it was one day."),
    )
    precision = forms.TypedChoiceField(
        label=gettext_lazy("Precision"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("as the days say")), *DatePrecision.choices],
    )

    @classmethod
    def start_from(cls, value: Any) -> dict[str, Any]:
        return dict(value) if isinstance(value, Mapping) else {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first day."))
        return cleaned

    def json_value(self) -> dict[str, Any]:
        start = self.cleaned_data["start"]
        end = self.cleaned_data["end"] or start
        precision = self.cleaned_data["precision"] or precision_of(start, end)
        return {"start": start.isoformat(), "end": end.isoformat(), "precision": int(precision)}


class ZonesPin(PinForm):
    value = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Zones"),
        queryset=Zone.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: the patrol was in no zone."),
    )

    def json_value(self) -> list[str]:
        return [zone.slug for zone in self.cleaned_data["value"]]


class RoutePin(PinForm):
    """Drawn, or uploaded; an upload is shown before it is taken."""

    upload = forms.FileField(
        label=gettext_lazy("Upload a track"),
        required=False,
        help_text=gettext_lazy("GPX, KML or GeoJSON in WGS 84. It replaces what is drawn."),
        widget=forms.ClearableFileInput(attrs={"accept": ".gpx,.kml,.geojson,.json"}),
    )
    value = GeometryFormField(label=gettext_lazy("Or draw it"), kinds=LINES, required=False)

    notes: tuple[str, ...] = ()

    @classmethod
    def start_from(cls, value: Any) -> dict[str, Any]:
        return {"value": value if isinstance(value, Mapping) and value.get("type") in LINES else None}

    def clean_upload(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["upload"]
        if not file:
            return None
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(mb)s MB.") % {"mb": MAX_BYTES // 1024 // 1024})
        try:
            track = read_track(file.name or "", file.read())
        except TrackError as error:
            raise ValidationError(str(error)) from error
        self.uploaded = track.geometry
        if track.simplified:
            self.notes = (
                _("The track was simplified from %(read)s to %(kept)s points.")
                % {"read": track.points_read, "kept": track.points_kept},
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        uploaded = getattr(self, "uploaded", None)
        if uploaded:
            cleaned["value"] = uploaded
            self.errors.pop("value", None)
        elif not cleaned.get("value") and not self.errors:
            raise ValidationError(_("Draw a line on the map or upload a track."))
        return cleaned


PIN_FORMS: dict[str, type[PinForm]] = {
    "status": StatusPin,
    "date": DatePin,
    "sector": SectorPin,
    "air_support": AirSupportPin,
    "zones": ZonesPin,
    "route": RoutePin,
    **{fact: CountPin if fact in ("personnel", "vehicles") else AmountPin for fact in AMOUNTS},
}
"""The facts with a form of their own; stops, participants, incidents and numbers are pinned by their rows."""


def pin_form(fact: str, patrol: Patrol, value: Any, data: Any = None, files: Any = None) -> PinForm:
    """`value` is what is adopted or already pinned."""
    form = PIN_FORMS[fact]
    made = form(data, files, initial=form.start_from(value), prefix=fact)
    if fact == "zones":
        made.fields["value"].queryset = Zone.objects.filter(programmes=patrol.programme_id).order_by("name")  # type: ignore[attr-defined]
    return made
