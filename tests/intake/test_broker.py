"""The embedded broker: a message is there as a whole or not at all."""

from __future__ import annotations

from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

import patrolwatch.celery  # noqa: F401


@pytest.fixture
def channel(tmp_path: Path) -> Any:
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    options = {**folders, "store_processed": False}
    return Connection("filesystem://", transport_options=options).default_channel


def test_a_message_is_not_taken_before_it_is_whole(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, early = Path.replace, []

    def look_first(aside: Path, target: Path) -> Path:
        with pytest.raises(Empty):
            channel._get("work")
        early.append(aside.read_text(encoding="utf-8"))
        return replace(aside, target)

    monkeypatch.setattr(Path, "replace", look_first)
    channel._put("work", {"body": "дозор"})

    assert len(early) == 1
    assert channel._get("work") == {"body": "дозор"}
    with pytest.raises(Empty):
        channel._get("work")


def test_a_folder_that_is_away_is_the_channels_own_error(channel: Any, tmp_path: Path) -> None:
    tmp_path.rmdir()
    with pytest.raises(ChannelError, match="Cannot add"):
        channel._put("work", {})
