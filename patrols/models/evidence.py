"""What was published: reports, their accounts of single patrols, and their claims about programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import DatePrecision, IncidentType, Stamped, Status, history, in_order, new_uid, not_negative
from .reference import Counter, Programme, Publisher

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from .record import Patrol


class Desk(models.TextChoices):
    """What the review desk has decided about a report."""

    NEW = "new", _("new")
    LATER = "later", _("come back later")
    DONE = "done", _("brought in")
    NO_PATROL = "no_patrol", _("no patrol in it")
    DUPLICATE = "duplicate", _("duplicate")
    UNREADABLE = "unreadable", _("could not be read")


class Report(Stamped):
    """One published document."""

    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)
    url = models.URLField(_("address"), max_length=1000, blank=True, help_text=_("Where it was published."))
    title = models.CharField(max_length=500, blank=True)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="reports")
    published = models.DateField(null=True, blank=True, help_text=_("Empty where the page gives no date."))
    language = models.CharField(max_length=5, blank=True, help_text=_("ISO 639-1."))
    text = models.TextField(blank=True, help_text=_("For review only; never published."))
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    retrieved_at = models.DateTimeField(null=True, blank=True)
    same_story_as = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="repeats",
        help_text=_("The report that this one repeats. A repeat carries no weight of its own."),
    )
    canonical_url = models.URLField(max_length=1000, blank=True, editable=False, db_index=True)
    text_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        db_index=True,
        help_text=_("SHA-256 of the normalised text."),
    )
    signature = models.JSONField(
        default=list, blank=True, editable=False, help_text=_("Near-duplicate signature of the text.")
    )
    desk_state = models.CharField(
        max_length=10,
        choices=Desk.choices,
        blank=True,
        db_index=True,
        editable=False,
        help_text=_("Where it stands on the review desk; empty for reports that never were on it."),
    )
    attention = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("Why an editor should look twice: codes of `Attention`."),
    )
    desk_version = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Raised by every decision, so that two editors cannot overwrite each other."),
    )
    desk_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    desk_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    history = history("text", "signature")

    class Meta:
        ordering = ["-published", "uid"]
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="report_url_once",
                violation_error_message=_("A report with this address is already in the record."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.publisher}, {self.published or 'undated'}: {self.title or self.url or self.uid}"


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: AbstractUser | AnonymousUser | None) -> AccountQuerySet:
        """Accounts of patrols that `user` may see; for the public only those that a reviewer has approved."""
        from ..record.visibility import sees_everything
        from .record import Patrol

        if sees_everything(user):
            return self
        return self.filter(reviewed=True, patrol__in=Patrol.objects.visible_to(user))


class Account(Stamped):
    """What one report says of one patrol. Empty = the report does not say; never 0."""

    AMOUNTS = ("personnel", "vehicles", "length_km", "depth_km", "duration_h")

    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="accounts")
    patrol: models.ForeignKey[Patrol | None, Patrol | None] = models.ForeignKey(
        "patrols.Patrol",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="accounts",
        help_text=_("Empty while it waits for an editor to decide which patrol it tells of."),
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="accounts")
    speaker = models.ForeignKey(
        Publisher,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statements",
        help_text=_(
            "Whose statement the report carries, such as a ministry; empty where it is the publisher's own."
        ),
    )
    own_reporting = models.BooleanField(
        default=True, help_text=_("Untick where the report only repeats another one: a repeat weighs 1.")
    )
    number = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The patrol's number, as reported.")
    )
    counter = models.ForeignKey(
        Counter,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accounts",
        help_text=_("Whose count the number belongs to."),
    )
    date_start = models.DateField(_("first day"), null=True, blank=True)
    date_end = models.DateField(_("last day"), null=True, blank=True)
    date_precision = models.PositiveSmallIntegerField(
        choices=DatePrecision.choices, null=True, blank=True, help_text=_("How sharp the date is (UCDP).")
    )
    date_stated = models.BooleanField(
        _("date stated"),
        default=True,
        help_text=_("Untick where it was worked out from a weekday or a series."),
    )
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    sector = models.CharField(max_length=200, blank=True, help_text=_("The area, as the source names it."))
    areas = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("Slugs of the gazetteer places that the sector names."),
    )
    route = models.JSONField(
        default=list,
        blank=True,
        help_text=_(
            'Places in order: [{"name": "as spelled", "place": "slug or null", "role": "start|via|end"}].'
        ),
    )
    forces = models.JSONField(default=list, blank=True, help_text=_("Slugs of the forces."))
    forces_as_named = models.CharField(max_length=300, blank=True)
    personnel = models.PositiveIntegerField(null=True, blank=True, help_text=_("In all."))
    personnel_by_side = models.JSONField(default=dict, blank=True, help_text=_('By ISO code: {"TR": 24}.'))
    vehicles = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("In all; at sea ships, in the air aircraft.")
    )
    vehicles_by_side = models.JSONField(
        default=dict, blank=True, help_text=_('By ISO code: {"TR": 4, "RU": 4}.')
    )
    air_support = models.CharField(max_length=200, blank=True)
    length_km = models.FloatField(_("length (km)"), null=True, blank=True)
    depth_km = models.FloatField(_("depth (km)"), null=True, blank=True)
    duration_h = models.FloatField(_("duration (h)"), null=True, blank=True)
    incident_type = models.CharField(max_length=15, choices=IncidentType.choices, blank=True)
    incident_note = models.CharField(max_length=500, blank=True)
    qualifiers = models.JSONField(
        default=dict,
        blank=True,
        help_text=_('How a figure was put: {"vehicles": "about"}; about, over, under, planned.'),
    )
    spans = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Where in the report's text each fact stands: {fact: [[start, end], …]}."),
    )
    note = models.TextField(blank=True, help_text=_("For editors; never published."))
    row = models.CharField(
        max_length=100, blank=True, editable=False, help_text=_("The row id of the file it came in.")
    )
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    reviewed = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Approved: only such accounts speak for a published patrol."),
    )
    proposed = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=_("Changes to an approved account of a published patrol that wait for approval."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    history = history()

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["report__published", "uid"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "patrol"],
                name="account_once_per_report_and_patrol",
                violation_error_message=_("This report already has an account of this patrol."),
            ),
            in_order(
                "account", "date_start", "date_end", _("The patrol's last day lies before its first day.")
            ),
            *not_negative(
                "account", "number", "personnel", "vehicles", "length_km", "depth_km", "duration_h"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "date_start"]),
            models.Index(fields=["counter", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.report.publisher} on {self.date_start or 'an undated patrol'}"

    @property
    def party(self) -> str:
        """ISO code of the participant whose own statement this is, or ""."""
        voice = self.speaker or self.report.publisher
        return voice.party if voice.party in self.programme.parties else ""

    @property
    def weight(self) -> int:
        """3 a participant's own statement, 2 own reporting of an agency or monitor, 1 a repeat."""
        if self.report.same_story_as_id is not None:
            return 1
        if self.party:
            return 3
        voice = self.speaker or self.report.publisher
        reporters = (Publisher.Kind.AGENCY, Publisher.Kind.MONITOR, Publisher.Kind.GOVERNMENT)
        return 2 if self.own_reporting and voice.kind in reporters else 1


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: AbstractUser | AnonymousUser | None) -> ClaimQuerySet:
        from ..record.visibility import embargo_date, sees_everything

        if sees_everything(user):
            return self
        return self.filter(
            Q(report__published__isnull=True) | Q(report__published__lte=embargo_date()), reviewed=True
        )


class Claim(Stamped):
    """What a report says of a programme as a whole: "344 patrols, November 2019 to October 2023"."""

    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="claims")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="claims")
    counter = models.ForeignKey(
        Counter,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        help_text=_("Where the count is one area's or one party's."),
    )
    speaker = models.ForeignKey(
        Publisher, null=True, blank=True, on_delete=models.PROTECT, related_name="claims_made"
    )
    count = models.PositiveIntegerField(_("number of patrols"))
    qualifier = models.CharField(
        max_length=10, blank=True, help_text=_("about, over or under, where the source says so.")
    )
    date_from = models.DateField(_("from"), null=True, blank=True)
    date_from_precision = models.PositiveSmallIntegerField(
        choices=DatePrecision.choices, null=True, blank=True
    )
    date_to = models.DateField(
        _("to"), null=True, blank=True, help_text=_("Empty for a count that was still open.")
    )
    date_to_precision = models.PositiveSmallIntegerField(choices=DatePrecision.choices, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    row = models.CharField(max_length=100, blank=True, editable=False)
    reviewed = models.BooleanField(default=False, editable=False)
    history = history()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "date_to", "count"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "programme", "count", "row"],
                name="claim_once",
                violation_error_message=_("This claim of this report is already in the record."),
            ),
            in_order("claim", "date_from", "date_to", _("The claim's period ends before it starts.")),
            *not_negative("claim", "count"),
        ]

    def __str__(self) -> str:
        return f"{self.count} patrols of {self.programme.slug}"

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        if self.date_to and self.date_to > timezone.now().date():
            raise ValidationError({"date_to": _("The claim's period cannot end in the future.")})
