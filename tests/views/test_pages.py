"""Programmes, zones, forces, what the record is, and whether the service is well."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import OperationalError
from django.test import Client

from patrols.models import Counter
from tests.scene import add_claim, add_event, add_sensitive, tells

pytestmark = pytest.mark.django_db


def spaced(text: str) -> str:
    """Cells one space apart, however the template is indented."""
    return text.replace("> <", "><").replace("</td><td", "</td> <td")


def text_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_programmes_are_counted_as_the_public_sees_them(client, staff_client, scene):
    assert '<td class="figure">5</td>' in text_of(client, "/programmes/")
    assert '<td class="figure">9</td>' in text_of(staff_client, "/programmes/")


def test_a_programme_shows_what_is_claimed_beside_what_is_recorded(client, scene):
    period = {"date_from_precision": 4, "date_to_precision": 4}
    add_claim(scene, 344, date_from=date(2020, 1, 1), date_to=date(2020, 2, 29), qualifier="over", **period)
    text = text_of(client, "/programmes/north/")

    assert "January 2020 – February 2020" in text
    assert '<b>over 344</b></td> <td class="figure">2</td>' in spaced(text)


def test_a_claim_of_one_count_is_held_against_that_count(client, scene):
    area = Counter.objects.create(programme=scene.programme, slug="area", name="Area count")
    scene.add("numbered", {"day": "2020-01-20", "number": 4, "counter": area})
    add_claim(scene, 13, counter=area, published=date(2020, 8, 1))

    assert '<b>13</b></td> <td class="figure">1</td>' in spaced(text_of(client, "/programmes/north/"))


def test_a_claim_without_any_date_is_held_against_nothing(client, scene):
    add_claim(scene, 50)

    assert '<b>50</b></td> <td class="figure">–</td>' in spaced(text_of(client, "/programmes/north/"))


def test_an_open_count_is_held_against_the_record_up_to_its_report(client, scene):
    add_claim(scene, 60, published=date(2020, 2, 21))

    assert '<b>60</b></td> <td class="figure">2</td>' in spaced(text_of(client, "/programmes/north/"))


def test_the_same_total_from_several_reports_is_one_row(client, scene):
    add_claim(scene, 344, row="a", published=date(2020, 8, 1))
    add_claim(scene, 344, row="b", published=date(2020, 8, 2))
    text = text_of(client, "/programmes/north/")

    assert text.count("<b>344</b>") == 1
    assert "claim-a" in text
    assert "claim-b" in text


def test_a_claim_that_waits_for_review_is_not_public(client, scene):
    add_claim(scene, 987, reviewed=False)

    assert not tells(text_of(client, "/programmes/north/"), 987)


def test_a_report_of_a_sensitive_patrol_keeps_its_address_to_itself_as_a_claim_too(client, scene):
    patrol = add_sensitive(scene)
    claim = add_claim(scene, 12)
    claim.report = patrol.accounts.get().report
    claim.save()

    assert "example.org/sensitive" not in text_of(client, "/programmes/north/")


def test_a_programme_shows_its_context(client, scene):
    add_event(scene)
    text = text_of(client, "/programmes/north/")

    assert "22 October 2019" in text
    assert "Memorandum signed" in text


def test_a_zone_says_how_its_outline_was_made(client, scene):
    text = text_of(client, "/zones/east-strip/")

    assert "Drawn by hand for a test." in text
    assert scene["zone"].uid in text
    assert scene["near"].uid not in text


def test_a_force_includes_its_services_and_says_with_whom(client, scene):
    text = text_of(client, "/forces/tr-forces/")

    assert scene["again"].uid in text
    with_whom = '<a href="/forces/ru-police/">Russian Military Police</a></th><td>Russia</td>'
    assert f'{with_whom}<td class="figure">4</td>' in text


@pytest.mark.parametrize(
    "address", ["/programmes/", "/programmes/north/", "/zones/east-strip/", "/forces/ru-police/"]
)
def test_nothing_hidden_is_on_them(client, scene, address):
    text = text_of(client, address)

    for name in ("draft", "in review", "embargoed", "withdrawn"):
        assert scene[name].uid not in text
    assert "Hideout" not in text


@pytest.mark.parametrize("address", ["/programmes/none/", "/zones/none/", "/forces/none/", "/nothing/"])
def test_what_does_not_exist_is_not_found_in_words(client, db, address):
    response = client.get(address)

    assert response.status_code == 404
    assert "There is nothing public at this address" in response.text


def test_about_tells_the_rules_as_they_are_set(client, db, settings):
    settings.EMBARGO_HOURS = 96
    text = text_of(client, "/about/")

    assert "public 96 hours after it ended" in text
    assert "An empty figure is never zero." in text


def test_an_error_page_says_what_to_do(db, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("patrols.views.map.Filtered.__init__", broken)
    response = Client(raise_request_exception=False).get("/")

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text


def test_healthz_answers(client, db):
    assert client.get("/healthz").json() == {"status": "ok", "database": "up"}


def test_healthz_says_when_the_database_is_down(client, db, monkeypatch):
    def down(*args: object) -> None:
        raise OperationalError

    monkeypatch.setattr("patrols.views.pages.connection.cursor", down)
    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["database"] == "down"


def test_a_page_can_be_asked_for_but_not_posted_to(client, scene):
    for address in ("/", "/patrols/", scene["near"].get_absolute_url(), "/about/"):
        assert client.head(address).status_code == 200
        assert client.post(address).status_code == 405
