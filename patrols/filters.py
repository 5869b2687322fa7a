"""The one filter: the same query string means the same patrols on the map, in the table and in every file.

    from, to            days (YYYY-MM-DD); patrols whose span of days meets them
    programme, zone     slugs, repeatable
    force               slugs, repeatable; a force includes those under it
    status, incident    codes, repeatable; incident=any is any incident, incident=none none, expressly
    q                   words, all of which the patrol's public text holds
    contested           1: participants' own statements exclude each other on some fact
    bbox                min lon, min lat, max lon, max lat; min lon above max lon spans the antimeridian
    place               slug of a gazetteer place on the route
    party               ISO 3166-1 code of a state that took part
    mapped              1: with a place on the map (a route or a zone), 0: without
    sort, page          how a list shows them; files keep their own stable order

Values of a repeated parameter are alternatives; different parameters all hold. A value that cannot be read
is an error under its parameter's name, and then no patrol matches: a misread filter never looks like an
answer. Blank values count as not given.
"""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Force, Incident, IncidentType, Participation, Patrol, Place, Programme, Status, Stop, Zone
from .publish.map import UNPLACED
from .record.columns import Selection

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from .models.record import PatrolQuerySet

Choices = list[tuple[str, str]]

TEXT_LENGTH = 200
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LISTING = ("sort", "page")
"""Parameters that choose how patrols are listed, not which."""
OF_CLAIMS = ("programme", "from", "to")
"""Parameters that apply to claims too."""
SORTS = {
    "date": "date_start",
    "programme": "programme__name",
    "status": "status",
    "personnel": "personnel_best",
    "vehicles": "vehicles_best",
    "length": "length_km_best",
    "duration": "duration_h_best",
    "incident": "incident_type",
    "accounts": "accounts_count",
    "sources": "sources_count",
    "updated": "changed_at",
}


def shown(value: str, length: int = 60) -> str:
    """A visitor's value as an error may repeat it: short, and without control characters."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value)
    return plain if len(plain) <= length else plain[: length - 1] + "…"


def codes_of(field: forms.Field) -> list[str]:
    """The values that a field with choices knows."""
    choices: Any = getattr(field, "choices", ())
    return [str(code) for code, _label in choices if code]


def not_one_of(value: str, codes: Iterable[str]) -> forms.ValidationError:
    allowed = ", ".join(codes)
    return forms.ValidationError(
        _("“{value}” is not known. Choose from: {allowed}.").format(
            value=shown(value), allowed=allowed or _("none yet")
        ),
        code="invalid_choice",
    )


class OneOf(forms.ChoiceField):
    """A value out of a closed set."""

    def validate(self, value: str) -> None:
        codes = codes_of(self) if value else []
        if value and value not in codes:
            raise not_one_of(value, codes)


class AnyOf(forms.MultipleChoiceField):
    """Values out of a closed set; doubles and blanks are dropped."""

    def to_python(self, value: Any) -> list[str]:
        values = [value] if isinstance(value, str) else value or ()
        return list(dict.fromkeys(text for text in map(str, values) if text.strip()))

    def validate(self, value: list[str]) -> None:
        codes = codes_of(self) if value else []
        known = set(codes)
        for one in value:
            if one not in known:
                raise not_one_of(one, codes)


class Day(forms.DateField):
    """A day as YYYY-MM-DD and nothing else, whatever the visitor's language."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        text = (value or "").strip()
        if not text:
            return None
        day = None
        if ISO_DAY.fullmatch(text):
            with suppress(ValueError):
                day = date.fromisoformat(text)
        if day is None:
            raise forms.ValidationError(
                _("“{value}” is no day. Give it as YYYY-MM-DD, such as 2019-11-01.").format(value=shown(text))
            )
        return day


class Box(NamedTuple):
    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float


class BoxField(forms.CharField):
    """minlon,minlat,maxlon,maxlat in degrees."""

    def clean(self, value: Any) -> Box | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            box = Box(*(float(part) for part in text.split(",")))
        except (TypeError, ValueError):
            raise forms.ValidationError(
                _("“{value}” is no box. Give four numbers: min lon, min lat, max lon, max lat.").format(
                    value=shown(text)
                )
            ) from None
        if not (
            all(map(isfinite, box))
            and all(-180 <= lon <= 180 for lon in (box.min_lon, box.max_lon))
            and -90 <= box.min_lat <= box.max_lat <= 90
        ):
            raise forms.ValidationError(
                _("Longitudes lie between -180 and 180, latitudes between -90 and 90, the lower one first.")
            )
        return box


class PlaceField(forms.CharField):
    def clean(self, value: Any) -> str:
        slug: str = super().clean(value)
        if slug and not Place.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("No place is called “{value}”.").format(value=shown(slug)))
        return slug


class FilterForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and last < first:
            self.add_error("to", _("The last day lies before the first day."))
        return cleaned


def _in_language(rows: Iterable[tuple[str, str]]) -> Choices:
    """Names of the shipped reference data are messages; what editors have entered stays as it is."""
    return [(slug, _(name) if name else slug) for slug, name in rows]


class Known:
    """What the record knows of programmes, zones and forces: each read once, and only when asked for."""

    @cached_property
    def programmes(self) -> Choices:
        return _in_language(Programme.objects.order_by("name").values_list("slug", "name"))

    @cached_property
    def zones(self) -> Choices:
        return _in_language(Zone.objects.order_by("name").values_list("slug", "name"))

    @cached_property
    def forces(self) -> list[Force]:
        return list(Force.objects.order_by("country", "name").only("slug", "name", "country", "parent_id"))

    def under(self, slugs: Iterable[str]) -> set[int]:
        """Keys of the forces and of all forces under them."""
        children: dict[int | None, list[int]] = defaultdict(list)
        for force in self.forces:
            children[force.parent_id].append(force.pk)
        wanted = set(slugs)
        found: set[int] = set()
        waiting = [force.pk for force in self.forces if force.slug in wanted]
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting += children[pk]
        return found


class AnyOfFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = AnyOf


class OneOfFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = OneOf


class DayFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = Day


class BoxFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = BoxField


class PlaceFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = PlaceField


class PageFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = forms.IntegerField


class PatrolFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter `queryset`, which starts from `Patrol.objects.visible_to(user)`, by a query string.

    Reads from the database only what the given parameters need. `qs` is in the order that `sort` asks for.
    """

    from_ = DayFilter(label=gettext_lazy("From"), method="since")
    to = DayFilter(label=gettext_lazy("To"), method="until")
    programme = AnyOfFilter(label=gettext_lazy("Programme"), method="of_programme")
    zone = AnyOfFilter(label=gettext_lazy("Zone"), method="in_zone")
    force = AnyOfFilter(label=gettext_lazy("Force"), method="with_force")
    status = AnyOfFilter(label=gettext_lazy("Status"), choices=Status.choices, method="of_status")
    incident = AnyOfFilter(
        label=gettext_lazy("Incident"),
        choices=[("any", gettext_lazy("any incident")), *IncidentType.choices],
        method="with_incident",
    )
    q = django_filters.CharFilter(label=gettext_lazy("Text"), max_length=TEXT_LENGTH, method="with_text")
    contested = OneOfFilter(
        label=gettext_lazy("Contested"),
        choices=[("1", gettext_lazy("contested only"))],
        method="is_contested",
    )
    bbox = BoxFilter(label=gettext_lazy("Box"), max_length=TEXT_LENGTH, method="in_box")
    place = PlaceFilter(label=gettext_lazy("Place"), max_length=80, method="at_place")
    party = OneOfFilter(label=gettext_lazy("Party"), method="with_party")
    mapped = OneOfFilter(
        label=gettext_lazy("Place on the map"),
        choices=[("1", gettext_lazy("with a place")), ("0", gettext_lazy("without a place"))],
        method="is_mapped",
    )
    sort = OneOfFilter(
        label=gettext_lazy("Sort by"),
        choices=[(sign + name, sign + name) for name in SORTS for sign in ("", "-")],
        method="as_is",
    )
    page = PageFilter(label=gettext_lazy("Page"), min_value=1, max_value=1_000_000, method="as_is")

    class Meta:
        model = Patrol
        fields: list[str] = []
        form = FilterForm

    @classmethod
    def get_filters(cls) -> Mapping[str, Any]:
        """`from` is a word of Python, so its attribute is `from_`."""
        return OrderedDict((name.rstrip("_"), one) for name, one in super().get_filters().items())

    def __init__(self, data: QueryDict | None = None, queryset: PatrolQuerySet | None = None, **kwargs: Any):
        super().__init__(QueryDict() if data is None else data, queryset, **kwargs)
        self.is_bound = True
        self.known = known = Known()
        choices: dict[str, Callable[[], Choices]] = {
            "programme": lambda: known.programmes,
            "zone": lambda: known.zones,
            "force": lambda: [(force.slug, f"{_(force.name)} ({force.country})") for force in known.forces],
            "party": lambda: [(code, code) for code in sorted({force.country for force in known.forces})],
        }
        for name, load in choices.items():
            self.filters[name].extra["choices"] = load

    @property
    def qs(self) -> PatrolQuerySet:
        """The patrols asked for, in order; none where a parameter cannot be read."""
        return self.without()

    def without(self, *names: str) -> PatrolQuerySet:
        """The patrols that would match without these parameters; none where one cannot be read."""
        if self.errors:
            return self.queryset.none()  # type: ignore[no-any-return]
        patrols = self.queryset.all()
        for name, value in self.form.cleaned_data.items():
            if name not in names and value not in (None, "", []):
                patrols = self.filters[name].filter(patrols, value)
        return self._ordered(patrols)

    def _ordered(self, patrols: PatrolQuerySet) -> PatrolQuerySet:
        sort = self.form.cleaned_data.get("sort") or "-date"
        column = F(SORTS[sort.lstrip("-")])
        order = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
        return patrols.order_by(order, "uid")

    # What each parameter means

    def since(self, patrols: PatrolQuerySet, _name: str, day: date) -> PatrolQuerySet:
        return patrols.filter(Q(date_end__gte=day) | Q(date_end__isnull=True, date_start__gte=day))

    def until(self, patrols: PatrolQuerySet, _name: str, day: date) -> PatrolQuerySet:
        return patrols.filter(date_start__lte=day)

    def of_programme(self, patrols: PatrolQuerySet, _name: str, slugs: list[str]) -> PatrolQuerySet:
        return patrols.filter(programme__slug__in=slugs)

    def in_zone(self, patrols: PatrolQuerySet, _name: str, slugs: list[str]) -> PatrolQuerySet:
        return patrols.filter(_related(Patrol.zones.through.objects.filter(zone__slug__in=slugs)))

    def with_force(self, patrols: PatrolQuerySet, _name: str, slugs: list[str]) -> PatrolQuerySet:
        return patrols.filter(_related(Participation.objects.filter(force__in=self.known.under(slugs))))

    def of_status(self, patrols: PatrolQuerySet, _name: str, codes: list[str]) -> PatrolQuerySet:
        return patrols.filter(status__in=codes)

    def with_incident(self, patrols: PatrolQuerySet, _name: str, codes: list[str]) -> PatrolQuerySet:
        wanted = Q(incident_type__in=codes) | _related(Incident.objects.filter(type__in=codes))
        if "any" in codes:
            wanted |= ~Q(incident_type__in=["", IncidentType.NONE])
        return patrols.filter(wanted)

    def with_text(self, patrols: PatrolQuerySet, _name: str, text: str) -> PatrolQuerySet:
        for word in text.casefold().split():
            patrols = patrols.filter(search_text__contains=word)
        return patrols

    def is_contested(self, patrols: PatrolQuerySet, _name: str, _yes: str) -> PatrolQuerySet:
        return patrols.exclude(contested=[])

    def in_box(self, patrols: PatrolQuerySet, _name: str, box: Box) -> PatrolQuerySet:
        """By the public route, or where there is none by the zones in whose shade the patrol is drawn."""
        in_zones = _related(Patrol.zones.through.objects.filter(meets(box, "zone__")))
        return patrols.filter(meets(box, "public_route__") | (Q(public_route__isnull=True) & in_zones))

    def at_place(self, patrols: PatrolQuerySet, _name: str, slug: str) -> PatrolQuerySet:
        """Sensitive patrols are found at no place, by nobody, since the answer would tell where they were."""
        return patrols.filter(_related(Stop.objects.filter(place__slug=slug)), sensitive=False)

    def with_party(self, patrols: PatrolQuerySet, _name: str, code: str) -> PatrolQuerySet:
        return patrols.filter(parties__contains=code)

    def is_mapped(self, patrols: PatrolQuerySet, _name: str, yes: str) -> PatrolQuerySet:
        return patrols.exclude(UNPLACED) if yes == "1" else patrols.filter(UNPLACED)

    def as_is(self, patrols: PatrolQuerySet, _name: str, _value: Any) -> PatrolQuerySet:
        return patrols

    # What the filter says of itself

    @property
    def given(self) -> dict[str, Any]:
        """The readable parameters that were given, with their values."""
        self.errors  # noqa: B018  (validates)
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    @property
    def error_lines(self) -> list[str]:
        """One line for each error, beginning with the parameter's name."""
        return [f"{name}: {text}" for name, texts in self.errors.items() for text in texts]

    def unknown(self, *also: str) -> list[str]:
        """Names in the query string that are no parameter of the filter and not among `also`."""
        return [name for name in self.data if name not in self.filters and name not in also]

    def problems(self, *also: str) -> list[str]:
        """What is wrong with the query string, a line each; parameters in `also` are known besides."""
        return self.error_lines + [no_such(name) for name in self.unknown(*also)]

    def selection(self, user: AbstractUser | AnonymousUser | None) -> Selection:
        """What the tables of the column registry start from."""
        given = self.given
        return Selection(
            patrols=self.qs,
            user=user,
            programmes=tuple(given.get("programme", ())),
            first_day=given.get("from"),
            last_day=given.get("to"),
            patrols_only=any(name not in (*OF_CLAIMS, *LISTING) for name in given),
        )

    def canonical_query(self) -> str:
        """The filter as one query string, whatever the order it was asked in; without sorting and page."""
        query = QueryDict(mutable=True)
        for name, value in self.given.items():
            if name not in LISTING:
                query.setlist(name, sorted(value) if isinstance(value, list) else [_as_text(value)])
        return query.urlencode(safe=",:")

    def describe(self) -> list[str]:
        """The filters that were given, each in words."""
        return [self._in_words(name, value) for name, value in self.given.items() if name not in LISTING]

    def _in_words(self, name: str, value: Any) -> str:
        match name:
            case "from":
                return _("from {day}").format(day=date_format(value))
            case "to":
                return _("until {day}").format(day=date_format(value))
            case "contested":
                return _("contested facts only")
            case "q":
                return _("text “{text}”").format(text=value)
        field = self.form.fields[name]
        labels = {str(code): str(label) for code, label in getattr(field, "choices", ())}
        values = value if isinstance(value, list) else [_as_text(value)]
        told = _(" or ").join(labels.get(one, one) for one in values)
        return f"{str(field.label).lower()}: {told}"


def _related(children: QuerySet[Any]) -> Q:
    return Q(Exists(children.filter(patrol=OuterRef("pk"))))


EDGES = ("min_lon", "min_lat", "max_lon", "max_lat")


def meets(box: Box, path: str = "", edges: tuple[str, str, str, str] = EDGES) -> Q:
    """What has a box that meets `box`; `edges` name its west, south, east and north under `path`."""
    west, south, east, north = (f"{path}{edge}" for edge in edges)
    latitudes = Q(**{f"{south}__lte": box.max_lat, f"{north}__gte": box.min_lat})
    if box.min_lon <= box.max_lon:
        return latitudes & Q(**{f"{west}__lte": box.max_lon, f"{east}__gte": box.min_lon})
    return latitudes & (Q(**{f"{west}__lte": box.max_lon}) | Q(**{f"{east}__gte": box.min_lon}))


def _as_text(value: Any) -> str:
    return ",".join(f"{edge:.10g}" for edge in value) if isinstance(value, Box) else str(value)


def no_such(name: str) -> str:
    return _("{name}: no such parameter.").format(name=shown(name))


def with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def describe(params: QueryDict) -> list[str]:
    """The active filters of a query string, each in words."""
    return PatrolFilter(params).describe()


def canonical_query(params: QueryDict) -> str:
    """The filter of a query string in one fixed form: equal for equal filters."""
    return PatrolFilter(params).canonical_query()
