"""Distances between places that have a point, reach over an area, or are known by name only."""

from __future__ import annotations

import pytest

from patrols.intake.distances import Distances, Place, Point, great_circle_km

PLACES = [
    Place("province", "", None),
    Place("west-town", "province", Point(37.0, 40.0)),
    Place("east-town", "province", Point(37.0, 41.0)),
    Place("hamlet", "province", None),
    Place("far-town", "", Point(37.0, 38.0)),
    Place("nowhere", "", None),
]


def test_a_degree_of_the_meridian_is_111_km() -> None:
    assert great_circle_km(Point(36, 40), Point(37, 40)) == pytest.approx(111.2, abs=0.1)


def test_an_area_is_as_near_as_its_nearest_town() -> None:
    distances = Distances(PLACES)
    assert distances.km("far-town", "province") == distances.km("west-town", "far-town")
    assert distances.km("province", "east-town") == 0


def test_an_unlocated_place_may_be_anywhere_in_what_it_lies_in() -> None:
    distances = Distances(PLACES)
    assert distances.km("hamlet", "far-town") == distances.km("west-town", "far-town")
    assert "hamlet" not in distances.sharp


def test_a_place_without_any_point_is_not_known() -> None:
    distances = Distances(PLACES)
    assert "nowhere" not in distances
    assert "elsewhere" not in distances


def test_parents_in_a_circle_end() -> None:
    distances = Distances([Place("a", "b", None), Place("b", "a", Point(1, 1))])
    assert distances.km("a", "b") == 0
