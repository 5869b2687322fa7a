"""The catalogues: complete, in step with the code, compiled, and safe to fill in."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from patrols.management.commands.messages import LANGUAGES, catalogue, compiled, forms, messages, path
from patrols.management.commands.messages import untranslated as without_translation
from patrols.record.columns import LEDGER, TABLES
from tests.scene import full_scene

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_0-9]*\}|%[sd](?![a-zа-я])|</?[a-z]+[^>]*>")
PAGES = ("/", "/patrols/", "/programmes/", "/programmes/north/", "/insight/", "/data/", "/about/")


@pytest.fixture(scope="module")
def known() -> set[object]:
    return {message.id for message in messages() if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
class TestCatalogue:
    def test_every_message_has_its_translation(self, language: str) -> None:
        assert without_translation(language) == []

    def test_it_is_in_step_with_the_code(self, language: str, known: set[object]) -> None:
        kept = {message.id for message in catalogue(language) if message.id}
        assert {str(one) for one in kept} == {str(one) for one in known}

    def test_what_was_compiled_is_what_stands_in_it(self, language: str) -> None:
        assert path(language).with_suffix(".mo").read_bytes() == compiled(language)

    def test_what_is_filled_in_is_what_the_code_gives(self, language: str) -> None:
        for message in catalogue(language):
            if not message.id:
                continue
            ids = message.id if message.pluralizable else (message.id,)
            given = sorted(PLACEHOLDER.findall(ids[-1]))
            for text in forms(message):
                found = sorted(PLACEHOLDER.findall(text))
                # A form for one or two may say the number in a word.
                assert set(found) <= set(given) if message.pluralizable else found == given, text


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_come_in_the_language_and_its_direction(client: Client, language: str) -> None:
    full_scene()
    for page in PAGES:
        text = client.get(f"{page}?lang={language}").text
        assert f'<html lang="{language}"' in text
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in text
        assert "Joint military patrols, as reported" not in text
        assert ">Programmes</a>" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_tables_and_columns_mean_is_told_in_the_language(client: Client, language: str) -> None:
    tables = (*TABLES.values(), LEDGER)
    english = {table.description for table in tables}
    english |= {column.description for table in tables for column in table.columns} - {"ISO 639-1."}
    for page in ("/data/", "/data/codebook/", "/api/", "/api/collections"):
        asked = {"lang": language} | ({"f": "html"} if page.startswith("/api/") else {})
        text = unescape(client.get(page, asked).text)
        assert [one for one in english if one in text] == []
