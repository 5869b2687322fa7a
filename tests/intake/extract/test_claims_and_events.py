"""Cumulative claims, suspensions and resumptions."""

from datetime import date

import pytest

from patrols.intake.extract import extract


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The two armies carried out 344 joint patrols between 1 November 2019 and 5 October 2023."),
        ("tr", "1 Kasım 2019 ile 5 Ekim 2023 arasında 344 ortak devriye icra edildi."),
        ("ru", "С 1 ноября 2019 года по 5 октября 2023 года проведено 344 совместных патрулирования."),
        ("ar", "نفّذ الجانبان 344 دورية مشتركة بين 1 تشرين الثاني 2019 و5 تشرين الأول 2023."),
    ],
)
def test_a_claim_with_both_ends(lang: str, text: str) -> None:
    (claim,) = extract(text, lang=lang, published=date(2024, 8, 23)).claims
    assert (claim.count, claim.start, claim.end) == (344, "2019-11", "2023-10")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The two armies have carried out 24 joint patrols since mid-March."),
        ("tr", "Taraflar 15 Mart'tan bu yana 24 ortak devriye icra etti."),
        ("ru", "С начала марта проведено 24 совместных патрулирования."),
        ("ar", "نفّذ الجانبان 24 دورية مشتركة منذ منتصف آذار/مارس."),
    ],
)
def test_a_claim_that_is_still_running(lang: str, text: str) -> None:
    (claim,) = extract(text, lang=lang, published=date(2020, 8, 14)).claims
    assert (claim.count, claim.start, claim.end) == (24, "2020-03", None)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Russia has suspended the joint patrols with Turkey, the ministry announced on Thursday."),
        ("tr", "Rusya, Türkiye ile ortak devriyelerin askıya alındığını perşembe günü açıkladı."),
        ("ru", "Совместные патрулирования с Турцией приостановлены, сообщили в четверг в МИД РФ."),
        ("ar", "أعلنت وزارة الخارجية الروسية، أمس الخميس، تعليق الدوريات المشتركة مع تركيا."),
    ],
)
def test_a_suspension_is_an_event_and_no_account(lang: str, text: str) -> None:
    found = extract(text, lang=lang, published=date(2020, 8, 14))
    assert [(event.kind, event.date) for event in found.events] == [("suspension", "2020-08-13")]
    assert found.accounts == ()


def test_a_resumption_on_condition_is_no_event() -> None:
    text = "The resumption of the patrols depends on calm on the road, the ministry said on Thursday."
    assert extract(text, lang="en", published=date(2020, 8, 14)).events == ()
