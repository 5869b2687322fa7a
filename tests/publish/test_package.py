"""The data package: valid, complete, loadable in one line, the public record and nothing else."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyogrio
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from frictionless import Package

from patrols.models import Correction, Patrol
from patrols.publish import package
from patrols.publish.package import Busy, ReleaseError, build, release
from patrols.publish.tasks import build_package
from patrols.record.columns import TABLES
from tests.scene import Scene, add_sensitive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


@pytest.fixture
def folder(scene: Scene, tmp_path: Path) -> Path:
    made = tmp_path / "package"
    made.mkdir()
    build(made, name="test")
    return made


def test_frictionless_finds_nothing_wrong(folder: Path):
    report = Package(folder / "datapackage.json").validate()
    assert report.valid, report.flatten(["type", "title", "note"])
    assert report.stats["tasks"] >= len(TABLES)


def test_its_tables_are_the_downloads(client, folder: Path):
    for name in TABLES:
        download = b"".join(client.get(f"/data/{name}.csv").streaming_content)
        assert (folder / "csv" / f"{name}.csv").read_bytes() == download


def test_every_file_is_named_with_its_hash(folder: Path):
    told = json.loads((folder / "datapackage.json").read_text())
    for one in told["resources"]:
        content = (folder / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    sums = dict(line.split("  ", 1)[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert set(sums) == files


def test_one_line_loads_it(folder: Path):
    rows = Patrol.objects.visible_to(None).count()
    parquet, text = folder / "parquet" / "patrols.parquet", folder / "csv" / "patrols.csv"
    assert len(pandas.read_parquet(parquet)) == rows
    assert len(pandas.read_csv(text, parse_dates=["date_start"])) == rows
    assert len(polars.read_parquet(parquet)) == rows
    assert duckdb.sql(f"SELECT count(*) FROM '{parquet}'").fetchall() == [(rows,)]
    assert duckdb.sql(f"SELECT count(*) FROM read_csv('{text}')").fetchall() == [(rows,)]
    types = polars.read_parquet_schema(parquet)
    assert types["date_start"] == polars.Date
    assert types["vehicles_best"] == polars.Int64
    assert types["length_km_best"] == polars.Float64


def test_every_parquet_file_has_the_rows_of_its_csv(folder: Path):
    for name in TABLES:
        read = polars.read_parquet(folder / "parquet" / f"{name}.parquet")
        text = polars.read_csv(folder / "csv" / f"{name}.csv", infer_schema=False)
        assert len(read) == len(text), name
        assert read.columns == text.columns


def test_the_geopackage_has_both_layers(folder: Path):
    path = folder / "geo" / "patrolwatch.gpkg"
    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    for name, kind in layers.items():
        features = json.loads((folder / "geo" / f"{name}.geojson").read_text())["features"]
        assert pyogrio.read_info(path, layer=name)["features"] == len(features)
        assert kind in ("MultiPolygon", "MultiLineString")
    assert "zones" in layers


def test_what_is_hidden_is_in_none_of_its_files(scene: Scene, tmp_path: Path):
    add_sensitive(scene)
    made = tmp_path / "hidden"
    made.mkdir()
    build(made, name="test")
    for name in ("draft", "in review", "embargoed", "withdrawn"):
        uid = scene[name].uid.encode()
        for path in made.rglob("*"):
            assert not path.is_file() or uid not in path.read_bytes(), f"{name} is in {path.name}"


def test_an_empty_record_makes_a_package_too(db: None, settings, tmp_path: Path):
    settings.HOME = tmp_path
    made = tmp_path / "empty"
    made.mkdir()
    build(made, name="empty")
    assert Package(made / "datapackage.json").validate().valid


def test_progress_goes_up_to_its_end(scene: Scene, tmp_path: Path):
    seen: list[tuple[int, int]] = []
    made = tmp_path / "progress"
    made.mkdir()
    build(made, name="test", progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)
    assert seen[-1][0] == seen[-1][1]


class TestDownload:
    def test_it_is_built_once_and_then_served(self, client, scene: Scene, monkeypatch):
        started: list[str] = []
        monkeypatch.setattr("patrols.views.packages.build_package.delay", started.append)
        for _time in range(2):
            response = client.get("/data/package.zip")
            assert response.status_code == 202
            assert response["Retry-After"] == "10"
        assert len(started) == 1
        build_package(started[0])
        response = client.get("/data/package.zip")
        assert response.status_code == 200
        archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
        assert "datapackage.json" in archive.namelist()
        assert archive.testzip() is None

    def test_a_changed_record_is_built_again_and_the_old_archive_goes(self, scene: Scene):
        first = package.build_current(package.data_state(None)[0])
        Patrol.objects.filter(pk=scene["contested"].pk).update(updated_at="2040-01-01T00:00:00Z")
        asked: list[str] = []
        assert isinstance(package.current(asked.append), Busy)
        second = package.build_current(asked[0])
        assert second.exists()
        assert not first.exists()

    def test_a_build_that_died_is_taken_up_again(self, scene: Scene):
        asked: list[str] = []
        package.current(asked.append)
        package.current(asked.append)
        assert len(asked) == 1
        note = package.archive_of(asked[0]).with_suffix(".progress")
        os.utime(note, (0, 0))
        package.current(asked.append)
        assert len(asked) == 2


class TestReleases:
    def test_a_release_is_frozen_with_its_own_address(self, client, scene: Scene, capsys):
        call_command("release", "2026.1")
        assert "/data/releases/2026.1/" in capsys.readouterr().out
        assert "2026.1" in client.get("/data/releases/").content.decode()
        page = client.get("/data/releases/2026.1/").content.decode()
        assert "csv/patrols.csv" in page
        response = client.get("/data/releases/2026.1/csv/patrols.csv")
        assert "immutable" in response["Cache-Control"]
        content = b"".join(response.streaming_content)
        assert hashlib.sha256(content).hexdigest() in page
        zipped = client.get("/data/releases/2026.1/patrolwatch-2026.1.zip")
        assert zipped.status_code == 200
        assert b"".join(zipped.streaming_content).startswith(b"PK")

    def test_it_is_never_changed(self, scene: Scene):
        folder = release("2026.1")
        with pytest.raises(ReleaseError, match="never changed"):
            release("2026.1")
        with pytest.raises(CommandError, match="never changed"):
            call_command("release", "2026.1")
        modes = [path.stat().st_mode for path in (folder, *folder.rglob("*"))]
        assert not any(mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) for mode in modes)

    @pytest.mark.parametrize("name", ["", "..", ".x", "a/b", "ü", "a b", "../../etc"])
    def test_a_bad_name_is_refused(self, scene: Scene, name):
        with pytest.raises(ReleaseError):
            release(name)

    def test_a_later_one_lists_what_was_changed_since(self, scene: Scene):
        first = release("2026.1")
        assert "first release" in (first / "CHANGES.md").read_text()
        patrol = scene["contested"]
        Correction.objects.create(patrol=patrol, kind="changed", what="vehicles: 8 → 9", why="reread")
        second = release("2026.2")
        assert f"{patrol.uid}: vehicles: 8 → 9 (reread)" in (second / "CHANGES.md").read_text()

    @pytest.mark.parametrize("path", ["../2026.1/x", "..%2f..%2fsecret_key", "nothing.csv", "csv"])
    def test_there_is_no_way_out_of_its_folder(self, client, scene: Scene, path):
        release("2026.1")
        assert client.get(f"/data/releases/2026.1/{path}").status_code == 404
        assert client.get("/data/releases/2030.1/").status_code == 404
