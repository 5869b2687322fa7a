"""Typed values of a row: what is allowed, and what the editor is told about the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.intake.values import LENGTHS, Row, parse
from patrols.models import Account, Publisher, Report
from patrols.record.columns import IMPORT
from patrols.record.facts import When
from tests.intake.files import row

TODAY = date(2026, 11, 25)


def parsed(**cells: Any) -> Row:
    values, problems = parse(row(1, **cells), TODAY)
    assert problems == []
    return values


def told(**cells: Any) -> dict[str, str]:
    return {problem.column: problem.text for problem in parse(row(1, **cells), TODAY)[1]}


@pytest.mark.parametrize(
    ("text", "precision", "start", "end", "code"),
    [
        ("2019-11-01", "day", date(2019, 11, 1), date(2019, 11, 1), 1),
        ("2019-11-01", "", date(2019, 11, 1), date(2019, 11, 1), 1),
        ("2019-11", "month", date(2019, 11, 1), date(2019, 11, 30), 4),
        ("2020-02", "", date(2020, 2, 1), date(2020, 2, 29), 4),
        ("2019", "year", date(2019, 1, 1), date(2019, 12, 31), 5),
        ("2019-11-XX", "month", date(2019, 11, 1), date(2019, 11, 30), 4),
        ("2019-11-17", "month", date(2019, 11, 1), date(2019, 11, 30), 4),
        ("2019-11-03/2019-11-05", "", date(2019, 11, 3), date(2019, 11, 5), 2),
        ("2019-11/2019-12", "", date(2019, 11, 1), date(2019, 12, 31), 5),
    ],
)
def test_days_months_years_and_spans(text: str, precision: str, start: date, end: date, code: int) -> None:
    assert parsed(date=text, date_precision=precision).dates["date"] == When(start, end, code, True)


def test_a_date_worked_out_is_not_a_stated_one() -> None:
    assert parsed(date_basis="worked_out").dates["date"].stated is False


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("date", "01.11.2019", "is not a date. Give 2019-11-01"),
        ("date", "2019-02-30", "does not exist"),
        ("date", "2019-13", "does not exist"),
        ("date", "2030-01-01", "lies in the future"),
        ("date", "2026-11-26", "lies in the future"),
        ("date", "0019-11-01", "before 1900"),
        ("date", "2019-11-05/2019-11-01", "ends before it starts"),
        ("source_date", "2031", "lies in the future"),
        ("vehicles_total", "-3", "is negative"),
        ("vehicles_total", "8 vehicles", "alone, without unit"),
        ("vehicles_total", "about 8", "alone, without unit"),
        ("vehicles_total", "8-10", "alone, without unit"),
        ("vehicles_total", "eight", "is not a number"),
        ("vehicles_total", "8.5", "a whole number"),
        ("vehicles_total", "9999999", "too large"),
        ("vehicles_us", "x", "is not a number"),
        ("length_km", "nan", "is not a number"),
        ("length_km", "58km", "alone, without unit"),
        ("length_km", "1,234", "alone, without unit"),
        ("status", "done", "Allowed: completed, started, announced, suspended, cancelled"),
        ("incident_type", "fire", "Allowed: none, stone_throwing"),
        ("date_basis", "guessed", "Allowed: stated, worked_out"),
        ("sector", "x" * 201, "201 characters; at most 200"),
        ("note", "x" * 10_000_000, "10,000,000 characters; at most 10,000"),
        ("waypoints", "x" * 201 + ";Alpha", "more than 200 characters"),
        ("source_url", "example.org/page", "Give the whole of it, with http"),
        ("source_url", "javascript:alert(1)", "Give the whole of it, with http"),
        ("source_url", "ftp://example.org/page", "Give the whole of it, with http"),
        ("source_url", "https://exa mple.org/", "Give the whole of it, with http"),
        ("source_lang", "English language", "ISO 639-1"),
    ],
)
def test_a_wrong_value_is_told_with_its_column_the_value_and_what_is_allowed(
    column: str, value: str, said: str
) -> None:
    precision = {"date_precision": ""} if column == "date" else {}
    problems = told(**{column: value}, **precision)
    assert list(problems) == [column]
    assert said in problems[column]
    assert f"“{value[:40]}" in problems[column]
    assert len(problems[column]) < 250


@pytest.mark.parametrize("column", ["programme", "source_name", "source_url"])
def test_what_must_be_given(column: str) -> None:
    assert told(**{column: ""}) == {column: "is empty. It must be given."}


def test_a_date_is_not_sharper_than_it_is_written() -> None:
    assert told(date="2019-11", date_precision="day") == {
        "date": "gives no day, but date_precision says day."
    }
    assert "is empty" in told(date="", date_precision="day")["date"]


def test_a_claims_period_needs_a_count_and_an_order() -> None:
    assert "claim_count" in told(claim_from="2019-11")
    assert "claim_to" in told(claim_count=3, claim_from="2020-01", claim_to="2019-11")


def test_every_problem_of_a_row_is_told() -> None:
    wrong = told(date="tomorrow", vehicles_total=-1, status="done", source_url="x", personnel_tr="many")
    assert set(wrong) == {"date", "vehicles_total", "status", "source_url", "personnel_tr"}


def test_empty_is_not_zero() -> None:
    values = parsed(vehicles_total="", personnel_total="0")
    assert values.whole("vehicles_total") is None
    assert values.whole("personnel_total") == 0


def test_figures_of_any_partys_side() -> None:
    assert parsed(vehicles_us=4, vehicles_tr=3, personnel_cn=9).vehicles_by_side == {"US": 4, "TR": 3}


def test_a_decimal_comma_that_cannot_be_a_thousands_separator() -> None:
    assert parsed(length_km="8,9").figures["length_km"] == 8.9


def test_the_limits_are_those_of_the_tables() -> None:
    for model, column, name in (
        (Account, "row", "row"),
        (Account, "sector", "sector"),
        (Account, "forces", "forces_as_named"),
        (Account, "air_support", "air_support"),
        (Account, "incident_note", "incident_note"),
        (Report, "source_url", "url"),
        (Publisher, "source_name", "name"),
    ):
        assert LENGTHS[column] <= model._meta.get_field(name).max_length


@given(st.dictionaries(st.sampled_from(IMPORT.names), st.text(max_size=40), max_size=8))
def test_no_cells_stop_the_parsing(cells: dict[str, str]) -> None:
    values, problems = parse(row(1) | {name: text.strip() for name, text in cells.items()}, TODAY)
    assert all(problem.text for problem in problems)
    for figure in values.figures.values():
        assert 0 <= figure <= 100_000
