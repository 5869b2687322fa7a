"""The data revision: one short text that changes whenever anything an audience can see may have changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from ..models import Claim, ContextEvent, Force, Patrol, Place, Programme, Publisher, Zone
from ..record.visibility import sees_everything, visible_patrols

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

REFERENCE = (Programme, Zone, Force, Place, Publisher, ContextEvent, Claim)


def data_revision(user: AbstractUser | AnonymousUser | None) -> str:
    """Twelve hex digits; two queries."""
    return data_state(user)[0]


def data_state(user: AbstractUser | AnonymousUser | None) -> tuple[str, datetime | None]:
    """The revision, and when a row was last written; two queries."""
    return revision_of(everything=sees_everything(user))


def revision_of(*, everything: bool) -> tuple[str, datetime | None]:
    """The same for those who see the whole record, or for the public.

    The number of public patrols is part of the revision, because an embargo runs out without anybody writing
    a row.
    """
    seen = Patrol.objects.aggregate(
        rows=Count("pk"), latest=Max("updated_at"), public=Count("pk", filter=visible_patrols())
    )
    parts = [model.objects.order_by().values_list(Max("updated_at"), Count("pk")) for model in REFERENCE]
    reference = list(parts[0].union(*parts[1:], all=True))
    text = repr((everything, sorted(seen.items()), sorted(map(repr, reference))))
    written = [moment for moment in (seen["latest"], *(row[0] for row in reference)) if moment]
    return hashlib.sha256(text.encode()).hexdigest()[:12], max(written, default=None)
