"""The map page and the data it draws."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from leaflet import app_settings as leaflet_settings

from ..filters import with_query
from ..models import Patrol, Place, PlaceName, Status, Zone
from ..publish.map import ProgrammeKey, programme_keys
from ..publish.picture import Told, View, picture
from ..publish.revision import data_revision
from ..publish.snapshot import audience_of
from ..templatetags.record import COUNTRIES, STATUS_MARKS, data_url, in_words, shown
from .exports import fair_exports
from .filtering import Filtered, refusal
from .listing import columns
from .script import script_url
from .timeline import plural, timeline_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

ROWS_WITHOUT_SCRIPT = 25
HOME, LIST = "/", "/patrols/"
INLINE_BYTES = 24_000
"""A stored snapshot that is no larger comes with the page."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    checked: bool
    count: int | None = None
    colour: int | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A set of checkboxes of the panel."""

    name: str
    title: str
    options: list[Option]
    open: bool

    @property
    def chosen(self) -> int:
        return sum(option.checked for option in self.options)


def panel(filtered: Filtered, programmes: list[ProgrammeKey], *, here: str) -> dict[str, Any]:
    """What the filter panel needs, on whichever page it stands."""
    return summary(filtered, here=here) | {
        "groups": groups(filtered, programmes),
        "colours": {one.pk: one.colour for one in programmes},
    }


def summary(filtered: Filtered, *, here: str) -> dict[str, Any]:
    """What the words about the matching patrols need."""
    on_map = here == HOME
    return {
        "filtered": filtered,
        "loosenings": [] if filtered.placed.match else filtered.loosenings(),
        "here": here,
        "list_url": LIST,
        "other_url": LIST if on_map else HOME,
        "other_label": _("List of these") if on_map else _("Map of these"),
    }


def groups(filtered: Filtered, programmes: list[ProgrammeKey]) -> list[Group]:
    def group(name: str, title: str, options: Iterable[Option], open: bool = False) -> Group:
        made = list(options)
        return Group(name, title, made, open or any(option.checked for option in made))

    def plain(name: str, marks: dict[str, str] | None = None) -> Iterable[Option]:
        chosen = filtered.selected(name)
        for value, label in filtered.options(name):
            yield Option(value, label, value in chosen, mark=(marks or {}).get(value, ""))

    chosen = filtered.selected("programme")
    keys = (
        Option(one.slug, one.name, one.slug in chosen, one.patrols, one.colour)
        for one in programmes
        if one.patrols or one.slug in chosen
    )
    return [
        group("programme", _("Programme"), keys, open=True),
        group("status", _("Status"), plain("status", STATUS_MARKS), open=True),
        group("incident", _("Incident"), plain("incident")),
        group("zone", _("Zone"), plain("zone")),
        group("force", _("Force"), plain("force")),
        group("contested", _("Contested"), plain("contested")),
    ]


def place_names(rows: Iterable[Patrol]) -> dict[str, str]:
    """Names of the places and zones that the rows speak of, by slug, of places in the reader's language.

    One query, two in another language than the site's own.
    """
    texts = ";".join(f"{row.places_text};{row.zones_text}" for row in rows)
    slugs = {slug for slug in texts.split(";") if slug}
    places = Place.objects.order_by().filter(slug__in=slugs).values_list("slug", "name")
    names = dict(places.union(Zone.objects.order_by().filter(slug__in=slugs).values_list("slug", "name")))
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return names
    shown = PlaceName.objects.order_by().filter(place__slug__in=slugs, language=language, preferred=True)
    return names | dict(shown.values_list("place__slug", "name"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    filtered = Filtered(request)
    programmes = programme_keys(request.user)
    rows = list(
        filtered.patrols.select_related("programme").defer("adoption", "search_text")[:ROWS_WITHOUT_SCRIPT]
    )
    settings = map_settings() | snapshot_settings(request, filtered)
    context = panel(filtered, programmes, here=HOME) | {
        "rows": rows,
        "places": place_names(rows),
        "columns": columns(filtered, sortable=False),
        "map_settings": settings,
        "timeline_settings": timeline_settings(request.user, programmes),
        "script": script_url(),
        "preload": "" if settings["inline"] else _columns_url(settings),
    }
    return render(request, "patrols/home.html", context, status=200 if filtered.valid else 400)


def _columns_url(settings: dict[str, Any]) -> str:
    return reverse("map-columns", args=[settings["audience"], settings["revision"]])


def map_settings() -> dict[str, Any]:
    """django-leaflet's settings and what the map says, as data: its own tags write inline scripts."""
    return {
        "center": leaflet_settings["DEFAULT_CENTER"],
        "zoom": leaflet_settings["DEFAULT_ZOOM"],
        "min_zoom": leaflet_settings["MIN_ZOOM"],
        "max_zoom": leaflet_settings["MAX_ZOOM"],
        "scale": leaflet_settings["SCALE"],
        "tiles": leaflet_settings["TILES"],
        "attribution_prefix": leaflet_settings["ATTRIBUTION_PREFIX"],
        "basemap": {"region": static("basemap/region.json"), "world": static("basemap/world.json")},
        "language": get_language() or "en",
        "words": words(),
    }


def snapshot_settings(request: HttpRequest, filtered: Filtered) -> dict[str, Any]:
    """Which snapshot the page shows, and what it says about it in the reader's language."""
    # Not at the top: that module takes names from this one.
    from .snapshot import shown

    audience = audience_of(request.user)
    found, current = shown(audience)
    small = found.is_stored and found.path.stat().st_size <= INLINE_BYTES
    names = ("programme", "zone", "force", "status", "incident")
    return {
        "audience": audience,
        "revision": found.revision,
        "current": current,
        # Of a small record, sent along: a request less before anything is drawn.
        "inline": b64encode(found.path.read_bytes()).decode() if small else "",
        "listUrl": LIST,
        "csvUrl": data_url("patrols"),
        "pictureUrl": reverse("map-picture"),
        "titles": {name: str(filtered.form.fields[name].label) for name in names},
        "statuses": {value: str(label) for value, label in Status.choices},
        "incidents": {value: str(label) for value, label in filtered.options("incident")},
        "zoneKinds": {value: str(label) for value, label in Zone.Kind.choices},
        "countries": countries(),
        "plurals": plurals(),
        "names": reference_names(filtered),
    }


def reference_names(filtered: Filtered) -> dict[str, Any]:
    """What a snapshot, which is the same for all languages, calls otherwise than the reader."""
    if get_language() == settings.LANGUAGE_CODE:
        return {"programmes": {}, "zones": {}}
    zones = Zone.objects.order_by().values_list("slug", "name", "basis")
    return {
        "programmes": dict(filtered.options("programme")),
        "zones": {slug: {"name": shown(name), "basis": shown(basis)} for slug, name, basis in zones},
    }


def countries() -> dict[str, str]:
    """Names that differ from those that browsers have."""
    language = get_language() or "en"
    return {code: name for (spoken, code), name in COUNTRIES.items() if spoken == language}


def plurals() -> dict[str, dict[str, str]]:
    """Sentences with a number, by the plural category that a browser gives the number."""
    return {
        "match": _by_category(lambda n: ngettext("patrol matches", "patrols match", n)),
        "unplaced": _by_category(
            lambda n: ngettext(
                "%(n)s of them has no place on the map", "%(n)s of them have no place on the map", n
            )
        ),
        "zone_only": _by_category(
            lambda n: ngettext(
                "%(n)s is known only by its zone and drawn as a shaded area.",
                "%(n)s are known only by their zone and drawn as a shaded area.",
                n,
            )
        ),
        "patrols": _by_category(lambda n: ngettext("%(n)s patrol", "%(n)s patrols", n)),
    }


def _by_category(sentence: Callable[[int], str]) -> dict[str, str]:
    return plural(lambda n: sentence(n).replace("%(n)s", "{n}"))


def words() -> dict[str, str]:
    return {
        "then": pgettext("between clauses", ";"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "basemap": _("Base map: Natural Earth"),
        "failed": _("The patrols could not be loaded. Check the connection and reload the page."),
        "zone_only": _("{n} by zone only"),
        "still": _("still in force"),
        "patrols_in_zone": _("Patrols in this zone"),
        "known_by_zone_only": _("Known by zone only"),
        "about_zone": _("About this zone"),
        "list_these": _("List these patrols"),
        "on_route": _("Patrols on this route: {n}"),
        "near_place": _("Patrols near this place, route not known: {n}"),
        "in_area": _("Patrols somewhere in this area: {n}"),
        "more": _("{n} more in the list of patrols."),
        "not_public": _("not public"),
        "parties": _("Parties"),
        "vehicles": _("Vehicles"),
        "personnel": _("Personnel"),
        "incident": _("Incident"),
        "sources": _("Sources"),
        "best": _("best"),
        "contested": _("contested"),
        "date_unknown": _("Date unknown"),
        "with_incident": _("with an incident: {n}"),
        "gone": _("no longer in the record"),
        "select": _("Show on the map"),
        "active_filters": _("Active filters"),
        "remove": _("remove"),
        "clear_all": _("Clear all"),
        "none_match": _("No patrol in the record matches all of this."),
        "none_yet": _("The record holds no public patrol yet."),
        "loosen": _("Loosen one part:"),
        "without": _("without {label}"),
        "start_again": _("No single part of it is to blame: start again with fewer."),
        "period": _("the period"),
        "from": _("from {day}"),
        "until": _("until {day}"),
        "text": _("text “{text}”"),
        "within": _("within {box}"),
        "contested_only": _("contested facts only"),
        "with_place": _("with a place on the map"),
        "without_place": _("without a place on the map"),
        "with_country": _("with {country}"),
        "list_of_these": _("List of these"),
        "csv_of_these": _("CSV of these"),
        "measured": _("{km} km"),
        "measure_hint": _("Click on the map, or put points in its middle."),
        "picture": _("Picture"),
        "older": _("The record has changed; the map shows it as it was before. Reload in a moment."),
        "place": _("place: {name}"),
        "pages": _("Pages"),
        "rows": _("{first} to {last} of {all}"),
        "previous": _("Previous"),
        "next": _("Next"),
    }


SIZE = (1200, 630)
"""Of the picture, in pixels: what sites show for a shared link."""
PICTURE_SECONDS = 3600
_VIEW = re.compile(r"(\d{1,2}(?:\.\d+)?)/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)")


@require_safe
@fair_exports
def map_picture(request: HttpRequest) -> HttpResponse:
    """The map of the filtered patrols as PNG. `map=zoom/lat/lon` is the view, as in the page's fragment."""
    filtered = Filtered(request, "map")
    given = request.GET.get("map", "")
    found = _VIEW.fullmatch(given)
    if given and not found:
        filtered.problems.append(_("map: give zoom/latitude/longitude, such as 8/36.6/40."))
    if filtered.problems:
        return refusal(filtered.problems)
    version = data_revision(request.user)
    dark = request.GET.get("theme") == "dark"
    asked = f"{version} {get_language()} {filtered.query} {given} {dark}"
    key = f"picture:{hashlib.sha256(asked.encode()).hexdigest()}"
    if (made := cache.get(key)) is None:
        view = View(*map(float, found.groups())) if found else None
        made = picture(filtered.patrols, told=_told(filtered, version), size=SIZE, view=view, dark=dark)
        cache.set(key, made, PICTURE_SECONDS)
    response = HttpResponse(made, content_type="image/png")
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    patch_cache_control(response, private=bool(request.user.is_authenticated), max_age=300)
    return response


def _told(filtered: Filtered, version: str) -> Told:
    count = filtered.placed
    match = ngettext("{n} patrol as reported", "{n} patrols as reported", count.match).format(
        n=intcomma(count.match)
    )
    lost = _("{n} of them without a place on the map").format(n=intcomma(count.unplaced))
    words = "; ".join(part for part in (match, count.unplaced and lost, filtered.in_words) if part)
    day = timezone.now().date()
    address = with_query(f"{settings.SITE_URL}/", filtered.query)
    cited = _("PatrolWatch, data version {version}, {day}, CC BY 4.0, Natural Earth. {address}").format(
        version=version, day=in_words(day, day, 1), address=address
    )
    return Told(_("Joint military patrols, as reported"), [words, cited])


@require_safe
def map_summary(request: HttpRequest) -> HttpResponse:
    """The panel's words about the filtered patrols; what is wrong where the filter cannot be read.

    The name of the address is older: it gave the patrols too, before the snapshot did.
    """
    filtered = Filtered(request)
    said = render_to_string("patrols/_summary.html", summary(filtered, here=HOME), request)
    problems = {} if filtered.valid else {"errors": filtered.problems}
    response = JsonResponse({"summary": said} | problems, status=200 if filtered.valid else 400)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    patch_cache_control(response, no_cache=True, private=bool(request.user.is_authenticated))
    return response
