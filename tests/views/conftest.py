from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def staff_client(db: None) -> Client:
    """A client of somebody who may see the whole record."""
    client = Client()
    client.force_login(User.objects.create_superuser("head", "head@example.org", "a-long-password"))
    return client
