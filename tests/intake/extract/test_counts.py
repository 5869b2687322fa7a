"""Vehicles and people, in all and by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from patrols.intake.extract import AccountDraft

Read = Callable[..., AccountDraft]
LEAD = {
    "en": "Russian and Turkish forces carried out a joint patrol near Kobani today. ",
    "tr": "Türk ve Rus askerleri bugün Ayn el Arap'ta ortak devriye icra etti. ",
    "ru": "Военные России и Турции сегодня провели совместное патрулирование у Кобани. ",
    "ar": "سيّرت القوات الروسية والتركية اليوم دورية مشتركة قرب كوباني. ",
}


def vehicles(draft: AccountDraft) -> tuple[int | None, dict[str, int]]:
    total = draft.vehicles_total
    return (total.value if total else None), {side: fact.value for side, fact in draft.vehicles.items()}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Eight vehicles took part, four from each side."),
        ("en", "Four Russian vehicles and four Turkish ones took part in the patrol."),
        ("en", "Eight armoured vehicles, four Turkish and four Russian, took part in the patrol."),
        ("tr", "Devriyeye dördü Türk, dördü Rus olmak üzere toplam sekiz araç katıldı."),
        ("tr", "Devriyeye dörder araç katıldı."),
        ("ru", "В колонне восемь машин, по четыре от каждой стороны."),
        ("ru", "Участвовали четыре российские и четыре турецкие бронемашины."),
        ("ar", "وضمت الدورية ثماني عربات، أربع روسية وأربع تركية."),
        ("ar", "وضمت الدورية 4 عربات تركية ومثلها روسية."),
        ("ar", "وشاركت في الدورية أربع مدرعات من كل جانب."),
    ],
)
def test_both_sides_and_their_sum(account: Read, lang: str, text: str) -> None:
    assert vehicles(account(lang, LEAD[lang] + text)) == (8, {"RU": 4, "TR": 4})


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The Russian side was represented by three military police vehicles."),
        ("tr", "Rusya devriyeye üç araçla katıldı."),
        ("ru", "Российскую сторону представляли три бронемашины военной полиции."),
    ],
)
def test_one_sides_count_is_not_the_total(account: Read, lang: str, text: str) -> None:
    assert vehicles(account(lang, LEAD[lang] + text)) == (None, {"RU": 3})


@pytest.mark.parametrize(
    ("lang", "text", "count", "qualifier"),
    [
        ("en", "About 50 servicemen took part in the patrol.", 50, "about"),
        ("en", "More than 60 servicemen took part in the patrol.", 60, "over"),
        ("tr", "Devriyeye yaklaşık 50 asker katıldı.", 50, "about"),
        ("ru", "В колонне было около 50 военнослужащих.", 50, "about"),
        ("ar", "وشارك في الدورية نحو 50 جندياً.", 50, "about"),
    ],
)
def test_an_approximation_keeps_its_word(
    account: Read, lang: str, text: str, count: int, qualifier: str
) -> None:
    fact = account(lang, LEAD[lang] + text).personnel_total
    assert fact is not None
    assert (fact.value, fact.qualifier) == (count, qualifier)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A bomb wounded three soldiers and two vehicles were damaged."),
        ("tr", "Patlamada üç asker yaralandı, iki araç hasar gördü."),
        ("ru", "Ранены трое военнослужащих, повреждены две машины."),
        ("ar", "وأصيب ثلاثة جنود وتضررت عربتان."),
    ],
)
def test_the_hurt_and_the_damaged_are_no_strength(account: Read, lang: str, text: str) -> None:
    draft = account(lang, LEAD[lang] + text)
    assert vehicles(draft) == (None, {})
    assert draft.personnel_total is None
    assert draft.personnel == {}


def test_ships_count_as_vehicles(account: Read) -> None:
    draft = account(
        "en",
        "Warships of China and Russia held a joint patrol today. Ten ships sailed, five from each country.",
    )
    assert vehicles(draft) == (10, {"CN": 5, "RU": 5})


def test_every_count_says_where_it_stands() -> None:
    from patrols.intake.extract import extract

    found = extract(LEAD["en"] + "Eight vehicles took part, four from each side.", lang="en")
    total = found.accounts[0].vehicles_total
    assert total is not None
    assert found.text[total.spans[0].start : total.spans[0].end] == "Eight vehicles"
