"""Figures and number words of the four languages."""

import pytest

from patrols.intake.extract.numbers import read_numbers
from patrols.intake.extract.text import read


def numbers(lang: str, text: str) -> list[tuple[float, str]]:
    return [(number.value, number.kind) for number in read_numbers(read(text, lang))]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "twenty-two", 22),
        ("en", "a hundred and five", 105),
        ("en", "1,459", 1459),
        ("tr", "yirmi iki", 22),
        ("tr", "8,9", 8.9),
        ("tr", "1.250", 1250),
        ("ru", "двадцати двух", 22),
        ("ru", "полутора", 1.5),
        ("ru", "полусотни", 50),
        ("ru", "1 250", 1250),
        ("ar", "اثنتان وعشرون", 22),
        ("ar", "ثماني", 8),
        ("ar", "٢٢", 22),
    ],
)
def test_a_cardinal(lang: str, text: str, value: float) -> None:
    assert numbers(lang, text) == [(value, "card")]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "twenty-second", 22),
        ("en", "22nd", 22),
        ("tr", "yirmi ikinci", 22),
        ("tr", "onsekizinci", 18),
        ("tr", "22'nci", 22),
        ("tr", "devriyenin 6.'sının", 6),
        ("ru", "двадцать второе", 22),
        ("ru", "двести десятый", 210),
        ("ru", "22-е", 22),
        ("ar", "الثانية والعشرون", 22),
        ("ar", "الرابعة عشرة", 14),
        ("ar", "الـ 123", 123),
        ("ar", "رقم 123", 123),
    ],
)
def test_an_ordinal(lang: str, text: str, value: float) -> None:
    assert numbers(lang, text) == [(value, "ord")]


def test_turkish_so_many_each() -> None:
    assert numbers("tr", "dörder araç") == [(4, "each")]


@pytest.mark.parametrize("text", ["Orlan-10", "F-16", "Mi-8"])
def test_the_number_of_a_type_is_a_name(text: str) -> None:
    assert [kind for _, kind in numbers("en", text)] == ["name"]


def test_a_time_of_day_is_no_number() -> None:
    assert [kind for _, kind in numbers("en", "at 10:00")] == ["clock"]
