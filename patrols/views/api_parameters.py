"""What an address of the API asks for, read strictly: anything else is a 400 that names the parameter."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from ..filters import Box, BoxField, PatrolFilter
from ..models import Patrol
from ..publish.features import Collection
from ..record.columns import Column, Selection

LIMIT, MOST = 100, 10_000
OWN = ("limit", "cursor", "fields", "format", "f", "bbox", "datetime", "changed_since")
NOT_HERE = ("sort", "page", "bbox")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?")
_SALT = "patrols.api.cursor"


class BadParameter(Exception):
    """A parameter that cannot be answered. `name` is the parameter's, the text says what is allowed."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name, self.detail = name, detail


@dataclass(frozen=True, slots=True)
class Asked:
    selection: Selection
    box: Box | None
    limit: int
    after: Any
    columns: tuple[Column, ...]
    query: str
    """The parameters without the cursor, for links."""


def read(given: QueryDict, collection: Collection) -> Asked:
    """What everybody may see, whoever asks. Raises `BadParameter`."""
    for name, value in given.items():
        if "\x00" in name or any("\x00" in one for one in given.getlist(name)):
            raise BadParameter(name.replace("\x00", "�"), "NUL bytes are not allowed.")
        if len(given.getlist(name)) > 1 and name in OWN:
            raise BadParameter(name, "Give it once.")
        if len(value) > 2000:
            raise BadParameter(name, "At most 2,000 characters.")
    asked = _filter(given, collection)
    box = _box(given) if collection.geometry_type else None
    patrols = asked.qs
    if collection.filtered and (told := given.get("changed_since")) is not None:
        since = _moment("changed_since", str(told))
        changed = Q(changed_at__gte=since) | Q(public_from__gte=since) | Q(published_at__gte=since)
        patrols = patrols.filter(changed)
    if box is not None and collection.in_box is None:
        patrols = asked.in_box(patrols, "bbox", box)
    selection = asked.selection(None)
    kept = given.copy()
    kept.pop("cursor", None)
    return Asked(
        selection=Selection(
            patrols=patrols,
            user=None,
            programmes=selection.programmes,
            first_day=selection.first_day,
            last_day=selection.last_day,
            patrols_only=selection.patrols_only or bool(given.get("changed_since")),
        ),
        box=box if collection.in_box is not None else None,
        limit=_limit(given.get("limit")),
        after=_after(given.get("cursor"), collection, kept.urlencode()),
        columns=_columns(given.get("fields"), collection),
        query=kept.urlencode(safe=",:/"),
    )


def names(collection: Collection) -> list[str]:
    """The parameters that a collection knows."""
    own = [name for name in OWN if collection.geometry_type or name != "bbox"]
    if not collection.filtered:
        return [name for name in own if name not in ("datetime", "changed_since")]
    return [*own, *(name for name in PatrolFilter.get_filters() if name not in NOT_HERE)]


def _filter(given: QueryDict, collection: Collection) -> PatrolFilter:
    allowed = names(collection)
    for name in given:
        if name not in allowed:
            raise BadParameter(name, f"There is no such parameter. Known: {', '.join(sorted(allowed))}.")
    wanted = QueryDict(mutable=True)
    if collection.filtered:
        for name in given:
            if name not in OWN:
                wanted.setlist(name, given.getlist(name))
        for name, day in zip(("from", "to"), _interval(given.get("datetime")), strict=True):
            if day and name in wanted:
                raise BadParameter("datetime", "Give datetime, or from and to, not both.")
            if day:
                wanted[name] = day
    asked = PatrolFilter(wanted, queryset=Patrol.objects.visible_to(None))
    for name, texts in asked.errors.items():
        raise BadParameter(name, " ".join(map(str, texts)))
    return asked


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= MOST:
        raise BadParameter("limit", f"Give a whole number from 1 to {MOST}.")
    return int(text)


def _interval(text: str | None) -> tuple[str, str]:
    """First and last day of an OGC datetime: a moment, or an interval that may be open."""
    if not text:
        return "", ""
    parts = text.split("/")
    if len(parts) > 2:
        raise BadParameter("datetime", "Give a day, or two days with a slash between; .. leaves an end open.")
    first, last = (parts[0], parts[-1])
    days = []
    for part in (first, last):
        if part in ("", "..") and len(parts) == 2:
            days.append("")
        elif _DAY.fullmatch(part):
            days.append(part[:10])
        else:
            raise BadParameter("datetime", f"“{part[:40]}” is no day. Give YYYY-MM-DD, or .. for an end.")
    if not any(days):
        raise BadParameter("datetime", "One end of the interval must be a day.")
    return days[0], days[1]


def _box(given: QueryDict) -> Box | None:
    text = given.get("bbox")
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) == 6:
        parts = [*parts[:2], *parts[3:5]]
    try:
        box: Box | None = BoxField(required=True).clean(",".join(parts))
    except ValidationError as error:
        raise BadParameter("bbox", " ".join(error.messages)) from None
    return box


def _moment(name: str, text: str) -> datetime:
    moment = None
    with suppress(ValueError):
        moment = parse_datetime(text.replace(" ", "+")) or parse_datetime(f"{text}T00:00:00")
    if moment is None:
        raise BadParameter(name, "Give a time such as 2026-01-31T12:00:00Z.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _columns(text: str | None, collection: Collection) -> tuple[Column, ...]:
    if text is None:
        return collection.table.columns
    known = collection.table.by_name
    wanted = [name for name in text.split(",") if name]
    if strange := [name for name in wanted if name not in known]:
        raise BadParameter("fields", f"There is no column “{strange[0][:40]}”. Known: {', '.join(known)}.")
    return tuple(column for column in collection.table.columns if column.name in wanted)


def cursor(collection: Collection, key: Any, query: str) -> str:
    """Where the next page begins; signed, and good for this query only."""
    return signing.Signer(salt=_SALT).sign(_packed([collection.name, key, _digest(query)]))


def _packed(value: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:10]


def _after(text: str | None, collection: Collection, query: str) -> Any:
    if text is None:
        return None
    wrong = BadParameter("cursor", "It is not one that was given for this query. Follow the next link.")
    try:
        packed = signing.Signer(salt=_SALT).unsign(text)
        name, key, digest = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (signing.BadSignature, ValueError):
        raise wrong from None
    if name != collection.name or digest != _digest(_without_cursor(query)):
        raise wrong
    return key


def _without_cursor(query: str) -> str:
    return QueryDict(query).urlencode()
