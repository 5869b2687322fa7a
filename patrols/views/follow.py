"""To follow the record: the public log of corrections, feeds of it and of any filtered view, the sitemap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import InvalidPage, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..filters import no_such, with_query
from ..insight.analyses import ANALYSES
from ..models import Correction, Force, Patrol, Programme, State, Zone
from ..publish.cite import LICENCE
from ..templatetags.record import spread, when
from .filtering import OF_THE_PAGE, Filtered, refusal

PER_PAGE = 100
IN_FEED = 50
ATOM = "application/atom+xml; charset=utf-8"


def _lines(request: HttpRequest) -> QuerySet[Correction]:
    return Correction.objects.visible_to(request.user).select_related("patrol__programme")


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Every public change, latest first: what, when and why."""
    unknown = [name for name in request.GET if name not in ("page", *OF_THE_PAGE)]
    if unknown:
        return refusal([no_such(name) for name in unknown])
    try:
        page = Paginator(_lines(request), PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        return refusal([f"page: {error}"])
    return render(request, "patrols/corrections.html", {"page": page})


@require_safe
def corrections_feed(request: HttpRequest) -> HttpResponse:
    lines = list(_lines(request)[:IN_FEED])
    address = reverse("corrections")
    feed = _feed(
        _("Corrections to the record of joint military patrols"), address, reverse("corrections-feed")
    )
    for line in lines:
        seen = line.patrol.state != State.WITHDRAWN and line.kind != Correction.Kind.HELD
        link = line.patrol.get_absolute_url() if seen else address
        reason = "" if line.patrol.sensitive else line.why
        feed.add_item(
            title=f"{line.patrol.uid}: {line.public_what}",
            link=f"{settings.SITE_URL}{link}",
            description=f"{line.public_what} {reason}".strip(),
            unique_id=f"{settings.SITE_URL}{address}#{line.pk}",
            pubdate=line.at,
            updateddate=line.at,
        )
    return _as_atom(feed)


@require_safe
def patrols_feed(request: HttpRequest) -> HttpResponse:
    """The patrols of a filter, those changed last first. A filter that cannot be read is refused by name."""
    filtered = Filtered(request)
    if filtered.problems:
        return refusal(filtered.problems)
    said = filtered.in_words
    title = _("Joint military patrols as reported") + (f": {said}" if said else "")
    page, own = (with_query(reverse(name), filtered.query) for name in ("patrols", "patrols-feed"))
    feed = _feed(title, page, own)
    latest = filtered.patrols.select_related("programme").defer("adoption", "search_text")
    for patrol in latest.order_by(F("changed_at").desc(nulls_last=True), "-uid")[:IN_FEED]:
        changed = patrol.changed_at or patrol.updated_at
        feed.add_item(
            title=f"{patrol.programme.name}, {when(patrol)}",
            link=f"{settings.SITE_URL}{patrol.get_absolute_url()}",
            description=_summary(patrol),
            unique_id=f"{settings.SITE_URL}{patrol.get_absolute_url()}",
            pubdate=patrol.published_at or changed,
            updateddate=changed,
        )
    return _as_atom(feed)


def _summary(patrol: Patrol) -> str:
    parts = [patrol.get_status_display(), patrol.forces_text.replace(";", ", ")]
    if vehicles := spread(patrol, "vehicles"):
        parts.append(_("vehicles: {count}").format(count=vehicles))
    if personnel := spread(patrol, "personnel"):
        parts.append(_("personnel: {count}").format(count=personnel))
    if patrol.incident_type not in ("", "none"):
        parts.append(_("incident: {what}").format(what=patrol.get_incident_type_display()))
    parts.append(_("sources: {count}").format(count=patrol.sources_count))
    return "; ".join(str(part) for part in parts if part)


class _Feed(Atom1Feed):
    """An Atom feed that says when the record last changed, not when somebody asked."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(2019, 11, 1, tzinfo=timezone.get_default_timezone()))


def _feed(title: str, address: str, own: str) -> _Feed:
    return _Feed(
        title=title,
        link=f"{settings.SITE_URL}{address}",
        description=None,
        feed_url=f"{settings.SITE_URL}{own}",
        author_name="PatrolWatch",
        feed_copyright=LICENCE,
    )


def _as_atom(feed: _Feed) -> HttpResponse:
    made = HttpResponse(feed.writeString("utf-8"), content_type=ATOM)
    made["Cache-Control"] = "private, no-cache"
    return made


# The sitemap: what anybody may read, whoever asks


class _Pages(Sitemap):  # type: ignore[type-arg]
    def items(self) -> list[str]:
        names = ("home", "patrols", "programmes", "insight", "data", "codebook", "corrections", "about")
        analyses = [analysis.get_absolute_url() for analysis in ANALYSES.values()]
        return [*map(reverse, names), *analyses]

    def location(self, item: str) -> str:
        return item


class _Patrols(Sitemap):  # type: ignore[type-arg]
    limit = 20_000

    def items(self) -> QuerySet[Patrol]:
        return Patrol.objects.visible_to(None).order_by("uid").only("uid", "changed_at", "updated_at")

    def lastmod(self, item: Patrol) -> datetime:
        return item.changed_at or item.updated_at


class _Detail(Sitemap):  # type: ignore[type-arg]
    def items(self) -> Iterable[Any]:
        seen = Patrol.objects.visible_to(None).order_by()
        return [
            *Programme.objects.filter(pk__in=seen.values("programme")).order_by("slug"),
            *Zone.objects.order_by("slug"),
            *Force.objects.order_by("slug"),
        ]


SITEMAPS: dict[str, Any] = {"pages": _Pages, "record": _Detail, "patrols": _Patrols}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
