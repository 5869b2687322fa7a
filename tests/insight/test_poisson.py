"""Exact Poisson limits against published tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.insight.poisson import at_most, interval, rate

TABLE = {
    0: (0, 3.689),
    1: (0.0253, 5.572),
    2: (0.2422, 7.225),
    3: (0.6187, 8.767),
    5: (1.6235, 11.668),
    10: (4.795, 18.390),
    20: (12.217, 30.888),
    50: (37.111, 65.919),
    100: (81.364, 121.627),
}
"""95 % limits, as in the tables of Garwood (1936) and of Ulm (1990)."""


@pytest.mark.parametrize("events", TABLE)
def test_the_limits_are_those_of_the_published_tables(events):
    low, high = interval(events)
    assert low == pytest.approx(TABLE[events][0], abs=6e-4)
    assert high == pytest.approx(TABLE[events][1], abs=6e-4)


def test_99_percent_limits_of_no_event():
    assert interval(0, 0.99) == (0, pytest.approx(-math.log(0.005)))


@given(st.integers(0, 5000), st.floats(0.5, 0.99))
def test_the_limits_enclose_the_count_and_leave_out_the_same_share_on_both_sides(events, level):
    low, high = interval(events, level)
    rare = (1 - level) / 2
    assert low <= events < high
    assert at_most(events, high) == pytest.approx(rare, rel=1e-6)
    if events:
        assert 1 - at_most(events - 1, low) == pytest.approx(rare, rel=1e-5)


@given(st.integers(0, 400))
def test_more_events_have_higher_limits(events):
    assert interval(events)[0] < interval(events + 1)[0]
    assert interval(events)[1] < interval(events + 1)[1]


def test_a_rate_is_for_each_unit_of_exposure():
    assert rate(10, 200, 100) == (5, pytest.approx(4.795 / 2, abs=1e-3), pytest.approx(18.390 / 2, abs=1e-3))


def test_without_exposure_there_is_no_rate():
    assert rate(0, 0, 100) is None


@pytest.mark.parametrize(("events", "level"), [(-1, 0.95), (1, 0), (1, 1)])
def test_what_is_no_count_or_level_is_refused(events, level):
    with pytest.raises(ValueError, match="\\."):
        interval(events, level)
