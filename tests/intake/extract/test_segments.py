"""Which patrol a report is about, and what is only background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from patrols.intake.extract import AccountDraft, extract

Read = Callable[..., AccountDraft]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "en",
            "Turkish and Russian forces carried out their sixth joint patrol in Darbasiyah "
            "today. The convoy covered 45 km."
            "\n\nThe previous patrol, on Monday, had taken four hours and covered 80 km with "
            "nine vehicles near Kobani.",
        ),
        (
            "tr",
            "Türk ve Rus askerleri altıncı ortak devriyeyi bugün Derbesiye'de icra etti. "
            "Devriyede 45 kilometre yol alındı."
            "\n\nPazartesi günü Ayn el Arap'ta yapılan beşinci devriye dört saat sürmüş, "
            "dokuz araçla 80 kilometre katedilmişti.",
        ),
        (
            "ru",
            "Военные России и Турции провели сегодня шестое совместное патрулирование в "
            "районе Дербасии. Пройдено 45 километров."
            "\n\nРанее, в понедельник, девять машин за четыре часа прошли 80 километров у Кобани.",
        ),
        (
            "ar",
            "سيّرت القوات الروسية والتركية اليوم الدورية المشتركة السادسة في منطقة "
            "الدرباسية. وقطعت الدورية مسافة 45 كيلومتراً."
            "\n\nوكانت الدورية السابقة، يوم الاثنين قرب كوباني، قد قطعت 80 كيلومتراً خلال "
            "أربع ساعات بتسع عربات.",
        ),
    ],
)
def test_an_earlier_patrol_does_not_leak(account: Read, lang: str, text: str) -> None:
    draft = account(lang, text)
    assert draft.number is not None
    assert draft.number.value == 6
    assert draft.date is not None
    assert draft.date.value.start == date(2019, 11, 14)
    assert draft.length_km is not None
    assert draft.length_km.value == 45
    assert draft.vehicles_total is None
    assert draft.duration_h is None
    assert [place.slug for place in draft.places] == ["darbasiyah"] or len(draft.places) == 1


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "en",
            "Bakers in Amuda want cheaper flour. Soldiers on joint patrol sometimes stop to "
            "buy bread, they say.",
        ),
        ("tr", 'Çiftçiler destek istiyor. "Sınırın ötesindeki ortak devriyeyi tarladan görüyoruz" diyorlar.'),
        (
            "ru",
            "В школе открыли музей. Среди экспонатов есть фляга офицера, который ездил в "
            "составе совместных патрулей.",
        ),
        ("ar", "افتتحت البلدية سوقاً جديدة. ويُغلق الطريق أحياناً عند مرور الدوريات المشتركة."),
    ],
)
def test_a_passing_mention_gives_no_account(lang: str, text: str) -> None:
    assert extract(text, lang=lang, published=date(2020, 5, 1)).accounts == ()


@pytest.mark.parametrize(
    ("lang", "text", "numbers"),
    [
        (
            "en",
            "Russian and Turkish patrols near Kobani went on. On Tuesday the eighth joint "
            "patrol covered 12 km.\n\nThe ninth followed today.",
            [8, 9],
        ),
        (
            "tr",
            "Türk ve Rus askerleri ortak devriyelere devam etti. Sekizinci devriye salı günü "
            "Derbesiye'de yapıldı."
            "\n\nDokuzuncu devriye ise bugün Ayn el Arap'ta icra edildi.",
            [8, 9],
        ),
        (
            "ar",
            "سيّرت القوات الروسية والتركية دوريتين مشتركتين. فقد جابت الدورية الثامنة، الثلاثاء، ريف كوباني."
            "\n\nأما الدورية التاسعة فخرجت اليوم الخميس من قرية غريب.",
            [8, 9],
        ),
    ],
)
def test_a_report_on_two_patrols_gives_two_accounts(lang: str, text: str, numbers: list[int]) -> None:
    accounts = extract(text, lang=lang, published=date(2019, 11, 14), title="").accounts
    assert [draft.number.value for draft in accounts if draft.number] == numbers


def test_each_item_of_a_list_is_a_patrol_and_what_holds_for_all_is_given_to_each() -> None:
    text = (
        "The following joint patrols have been completed with the Russian Federation "
        "east of the Euphrates:\n\n"
        "- 5 November, second patrol, Ayn al-Arab. Length 73 km.\n"
        "- 8 November, third patrol, between Qamishli and Derik. Length 105 km.\n\n"
        "In each case eight vehicles, four Turkish and four Russian, took part."
    )
    accounts = extract(text, lang="en", published=date(2019, 11, 14), publisher="Turkish ministry").accounts
    assert [(a.number.value, a.length_km.value) for a in accounts if a.number and a.length_km] == [
        (2, 73),
        (3, 105),
    ]
    assert all(a.vehicles_total and a.vehicles_total.value == 8 for a in accounts)


def test_two_patrols_of_one_sentence_keep_their_days_and_places() -> None:
    text = (
        "Rusya ile 5 Kasım'da Ayn el-Arab bölgesinde 2'nci, 8 Kasım'da ise Kamışlı-Derik hattında 3'üncü "
        "ortak kara devriyesi icra edilmiştir."
    )
    accounts = extract(text, lang="tr", published=date(2019, 11, 14), title="Türk-Rus devriyeleri").accounts
    assert [
        (a.number.value, a.date.value.start.day, len(a.places)) for a in accounts if a.number and a.date
    ] == [
        (2, 5, 1),
        (3, 8, 2),
    ]


def test_a_further_count_of_part_of_the_series_is_not_the_patrols_number(account: Read) -> None:
    text = (
        "Russian and Turkish forces held a joint patrol near Kobani today. It was the "
        "fourth patrol this month."
    )
    assert account("en", text).number is None
