"""Sentences and tokens, and the way back to the original characters."""

import pytest

from patrols.intake.extract.text import fold, read


def sentences(text: str, lang: str) -> list[str]:
    doc = read(text, lang)
    return [
        doc.original[(s := doc.span(each.start, each.end)).start : s.end].strip() for each in doc.sentences
    ]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It began at 8:50 a.m. Moscow time on Nov. 1 with U.S. vehicles."),
        ("tr", "Bugün 11. ortak devriye icra edildi."),
        ("tr", "Mutabakat çerçevesinde; İdlib'de devriye icra edildi."),
        ("ru", "В 2019 г. колонна прошла 3 км. по трассе."),
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(lang: str, text: str) -> None:
    assert len(sentences(text, lang)) == 1


def test_each_line_of_a_list_is_its_own_item() -> None:
    doc = read("Patrols:\n\n- 5 May, Kobani.\n- 7 May, Derik.", "en")
    assert [each.is_item for each in doc.sentences] == [False, True, True]


def test_spans_point_at_the_original_characters_behind_vowel_signs_and_ligatures() -> None:
    text = "سيّرت القوّات دوريّةً مشتركةً"
    doc = read(text, "ar")
    span = doc.token_span(1, 1)
    assert text[span.start : span.end].startswith("القوّات"[:3])
    assert doc.tokens[1].fold == "القوات"


def test_case_accents_and_dotted_letters_do_not_matter() -> None:
    assert fold("İHA'LAR KIRPI") == fold("iha'lar kırpı")


def test_a_text_without_words_has_no_sentences() -> None:
    assert read("... !!! \n\n —", "en").sentences == []
