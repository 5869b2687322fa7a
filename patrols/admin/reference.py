"""What the record refers to. Editors keep it; an entry that something uses can never be deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import (
    ContextEvent,
    Counter,
    Force,
    Line,
    Patrol,
    Place,
    PlaceName,
    Programme,
    Publisher,
    State,
    Zone,
)
from ..record.apply import readopt
from ..record.geometry import stored
from .base import RecordAdmin
from .forms import CodesField, LinesField, ReasonedForm, RecordForm
from .legends import date_precision, reliability, where_precision
from .maps import AREAS, AreaWidget, GeometryFormField, LineWidget


class ReferenceAdmin(RecordAdmin):
    """`weighty` fields decide what patrols adopt: after a change to one, `patrols_of` are adopted again."""

    weighty: tuple[str, ...] = ()

    def patrols_of(self, entry: Any) -> QuerySet[Patrol]:
        return Patrol.objects.none()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or not set(self.weighty) & set(form.changed_data):
            return
        patrols = self.patrols_of(form.instance).exclude(state=State.WITHDRAWN).distinct()
        written = readopt(patrols, why=self.reason_of(form, change), user=request.user)  # type: ignore[arg-type]
        if written:
            text = _("%(n)s patrols were adopted again and changed.") % {"n": len(written)}
            self.message_user(request, text, messages.INFO)


class ProgrammeForm(ReasonedForm):
    parties = CodesField(
        required=True,
        label=gettext_lazy("Parties"),
        help_text=gettext_lazy("ISO 3166-1 codes of the states that take part, such as: TR RU"),
    )


class CounterInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Counter
    form = RecordForm
    extra = 0
    fields = ("slug", "name", "party", "note")
    can_delete = False


@admin.register(Programme)
class ProgrammeAdmin(ReferenceAdmin):
    form = ProgrammeForm
    weighty = ("parties", "domain", "zones", "line")
    list_display = ("name", "code", "states", "domain", "start", "end", "n_patrols")
    list_filter = ("domain",)
    search_fields = ("name", "slug", "code", "summary")
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("zones",)
    autocomplete_fields = ("line",)
    inlines = (CounterInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Programme]:
        return super().get_queryset(request).annotate(patrols_count=Count("patrols"))  # type: ignore[no-any-return]

    @admin.display(description=gettext_lazy("Parties"))
    def states(self, programme: Programme) -> str:
        return ", ".join(programme.parties)

    @admin.display(description=gettext_lazy("Patrols"), ordering="patrols_count")
    def n_patrols(self, programme: Programme) -> int:
        return programme.patrols_count  # type: ignore[attr-defined, no-any-return]

    def patrols_of(self, entry: Programme) -> QuerySet[Patrol]:
        return Patrol.objects.filter(programme=entry)


@admin.register(Counter)
class CounterAdmin(ReferenceAdmin):
    list_display = ("name", "slug", "programme", "party")
    list_filter = ("programme", "party")
    list_select_related = ("programme",)
    search_fields = ("name", "slug", "programme__name")
    autocomplete_fields = ("programme",)


class PublisherForm(ReasonedForm):
    aliases = LinesField(label=gettext_lazy("Other spellings"), help_text=gettext_lazy("One a line."))


@admin.register(Publisher)
class PublisherAdmin(ReferenceAdmin):
    form = PublisherForm
    weighty = ("party", "kind")
    list_display = ("name", "kind", "country", "party", "reliability", "language", "n_reports")
    list_filter = ("kind", "reliability", "party", "language", "country")
    search_fields = ("name", "slug", "speaker_code", "homepage")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", ("country", "language"), "homepage", "aliases")}),
        (
            gettext_lazy("Whom it speaks for, and how far to trust it"),
            {"fields": ("party", "speaker_code", "reliability", "reliability_note")},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        fieldsets[1][1]["description"] = reliability()
        return fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publisher]:
        return super().get_queryset(request).annotate(reports_count=Count("reports"))  # type: ignore[no-any-return]

    @admin.display(description=gettext_lazy("Reports"), ordering="reports_count")
    def n_reports(self, publisher: Publisher) -> int:
        return publisher.reports_count  # type: ignore[attr-defined, no-any-return]

    def patrols_of(self, entry: Publisher) -> QuerySet[Patrol]:
        return Patrol.objects.filter(Q(accounts__speaker=entry) | Q(accounts__report__publisher=entry))


class ForceForm(ReasonedForm):
    aliases = LinesField(
        label=gettext_lazy("Names in sources"), help_text=gettext_lazy("One a line, in any script.")
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        parent, seen = cleaned.get("parent"), set()
        while parent is not None and parent.pk not in seen:
            if parent.pk == self.instance.pk:
                self.add_error("parent", _("A force cannot stand under itself, nor under one of its own."))
                break
            seen.add(parent.pk)
            parent = parent.parent
        if cleaned.get("parent") and cleaned.get("country") not in (None, cleaned["parent"].country):
            self.add_error("country", _("A force belongs to the country of the force above it."))
        return cleaned


@admin.register(Force)
class ForceAdmin(ReferenceAdmin):
    form = ForceForm
    weighty = ("country", "parent", "name")
    list_display = ("name", "country", "parent", "kind")
    list_filter = ("country", "kind")
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "country")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)

    def patrols_of(self, entry: Force) -> QuerySet[Patrol]:
        return Patrol.objects.filter(participations__force__country=entry.country)


class ZoneForm(ReasonedForm):
    geometry = GeometryFormField(label=gettext_lazy("Outline"), kinds=AREAS, widget=AreaWidget)


@admin.register(Zone)
class ZoneAdmin(ReferenceAdmin):
    form = ZoneForm
    weighty = ("geometry", "name")
    list_display = ("name", "kind", "valid_from", "valid_to", "depth_km")
    list_filter = ("kind",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", ("valid_from", "valid_to"), "depth_km")}),
        (gettext_lazy("Outline"), {"fields": ("geometry", "basis")}),
    )

    def save_model(self, request: HttpRequest, obj: Zone, form: Any, change: bool) -> None:
        obj.min_lon, obj.min_lat, obj.max_lon, obj.max_lat = stored(obj.geometry).box
        super().save_model(request, obj, form, change)

    def patrols_of(self, entry: Zone) -> QuerySet[Patrol]:
        return Patrol.objects.filter(Q(programme__zones=entry) | Q(zones=entry))


class LineForm(ReasonedForm):
    geometry = GeometryFormField(label=gettext_lazy("Course"), kinds=("LineString",), widget=LineWidget)


@admin.register(Line)
class LineAdmin(ReferenceAdmin):
    form = LineForm
    weighty = ("geometry",)
    list_display = ("name", "slug", "basis")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "geometry", "basis")}),)

    def patrols_of(self, entry: Line) -> QuerySet[Patrol]:
        return Patrol.objects.filter(programme__line=entry)


class PlaceNameInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PlaceName
    form = RecordForm
    extra = 1
    fields = ("name", "language", "preferred")


@admin.register(Place)
class PlaceAdmin(ReferenceAdmin):
    weighty = ("lat", "lon", "where_precision", "name")
    list_display = ("name", "kind", "country", "admin1", "position", "where_precision", "parent")
    list_filter = ("country", "kind", "where_precision", ("lat", admin.EmptyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "names__name", "geonameid")
    search_help_text = gettext_lazy("Any of its names, in any script; slug; GeoNames id.")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    inlines = (PlaceNameInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", ("country", "admin1"), "parent", "geonameid")}),
        (gettext_lazy("Position"), {"fields": (("lat", "lon"), "where_precision", "basis")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        fieldsets[1][1]["description"] = where_precision()
        return fieldsets

    @admin.display(description=gettext_lazy("Position"))
    def position(self, place: Place) -> str:
        return f"{place.lat:.3f}, {place.lon:.3f}" if place.lat is not None else "–"

    def patrols_of(self, entry: Place) -> QuerySet[Patrol]:
        named = Q(accounts__areas__icontains=f'"{entry.slug}"')
        return Patrol.objects.filter(Q(stops__place=entry) | named)


@admin.register(ContextEvent)
class ContextEventAdmin(ReferenceAdmin):
    list_display = ("start", "title", "kind", "end", "source_name")
    list_display_links = ("start", "title")
    list_filter = ("kind", "programmes")
    search_fields = ("title", "slug", "note", "source_name")
    date_hierarchy = "start"
    prepopulated_fields = {"slug": ("title",)}
    filter_horizontal = ("programmes",)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["legends"] = [date_precision()]
        return super().render_change_form(request, context, *args, **kwargs)
