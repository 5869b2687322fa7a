"""Dates, resolved against the day of publication."""

from datetime import date

import pytest

from patrols.intake.extract.dates import DateMention
from patrols.intake.extract.reading import read_report

THURSDAY = date(2019, 11, 14)


def mentions(lang: str, text: str, published: date | None = THURSDAY) -> list[DateMention]:
    return read_report(text, lang, 0, published, "").dates


@pytest.mark.parametrize(
    ("lang", "text", "day"),
    [
        ("en", "The patrol was held today.", date(2019, 11, 14)),
        ("en", "The patrol was held on Monday.", date(2019, 11, 11)),
        ("en", "The patrol was held last Thursday.", date(2019, 11, 7)),
        ("en", "The patrol was held on Nov. 1.", date(2019, 11, 1)),
        ("en", "The patrol was held on 30 December.", date(2018, 12, 30)),
        ("en", "The patrol was held on Monday, 3 February 2020.", date(2020, 2, 3)),
        ("en", "The patrol of the 6th of this month.", date(2019, 11, 6)),
        ("tr", "Devriye bugün yapıldı.", date(2019, 11, 14)),
        ("tr", "Devriye pazartesi günü yapıldı.", date(2019, 11, 11)),
        ("tr", "Devriye geçen perşembe yapıldı.", date(2019, 11, 7)),
        ("tr", "Devriye 5 Kasım'da yapıldı.", date(2019, 11, 5)),
        ("tr", "Devriye 08.11.2019 tarihinde yapıldı.", date(2019, 11, 8)),
        ("ru", "Патрулирование прошло вчера.", date(2019, 11, 13)),
        ("ru", "Патрулирование прошло во вторник.", date(2019, 11, 12)),
        ("ru", "Патрулирование прошло 5 ноября.", date(2019, 11, 5)),
        ("ru", "Патрулирование третьего числа сорвано.", date(2019, 11, 3)),
        ("ar", "سيرت القوات دورية اليوم الخميس.", date(2019, 11, 14)),
        ("ar", "سيرت القوات دورية أمس.", date(2019, 11, 13)),
        ("ar", "سيرت القوات دورية يوم الثلاثاء.", date(2019, 11, 12)),
        ("ar", "سيرت القوات دورية في 5 تشرين الثاني/نوفمبر.", date(2019, 11, 5)),
    ],
)
def test_a_day(lang: str, text: str, day: date) -> None:
    (mention,) = mentions(lang, text)
    assert (mention.start, mention.end) == (day, day)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "on 8, 15 and 21 October"),
        ("tr", "8, 15 ve 21 Ekim'de"),
        ("ru", "8, 15 и 21 октября"),
        ("ar", "في 8 و15 و21 تشرين الأول"),
    ],
)
def test_several_days_of_one_month(lang: str, text: str) -> None:
    assert [mention.start.day for mention in mentions(lang, text)] == [8, 15, 21]


def test_a_range_of_days_is_one_mention() -> None:
    (mention,) = mentions("tr", "10-16 Ekim tarihleri arasında")
    assert (mention.start.day, mention.end.day, mention.when().precision) == (10, 16, 3)


def test_a_month_is_known_to_the_month() -> None:
    (mention,) = mentions("ru", "в октябре 2019 года")
    assert mention.when().precision == 4


def test_the_modal_verb_is_no_month() -> None:
    assert mentions("en", "The patrol may resume.") == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Under the memorandum signed in Sochi on 22 October, patrols began."),
        ("tr", "22 Ekim'de Soçi'de varılan mutabakat gereğince hareket edildi."),
        ("ru", "О выводе президенты условились 22 октября в Сочи."),
        ("ar", "وينص الاتفاق الموقع في 22 تشرين الأول على الانسحاب."),
    ],
)
def test_the_day_of_an_agreement_is_not_when_something_happened(lang: str, text: str) -> None:
    assert [mention.role for mention in mentions(lang, text)] == ["deal"]


def test_without_a_day_of_publication_weekdays_stay_open() -> None:
    assert mentions("en", "The patrol was held on Monday, and on 5 May.", None) == []
