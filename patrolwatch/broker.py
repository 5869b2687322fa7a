"""The embedded broker: Celery's filesystem transport, with messages that appear whole.

Kombu's own opens a message's file before it writes it. A worker that takes the file in between reads nothing,
loses the message and dies of it.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils import json


class Channel(filesystem.Channel):
    def _put(self, queue: Any, payload: Any, **_given: Any) -> None:  # type: ignore[override]
        """Written under a name that no reader asks for, then renamed. Raises `ChannelError`."""
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        try:
            aside = folder / f".{name}"
            aside.write_text(json.dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            aside.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel
