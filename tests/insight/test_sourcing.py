"""Who says so, how late, and on what accounts differ."""

from __future__ import annotations

from datetime import date

from patrols.insight.material import Compared
from patrols.insight.sourcing import disagreements, lag, sources

from .rows import account, column, material, only, patrol


def test_one_statement_in_two_papers_is_one_voice_of_two_publishers():
    row = only(
        sources(
            material(
                patrol("2020-01-01", key=1, publishers=2),
                patrol("2020-01-02", key=2, publishers=1),
                patrol("2020-01-03", key=3, publishers=2),
                accounts=[
                    account(1, kind="own", voice=7),
                    account(1, kind="own", voice=7),
                    account(2, kind="monitor", voice=8),
                    account(3, kind="agency", voice=8),
                    account(3, kind="state_media", voice=9),
                ],
            )
        )
    )

    assert (row["one_publisher_share"], row["one_voice_share"]) == (1 / 3, 2 / 3)
    assert [row[name] for name in ("own", "official", "agency", "monitor", "local", "other")] == [
        2,
        1,
        1,
        1,
        0,
        0,
    ]
    assert row["accounts"] == 5


def test_lag_is_counted_in_classes_and_the_unknown_stands_apart():
    day = date(2020, 1, 10)
    table = lag(
        material(
            accounts=[
                account(1, day=day, published=day),
                account(2, day=day, published=date(2020, 1, 9)),
                account(3, day=day, published=date(2020, 1, 13)),
                account(4, day=day),
                account(5, published=day),
            ]
        )
    )

    assert dict(zip(column(table, "lag"), column(table, "accounts"), strict=True)) == {
        "before the patrol": 1,
        "same day": 1,
        "1": 0,
        "2–3": 1,
        "4–7": 0,
        "8–30": 0,
        "31–365": 0,
        "more than 365": 0,
        "not known": 2,
    }
    assert table.notes[0] == "Median of the reports with a day: 0 days."
    assert table.notes[1].startswith("2 of 5 accounts have no lag")


def test_disagreements_are_counted_by_fact():
    table = disagreements(
        material(
            compared=[
                Compared("north", "vehicles", differs=True, contested=True),
                Compared("north", "vehicles", differs=True, contested=False),
                Compared("north", "vehicles", differs=False, contested=False),
                Compared("north", "status", differs=False, contested=False),
                Compared("north", "air_support", differs=True, contested=False),
            ]
        )
    )

    assert [(row["fact"], row["compared"], row["differ"], row["contested"]) for row in table.records()] == [
        ("vehicles", 3, 2, 1),
        ("status", 1, 0, 0),
    ]
    assert table.notes == ["Air support is left out: it is told in free words, which cannot be compared."]
