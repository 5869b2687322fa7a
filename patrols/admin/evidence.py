"""Reports, accounts and claims: what was published, and what it says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Account, Claim, Patrol, Programme, Report, State
from ..record import workflow
from ..record.apply import apply_proposed, pending_changes, readopt, touch
from ..record.workflow import RecordError
from ..templatetags.record import in_words
from .account_form import Offer, account_form
from .account_inline import FACTS, WHO, ReportAccountInline, legends, save_accounts
from .base import RecordAdmin
from .filters import PlacedFilter, ReviewedFilter
from .forms import REASON, ReasonedForm
from .placing import PlacingMixin
from .views import SavedView, saved_views


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    list_display = ("published", "publisher", "title_shown", "language", "accounts_shown", "address")
    list_display_links = ("published", "title_shown")
    list_filter = (
        "publisher__kind", "language", ("same_story_as", admin.EmptyFieldListFilter), "publisher"
    )  # fmt: skip
    list_select_related = ("publisher",)
    search_fields = ("title", "url", "uid", "publisher__name")
    search_help_text = gettext_lazy("Title, address, id or publisher.")
    date_hierarchy = "published"
    autocomplete_fields = ("publisher", "same_story_as")
    readonly_fields = ("uid", "retrieved_at")
    inlines = (ReportAccountInline,)
    fieldsets = (
        (None, {"fields": ("url", "title", "publisher", "published", "language", "same_story_as")}),
        (
            gettext_lazy("The text"),
            {
                "fields": ("text", "uid", "retrieved_at"),
                "classes": ("collapse",),
                "description": gettext_lazy("For review only. A report's text is never published."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        reports: QuerySet[Report] = super().get_queryset(request)
        if getattr(request.resolver_match, "url_name", "").endswith("changelist"):
            return reports.defer("text", "signature").annotate(n_accounts=Count("accounts"))
        return reports

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        return found.select_related("publisher"), duplicates

    @admin.display(description=gettext_lazy("Title"), ordering="title")
    def title_shown(self, report: Report) -> str:
        return report.title or report.uid

    @admin.display(description=gettext_lazy("Accounts"), ordering="n_accounts")
    def accounts_shown(self, report: Report) -> int:
        return report.n_accounts  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=gettext_lazy("Address"), ordering="url")
    def address(self, report: Report) -> str:
        if not report.url.startswith(("http://", "https://")):
            return report.url
        host = report.url.split("/")[2]
        return format_html('<a href="{}" rel="noreferrer">{}</a>', report.url, host)

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if change:
            Claim.objects.filter(report=obj).update(updated_at=timezone.now())
            touch(obj.accounts.filter(patrol__isnull=False).values_list("patrol_id", flat=True))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.has_changed() and change and not form.cleaned_data.get(REASON, "").strip():
            raise RecordError(_("Say why you change this: fill in “Reason for this change” below."))
        waiting = save_accounts(request, formset, self.reason_of(form, change))
        if waiting:
            text = _("Changes to %(n)s approved accounts wait until a reviewer approves them.")
            self.message_user(request, text % {"n": waiting}, messages.WARNING)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        weighty = {"publisher", "published", "same_story_as"} & set(form.changed_data)
        if change and weighty:
            patrols = Patrol.objects.filter(accounts__report=form.instance).distinct()
            readopt(patrols, why=self.reason_of(form, change), user=request.user)  # type: ignore[arg-type]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["legends"] = legends()
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Account)
class AccountAdmin(PlacingMixin, RecordAdmin):
    change_form_template = "admin/patrols/account_change.html"
    change_list_template = "admin/patrols/record_list.html"
    list_display = (
        "when", "publisher", "programme", "numbers", "status", "sector", "vehicles", "personnel",
        "patrol_shown", "review",
    )  # fmt: skip
    list_display_links = ("when", "publisher")
    list_filter = (PlacedFilter, ReviewedFilter, "programme", "status", "incident_type", "own_reporting")
    list_select_related = ("report__publisher", "programme", "counter", "patrol__programme", "speaker")
    search_fields = (
        "uid",
        "row",
        "sector",
        "report__title",
        "report__url",
        "report__publisher__name",
        "number",
    )
    search_help_text = gettext_lazy("Id, row of its file, number, sector, or its report's title or address.")
    date_hierarchy = "date_start"
    autocomplete_fields = ("report", "speaker")
    readonly_fields = ("uid", "row", "patrol_shown", "review")

    fieldsets = (
        (gettext_lazy("Who says it"), {"fields": ("report", "programme", WHO)}),
        (gettext_lazy("What it says (leave empty what it does not say)"), {"fields": FACTS}),
        (gettext_lazy("Where it stands"), {"fields": ("patrol_shown", "review", ("uid", "row"))}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        withdrawn = obj is not None and obj.patrol is not None and obj.patrol.state == State.WITHDRAWN
        return super().has_change_permission(request, obj) and not withdrawn

    def get_urls(self) -> Any:
        return [*self.placing_urls(), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = account_form(Offer(obj.programme if obj else self._asked_programme(request)))
        return super().get_form(request, obj, change=change, **kwargs)

    def _asked_programme(self, request: HttpRequest) -> Programme | None:
        asked = request.POST.get("programme") or request.GET.get("programme") or ""
        return Programme.objects.filter(pk=asked).first() if asked.isdecimal() else None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = self.fieldsets
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            fieldsets = (*fieldsets, (None, {"fields": (REASON,), "classes": ("reason",)}))  # type: ignore[assignment]
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # An account never moves to another programme: its sides, counts and patrols belong to this one.
        return (*self.readonly_fields, "programme", "report") if obj else self.readonly_fields

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Account | None:
        account: Account | None = super().get_object(request, object_id, from_field)
        if account is not None:
            apply_proposed(account, account.proposed)
        return account

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        accounts: QuerySet[Account] = super().get_queryset(request)
        return accounts.select_related(*self.list_select_related)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"saved_views": account_views(request), **(extra_context or {})}
        return super().changelist_view(request, context)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        why = self.reason_of(form, change)
        if change:
            self.refuse_overtaken(request, obj)
            values = form.values()
            if not values:
                return
            stored = Account.objects.get(pk=obj.pk)
            if not workflow.write_account(stored, values, request.user, why):  # type: ignore[arg-type]
                text = _("Its patrol is published: the change waits until a reviewer approves it.")
                self.message_user(request, text, messages.WARNING)
            return
        obj.created_by = request.user  # type: ignore[assignment]
        obj._change_reason = why  # type: ignore[attr-defined]
        obj.save()

    def response_add(self, request: HttpRequest, obj: Account, post_url_continue: Any = None) -> HttpResponse:
        """A new account goes on to be placed: into a patrol that it tells of, or as a new one."""
        if "_popup" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)  # type: ignore[no-any-return]
        self.message_user(request, _("Saved. Now say which patrol it tells of."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:patrols_account_place", args=[obj.pk]))

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Account | None = None,
    ) -> HttpResponse:  # fmt: skip
        context["legends"] = legends()
        context["programmes"] = Programme.objects.order_by("name") if add else []
        context["asked_programme"] = self._asked_programme(request) if add else None
        if obj is not None and obj.patrol is not None:
            context["waiting"] = self._would_change(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _would_change(self, account: Account) -> list[Any]:
        assert account.patrol is not None
        waits = account.patrol.state == State.PUBLISHED and (not account.reviewed or account.proposed)
        return pending_changes(account.patrol) if waits else []

    @admin.display(description=gettext_lazy("Date"), ordering="date_start")
    def when(self, account: Account) -> str:
        return in_words(account.date_start, account.date_end, account.date_precision)

    @admin.display(description=gettext_lazy("Publisher"), ordering="report__publisher__name")
    def publisher(self, account: Account) -> str:
        voice = account.speaker
        own = account.report.publisher
        return f"{voice} ({own})" if voice and voice != own else str(own)

    @admin.display(description=gettext_lazy("Number"), ordering="number")
    def numbers(self, account: Account) -> str:
        return f"{account.counter.slug if account.counter else ''} {account.number or ''}".strip()

    @admin.display(description=gettext_lazy("Patrol"), ordering="patrol__date_start")
    def patrol_shown(self, account: Account) -> str:
        if not account.pk:
            return str(_("You place it after saving."))
        if account.patrol is None:
            url = reverse("admin:patrols_account_place", args=[account.pk])
            return format_html('<a class="state waits" href="{}">{}</a>', url, _("waits: place it"))
        url = reverse("admin:patrols_patrol_change", args=[account.patrol_id])
        return format_html('<a href="{}">{}</a>', url, account.patrol)

    @admin.display(description=gettext_lazy("Review"), ordering="reviewed")
    def review(self, account: Account) -> str:
        if account.proposed:
            return format_html('<span class="state waits">{}</span>', _("change waits"))
        return _("approved") if account.reviewed else _("not approved yet")


def account_views(request: HttpRequest) -> list[SavedView]:
    base = reverse("admin:patrols_account_changelist")
    waiting = Account.objects.filter(patrol=None).count()
    return saved_views(
        request,
        [
            SavedView(_("Waiting for a patrol"), f"{base}?placed=waits", waiting),
            SavedView(_("Not approved yet"), f"{base}?review=open"),
            SavedView(_("Changes waiting"), f"{base}?review=changed"),
        ],
    )


class ClaimForm(ReasonedForm):
    class Meta:
        model = Claim
        fields = (
            "report", "programme", "counter", "speaker", "count", "qualifier", "date_from",
            "date_from_precision", "date_to", "date_to_precision", "note",
        )  # fmt: skip


@admin.register(Claim)
class ClaimAdmin(RecordAdmin):
    form = ClaimForm
    list_display = (
        "programme",
        "count",
        "qualifier",
        "date_from",
        "date_to",
        "counter",
        "report",
        "reviewed",
    )
    list_display_links = ("programme", "count")
    list_filter = ("reviewed", "programme")
    list_select_related = ("programme", "counter__programme", "report__publisher")
    search_fields = ("note", "report__title", "report__url", "row", "count")
    date_hierarchy = "date_to"
    autocomplete_fields = ("report", "programme", "counter", "speaker")
    actions = ("approve_selected",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("patrols.approve_patrol"))

    @admin.action(description=gettext_lazy("Approve (reviewers)"), permissions=["approve"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        """Whoever approves is not who wrote last, as with patrols."""
        done, own = 0, 0
        last = Claim.history.model.objects.filter(id__in=queryset.values("pk")).order_by("history_date")
        writers = {row.id: row.history_user_id for row in last.only("id", "history_user_id")}
        for claim in queryset.filter(reviewed=False):
            if settings.APPROVAL_BY_ANOTHER and writers.get(claim.pk) == request.user.pk:
                own += 1
                continue
            claim.reviewed = True
            claim._change_reason = _("approved")  # type: ignore[attr-defined]
            claim.save()
            done += 1
        self.message_user(request, _("%(n)s claims approved.") % {"n": done}, messages.SUCCESS)
        if own:
            text = _("%(n)s claims were left: you wrote them, so another person has to approve them.")
            self.message_user(request, text % {"n": own}, messages.WARNING)

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        """A changed claim is to be approved again."""
        obj.reviewed = False
        super().save_model(request, obj, form, change)
