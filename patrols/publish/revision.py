"""The data revision: one short text that changes whenever anything an audience can see may have changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from django.db import connections
from django.db.models import DateTimeField, F, Func

from ..models import Claim, ContextEvent, Force, Patrol, Place, Programme, Publisher, Zone
from ..record.visibility import sees_everything, visible_patrols

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

REFERENCE = (Programme, Zone, Force, Place, Publisher, ContextEvent, Claim)


def data_revision(user: AbstractUser | AnonymousUser | None) -> str:
    """Twelve hex digits; one query."""
    return data_state(user)[0]


def data_state(user: AbstractUser | AnonymousUser | None) -> tuple[str, datetime | None]:
    """The revision, and when a row was last written; one query that reads a few index entries."""
    return revision_of(everything=sees_everything(user))


def revision_of(*, everything: bool) -> tuple[str, datetime | None]:
    """The same for those who see the whole record, or for the public.

    The latest end of an embargo that is over is part of the revision, because an embargo runs out without
    anybody writing a row; the last line of the patrols' history is, because a deleted patrol leaves no other
    trace.
    """
    public = Patrol.objects.filter(visible_patrols()).order_by()
    embargo = public.values_list(Func(F("public_from"), function="MAX", output_field=DateTimeField()))
    link = connections[public.db]
    sql, params = embargo.query.get_compiler(connection=link).as_sql()
    with link.cursor() as cursor:
        cursor.execute(f"{_written()} UNION ALL SELECT 'embargo', ({sql}), 0", params)
        found = cursor.fetchall()
    text = repr((everything, sorted(map(repr, found))))
    written = [_moment(at) for name, at, _number in found if at and name != "embargo"]
    return hashlib.sha256(text.encode()).hexdigest()[:12], max(written, default=None)


@cache
def _written() -> str:
    """Plain maxima are read from the end of an index; each name is a part of the revision of its own."""
    history = Patrol.history.model._meta.db_table
    parts = [
        f"SELECT 'patrols', MAX(updated_at), (SELECT MAX(history_id) FROM {history}) "
        f"FROM {Patrol._meta.db_table}",
        *(
            f"SELECT '{table}', MAX(updated_at), COUNT(*) FROM {table}"
            for table in (model._meta.db_table for model in REFERENCE)
        ),
    ]
    return " UNION ALL ".join(parts)


def _moment(at: datetime | str) -> datetime:
    """SQLite keeps times as texts."""
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)
