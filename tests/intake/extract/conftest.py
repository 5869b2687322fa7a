"""Short ways to read one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from patrols.intake.extract import AccountDraft, extract

PUBLISHED = date(2019, 11, 14)
"""A Thursday."""


@pytest.fixture
def account() -> Callable[..., AccountDraft]:
    """Extract a text that holds exactly one patrol and give its account."""

    def read(
        lang: str, text: str, title: str = "", published: date = PUBLISHED, publisher: str = ""
    ) -> AccountDraft:
        accounts = extract(text, title=title, published=published, lang=lang, publisher=publisher).accounts
        assert len(accounts) == 1
        return accounts[0]

    return read
