"""Length, depth and duration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from patrols.intake.extract import AccountDraft

from .test_counts import LEAD

Read = Callable[..., AccountDraft]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The convoy covered 34 km to a depth of 10 km in two hours."),
        ("tr", "Devriye, 34 kilometre uzunluğunda ve 10 kilometre derinliğinde 2 saatte tamamlandı."),
        ("ru", "Патруль прошёл 34 км на глубину 10 км за два часа."),
        ("ar", "وقطعت الدورية مسافة 34 كيلومتراً بعمق 10 كيلومترات خلال ساعتين."),
    ],
)
def test_length_depth_and_duration(account: Read, lang: str, text: str) -> None:
    draft = account(lang, LEAD[lang] + text)
    facts = (draft.length_km, draft.depth_km, draft.duration_h)
    assert [fact.value for fact in facts if fact] == [34, 10, 2]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The column left the village of Sherik, 70 km west of Qamishli."),
        ("tr", "Konvoy, Kamışlı'nın 70 kilometre batısındaki Şeyrek köyünden hareket etti."),
        ("ru", "Колонна вышла из деревни Шейрек в 70 километрах к западу от Камышлы."),
        ("ar", "وانطلقت الدورية من قرية شيريك على بعد 70 كيلومتراً غرب القامشلي."),
    ],
)
def test_a_distance_from_somewhere_is_no_length(account: Read, lang: str, text: str) -> None:
    assert account(lang, LEAD[lang] + text).length_km is None


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("The convoy covered 50 miles.", 80),
        ("The convoy covered 110 km (68 miles).", 110),
        ("The ships sailed 788 nautical miles, or 1,459 km, on the patrol.", 1459),
    ],
)
def test_units_are_converted_and_kilometres_preferred(account: Read, text: str, km: float) -> None:
    fact = account("en", LEAD["en"] + text).length_km
    assert fact is not None
    assert fact.value == km


def test_the_measure_of_a_patrol_under_way_is_a_planned_one(account: Read) -> None:
    fact = account(
        "en", "Russian and Turkish forces began a joint patrol near Kobani today. It is to cover 45 km."
    )
    assert fact.length_km is not None
    assert fact.length_km.qualifier == "planned"


def test_the_hours_of_a_truce_are_no_duration(account: Read) -> None:
    text = (
        LEAD["en"] + "\n\nUnder the memorandum the fighters had 150 hours to pull back 30 km from the border."
    )
    draft = account("en", text)
    assert draft.duration_h is None
    assert draft.length_km is None
