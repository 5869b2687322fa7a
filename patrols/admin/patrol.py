"""The patrol's page and list: what was adopted and why, what waits, and every act an editor may do."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Account, Patrol, Pin, State
from ..record import workflow
from ..record.workflow import RecordError
from ..templatetags.record import in_words, spread
from . import acts, adopted
from .account_inline import PatrolAccountInline, legends, save_accounts
from .base import OVERTAKEN, RecordAdmin
from .children import CHILD_INLINES, KINDS, ChildFormSet, rows_of
from .filters import ContestedFilter, PlaceFilter, WaitingFilter
from .forms import REASON, ReasonedForm
from .maps import map_media
from .pinning import PIN_FORMS, pin_form
from .views import SavedView, saved_views

UNREVIEWED = Q(reviewed=False) | ~Q(proposed={})


class PatrolForm(ReasonedForm):
    """Only the editors' note is written directly; the rest of the page goes through the workflow."""

    needs_reason = True

    class Meta:
        model = Patrol
        fields = ("note",)
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}


def with_pending(patrols: QuerySet[Patrol]) -> QuerySet[Patrol]:
    """`waits`: a published patrol to which something was added that nobody has approved yet."""
    accounts = Account.objects.filter(UNREVIEWED, patrol=OuterRef("pk"))
    pins = Pin.objects.filter(patrol=OuterRef("pk"), reviewed=False)
    return patrols.annotate(waits=Exists(accounts) | Exists(pins))


@admin.register(Patrol)
class PatrolAdmin(acts.ActsMixin, RecordAdmin):
    form = PatrolForm
    change_form_template = "admin/patrols/patrol_change.html"
    change_list_template = "admin/patrols/record_list.html"
    fieldsets = ((gettext_lazy("For editors"), {"fields": ("note",)}),)
    inlines = (PatrolAccountInline, *CHILD_INLINES)
    list_display = (
        "when", "state_shown", "programme", "status_shown", "numbers", "sector_shown", "vehicles",
        "personnel", "sources", "contested_shown", "changed",
    )  # fmt: skip
    list_display_links = ("when",)
    list_select_related = ("programme",)
    list_filter = (
        "state", WaitingFilter, "programme", "status", ContestedFilter, PlaceFilter, "incident_type",
        "date_precision", "sensitive",
    )  # fmt: skip
    date_hierarchy = "date_start"
    ordering = (F("date_start").desc(nulls_last=True), "uid")
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Id, number (overall:13), place, sector, force, zone or incident.")
    actions = ("submit_selected", "approve_selected")

    # Permissions: nothing is deleted, and a patrol is founded by its first account.

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Patrol | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state != State.WITHDRAWN)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        text = _("A patrol is founded by its first account: enter what a report says, then place it.")
        self.message_user(request, text, messages.INFO)
        return HttpResponseRedirect(reverse("admin:patrols_account_add"))

    def get_urls(self) -> Any:
        return [*self.act_urls(), *super().get_urls()]

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patrol]:
        patrols: QuerySet[Patrol] = super().get_queryset(request)
        return with_pending(patrols.defer("adoption", "search_text"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Patrol], search_term: str
    ) -> tuple[QuerySet[Patrol], bool]:
        """Every word must occur; the searched text is folded to lower case when it is written."""
        for word in search_term.casefold().split():
            queryset = queryset.filter(
                Q(search_text__contains=word) | Q(uid=word) | Q(date_start__startswith=word)
            )
        return queryset, False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"saved_views": patrol_views(request), **(extra_context or {})}
        return super().changelist_view(request, context)  # type: ignore[no-any-return]

    @admin.display(description=gettext_lazy("Date"), ordering=F("date_start").asc(nulls_first=True))
    def when(self, patrol: Patrol) -> str:
        return in_words(patrol.date_start, patrol.date_end, patrol.date_precision)

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def status_shown(self, patrol: Patrol) -> str:
        return str(patrol.get_status_display()).split(",")[0] if patrol.status else "–"

    @admin.display(description=gettext_lazy("Sector"), ordering="sector")
    def sector_shown(self, patrol: Patrol) -> str:
        return Truncator(patrol.sector).chars(60)

    @admin.display(description=gettext_lazy("Numbers"), ordering="ordinals_text")
    def numbers(self, patrol: Patrol) -> str:
        return patrol.ordinals_text.replace(":", " ").replace(";", ", ")

    @admin.display(description=gettext_lazy("Vehicles"), ordering="vehicles_best")
    def vehicles(self, patrol: Patrol) -> str:
        return spread(patrol, "vehicles")

    @admin.display(description=gettext_lazy("Personnel"), ordering="personnel_best")
    def personnel(self, patrol: Patrol) -> str:
        return spread(patrol, "personnel")

    @admin.display(description=gettext_lazy("Sources"), ordering="sources_count")
    def sources(self, patrol: Patrol) -> int:
        return patrol.sources_count

    @admin.display(description=gettext_lazy("Contested"))
    def contested_shown(self, patrol: Patrol) -> str:
        return ", ".join(fact.replace("_", " ") for fact in patrol.contested)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, patrol: Patrol) -> str:
        badge = format_html('<span class="state {}">{}</span>', patrol.state, patrol.get_state_display())
        if patrol.state == State.PUBLISHED and patrol.waits:  # type: ignore[attr-defined]
            return format_html('{} <span class="state waits">{}</span>', badge, _("change waits"))
        return badge

    @admin.display(description=gettext_lazy("Changed"), ordering="updated_at")
    def changed(self, patrol: Patrol) -> Any:
        return patrol.updated_at.date()

    # Acts on several at once

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Patrol]) -> None:
        self._each(request, queryset, workflow.submit, _("submitted"))

    @admin.action(description=gettext_lazy("Approve (reviewers)"), permissions=["approve"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Patrol]) -> None:
        self._each(request, queryset, workflow.approve, _("approved"))

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("patrols.approve_patrol"))

    def _each(self, request: HttpRequest, queryset: QuerySet[Patrol], act: Any, done: str) -> None:
        """One refusal does not stop the others; each is told with its reason."""
        refused: dict[str, list[Patrol]] = {}
        count = 0
        for patrol in Patrol.objects.filter(pk__in=queryset.values("pk")).select_related("programme"):
            try:
                act(patrol, request.user)
                count += 1
            except RecordError as error:
                refused.setdefault(str(error), []).append(patrol)
        if count:
            self.message_user(
                request, _("%(n)s patrols %(done)s.") % {"n": count, "done": done}, messages.SUCCESS
            )
        for why, patrols in refused.items():
            named = ", ".join(str(patrol) for patrol in patrols[:5])
            more = _(" and %(n)s more") % {"n": len(patrols) - 5} if len(patrols) > 5 else ""
            self.message_user(request, f"{named}{more}: {why}", messages.WARNING)

    # The page

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Patrol | None:
        patrol: Patrol | None = super().get_object(request, object_id, from_field)
        if patrol is not None:
            request.patrol_programme = patrol.programme  # type: ignore[attr-defined]
            pins = {pin.fact: pin.value for pin in patrol.pins.all() if not pin.reviewed}
            request.account_stamps = list(patrol.accounts.order_by("pk").values_list("pk", "updated_at"))  # type: ignore[attr-defined]
            request.child_rows = {model: rows_of(model, patrol, pins) for model in KINDS}  # type: ignore[attr-defined]
        return patrol

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if inline.model in KINDS and inline.has_change_permission(request, obj):
            kwargs["queryset"] = inline.get_queryset(request).none()
            kwargs["initial"] = getattr(request, "child_rows", {}).get(inline.model, [])
        return kwargs

    def seen(self, request: HttpRequest, obj: Any) -> str:
        return seen(request)

    def save_model(self, request: HttpRequest, obj: Patrol, form: Any, change: bool) -> None:
        if "note" in form.changed_data:
            Patrol.objects.select_for_update().get(pk=obj.pk)
            stored = Patrol.objects.get(pk=obj.pk)
            stored.note = obj.note
            stored._change_reason = self.reason_of(form, change)  # type: ignore[attr-defined]
            stored.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Inline changes need the page's reason, and must be to what the editor saw."""
        lists = [formset for formset in formsets if isinstance(formset, ChildFormSet)]
        changed = [formset for formset in lists if formset.differs()]
        accounts = [formset for formset in formsets if formset not in lists and formset.has_changed()]
        why = form.cleaned_data.get(REASON, "").strip()
        if (changed or accounts) and not why:
            raise RecordError(_("Say why you change this: fill in “Reason for this change” below."))
        if (changed or accounts) and request.POST.get("seen") != seen(request):
            raise RecordError(_(OVERTAKEN))
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        why, patrol = form.cleaned_data.get(REASON, "").strip(), form.instance
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        if isinstance(formset, ChildFormSet):
            if formset.differs():
                workflow.pin(patrol, formset.kind.fact, formset.value(), why, request.user)  # type: ignore[arg-type]
                label = formset.kind.fact.replace("_", " ")
                self.message_user(request, _("Pinned: %(fact)s.") % {"fact": label}, messages.SUCCESS)
            return
        if save_accounts(request, formset, why, patrol):
            text = _("The patrol is published: the change waits until a reviewer approves it.")
            self.message_user(request, text, messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Patrol | None = None,
    ) -> HttpResponse:  # fmt: skip
        context["show_save_and_add_another"] = False
        if obj is not None:
            context.update(page_context(request, obj))
            context["media"] = context["media"] + map_media()
        return super().render_change_form(request, context, add, change, form_url, obj)


def page_context(request: HttpRequest, patrol: Patrol) -> dict[str, Any]:
    related = ("report__publisher", "speaker", "programme")
    accounts = list(Account.objects.filter(patrol=patrol).select_related(*related))
    names = adopted.Names()
    facts = adopted.lines(patrol, accounts, names)
    changes = adopted.waiting(patrol)
    pending = any(not account.reviewed or account.proposed for account in accounts) or any(
        not pin.reviewed for pin in patrol.pins.all()
    )
    may = request.user.has_perm("patrols.change_patrol") and patrol.state != State.WITHDRAWN
    return {
        "lines": facts,
        "pin_forms": {
            line.fact: pin_form(line.fact, patrol, acts.start_value(patrol, line.fact))
            for line in facts
            if may and line.fact in PIN_FORMS and line.fact != "route"
        },
        "may_pin": may,
        "waiting": changes,
        "pending": pending and patrol.state == State.PUBLISHED,
        "acts": acts.offered(patrol, request.user, pending),
        "own_work": patrol.last_writer_id == request.user.pk,
        "legends": legends(),
        "layers": adopted.map_layers(patrol),
    }


def seen(request: HttpRequest) -> str:
    """A fingerprint of the lists and accounts that the page starts from."""
    rows = getattr(request, "child_rows", {})
    value: dict[str, Any] = {KINDS[model].fact: KINDS[model].to_json(found) for model, found in rows.items()}
    value["accounts"] = getattr(request, "account_stamps", [])
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def patrol_views(request: HttpRequest) -> list[SavedView]:
    """Links to what waits, each with its count, from one query."""
    base = reverse("admin:patrols_patrol_changelist")
    published = Q(state=State.PUBLISHED)
    live = ~Q(state=State.WITHDRAWN)
    wanted = (
        ("drafts", _("Drafts"), "state__exact=draft", Q(state=State.DRAFT)),
        ("review", _("In review"), "state__exact=in_review", Q(state=State.IN_REVIEW)),
        ("pending", _("Changes waiting"), "waits=yes", published & Q(waits=True)),
        ("contested", _("Contested"), "contested=yes", live & ~Q(contested=[])),
        ("no_place", _("No place on the map"), "place=none", live & Q(public_route=None, zones_text="")),
    )
    counts = with_pending(Patrol.objects.all()).aggregate(
        **{name: Count("pk", filter=condition) for name, _label, _query, condition in wanted}
    )
    views = [SavedView(label, f"{base}?{query}", counts[name]) for name, label, query, _c in wanted]
    return saved_views(request, views)
