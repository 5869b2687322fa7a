"""When the record has changed, what is made of it is made again.

A nudge and no more: what is up to date is told by the data revision alone, and beat looks for what no nudge
told of, such as an embargo that ran out.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from ..record.changes import record_changed
from .revision import REFERENCE

ASKED = "snapshots-asked-for"
SETTLE_SECONDS = 0.5
"""Changes of one act come close together; one rebuilding is enough for all of them."""
LOST_SECONDS = 60
"""After so long a message that nobody has taken counts as lost."""


def connect() -> None:
    record_changed.connect(_changed, dispatch_uid="patrols.publish.changes")
    for model in REFERENCE:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"patrols.publish.{model.__name__}")


def _changed(**_signal: Any) -> None:
    """After the commit; a broker that is down must not undo what an editor did."""
    transaction.on_commit(ask, robust=True)


def ask() -> None:
    """Have the snapshots rebuilt, once for however many changes come before a worker begins."""
    from .tasks import refresh_snapshots

    if cache.add(ASKED, True, LOST_SECONDS):
        refresh_snapshots.apply_async(countdown=SETTLE_SECONDS, expires=LOST_SECONDS)


def begin() -> None:
    """From here on a further change asks again."""
    cache.delete(ASKED)
