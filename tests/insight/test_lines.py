"""The two cumulative lines, as plain points and as a drawing."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.insight.lines import BOTTOM, LEFT, RIGHT, TOP, chart, highest, rising

DAY = date(2020, 1, 1)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the rules."""
days = st.integers(0, 4000).map(lambda n: DAY + timedelta(days=n))
points = st.lists(st.tuples(days, st.integers(1, 500)), max_size=30)


def at(n: int) -> date:
    return DAY + timedelta(days=n)


def test_patrols_of_one_day_rise_together():
    assert rising([at(3), at(1), at(3)]) == [(at(1), 1), (at(3), 3)]


@calm
@given(points)
def test_a_count_never_falls_and_ends_at_its_greatest(known):
    kept = highest(known)

    assert kept == sorted(set(kept))
    assert [number for _, number in kept] == sorted({number for _, number in kept})
    assert {number for _, number in kept[-1:]} == ({max(n for _, n in known)} if known else set())


@calm
@given(points, points, st.lists(st.tuples(days, st.integers(1, 500), st.just("Ministry")), max_size=4))
def test_everything_lies_within_the_frame(recorded, counted, totals):
    made = chart(rising(day for day, _ in recorded), highest(counted), totals)
    if made is None:
        return
    figures = [float(one) for one in re.findall(r"[MHV ](\d+\.\d)", made.recorded + made.counted)]
    assert all(0 <= one <= 1000 for one in figures)
    for mark in made.marks:
        assert LEFT / 10 <= float(mark.x.rstrip("%")) <= RIGHT / 10
        assert TOP / 10 <= float(mark.y.rstrip("%")) <= BOTTOM / 10
    assert 2 <= len(made.numbers) <= 7
    assert len(made.days) <= 9


def test_the_line_is_level_until_the_next_patrol():
    made = chart([(at(0), 1), (at(50), 2)], [], [(at(100), 4, "Ministry")])

    assert made.recorded == "M12.0 900.0H12.0V690.0H500.0V480.0H988.0"


def test_between_two_known_days_the_count_is_a_box():
    made = chart([], [(at(0), 1), (at(100), 4)], [(at(100), 4, "Ministry")])

    assert made.counted == "M12.0 690.0H988.0V60.0H12.0Z"


def test_too_little_is_not_drawn():
    assert chart([(at(0), 1)], [(at(0), 1), (at(9), 2)]) is None
    assert chart([], []) is None
    assert chart([(at(0), 1)], [], [(at(0), 3, "Ministry")]) is None


def test_dates_are_months_or_years_as_the_time_is_long():
    months = chart([(at(0), 1), (at(150), 2)], [], [(at(150), 2, "M")])
    years = chart([(at(0), 1), (at(1800), 2)], [], [(at(1800), 2, "M")])

    assert [tick.day for tick in months.days] == [date(2020, n, 1) for n in (1, 2, 3, 4, 5)]
    assert all(tick.monthly for tick in months.days)
    assert [tick.day for tick in years.days] == [date(n, 1, 1) for n in range(2020, 2025)]
    assert [tick.second for tick in months.days] == [False, True, False, True, False]


def test_a_date_that_would_run_out_of_the_box_is_left_out():
    made = chart([(at(0), 1), (at(93), 2)], [], [(at(93), 2, "M")])

    assert [(tick.day.month, tick.named) for tick in made.days] == [
        (1, True),
        (2, True),
        (3, True),
        (4, False),
    ]
