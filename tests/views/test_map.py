"""The map page and its data, as a browser without and with JavaScript receives them."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db


def test_the_page_says_how_many_match_and_how_many_have_no_place(client, scene):
    text = " ".join(re.sub(r"<[^>]+>", " ", client.get("/").text).split())

    assert "5 patrols match; 1 of them has no place on the map" in text
    assert "1 is known only by its zone" in text


def test_those_without_a_place_can_be_listed(client, scene):
    listed = client.get("/patrols/?mapped=0").text

    assert scene["nowhere"].uid in listed
    assert scene["zone"].uid not in listed


def test_the_filter_works_without_a_script(client, scene):
    text = client.get("/?from=2020-03-01&to=2020-03-31").text

    assert scene["near"].uid in text
    assert scene["again"].uid not in text


@pytest.mark.parametrize("address", ["/", "/patrols/"])
def test_links_to_other_patrols_keep_language_and_theme(client, scene, address):
    text = client.get(f"{address}?status=cancelled&q=alpha&theme=dark&lang=ru").text
    links = re.findall(r'<a[^>]*href="([^"]*)"[^>]*data-filter>', text)

    assert f"{address}?lang=ru&amp;theme=dark" in links
    assert f"{address}?q=alpha&amp;lang=ru&amp;theme=dark" in links
    assert all(link.endswith("lang=ru&amp;theme=dark") for link in links)


def test_no_script_is_inline(client, scene):
    text = client.get("/").text

    scripts = re.findall(r"<script([^>]*)>", text)
    assert scripts
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"\son\w+=", text)
    assert "script-src 'self'" in client.get("/").headers["Content-Security-Policy"]


def test_a_misread_filter_is_named_and_shows_no_patrol(client, scene):
    response = client.get("/?from=yesterday")

    assert response.status_code == 400
    assert "from: " in response.text
    assert scene["near"].uid not in response.text


def test_the_page_takes_at_most_fourteen_queries_whatever_the_number_of_rows(
    client, staff_client, scene, django_assert_max_num_queries
):
    everything = (
        "/?programme=north&zone=east-strip&force=tr-forces&status=completed&incident=any"
        "&q=strip&place=alpha&party=TR&from=2019-01-01&contested=1"
    )
    for number in range(40):
        scene.add(f"more {number}", {"day": "2021-01-01", "sector": "East strip"})
    # A change of a small record has its snapshot built by whoever comes first.
    for one in (client, staff_client):
        one.get("/")
    for address in ("/", everything, "/?q=nothing-of-the-kind&status=completed&from=2020-01-01"):
        for one in (client, staff_client):
            with django_assert_max_num_queries(14):
                one.get(address)


def test_the_summary_says_what_matches_in_words(client, scene):
    response = client.get("/map/patrols.json?status=cancelled")

    assert response.json().keys() == {"summary"}
    assert "patrol matches" in response.json()["summary"]
    assert "no-cache" in response.headers["Cache-Control"]


def test_a_misread_filter_of_the_summary_is_an_error_under_its_name(client, scene):
    response = client.get("/map/patrols.json?status=unheard")

    assert response.status_code == 400
    assert [line.partition(":")[0] for line in response.json()["errors"]] == ["status"]
    assert "cannot be read" in response.json()["summary"]


def test_editors_are_told_of_hidden_patrols_and_caches_keep_that_to_themselves(client, staff_client, scene):
    response = staff_client.get("/map/patrols.json")

    assert response.json() != client.get("/map/patrols.json").json()
    assert "private" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_a_tile_layer_is_drawn_only_where_one_is_set(client, scene, monkeypatch):
    assert '"tiles": []' in client.get("/").text
    monkeypatch.setitem(
        __import__("leaflet").app_settings, "TILES", [("Tiles", "https://tiles.example.org/{z}/{x}/{y}", {})]
    )
    assert "tiles.example.org" in client.get("/").text
