from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from .surroundings import Surroundings, broker_address, own_database


@pytest.fixture(params=["redis" if settings.CELERY_BROKER_URL.startswith("redis") else "filesystem"])
def surroundings(request: Any, tmp_path: Path, db: None) -> Iterator[Surroundings]:
    broker = broker_address(request.param)
    with own_database(tmp_path) as database:
        made = Surroundings(tmp_path, database, broker)
        try:
            yield made
        finally:
            made.close()
            if request.param == "redis":
                server = redis.Redis.from_url(broker)
                for key in server.scan_iter(f"{made.environment['TEST_QUEUE']}*"):
                    server.delete(key)
