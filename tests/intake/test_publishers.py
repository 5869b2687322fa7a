"""Who published, and whose text it is, from the name that a file gives its source."""

from __future__ import annotations

import pytest

from patrols.intake.publishers import PublisherNames, PublisherRow, Source

NAMES = PublisherNames(
    [
        PublisherRow("anadolu", "Anadolu Agency", ("AA",)),
        PublisherRow("posta", "Posta"),
        PublisherRow("reuters", "Reuters"),
        PublisherRow("ipa-news", "IPA News"),
        PublisherRow("sohr", "Syrian Observatory for Human Rights", ("SOHR",)),
        PublisherRow("sun-malaysia", "The Sun (Malaysia)"),
    ]
)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Posta", Source("posta")),
        ("posta ", Source("posta")),
        ("Posta (AA)", Source("posta", "anadolu")),
        ("Posta (citing AA)", Source("posta", "anadolu")),
        ("Posta (English, citing AA)", Source("posta", "anadolu")),
        ("Posta / Reuters", Source("posta", "reuters")),
        ("Reuters via IPA News", Source("ipa-news", "reuters")),
        ("Nobody via IPA News", Source("ipa-news")),
        ("SOHR (Arabic)", Source("sohr")),
        ("Syrian Observatory for Human Rights", Source("sohr")),
        ("The Sun (Malaysia)", Source("sun-malaysia")),
        ("Nobody", None),
        ("Nobody (AA)", None),
        ("Reuters via Nobody", None),
        ("", None),
    ],
)
def test_publisher_and_whom_it_carries(name: str, source: Source | None) -> None:
    assert NAMES.resolve(name) == source
