"""One spelling to one place, in four scripts, and every place of a text at its exact offsets."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.intake.gazetteer import Gazetteer, PlaceName, PlaceRow, load_places
from patrols.intake.placenames import fold_with_origins, normalise, russian_cases, skeleton

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer.from_fixtures(FIXTURES)


def slugs(gazetteer: Gazetteer, text: str) -> list[str]:
    return [hit.slug for hit in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("al-Darbasiyah", "Ad Darbasiyah"),
        ("Ain al-Arab", "ain el arab"),
        ("Kamışlı", "KAMIŞLI"),
        ("İdlib", "idlib"),
        ("Ta'alak", "Taalak"),
        ("Ta’alak", "taʿalak"),
        ("أريحا", "اريحا"),
        ("الدرباسية", "درباسيه"),
        ("سَرَاقِب", "سراقب"),
        ("ســراقب", "سراقب"),
        ("الكسرى", "كسري"),
        ("Мёд", "Мед"),
        ("Эт-Табка", "Табка"),
        ("Kobanê", "Kobane"),
        ("Tal  Abyad", "Tal-Abyad"),
    ],
)
def test_writing_habits_do_not_tell_names_apart(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize("pair", [("Ayn Issa", "Ayn al-Arab"), ("Tal Tamr", "Tal Abyad"), ("Ali", "Alishar")])
def test_different_names_stay_different(pair: tuple[str, str]) -> None:
    assert normalise(pair[0]) != normalise(pair[1])


def test_consonants_meet_across_scripts() -> None:
    assert {skeleton(name) for name in ("Sherik", "Şîrik", "شيريك", "Шейрик")} == {"srk"}


def test_russian_names_are_declined_where_they_decline() -> None:
    for name, forms in {
        "Дербисия": ["Дербисия", "Дербисии", "Дербисию", "Дербисией"],
        "Тель-Абьяд": ["Тель-Абьяда", "Тель-Абьядом"],
        "провинция Хасака": ["провинции Хасака", "провинцию Хасака"],
        "Восточно-Китайское море": ["Восточно-Китайским морем", "Восточно-Китайского моря"],
        "западная часть Тихого океана": ["западной части Тихого океана"],
    }.items():
        assert {normalise(form) for form in forms} <= russian_cases(name)
    assert russian_cases("Кобани") == {"кобани"}


@pytest.mark.parametrize(
    "spelling",
    ["Şeyrik", "Sheyrik", "Sherik", "شيريك", "شيرك", "Шейрик", "Шейрек", "Шерке", "Şîrik", "Sherik crossing"],
)
def test_a_village_without_a_position_is_one_place_in_every_script(places: Gazetteer, spelling: str) -> None:
    assert places.resolve(spelling) == "sherik"
    assert places.place("sherik").lat is None


@pytest.mark.parametrize(
    ("spelling", "slug"),
    [
        ("Kobanê", "ayn-al-arab"),
        ("عين العرب", "ayn-al-arab"),
        ("Ayn Issa", "ayn-issa"),
        ("عين عيسى", "ayn-issa"),
        ("Girê Spî", "tal-abyad"),
        ("Telabyad", "tal-abyad"),
        ("Tal Tamr", "tal-tamr"),
        ("Serêkaniyê", "ras-al-ayn"),
        ("Resulayn", "ras-al-ayn"),
        ("Dêrik", "al-malikiyah"),
        ("Girkê Legê", "al-muabbada"),
        ("Tirbespiyê", "al-qahtaniyah"),
        ("Amûdê", "amuda"),
        ("Dirbêsiyê", "al-darbasiyah"),
        ("Münbiç", "manbij"),
        ("Trunba", "trunba"),
        ("Kafr Shalaya", "kafr-shalaya"),
        ("Kafr Nabl", "kafr-nabl"),
        ("Japon Denizi", "sea-of-japan"),
    ],
)
def test_known_names_and_their_look_alikes(places: Gazetteer, spelling: str, slug: str) -> None:
    assert places.resolve(spelling) == slug


@pytest.mark.parametrize(
    ("spelling", "slug"),
    [
        ("Дербисию", "al-darbasiyah"),
        ("в", None),
        ("Derbesiye'de", "al-darbasiyah"),
        ("Derbesiye’den", "al-darbasiyah"),
        ("Kobani'nin", "ayn-al-arab"),
        ("Derbesiyeden", "al-darbasiyah"),
        ("بالدرباسية", "al-darbasiyah"),
        ("للدرباسية", "al-darbasiyah"),
        ("وسراقب", "saraqib"),
        ("east of al-Darbasiyah", "al-darbasiyah"),
        ("Akcakale (south of)", "akcakale"),
        ("Teljib (Tel Hajib)", "teljib"),
        ("Harabisyan Tahtani - Itwiran Tahtani", "kharabisan-tahtani"),
    ],
)
def test_inflected_and_qualified_names_resolve(places: Gazetteer, spelling: str, slug: str | None) -> None:
    assert places.resolve(spelling) == slug


@pytest.mark.parametrize(
    ("spelling", "slug"),
    [
        ("Darbassiyah", "al-darbasiyah"),
        ("Dikmedash", "dikmadash"),
        ("Kharabissan Tahtany", "kharabisan-tahtani"),
        ("Дарбасийя", "al-darbasiyah"),
        ("Sheryk", "sherik"),
        ("Кобане", "ayn-al-arab"),
    ],
)
def test_a_new_spelling_with_the_same_consonants_resolves(
    places: Gazetteer, spelling: str, slug: str
) -> None:
    assert not places.candidates(spelling)
    assert places.resolve(spelling) == slug
    assert places.resolve(spelling, fuzzy=False) is None


@pytest.mark.parametrize(
    "spelling",
    [
        "Kafr Yahmul",
        "Tal Rifai",
        "Ayn Dara",
        "Ankara",
        "West China Sea",
        "Ali",
        "Tahtani",
        "",
        "   ",
        "12",
        "عين",
    ],
)
def test_a_place_that_is_not_known_is_not_guessed(places: Gazetteer, spelling: str) -> None:
    assert places.resolve(spelling) is None


def test_two_readings_of_two_places_do_not_resolve(places: Gazetteer) -> None:
    assert places.resolve("Kobani (Qamishli)") is None


def test_homonyms_are_told_apart_by_what_is_near(places: Gazetteer) -> None:
    assert places.resolve("Talak") is None
    assert places.resolve("Talak", near=["al-darbasiyah"]) == "taalak"
    assert places.resolve("Talak", near=["ayn-al-arab"]) == "telk"
    assert places.resolve("Quneitra", near=["sherik"]) == "quneitra-darbasiyah"


def test_a_country_rules_out_places_elsewhere(places: Gazetteer) -> None:
    assert places.resolve("Derik", country="SY") == "al-malikiyah"
    assert places.resolve("Kobani", country="TR") is None


def test_a_stop_means_the_town_and_a_sector_the_province(places: Gazetteer) -> None:
    assert places.resolve("al-Hasakah") == "al-hasakah"
    assert places.areas("al-Hasakah") == ("al-hasakah-province",)
    assert places.areas("Darbasiyah - Amuda") == ("al-darbasiyah", "amuda")
    assert places.areas("Jawadya, Hasakah") == ("al-jawadiyah", "al-hasakah-province")
    assert places.areas("border strip") == ()


def test_places_are_found_with_their_article_and_without_their_ending(places: Gazetteer) -> None:
    text = "Devriye Derbesiye'de başladı; convoy left al-Darbasiyah, вышла из Дербисии, انطلقت من الدرباسية."
    hits = places.find(text)
    assert [hit.spelling for hit in hits] == ["Derbesiye", "al-Darbasiyah", "Дербисии", "الدرباسية"]
    assert {hit.slug for hit in hits} == {"al-darbasiyah"}


def test_an_arabic_conjunction_or_preposition_is_not_part_of_the_spelling(places: Gazetteer) -> None:
    hits = places.find("مرت بقرى شيريك وتورات وكركند ثم بالدرباسية")
    assert [hit.spelling for hit in hits] == ["شيريك", "تورات", "كركند", "الدرباسية"]


def test_the_longest_name_wins(places: Gazetteer) -> None:
    assert slugs(places, "near Jisr al-Shughur") == ["jisr-al-shughur"]
    assert slugs(places, "in Aleppo province") == ["aleppo-province"]
    assert slugs(places, "over the West Philippine Sea") == ["west-philippine-sea"]


@pytest.mark.parametrize(
    "text",
    ["Kobaniland", "Saraqibi", "the Halabi family", "a derik of oil", "الحلبي", "الجيشان التركي والروسي"],
)
def test_a_name_inside_a_word_or_in_small_letters_is_no_place(places: Gazetteer, text: str) -> None:
    assert slugs(places, text) == []


def test_punctuation_parts_names(places: Gazetteer) -> None:
    assert slugs(places, "Tal. Abyad") == []
    assert slugs(places, "Ras al-Ain, Tal Abyad") == ["ras-al-ayn", "tal-abyad"]
    assert slugs(places, "Ras\u00a0al–Ain") == ["ras-al-ayn"]


def test_an_ordinary_word_is_a_place_only_among_places(places: Gazetteer) -> None:
    assert slugs(places, "Minister Abbas met King Malik.") == []
    assert slugs(places, "Mr. Terry Malik and Alia Abbas of Kobani") == ["ayn-al-arab"]
    assert slugs(places, "قال الملك إن تلك التربة") == []
    assert slugs(places, "from Sherik through Malak, Abbas and Zahr al-Arab") == [
        "sherik",
        "malak",
        "abbas-darbasiyah",
        "dahr-al-arab",
    ]
    assert slugs(places, "at the village of Abbas") == ["abbas-darbasiyah"]


def test_a_homonym_in_a_text_is_decided_by_its_neighbours_or_left_out(places: Gazetteer) -> None:
    assert slugs(places, "They passed Talak.") == []
    assert "taalak" in slugs(places, "They left Sherik for Talak and Karkand.")


def test_a_gazetteer_from_bare_names() -> None:
    gazetteer = Gazetteer.from_names([("a", ["Alpha Town", "Альфа"]), ("b", ["Beta"])])
    assert slugs(gazetteer, "From Alpha Town to Beta, из Альфы") == ["a", "b", "a"]
    assert "a" in gazetteer
    assert len(gazetteer) == 2


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert Gazetteer([]).find("Kobani") == []
    assert Gazetteer([]).resolve("Kobani") is None


def test_parents_in_a_circle_end() -> None:
    rows = [
        PlaceRow(slug=one, parent=other, names=(PlaceName(one),)) for one, other in (("a", "b"), ("b", "a"))
    ]
    assert Gazetteer(rows).ancestors("a") == ["b", "a"]


@given(st.text(max_size=80))
def test_folding_keeps_an_origin_for_every_character(text: str) -> None:
    folded, origins = fold_with_origins(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)


@given(st.text(max_size=60))
def test_a_name_is_folded_to_letters_and_single_spaces(text: str) -> None:
    assert all(word.isalnum() for word in normalise(text).split(" ") if normalise(text))


NAMES = [
    "Kobani",
    "al-Darbasiyah",
    "Тель-Абьяд",
    "عين العرب",
    "Kamışlı",
    "Dirbêsiyê",
    "Ta'alak",
    "سراقب",
    "İdlib",
]
FILLER = st.text(alphabet="xq ,.;:-'’\n\t0123456789ـ\u200f\u0301", max_size=12)


@given(st.lists(st.tuples(FILLER, st.sampled_from(NAMES)), max_size=6), FILLER)
def test_every_hit_is_exactly_where_it_says(parts: list[tuple[str, str]], tail: str) -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    text = " ".join(f"{filler} {name}" for filler, name in parts) + " " + tail
    hits = gazetteer.find(text)
    assert [hit.spelling for hit in hits] == [text[hit.start : hit.end] for hit in hits]
    assert all(one.end <= other.start for one, other in pairwise(hits))
    for hit in hits:
        assert hit.slug in gazetteer.candidates(hit.spelling)


@given(st.text(max_size=200))
def test_no_text_breaks_the_search(text: str) -> None:
    gazetteer = Gazetteer.from_fixtures(FIXTURES)
    assert all(text[hit.start : hit.end] == hit.spelling for hit in gazetteer.find(text))
    gazetteer.resolve(text)
    gazetteer.areas(text)


def test_a_long_text_is_searched_in_linear_time(places: Gazetteer) -> None:
    text = "The convoy left Kobani, passed Gharib and Alishar, and came back. " * 2000
    started = time.perf_counter()
    assert len(places.find(text)) == 6000
    assert time.perf_counter() - started < 10


def test_a_text_without_spaces_is_searched_in_linear_time(places: Gazetteer) -> None:
    started = time.perf_counter()
    assert places.find("Kobaniland" * 50_000) == []
    assert time.perf_counter() - started < 10


def test_loaded_places_have_their_position_and_come_after_their_parent() -> None:
    rows = list(load_places(FIXTURES))
    seen: set[str] = set()
    for row in rows:
        assert not row.parent or row.parent in seen
        seen.add(row.slug)
        assert (row.lat is None) == (row.lon is None)
        assert row.lat is not None or not row.geonameid
    kobani = next(row for row in rows if row.slug == "ayn-al-arab")
    assert kobani.lat is not None
    assert kobani.lon is not None
    assert abs(kobani.lat - 36.89) < 0.02
    assert abs(kobani.lon - 38.35) < 0.02


def test_places_in_a_circle_are_refused(tmp_path: Path) -> None:
    head = "slug,name,kind,country,admin1,geonameid,lat,lon,where_precision,parent,basis\n"
    (tmp_path / "places.csv").write_text(head + "a,A,,,,,,,,b,\nb,B,,,,,,,,a,\n", encoding="utf-8")
    (tmp_path / "place_names.csv").write_text("place,name,lang,preferred,note\n", encoding="utf-8")
    with pytest.raises(ValueError, match="a, b"):
        list(load_places(tmp_path))
