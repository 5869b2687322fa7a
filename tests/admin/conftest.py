"""One person of each role, signed in, and the small record of `tests.scene`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

PASSWORD = "a-long-password"


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    def make(name: str, role: str = "") -> User:
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=bool(role))
        if role:
            user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def editor(person) -> User:
    return person("edith", "editor")


@pytest.fixture
def reviewer(person) -> User:
    return person("rita", "reviewer")


@pytest.fixture
def administrator(person) -> User:
    return person("adam", "administrator")


@pytest.fixture
def analyst(person) -> User:
    return person("anna")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_editor(editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def as_reviewer(reviewer: User) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def as_administrator(administrator: User) -> Client:
    return signed_in(administrator)


@pytest.fixture
def as_analyst(analyst: User) -> Client:
    return signed_in(analyst)
