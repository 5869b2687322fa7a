"""How the record's values are written on public pages: dates, spreads, countries, marks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from babel import Locale, UnknownLocaleError
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ..filters import with_query
from ..models import DatePrecision, Patrol, Status

register = template.Library()

STATUS_MARKS = {"completed": "●", "started": "◐", "announced": "○", "suspended": "◧", "cancelled": "✕"}
"""A shape for each status, so that no status is told by colour alone."""
FACTS = {
    "status": lazy("Status"),
    "date": lazy("Date"),
    "ordinals": lazy("Number"),
    "sector": lazy("Sector"),
    "stops": lazy("Route"),
    "participants": lazy("Forces"),
    "personnel": lazy("Personnel"),
    "vehicles": lazy("Vehicles"),
    "length_km": lazy("Length"),
    "depth_km": lazy("Depth"),
    "duration_h": lazy("Duration"),
    "air_support": lazy("Air support"),
    "incident": lazy("Incident"),
    "zones": lazy("Zones"),
    "route": lazy("Drawn route"),
}
"""The facts in the order in which pages show them."""
UNITS = {"length_km": lazy("km"), "depth_km": lazy("km"), "duration_h": lazy("h")}
COUNTS = {
    "overall": lazy("overall"),
    "kobani": lazy("kobani"),
    "darbasiyah": lazy("darbasiyah"),
    "sohr": lazy("sohr"),
    "unstated": lazy("unstated"),
    "independent": lazy("independent"),
    "combined": lazy("combined"),
}
"""The short names of the counts that the project ships, as they stand beside a number."""
QUALIFIERS = {
    "about": lazy("about {figure}"),
    "over": lazy("over {figure}"),
    "under": lazy("under {figure}"),
    "planned": lazy("{figure} planned"),
}
WEIGHTS = {
    3: lazy("a participant’s own statement"),
    2: lazy("own reporting of an agency or monitor"),
    1: lazy("repeats others"),
}
REASONS = (
    lazy("all accounts agree"),
    lazy("the only account that says so"),
    lazy("the later stage"),
    lazy("the fuller one"),
    lazy("a participant's own statement"),
    lazy("an agency's or monitor's own reporting"),
    lazy("a repeated report"),
    lazy("the more telling of equals"),
    lazy("the earliest of equals"),
    lazy("sharpened by an account within it"),
    lazy("each state's forces from its best account"),
    lazy("from the sides' own figures"),
    lazy("every number that an account gives"),
)
"""What `adopt` says of its choices, one or more of them with commas between."""
COUNTRIES = {("en", "TR"): "Türkiye"}
"""Names that a country has asked for since the tables were made."""


@lru_cache(maxsize=8)
def _territories(language: str) -> Mapping[str, str]:
    try:
        return Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return Locale("en").territories


@register.filter
def country(code: str) -> str:
    """The country's name in the reader's language, or the code itself where it is none of ISO 3166-1."""
    language = get_language() or "en"
    return COUNTRIES.get((language, code)) or _territories(language).get(code, code)


@register.filter
def shown(text: str) -> str:
    """A name or a text of the reference data that the project ships, in the reader's language.

    What editors have entered shows as they entered it.
    """
    return _(text) if text else ""


@register.simple_tag
def comma() -> str:
    """What stands between the parts of a list, with its space."""
    return pgettext("between parts of a list", ",") + " "


def listed(parts: list[str]) -> str:
    """A, B and C."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}").format(first=comma().join(parts[:-1]), last=parts[-1])


@register.filter
def reasoned(why: str) -> str:
    """Why a value was adopted, in the reader's language; see `REASONS`."""
    return comma().join(shown(part) for part in why.split(", "))


@register.simple_tag(takes_context=True)
def in_language(context: Mapping[str, Any], code: str) -> str:
    """The address of this page in another language, relative to it."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query["lang"] = code
    return f"?{query.urlencode(safe=',:')}"


@register.simple_tag
@lru_cache(maxsize=1)
def page_icon() -> SafeString:
    """The site's icon, within the page: it is smaller than a request for it."""
    path = finders.find("favicon.svg")
    drawn = quote(Path(str(path)).read_text(encoding="utf-8").strip(), safe=" =:/'")
    return format_html('<link rel="icon" href="data:image/svg+xml,{}" type="image/svg+xml">', drawn)


@register.simple_tag(takes_context=True)
def page_links(context: Mapping[str, Any]) -> SafeString:
    """Where this page is for good, in which languages it comes, and its card for shared links."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return SafeString("")
    query = _query_without(request, "lang", "theme")
    address = f"{settings.SITE_URL}{request.path}"
    tail = f"?{query.urlencode(safe=',:')}" if query else ""
    lines = [format_html('<link rel="canonical" href="{}">', f"{address}{tail}")]
    codes = [code for code, _name in settings.LANGUAGES]
    if len(codes) > 1:
        for code in codes:
            query["lang"] = code
            own = f"{address}?{query.urlencode(safe=',:')}"
            lines.append(format_html('<link rel="alternate" hreflang="{}" href="{}">', code, own))
        lines.append(format_html('<link rel="alternate" hreflang="x-default" href="{}">', f"{address}{tail}"))
    card = {
        "og:site_name": "PatrolWatch",
        "og:type": "website",
        "og:url": f"{address}{tail}",
        "og:image": f"{settings.SITE_URL}{_picture(request)}",
    }
    lines += [format_html('<meta property="{}" content="{}">', name, value) for name, value in card.items()]
    return SafeString("\n    ".join(lines))


def _query_without(request: HttpRequest, *names: str) -> QueryDict:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query


def _picture(request: HttpRequest) -> str:
    """Of the map for the patrols that the page is about."""
    address, found = reverse("map-picture"), request.resolver_match
    if found and found.url_name in ("home", "patrols"):
        query = _query_without(request, "lang", "theme", "sort", "page")
        return with_query(address, query.urlencode(safe=",:"))
    if found and found.url_name in ("programme", "zone", "force"):
        return f"{address}?{found.url_name}={found.kwargs['slug']}"
    return address


@register.filter
def linked_data(value: Mapping[str, Any]) -> SafeString:
    """JSON-LD for search engines: data, never run as a script."""
    text = json.dumps(value, ensure_ascii=False)
    for letter, escape in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(letter, escape)
    return SafeString(f'<script type="application/ld+json">{text}</script>')


@register.filter
def countries(codes: str | list[str]) -> str:
    """`RU;TR` as "Russia and Türkiye"."""
    states = codes.split(";") if isinstance(codes, str) else codes
    return listed([country(code) for code in states if code])


@register.filter
def language(code: str) -> str:
    """A language's name in the reader's language; the code where it has none."""
    if not code:
        return ""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def number(value: float) -> str:
    """Whole where it is whole, otherwise to one decimal, as the reader's language writes it."""
    whole = float(value).is_integer()
    return formats.number_format(value, decimal_pos=0 if whole else 1, use_l10n=True, force_grouping=True)


def in_words(start: date | None, end: date | None, precision: int | None) -> str:
    """A span of days, no sharper than it is known: "14 January 2020", "January 2020", "2020"."""
    if start is None:
        return pgettext("date", "unknown")
    end = end or start
    if precision == DatePrecision.MONTH:
        return _span(_month(start), _month(end))
    if precision == DatePrecision.YEAR:
        return _span(str(start.year), str(end.year))
    # E: the month as it stands after a day, which is another form in Russian.
    if start == end:
        return formats.date_format(start, "j E Y")
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{formats.date_format(end, 'j E Y')}"
    return _span(formats.date_format(start, "j E Y"), formats.date_format(end, "j E Y"))


def _month(day: date) -> str:
    text = str(formats.date_format(day, "F Y"))
    # Django has the month as a heading would; in a Russian sentence it is small.
    return text.lower() if get_language() == "ru" else text


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


@register.filter
def when(thing: Any) -> str:
    """The date of a patrol, an account or a stored JSON span, in words."""
    if isinstance(thing, Mapping):
        start, end = date.fromisoformat(thing["start"]), date.fromisoformat(thing["end"])
        return in_words(start, end, int(thing["precision"]))
    return in_words(thing.date_start, thing.date_end, thing.date_precision)


@register.filter
def event_when(event: Any) -> str:
    return in_words(event.start, event.end, event.date_precision)


@register.filter
def spread(thing: Any, fact: str) -> str:
    """`8`, or `8 (6–9)` where the accounts differ; empty where unknown. `thing` has the three columns."""
    low, best, high = (getattr(thing, f"{fact}_{end}") for end in ("low", "best", "high"))
    if best is None:
        return ""
    unit = f" {UNITS[fact]}" if fact in UNITS else ""
    if low == high:
        return f"{number(best)}{unit}"
    return f"{number(best)}{unit} ({number(low)}–{number(high)})"


def amount(value: float, fact: str, qualifier: str = "") -> str:
    """A reported figure with its unit and how the source put it: "about 50 km"."""
    unit = UNITS.get(fact, "")
    figure = f"{number(value)} {unit}".strip()
    return str(QUALIFIERS[qualifier]).format(figure=figure) if qualifier in QUALIFIERS else figure


@register.filter
def fact_name(fact: str) -> str:
    return str(FACTS.get(fact, fact))


@register.filter
def status_mark(status: str) -> SafeString:
    """The status in words behind its shape."""
    if not status:
        return format_html('<span class="unsaid">{}</span>', _("not said"))
    return format_html(
        '<span class="status status-{0}"><span class="mark" aria-hidden="true">{1}</span>{2}</span>',
        status,
        STATUS_MARKS.get(status, "?"),
        Status(status).label,
    )


@register.filter
def numbers(patrol: Patrol) -> list[tuple[str, str]]:
    """(count, number) pairs of `ordinals_text`: "overall:13;kobani:4"."""
    pairs = (part.partition(":") for part in patrol.ordinals_text.split(";") if part)
    return [(str(COUNTS.get(count, count.replace("-", " "))), figure) for count, _colon, figure in pairs]


@register.simple_tag
def data_url(name: str = "", query: str = "") -> str:
    """The address of the page of downloads, or of one file with exactly the filter of `query`."""
    address = reverse("table-csv", args=[name]) if name else reverse("data")
    return with_query(address, query)


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """`mapping[key]`, None where it is missing."""
    return (mapping or {}).get(key)


@register.filter
def where(patrol: Patrol, names: Mapping[str, str]) -> str:
    """Where a patrol was, in a line: its places, else its sector, else its zones; `names` by slug.

    A sensitive patrol tells its zones at most, whoever reads.
    """
    if not patrol.sensitive:
        places = [names.get(slug, slug) for slug in patrol.places_text.split(";") if slug]
        if places:
            return " – ".join(places)
        if patrol.sector:
            return patrol.sector
    return "; ".join(names.get(slug, slug) for slug in patrol.zones_text.split(";") if slug)


@register.filter
def host(url: str) -> str:
    """The site that an address lies on."""
    return urlsplit(url).hostname or url


@register.filter
def weight_words(weight: int) -> str:
    """What an account weighs when the record adopts, in words."""
    return str(WEIGHTS[weight])


@register.filter
def period(claim: Any) -> str:
    """The period that a claim counts over; an open end is said to be open."""
    first = in_words(claim.date_from, claim.date_from, claim.date_from_precision) if claim.date_from else ""
    last = in_words(claim.date_to, claim.date_to, claim.date_to_precision) if claim.date_to else ""
    if not first:
        return _("until {last}").format(last=last) if last else _("not said")
    return _span(first, last) if last else _("since {first}").format(first=first)


@register.filter
def qualified(value: float, qualifier: str) -> str:
    """A figure as the source put it: "over 300"."""
    figure = number(value)
    return str(QUALIFIERS[qualifier]).format(figure=figure) if qualifier in QUALIFIERS else figure
