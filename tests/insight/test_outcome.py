"""Incidents with their exact limits, and how far patrols got."""

from __future__ import annotations

import pytest

from patrols.insight.material import Amount
from patrols.insight.outcome import completion, incidents

from .rows import material, only, patrol


def test_incidents_per_100_patrols_with_exact_limits():
    quiet = [patrol("2020-01-01") for _number in range(190)]
    hit = [patrol("2020-01-01", incident="attack", incidents=1) for _number in range(10)]
    row = only(incidents(material(*quiet, *hit)))

    assert (row["patrols"], row["incidents"], row["per_100"]) == (200, 10, 5)
    assert row["per_100_low"] == pytest.approx(4.795 / 2, abs=1e-3)
    assert row["per_100_high"] == pytest.approx(18.390 / 2, abs=1e-3)
    assert row["unsaid_share"] == 0.95


def test_the_rate_by_distance_has_only_patrols_with_a_reported_distance():
    row = only(
        incidents(
            material(
                patrol("2020-01-01", length_km=Amount(90, 100, 100), incidents=1, incident="ied"),
                patrol("2020-01-02", length_km=Amount(100, 100, 100), incident="none"),
                patrol("2020-01-03", computed_km=500.0, incidents=3, incident="attack"),
            )
        )
    )

    assert (row["km"], row["incidents_with_km"], row["per_1000_km"]) == (200, 1, 5)
    assert row["per_1000_km_low"] == pytest.approx(0.0253 * 5, abs=1e-3)


def test_without_a_reported_distance_there_is_no_rate_by_distance():
    row = only(incidents(material(patrol("2020-01-01", incidents=1, incident="ied"))))

    assert (row["km"], row["per_1000_km"], row["per_1000_km_high"]) == (None, None, None)


def test_incidents_of_patrols_that_did_not_set_out_are_left_out_and_said():
    table = incidents(material(patrol("2020-01-01"), patrol("2020-01-02", status="cancelled", incidents=1)))

    assert only(table)["incidents"] == 0
    assert table.notes[0] == "1 incident of a patrol that did not set out is left out."


def test_completion_is_of_patrols_whose_outcome_is_reported():
    row = only(
        completion(
            material(
                patrol("2020-01-01"),
                patrol("2020-01-02", status="started"),
                patrol("2020-01-03", status="cancelled"),
                patrol("2020-01-04", status=""),
            )
        )
    )

    assert (row["patrols"], row["completed"], row["started"], row["cancelled"], row["not_said"]) == (
        4,
        1,
        1,
        1,
        1,
    )
    assert (row["completed_share"], row["unknown_share"]) == (0.5, 0.5)
