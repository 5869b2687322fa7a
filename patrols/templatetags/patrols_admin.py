"""Pieces of the admin's pages: what waits for an editor, and who says what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..models import Desk, Report

if TYPE_CHECKING:
    from ..admin.adopted import Source

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_work(context: dict[str, Any]) -> list[Any]:
    from ..admin.evidence import account_views
    from ..admin.patrol import patrol_views
    from ..admin.views import SavedView

    request = context["request"]
    views: list[SavedView] = []
    if request.user.has_perms(["patrols.add_account", "patrols.change_report"]):
        waiting = Report.objects.filter(desk_state=Desk.NEW).count()
        views.append(SavedView(_("Review desk"), reverse("desk"), waiting))
    if request.user.has_perm("patrols.view_patrol"):
        views += patrol_views(request)
    if request.user.has_perm("patrols.view_account"):
        views += account_views(request)[:1]
    if request.user.has_perm("patrols.import_accounts"):
        views.append(SavedView(_("Import a file"), reverse("admin:patrols_importbatch_add")))
    return views


@register.filter
def voices(sources: Iterable[Source]) -> SafeString:
    """Who says so, each with a link to the first of its accounts."""
    return format_html_join(
        ", ", '<a href="{}">{}</a>{}', ((one.url, one.text, _times(one)) for one in sources)
    )


@register.filter
def voices_text(sources: Iterable[Source]) -> str:
    return ", ".join(one.text + _times(one) for one in sources)


def _times(source: Source) -> str:
    return f" ×{source.count}" if source.count > 1 else ""
