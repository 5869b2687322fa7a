"""Totals that are claimed beside what the record holds."""

from __future__ import annotations

from datetime import date

from patrols.insight.claimed import claimed
from patrols.insight.material import ClaimRow

from .rows import material, numbered, only

PATROLS = [
    numbered("2019-12-31"),
    numbered("2020-01-01", "overall", "kobani"),
    numbered("2020-06-30", "overall"),
    numbered("2020-07-01", programme="south"),
]


def claim(**values):
    given = {"programme": "north", "count": 10, "voice": "A ministry", **values}
    return ClaimRow(**given)


def table(*claims):
    return claimed(material(claims=claims, numbered=PATROLS))


def test_a_claim_stands_beside_the_patrols_of_its_period():
    row = only(table(claim(date_from=date(2020, 1, 1), date_to=date(2020, 12, 31))))

    assert (row["claimed"], row["recorded"], row["recorded_share"]) == (10, 2, 0.2)


def test_an_open_claim_counts_until_it_was_published():
    assert only(table(claim(published=date(2020, 1, 15))))["recorded"] == 2


def test_a_claim_that_names_no_period_has_nothing_beside_it():
    found = table(claim())

    assert only(found)["recorded"] is None
    assert found.notes == ["1 claim names no period, so nothing stands beside it."]


def test_of_an_areas_count_only_patrols_with_a_number_in_it_are_recorded():
    row = only(table(claim(counter="kobani", counter_name="Kobani", date_to=date(2020, 12, 31))))

    assert (row["recorded"], row["counter"]) == (1, "Kobani")


def test_the_overall_count_is_the_whole_programme():
    row = only(table(claim(counter="overall", counter_name="Overall", date_to=date(2020, 12, 31))))

    assert (row["recorded"], row["counter"]) == (3, "")


def test_one_claim_in_several_reports_is_one_row():
    same = {"date_from": date(2020, 1, 1), "date_to": date(2020, 12, 31)}
    found = table(
        claim(**same, published=date(2021, 1, 1)),
        claim(**same, published=date(2021, 1, 2)),
        claim(count=11, **same),
    )

    assert [(row["claimed"], row["reports"]) for row in found.records()] == [(11, 1), (10, 2)]


def test_rows_of_one_name_are_told_apart():
    found = table(claim(), claim(qualifier="", counter="kobani", counter_name="Kobani"))

    assert len({row["claim"] for row in found.records()}) == 2
