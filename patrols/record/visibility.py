"""The one visibility rule: who may see which patrol, and from when.

A patrol is public when it is published, its embargo has run out and, if it was only announced, it is over.
The embargo is stored as `public_from` by `record.apply`; nothing else decides what the public sees.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ..models.base import State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser


def sees_everything(user: AbstractUser | AnonymousUser | None) -> bool:
    """Editors, reviewers and administrators do; analysts and visitors see the public record."""
    return bool(user and user.is_active and user.is_staff and user.has_perm("patrols.change_patrol"))


def visible_patrols(now: datetime | None = None) -> Q:
    """What the public sees at `now`."""
    return Q(state=State.PUBLISHED, public_from__lte=now or timezone.now())


def public_from(date_end: date | None, embargo_until: datetime | None) -> datetime | None:
    """When a patrol that ended on `date_end` may become public; None where its date is not known.

    A patrol without any date is held until an editor gives one or sets `embargo_until`: nobody can tell
    that it is over.
    """
    if date_end is None:
        return embargo_until
    over = datetime.combine(date_end + timedelta(days=1), time(), tzinfo=UTC)
    earliest = over + timedelta(hours=settings.EMBARGO_HOURS)
    return max(earliest, embargo_until) if embargo_until else earliest


def embargo_date() -> date:
    """The last day on which a patrol can have ended to be public now."""
    return (timezone.now() - timedelta(hours=settings.EMBARGO_HOURS, days=1)).date()
