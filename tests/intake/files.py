"""Files of accounts for tests, and a small reference for them to refer to."""

from __future__ import annotations

import csv
import io
from typing import Any

from patrols.models import Counter, Force, Place, PlaceName, Programme, Publisher
from patrols.record.columns import IMPORT

HEADER = ",".join(IMPORT.names)


def make_reference() -> Programme:
    """A programme `north` of RU and TR with two counters, three villages, four publishers and two forces."""
    programme = Programme.objects.create(slug="north", code="north", name="North", parties=["RU", "TR"])
    for slug in ("overall", "alpha"):
        Counter.objects.create(programme=programme, slug=slug, name=slug)
    for slug, lon, lat in (("alpha", 40.61, 36.91), ("bravo", 40.93, 36.85), ("delta", 38.36, 36.89)):
        place = Place.objects.create(
            slug=slug, name=slug.title(), lon=lon, lat=lat, where_precision=1, country="SY"
        )
        PlaceName.objects.create(place=place, name=slug.title(), language="en", preferred=True)
    Publisher.objects.create(
        slug="tr-mod", name="Turkish ministry", kind="ministry", party="TR", speaker_code="TR_MOD"
    )
    Publisher.objects.create(
        slug="ru-mod", name="Russian ministry", kind="ministry", party="RU", speaker_code="RU_MOD"
    )
    Publisher.objects.create(slug="wire", name="Wire service", kind="agency", aliases=["The Wire"])
    Publisher.objects.create(slug="paper", name="Local paper", kind="local_media")
    Force.objects.create(slug="tr-forces", name="Turkish forces", country="TR")
    Force.objects.create(slug="ru-forces", name="Russian forces", country="RU")
    return programme


def row(number: int = 1, /, **cells: Any) -> dict[str, str]:
    """A good row; `number` gives its id, its page and its day, so that each founds a patrol of its own."""
    filled = {
        "row": f"t{number}",
        "programme": "north",
        "date": f"2020-01-{number:02}" if number <= 28 else f"2020-{number % 11 + 2:02}-{number % 28 + 1:02}",
        "date_precision": "day",
        "date_basis": "stated",
        "status": "completed",
        "sector": "Alpha",
        "forces": "Turkish forces; Russian forces",
        "vehicles_total": "8",
        "source_name": "Wire service",
        "source_url": f"https://example.org/{number}",
        "source_date": "2021-01-01",
        "source_lang": "en",
    }
    return filled | {name: str(value) for name, value in cells.items()}


def rows(count: int) -> list[dict[str, str]]:
    return [row(number) for number in range(1, count + 1)]


def as_csv(
    *made: dict[str, str],
    columns: tuple[str, ...] | None = None,
    delimiter: str = ",",
    newline: str = "\r\n",
    bom: bool = False,
) -> bytes:
    names = columns or (*IMPORT.names, *sorted({name for one in made for name in one} - set(IMPORT.names)))
    out = io.StringIO()
    writer = csv.DictWriter(
        out, names, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator=newline
    )
    writer.writeheader()
    writer.writerows(made)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()
