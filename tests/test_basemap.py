"""The bundled base map: its towns and countries have names in every language of the site."""

from __future__ import annotations

import json

import pytest
from babel import Locale
from django.conf import settings

from patrols.management.commands.build_basemap import LANGUAGES, town_names

FOLDER = settings.BASE_DIR / "static" / "basemap"
REGION = json.loads((FOLDER / "region.json").read_text(encoding="utf-8"))
WORLD = json.loads((FOLDER / "world.json").read_text(encoding="utf-8"))
SCRIPT = {"ru": "\u0400\u04ff", "ar": "\u0600\u06ff"}
WITHOUT_CODE = {"N. Cyprus", "S. Geo. and the Is.", "Somaliland"}
NAME_NOT_SURE = {("ru", "Zakho"), ("ar", "Samandagi"), ("ar", "Tatvan")}


def test_the_languages_are_those_of_the_site_beside_its_own() -> None:
    assert {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE} == {*LANGUAGES}


def test_the_towns_have_the_names_of_the_fixture() -> None:
    names = {name: found for (name, _country), found in town_names(settings.BASE_DIR / "fixtures").items()}

    assert {name: found for name, _rank, _x, _y, found in REGION["towns"]} == names


@pytest.mark.parametrize("language", SCRIPT)
def test_every_town_has_a_name_in_the_script_of_the_language(language: str) -> None:
    first, last = SCRIPT[language]
    without = {
        (language, own)
        for own, *_at, found in REGION["towns"]
        if not any(first <= letter <= last for letter in found.get(language, ""))
    }

    assert without == {one for one in NAME_NOT_SURE if one[0] == language}


def test_every_labelled_country_has_a_code_that_every_language_names() -> None:
    labelled = [one for one in (*REGION["countries"], *WORLD["countries"]) if "label" in one]

    assert {one["name"] for one in labelled if "code" not in one} <= WITHOUT_CODE
    for language in LANGUAGES:
        territories = Locale(language).territories
        assert not {one["code"] for one in labelled if "code" in one} - {*territories}
