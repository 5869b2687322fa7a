"""What every test has: quick password hashes, since none of them is about the strength of a hash."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    """The cache outlives a test: a limit holds only in a test that is about it."""
    settings.EXPORT_RATE = settings.EXPORTS_AT_ONCE = 1_000_000
