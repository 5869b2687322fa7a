"""The picture of the map, as drawn and as served."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from patrols.models import Patrol
from patrols.publish.picture import MARGIN_PX, Frame, Told, drawing, fitting
from tests.scene import Scene

TOLD = Told("Joint <military> patrols", ["6 patrols", "data version 1"])
SIZE = (1200, 630)


def drawn() -> str:
    return drawing(Patrol.objects.visible_to(AnonymousUser()), TOLD, SIZE)


def test_it_says_what_it_shows_and_how_to_cite_it(scene: Scene) -> None:
    text = drawn()
    assert all(f">{line}</text>" in text for line in ("6 patrols", "data version 1"))
    assert "Joint &lt;military&gt; patrols" in text


def test_each_public_route_is_drawn_once_and_what_is_hidden_is_not(scene: Scene) -> None:
    seen = Patrol.objects.visible_to(AnonymousUser()).order_by()
    routes = set(seen.exclude(public_route=None).values_list("public_route", flat=True))
    before = drawn()
    assert before.count("stroke-linecap") + before.count("<circle cx") >= len(routes)
    Patrol.objects.exclude(pk__in=seen.values("pk")).update(public_route=min(routes))
    assert drawn() == before


@pytest.mark.parametrize(("language", "town"), [("en", "Mardin"), ("ru", "Мардин"), ("ar", "ماردين")])
def test_its_towns_have_their_names_in_the_reader_s_language(scene: Scene, language: str, town: str) -> None:
    with override(language):
        assert f">{town}</text>" in drawn()


def test_it_takes_as_many_queries_for_many_patrols_as_for_few(
    scene: Scene, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        scene.add(f"more {number}", {"day": "2021-01-01", "sector": "East strip"})
    with django_assert_num_queries(4):
        drawn()


degrees = st.floats(-179, 179)
latitudes = st.floats(-80, 80)


@given(degrees, latitudes, st.floats(0.01, 40), st.floats(0.01, 40))
def test_a_box_that_fits_lies_whole_in_the_picture(
    west: float, south: float, wide: float, high: float
) -> None:
    box = (west, south, min(west + wide, 180.0), min(south + high, 84.0))
    frame = Frame(fitting(box, SIZE), SIZE)
    for lon, lat in ((box[0], box[1]), (box[2], box[3])):
        x, y = frame.at(lon, lat)
        assert MARGIN_PX - 2 <= x <= SIZE[0] - MARGIN_PX + 2
        assert MARGIN_PX - 2 <= y <= SIZE[1] - MARGIN_PX + 2


def test_it_is_served_as_png_of_the_size_that_sites_show(client: Client, scene: Scene) -> None:
    response = client.get("/map/picture.png?zone=east-strip&map=8.5/36.8/39.5&theme=dark")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    assert struct.unpack(">II", response.content[16:24]) == SIZE


@pytest.mark.parametrize("query", ["map=8", "map=99/1/x", "map=8/91a/3", "status=won", "colour=red"])
def test_a_parameter_that_cannot_be_read_is_named(client: Client, scene: Scene, query: str) -> None:
    refused = client.get(f"/map/picture.png?{query}")
    assert refused.status_code == 400
    assert refused.text.startswith(query.partition("=")[0] + ":")
