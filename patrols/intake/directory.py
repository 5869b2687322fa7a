"""What a row's words refer to: programmes, counters, publishers, speakers, forces and places.

Loaded once an import. A word that the record does not know is a problem that says what it does know; only a
publisher is taken in as it comes, with its reliability not judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from patrols.models import Counter, Force, Place, PlaceName, Programme, Publisher, uid_from
from patrols.record.facts import UNSTATED

from .distances import Distances, Point
from .distances import Place as Located
from .forces import ForceNames, ForceRow
from .gazetteer import Gazetteer, PlaceRow
from .gazetteer import PlaceName as NamedPlace
from .placenames import normalise
from .publishers import PublisherNames, PublisherRow
from .values import Row, Wrong, read_places

POINT_PRECISION = 2
"""A place whose position is vaguer than this (UCDP where_precision) has no position to measure from."""

_CARRYING = re.compile(
    r"(?P<name>.+?)\s*\((?P<inside>[^()]+)\)|(?P<via>.+?)\s+via\s+(?P<by>.+)", re.IGNORECASE
)


@dataclass(slots=True)
class Directory:
    programmes: Mapping[str, Programme]
    """By code and by slug."""
    counters: dict[tuple[int, str], Counter]
    publishers: Mapping[str, Publisher]
    """By slug."""
    publisher_names: PublisherNames
    speakers: Mapping[str, Publisher]
    forces: ForceNames
    gazetteer: Gazetteer
    distances: Distances
    new_publishers: dict[str, Publisher] = field(default_factory=dict)
    """Publishers that rows named and the record does not know yet, by folded name; not saved."""
    new_counters: list[Counter] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _forces: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    _sources: dict[str, tuple[Publisher, bool]] = field(default_factory=dict)
    _routes: dict[tuple[str, str, str, str], tuple[list[str], list[dict[str, Any]]]] = field(
        default_factory=dict
    )

    @classmethod
    def load(cls) -> Directory:
        programmes = {}
        for programme in Programme.objects.all():
            programmes[programme.slug] = programmes[programme.code] = programme
        counters = {
            (counter.programme_id, counter.slug): counter
            for counter in Counter.objects.select_related("programme")
        }
        everyone = list(Publisher.objects.order_by("pk"))
        return cls(
            programmes=programmes,
            counters=counters,
            publishers={one.slug: one for one in everyone},
            publisher_names=PublisherNames(
                PublisherRow(one.slug, one.name, tuple(one.aliases)) for one in everyone
            ),
            speakers={one.speaker_code: one for one in everyone if one.speaker_code},
            forces=ForceNames(
                ForceRow(
                    slug=one.slug,
                    name=one.name,
                    country=one.country,
                    parent=one.parent.slug if one.parent else "",
                    kind=one.kind,
                    aliases=tuple(one.aliases),
                )
                for one in Force.objects.select_related("parent").order_by("pk")
            ),
            gazetteer=Gazetteer(_place_rows()),
            distances=load_distances(),
            _taken={publisher.slug for publisher in everyone},
        )

    def programme(self, code: str) -> Programme:
        if code not in self.programmes:
            allowed = ", ".join(sorted({one.code for one in self.programmes.values()})) or "none yet"
            raise Wrong(
                f"is not a programme of the record. Known: {allowed}. Create a new one in the admin first."
            )
        return self.programmes[code]

    def counter(self, programme: Programme, series: str) -> Counter:
        """The programme's counter of that name; one for numbers that nobody owns is made as needed."""
        found = self.counters.get((programme.pk, series))
        if found is None and series == UNSTATED:
            found = Counter(programme=programme, slug=UNSTATED, name="count not stated")
            self.counters[programme.pk, series] = found
            self.new_counters.append(found)
        if found is None:
            own = sorted(slug for pk, slug in self.counters if pk == programme.pk)
            allowed = ", ".join(dict.fromkeys([*own, UNSTATED]))
            raise Wrong(
                f"is not a counter of {programme.code}. Known: {allowed}. "
                "Create a new one in the admin first."
            )
        return found

    def area_counter(self, programme: Programme, areas: Sequence[str]) -> Counter | None:
        """The programme's count of one area, where `areas` has the place that the counter is named after."""
        for (pk, slug), counter in self.counters.items():
            if pk == programme.pk and areas and self.gazetteer.resolve(slug) in areas:
                return counter
        return None

    def speaker(self, code: str) -> Publisher | None:
        """Whose statement a report carries; None where it is the publisher's own, or anyone else's."""
        if code in ("", "other"):
            return None
        if code not in self.speakers:
            raise Wrong(f"is not a speaker of the record. Known: {', '.join(sorted(self.speakers))}, other.")
        return self.speakers[code]

    def source(self, name: str) -> tuple[Publisher, bool]:
        """The publisher that a file names, and whether the page is its own reporting."""
        if name not in self._sources:
            self._sources[name] = self._source(name)
        return self._sources[name]

    def _source(self, name: str) -> tuple[Publisher, bool]:
        if found := self.publisher_names.resolve(name):
            return self.publishers[found.publisher], not found.carries
        carried = _CARRYING.fullmatch(name)
        # "Evening Paper (AA)" is the Evening Paper, carrying Anadolu; "Evening Paper (Arabic)" an edition.
        inside = (carried["via"] or carried["inside"]) if carried else ""
        base = (carried["by"] or carried["name"]) if carried else name
        own = not inside or not ((carried and carried["via"]) or self.publisher_names.resolve(inside))
        known = self.publisher_names.resolve(base)
        if known:
            return self.publishers[known.publisher], own
        folded = normalise(base) or base.casefold()
        if folded not in self.new_publishers:
            self.new_publishers[folded] = Publisher(
                slug=self._free_slug(base),
                name=base,
                kind=Publisher.Kind.MEDIA,
                reliability=Publisher.Reliability.F,
                reliability_note="Named by an imported file; not judged yet",
            )
        return self.new_publishers[folded], own

    def _free_slug(self, name: str) -> str:
        slug = slugify(name)[:60].strip("-")
        if not slug or slug in self._taken:
            slug = f"{slug or 'publisher'}-{uid_from(name)}"
        self._taken.add(slug)
        return slug

    def named_forces(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Slugs of the forces that a text names, and the names that the record does not know."""
        if text not in self._forces:
            self._forces[text] = self.forces.resolve(text)
        return self._forces[text]

    def places(self, row: Row) -> tuple[list[str], list[dict[str, Any]]]:
        """Slugs of the places that the sector names, and the route as an account keeps it."""
        text = row.text
        key = (
            text.get("sector", ""),
            text.get("start_place", ""),
            text.get("waypoints", ""),
            text.get("end_place", ""),
        )
        if key not in self._routes:
            self._routes[key] = self._resolved(*key)
        return self._routes[key]

    def _resolved(
        self, sector: str, start: str, waypoints: str, end: str
    ) -> tuple[list[str], list[dict[str, Any]]]:
        areas = list(self.gazetteer.areas(sector)) if sector else []
        spellings = [("start", start)] if start else []
        spellings += [("via", place) for place in read_places(waypoints)]
        spellings += [("end", end)] if end else []
        found = {name: self.gazetteer.resolve(name, near=areas) for _role, name in spellings}
        # What is known of the route tells the homonyms on it apart.
        near = [*areas, *(slug for slug in found.values() if slug)]
        for name, slug in found.items():
            if slug is None:
                found[name] = self.gazetteer.resolve(name, near=near)
        return areas, [{"name": name, "place": found[name], "role": role} for role, name in spellings]


def load_distances() -> Distances:
    """The record's places, for who needs nothing else of the directory."""
    rows = Place.objects.values_list("slug", "parent__slug", "lat", "lon", "where_precision")
    return Distances(
        Located(slug, parent or "", _point(lat, lon, precision)) for slug, parent, lat, lon, precision in rows
    )


def _point(lat: float | None, lon: float | None, precision: int | None) -> Point | None:
    sharp = (precision or 1) <= POINT_PRECISION
    return Point(lat, lon) if sharp and lat is not None and lon is not None else None


def _place_rows() -> Sequence[PlaceRow]:
    names: dict[int, list[NamedPlace]] = {}
    for pk, name, language, preferred in PlaceName.objects.values_list(
        "place_id", "name", "language", "preferred"
    ):
        names.setdefault(pk, []).append(NamedPlace(name, language, preferred))
    return [
        PlaceRow(
            slug=place.slug,
            name=place.name,
            kind=place.kind,
            country=place.country,
            admin1=place.admin1,
            lat=place.lat,
            lon=place.lon,
            where_precision=place.where_precision,
            parent=place.parent.slug if place.parent else "",
            names=tuple(names.get(place.pk) or [NamedPlace(place.name)]),
        )
        for place in Place.objects.select_related("parent").order_by("pk")
    ]
