"""The analyses: each as a chart, a table and files, and to be embedded; all with the one filter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from .. import insight as layer
from ..filters import with_query
from ..insight import drawing, palette
from ..insight.analyses import ANALYSES, Analysis
from ..insight.material import Group, read
from ..insight.table import Table
from ..models import Programme
from ..publish.cite import LICENCE, LICENCE_URL
from ..publish.map import ProgrammeKey, programme_keys
from ..publish.revision import data_revision, data_state
from ..record.visibility import embargo_date
from ..templatetags.record import shown
from . import citing
from .filtering import OF_THE_PAGE, Filtered, refusal
from .map import panel

THEMES = ("", "system", "light", "dark")
TITLES = ("", "0", "1")
MOST_ROWS = 500
"""Rows of a table that a page shows; the file has all."""
FILES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
CODE = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(layer.__path__[0]).glob("*.py")))
).hexdigest()[:8]
"""Changes with the code that charts are made by, so that none is kept that an older one drew."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The chart without a title, in light colours."""

    spec: dict[str, Any]
    svg: str

    @property
    def inline(self) -> SafeString:
        """The drawing in the page's own colours. Vega has escaped every text in it."""
        return mark_safe(palette.for_page(self.svg))

    @property
    def for_page(self) -> Any:
        return json.loads(palette.for_page(json.dumps(self.spec)))


class Asked:
    """One analysis of the patrols of a request. What costs time is kept by data revision and language."""

    def __init__(self, analysis: Analysis, filtered: Filtered, programmes: list[ProgrammeKey] | None = None):
        self.analysis = analysis
        self.filtered = filtered
        self.user = filtered.request.user
        self.state = data_state(self.user)
        self.version = self.state[0]
        self._programmes = programmes

    @cached_property
    def until(self) -> date:
        """The last day that the record can speak of."""
        return min(embargo_date(), self.filtered.filter.given.get("to") or date.max)

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """`make()`, from the cache where nothing that it depends on has changed."""
        query = self.filtered.filter.canonical_query()
        parts = (CODE, self.version, self.until, get_language(), self.analysis.slug, query, name)
        key = hashlib.sha256(repr(parts).encode()).hexdigest()
        cache = caches["charts"]
        found = cache.get(key)
        if found is None:
            found = make()
            cache.set(key, found)
        return found

    @cached_property
    def table(self) -> Table:
        def make() -> Table:
            selection = self.filtered.filter.selection(self.user)
            rows = read(selection, self.analysis.needs, self._groups(), self.until)
            return self.analysis.tabulate(rows)

        found: Table = self.kept("table", make)
        return found

    @cached_property
    def wide(self) -> Drawn:
        return self._draw(narrow=False)

    @cached_property
    def narrow(self) -> Drawn:
        """For a phone."""
        return self._draw(narrow=True)

    def _draw(self, *, narrow: bool) -> Drawn:
        def make() -> Drawn:
            chart = self.analysis.chart(self.table, narrow=narrow)
            spec = drawing.specification(chart, self.in_words)
            return Drawn(spec, drawing.svg(spec))

        found: Drawn = self.kept("narrow" if narrow else "wide", make)
        return found

    def _groups(self) -> dict[str, Group]:
        ends = dict(Programme.objects.exclude(end=None).values_list("slug", "end"))
        keys = self._programmes if self._programmes is not None else programme_keys(self.user)
        return {one.slug: Group(one.slug, shown(one.name), one.colour, ends.get(one.slug)) for one in keys}

    @property
    def in_words(self) -> str:
        """What the picture is, for those who do not see it."""
        return f"{self.analysis.title}. {self.analysis.shows}"

    def svg(self, *, titled: bool, dark: bool) -> str:
        if titled:
            drawn = self.kept("titled", lambda: drawing.svg(drawing.titled(self.wide.spec, *self._title())))
        else:
            drawn = self.wide.svg
        return palette.in_dark(drawn) if dark else drawn

    def _title(self) -> tuple[str, list[str]]:
        said = self.filtered.in_words
        source = f"PatrolWatch, {_('data version')} {self.version}, {timezone.now():%Y-%m-%d}. {LICENCE}."
        return str(self.analysis.title), [
            *([said] if said else []),
            str(self.analysis.shows),
            str(self.analysis.cannot),
            source,
        ]

    def png(self, *, titled: bool, dark: bool) -> bytes:
        made: bytes = self.kept(
            f"png {titled} {dark}", lambda: drawing.png(self.svg(titled=titled, dark=dark))
        )
        return made

    # For pages

    @property
    def drawings(self) -> list[tuple[str, Drawn]]:
        """(name, chart) of each size; the stylesheet shows the one that fits."""
        return [("wide", self.wide), ("narrow", self.narrow)]

    @property
    def rows(self) -> list[list[tuple[Any, str]]]:
        return self.table.page_rows(MOST_ROWS)

    @property
    def left_out(self) -> int:
        return max(0, len(self.table.rows) - MOST_ROWS)

    @property
    def address(self) -> str:
        return with_query(self.analysis.get_absolute_url(), self.filtered.query)

    @property
    def files(self) -> list[tuple[str, str]]:
        base = f"/insight/{self.analysis.slug}"
        return [(ending.upper(), with_query(f"{base}.{ending}", self.filtered.query)) for ending in FILES]

    @property
    def snippet(self) -> str:
        address = with_query(
            f"{settings.SITE_URL}{self.analysis.get_absolute_url()}embed/", self.filtered.query
        )
        title = str(self.analysis.title).replace('"', "&quot;")
        escaped = address.replace("&", "&amp;")
        return (
            f'<iframe src="{escaped}" title="PatrolWatch: {title}" width="100%" height="620" '
            'loading="lazy"></iframe>'
        )


def _analysis(slug: str) -> Analysis:
    if slug not in ANALYSES:
        raise Http404(_("There is no analysis “{name}”.").format(name=slug))
    return ANALYSES[slug]


def _problems(filtered: Filtered, **closed: tuple[str, ...]) -> list[str]:
    """What is wrong with the address; `closed` are further parameters with the values that they take."""
    problems = filtered.filter.problems(*OF_THE_PAGE, *closed)
    for name, values in {"theme": THEMES, **closed}.items():
        if filtered.request.GET.get(name, "") not in values:
            allowed = ", ".join(value for value in values if value)
            problems.append(_("{name}: choose from: {allowed}.").format(name=name, allowed=allowed))
    return problems


def _page(
    filtered: Filtered, programmes: list[ProgrammeKey], problems: list[str], context: dict[str, Any]
) -> dict[str, Any]:
    """What every page of an analysis, and that of all of them, has."""
    shared = {"problems": problems, "analyses": ANALYSES.values(), "query": filtered.query}
    return panel(filtered, programmes, here=context["here"]) | shared | context


@require_safe
def insight_index(request: HttpRequest) -> HttpResponse:
    """Every analysis with its chart as a picture of its own, so that the page waits for none of them."""
    filtered = Filtered(request)
    problems = _problems(filtered)
    context = {"here": "/insight/", "version": data_revision(request.user)}
    made = _page(filtered, programme_keys(request.user), problems, context)
    return render(request, "patrols/insight.html", made, status=400 if problems else 200)


@require_safe
def analysis_page(request: HttpRequest, slug: str) -> HttpResponse:
    analysis = _analysis(slug)
    filtered = Filtered(request)
    problems = _problems(filtered)
    programmes = programme_keys(request.user)
    context: dict[str, Any] = {"here": analysis.get_absolute_url(), "analysis": analysis}
    if not problems:
        asked = Asked(analysis, filtered, programmes)
        context |= {
            "asked": asked,
            "cite": citing.of_analysis(analysis, filtered, asked.state),
            "bundle": f"/insight/vega-{drawing.BUNDLE_VERSION}.js",
        }
    made = _page(filtered, programmes, problems, context)
    return render(request, "patrols/insight_analysis.html", made, status=400 if problems else 200)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
def analysis_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The chart with its caption and nothing else: the one page that others may frame."""
    analysis = _analysis(slug)
    filtered = Filtered(request)
    if problems := _problems(filtered):
        return refusal(problems)
    return render(request, "patrols/insight_embed.html", {"asked": Asked(analysis, filtered)})


@require_safe
def analysis_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The chart as a picture, with `title=0` without its words; or its table."""
    analysis = _analysis(slug)
    if ending not in FILES:
        raise Http404(_("Analyses come as {formats}.").format(formats=", ".join(FILES)))
    filtered = Filtered(request)
    if problems := _problems(filtered, title=TITLES):
        return refusal(problems)
    asked = Asked(analysis, filtered)
    look = {
        "titled": request.GET.get("title") != "0",
        "dark": request.GET.get("theme") == "dark",
    }
    makers: dict[str, Callable[[], str | bytes]] = {
        "svg": lambda: asked.svg(**look),
        "png": lambda: asked.png(**look),
        "csv": lambda: asked.table.as_csv(),
    }
    response = HttpResponse(makers[ending](), content_type=FILES[ending])
    kind = "attachment" if ending == "csv" else "inline"
    response["Content-Disposition"] = f'{kind}; filename="patrolwatch-{slug}-{asked.version}.{ending}"'
    response["X-Data-Version"] = asked.version
    response["Link"] = f'<{LICENCE_URL}>; rel="license"'
    patch_cache_control(response, no_cache=True, private=True)
    return response


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def vega_bundle(request: HttpRequest, version: str) -> HttpResponse:
    """Vega for browsers, out of vl-convert: never from another host, never copied into the repository."""
    if version != drawing.BUNDLE_VERSION:
        raise Http404
    cache = caches["charts"]
    key = f"vega-{version}"
    text = cache.get(key)
    if text is None:
        text = drawing.bundle()
        cache.set(key, text, timeout=None)
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")
