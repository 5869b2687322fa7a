"""What the record refers to, loaded from `fixtures/`: programmes, publishers, forces, zones, places, events.

Loading is idempotent, and leaves alone what an editor has changed since: only what is missing is added.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from shapely.geometry import shape
from simple_history.utils import bulk_create_with_history

from patrols.models import (
    Claim,
    ContextEvent,
    Counter,
    Force,
    Line,
    Place,
    PlaceName,
    Programme,
    Publisher,
    Report,
    Zone,
    uid_from,
)
from patrols.record.facts import UNSTATED

from .gazetteer import load_places
from .values import vague_date

WHY = "loaded with the record"

M = TypeVar("M", bound=Model)


def load_reference(folder: Path) -> dict[str, int]:
    """Add what is missing. Returns how many rows of each kind were added, kinds without any left out."""
    with transaction.atomic():
        added = {
            "lines": _lines(folder),
            "zones": _zones(folder),
            "programmes": _programmes(folder),
            "forces": _forces(folder),
            "publishers": _publishers(folder),
            "places": _places(folder),
            "events": _events(folder),
        }
    return {kind: count for kind, count in added.items() if count}


def ensure_claims(folder: Path) -> int:
    """Add the claims that the mission starts from where no row of the record has brought them."""
    rows = _read(folder / "claims.json")["claims"]
    with transaction.atomic():
        return sum(_ensure_claim(row) for row in rows)


def _ensure_claim(row: dict[str, Any]) -> bool:
    programme = Programme.objects.get(slug=row["programme"])
    if Claim.objects.filter(report__url=row["source_url"], programme=programme, count=row["count"]).exists():
        return False
    speaker = Publisher.objects.filter(speaker_code=row["speaker"]).first() if row["speaker"] else None
    report = Report.objects.filter(url=row["source_url"]).first()
    if report is None:
        [report] = _create(
            Report,
            [
                Report(
                    uid=uid_from(f"report {row['source_url']}"),
                    url=row["source_url"],
                    publisher=Publisher.objects.get(slug=row["publisher"]),
                    published=_day(row["source_date"]),
                    language=row["source_lang"],
                )
            ],
        )
    start, end = vague_date(row["from"]), vague_date(row["to"])
    _create(
        Claim,
        [
            Claim(
                uid=uid_from(f"claim {row['slug']}"),
                report=report,
                programme=programme,
                counter=Counter.objects.filter(programme=programme, slug=row["counter"]).first(),
                speaker=speaker,
                count=row["count"],
                qualifier=row["qualifier"],
                date_from=start.start,
                date_from_precision=int(start.precision),
                date_to=end.end,
                date_to_precision=int(end.precision),
                note=row["note"],
                row=row["row"],
                reviewed=True,
            )
        ],
    )
    return True


def _lines(folder: Path) -> int:
    def make(row: dict[str, Any]) -> Line:
        properties = row["properties"]
        return Line(
            slug=properties["slug"],
            name=properties["name"],
            basis=properties["basis"],
            geometry=row["geometry"],
        )

    return len(_missing(Line, _features(folder / "lines.geojson"), make))


def _zones(folder: Path) -> int:
    def make(row: dict[str, Any]) -> Zone:
        properties = row["properties"]
        min_lon, min_lat, max_lon, max_lat = shape(row["geometry"]).bounds
        return Zone(
            slug=properties["slug"],
            name=properties["name"],
            kind=properties["kind"],
            geometry=row["geometry"],
            depth_km=properties["depth_km"],
            valid_from=_day(properties["valid_from"]),
            valid_to=_day(properties["valid_to"]),
            basis=properties["basis"],
            min_lon=min_lon,
            min_lat=min_lat,
            max_lon=max_lon,
            max_lat=max_lat,
        )

    return len(_missing(Zone, _features(folder / "zones.geojson"), make))


def _programmes(folder: Path) -> int:
    lines = {line.slug: line for line in Line.objects.all()}
    zones = {zone.slug: zone for zone in Zone.objects.all()}
    rows = _read(folder / "programmes.json")
    plain = ("slug", "code", "name", "parties", "domain", "agreement", "summary")

    def make(row: dict[str, Any]) -> Programme:
        dates = {"start": _day(row["start"]), "end": _day(row["end"])}
        return Programme(**{name: row[name] for name in plain}, **dates, line=lines.get(row["line"]))

    made = {programme.slug: programme for programme in _missing(Programme, rows, make)}
    for row in rows:
        if row["slug"] in made:
            made[row["slug"]].zones.set(zones[slug] for slug in row["zones"])
    programmes = {programme.slug: programme for programme in Programme.objects.all()}
    known = set(Counter.objects.values_list("programme__slug", "slug"))
    counters = [
        Counter(programme=programmes[row["slug"]], **counter)
        for row in rows
        for counter in _with_unstated(row["counters"])
        if (row["slug"], counter["slug"]) not in known
    ]
    _create(Counter, counters)
    return len(made) + len(counters)


def _with_unstated(counters: list[dict[str, str]]) -> list[dict[str, str]]:
    if any(counter["slug"] == UNSTATED for counter in counters):
        return counters
    return [*counters, {"slug": UNSTATED, "name": "Count not stated"}]


def _forces(folder: Path) -> int:
    known = {force.slug: force for force in Force.objects.all()}
    waiting = [row for row in _read(folder / "forces.json") if row["slug"] not in known]
    added = len(waiting)
    while waiting:
        ready = [row for row in waiting if not row["parent"] or row["parent"] in known]
        if not ready:
            raise ValueError(f"forces without a root: {', '.join(row['slug'] for row in waiting)}")
        parents = {row["slug"]: known.get(row["parent"]) for row in ready}
        made = [Force(**(row | {"parent": parents[row["slug"]]})) for row in ready]
        known |= {force.slug: force for force in _create(Force, made)}
        waiting = [row for row in waiting if row["slug"] not in known]
    return added


def _publishers(folder: Path) -> int:
    rows = _read(folder / "publishers.json")
    names = set(Publisher.objects.values_list("name", flat=True))
    rows = [row for row in rows if row["name"] not in names]
    return len(_missing(Publisher, rows, lambda row: Publisher(**row)))


def _places(folder: Path) -> int:
    known = {place.slug: place for place in Place.objects.all()}
    names, added = list[PlaceName](), 0
    level = list[Place]()
    for row in load_places(folder):
        if row.slug in known:
            continue
        if row.parent and known[row.parent].pk is None:
            _create(Place, level)
            level = []
        place = Place(
            slug=row.slug,
            name=row.name,
            kind=row.kind,
            country=row.country,
            admin1=row.admin1,
            geonameid=row.geonameid,
            lat=row.lat,
            lon=row.lon,
            where_precision=row.where_precision,
            parent=known[row.parent] if row.parent else None,
            basis=row.basis,
        )
        level.append(place)
        known[row.slug] = place
        added += 1
        each = {(name.name, name.lang): name for name in row.names}.values()
        names += [
            PlaceName(place=place, name=name.name, language=name.lang, preferred=name.preferred)
            for name in each
        ]
    _create(Place, level)
    PlaceName.objects.bulk_create(names, batch_size=1000)
    return added


def _events(folder: Path) -> int:
    rows = _read(folder / "events.json")
    plain = ("slug", "kind", "title", "date_precision", "note", "source_name", "source_url")

    def make(row: dict[str, Any]) -> ContextEvent:
        return ContextEvent(
            **{name: row[name] for name in plain},
            start=date.fromisoformat(row["start"]),
            end=_day(row["end"]),
        )

    made = {event.slug: event for event in _missing(ContextEvent, rows, make)}
    programmes = {programme.slug: programme for programme in Programme.objects.all()}
    for row in rows:
        if row["slug"] in made:
            made[row["slug"]].programmes.set(programmes[slug] for slug in row["programmes"])
    return len(made)


def _missing(model: type[M], rows: Iterable[dict[str, Any]], make: Callable[[dict[str, Any]], M]) -> list[M]:
    """Create the rows whose slug the table does not have."""
    known = set(model._default_manager.values_list("slug", flat=True))
    return _create(model, [one for one in map(make, rows) if one.slug not in known])  # type: ignore[attr-defined]


def _create(model: type[M], rows: list[M]) -> list[M]:
    if rows:
        bulk_create_with_history(rows, model, batch_size=1000, default_change_reason=WHY)
    return rows


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _features(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = _read(path)["features"]
    return features


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
