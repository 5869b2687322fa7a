"""Incidents by their precedence, and air support."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from patrols.intake.extract import AccountDraft

from .test_counts import LEAD

Read = Callable[..., AccountDraft]


@pytest.mark.parametrize(
    ("lang", "text", "incident"),
    [
        ("en", "Villagers threw stones at the vehicles.", "stone_throwing"),
        ("en", "A roadside bomb went off beside the convoy and wounded two soldiers.", "casualty"),
        ("en", "A roadside bomb went off beside the convoy. Nobody was hurt.", "ied"),
        (
            "en",
            "The convoy came under fire from a rocket-propelled grenade. There were no casualties.",
            "attack",
        ),
        ("en", "The patrol passed without incident.", "none"),
        ("tr", "Köylüler konvoya taş attı.", "stone_throwing"),
        ("tr", "Konvoyun geçişi sırasında patlama oldu, iki asker yaralandı.", "casualty"),
        ("tr", "Konvoya roketli saldırı düzenlendi, yaralanan olmadı.", "attack"),
        ("tr", "Devriye sırasında herhangi bir olay yaşanmadı.", "none"),
        ("ru", "Жители забросали колонну камнями.", "stone_throwing"),
        ("ru", "Рядом с колонной взорвалось устройство, ранены двое солдат.", "casualty"),
        ("ru", "Колонну обстреляли из гранатомёта, никто не пострадал.", "attack"),
        ("ru", "Патрулирование прошло в штатном режиме.", "none"),
        ("ar", "ورشق الأهالي عربات الدورية بالحجارة.", "stone_throwing"),
        ("ar", "وانفجرت عبوة ناسفة قرب الدورية وأصيب جنديان.", "casualty"),
        ("ar", "وقطع محتجون الطريق أمام الدورية.", "blocked"),
        ("ar", "وانتهت الدورية من دون حوادث.", "none"),
    ],
)
def test_incident(account: Read, lang: str, text: str, incident: str) -> None:
    fact = account(lang, LEAD[lang] + text).incident
    assert fact is not None
    assert fact.value == incident


@pytest.mark.parametrize("lang", list(LEAD))
def test_a_text_that_says_nothing_of_incidents_leaves_them_open(account: Read, lang: str) -> None:
    assert account(lang, LEAD[lang]).incident is None


def test_the_note_is_the_sentence_of_the_incident(account: Read) -> None:
    assert account("en", LEAD["en"] + "Villagers threw stones.").incident_note == "Villagers threw stones."


@pytest.mark.parametrize(
    ("lang", "text", "kinds"),
    [
        ("en", "Two helicopters and an Orlan-10 drone accompanied the convoy.", ("uav", "helicopter")),
        ("en", "Land and air elements took part.", ("aircraft",)),
        ("tr", "Konvoya İHA'lar ve iki helikopter eşlik etti.", ("uav", "helicopter")),
        ("ru", "С воздуха колонну сопровождали вертолёты и беспилотник.", ("uav", "helicopter")),
        ("ar", "ورافقت الدورية مروحيتان وطائرة مسيّرة.", ("uav", "helicopter")),
    ],
)
def test_air_support(account: Read, lang: str, text: str, kinds: tuple[str, ...]) -> None:
    fact = account(lang, LEAD[lang] + text).air_support
    assert fact is not None
    assert fact.value == kinds


def test_a_helicopter_for_the_wounded_is_no_air_support(account: Read) -> None:
    text = "A bomb wounded two soldiers, who were evacuated by helicopter."
    assert account("en", LEAD["en"] + text).air_support is None
