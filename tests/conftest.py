"""What every test has: quick password hashes, since none of them is about the strength of a hash."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import groupby
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import translation

from patrols.intake.gazetteer import load_places
from tests.scene import Scene, full_scene


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """A page in another language leaves it behind for whatever the test does next."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    """The cache outlives a test: a limit holds only in a test that is about it."""
    settings.EXPORT_RATE = settings.EXPORTS_AT_ONCE = 1_000_000


@pytest.fixture(scope="session", autouse=True)
def places_read_once() -> Iterator[None]:
    """Reading GeoNames takes longer than most tests."""
    read = cache(lambda folder: tuple(load_places(folder)))
    with patch("patrols.intake.reference.load_places", read):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of an empty record come before those of the same module that share a scene."""
    items[:] = [
        item
        for _module, group in groupby(items, key=lambda item: item.path)
        for item in sorted(group, key=lambda item: "standing_scene" in getattr(item, "fixturenames", ()))
    ]


@pytest.fixture(scope="module")
def standing_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene, made once for a module: its tests run inside a savepoint each, and it stays as it was."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        made = full_scene()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def scene(standing_scene: Scene, db: None) -> Scene:
    """The test's own copy. Not for tests that run outside a transaction: they make theirs."""
    return deepcopy(standing_scene)
