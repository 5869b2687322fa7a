"""The columnar snapshot: everything that the map page filters, brushes and plays by, without asking again.

One file for each audience and data revision. The public's holds what `visible_to` lets a visitor see, the
editors' every patrol; each lies in a folder of its own, and which one an address may give is decided by the
view alone. Rows are in the public order (newest first, those without a date last), and a row's number is its
name in every address under the snapshot. Ids, figures and texts are not in it: they do not compress, and a
popup or a page of the table asks for its few rows.

Wherever a patrol can have several of something, the column holds the number of a distinct combination in the
head's `sets`; so every filter is a table of yes and no, looked up by a small number.

What a snapshot cannot know is asked of the database as it is now: rows that have been hidden since are not
told, even where an older snapshot is still being shown.
"""

from __future__ import annotations

import gzip
import io
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from django.db.models import Case, Exists, IntegerField, Max, OuterRef, Value, When
from django.utils import timezone
from numpy.typing import NDArray
from shapely.geometry import shape

from ..models import (
    Force,
    Incident,
    IncidentType,
    Participation,
    Patrol,
    Place,
    PlaceName,
    Route,
    Status,
    Stop,
    Zone,
)
from ..models.base import WherePrecision
from ..record.bulk import uncollected
from ..record.visibility import sees_everything
from . import columnar, compact
from .map import EPOCH, keys_of
from .revision import revision_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from ..models.record import PatrolQuerySet

FORMAT = 2
"""Part of every address: a changed layout never meets a script that reads the old one."""
PUBLIC, EDITORS = "public", "editors"
AUDIENCES = (PUBLIC, EDITORS)
FOLDER = "snapshots"
KEPT = 2
"""Snapshots of one audience that are kept: a page that is open goes on with the one it has."""
BATCH = 10_000
TRIES = 3
LEVEL = 6
ID_LENGTH = 10
"""Digits of a route's hash that name it in an address."""
STATUSES = ["", *Status.values]
INCIDENTS = ["", *IncidentType.values]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored snapshot. `revision` is the one that its address names."""

    audience: str
    revision: str

    @property
    def path(self) -> Path:
        return _folder(self.audience) / f"{self.revision}.bin.gz"

    @property
    def order(self) -> Path:
        """Keys of the patrols, by row; never served."""
        return _folder(self.audience) / f"{self.revision}.npy"

    @property
    def is_stored(self) -> bool:
        return self.path.exists() and self.order.exists()

    def keys(self) -> NDArray[np.int64]:
        keys: NDArray[np.int64] = np.load(self.order)
        return keys


def audience_of(user: AbstractUser | AnonymousUser | None) -> str:
    return EDITORS if sees_everything(user) else PUBLIC


def patrols_of(audience: str) -> PatrolQuerySet:
    """What the audience sees now: editors the whole record, everybody else what a visitor sees."""
    return Patrol.objects.all() if audience == EDITORS else Patrol.objects.visible_to(None)


def wanted(audience: str) -> Snapshot:
    """The snapshot of the record as it is now, whether it is there or not; one query."""
    revision, _written = revision_of(everything=audience == EDITORS)
    return Snapshot(audience, f"{revision}-{FORMAT}")


def latest(audience: str) -> Snapshot | None:
    """The one that was stored last."""
    found = sorted(_folder(audience).glob(f"*-{FORMAT}.bin.gz"), key=_age)
    stored = [Snapshot(audience, path.name.removesuffix(".bin.gz")) for path in found]
    return next((one for one in stored if one.is_stored), None)


def build(audience: str) -> Snapshot:
    """Build and store the snapshot of the record as it is now; nothing to do where it is there already."""
    for _try in range(TRIES):
        target = wanted(audience)
        if target.is_stored:
            return target
        block, keys = made(audience, target.revision)
        # What was read while somebody wrote belongs to neither revision.
        if wanted(audience) == target:
            break
    _store(target, block, keys)
    return target


def made(audience: str, revision: str) -> tuple[bytes, NDArray[np.int64]]:
    """The uncompressed snapshot and the patrols' keys by row."""
    patrols = patrols_of(audience)
    with uncollected():
        tables = _Tables(patrols)
        rows = _Rows(patrols, tables)
    head = {
        "format": FORMAT,
        "revision": revision,
        "made": timezone.now().isoformat(timespec="seconds"),
        "count": len(rows.keys),
        "scale": compact.SCALE,
        "undated": rows.undated,
        "day": rows.first_day,
        "programmes": tables.programmes,
        "statuses": STATUSES,
        "incidents": INCIDENTS,
        "zones": tables.zones,
        "forces": tables.forces,
        "parties": tables.parties,
        "routes": tables.routes,
        "places": tables.places,
        "sets": rows.sets,
    }
    return columnar.pack(head, rows.columns), rows.keys


class _Tables:
    """What the columns refer to by number."""

    def __init__(self, patrols: PatrolQuerySet) -> None:
        keys = keys_of(patrols)
        self.programme_index = {one.pk: index for index, one in enumerate(keys)}
        self.programmes = [
            {"slug": one.slug, "name": one.name, "parties": one.parties, "colour": one.colour} for one in keys
        ]
        zones = list(Zone.objects.order_by("name"))
        self.zone_index = {zone.pk: index for index, zone in enumerate(zones)}
        self.zones = [_zone(zone) for zone in zones]
        forces = list(Force.objects.order_by("pk").only("slug", "country", "parent_id"))
        self.force_index = {force.pk: index for index, force in enumerate(forces)}
        self.forces = [
            [force.slug, force.country, self.force_index.get(force.parent_id or 0, -1)] for force in forces
        ]
        self.parties = sorted({force.country for force in forces})
        self.routes, self.route_index, self.places = _routes(patrols)


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "slug": zone.slug,
        "name": zone.name,
        "kind": zone.kind,
        "basis": zone.basis,
        "from": zone.valid_from,
        "to": zone.valid_to,
        "shape": compact.shape(zone.geometry),
        "at": compact.run([shape(zone.geometry).representative_point().coords[0]]),
    }


def _routes(patrols: PatrolQuerySet) -> tuple[dict[str, list[Any]], dict[int, int], list[list[Any]]]:
    """Distinct routes as columns, the number of each, and the places on them.

    A geometry that the map cannot draw keeps its row with an empty kind: its patrols have a route. A route
    is `directed` where a patrol on it has a first and a last stop by its reports; a sensitive one tells none.
    """
    unordered = patrols.order_by()
    drawn = unordered.filter(public_route__isnull=False)
    where = dict(drawn.values_list("public_route").annotate(Max("public_where_precision")))
    ends = [Exists(Stop.objects.filter(patrol=OuterRef("pk"), role=role)) for role in ("start", "end")]
    told = drawn.filter(*ends, sensitive=False).values_list("public_route_id", flat=True)
    directed = set(told.distinct())
    routes = sorted(Route.objects.filter(pk__in=drawn.values("public_route")), key=lambda one: one.hash)
    passed: dict[int, set[str]] = defaultdict(set)
    for pk, text in drawn.values_list("public_route_id", "places_text").distinct():
        passed[pk or 0].update(part for part in text.split(";") if part)
    places, place_index = _places(set().union(*passed.values()))
    names = ("id", "kind", "shape", "at", "where", "directed", "places")
    table: dict[str, list[Any]] = {name: [] for name in names}
    for route in routes:
        try:
            kind, form = compact.kind(route.geometry), compact.shape(route.geometry)
        except ValueError:
            kind, form = "", []
        table["id"].append(route.hash[:ID_LENGTH])
        table["kind"].append(kind)
        table["shape"].append(form)
        table["at"].append(compact.run([(route.lon, route.lat)]))
        table["where"].append(where[route.pk])
        table["directed"].append(int(kind == "line" and route.pk in directed))
        table["places"].append(sorted(place_index[slug] for slug in passed[route.pk] if slug in place_index))
    return table, {route.pk: index for index, route in enumerate(routes)}, places


def _places(slugs: set[str]) -> tuple[list[list[Any]], dict[str, int]]:
    """[slug, name, lon, lat, {language: name}] of the places that are known well enough to be named on a map.

    The snapshot is the same in every language; names are those of the site's languages that differ.
    """
    known = Place.objects.order_by("slug").exclude(where_precision__gt=WherePrecision.NEAR)
    listed = [
        (slug, name, compact.run([(lon, lat)]))
        for slug, name, lon, lat in known.values_list("slug", "name", "lon", "lat")
        if slug in slugs and lon is not None and lat is not None
    ]
    index = {slug: number for number, (slug, _name, _at) in enumerate(listed)}
    languages = [code for code, _language in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    shown = PlaceName.objects.order_by("pk").filter(preferred=True, language__in=languages)
    names: dict[str, dict[str, str]] = {slug: {} for slug in index}
    for slug, language, name in shown.values_list("place__slug", "language", "name"):
        if slug in names:
            names[slug][language] = name
    return [[slug, name, *at, names[slug]] for slug, name, at in listed], index


class _Rows:
    """The patrols as columns."""

    FIELDS = (
        "pk",
        "programme_id",
        "date_start",
        "date_end",
        "date_precision",
        "status",
        "incident_type",
        "public_route_id",
        "zones_text",
        "parties",
        "is_contested",
    )
    COLUMNS = (
        "day",
        "days",
        "precision",
        "programme",
        "status",
        "incident",
        "contested",
        "route",
        "zones",
        "forces",
        "parties",
    )

    def __init__(self, patrols: PatrolQuerySet, tables: _Tables) -> None:
        self.tables = tables
        self.zone_sets: columnar.Dictionary[tuple[tuple[int, ...], bool]] = columnar.Dictionary()
        self.force_sets: columnar.Dictionary[tuple[int, ...]] = columnar.Dictionary()
        self.party_texts: columnar.Dictionary[str] = columnar.Dictionary()
        self.incident_sets: columnar.Dictionary[tuple[int, tuple[int, ...]]] = columnar.Dictionary()
        inside = Patrol.zones.through.objects.all()
        self._zones = _by_patrol(inside.values_list("patrol_id", "zone_id"), patrols, tables.zone_index)
        taking_part = Participation.objects.values_list("patrol_id", "force_id")
        self._forces = _by_patrol(taking_part, patrols, tables.force_index)
        incidents = {value: number for number, value in enumerate(INCIDENTS)}
        self._incidents = _by_patrol(Incident.objects.values_list("patrol_id", "type"), patrols, incidents)
        is_contested = Case(When(contested=[], then=Value(0)), default=Value(1), output_field=IntegerField())
        listed = patrols.annotate(is_contested=is_contested).in_public_order().values_list(*self.FIELDS)
        table = self._read(listed.iterator(chunk_size=BATCH))
        self.keys: NDArray[np.int64] = table[0]
        self.columns = dict(zip(self.COLUMNS, table[1:], strict=True))
        self.undated = int((self.columns["day"] == _UNDATED).sum())
        self.columns["day"], self.first_day = _falling(self.columns["day"], self.undated)

    def _read(self, rows: Iterator[tuple[Any, ...]]) -> list[NDArray[np.int64]]:
        tables = self.tables
        statuses = {value: number for number, value in enumerate(STATUSES)}
        incidents = {value: number for number, value in enumerate(INCIDENTS)}
        without_route = len(tables.route_index)
        epoch = EPOCH.toordinal()
        parts = [np.empty((0, len(self.COLUMNS) + 1), dtype=np.int64)]
        batch: list[tuple[int, ...]] = []
        for pk, programme, start, end, precision, status, incident, route, zones, parties, contested in rows:
            day = start.toordinal() if start else 0
            batch.append(
                (
                    pk,
                    day - epoch if start else _UNDATED,
                    (end or start).toordinal() - day + 1 if start else 0,
                    precision or 0,
                    tables.programme_index[programme],
                    statuses[status],
                    self.incident_sets((incidents[incident], self._incidents.get(pk, ()))),
                    contested,
                    without_route if route is None else tables.route_index[route],
                    self.zone_sets((self._zones.get(pk, ()), bool(zones))),
                    self.force_sets(self._forces.get(pk, ())),
                    self.party_texts(parties),
                )
            )
            if len(batch) == BATCH:
                parts.append(np.array(batch, dtype=np.int64))
                batch = []
        if batch:
            parts.append(np.array(batch, dtype=np.int64))
        return list(np.concatenate(parts).T)

    @property
    def sets(self) -> dict[str, list[Any]]:
        """What the numbers of the columns zones, forces, parties and incident stand for."""
        return {
            # [zones, whether the patrol has a place on the map without a route]
            "zones": [[list(zones), int(placed)] for zones, placed in self.zone_sets.keys],
            "forces": [list(forces) for forces in self.force_sets.keys],
            "parties": [
                [number for number, code in enumerate(self.tables.parties) if code in text]
                for text in self.party_texts.keys
            ],
            # [the patrol's own, those of its single incidents]
            "incident": [[own, list(others)] for own, others in self.incident_sets.keys],
        }


_UNDATED = np.iinfo(np.int64).min


def _falling(days: NDArray[np.int64], undated: int) -> tuple[NDArray[np.int64], int]:
    """The days of rows in the public order as differences from the row before, and the first day."""
    dated = days[: len(days) - undated]
    if not len(dated):
        return np.zeros(len(days), dtype=np.int64), 0
    steps = np.zeros(len(days), dtype=np.int64)
    steps[1 : len(dated)] = dated[:-1] - dated[1:]
    return steps, int(dated[0])


def _by_patrol(pairs: Any, patrols: PatrolQuerySet, numbers: dict[Any, int]) -> dict[int, tuple[int, ...]]:
    """Patrol key -> numbers of what it has, in order; one query over (patrol, key) pairs."""
    found = pairs.filter(patrol__in=patrols.order_by()).order_by("patrol_id").iterator(chunk_size=BATCH)
    # Few combinations, many patrols: each is put in order once.
    combined: dict[tuple[Any, ...], tuple[int, ...]] = {}
    made: dict[int, tuple[int, ...]] = {}
    for patrol, group in groupby(found, key=itemgetter(0)):
        keys = tuple([key for _patrol, key in group])
        if keys not in combined:
            combined[keys] = tuple(sorted({numbers[key] for key in keys}))
        made[patrol] = combined[keys]
    return made


# Storing


def _folder(audience: str) -> Path:
    folder: Path = settings.HOME / FOLDER / audience
    return folder


def _age(path: Path) -> float:
    """Sorts the newest first; a file that another process has just removed comes last."""
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _store(target: Snapshot, block: bytes, keys: NDArray[np.int64]) -> None:
    """Whole or not at all: the order first, since the snapshot counts as stored once both are there."""
    target.path.parent.mkdir(parents=True, exist_ok=True)
    order = io.BytesIO()
    np.save(order, keys)
    # Without a time in it, the same record gives the same bytes.
    for path, content in (
        (target.order, order.getvalue()),
        (target.path, gzip.compress(block, LEVEL, mtime=0)),
    ):
        part = path.with_name(f".{secrets.token_hex(6)}.part")
        part.write_bytes(content)
        part.replace(path)
    for old in sorted(_folder(target.audience).glob("*.bin.gz"), key=_age)[KEPT:]:
        if old != target.path:
            old.unlink(missing_ok=True)
            old.with_name(old.name.replace(".bin.gz", ".npy")).unlink(missing_ok=True)


# Single rows


def rows_at(snapshot: Snapshot, positions: Sequence[int]) -> list[int | None]:
    """Keys of the patrols in these rows; None where there is no such row."""
    keys = snapshot.keys()
    return [int(keys[at]) if 0 <= at < len(keys) else None for at in positions]


def positions_of(snapshot: Snapshot, pks: Iterable[int]) -> NDArray[np.int64]:
    """Rows of the patrols with these keys; those that the snapshot does not hold are left out."""
    keys = snapshot.keys()
    order = np.argsort(keys)
    given = np.fromiter(pks, dtype=np.int64)
    found = np.searchsorted(keys, given, sorter=order)
    inside = found < len(keys)
    rows: NDArray[np.int64] = order[found[inside]]
    held: NDArray[np.int64] = rows[keys[rows] == given[inside]]
    return held
