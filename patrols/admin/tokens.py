"""API tokens: an editor gives one to a researcher, who sees it once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "given_by", "created_at", "last_used", "revoked_at")
    list_select_related = ("given_by",)
    search_fields = ("name",)
    fields = ("name", "given_by", "created_at", "last_used", "revoked_at")
    readonly_fields = ("given_by", "created_at", "last_used", "revoked_at")
    actions = ("revoke",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is revoked, so that one sees afterwards who had it."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        secret = obj.draw()
        obj.given_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        text = _("The token is %(secret)s – pass it on now, it is shown this once.")
        self.message_user(request, text % {"secret": secret}, messages.WARNING)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        done = chosen.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
        self.message_user(request, _("Revoked: %(n)s.") % {"n": done})
