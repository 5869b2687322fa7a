"""A selected passage, read for one field."""

from __future__ import annotations

from datetime import date

import pytest

from patrols.intake.extract.findplaces import gazetteer
from patrols.intake.selection import read_selection


def read(field: str, passage: str, lang: str = "en") -> dict[str, str]:
    return read_selection(field, passage, lang=lang, published=date(2021, 10, 15), gazetteer=gazetteer())


@pytest.mark.parametrize(
    ("field", "passage", "lang", "value"),
    [
        ("number", "the ninety-first", "en", "91"),
        ("number", "91'inci", "tr", "91"),
        ("number", "91-й", "ru", "91"),
        ("vehicles", "eight vehicles", "en", "8"),
        ("vehicles", "sekiz araç", "tr", "8"),
        ("personnel", "около 50 военнослужащих", "ru", "50"),
        ("length_km", "56 km", "en", "56"),
        ("length_km", "35 miles", "en", "56.3"),
        ("duration_h", "2.5 hours", "en", "2.5"),
        ("status", "was completed", "en", "completed"),
        ("sector", "  the Ayn al-Arab   area ", "en", "the Ayn al-Arab area"),
    ],
)
def test_a_passage_is_read_for_its_field(field: str, passage: str, lang: str, value: str) -> None:
    assert read(field, passage, lang) == {field: value}


@pytest.mark.parametrize(
    ("passage", "lang", "day"),
    [
        ("14 October 2021", "en", "2021-10-14"),
        ("on Thursday", "en", "2021-10-14"),
        ("14 Ekim", "tr", "2021-10-14"),
        ("14 октября", "ru", "2021-10-14"),
    ],
)
def test_a_day_fills_its_span_and_precision(passage: str, lang: str, day: str) -> None:
    assert read("date", passage, lang) == {"date_start": day, "date_end": day, "date_precision": "1"}


def test_places_come_in_order_with_their_gazetteer_entry() -> None:
    assert read("route", "Aylishar and Nowhere-at-all")["route"].splitlines()[1] == "Nowhere-at-all"


@pytest.mark.parametrize("field", ["number", "date", "status", "length_km", "nonsense"])
def test_what_is_not_said_fills_nothing(field: str) -> None:
    assert read(field, "the villagers waved") == {}


@pytest.mark.parametrize("passage", ["", "   ", "\x00", "9" * 5000])
def test_an_odd_selection_breaks_nothing(passage: str) -> None:
    for field in ("number", "date", "route", "length_km"):
        read(field, passage)
