from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from .surroundings import Surroundings, broker_address, own_database


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    """Address of a migrated database without rows of its own: copied, since migrating takes longer."""
    folder = tmp_path_factory.mktemp("migrated")
    with own_database(folder) as database:
        given = os.environ | {"DATABASE_URL": database, "PATROLWATCH_HOME": str(folder)}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=given, check=True)
        yield database


@pytest.fixture(params=["redis" if settings.CELERY_BROKER_URL.startswith("redis") else "filesystem"])
def surroundings(request: Any, tmp_path: Path, db: None, migrated: str) -> Iterator[Surroundings]:
    broker = broker_address(request.param)
    with own_database(tmp_path, migrated) as database:
        made = Surroundings(tmp_path, database, broker)
        try:
            yield made
        finally:
            made.close()
            if request.param == "redis":
                server = redis.Redis.from_url(broker)
                for key in server.scan_iter(f"{made.environment['TEST_QUEUE']}*"):
                    server.delete(key)
