"""Schemathesis against the OpenAPI document as served, over HTTP: what it promises, whatever is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scene import full_scene

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_failure(live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.SITE_URL = live_server.url
    settings.API_RATE = 1_000_000
    full_scene()
    done = subprocess.run(
        [
            str(SCHEMATHESIS),
            "run",
            f"{live_server.url}/api/openapi.json",
            *("--max-examples", "12", "--generation-deterministic", "--no-shrink"),
            *("--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color"),
            # A schema cannot say that a cursor is ours, that days are in order, or what slugs there are.
            *("--exclude-checks", "positive_data_acceptance"),
            *("--request-timeout", "60", "--suppress-health-check", "all"),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
