"""Reference tables: drawn zones, trees, codes, and that a change reaches the patrols that rest on it."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from patrols.models import Force, Line, Place, Publisher, Zone
from tests.scene import box

from .pages import errors, messages_of, post_changed, words

pytestmark = pytest.mark.django_db


def page(entry) -> str:
    return reverse(f"admin:patrols_{entry._meta.model_name}_change", args=[entry.pk])


def change(client, entry, **changes):
    form = f"{entry._meta.model_name}_form"
    return post_changed(client, page(entry), form, **{"change_reason": "Looked up again", **changes})


def test_a_zone_moved_away_takes_its_patrols_with_it(as_editor, scene):
    patrol = scene["contested"]
    assert patrol.zones_text == "east-strip"

    response = change(as_editor, scene.zone, geometry=json.dumps(box(30, 30, 31, 31)))

    assert response.status_code == 302, errors(response)
    patrol.refresh_from_db()
    scene.zone.refresh_from_db()
    assert patrol.zones_text == ""
    assert (scene.zone.min_lon, scene.zone.max_lat) == (30, 31)
    assert any("adopted again" in text for text in messages_of(as_editor.get(response.url)))


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ("", "geometry: Draw it on the map first."),
        ('{"type": "LineString", "coordinates": [[40, 36], [41, 37]]}', "geometry: This is a LineString"),
        (json.dumps(box(300, 36, 301, 37)), "geometry: The coordinate 300"),
        (
            '{"type": "Polygon", "coordinates": [[[40,36],[41,37],[41,36],[40,37],[40,36]]]}',
            "geometry: The outline crosses or touches itself",
        ),
        ('{"type": "Polygon"}', "geometry: This is not a GeoJSON geometry."),
        ('"hello"', "geometry: This is not a GeoJSON geometry."),
        ("[1", "geometry: Enter a valid JSON."),
    ],
)
def test_a_bad_outline_is_a_sentence(as_editor, scene, geometry, says):
    response = change(as_editor, scene.zone, geometry=geometry)
    assert response.status_code == 200
    assert any(text.startswith(says) for text in errors(response)), errors(response)


def test_a_zone_ends_after_it_starts(as_editor, scene):
    response = change(as_editor, scene.zone, valid_to="2019-01-01")
    assert "valid_to: The zone's last day lies before its first day." in errors(response)


def test_a_line_is_drawn(as_editor, scene):
    line = '{"type": "LineString", "coordinates": [[40, 36], [41, 37]]}'
    values = {"name": "M4", "slug": "m4", "geometry": line, "basis": "Traced for a test"}
    response = as_editor.post(reverse("admin:patrols_line_add"), values)
    assert response.status_code == 302, errors(response)
    assert Line.objects.get().history.get().history_change_reason == "added"


def test_a_force_cannot_stand_under_its_own(as_editor, scene):
    land = Force.objects.get(slug="tr-land")
    response = change(as_editor, land.parent, parent=str(land.pk))
    assert "parent: A force cannot stand under itself, nor under one of its own." in errors(response)


def test_a_force_belongs_to_the_country_above_it(as_editor, scene):
    response = change(as_editor, Force.objects.get(slug="tr-land"), country="RU")
    assert "country: A force belongs to the country of the force above it." in errors(response)


def test_parties_are_codes(as_editor, scene):
    response = change(as_editor, scene.programme, parties="Turkey RU")
    assert any("is no ISO 3166-1 code" in text for text in errors(response))
    assert change(as_editor, scene.programme, parties="tr, ru").status_code == 302
    scene.programme.refresh_from_db()
    assert scene.programme.parties == ["TR", "RU"]


def test_a_position_is_whole(as_editor, scene):
    response = change(as_editor, Place.objects.get(slug="alpha"), lon="")
    assert "lon: Give latitude (-90 to 90) and longitude (-180 to 180) together, or neither." in errors(
        response
    )


def test_a_place_found_elsewhere_redraws_its_patrols(as_editor, scene):
    patrol = scene["near"]
    before = patrol.public_route_id
    assert change(as_editor, Place.objects.get(slug="delta"), lon="38.5").status_code == 302
    patrol.refresh_from_db()
    assert patrol.public_route_id != before


def test_a_publisher_that_speaks_for_nobody_weighs_less(as_editor, scene):
    patrol = scene["contested"]
    response = change(as_editor, Publisher.objects.get(slug="tr-mod"), party="", kind="media")
    assert response.status_code == 302, errors(response)
    patrol.refresh_from_db()
    assert (patrol.vehicles_best, patrol.contested) == (6, [])


def test_aliases_are_one_a_line(as_editor, scene):
    publisher = Publisher.objects.get(slug="wire")
    assert change(as_editor, publisher, aliases="The Wire\n\n Wire agency \nThe Wire").status_code == 302
    publisher.refresh_from_db()
    assert publisher.aliases == ["The Wire", "Wire agency"]


def test_the_same_name_twice_is_a_sentence(as_editor, scene):
    place = Place.objects.get(slug="alpha")
    place.names.create(name="Alfa", language="tr")
    response = change(
        as_editor, place, **{"names-1-name": "Alfa", "names-1-language": "tr", "names-TOTAL_FORMS": "2"}
    )
    assert response.status_code == 200
    assert any("already has this name" in text or "duplicate" in text for text in errors(response))


def test_codes_are_explained_where_they_are_entered(as_editor, scene):
    assert "A completely reliable" in words(as_editor.get(page(scene.publishers["wire"])))
    assert "within about 25 km of a known point" in words(as_editor.get(page(Place.objects.first())))
    account = words(as_editor.get(reverse("admin:patrols_account_add")))
    assert "UCDP date precision" in account
    assert "A later stage outranks an earlier one" in account


def test_a_zone_in_use_is_not_deleted(as_administrator, scene):
    counter = scene.counter
    response = as_administrator.post(
        reverse("admin:patrols_counter_delete", args=[counter.pk]), {"post": "yes"}
    )
    assert response.status_code in (200, 403)
    assert type(counter).objects.filter(pk=counter.pk).exists()
    spare = Zone.objects.create(slug="spare", name="Spare", geometry=box(1, 1, 2, 2), basis="For a test")
    url = reverse("admin:patrols_zone_delete", args=[spare.pk])
    assert as_administrator.post(url, {"post": "yes"}).status_code == 302
