"""The list of patrols: the same filter as a table that works without JavaScript."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db


def dates(text: str) -> list[str]:
    return re.findall(r'<th scope="row" class="date"><a [^>]*>([^<]*)', text)


def test_the_newest_patrol_comes_first(client, scene):
    assert dates(client.get("/patrols/").text) == [
        "May 2020",
        "1 April 2020",
        "5 March 2020",
        "20 February 2020",
        "14 January 2020",
    ]


def test_a_column_sorts_both_ways_and_says_which(client, scene):
    text = client.get("/patrols/?sort=date").text

    assert dates(text)[0] == "14 January 2020"
    assert re.search(r'aria-sort="ascending"\s*>\s*<a href="/patrols/\?sort=-date"', text)
    assert len(re.findall("aria-sort", text)) == 1


def test_sorting_keeps_the_filter(client, scene):
    text = client.get("/patrols/?status=completed&status=cancelled").text

    assert "/patrols/?status=completed&amp;status=cancelled&amp;sort=programme" in text


def test_unknown_figures_come_last_either_way(client, scene):
    for sort in ("vehicles", "-vehicles"):
        assert dates(client.get(f"/patrols/?sort={sort}").text)[0] == "14 January 2020"


def test_figures_are_shown_with_spread_and_contested_mark(client, scene):
    text = client.get("/patrols/?q=north&contested=1").text

    assert "8 (6–9)" in text
    assert "contested</span>" in text
    assert "<b>13</b> overall" in text


def test_each_part_of_the_filter_can_be_removed(client, scene):
    text = " ".join(client.get("/patrols/?status=completed&q=alpha&sort=date").text.split())

    assert '<a href="/patrols/?q=alpha" data-filter>Status: completed' in text
    assert '<a href="/patrols/?status=completed" data-filter>text “alpha”' in text


def test_an_empty_result_says_which_part_to_loosen(client, scene):
    text = client.get("/patrols/?status=cancelled&from=2020-01-01&to=2020-01-31").text

    assert "No patrol in the record matches all of this." in text
    assert re.search(
        r'href="/patrols/\?from=2020-01-01&amp;to=2020-01-31"[^>]*>without Status: cancelled', text
    )
    assert re.search(r'href="/patrols/\?status=cancelled"[^>]*>without the period', text)


def test_an_empty_record_says_so(client, db):
    assert "The record holds no public patrol yet." in client.get("/patrols/").text


def test_downloads_are_of_exactly_this_filter(client, scene):
    text = client.get("/patrols/?status=completed&sort=date&page=1").text

    for name in ("patrols", "accounts", "stops", "incidents"):
        assert f'href="/data/{name}.csv?status=completed"' in text


def test_pages_keep_filter_and_order(client, scene):
    for number in range(60):
        scene.add(f"more {number}", {"day": "2021-01-01", "sector": "East strip"})
    text = " ".join(client.get("/patrols/?status=completed&sort=date").text.split())

    assert "1 to 50 of 64" in text
    assert 'rel="next" href="/patrols/?status=completed&amp;sort=date&amp;page=2"' in text
    assert "51 to 64 of 64" in client.get("/patrols/?status=completed&sort=date&page=2").text
    beyond = client.get("/patrols/?status=completed&page=99")
    assert beyond.status_code == 400
    assert "page: " in beyond.text
    assert 'class="date"' not in beyond.text.partition("<tbody>")[2]


@pytest.mark.parametrize("path", ["/", "/patrols/", "/data/"])
def test_an_unknown_parameter_is_named_and_what_the_page_itself_knows_is_not(client, scene, path):
    refused = client.get(f"{path}?colour=red")
    assert refused.status_code == 400
    assert "colour: no such parameter." in refused.text
    assert client.get(f"{path}?lang=en&theme=dark").status_code == 200


def test_hidden_patrols_are_not_listed_to_the_public(client, scene):
    text = client.get("/patrols/").text

    for name in ("draft", "in review", "embargoed", "withdrawn"):
        assert scene[name].uid not in text


def test_text_of_a_visitor_is_escaped(client, scene):
    text = client.get("/patrols/", {"q": '"><script>alert(1)</script>'}).text

    assert "<script>alert" not in text


def test_the_page_takes_at_most_twelve_queries_whatever_the_number_of_rows(
    client, staff_client, scene, django_assert_max_num_queries
):
    for number in range(60):
        scene.add(f"more {number}", {"day": "2021-01-01", "route": [{"name": "Alpha", "place": "alpha"}]})
    everything = (
        "/patrols/?programme=north&zone=east-strip&force=tr-forces&status=completed&incident=any"
        "&q=strip&place=alpha&party=TR&from=2019-01-01&contested=1&mapped=1&sort=-vehicles"
    )
    for address in (
        "/patrols/",
        "/patrols/?page=2",
        everything,
        "/patrols/?q=nothing-of-the-kind&status=completed",
    ):
        for one in (client, staff_client):
            with django_assert_max_num_queries(12):
                one.get(address)
