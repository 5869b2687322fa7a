"""The data page and the CSV downloads, as a reader gets them."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patrols.models import ApiToken
from patrols.record.apply import readopt
from patrols.record.columns import TABLES
from patrols.views.exports import Expired
from tests.scene import Scene, add_claim, add_sensitive, full_scene

pytestmark = pytest.mark.django_db


def download(client, name: str, query: str = "") -> bytes:
    response = client.get(f"/data/{name}.csv{query}")
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def rows(client, name: str, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(download(client, name, query).decode())))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_header_of_the_registry_and_ends_its_lines_with_crlf(client, scene, name):
    text = download(client, name).decode()
    assert text.startswith(",".join(TABLES[name].names) + "\r\n")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_the_whole_file_of_ordinals(client, scene: Scene):
    scene.account(scene["again"], "ünïcode", number=14, counter=scene.counter)
    readopt([scene["again"]], why="test")
    lines = download(client, "ordinals").decode().split("\r\n")
    assert lines[0] == ",".join(TABLES["ordinals"].names)
    assert len(lines) == 4
    assert {line.split(",")[0] for line in lines[1:3]} == {scene["again"].uid, scene["contested"].uid}


def test_a_file_holds_exactly_the_patrols_of_the_filtered_page(client, scene: Scene):
    uids = [row["id"] for row in rows(client, "patrols", "?zone=east-strip&to=2020-02-28")]
    assert uids == [scene["again"].uid, scene["contested"].uid]
    listed = client.get("/patrols/?zone=east-strip&to=2020-02-28").content.decode()
    assert all(f"/patrols/{uid}/" in listed for uid in uids)
    assert f"/patrols/{scene['zone'].uid}/" not in listed


def test_a_sister_table_has_a_row_for_each_relation_of_those_patrols(client, scene: Scene):
    given = rows(client, "accounts", "?to=2020-01-31")
    assert len(given) == 3
    assert [row["patrol"] if "patrol" in row else row["patrol_id"] for row in given] == [
        scene["contested"].uid
    ] * 3


def test_a_mark_for_excel_comes_only_when_asked_for(client, scene):
    assert download(client, "zones", "?bom=1").startswith(b"\xef\xbb\xbf")
    assert not download(client, "zones").startswith(b"\xef\xbb\xbf")


def test_a_text_like_a_formula_is_neutralised_and_a_negative_number_is_not(client, scene: Scene):
    scene.add(
        "formula",
        {
            "day": "2020-08-08",
            "incident_type": "other",
            "incident_note": '=HYPERLINK("x")',
            "sector": "-Kobani\nwest",
        },
    )
    formula = next(row for row in rows(client, "incidents") if row["note"].startswith("'"))
    assert formula["note"] == '\'=HYPERLINK("x")'
    assert "'-Kobani\nwest" in [row["sector"] for row in rows(client, "patrols")]
    place = scene["near"].public_route
    assert place is not None
    type(place).objects.filter(pk=place.pk).update(lon=-3.5)
    assert "-3.5" in [row["lon"] for row in rows(client, "patrols")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?from=yesterday", "from"),
        ("?from=2020-02-30", "from"),
        ("?from=2020-02-02&to=2020-01-01", "to"),
        ("?status=won", "status"),
        ("?colour=red", "colour"),
        ("?bom=maybe", "bom"),
        ("?q=%00", "q"),
        ("?q=" + "x" * 10_000, "q"),
        ("?bbox=1,2,3", "bbox"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(client, scene, query, name):
    response = client.get(f"/data/patrols.csv{query}")
    assert response.status_code == 400
    assert response.content.decode().startswith(f"{name}:")


def test_an_unknown_table_is_not_found(client, db):
    assert client.get("/data/secrets.csv").status_code == 404


def test_claims_follow_the_programme_filter(client, scene: Scene):
    add_claim(scene, 344)
    assert [row["count"] for row in rows(client, "claims", "?programme=north")] == ["344"]


@pytest.mark.parametrize("name", TABLES)
def test_a_download_takes_few_queries_whatever_its_length(client, scene: Scene, name):
    with CaptureQueriesContext(
        connection,
    ) as few:
        download(client, name)
    for number in range(20):
        scene.add(
            f"more-{number}", {"day": f"2020-09-{number + 1:02}", "number": number, "counter": scene.counter}
        )
    with CaptureQueriesContext(connection) as many:
        download(client, name)
    assert len(many) == len(few) <= 6


def test_a_sensitive_patrol_tells_no_place_in_any_file(client, scene: Scene):
    add_sensitive(scene)
    for name in TABLES:
        assert b"ideout" not in download(client, name), name


def test_the_data_page_explains_every_column(client, db):
    page = client.get("/data/").content.decode()
    for table in TABLES.values():
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
            assert column.description


class TestFairUse:
    @pytest.fixture(autouse=True)
    def nobody_has_asked_yet(self):
        cache.clear()

    def test_too_many_files_in_a_minute_are_told_when_to_come_back(self, client, scene, settings):
        settings.EXPORT_RATE = 2
        assert [client.get("/data/zones.csv").status_code for _file in range(3)] == [200, 200, 429]
        refused = client.get("/data/patrols.csv")
        assert 0 < int(refused["Retry-After"]) <= 60
        assert "Come back in" in refused.content.decode()

    def test_a_token_raises_the_limit_and_an_unknown_one_is_refused(self, client, scene, settings):
        settings.EXPORT_RATE = 1
        token = ApiToken(name="A university")
        secret = token.draw()
        token.save()
        given = {"authorization": f"Bearer {secret}"}
        assert [client.get("/data/zones.csv", headers=given).status_code for _file in range(3)] == [200] * 3
        assert client.get("/data/zones.csv", headers={"authorization": "Bearer pw_x"}).status_code == 401

    # Closing a response ends its request, and with it a connection that a test would hold in a transaction.
    @pytest.mark.django_db(transaction=True)
    def test_only_so_many_tables_are_streamed_at_once(self, client, settings):
        full_scene()
        settings.EXPORTS_AT_ONCE = 2
        running = [client.get("/data/patrols.csv") for _file in range(2)]
        refused = client.get("/data/patrols.csv")
        assert (refused.status_code, refused["Retry-After"]) == (503, "10")
        assert next(iter(running[0].streaming_content))
        running[0].close()
        again = client.get("/data/patrols.csv")
        assert again.status_code == 200
        assert b"".join(again.streaming_content).startswith(b"id,")
        assert client.get("/data/patrols.csv").status_code == 200

    def test_a_download_past_its_time_breaks_off_and_frees_its_place(self, client, scene, settings):
        settings.EXPORTS_AT_ONCE, settings.EXPORT_SECONDS = 1, -1
        late = client.get("/data/patrols.csv")
        with pytest.raises(Expired):
            list(late.streaming_content)
        settings.EXPORT_SECONDS = 60
        assert client.get("/data/patrols.csv").status_code == 200
