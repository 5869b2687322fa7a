"""What the record has kept for itself: the public log of corrections, and the editors' pins."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Correction, Pin
from .base import ReadOnlyAdmin


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "patrol", "what", "why")
    list_filter = ("kind", "patrol__programme")
    list_select_related = ("patrol__programme",)
    search_fields = ("what", "why", "patrol__uid")
    date_hierarchy = "at"


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin):
    """Pins are set and taken off on their patrol's page."""

    list_display = ("fact", "patrol", "reason", "by", "reviewed", "updated_at")
    list_filter = ("fact", "reviewed", "patrol__programme")
    list_select_related = ("patrol__programme", "by")
    search_fields = ("reason", "patrol__uid")
    date_hierarchy = "updated_at"
    search_help_text = _("Reason, or a patrol's id.")
