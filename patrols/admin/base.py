"""The admin of the record: every save keeps who, when and why, and every refusal is a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from ..record.workflow import RecordError
from .forms import REASON, ReasonedForm

if TYPE_CHECKING:
    from django.db.models import Model

CLASHED = (
    "Somebody else has just saved something that this clashes with, such as the same address or name. "
    "Look at what is there now and save again."
)
OVERTAKEN = (
    "Somebody else has changed this while you were editing it. Open it again in a second tab, compare, and "
    "enter there what is still to be changed."
)


class RecordAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Base of all admins of tables with history.

    The reason stands at the end of every form. An act that the record refuses (`RecordError`), or that
    another editor's save has overtaken, gives the form back with the sentence at its top and the input kept.
    """

    form = ReasonedForm
    change_form_template = "admin/patrols/record_change.html"
    formfield_overrides: ClassVar[dict[Any, Any]] = {models.URLField: {"assume_scheme": "https"}}
    list_per_page = 100
    show_full_result_count = False
    history_list_per_page = 50

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.record_error = getattr(request, "record_error", "")
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may_write or not issubclass(self.form, ReasonedForm):
            return fieldsets
        named = [name for _title, options in fieldsets for name in options["fields"]]
        if REASON not in named:
            return [*fieldsets, (None, {"fields": [REASON], "classes": ["reason"]})]
        if len(fieldsets) == 1:
            rest = [name for name in named if name != REASON]
            return [(None, {"fields": rest}), (None, {"fields": [REASON], "classes": ["reason"]})]
        return fieldsets

    def seen(self, request: HttpRequest, obj: Any) -> str:
        """What the page shows of the stored entry; another value on saving means that it is outdated."""
        return obj.updated_at.isoformat() if obj is not None and obj.pk else ""

    def refuse_overtaken(self, request: HttpRequest, obj: Any) -> None:
        given = request.POST.get("seen", "")
        if given and given != self.seen(request, obj):
            raise RecordError(_(OVERTAKEN))

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Any = None,
    ) -> HttpResponse:  # fmt: skip
        context["seen"] = request.POST.get("seen") or self.seen(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            self.refuse_overtaken(request, obj)
        obj._change_reason = self.reason_of(form, change)
        super().save_model(request, obj, form, change)

    def reason_of(self, form: Any, change: bool) -> str:
        reason = form.cleaned_data.get(REASON, "").strip() if hasattr(form, "cleaned_data") else ""
        return reason or (_("saved again") if change else _("added"))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]
        except RecordError as error:
            refused = str(error)
        except IntegrityError:
            refused = _(CLASHED)
        request.record_error = refused  # type: ignore[attr-defined]
        for file in request.FILES.values():
            file.seek(0)  # type: ignore[union-attr]
        return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An old version is to be read, never to be put back past the rules of the record."""
        return True

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)  # type: ignore[no-any-return]


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tables that only the rules of the record write."""

    list_per_page = 100
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
