"""The form of an account, on its own page and inline in its patrol and report.

It knows its programme: the sides, counters and forces that it offers are the programme's. Figures carry
their qualifier, places are resolved against the gazetteer, and a date's precision follows from its span.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..intake.gazetteer import Gazetteer
from ..models import Account, Counter, DatePrecision, Force, Place, Programme
from .fields import Figure, FigureField, SidesField, StopsField
from .forms import REASON, ReasonedForm, choices_of
from .places import gazetteer

SIDES = ("personnel_by_side", "vehicles_by_side")


class Offer:
    """What the forms of one page offer for a programme; read once a page, not once a form."""

    def __init__(self, programme: Programme | None) -> None:
        self.programme = programme
        programmes = [programme] if programme else list(Programme.objects.all())
        self.sides = sorted({code for one in programmes for code in one.parties})
        counters = Counter.objects.select_related("programme").order_by("programme", "slug")
        forces = Force.objects.order_by("country", "name")
        if programme:
            counters = counters.filter(programme=programme)
            forces = forces.filter(country__in=self.sides)
        self.counters = [(one.pk, one.name if programme else str(one)) for one in counters]
        self.forces = [(one.slug, str(one)) for one in forces]


class AccountForm(ReasonedForm):
    """`offer` is set by the admin (see `account_form`)."""

    offer: Offer

    personnel = FigureField(label=gettext_lazy("Personnel"))
    vehicles = FigureField(
        label=gettext_lazy("Vehicles"), help_text=gettext_lazy("At sea ships, in the air aircraft.")
    )
    length_km = FigureField(label=gettext_lazy("Length (km)"), whole=False)
    depth_km = FigureField(label=gettext_lazy("Depth (km)"), whole=False)
    duration_h = FigureField(label=gettext_lazy("Duration (h)"), whole=False)
    personnel_by_side = SidesField(label=gettext_lazy("Personnel by side"))
    vehicles_by_side = SidesField(label=gettext_lazy("Vehicles by side"))
    forces = forms.MultipleChoiceField(
        label=gettext_lazy("Forces"), required=False, widget=forms.CheckboxSelectMultiple
    )
    route = StopsField(
        label=gettext_lazy("Places in order"),
        help_text=gettext_lazy(
            "One a line, as spelled by the source. “start:”, “via:” or “end:” may stand before it, and "
            "“= slug” after it names the gazetteer entry; without one it is looked up when you save."
        ),
    )

    class Meta:
        model = Account
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "note": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        }
        fields = (
            "report", "programme", "speaker", "own_reporting", "number", "counter",
            "date_start", "date_end", "date_precision", "date_stated", "status", "sector", "route",
            "forces", "forces_as_named", "personnel", "personnel_by_side", "vehicles", "vehicles_by_side",
            "air_support", "length_km", "depth_km", "duration_h", "incident_type", "incident_note", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer, account = self.offer, self.instance
        if offer.programme and account.programme_id is None:
            account.programme = offer.programme
        qualifiers = account.qualifiers or {}
        for name in Account.AMOUNTS:
            self.initial[name] = _shown(getattr(account, name), qualifiers.get(name, ""))
        for name in SIDES:
            stored: Mapping[str, float] = getattr(account, name) or {}
            short = name.removesuffix("_by_side")
            sides = list(dict.fromkeys([*offer.sides, *stored]))
            self.fields[name] = SidesField(sides=sides, label=self.fields[name].label)
            self.initial[name] = {
                side: _shown(value, qualifiers.get(f"{short}_{side}", "")) for side, value in stored.items()
            }
        known = dict(offer.forces)
        others = [(slug, slug) for slug in account.forces or [] if slug not in known]
        self.fields["forces"].choices = [*offer.forces, *others]  # type: ignore[attr-defined]
        if "counter" in self.fields:
            self.fields["counter"].choices = choices_of(offer.counters)  # type: ignore[attr-defined]

    # Dates

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        self._plain_figures(cleaned)
        if self.has_changed() or not self.instance.pk:
            # What came in before a rule was made stays until somebody touches it.
            self._clean_date(cleaned)
            self._clean_number(cleaned)
            self._clean_sides(cleaned)
            self._clean_places(cleaned)
        return cleaned

    def _clean_date(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("date_start"), cleaned.get("date_end")
        if end and not start:
            self.add_error("date_start", _("Give the first day too."))
        if not start or "date_end" in self.errors:
            return
        if start > timezone.now().date() and cleaned.get("status") != "announced":
            self.add_error("date_start", _("A patrol in the future can only be announced."))
        precision = cleaned.get("date_precision")
        if end is None:
            end = cleaned["date_end"] = _last_day(start, precision)
        if end >= start and precision is None:
            cleaned["date_precision"] = precision_of(start, end)
        elif precision == DatePrecision.DAY and end != start:
            self.add_error(
                "date_precision", _("Precision “day” needs one day: make the last day the first day.")
            )

    def _clean_number(self, cleaned: dict[str, Any]) -> None:
        programme = cleaned.get("programme") or self.offer.programme
        counter = cleaned.get("counter")
        if cleaned.get("number") is not None and not counter and "counter" not in self.errors:
            self.add_error("counter", _("Say whose count the number belongs to, or choose “unstated”."))
        if counter and cleaned.get("number") is None and "number" not in self.errors:
            self.add_error("number", _("Give the number, or leave the count empty."))
        if counter and programme and counter.programme_id != programme.pk:
            self.add_error("counter", _("This count belongs to another programme."))

    # Figures

    def _plain_figures(self, cleaned: dict[str, Any]) -> None:
        """From figures as typed to the numbers and qualifiers that the table holds."""
        qualifiers: dict[str, str] = {}
        for name in Account.AMOUNTS:
            figure: Figure | None = cleaned.get(name)
            if figure is None:
                continue
            whole = name in ("personnel", "vehicles")
            cleaned[name] = int(figure.value) if whole else figure.value
            if figure.qualifier:
                qualifiers[name] = figure.qualifier
        for name in SIDES:
            sides: dict[str, Figure] = cleaned.get(name) or {}
            short = name.removesuffix("_by_side")
            qualifiers |= {f"{short}_{side}": one.qualifier for side, one in sides.items() if one.qualifier}
            cleaned[name] = {side: int(one.value) for side, one in sides.items()}
        self.instance.qualifiers = qualifiers

    def _clean_sides(self, cleaned: dict[str, Any]) -> None:
        programme = cleaned.get("programme") or self.offer.programme
        for name in SIDES:
            strange = [
                side for side in cleaned.get(name) or () if programme and side not in programme.parties
            ]
            if strange:
                self.add_error(name, _("%(side)s takes no part in this programme.") % {"side": strange[0]})

    # Places

    def _clean_places(self, cleaned: dict[str, Any]) -> None:
        stops: list[dict[str, Any]] = cleaned.get("route") or []
        sector: str = cleaned.get("sector") or ""
        if not stops and not sector:
            self.instance.areas = []
            return
        known = gazetteer()
        if "sector" in self.changed_data or not self.instance.pk:
            self.instance.areas = list(known.areas(sector))
        named = [stop["place"] for stop in stops if stop["place"]]
        if unknown := [slug for slug in named if not Place.objects.filter(slug=slug).exists()]:
            self.add_error("route", _("The gazetteer has no entry “%(slug)s”.") % {"slug": unknown[0]})
            return
        if "route" in self.changed_data or not self.instance.pk:
            cleaned["route"] = resolved(stops, known, [*named, *self.instance.areas])

    def values(self) -> dict[str, Any]:
        """The model's fields that the editor changed, as `workflow.write_account` takes them."""
        names = [name for name in self.changed_data if name in self.Meta.fields and name != REASON]
        if {"date_start", "date_end", "date_precision"} & set(names):
            names += ["date_start", "date_end", "date_precision"]
        if "sector" in names:
            names.append("areas")
        if set(names) & {*Account.AMOUNTS, *SIDES}:
            names.append("qualifiers")
        return {name: getattr(self.instance, name) for name in dict.fromkeys(names)}


def account_form(offer: Offer, **attributes: Any) -> type[AccountForm]:
    return type("ProgrammeAccountForm", (AccountForm,), {"offer": offer, **attributes})


def resolved(stops: Iterable[dict[str, Any]], known: Gazetteer, near: Iterable[str]) -> list[dict[str, Any]]:
    """The stops with the gazetteer entry that each spelling means, where just one fits."""
    near = tuple(near)
    return [
        stop if stop["place"] else {**stop, "place": known.resolve(stop["name"], near=near)} for stop in stops
    ]


def precision_of(start: date, end: date) -> DatePrecision:
    """UCDP `date_precision` of a span of days."""
    days = (end - start).days + 1
    if days == 1:
        return DatePrecision.DAY
    if days <= 6:
        return DatePrecision.FEW_DAYS
    if start.day == 1 and end == _last_day(start, DatePrecision.MONTH):
        return DatePrecision.MONTH
    return DatePrecision.WEEK if days < 28 else DatePrecision.MONTH if days <= 31 else DatePrecision.YEAR


def _last_day(start: date, precision: int | None) -> date:
    """The last day that a precision implies where only the first is given."""
    if precision == DatePrecision.FEW_DAYS:
        return start + timedelta(days=5)
    if precision == DatePrecision.WEEK:
        return start + timedelta(days=6)
    if precision == DatePrecision.MONTH:
        return start.replace(day=monthrange(start.year, start.month)[1])
    if precision == DatePrecision.YEAR:
        return start.replace(month=12, day=31)
    return start


def _shown(value: float | None, qualifier: str) -> str:
    return "" if value is None else str(Figure(float(value), qualifier))


def unresolved(account: Account) -> list[str]:
    """Spellings of the account's route that no gazetteer entry was found for."""
    return [stop["name"] for stop in account.route or [] if not stop.get("place")]


__all__ = ["AccountForm", "Offer", "account_form", "precision_of", "unresolved"]
