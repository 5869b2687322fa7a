from __future__ import annotations

from datetime import date, timedelta

import pytest

from patrols.intake.neardup import (
    CANDIDATE,
    DIFFERENT,
    SAME,
    UNSURE,
    Telling,
    compare,
    signature,
    similarity,
    text_hash,
)

DAY = date(2019, 12, 3)
STORY = {
    "en": (
        "Turkish and Russian forces completed their thirteenth joint land patrol east of the "
        "Euphrates on Tuesday in the Ayn al-Arab area. Eight vehicles, four from each side, and "
        "unmanned aerial vehicles took part in it. The route was 56 kilometres long and reached a "
        "depth of seven kilometres. Residents of two villages watched the column pass without "
        "incident, according to local reporters."
    ),
    "tr": (
        "Fırat'ın doğusunda Türk ve Rus unsurlarınca icra edilen on üçüncü ortak kara devriyesi "
        "bugün Aynularap bölgesinde tamamlandı. Devriyeye dördü Türk dördü Rus olmak üzere sekiz "
        "araç ile İHA'lar katıldı. Güzergâhın uzunluğu 56, derinliği ise 7 kilometre oldu. "
        "Devriye planlandığı şekilde sona erdi."
    ),
    "ru": (
        "Российские военные полицейские и турецкие военнослужащие завершили тринадцатое "
        "совместное патрулирование на северо-востоке Сирии. Колонна вышла из населённого пункта "
        "Гариб и прошла 56 километров вдоль границы. В ней было восемь машин, по четыре с каждой "
        "стороны. С воздуха маршрут контролировал беспилотник «Орлан-10»."
    ),
    "ar": (
        "سيّرت القوات الروسية والتركية الدورية المشتركة الثالثة عشرة في ريف عين العرب شمال شرقي "
        "سوريا. وتألفت الدورية من ثماني عربات، أربع من كل جانب، رافقتها طائرات مسيرة. وقطعت "
        "الدورية مسافة 56 كيلومتراً قبل أن تعود إلى نقطة انطلاقها قرب الحدود دون حوادث تذكر."
    ),
}
NEXT = {
    "en": {"thirteenth": "fourteenth", "Tuesday": "Thursday", "Ayn al-Arab": "Darbasiyah", "56": "60"},
    "tr": {"on üçüncü": "on dördüncü", "Aynularap": "Derbasiye", "56": "60"},
    "ru": {"тринадцатое": "четырнадцатое", "Гариб": "Ширик", "56": "60"},
    "ar": {"الثالثة عشرة": "الرابعة عشرة", "عين العرب": "الدرباسية", "56": "60"},
}
LANGUAGES = sorted(STORY)


def telling(text: str, lang: str = "en", days: int = 0, publisher: str = "ministry") -> Telling:
    return Telling(text, lang, DAY + timedelta(days=days), publisher)


def replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
class TestOneStory:
    def test_with_a_byline_and_a_sentence_less(self, lang: str) -> None:
        shorter = "ANKARA (XY) - " + STORY[lang].rsplit(". ", 1)[0] + "."
        found = compare(telling(STORY[lang], lang), telling(shorter, lang, days=1, publisher="paper"))
        assert (found.verdict, found.conflicts) == (SAME, ())

    def test_cut_to_its_first_half(self, lang: str) -> None:
        half = ". ".join(STORY[lang].split(". ")[:2]) + "."
        assert compare(telling(STORY[lang], lang), telling(half, lang, 1, "paper")).verdict == SAME

    def test_is_a_candidate_by_signature(self, lang: str) -> None:
        half = ". ".join(STORY[lang].split(". ")[:2]) + "."
        assert similarity(signature(STORY[lang]), signature(half)) > CANDIDATE

    def test_hash_does_not_see_case_spacing_and_marks(self, lang: str) -> None:
        assert text_hash(STORY[lang]) == text_hash(STORY[lang].replace(" ", "\u00a0\n ").replace(".", " !"))


@pytest.mark.parametrize("lang", LANGUAGES)
class TestTwoPatrolsInOneFormula:
    def test_other_numbers_and_places_tell_them_apart(self, lang: str) -> None:
        other = replaced(STORY[lang], NEXT[lang])
        assert similarity(signature(STORY[lang]), signature(other)) > 0.3, "as words go they are alike"
        found = compare(telling(STORY[lang], lang), telling(other, lang, days=2))
        assert found.verdict == DIFFERENT
        assert found.conflicts

    @pytest.mark.parametrize("which", [0, -1])
    def test_one_of_them_is_enough(self, lang: str, which: int) -> None:
        old, new = list(NEXT[lang].items())[which]
        found = compare(telling(STORY[lang], lang), telling(replaced(STORY[lang], {old: new}), lang, days=2))
        assert found.verdict == DIFFERENT


class TestFormulasWithoutFacts:
    FORMULA = (
        "In line with the agreement of 5 March on Idlib, Turkish and Russian units today carried "
        "out another joint land patrol on the M4 highway with the participation of land and air "
        "elements."
    )

    @pytest.mark.parametrize(
        ("days", "publisher", "verdict"),
        [
            (0, "ministry", SAME),
            (1, "ministry", UNSURE),
            (1, "paper", SAME),
            (2, "paper", UNSURE),
            (7, "ministry", UNSURE),
        ],
    )
    def test_they_are_one_story_only_around_the_same_day(
        self, days: int, publisher: str, verdict: str
    ) -> None:
        found = compare(telling(self.FORMULA), telling(self.FORMULA, days=days, publisher=publisher))
        assert found.verdict == verdict

    def test_an_ordinal_that_agrees_makes_it_one_story_days_later_too(self) -> None:
        numbered = self.FORMULA.replace("another", "the fifth")
        assert compare(telling(numbered), telling(numbered, days=5, publisher="paper")).verdict == SAME


class TestSmallDifferences:
    def test_digits_and_number_words_agree(self) -> None:
        text = replaced(STORY["en"], {"Eight vehicles": "8 vehicles", "thirteenth": "13th", "seven": "7"})
        assert compare(telling(STORY["en"]), telling(text, publisher="paper")).verdict == SAME

    def test_one_figure_that_differs_is_for_an_editor(self) -> None:
        text = replaced(STORY["en"], {"56": "69"})
        found = compare(telling(STORY["en"]), telling(text, publisher="paper"))
        assert (found.verdict, found.conflicts) == (UNSURE, ("number: 56 / 69",))

    def test_another_name_is_for_an_editor(self) -> None:
        text = replaced(STORY["en"], {"Ayn al-Arab": "Kobani"})
        assert compare(telling(STORY["en"]), telling(text, publisher="paper")).verdict == UNSURE

    def test_the_gazetteer_knows_two_names_of_one_place(self) -> None:
        def places(sentence: str, _lang: str) -> frozenset[str]:
            return frozenset({"kobani"} if "Kobani" in sentence or "Ayn al-Arab" in sentence else ())

        text = replaced(STORY["en"], {"Ayn al-Arab": "Kobani"})
        assert compare(telling(STORY["en"]), telling(text, publisher="paper"), places).verdict == SAME

    def test_the_gazetteer_knows_two_places(self) -> None:
        def places(sentence: str, _lang: str) -> frozenset[str]:
            return frozenset(name for name in ("Amuda", "Darbasiyah") if name in sentence)

        one, other = (STORY["en"].replace("Ayn al-Arab", name) for name in ("Amuda", "Darbasiyah"))
        found = compare(telling(one), telling(other, publisher="paper"), places)
        assert found.verdict == DIFFERENT
        assert "place: Amuda / Darbasiyah" in found.conflicts

    def test_the_drones_number_is_no_fact(self) -> None:
        text = replaced(STORY["ru"], {"«Орлан-10»": "«Орлан-30»"})
        assert not any(
            "number" in c for c in compare(telling(STORY["ru"], "ru"), telling(text, "ru")).conflicts
        )

    def test_levantine_months_are_told_apart(self) -> None:
        one = STORY["ar"] + " وجرت الدورية يوم 5 تشرين الثاني الماضي قرب القرية."
        other = STORY["ar"] + " وجرت الدورية يوم 5 تشرين الأول الماضي قرب القرية."
        assert compare(telling(one, "ar"), telling(other, "ar")).verdict != SAME


class TestTexts:
    def test_that_have_little_in_common_are_different(self) -> None:
        other = (
            "A market in Qamishli reopened on Tuesday after a fire that had destroyed forty shops in spring."
        )
        assert compare(telling(STORY["en"]), telling(other)).verdict == DIFFERENT
        assert similarity(signature(STORY["en"]), signature(other)) < CANDIDATE

    @pytest.mark.parametrize("text", ["", "patrol", "a b", "!!!"])
    def test_that_are_nearly_nothing_do_no_harm(self, text: str) -> None:
        assert compare(telling(STORY["en"]), telling(text)).verdict == DIFFERENT
        assert len(signature(text)) == 512
        assert len(text_hash(text)) == 64

    def test_signatures_stay_the_same_for_stored_ones_to_stay_comparable(self) -> None:
        assert signature("one two three four").hex()[:32] == signature("One, two; three four!").hex()[:32]

    def test_a_broken_stored_signature_is_like_nothing(self) -> None:
        assert similarity(b"", signature("a b c")) == 0.0
