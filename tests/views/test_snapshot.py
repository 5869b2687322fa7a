"""The snapshot and its rows as a browser asks for them."""

from __future__ import annotations

import gzip

import pytest

from patrols.models import Patrol, State
from patrols.publish import columnar, snapshot
from patrols.publish.snapshot import EDITORS, PUBLIC
from patrols.views import snapshot as views

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def under(name: str, audience: str = PUBLIC) -> str:
    return f"/map/{audience}/{snapshot.wanted(audience).revision}/{name}"


def test_the_page_names_a_snapshot_that_is_there(client, scene):
    text = client.get("/").text

    assert snapshot.wanted(PUBLIC).is_stored
    assert snapshot.wanted(PUBLIC).revision in text


def test_a_small_snapshot_comes_with_the_page_and_a_large_one_by_its_address(client, scene, monkeypatch):
    assert '"inline": "H4s' in client.get("/").text
    monkeypatch.setattr("patrols.views.map.INLINE_BYTES", 0)
    text = client.get("/").text

    assert '"inline": ""' in text
    assert f'rel="preload" href="{under("columns.bin")}"' in " ".join(text.split())


def test_the_snapshot_is_compressed_immutable_and_not_sent_twice(client, scene):
    response = client.get(under("columns.bin"), headers={"Accept-Encoding": "gzip"})
    again = client.get(under("columns.bin"), headers={"If-None-Match": response.headers["ETag"]})

    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert columnar.unpack(gzip.decompress(response.content))[0]["count"] == 5
    assert again.status_code == 304


def test_who_takes_no_gzip_gets_it_plain(client, scene):
    response = client.get(under("columns.bin"))

    assert columnar.unpack(response.content)[0]["count"] == 5


def test_the_editors_snapshot_is_for_editors_and_kept_by_no_shared_cache(client, staff_client, scene):
    response = staff_client.get(under("columns.bin", EDITORS))

    assert columnar.unpack(response.content)[0]["count"] == 9
    assert "private" in response.headers["Cache-Control"]
    assert client.get(under("columns.bin", EDITORS)).status_code == 404


def test_an_address_of_a_record_that_has_changed_is_not_found(client, scene):
    address = under("columns.bin")
    scene.add("new", {"day": "2021-03-03"})

    assert client.get(address).status_code == 404
    assert client.get("/map/public/current.json").json() == {
        "revision": snapshot.wanted(PUBLIC).revision,
        "current": True,
    }


def test_a_large_record_that_has_changed_shows_its_last_snapshot_and_says_so(client, scene, monkeypatch):
    last = snapshot.build(PUBLIC)
    scene.add("new", {"day": "2021-03-03"})
    asked: list[str] = []
    monkeypatch.setattr(views, "SMALL_BYTES", 0)
    monkeypatch.setattr(views.build_snapshot, "delay", asked.append)

    assert client.get("/map/public/current.json").json() == {"revision": last.revision, "current": False}
    assert asked == [PUBLIC]
    assert '"current": false' in client.get("/").text


def test_a_patrol_that_was_hidden_since_is_not_told_by_the_snapshot_before(client, scene):
    old = snapshot.build(PUBLIC)
    row = int(snapshot.positions_of(old, [scene["near"].pk])[0])
    Patrol.objects.filter(pk=scene["near"].pk).update(state=State.IN_REVIEW)
    address = f"/map/public/{old.revision}"

    assert client.get(f"{address}/rows.json?at={row}").json() == {"rows": []}
    assert scene["near"].uid not in client.get(f"{address}/table?at=0,1,2,3,4").text


def test_a_popup_is_told_the_figures_of_its_rows(client, scene):
    row = int(snapshot.positions_of(snapshot.build(PUBLIC), [scene["contested"].pk])[0])
    [told] = client.get(under(f"rows.json?at={row}")).json()["rows"]

    assert (told["at"], told["uid"], told["vehicles_best"], told["contested"]) == (
        row,
        scene["contested"].uid,
        8,
        ["vehicles"],
    )
    assert client.get(under(f"rows.json?uid={scene['contested'].uid}")).json()["rows"] == [told]


def test_a_page_of_the_table_has_its_rows_in_the_order_asked_for(client, scene):
    text = client.get(under("table?at=4,0")).text

    assert text.index(scene["contested"].uid) < text.index(scene["nowhere"].uid)
    assert scene["zone"].uid not in text


@pytest.mark.parametrize("at", ["x", "-1", "1;2", ",".join(["0"] * 101)])
def test_what_is_no_list_of_rows_is_not_found(client, scene, at):
    assert client.get(under(f"rows.json?at={at}")).status_code == 404
    assert client.get(under(f"table?at={at}")).status_code == 404


@pytest.mark.parametrize("query", ["q=delta", "place=alpha", "bbox=38,36,39,37", "q=alpha&place=bravo"])
def test_matching_rows_are_those_of_the_filter(client, scene, query):
    bits = client.get(under(f"matching?{query}&status=cancelled")).content
    keys = snapshot.build(PUBLIC).keys()
    rows = {int(keys[row]) for row in range(len(keys)) if bits[row >> 3] >> (row & 7) & 1}
    listed = b"".join(client.get(f"/data/patrols.csv?{query}").streaming_content).decode()

    assert set(Patrol.objects.filter(pk__in=rows).values_list("uid", flat=True)) == {
        line.split(",")[0] for line in listed.splitlines()[1:]
    }


def test_what_cannot_be_read_is_said(client, scene):
    response = client.get(under("matching?place=nowhere-at-all"))

    assert response.status_code == 400
    assert "nowhere-at-all" in response.text


def test_rows_and_table_take_as_many_queries_for_many_rows_as_for_few(
    client, scene, django_assert_max_num_queries
):
    for number in range(30):
        scene.add(f"more {number}", {"day": "2021-01-01", "sector": "East strip"})
    snapshot.build(PUBLIC)
    rows = ",".join(map(str, range(35)))
    for name, queries in (("rows.json", 1), ("table", 5)):
        address = under(f"{name}?at={rows}")
        with django_assert_max_num_queries(queries):
            client.get(address)
