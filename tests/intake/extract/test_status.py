"""What became of a patrol, and whose it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from patrols.intake.extract import AccountDraft

Read = Callable[..., AccountDraft]


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        ("en", "Russian and Turkish forces completed a joint patrol near Kobani today.", "completed"),
        ("en", "Russian and Turkish forces began a joint patrol near Kobani this morning.", "started"),
        (
            "en",
            "The joint patrol of Russian and Turkish forces near Kobani was cut short today.",
            "suspended",
        ),
        (
            "en",
            "The joint patrol planned near Kobani for today was cancelled by the Turkish side, Russia said.",
            "cancelled",
        ),
        (
            "en",
            "Turkey and Russia will hold a joint patrol near Kobani on Sunday, the ministry said.",
            "announced",
        ),
        ("tr", "Türk-Rus ortak kara devriyesi bugün Derbesiye'de tamamlandı.", "completed"),
        ("tr", "Türk-Rus ortak kara devriyesi bugün Derbesiye'de başladı.", "started"),
        ("tr", "Türk-Rus ortak kara devriyesi bugün Derbesiye'de yarıda kesildi.", "suspended"),
        (
            "tr",
            "Türk-Rus ortak kara devriyesi Rus tarafının gelmemesi nedeniyle bugün iptal edildi.",
            "cancelled",
        ),
        ("tr", "Türk-Rus ortak kara devriyesi yarın Derbesiye'de yapılacak.", "announced"),
        ("ru", "Военные России и Турции завершили сегодня совместное патрулирование у Кобани.", "completed"),
        (
            "ru",
            "Военные России и Турции приступили сегодня к совместному патрулированию у Кобани.",
            "started",
        ),
        ("ru", "Совместное российско-турецкое патрулирование у Кобани сегодня прервано.", "suspended"),
        ("ru", "Совместное российско-турецкое патрулирование у Кобани сегодня сорвано.", "cancelled"),
        ("ar", "أنهت القوات الروسية والتركية اليوم دورية مشتركة قرب كوباني.", "completed"),
        ("ar", "بدأت القوات الروسية والتركية اليوم دورية مشتركة قرب كوباني.", "started"),
        ("ar", "ألغى الجانب التركي اليوم الدورية المشتركة مع القوات الروسية قرب كوباني.", "cancelled"),
    ],
)
def test_status(account: Read, lang: str, text: str, status: str) -> None:
    fact = account(lang, text).status
    assert fact is not None
    assert fact.value == status


def test_an_announced_weekday_lies_ahead(account: Read) -> None:
    draft = account(
        "en", "Turkey and Russia will hold a joint patrol near Kobani on Sunday, the ministry said."
    )
    assert draft.date is not None
    assert draft.date.value.start == date(2019, 11, 17)


def test_only_the_side_that_drove_alone_counts_as_force(account: Read) -> None:
    text = (
        "The joint patrol planned for today near Kobani did not take place because the "
        "Turkish side failed to appear. "
        "A Russian military police unit drove the route alone."
    )
    draft = account("en", text)
    assert draft.forces is not None
    assert draft.forces.value == ("RU",)


@pytest.mark.parametrize(
    ("text", "programme"),
    [
        ("Turkish and Russian forces held a joint patrol on the M4 highway in Idlib today.", "m4_idlib"),
        ("Turkish and Russian forces held a joint patrol near Qamishli today.", "ne_syria"),
        ("US and Turkish troops held a joint patrol near Manbij today.", "manbij"),
        ("US and Turkish troops held a joint patrol east of the Euphrates today.", "us_tr_safe_zone"),
        ("The coast guards of China and Vietnam held a joint patrol in the Gulf of Tonkin today.", "other"),
    ],
)
def test_programme(account: Read, text: str, programme: str) -> None:
    fact = account("en", text).programme
    assert fact is not None
    assert fact.value == programme


def test_the_south_china_sea_is_no_side(account: Read) -> None:
    draft = account(
        "en", "Ships of the Philippines and Japan held a joint patrol in the South China Sea today."
    )
    assert draft.forces is not None
    assert draft.forces.value == ("JP", "PH")
