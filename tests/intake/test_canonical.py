from __future__ import annotations

import pytest

from patrols.intake.canonical import canonical_url, same_site, url_key


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Example.ORG:80/a/../b?b=2&a=1#top", "http://www.example.org/a/../b?a=1&b=2"),
        ("https://example.org/a?utm_source=x&id=3&fbclid=y", "https://example.org/a?id=3"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:8443/%7euser/%c5%9f", "https://example.org:8443/~user/%C5%9F"),
        ("https://example.org/ş", "https://example.org/%C5%9F"),
        ("https://örnek.example/", "https://xn--rnek-4qa.example/"),
        ("mailto:a@example.org", ""),
        ("javascript:alert(1)", ""),
        ("https://user:pass@example.org/", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_one_spelling_that_can_still_be_called(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical, "and it stays"


def test_a_relative_address_is_completed() -> None:
    assert canonical_url("../b?x=1", base="https://example.org/a/c/") == "https://example.org/a/b?x=1"


@pytest.mark.parametrize(
    "variant",
    [
        "http://example.org/news/1",
        "https://www.example.org/news/1/",
        "https://m.example.org/news/1",
        "https://amp.example.org/news/1",
        "https://example.org/news/1/amp",
        "https://example.org/amp/news/1",
        "https://example.org/news/1?amp=1",
        "https://example.org/news/1?utm_medium=social",
        "https://example.org/news/1/index.html",
    ],
)
def test_variants_of_one_page_have_one_key(variant: str) -> None:
    assert url_key(variant) == url_key("https://example.org/news/1")


@pytest.mark.parametrize(
    "other",
    ["https://example.org/news/2", "https://example.org/news/1?id=2", "https://example.net/news/1", ""],
)
def test_other_pages_have_other_keys(other: str) -> None:
    assert url_key(other) != url_key("https://example.org/news/1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.org/", "http://example.org/a", True),
        ("https://m.example.org/", "https://www.example.org/", True),
        ("https://news.example.org/", "https://example.org/", True),
        ("https://example.org/", "https://badexample.org/", False),
        ("https://example.org/", "https://org/", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
