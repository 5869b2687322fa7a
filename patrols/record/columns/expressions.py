"""Values that files hold and no table has: database expressions, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Left, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from ...models import GEO_PRECISION, Account, DatePrecision, Publisher


def address(folder: str, path: str) -> Combinable:
    """The public address of what `path` (a slug or an id) names."""
    return Concat(Value(f"{settings.SITE_URL}/{folder}/"), F(path), Value("/"), output_field=CharField())


def edtf(start: str, end: str, precision: str) -> Combinable:
    """The date as EDTF (ISO 8601-2): a day, a month, a year, or an interval of them."""

    def span(length: int) -> Combinable:
        """The span to that many letters of the ISO date: 10 a day, 7 a month, 4 a year."""
        first = Left(Cast(start, CharField()), length)
        last = Left(Cast(end, CharField()), length)
        return Case(
            When(Q(**{f"{end}__isnull": True}) | Q(Exact(first, last)), then=first),
            default=Concat(first, Value("/"), last, output_field=CharField()),
            output_field=CharField(),
        )

    return Case(
        When(**{f"{start}__isnull": True}, then=Value("")),
        When(**{precision: DatePrecision.MONTH}, then=span(7)),
        When(**{precision: DatePrecision.YEAR}, then=span(4)),
        default=span(10),
        output_field=CharField(),
    )


def geo_precision(where_precision: str) -> Combinable:
    """ACLED-style 1 to 3 from UCDP `where_precision`."""
    return Case(
        *(When(**{where_precision: where}, then=Value(geo)) for where, geo in GEO_PRECISION.items()),
        default=None,
        output_field=IntegerField(),
    )


def of_point(route: str, value: str) -> Combinable:
    """`lat` or `lon` of a route that is a point or a line; an area must not look like a point."""
    return Case(
        When(
            Q(**{f"{route}__length_km__isnull": True})
            & Q(**{f"{route}__min_lon__lt": F(f"{route}__max_lon")}),
            then=None,
        ),
        default=F(f"{route}__{value}"),
        output_field=FloatField(),
    )


def of_sensitive_report(report: str) -> Q:
    """Rows whose report tells of a sensitive patrol: its title and address name the places."""
    return Q(Exists(Account.objects.filter(report=OuterRef(report), patrol__sensitive=True)))


def voice(value: str) -> Combinable:
    """A value of whoever speaks in an account: the speaker, or else the publisher."""
    return Case(
        When(speaker__isnull=False, then=F(f"speaker__{value}")),
        default=F(f"report__publisher__{value}"),
        output_field=CharField(),
    )


def is_own_statement() -> Q:
    """Accounts in which a participant itself speaks: `Account.party` in the database's words."""
    quoted = Concat(Value('"'), voice("party"), Value('"'), output_field=CharField())
    return Q(GreaterThan(StrIndex(Cast("programme__parties", TextField()), quoted), 0))


def weight() -> Combinable:
    """`Account.weight` in the database's words."""
    kinds = (Publisher.Kind.AGENCY, Publisher.Kind.MONITOR, Publisher.Kind.GOVERNMENT)
    reporters = Q(speaker__isnull=False, speaker__kind__in=kinds) | Q(
        speaker__isnull=True, report__publisher__kind__in=kinds
    )
    return Case(
        When(report__same_story_as__isnull=False, then=Value(1)),
        When(is_own_statement(), then=Value(3)),
        When(reporters & Q(own_reporting=True), then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
