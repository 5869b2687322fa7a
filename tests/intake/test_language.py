from __future__ import annotations

import json
from pathlib import Path

import pytest

from patrols.intake.language import detect

CORPUS = Path(__file__).parent.parent / "corpus" / "dev.jsonl"


def test_every_report_of_the_corpus_and_every_headline_is_in_its_language() -> None:
    reports = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    wrong = [r["id"] for r in reports for part in ("text", "title") if detect(r[part]).code != r["lang"]]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Leşkerên Tirk û Rûs îro li gundewarên Kobaniyê dewriyeya hevbeş a çaremîn pêk anîn.", "ku"),
        ("نیروهای ترکیه و روسیه روز جمعه سومین گشت مشترک خود را در شمال شرق سوریه انجام دادند", "fa"),
        ("Türkiyə və Rusiya hərbçiləri Suriyanın şimal-şərqində üçüncü birgə patrul keçiriblər.", "az"),
        ("Російські та турецькі військові завершили третє спільне патрулювання на півночі Сирії.", "uk"),
    ],
)
def test_neighbours_are_told_from_the_languages_that_are_read(text: str, lang: str) -> None:
    assert detect(text).code == lang


def test_the_source_decides_for_a_few_words_only() -> None:
    assert detect("Kobani", hint="tr").code == "tr"
    assert detect("Патруль", hint="tr").code != "tr", "the script must fit"
    long = "Turkish and Russian forces completed their third joint patrol in northern Syria on Friday."
    assert detect(long, hint="tr").code == "en"


@pytest.mark.parametrize("text", ["", "123 456", "!?"])
def test_without_letters_there_is_no_language(text: str) -> None:
    assert detect(text).code == ""
