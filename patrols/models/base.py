"""What every table of the record shares: permanent ids, history, the choices of the field."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
ID_LENGTH = 10
PAIRS = [first + second for second in ID_ALPHABET for first in ID_ALPHABET]


def new_uid() -> str:
    """A short, opaque, random id without vowels or look-alikes: 28^10, about 3e14 values."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def uid_from(seed: str) -> str:
    """The id that a given seed always gets, so that the shipped record has the same addresses everywhere."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big") % len(ID_ALPHABET) ** ID_LENGTH
    pairs = []
    for _pair in range(ID_LENGTH // 2):
        number, rest = divmod(number, len(PAIRS))
        pairs.append(PAIRS[rest])
    return "".join(pairs)


class _AllButTheKey:
    """Names of fields without an index: history is looked up by the row that it is about."""

    def __contains__(self, name: object) -> bool:
        return name != "id"


def history(*excluded: str) -> HistoricalRecords:
    """Who changed what, when and why; kept for every table that an editor can write to."""
    return HistoricalRecords(excluded_fields=["updated_at", *excluded], no_db_index=_AllButTheKey())


class DatePrecision(models.IntegerChoices):
    """UCDP GED `date_prec`."""

    DAY = 1, _("day")
    FEW_DAYS = 2, _("2 to 6 days")
    WEEK = 3, _("a week or more, less than a month")
    MONTH = 4, _("month")
    YEAR = 5, _("year or longer")


class WherePrecision(models.IntegerChoices):
    """UCDP GED `where_prec`."""

    EXACT = 1, _("exact location")
    NEAR = 2, _("within about 25 km of a known point")
    ADM2 = 3, _("second-order administrative division (district)")
    ADM1 = 4, _("first-order administrative division (province)")
    LINEAR = 5, _("a line or area without a division's borders")
    COUNTRY = 6, _("country")
    INTERNATIONAL = 7, _("international waters or airspace")


GEO_PRECISION = {1: 1, 2: 1, 3: 2, 4: 3, 5: 2, 6: 3, 7: 3}
"""ACLED-style `geo_precision` 1 to 3, derived from UCDP `where_precision`."""


class Status(models.TextChoices):
    """How far a patrol got, later stages last in rank (see `record.adopt`)."""

    ANNOUNCED = "announced", _("announced")
    STARTED = "started", _("started, outcome not stated")
    COMPLETED = "completed", _("completed")
    SUSPENDED = "suspended", _("broken off")
    CANCELLED = "cancelled", _("cancelled")


class IncidentType(models.TextChoices):
    """Kinds of incident; `none` only where a report says that nothing happened."""

    NONE = "none", _("none, expressly")
    STONES = "stone_throwing", _("stone throwing")
    PROTEST = "protest", _("protest")
    BLOCKED = "blocked", _("road blocked")
    IED = "ied", _("explosive device")
    ATTACK = "attack", _("attack")
    CASUALTY = "casualty", _("casualty")
    OTHER = "other", _("other")


class State(models.TextChoices):
    """Where a patrol stands on its way to the public."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Stamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        abstract = True


def not_negative(model: str, *fields: str) -> list[models.CheckConstraint]:
    """A constraint a field, so that a violation names its field in a sentence an editor can read."""
    return [
        models.CheckConstraint(
            name=f"{model}_{name}_not_negative",
            condition=models.Q(**{f"{name}__gte": 0}) | models.Q(**{f"{name}__isnull": True}),
            violation_error_message=format_lazy(
                _("{field} cannot be negative."), field=name.replace("_", " ").capitalize()
            ),
        )
        for name in fields
    ]


def in_order(model: str, first: str, last: str, message: str | _StrPromise) -> models.CheckConstraint:
    """`first` is not after (or above) `last`, where both are known."""
    return models.CheckConstraint(
        name=f"{model}_{first}_before_{last}"[:63],
        condition=models.Q(**{f"{first}__lte": models.F(last)})
        | models.Q(**{f"{first}__isnull": True})
        | models.Q(**{f"{last}__isnull": True}),
        violation_error_message=message,
    )
