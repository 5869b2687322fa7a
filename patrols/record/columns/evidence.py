"""The tables of what was published: accounts, claims and reports."""

from __future__ import annotations

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from ...models import Account, Claim, Report
from .definition import Column, Made, Selection, Table, Type
from .expressions import edtf, of_sensitive_report, voice, weight
from .imported import INCIDENT_TYPES, STATUSES
from .shared import (
    AMOUNTS,
    DATE_PRECISIONS,
    PUBLISHER_KINDS,
    RELIABILITIES,
    SENSITIVE,
    UNITS,
    patrol_key,
    patrol_pks,
)


def _accounts(selection: Selection) -> QuerySet[Account]:
    accounts = Account.objects.visible_to(selection.user).filter(patrol__in=patrol_pks(selection))
    return accounts.order_by(
        F("patrol__date_start").desc(nulls_last=True),
        "patrol__uid",
        F("report__published").asc(nulls_last=True),
        "uid",
    )


def _claims(selection: Selection) -> QuerySet[Claim]:
    """Claims of the programmes that were asked for, whose period meets the days that were asked for."""
    claims = Claim.objects.visible_to(selection.user)
    if selection.programmes:
        claims = claims.filter(programme__slug__in=selection.programmes)
    if selection.first_day:
        claims = claims.filter(Q(date_to__isnull=True) | Q(date_to__gte=selection.first_day))
    if selection.last_day:
        claims = claims.filter(Q(date_from__isnull=True) | Q(date_from__lte=selection.last_day))
    return claims.order_by(F("date_to").desc(nulls_last=True), "programme__slug", "uid")


def _reports(selection: Selection) -> QuerySet[Report]:
    """Reports that the accounts come from, and those of the claims unless only patrols were asked for."""
    wanted = Q(Exists(_accounts(selection).order_by().filter(report=OuterRef("pk"))))
    if not selection.patrols_only:
        wanted |= Q(Exists(_claims(selection).order_by().filter(report=OuterRef("pk"))))
    return Report.objects.filter(wanted).order_by(F("published").desc(nulls_last=True), "uid")


_REPORT_OF_ACCOUNT = of_sensitive_report("report_id")

ACCOUNTS = Table(
    name="accounts",
    title="Accounts",
    description=(
        "One row for what one report says of one patrol. Empty means that the report does not say, never 0. "
        "Nothing is adopted or smoothed here."
    ),
    key=("id",),
    rows=_accounts,
    columns=(
        Column(name="id", type=Type.CODE, description="Permanent id.", source="uid"),
        patrol_key(),
        Column(
            name="report", type=Type.CODE, description="Id of the report (reports.id).", source="report__uid"
        ),
        Column(
            name="report_url",
            type=Type.URL,
            description="Address of the report.",
            reading="Empty where the report tells of a sensitive patrol.",
            source="report__url",
            hidden_if=_REPORT_OF_ACCOUNT,
        ),
        Column(
            name="report_published",
            type=Type.DATE,
            description="Day the report was published.",
            source="report__published",
        ),
        Column(
            name="publisher",
            type=Type.TEXT,
            description="Name of the publisher.",
            source="report__publisher__name",
        ),
        Column(
            name="speaker",
            type=Type.TEXT,
            description="Whose statement the report carries; the publisher itself where it is its own.",
            made=Made.DERIVED,
            source=voice("name"),
        ),
        Column(
            name="own_reporting",
            type=Type.BOOLEAN,
            description="False where the report only repeats another one.",
            source="own_reporting",
        ),
        Column(
            name="weight",
            type=Type.INTEGER,
            codes={
                3: "a participant's own statement",
                2: "own reporting of an agency or monitor",
                1: "a repeat",
            },
            description="What the account weighs when figures are adopted.",
            made=Made.DERIVED,
            source=weight(),
        ),
        Column(
            name="number",
            type=Type.INTEGER,
            description="The patrol's number, as reported.",
            reading="It means nothing without its count.",
            source="number",
        ),
        Column(
            name="counter",
            type=Type.CODE,
            description="Whose count the number belongs to.",
            source="counter__slug",
        ),
        Column(
            name="date_start",
            type=Type.DATE,
            description="First day of the span that the report gives.",
            source="date_start",
        ),
        Column(name="date_end", type=Type.DATE, description="Last day of that span.", source="date_end"),
        Column(
            name="date_edtf",
            type=Type.CODE,
            description="The same date as EDTF (ISO 8601-2).",
            made=Made.DERIVED,
            source=edtf("date_start", "date_end", "date_precision"),
        ),
        Column(
            name="date_precision",
            type=Type.INTEGER,
            codes=DATE_PRECISIONS,
            description="How sharp the date is (UCDP date_prec).",
            source="date_precision",
        ),
        Column(
            name="date_stated",
            type=Type.BOOLEAN,
            description="False where the date was worked out from a weekday or a series.",
            source="date_stated",
        ),
        Column(name="status", type=Type.CODE, codes=STATUSES, description="How far it got.", source="status"),
        Column(
            name="sector",
            type=Type.TEXT,
            description="The area, as the report names it.",
            reading=SENSITIVE,
            source="sector",
            hidden_if=Q(patrol__sensitive=True),
        ),
        Column(
            name="stops",
            type=Type.STOPS,
            description="Places on the route, in order, in the report's spelling.",
            reading=SENSITIVE,
            source="route",
            hidden_if=Q(patrol__sensitive=True),
        ),
        Column(
            name="forces",
            type=Type.NAMES,
            description="Forces that it names, as the record knows them.",
            made=Made.DERIVED,
            source="forces",
        ),
        Column(
            name="forces_as_named",
            type=Type.TEXT,
            description="Forces in the report's words.",
            source="forces_as_named",
        ),
        Column(name="personnel", type=Type.INTEGER, description="People in all.", source="personnel"),
        Column(
            name="personnel_by_side",
            type=Type.SIDES,
            description="People by state, such as RU:20;TR:24.",
            source="personnel_by_side",
        ),
        Column(name="vehicles", type=Type.INTEGER, description="Vehicles in all.", source="vehicles"),
        Column(
            name="vehicles_by_side",
            type=Type.SIDES,
            description="Vehicles by state, such as RU:4;TR:4.",
            source="vehicles_by_side",
        ),
        Column(
            name="air_support",
            type=Type.LIST,
            description="Aircraft that took part, as reported.",
            source="air_support",
        ),
        *(
            Column(
                name=fact,
                type=Type.NUMBER,
                unit=UNITS[fact],
                description=f"{AMOUNTS[fact]}.",
                source=fact,
            )
            for fact in UNITS
        ),
        *(
            Column(
                name=f"{fact}_qualifier",
                type=Type.CODE,
                codes={
                    "about": "about that",
                    "over": "more than that",
                    "under": "less than that",
                    "planned": "so planned",
                },
                description=f"How the report puts its figure for {fact}.",
                reading="Empty where the figure is given plainly.",
                source=KeyTextTransform(fact, "qualifiers"),
            )
            for fact in Account.AMOUNTS
        ),
        Column(
            name="incident_type",
            type=Type.CODE,
            codes=INCIDENT_TYPES,
            description="What happened to or by the patrol.",
            source="incident_type",
        ),
        Column(
            name="incident_note",
            type=Type.TEXT,
            description="What happened, in our own words.",
            reading=SENSITIVE,
            source="incident_note",
            hidden_if=Q(patrol__sensitive=True),
        ),
        Column(
            name="reviewed",
            type=Type.BOOLEAN,
            description="A reviewer has approved it.",
            reading="Always true in a public file.",
            source="reviewed",
        ),
    ),
)

CLAIMS = Table(
    name="claims",
    title="Claims",
    description=(
        "One row for what a report says of a programme as a whole. "
        "Of a filter, the programme and the dates apply to claims."
    ),
    key=("id",),
    rows=_claims,
    columns=(
        Column(name="id", type=Type.CODE, description="Permanent id.", source="uid"),
        Column(
            name="programme",
            type=Type.CODE,
            description="The programme, as it is named in addresses and filters.",
            source="programme__slug",
        ),
        Column(
            name="counter",
            type=Type.CODE,
            description="The count, where it is one area's or one party's.",
            source="counter__slug",
        ),
        Column(name="count", type=Type.INTEGER, description="The number of patrols claimed.", source="count"),
        Column(
            name="qualifier",
            type=Type.CODE,
            codes={"about": "about that", "over": "more than that", "under": "less than that"},
            description="How the report puts it.",
            source="qualifier",
        ),
        *(
            column
            for end, what in (("from", "begins"), ("to", "ends"))
            for column in (
                Column(
                    name=f"date_{end}",
                    type=Type.DATE,
                    description=f"Day on which the count {what}.",
                    reading="Empty where the report does not say.",
                    source=f"date_{end}",
                ),
                Column(
                    name=f"date_{end}_precision",
                    type=Type.INTEGER,
                    codes=DATE_PRECISIONS,
                    description=f"How sharp that day is (UCDP date_prec): a month {what} on its own edge.",
                    source=f"date_{end}_precision",
                ),
            )
        ),
        Column(
            name="speaker",
            type=Type.TEXT,
            description="Who claims it; the publisher where it is its own claim.",
            made=Made.DERIVED,
            source=voice("name"),
        ),
        Column(
            name="report", type=Type.CODE, description="Id of the report (reports.id).", source="report__uid"
        ),
        Column(
            name="report_url",
            type=Type.URL,
            description="Address of the report.",
            reading="Empty where the report tells of a sensitive patrol.",
            source="report__url",
            hidden_if=_REPORT_OF_ACCOUNT,
        ),
        Column(
            name="report_published",
            type=Type.DATE,
            description="Day the report was published.",
            source="report__published",
        ),
        Column(
            name="publisher",
            type=Type.TEXT,
            description="Name of the publisher.",
            source="report__publisher__name",
        ),
        Column(
            name="reviewed",
            type=Type.BOOLEAN,
            description="A reviewer has approved it.",
            reading="Always true in a public file.",
            source="reviewed",
        ),
    ),
)

_THE_REPORT = of_sensitive_report("pk")

REPORTS = Table(
    name="reports",
    title="Reports",
    description=(
        "One row for each published document that the accounts come from; also those of the claims, unless "
        "the filter asks for what only a patrol has."
    ),
    key=("id",),
    rows=_reports,
    columns=(
        Column(name="id", type=Type.CODE, description="Permanent id.", source="uid"),
        Column(
            name="url",
            type=Type.URL,
            description="Where it was published.",
            reading="Empty where it tells of a sensitive patrol.",
            source="url",
            hidden_if=_THE_REPORT,
        ),
        Column(
            name="title",
            type=Type.TEXT,
            description="Its title.",
            reading="Empty where it tells of a sensitive patrol.",
            source="title",
            hidden_if=_THE_REPORT,
        ),
        Column(
            name="publisher", type=Type.TEXT, description="Name of the publisher.", source="publisher__name"
        ),
        Column(
            name="publisher_kind",
            type=Type.CODE,
            codes=PUBLISHER_KINDS,
            description="What kind of publisher it is.",
            source="publisher__kind",
        ),
        Column(
            name="publisher_party",
            type=Type.CODE,
            description="The state it speaks for (ISO 3166-1), if that state patrols.",
            source="publisher__party",
        ),
        Column(
            name="reliability",
            type=Type.CODE,
            codes=RELIABILITIES,
            description="Admiralty code of the publisher.",
            source="publisher__reliability",
        ),
        Column(name="published", type=Type.DATE, description="Day it was published.", source="published"),
        Column(name="language", type=Type.CODE, description="ISO 639-1.", source="language"),
        Column(
            name="repeat",
            type=Type.BOOLEAN,
            description="It repeats another report and carries no weight of its own.",
            source=ExpressionWrapper(Q(same_story_as__isnull=False), output_field=BooleanField()),
        ),
        Column(
            name="retrieved",
            type=Type.TIME,
            description="When its text was fetched for review.",
            source="retrieved_at",
        ),
        Column(
            name="sha256",
            type=Type.CODE,
            description="SHA-256 of that text, which is not published.",
            made=Made.DERIVED,
            source="sha256",
        ),
    ),
)
