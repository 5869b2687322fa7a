"""Cadence, gaps and coverage from plain rows."""

from __future__ import annotations

from datetime import date

from patrols.insight.material import Area
from patrols.insight.pace import cadence, coverage, gaps

from .rows import column, material, month, only, patrol, year


def test_cadence_counts_patrols_that_set_out_by_month_and_programme():
    table = cadence(
        material(
            patrol("2020-01-05"),
            patrol("2020-01-20", status="suspended"),
            patrol("2020-01-21", status="cancelled"),
            patrol("2020-03-01"),
            patrol("2020-02-01", programme="south"),
        )
    )

    assert [(row["period"], row["programme"], row["patrols"]) for row in table.records()] == [
        ("2020-01", "north", 2),
        ("2020-02", "north", 0),
        ("2020-03", "north", 1),
        ("2020-02", "south", 1),
    ]
    assert table.notes == []


def test_cadence_of_many_years_is_by_quarter():
    table = cadence(material(patrol("2010-01-05"), patrol("2019-12-20")))

    assert column(table, "period")[:2] == ["2010-Q1", "2010-Q2"]
    assert column(table, "last_day")[0] == "2010-03-31"


def test_what_is_dated_too_vaguely_is_left_out_and_said():
    table = cadence(material(patrol("2020-01-05"), month("2020-01"), year(2020), patrol()))

    assert column(table, "patrols") == [2]
    assert table.notes == [
        "2 patrols that set out are left out, because no report dates them closely enough."
    ]


def test_gaps_have_a_row_for_each_programme():
    table = gaps(
        material(
            patrol("2020-01-01"),
            patrol("2020-01-11"),
            patrol("2020-01-14"),
            patrol("2020-01-12", status="cancelled"),
            patrol("2020-06-30", programme="south"),
            patrol("2020-06-20", programme="south"),
        )
    )
    north, south = table.records()

    assert (north["median_days"], north["longest_days"], north["longest_after"]) == (6.5, 10, "2020-01-01")
    assert (north["last_patrol"], north["current_days"]) == ("2020-01-14", 353)
    assert (south["current_days"], south["gaps"]) == (None, 1)


def test_one_programme_shows_every_gap_and_the_current_one():
    table = gaps(material(patrol("2020-01-01"), patrol("2020-01-11"), patrol("2020-12-30")))

    assert [(row["days"], row["kind"]) for row in table.records()] == [
        (10, "between patrols"),
        (354, "between patrols"),
        (2, "current"),
    ]
    assert "Longest: 354 days, from 11 Jan 2020 to 30 Dec 2020." in table.notes


def test_a_month_makes_no_gap_within_it_and_a_year_makes_gaps_doubtful():
    table = gaps(
        material(month("2020-02"), patrol("2020-02-15"), patrol("2020-04-01"), year(2020), until=None)
    )

    assert [(row["days"], row["kind"]) for row in table.records()] == [(33, "doubtful")]


def test_coverage_counts_by_zone_and_month_and_says_zero_only_while_the_zone_held():
    table = coverage(
        material(
            patrol("2019-12-31", zones=("other",)),
            patrol("2020-02-05", zones=("strip",)),
            patrol("2020-02-06", zones=("strip", "other")),
            patrol("2020-03-06"),
            year(2020, zones=("strip",)),
            zones=[
                Area("strip", "The strip", date(2020, 1, 15)),
                Area("other", "Another", None, date(2020, 1, 2)),
            ],
        )
    )

    assert [(row["zone"], row["month"], row["patrols"]) for row in table.records()] == [
        ("strip", "2020-01", 0),
        ("strip", "2020-02", 2),
        ("other", "2019-12", 1),
        ("other", "2020-01", 0),
        ("other", "2020-02", 1),
    ]
    assert table.notes == [
        "1 patrol that set out lies in none of the zones, or nobody says where it was.",
        "1 patrol that set out is left out, because no report dates it closely enough.",
    ]


def test_no_patrols_make_empty_tables():
    for tabulate in (cadence, gaps, coverage):
        assert list(tabulate(material()).rows) == []


def test_a_gap_table_of_one_patrol_has_its_current_gap():
    assert only(gaps(material(patrol("2020-12-31"))))["days"] == 1
