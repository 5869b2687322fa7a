"""Accounts inline in their patrol and in their report: folded, one line each, opened to edit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Account, Patrol, Programme, State
from ..record import workflow
from ..record.apply import apply_proposed
from .account_form import Offer, account_form
from .legends import date_precision, figures, status, weights

WHO = ("speaker", "own_reporting")
FACTS = (
    ("number", "counter"),
    ("date_start", "date_end"),
    ("date_precision", "date_stated"),
    "status",
    "sector",
    "route",
    "forces",
    "forces_as_named",
    ("personnel", "personnel_by_side"),
    ("vehicles", "vehicles_by_side"),
    "air_support",
    ("length_km", "depth_km", "duration_h"),
    ("incident_type", "incident_note"),
    "note",
)


class AccountFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Shows a change that waits for approval, not what it is to replace: the editor works on from there."""

    def validate_unique(self) -> None:
        """The forms check against the stored accounts; here the new ones are compared with each other."""
        seen: set[Any] = set()
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            other = cleaned.get("report") if self.fk.name == "patrol" else None
            if other is not None and other in seen and not form.errors:
                form.add_error("report", gettext("This report already has an account of this patrol."))
            seen.add(other)

    def get_queryset(self) -> Any:
        if not hasattr(self, "_with_proposed"):
            accounts = super().get_queryset()
            for account in accounts:
                apply_proposed(account, account.proposed)
            self._with_proposed = accounts
        return self._with_proposed


class AccountInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Account
    formset = AccountFormSet
    template = "admin/patrols/account_inline.html"
    extra = 0
    can_delete = False
    show_change_link = True
    autocomplete_fields = ["report", "speaker"]
    verbose_name_plural = _("Accounts: what each report says")

    def offer(self, request: HttpRequest, obj: Any) -> Offer:
        if not hasattr(request, "offer"):
            programme = obj.programme if isinstance(obj, Patrol) else None
            request.offer = Offer(programme)  # type: ignore[attr-defined]
        return request.offer  # type: ignore[attr-defined, no-any-return]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = account_form(self.offer(request, obj), needs_reason=False)
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        related = ("report__publisher", "speaker", "counter", "programme", "patrol")
        return super().get_queryset(request).select_related(*related).order_by("report__published", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        withdrawn = isinstance(obj, Patrol) and obj.state == State.WITHDRAWN
        return super().has_change_permission(request, obj) and not withdrawn

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        withdrawn = isinstance(obj, Patrol) and obj.state == State.WITHDRAWN
        return super().has_add_permission(request, obj) and not withdrawn


class PatrolAccountInline(AccountInline):
    fk_name = "patrol"
    fieldsets = ((None, {"fields": ("report", WHO, *FACTS)}),)


class ReportAccountInline(AccountInline):
    fk_name = "report"
    readonly_fields = ("in_patrol",)
    fieldsets = ((None, {"fields": ("programme", "in_patrol", WHO, *FACTS)}),)

    @admin.display(description=_("Patrol"))
    def in_patrol(self, account: Account) -> str:
        return str(account.patrol) if account.patrol_id else str(_("waits for an editor to place it"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "programme" and field is not None:
            programmes = Programme.objects.order_by("name")
            field.choices = [("", "---------"), *((one.pk, one.name) for one in programmes)]
        return field


def legends() -> list[Any]:
    return [figures(), date_precision(), status(), weights()]


def save_accounts(request: HttpRequest, formset: Any, why: str, patrol: Patrol | None = None) -> int:
    """Write a page's changed and new accounts through the workflow; returns how many wait for approval."""
    formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
    user: Any = request.user
    waiting = 0
    for form in formset.forms:
        if not form.has_changed():
            continue
        account: Account = form.instance
        if account.pk:
            stored = Account.objects.get(pk=account.pk)
            waiting += not workflow.write_account(stored, form.values(), user, why)
            formset.changed_objects.append((account, form.changed_data))
            continue
        account.created_by = user
        account.patrol = None
        account._change_reason = why  # type: ignore[attr-defined]
        account.save()
        if patrol is not None:
            workflow.attach(account, patrol, user, why)
            waiting += patrol.state == State.PUBLISHED
        formset.new_objects.append(account)
    return waiting
