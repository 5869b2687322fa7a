"""The data package: every table as CSV and Parquet, places as GeoJSON and GeoPackage, and what they mean.

    build(folder, name, version, progress)      the files, as Data Package v2
    pack(folder, target)                        the same as one ZIP archive
    current() -> Path | Busy                    the archive of the record as it is now, or how far it is
    release(name)                               a frozen copy with its checksums, which is never changed again

Only what anybody may read goes in. Tables are written row by row, so that memory does not grow with them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import orjson
import shapely
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from shapely.geometry import shape

from ..models import Correction, Patrol
from ..record.columns import TABLES, Selection, Table, Type
from . import codebook, csv
from .catalogue import KEYWORDS, SUMMARY, TITLE
from .cite import AUTHOR, LICENCE, LICENCE_URL, Work
from .features import COLLECTIONS, Collection, feature
from .revision import data_state

Json = dict[str, Any]
Progress = Callable[[int, int], None]
"""Called with how many steps are done, and how many there are."""

PACKAGES, RELEASES = "packages", "releases"
LAYERS = ("routes", "zones")
"""Collections that go in as geometry."""
PAGE = 1_000
STALE_SECONDS = 3_600
"""After which a build that has not ended is taken for dead."""
FOREIGN_KEYS: dict[str, dict[str, tuple[str, str]]] = {
    "patrols": {"programme": ("programmes", "id")},
    "accounts": {"patrol": ("patrols", "id"), "report": ("reports", "id")},
    "participants": {"patrol": ("patrols", "id"), "force": ("forces", "id")},
    "stops": {"patrol": ("patrols", "id"), "place": ("places", "id")},
    "incidents": {"patrol": ("patrols", "id"), "place": ("places", "id")},
    "claims": {"programme": ("programmes", "id"), "report": ("reports", "id")},
    "ordinals": {"patrol": ("patrols", "id")},
    "forces": {"parent": ("forces", "id")},
    "places": {"parent": ("places", "id")},
}
"""Column -> (table, column) that its values are from."""
FIELDS: dict[Type, str] = {
    Type.INTEGER: "integer",
    Type.NUMBER: "number",
    Type.DATE: "date",
    Type.TIME: "datetime",
    Type.BOOLEAN: "boolean",
}
SOURCES = (
    {"title": "Published reports, each with its address in the table of reports"},
    {"title": "GeoNames", "path": "https://www.geonames.org/", "license": "CC BY 4.0"},
)


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def build(folder: Path, *, name: str, since: datetime | None = None, progress: Progress = silent) -> Json:
    """Write the package's files into an empty folder; returns its `datapackage.json`.

    `since` is when the release before was made: corrections after it are listed.
    """
    state = data_state(None)
    version, now = state[0], timezone.now()
    selection = Selection(patrols=Patrol.objects.visible_to(None), user=None)
    steps = len(TABLES) + len(LAYERS) + 1
    resources: list[Json] = []
    for part in ("csv", "parquet", "geo"):
        (folder / part).mkdir(parents=True)
    for done, table in enumerate(TABLES.values()):
        progress(done, steps)
        resources.append(_table(folder, table, selection))
        _parquet(folder, table)
    for done, layer in enumerate(LAYERS, start=len(TABLES)):
        progress(done, steps)
        resources.append(_layer(folder, COLLECTIONS[layer], selection))
    progress(steps - 1, steps)
    work = Work.of_data(state, key=f"data-{name}", title=TITLE, path="/data/", name=name)
    made = _descriptor(resources, name=name, version=version, now=now, work=work)
    _write(folder / "datapackage.json", json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    context = codebook.context(version) | {"title": work.version}
    _write(folder / "codebook.md", codebook.as_markdown(context["chapters"], work.version))
    _write(folder / "codebook.html", render_to_string("patrols/codebook_file.html", context))
    _write(folder / "README.md", _readme(made, work))
    _write(folder / "CITATION.cff", _citation(work, now))
    _write(folder / "CHANGES.md", "".join(_changes(name, since)))
    sums = [
        f"{_sha256(path)}  {path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    _write(folder / "SHA256SUMS", "".join(sums))
    progress(steps, steps)
    return made


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file(folder: Path, path: str) -> Json:
    whole = folder / path
    return {"path": path, "bytes": whole.stat().st_size, "hash": f"sha256:{_sha256(whole)}"}


# Tables


def _table(folder: Path, table: Table, selection: Selection) -> Json:
    path = f"csv/{table.name}.csv"
    with (folder / path).open("wb") as file:
        for chunk in csv.stream(table, selection):
            file.write(chunk)
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": table.description,
        **_file(folder, path),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": table_schema(table),
    }


def table_schema(table: Table) -> Json:
    """The table's columns as a Table Schema (v2)."""
    made: Json = {"fields": [_field(table, name) for name in table.names], "missingValues": [""]}
    if table.key:
        made["primaryKey"] = list(table.key)
    keys = [
        {
            "fields": [column],
            "reference": {"resource": other if other != table.name else "", "fields": [field]},
        }
        for column, (other, field) in FOREIGN_KEYS.get(table.name, {}).items()
    ]
    if keys:
        made["foreignKeys"] = keys
    return made


def _field(table: Table, name: str) -> Json:
    column = table.by_name[name]
    made: Json = {
        "name": name,
        "type": FIELDS.get(column.type, "string"),
        "title": name.replace("_", " "),
        "description": column.meaning,
        "made": column.made.value,
    }
    if column.unit:
        made["unit"] = column.unit
    constraints: Json = {"required": True} if name in table.key else {}
    if table.key == (name,):
        constraints["unique"] = True
    if column.codes:
        made["categories"] = [{"value": code, "label": str(label)} for code, label in column.codes.items()]
        if column.type in (Type.CODE, Type.INTEGER):
            constraints["enum"] = list(column.codes)
    if constraints:
        made["constraints"] = constraints
    return made


def _parquet(folder: Path, table: Table) -> None:
    """The CSV's rows with their types, so that one line of pandas, Polars, DuckDB or R loads them."""
    import pyarrow  # Only what builds a package needs it, and loading it takes every process a while.
    import pyarrow.csv
    import pyarrow.parquet

    kinds: dict[Type, pyarrow.DataType] = {
        Type.INTEGER: pyarrow.int64(),
        Type.NUMBER: pyarrow.float64(),
        Type.DATE: pyarrow.date32(),
        Type.TIME: pyarrow.timestamp("s", tz="UTC"),
        Type.BOOLEAN: pyarrow.bool_(),
    }
    types = {column.name: kinds.get(column.type, pyarrow.string()) for column in table.columns}
    schema = pyarrow.schema([pyarrow.field(name, kind) for name, kind in types.items()])
    told = {column.name: column.meaning for column in table.columns}
    schema = schema.with_metadata({"licence": LICENCE, "columns": json.dumps(told, ensure_ascii=False)})
    reader = pyarrow.csv.open_csv(
        folder / "csv" / f"{table.name}.csv",
        # One block after another: reading ahead would keep many of them.
        read_options=pyarrow.csv.ReadOptions(use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            true_values=["true"],
            false_values=["false"],
        ),
    )
    with pyarrow.parquet.ParquetWriter(
        folder / "parquet" / f"{table.name}.parquet", schema, compression="zstd"
    ) as file:
        for batch in reader:
            file.write_batch(batch.cast(schema))


# Geometry


def _features(layer: Collection, selection: Selection) -> Iterator[tuple[Any, str, Json]]:
    """(key, GeoJSON geometry, properties) of every feature, a page at a time."""
    after, more = None, True
    while more:
        page = layer.page(layer.rows(selection), after=after, limit=PAGE)
        yield from zip(page.keys, page.geometries, page.rows, strict=True)
        more, after = page.more, page.keys[-1] if page.keys else None


def _layer(folder: Path, layer: Collection, selection: Selection) -> Json:
    path = f"geo/{layer.name}.geojson"
    waiting: list[tuple[str, Json]] = []
    with (folder / path).open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, (key, geometry, row) in enumerate(_features(layer, selection)):
            file.write((b",\n" if number else b"\n") + orjson.dumps(feature(key, geometry, row)))
            waiting.append((geometry, row))
            if len(waiting) == PAGE:
                _into_geopackage(folder, layer, waiting)
                waiting = []
        file.write(b"\n]}\n")
    _into_geopackage(folder, layer, waiting)
    return {
        "name": f"{layer.name}-geojson",
        "title": f"{layer.table.title} with their geometry",
        **_file(folder, path),
        "format": "geojson",
        "mediatype": "application/geo+json",
        "encoding": "utf-8",
    }


def _into_geopackage(folder: Path, layer: Collection, features: list[tuple[str, Json]]) -> None:
    import pyogrio.raw

    if not features:
        return
    path = folder / "geo" / "patrolwatch.gpkg"
    there = path.exists() and layer.name in {name for name, _kind in pyogrio.list_layers(path)}
    shapes = [None if text == "null" else shapely.to_wkb(shape(json.loads(text))) for text, _row in features]
    names = [column.name for column in layer.table.columns]
    pyogrio.raw.write(
        path,
        geometry=numpy.array(shapes, dtype=object),
        field_data=[
            numpy.array([_flat(row[name]) for _text, row in features], dtype=object) for name in names
        ],
        fields=names,
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry_type,
        crs="EPSG:4326",
        append=there,
    )


def _flat(value: Any) -> str | None:
    """A cell of the GeoPackage: text, lists joined as in CSV."""
    if value is None:
        return None
    if isinstance(value, list):
        return ";".join(map(str, value))
    return json.dumps(value) if isinstance(value, dict) else str(value)


# What goes beside the tables


def _descriptor(resources: list[Json], *, name: str, version: str, now: datetime, work: Work) -> Json:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "patrolwatch",
        "id": f"{settings.SITE_URL}/data/",
        "title": TITLE,
        "description": SUMMARY,
        "homepage": settings.SITE_URL,
        "version": name,
        "dataVersion": version,
        "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "keywords": list(KEYWORDS),
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE_URL, "title": LICENCE}],
        "contributors": [{"title": AUTHOR, "roles": ["creator"]}],
        "sources": list(SOURCES),
        "citation": work.plain(),
        "resources": resources,
    }


def _readme(made: Json, work: Work) -> str:
    tables = [one for one in made["resources"] if one.get("type") == "table"]
    lines = [
        f"# {TITLE}",
        "",
        SUMMARY,
        "",
        f"Release {made['version']}, data version {made['dataVersion']}, made {made['created']}.",
        "",
        "## Files",
        "",
        "- `csv/`: every table; `datapackage.json` gives types, codes, keys and hashes (Data Package v2)",
        "- `parquet/`: the same tables with their types",
        "- `geo/`: routes and zones as GeoJSON, and both as one GeoPackage",
        "- `codebook.html`, `codebook.md`: what every column means and how it is made",
        "- `CHANGES.md`: public corrections since the release before; `csv/deletions.csv`: ids that are gone",
        "- `CITATION.cff`, `SHA256SUMS`",
        "",
        "## Tables",
        "",
        *(f"- `{one['name']}`: {one['description']}" for one in tables),
        "",
        "## Cite",
        "",
        work.plain(),
        "",
        f"Licence: {LICENCE} ({LICENCE_URL}). Place names and positions: GeoNames, CC BY 4.0.",
        "Texts in CSV files that a spreadsheet would run as a formula begin with an apostrophe.",
    ]
    return "\n".join(lines) + "\n"


def _citation(work: Work, now: datetime) -> str:
    """CITATION.cff 1.2.0."""
    quoted = {"title": work.title, "version": work.version, "url": work.address}
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this data, please cite it as below."',
        "type: dataset",
        *(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in quoted.items()),
        f"date-released: {now.date().isoformat()}",
        "license: CC-BY-4.0",
        "authors:",
        f"  - name: {AUTHOR}",
    ]
    return "\n".join(lines) + "\n"


def _changes(name: str, since: datetime | None) -> Iterator[str]:
    """Public corrections after the release before."""
    yield f"# Changes up to {name}\n\n"
    if since is None:
        yield "This is the first release.\n"
        return
    yield f"Since {since.date().isoformat()}:\n\n"
    lines = (
        Correction.objects.visible_to(None).filter(at__gt=since).select_related("patrol").order_by("at", "pk")
    )
    for line in lines.iterator(PAGE):
        why = "" if line.patrol.sensitive else f" ({line.why})"
        what = " ".join(f"{line.public_what}{why}".split())
        yield f"- {line.at.date().isoformat()} {line.patrol.uid}: {what}\n"


# One archive, and releases


def pack(folder: Path, target: Path) -> None:
    """The folder's files as one ZIP archive, put in place in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    part.replace(target)


@dataclass(frozen=True, slots=True)
class Busy:
    """The archive is being built: so many steps of so many are done."""

    done: int
    total: int


def _home() -> Path:
    return settings.HOME / PACKAGES


def archive_of(revision: str) -> Path:
    return _home() / f"patrolwatch-{revision}.zip"


def current(start: Callable[[str], Any]) -> Path | Busy:
    """The archive of the record as it is now; where there is none, `start` is called once to build it."""
    revision, _modified = data_state(None)
    target = archive_of(revision)
    if target.exists():
        return target
    note = target.with_suffix(".progress")
    if _is_claimed(note):
        return _read_progress(note)
    start(revision)
    return Busy(0, 1)


def _is_claimed(note: Path) -> bool:
    """Whether somebody builds it already; else it is claimed for the caller."""
    note.parent.mkdir(parents=True, exist_ok=True)
    try:
        if timezone.now().timestamp() - note.stat().st_mtime > STALE_SECONDS:
            note.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    try:
        with note.open("x", encoding="utf-8") as file:
            file.write("0 1")
    except FileExistsError:
        return True
    return False


def _read_progress(note: Path) -> Busy:
    try:
        done, total = note.read_text(encoding="utf-8").split()
        return Busy(int(done), int(total))
    except (OSError, ValueError):
        return Busy(0, 1)


def build_current(revision: str) -> Path:
    """Build the archive of the record as it is now, and drop those of older states."""
    target = archive_of(revision)
    note = target.with_suffix(".progress")
    target.parent.mkdir(parents=True, exist_ok=True)

    def progress(done: int, total: int) -> None:
        part = note.with_suffix(".writing")
        part.write_text(f"{done} {total}", encoding="utf-8")
        part.replace(note)

    try:
        with TemporaryDirectory(prefix="patrolwatch-") as folder:
            build(Path(folder), name=timezone.now().date().isoformat(), progress=progress)
            pack(Path(folder), target)
    finally:
        note.unlink(missing_ok=True)
    for old in _home().glob("patrolwatch-*.zip"):
        if old != target:
            old.unlink(missing_ok=True)
    return target


class ReleaseError(ValueError):
    """A release that cannot be made, with the reason."""


def releases() -> list[Path]:
    """Folders of the releases, the latest first."""
    home = settings.HOME / RELEASES
    made = [path for path in home.iterdir() if (path / "datapackage.json").exists()] if home.exists() else []
    return sorted(made, key=lambda path: (path / "datapackage.json").stat().st_mtime, reverse=True)


def release(name: str, progress: Progress = silent) -> Path:
    """Freeze the public record under `name`. What is released is never written again."""
    if not name or not all(letter.isascii() and (letter.isalnum() or letter in ".-") for letter in name):
        raise ReleaseError(
            f"“{name}” is no name for a release. Use letters, digits, dots and hyphens: 2026.1"
        )
    target: Path = settings.HOME / RELEASES / name
    if name.startswith(".") or target.exists():
        raise ReleaseError(
            f"There is a release {name} already, and releases are never changed. Choose another name."
        )
    before = releases()
    since = None
    if before:
        told = json.loads((before[0] / "datapackage.json").read_text(encoding="utf-8"))["created"]
        since = datetime.fromisoformat(told)
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".making-") as made:
        folder = Path(made) / name
        folder.mkdir()
        build(folder, name=name, since=since, progress=progress)
        pack(folder, Path(made) / f"patrolwatch-{name}.zip")
        shutil.move(Path(made) / f"patrolwatch-{name}.zip", folder / f"patrolwatch-{name}.zip")
        for path in folder.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        folder.replace(target)
    target.chmod(0o555)
    return target
