"""The language of a page, and the address that holds it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from patrols.templatetags.record import countries

from ..scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_languages(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("tr", "Türkçe"), ("ru", "Русский"), ("ar", "العربية")]


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("tr", "ltr"), ("ru", "ltr"), ("ar", "rtl")])
def test_the_address_names_the_language(client: Client, code: str, direction: str) -> None:
    page = client.get(f"/about/?lang={code}").content.decode()
    assert f'<html lang="{code}"' in page
    assert f'dir="{direction}"' in page


def test_the_choice_outlasts_the_address(client: Client) -> None:
    client.get("/about/?lang=tr")
    assert '<html lang="tr"' in client.get("/patrols/").content.decode()


def test_the_address_comes_before_the_choice_and_the_browser(client: Client) -> None:
    client.get("/about/?lang=tr")
    page = client.get("/about/?lang=ru", headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ru"' in page


def test_without_a_word_the_browsers_language_counts(client: Client) -> None:
    assert '<html lang="ar"' in client.get("/about/", headers={"accept-language": "ar"}).content.decode()


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    response = client.get("/about/?lang=xx")
    assert response.status_code == 200
    assert '<html lang="en"' in response.content.decode()
    assert not response.cookies


def test_files_leave_no_cookie(client: Client, scene: Scene) -> None:
    assert not client.get("/data/patrols.csv?lang=tr").cookies


def test_the_switch_keeps_the_rest_of_the_address(client: Client, scene: Scene) -> None:
    page = client.get("/patrols/?status=completed&sort=-date&lang=en").content.decode()
    assert 'href="?status=completed&amp;sort=-date&amp;lang=tr"' in page


@pytest.mark.parametrize(
    ("code", "said"), [("en", "Russia"), ("tr", "Rusya"), ("ru", "Россия"), ("ar", "روسيا")]
)
def test_countries_have_their_name_in_the_readers_language(code: str, said: str) -> None:
    from django.utils import translation

    with translation.override(code):
        assert said in countries("RU")
