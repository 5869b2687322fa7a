"""The record itself: patrols as adopted from their accounts, and everything that hangs on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djgeojson.fields import GeometryField

from .base import (
    DatePrecision,
    IncidentType,
    Stamped,
    State,
    Status,
    WherePrecision,
    history,
    in_order,
    new_uid,
    not_negative,
)
from .reference import Counter, Force, Place, Programme, Zone

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser


class Route(models.Model):
    """A distinct geometry, stored once by its hash; patrols point at it.

    Exact and public (snapped) geometries are rows of the same table; `Patrol.route` and
    `Patrol.public_route` say which is which.
    """

    hash = models.CharField(max_length=64, unique=True)
    geometry = GeometryField()
    length_km = models.FloatField(
        null=True, blank=True, help_text=_("Geodesic length on WGS 84; empty for areas.")
    )
    lat = models.FloatField(help_text=_("Of a point on the geometry that stands for it in tables."))
    lon = models.FloatField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["min_lon", "min_lat", "max_lon", "max_lat"])]

    def __str__(self) -> str:
        return f"{self.geometry.get('type', '?')} {self.hash[:8]}"


class PatrolQuerySet(models.QuerySet["Patrol"]):
    def visible_to(self, user: AbstractUser | AnonymousUser | None) -> PatrolQuerySet:
        """The one visibility rule. Every page, map, file, count and cache starts from it."""
        from ..record.visibility import sees_everything, visible_patrols

        return self if sees_everything(user) else self.filter(visible_patrols())

    def in_public_order(self) -> PatrolQuerySet:
        return self.order_by(models.F("date_start").desc(nulls_last=True), "uid")


class Patrol(Stamped):
    """One joint patrol. Its own figures are adopted from its accounts; only `record.apply` writes them."""

    AMOUNTS = ("personnel", "vehicles", "length_km", "depth_km", "duration_h")

    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="patrols")
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.DRAFT, db_index=True, editable=False
    )

    # Adopted.
    status = models.CharField(max_length=10, choices=Status.choices, blank=True, db_index=True)
    date_start = models.DateField(_("first day"), null=True, blank=True, db_index=True)
    date_end = models.DateField(_("last day"), null=True, blank=True)
    date_precision = models.PositiveSmallIntegerField(choices=DatePrecision.choices, null=True, blank=True)
    sector = models.CharField(max_length=200, blank=True)
    personnel_low = models.PositiveIntegerField(null=True, blank=True)
    personnel_best = models.PositiveIntegerField(null=True, blank=True)
    personnel_high = models.PositiveIntegerField(null=True, blank=True)
    vehicles_low = models.PositiveIntegerField(null=True, blank=True)
    vehicles_best = models.PositiveIntegerField(null=True, blank=True)
    vehicles_high = models.PositiveIntegerField(null=True, blank=True)
    length_km_low = models.FloatField(null=True, blank=True)
    length_km_best = models.FloatField(null=True, blank=True)
    length_km_high = models.FloatField(null=True, blank=True)
    depth_km_low = models.FloatField(null=True, blank=True)
    depth_km_best = models.FloatField(null=True, blank=True)
    depth_km_high = models.FloatField(null=True, blank=True)
    duration_h_low = models.FloatField(null=True, blank=True)
    duration_h_best = models.FloatField(null=True, blank=True)
    duration_h_high = models.FloatField(null=True, blank=True)
    air_support = models.CharField(max_length=200, blank=True)
    incident_type = models.CharField(max_length=15, choices=IncidentType.choices, blank=True, db_index=True)
    contested = models.JSONField(
        default=list, blank=True, help_text=_("Facts on which participants' statements differ.")
    )
    adoption = models.JSONField(
        default=dict, blank=True, help_text=_("For each fact: value, from where, why, and the others.")
    )

    # Where.
    zones = models.ManyToManyField(Zone, blank=True, related_name="patrols")
    route = models.ForeignKey(Route, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    public_route = models.ForeignKey(
        Route, null=True, blank=True, on_delete=models.SET_NULL, related_name="patrols"
    )
    where_precision = models.PositiveSmallIntegerField(choices=WherePrecision.choices, null=True, blank=True)
    public_where_precision = models.PositiveSmallIntegerField(
        choices=WherePrecision.choices, null=True, blank=True
    )
    length_computed_km = models.FloatField(
        null=True, blank=True, help_text=_("Of the public line; never mixed with reported.")
    )

    # One line of text a relation, kept by `record.apply`, so that lists and files need no join.
    parties = models.CharField(max_length=100, blank=True)
    forces_text = models.CharField(max_length=300, blank=True)
    zones_text = models.CharField(max_length=300, blank=True)
    ordinals_text = models.CharField(max_length=200, blank=True)
    places_text = models.TextField(blank=True)
    search_text = models.TextField(
        blank=True, help_text=_("Public text, folded to lower case, that the text filter searches.")
    )
    accounts_count = models.PositiveIntegerField(default=0)
    reports_count = models.PositiveIntegerField(default=0)
    sources_count = models.PositiveIntegerField(default=0, help_text=_("Distinct publishers."))

    # The way to the public.
    sensitive = models.BooleanField(
        default=False, help_text=_("Publish only coarse geometry and no place names.")
    )
    embargo_until = models.DateTimeField(
        null=True, blank=True, help_text=_("Later than the general embargo, if needed.")
    )
    public_from = models.DateTimeField(null=True, blank=True, db_index=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(
        null=True, blank=True, editable=False, db_index=True, help_text=_("Last public change.")
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    last_writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.TextField(blank=True, help_text=_("For editors; never published."))
    history = history("adoption", "search_text")

    objects = PatrolQuerySet.as_manager()

    class Meta:
        ordering = ["-date_start", "uid"]
        permissions = [
            ("approve_patrol", "Can approve and withdraw patrols"),
            ("import_accounts", "Can import files"),
        ]
        constraints = [
            in_order(
                "patrol", "date_start", "date_end", _("The patrol's last day lies before its first day.")
            ),
            *not_negative(
                "patrol", "personnel_low", "vehicles_low", "length_km_low", "depth_km_low", "duration_h_low"
            ),
            *[
                in_order(
                    "patrol", f"{name}_{a}", f"{name}_{b}", _("Low, best and high must be in rising order.")
                )
                for name in ("personnel", "vehicles", "length_km", "depth_km", "duration_h")
                for a, b in (("low", "best"), ("best", "high"))
            ],
            models.CheckConstraint(
                name="patrol_withdrawn_with_reason",
                condition=~Q(state=State.WITHDRAWN) | ~Q(withdrawn_reason=""),
                violation_error_message=_("A withdrawal needs a reason."),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "date_start"]),
            models.Index(fields=["state", "public_from"]),
            models.Index(fields=["-date_start", "uid"]),
        ]

    def __str__(self) -> str:
        return f"{self.programme.name}, {self.date_start or 'undated'}"

    def get_absolute_url(self) -> str:
        return f"/patrols/{self.uid}/"


class Ordinal(models.Model):
    """A patrol's number in one count. Two patrols under one number is a fact to show, not an error."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="ordinals")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="ordinals")
    number = models.PositiveIntegerField()
    accounts_count = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Accounts that give it.")
    )

    class Meta:
        ordering = ["counter", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["patrol", "counter", "number"],
                name="ordinal_once_per_patrol",
                violation_error_message=_("The patrol already has this number in this count."),
            )
        ]
        indexes = [models.Index(fields=["counter", "number"])]

    def __str__(self) -> str:
        return f"{self.counter.slug} {self.number}"


class Participation(models.Model):
    """A force in a patrol, with that force's own figures where they were given."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("participant")
        ESCORT = "escort", _("escort")
        OBSERVER = "observer", _("observer")

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="participations")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    personnel_low = models.PositiveIntegerField(null=True, blank=True)
    personnel_best = models.PositiveIntegerField(null=True, blank=True)
    personnel_high = models.PositiveIntegerField(null=True, blank=True)
    vehicles_low = models.PositiveIntegerField(null=True, blank=True)
    vehicles_best = models.PositiveIntegerField(null=True, blank=True)
    vehicles_high = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["force__country", "force__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["patrol", "force"],
                name="force_once_per_patrol",
                violation_error_message=_("This force already takes part in this patrol."),
            ),
            *[
                in_order(
                    "participation",
                    f"{name}_{a}",
                    f"{name}_{b}",
                    _("Low, best and high must be in rising order."),
                )
                for name in ("personnel", "vehicles")
                for a, b in (("low", "best"), ("best", "high"))
            ],
        ]

    def __str__(self) -> str:
        return str(self.force)


class Stop(models.Model):
    """A place on a patrol's route, in order, with the spelling the source used, resolved or not."""

    class Role(models.TextChoices):
        START = "start", _("start")
        VIA = "via", _("via")
        END = "end", _("end")

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()
    spelling = models.CharField(max_length=200)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="stops")
    role = models.CharField(max_length=5, choices=Role.choices, blank=True)

    class Meta:
        ordering = ["patrol", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["patrol", "order"],
                name="stop_order_once",
                violation_error_message=_("Two stops of the patrol have the same place in the order."),
            )
        ]

    def __str__(self) -> str:
        return self.spelling


class Incident(models.Model):
    """Something that happened to or by a patrol."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="incidents")
    type = models.CharField(max_length=15, choices=IncidentType.choices)
    note = models.CharField(max_length=500, blank=True, help_text=_("In our own words; published."))
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )

    class Meta:
        ordering = ["patrol", "pk"]

    def __str__(self) -> str:
        return str(self.get_type_display())


class Pin(Stamped):
    """An editor's own choice for one fact of a patrol, with the reason. It outranks every account."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="pins")
    fact = models.CharField(max_length=20)
    value = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, help_text=_("Why this value and not the accounts'. Published."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed = models.BooleanField(
        default=False, editable=False, help_text=_("Approved: only then it is public.")
    )
    history = history()

    class Meta:
        ordering = ["patrol", "fact"]
        constraints = [
            models.UniqueConstraint(
                fields=["patrol", "fact", "reviewed"],
                name="one_pin_per_fact",
                violation_error_message=_("This fact is already pinned."),
            ),
            models.CheckConstraint(
                name="pin_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("A pin needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.fact


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: AbstractUser | AnonymousUser | None) -> CorrectionQuerySet:
        """Lines on patrols that `user` may see, or that were public before they were withdrawn."""
        from ..record.visibility import sees_everything

        if sees_everything(user):
            return self
        once_public = Q(
            patrol__state=State.WITHDRAWN, patrol__public_from__lte=models.F("patrol__changed_at")
        )
        held = Q(kind=Correction.Kind.HELD)
        return self.filter(Q(patrol__in=Patrol.objects.visible_to(user)) | once_public | held)


class Correction(models.Model):
    """One line of the public log: what changed in the public record, when and why."""

    class Kind(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        MERGED = "merged", _("merged")
        HELD = "held", _("held back again")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    patrol = models.ForeignKey(Patrol, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.TextField()
    why = models.CharField(max_length=500)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what

    @property
    def public_what(self) -> str:
        """What a reader may be told: nothing that a sensitive or withdrawn patrol hides by now."""
        if self.kind != self.Kind.CHANGED:
            return self.what
        hidden = self.patrol.sensitive or self.patrol.state == State.WITHDRAWN
        return str(_("the record of this patrol was changed")) if hidden else self.what
