"""The whole extraction: bad input, evidence, any text at all."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patrols.intake.extract import Extraction, extract
from patrols.intake.extract.words import LANGUAGES

from .test_counts import LEAD

WORDS = sorted(
    {
        word.strip().replace("*", "")
        for words in LANGUAGES.values()
        for phrases in words.phrases.values()
        for word in phrases.split(",")
        if word.strip()
    }
)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(0, 99999).map(str),
    st.sampled_from("\n.,;:-()\"'"),
)


def spans(found: Extraction) -> list[tuple[int, int]]:
    every = [span for account in found.accounts for _, fact in account.facts() for span in fact.spans]
    every += [place.span for account in found.accounts for place in account.places]
    every += [span for item in (*found.claims, *found.events) for span in item.spans]
    return [(span.start, span.end) for span in every]


@settings(max_examples=150, deadline=None)
@given(
    text=st.lists(PIECES, max_size=60).map(" ".join),
    title=st.text(max_size=40),
    lang=st.sampled_from([*LANGUAGES]),
    published=st.none() | st.dates(date(1995, 1, 1), date(2030, 12, 31)),
)
@example(text="\u202eدورية 5\u202c patrol \u0661\u0662 ", title="", lang="ar", published=None)
@example(text="²³ ½ ١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩٠", title="İ", lang="tr", published=date(2020, 2, 29))
def test_any_text_is_read_without_error_and_every_span_lies_inside_it(
    text: str, title: str, lang: str, published: date | None
) -> None:
    found = extract(text, title=title, lang=lang, published=published)
    assert all(0 <= start < end <= len(found.text) for start, end in spans(found))


@pytest.mark.parametrize("lang", [*LANGUAGES])
def test_every_fact_says_where_it_stands(lang: str) -> None:
    found = extract(LEAD[lang], lang=lang, published=date(2019, 11, 14))
    (account,) = found.accounts
    for name, fact in account.facts():
        assert fact.spans, name
        assert all(found.text[span.start : span.end].strip() for span in fact.spans)
    for place in account.places:
        assert found.text[place.span.start : place.span.end] == place.spelling


def test_spans_count_from_the_title_on() -> None:
    found = extract(LEAD["en"], title="A title", lang="en", published=date(2019, 11, 14))
    assert found.text[found.body_start :] == LEAD["en"]
    fact = found.accounts[0].date
    assert fact is not None
    assert found.text[fact.spans[0].start : fact.spans[0].end] == "today"


def test_an_empty_page_gives_nothing() -> None:
    found = extract("  \n ", published=date(2020, 1, 1))
    assert (found.accounts, found.claims, found.events, found.warnings) == ((), (), (), ())


def test_a_fifth_language_gives_a_warning_and_no_account() -> None:
    text = (
        "Die russische Militärpolizei und türkische Soldaten haben am Montag eine "
        "gemeinsame Patrouille bei Kobane "
        "durchgeführt. Acht Fahrzeuge waren beteiligt, vier von jeder Seite."
    )
    found = extract(text, published=date(2020, 1, 1))
    assert found.lang == "de"
    assert found.accounts == ()
    assert found.warnings == ("Language not read: de",)


def test_the_language_is_found_where_none_is_given() -> None:
    assert [extract(text, published=date(2019, 11, 14)).lang for text in LEAD.values()] == [*LEAD]


def test_figures_that_contradict_each_other_are_told_and_the_first_is_kept() -> None:
    text = LEAD["en"] + "Eight vehicles took part. The ministry later spoke of nine vehicles in the convoy."
    found = extract(text, lang="en", published=date(2019, 11, 14))
    total = found.accounts[0].vehicles_total
    assert total is not None
    assert total.value == 8
    assert found.warnings == ("The report gives different totals of vehicles: 8, 9",)


def test_mixed_directions_do_not_move_the_spans() -> None:
    text = (
        "سيّرت القوات الروسية والتركية اليوم دورية مشتركة على طريق M4 (\u200eM4 "
        "highway\u200f) قرب أريحا، ورشق الأهالي العربات بالحجارة."
    )
    found = extract(text, lang="ar", published=date(2020, 5, 12))
    (account,) = found.accounts
    assert account.places[0].spelling == found.text[account.places[0].span.start : account.places[0].span.end]
    assert "أريحا" in account.places[0].spelling


def test_a_report_without_a_day_of_publication_is_read_as_far_as_it_goes() -> None:
    found = extract(LEAD["en"], lang="en")
    assert found.accounts[0].date is None
    assert len(found.warnings) == 1


def test_the_m4_number_belongs_to_the_speaking_ministry() -> None:
    text = "The twentieth joint Russian-Turkish patrol on the M4 in Idlib was held today."
    (account,) = extract(
        text, lang="en", published=date(2020, 7, 14), publisher="Russian Ministry of Defence"
    ).accounts
    assert account.counter == "ru"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        LEAD["en"] + "8 vehicles patrol from Sherik to 5 May 40 km, " * 3000,
        "دورية مشتركة و" * 15_000,
    ],
)
def test_hostile_texts_take_no_more_than_seconds(text: str) -> None:
    start = time.process_time()
    extract(text, lang="ar" if text[0] > "z" else "en", published=date(2020, 1, 1))
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("said", "counter"),
    [
        ("It is the 78th patrol of the two sides in the area.", "kobani"),
        ("It is their 78th joint patrol.", "unstated"),
        ("It is the 78th joint patrol, the Turkish defence ministry said.", "overall"),
    ],
)
def test_an_area_count_is_taken_for_one_only_where_the_text_says_so(said: str, counter: str) -> None:
    lead = "Russian and Turkish forces carried out a joint patrol near Kobani today."
    (account,) = extract(f"{lead} {said}", lang="en", published=date(2021, 11, 8)).accounts
    assert account.number is not None
    assert (account.number.value, account.counter) == (78, counter)


@pytest.mark.parametrize(
    ("lang", "told", "total"),
    [
        ("en", "Two Kirpi and two Tigr took part in the patrol.", 4),
        ("en", "A BTR-82A, two Tigr and three Kirpi took part.", 6),
        ("en", "Eight vehicles, four Tigr and four Kirpi, took part.", 8),
        ("ru", "В нём участвовали два «Тигра», один БТР-82А и два «Кирпи».", 5),
        ("ru", "В нём участвовали «Тигры», БТР и два «Кирпи».", None),
        ("tr", "Devriyeye iki Kirpi ve iki Tigr katıldı.", 4),
    ],
)
def test_types_of_vehicles_are_parts_of_one_count(lang: str, told: str, total: int | None) -> None:
    lead = {
        "en": "Russian and Turkish forces held a joint patrol near Kobani on Thursday.",
        "ru": "Российские и турецкие военные провели 10 июня совместное патрулирование в районе Дербасии.",
        "tr": "Türk ve Rus askerleri bugün Derbesiye bölgesinde ortak devriye icra etti.",
    }[lang]
    (account,) = extract(f"{lead} {told}", lang=lang, published=date(2020, 6, 11)).accounts
    assert (account.vehicles_total.value if account.vehicles_total else None) == total


def test_patrols_that_a_report_counts_off_are_an_account_each() -> None:
    text = (
        "Russian military police and Turkish troops conducted two joint patrols on 10 June. The first, with "
        "eight vehicles, went from Sherik to Darbasiyah. The second, with six vehicles, left Gharib."
    )
    accounts = extract(text, lang="en", published=date(2020, 6, 11)).accounts
    assert [a.vehicles_total.value if a.vehicles_total else None for a in accounts] == [8, 6]
    assert [a.date.value.start if a.date else None for a in accounts] == [date(2020, 6, 10)] * 2
    assert all(a.number is None for a in accounts)


def test_neither_the_day_of_an_agreement_nor_an_older_patrol_is_the_days() -> None:
    text = (
        "Russian and Turkish forces ran a joint patrol with six vehicles near Kobani.\n\n"
        "It follows the understandings reached by the two presidents in Sochi on 22 October.\n\n"
        "On November 1, local sources reported a patrol of nine vehicles near Darbasiyah."
    )
    (account,) = extract(text, lang="en", published=date(2019, 11, 12)).accounts
    assert account.date is None
    assert account.vehicles_total is not None
    assert account.vehicles_total.value == 6
