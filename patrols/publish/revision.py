"""The data revision: one short text that changes whenever anything an audience can see may have changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, DateTimeField, F, Func, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

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
    patrols = Patrol.objects.order_by()
    parts = [
        _part(patrols, at=_max("updated_at")),
        _part(patrols.filter(visible_patrols()), at=_max("public_from")),
        _part(Patrol.history.order_by(), number=_max("history_id")),
        *(_part(model.objects.order_by(), at=_max("updated_at")) for model in REFERENCE),
        *(_part(model.objects.order_by(), number=_count()) for model in REFERENCE),
    ]
    found = list(parts[0].union(*parts[1:], all=True))
    text = repr((everything, sorted(map(repr, found))))
    written = [at for number, (at, _n) in enumerate(found) if at and number != PUBLIC_FROM]
    return hashlib.sha256(text.encode()).hexdigest()[:12], max(written, default=None)


PUBLIC_FROM = 1
"""Where the end of embargoes stands among the parts: nothing was written then."""
_NO_TIME = Cast(Value(None), DateTimeField())
_NO_NUMBER = Cast(Value(None), BigIntegerField())


def _part(rows: QuerySet[Any], *, at: Combinable = _NO_TIME, number: Combinable = _NO_NUMBER) -> Any:
    return rows.annotate(revision_at=at, revision_number=number).values_list("revision_at", "revision_number")


def _max(name: str) -> Func:
    """Not `Max`, which would group: a plain maximum is read from the end of an index."""
    kind = BigIntegerField() if name.endswith("_id") else DateTimeField()
    return Func(F(name), function="MAX", output_field=kind)


def _count() -> Func:
    return Func(Value(1), function="COUNT", output_field=BigIntegerField())
