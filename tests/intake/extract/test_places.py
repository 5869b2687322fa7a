"""The points of the route, in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from patrols.intake.extract import AccountDraft, extract

from .test_counts import LEAD

Read = Callable[..., AccountDraft]


def names(draft: AccountDraft) -> list[str]:
    return [place.spelling for place in draft.places]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "en",
            "The convoy left Sherik, drove through Dalik, Malak and Qunaytrah to Zor Maghar "
            "and returned to Sherik.",
            ["Sherik", "Dalik", "Malak", "Qunaytrah", "Zor Maghar"],
        ),
        (
            "tr",
            "Gureyb köyünden hareket eden konvoy, Karamug, Cişan ve Bağdik köylerinden "
            "geçerek Gureyb'e döndü.",
            ["Gureyb", "Karamug", "Cişan", "Bağdik"],
        ),
        (
            "ru",
            "Колонна прошла по маршруту Гариб — Кири-Зури — Бафдин — Гариб.",
            ["Гариб", "Кири-Зури", "Бафдин"],
        ),
        (
            "ar",
            "وانطلقت الدورية من قرية غريب وجابت قرى كربناف، كوسك، عليشار وقره موغ، ثم عادت إلى غريب.",
            ["غريب", "كربناف", "كوسك", "عليشار", "قره موغ"],
        ),
    ],
)
def test_a_route_once_each_in_order(account: Read, lang: str, text: str, expected: list[str]) -> None:
    assert names(account(lang, LEAD[lang] + text)) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "The convoy set off from the village of Xyzabad, 30 km west of Qamishli.", ["Xyzabad"]),
        ("tr", "Konvoy, Kamışlı'nın 30 kilometre batısındaki Zırtapoz köyünden hareket etti.", ["Zırtapoz"]),
        ("ru", "Колонна вышла из деревни Хыртабад в 30 километрах к западу от Камышлы.", ["Хыртабад"]),
        ("ar", "وانطلقت الدورية من قرية خرطباد على بعد 30 كيلومتراً غرب القامشلي.", ["خرطباد"]),
    ],
)
def test_an_unknown_village_is_kept_unresolved_and_a_reference_town_left_out(
    account: Read, lang: str, text: str, expected: list[str]
) -> None:
    draft = account(lang, LEAD[lang] + text)
    assert names(draft) == expected
    assert draft.places[0].slug is None


def test_the_sector_counts_where_no_route_is_given(account: Read) -> None:
    draft = account("en", "Turkish and Russian forces held a joint patrol in the Ayn al-Arab area today.")
    assert [(place.slug, place.role) for place in draft.places] == [("ayn-al-arab", "sector")]


def test_provinces_and_roads_do_not_count(account: Read) -> None:
    assert (
        names(
            account("en", "Turkish and Russian forces held a joint patrol on the M4 highway in Idlib today.")
        )
        == []
    )


def test_the_place_of_an_incident_counts(account: Read) -> None:
    text = (
        "Turkish and Russian forces held a joint patrol on the M4 in Idlib today. Stones "
        "were thrown near Ariha."
    )
    assert [(place.spelling, place.role) for place in account("en", text).places] == [("Ariha", "incident")]


def test_a_dateline_is_no_place(account: Read) -> None:
    text = (
        "QAMISHLI - Turkish and Russian forces held a joint patrol today. The convoy "
        "left the village of Sherik."
    )
    assert names(account("en", text)) == ["Sherik"]


def test_seas_count_for_sea_patrols(account: Read) -> None:
    text = (
        "Russian and Chinese bombers flew a joint patrol over the Sea of Japan and the East China Sea today."
    )
    assert names(account("en", text)) == ["Sea of Japan", "East China Sea"]


def test_two_hundred_places_are_read() -> None:
    villages = ", ".join(f"Tal {chr(65 + i % 26)}{chr(97 + i // 26)}bad" for i in range(200))
    text = LEAD["en"] + f"The convoy left Sherik and passed through the villages of {villages}."
    (draft,) = extract(text, lang="en").accounts
    assert len(draft.places) > 150
