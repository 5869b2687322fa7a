"""The page of one patrol: every account, the sources, the log, and who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from patrols.models import Correction, Patrol
from tests.scene import add_sensitive, tells

pytestmark = pytest.mark.django_db


def page(client, patrol: Patrol) -> str:
    response = client.get(patrol.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_the_headline_says_who_and_when(client, scene):
    text = page(client, scene["contested"])

    assert "Joint patrol of Russia and Türkiye, 14 January 2020" in text
    assert "No. 13 in the count “Overall”" in text
    assert "3 accounts from 3 publishers" in text


def test_each_source_is_named_with_kind_reliability_and_link(client, scene):
    text = page(client, scene["contested"])

    assert "a participant&#x27;s ministry · F: reliability cannot be judged" in text
    assert 'href="https://example.org/contested-0" rel="noopener noreferrer external"' in text
    assert "a participant’s own statement" in text


def test_a_disagreement_is_told_in_words_too(client, scene):
    text = page(client, scene["contested"])

    assert '<bdi>6</bdi><span class="sr-only"> (differs)</span></td>' in text
    assert '<span class="sr-only">does not say</span>' in text


def test_it_says_how_to_cite_it(client, scene, settings):
    text = page(client, scene["contested"])

    address = f"{settings.SITE_URL}/patrols/{scene['contested'].uid}/"
    assert f"North programme: joint patrol, 14 January 2020 ({scene['contested'].uid})”" in text
    assert f"@misc{{patrolwatch:{scene['contested'].uid}," in text
    assert f"url = {{{address}}}" in text


def test_what_is_for_editors_only_is_not_on_it(client, scene):
    text = page(client, scene["contested"])

    assert "a note for editors" not in text
    assert "Full text of" not in text


def test_an_account_that_waits_for_review_is_for_editors_only(client, staff_client, scene):
    scene.account(scene["near"], "pending", day="2020-03-05", vehicles=77, reviewed=False)

    assert not tells(page(client, scene["near"]), 77)
    shown = page(staff_client, scene["near"])
    assert tells(shown, 77)
    assert "not reviewed" in shown


def test_public_changes_are_listed(client, scene):
    Correction.objects.create(
        patrol=scene["near"], kind="changed", what="vehicles: 7 → 8", why="a later report"
    )

    text = page(client, scene["near"])
    assert "vehicles: 7 → 8" in text
    assert "a later report" in text


@pytest.mark.parametrize("name", ["draft", "in review", "embargoed", "withdrawn"])
def test_what_is_not_public_is_not_found(client, scene, name):
    Patrol.objects.filter(pk=scene["withdrawn"].pk).update(published_at=None)

    response = client.get(scene[name].get_absolute_url())

    assert response.status_code == 404
    assert scene[name].uid not in response.text


@pytest.mark.parametrize("name", ["draft", "in review", "embargoed"])
def test_editors_see_it_marked(client, staff_client, scene, name):
    if name != "embargoed":
        assert "Not public:" in page(staff_client, scene[name])
    else:
        assert scene[name].uid in page(staff_client, scene[name])


def test_a_withdrawn_patrol_is_a_tombstone_with_its_reason(client, scene):
    response = client.get(scene["withdrawn"].get_absolute_url())

    assert response.status_code == 410
    assert "Two reports of one event" in response.text
    assert not tells(response.text.split("<main", 1)[1].split("</main>")[0], 31)


def test_one_withdrawn_under_its_embargo_is_not_told_of(client, scene):
    Patrol.objects.filter(pk=scene["withdrawn"].pk).update(public_from=timezone.now() + timedelta(days=1))

    assert client.get(scene["withdrawn"].get_absolute_url()).status_code == 404


def test_a_merged_patrol_leads_to_the_one_it_is(client, scene):
    Patrol.objects.filter(pk=scene["withdrawn"].pk).update(merged_into=scene["near"])

    response = client.get(scene["withdrawn"].get_absolute_url())

    assert response.status_code == 301
    assert response.headers["Location"] == scene["near"].get_absolute_url()


def test_one_merged_into_a_hidden_patrol_stays_a_tombstone(client, scene):
    Patrol.objects.filter(pk=scene["withdrawn"].pk).update(merged_into=scene["draft"])

    response = client.get(scene["withdrawn"].get_absolute_url())

    assert response.status_code == 410
    assert scene["draft"].uid not in response.text


def test_a_sensitive_patrol_tells_neither_place_nor_address_of_a_report(client, staff_client, scene):
    patrol = add_sensitive(scene)

    for one in (client, staff_client):
        text = page(one, patrol)
        assert "Hideout" not in text
        assert "hideout" not in text
        assert "Alpha" not in text
        assert "example.org/sensitive" not in text
        assert "Title of sensitive" not in text
        assert "40777" not in text
        assert "Published coarsely" in text


def test_a_patrol_without_a_place_has_no_map(client, scene):
    text = page(client, scene["nowhere"])

    assert 'id="small-map"' not in text
    assert "No account says where" in text


def test_it_takes_as_many_queries_for_many_accounts_as_for_few(client, scene, django_assert_max_num_queries):
    for number in range(20):
        scene.account(scene["near"], f"more-{number}", day="2020-03-05", vehicles=number)

    with django_assert_max_num_queries(16):
        page(client, scene["near"])


def test_an_id_that_was_never_given_is_not_found(client, db):
    assert client.get("/patrols/bcdfghjkmn/").status_code == 404
