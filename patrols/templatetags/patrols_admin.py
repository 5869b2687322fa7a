"""What waits for the editor who has just signed in."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_work(context: dict[str, Any]) -> list[Any]:
    from ..admin.evidence import account_views
    from ..admin.patrol import patrol_views
    from ..admin.views import SavedView

    request = context["request"]
    views: list[SavedView] = []
    if request.user.has_perm("patrols.view_patrol"):
        views += patrol_views(request)
    if request.user.has_perm("patrols.view_account"):
        views += account_views(request)[:1]
    if request.user.has_perm("patrols.import_accounts"):
        views.append(SavedView(_("Import a file"), reverse("admin:patrols_importbatch_add")))
    return views
