"""The wire form of geometry: what the browser decodes is what was stored, to the grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.publish import compact

degrees = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def decode(run: list[int], scale: int) -> list[tuple[float, float]]:
    """The same arithmetic as static/js/routes.js."""
    x = y = 0
    points = []
    for dx, dy in zip(run[::2], run[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / scale, y / scale))
    return points


@given(st.lists(degrees, min_size=1))
def test_a_run_decodes_to_the_same_points_on_the_grid(points):
    on_grid = [(round(lon * 10_000) / 10_000, round(lat * 10_000) / 10_000) for lon, lat in points]
    without_repeats = [p for i, p in enumerate(on_grid) if i == 0 or p != on_grid[i - 1]]

    assert decode(compact.run(points), 10_000) == without_repeats


def test_a_height_is_left_out():
    assert compact.run([(1, 2, 300)], scale=10) == [10, 20]


def test_a_line_is_a_list_of_runs():
    line = {"type": "LineString", "coordinates": [[40, 36], [40.5, 36.25]]}

    assert compact.shape(line, scale=100) == [[4000, 3600, 50, 25]]
    assert compact.kind(line) == "line"


def test_a_polygon_keeps_its_hole_and_drops_the_closing_point():
    outer = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [2, 1], [2, 2], [1, 1]]

    shape = compact.shape({"type": "Polygon", "coordinates": [outer, hole]}, scale=1)

    assert shape == [[[0, 0, 4, 0, 0, 4, -4, 0], [1, 1, 1, 0, 0, 1]]]


def test_a_part_smaller_than_the_grid_is_left_out():
    speck = [[0, 0], [0.001, 0], [0.001, 0.001], [0, 0]]
    real = [[5, 5], [6, 5], [6, 6], [5, 5]]

    shape = compact.shape({"type": "MultiPolygon", "coordinates": [[speck], [real]]}, scale=1)

    assert shape == [[[5, 5, 1, 0, 0, 1]]]


def test_a_collection_cannot_be_drawn():
    with pytest.raises(ValueError, match="GeometryCollection"):
        compact.kind({"type": "GeometryCollection", "geometries": []})
