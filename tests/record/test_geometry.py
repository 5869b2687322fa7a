"""Routes from stops, public snapping, lengths."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box, shape

from patrols.record.geometry import length_km, route_from_stops, snap, stored, zones_near, zones_touched

DARBASIYAH, AMUDA = (40.6517, 37.0728), (40.9300, 37.1042)
ROAD = {"type": "LineString", "coordinates": [[36.7, 35.86], [36.6, 35.81], [36.48, 35.815], [36.3, 35.8]]}


def test_two_known_stops_make_a_line() -> None:
    assert route_from_stops([DARBASIYAH, AMUDA]) == {
        "type": "LineString",
        "coordinates": [[40.6517, 37.0728], [40.93, 37.1042]],
    }


def test_a_stop_without_a_position_is_passed_over() -> None:
    assert route_from_stops([DARBASIYAH, None, AMUDA]) == route_from_stops([DARBASIYAH, AMUDA])


def test_one_known_stop_makes_a_point_and_none_makes_nothing() -> None:
    assert route_from_stops([None, AMUDA]) == {"type": "Point", "coordinates": [40.93, 37.1042]}
    assert route_from_stops([None, None]) is None


def test_a_there_and_back_stays_there_and_back() -> None:
    route = route_from_stops([DARBASIYAH, AMUDA, DARBASIYAH])
    assert route is not None
    assert len(route["coordinates"]) == 3


def test_stops_on_the_road_follow_the_road_in_their_own_direction() -> None:
    west = route_from_stops([(36.69, 35.86), (36.49, 35.81)], ROAD)
    east = route_from_stops([(36.49, 35.81), (36.69, 35.86)], ROAD)
    assert west is not None
    assert east is not None
    assert len(west["coordinates"]) == 3
    assert west["coordinates"] == east["coordinates"][::-1]


def test_stops_off_the_road_are_joined_directly() -> None:
    route = route_from_stops([(36.69, 35.86), (36.49, 36.5)], ROAD)
    assert route == {"type": "LineString", "coordinates": [[36.69, 35.86], [36.49, 36.5]]}


def test_a_length_is_geodesic() -> None:
    assert length_km({"type": "LineString", "coordinates": [[40, 36], [41, 36]]}) == pytest.approx(
        90.2, abs=0.1
    )
    assert length_km({"type": "Point", "coordinates": [40, 36]}) is None


def test_the_same_geometry_has_one_hash_whatever_its_form() -> None:
    one = stored({"type": "LineString", "coordinates": [[40.6517, 37.0728], [40.93, 37.1042]]})
    other = stored({"coordinates": ((40.651700001, 37.0728), (40.93, 37.1042)), "type": "LineString"})
    assert one.hash == other.hash
    assert one.geometry == other.geometry
    assert one.box == (40.6517, 37.0728, 40.93, 37.1042)


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": "LineString", "coordinates": []}, "no coordinates"),
        ({"type": "Point", "coordinates": [200, 36]}, "longitude"),
        ({"type": "Point", "coordinates": [4_000_000, 4_500_000]}, "WGS 84"),
        ({"type": "Nonsense"}, "not a GeoJSON geometry"),
        ({}, "not a GeoJSON geometry"),
        ({"type": "LineString", "coordinates": [[40, 36]]}, "not a GeoJSON geometry"),
    ],
)
def test_a_bad_geometry_is_refused_in_words(geometry: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stored(geometry)


def test_a_line_shorter_than_the_grid_becomes_one_grid_point() -> None:
    assert snap({"type": "LineString", "coordinates": [[40.651, 37.072], [40.653, 37.073]]}, 0.01) == {
        "type": "Point",
        "coordinates": [40.65, 37.07],
    }


@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-89, 89)), min_size=2, max_size=20),
    st.sampled_from([0.01, 0.1]),
)
def test_snapped_vertices_lie_on_the_grid_and_near_where_they_were(
    points: list[tuple[float, float]], grid: float
) -> None:
    snapped = snap({"type": "LineString", "coordinates": points}, grid)
    coordinates = snapped["coordinates"] if snapped["type"] != "Point" else [snapped["coordinates"]]
    for lon, lat in coordinates:
        assert abs(lon / grid - round(lon / grid)) < 1e-3
        assert abs(lat / grid - round(lat / grid)) < 1e-3
        assert any(abs(lon - x) <= grid and abs(lat - y) <= grid for x, y in points)
    assert snap(snapped, grid) == snapped
    assert shape(stored(snapped).geometry).is_valid or snapped["type"] == "LineString"


def test_a_town_just_outside_a_zone_belongs_to_the_nearest_one() -> None:
    zones = {"west": box(38, 36.5, 39, 36.9), "east": box(40, 36.5, 42, 37.1)}
    assert zones_near([(39.04, 36.7), (45.0, 36.7)], zones) == ("west",)
    assert zones_touched({"type": "LineString", "coordinates": [[38.5, 36.7], [40.5, 36.7]]}, zones) == (
        "west",
        "east",
    )
