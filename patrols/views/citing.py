"""Citations of what a page shows, as text for the page and as files for reference managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..filters import with_query
from ..insight.analyses import ANALYSES, Analysis
from ..models import Patrol, Programme
from ..publish.cite import FORMATS, Work
from ..publish.revision import data_state
from ..templatetags.record import when
from .filtering import Filtered, refusal


@dataclass(frozen=True, slots=True)
class Citation:
    """A work, and where its files are."""

    work: Work
    base: str
    """Address of the files without their ending."""
    query: str = ""

    @property
    def files(self) -> list[tuple[str, str]]:
        return files(self.base, self.query)

    @property
    def plain(self) -> str:
        return self.work.plain()

    @property
    def bibtex(self) -> str:
        return self.work.bibtex()


def files(base: str, query: str = "", *, text: bool = False) -> list[tuple[str, str]]:
    """(name, address) for each format; with `text` also the plain words."""
    names = {"txt": _("in words")} if text else {}
    names |= {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}
    return [(name, with_query(f"{base}.{ending}", query)) for ending, name in names.items()]


def of_patrol(patrol: Patrol) -> Citation:
    changed = (patrol.changed_at or patrol.updated_at).date()
    address = patrol.get_absolute_url()
    title = _("{programme}: joint patrol, {when}").format(programme=patrol.programme.name, when=when(patrol))
    work = Work(
        key=patrol.uid,
        title=f"{title} ({patrol.uid})",
        address=f"{settings.SITE_URL}{address}",
        version=f"version of {changed.isoformat()}",
        issued=changed,
        accessed=timezone.now().date(),
    )
    return Citation(work, f"{address}cite")


def of_programme(programme: Programme, state: tuple[str, datetime | None]) -> Citation:
    address = programme.get_absolute_url()
    work = Work.of_data(state, key=programme.slug, title=programme.name, path=address)
    return Citation(work, f"{address}cite")


def of_view(filtered: Filtered) -> Citation:
    """The patrols that a filter leaves, at the address that shows them."""
    state = data_state(filtered.request.user)
    said = filtered.in_words
    title = _("Joint military patrols as reported") + (f" ({said})" if said else "")
    path = with_query("/patrols/", filtered.query)
    work = Work.of_data(state, key=f"patrols-{state[0]}", title=title, path=path)
    return Citation(work, "/patrols/cite", filtered.query)


def of_analysis(
    analysis: Analysis, filtered: Filtered, state: tuple[str, datetime | None] | None = None
) -> Citation:
    """`state` is what `data_state` gave, where it is known already."""
    state = state or data_state(filtered.request.user)
    said = filtered.in_words
    title = _("{analysis}: joint military patrols as reported").format(analysis=analysis.title)
    path = with_query(analysis.get_absolute_url(), filtered.query)
    work = Work.of_data(
        state,
        key=f"{analysis.slug}-{state[0]}",
        title=title + (f" ({said})" if said else ""),
        path=path,
    )
    return Citation(work, f"{analysis.get_absolute_url()}cite", filtered.query)


def _file(citation: Citation, ending: str) -> HttpResponse:
    if ending not in FORMATS:
        raise Http404(_("Citations come as {formats}.").format(formats=", ".join(FORMATS)))
    made = HttpResponse(citation.work.written(ending), content_type=FORMATS[ending])
    name = f"patrolwatch-{citation.work.key}.{ending}"
    made["Content-Disposition"] = f'attachment; filename="{name}"'
    made["Cache-Control"] = "private, no-cache"
    return made


@require_safe
def cite_patrol(request: HttpRequest, uid: str, ending: str) -> HttpResponse:
    patrols = Patrol.objects.visible_to(request.user).select_related("programme")
    return _file(of_patrol(get_object_or_404(patrols, uid=uid)), ending)


@require_safe
def cite_programme(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    programme = get_object_or_404(Programme, slug=slug)
    return _file(of_programme(programme, data_state(request.user)), ending)


@require_safe
def cite_view(request: HttpRequest, ending: str) -> HttpResponse:
    filtered = Filtered(request)
    if filtered.problems:
        return refusal(filtered.problems)
    return _file(of_view(filtered), ending)


@require_safe
def cite_analysis(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    if slug not in ANALYSES:
        raise Http404
    filtered = Filtered(request)
    if problems := filtered.filter.problems("lang"):
        return refusal(problems)
    return _file(of_analysis(ANALYSES[slug], filtered), ending)
