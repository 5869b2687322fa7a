"""Personnel, vehicles and distance: unknown is not zero, reported is not computed."""

from __future__ import annotations

from patrols.insight.material import Amount
from patrols.insight.strength import distance, personnel, vehicles

from .rows import column, material, only, patrol


def test_lowest_median_best_and_highest_of_those_with_a_figure():
    row = only(
        vehicles(
            material(
                patrol("2020-01-01", vehicles=Amount(6, 8, 9)),
                patrol("2020-01-02", vehicles=Amount(8, 8, 8)),
                patrol("2020-01-03", vehicles=Amount(10, 12, 12)),
                patrol("2020-01-04"),
                patrol("2020-01-05", status="cancelled", vehicles=Amount(99, 99, 99)),
            )
        )
    )

    assert (row["lowest"], row["best"], row["highest"]) == (6, 8, 12)
    assert (row["patrols"], row["known"], row["unknown_share"]) == (4, 3, 0.25)


def test_a_reported_zero_is_a_figure_and_nothing_is_none():
    known = only(personnel(material(patrol("2020-01-01", personnel=Amount(0, 0, 0)))))
    unknown = only(personnel(material(patrol("2020-01-01"))))

    assert (known["best"], known["unknown_share"]) == (0, 0)
    assert (unknown["best"], unknown["lowest"], unknown["unknown_share"]) == (None, None, 1)


def test_several_programmes_stand_apart_and_one_is_told_by_year():
    both = vehicles(material(patrol("2020-01-01"), patrol("2020-01-01", programme="south")))
    one = vehicles(material(patrol("2020-01-01"), patrol("2021-01-01"), patrol()))

    assert column(both, "programme") == ["north", "south"]
    assert column(one, "name") == ["2020", "2021", "date not known"]


def test_reported_and_computed_distances_are_never_put_together():
    table = distance(
        material(
            patrol("2020-01-01", length_km=Amount(40, 50, 60), computed_km=12.0),
            patrol("2020-01-02", length_km=Amount(30, 30, 30)),
            patrol("2020-01-03", computed_km=20.0),
            patrol("2020-01-04"),
        )
    )

    assert [(row["basis"], row["patrols"], row["total_km"]) for row in table.records()] == [
        ("reported", 2, 80),
        ("computed", 1, 20),
        ("not known", 1, None),
    ]
    assert sum(column(table, "share")) == 1
    assert (table.records()[0]["lowest_km"], table.records()[0]["highest_km"]) == (30, 60)
