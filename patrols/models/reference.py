"""What the record refers to: programmes, counters, publishers, forces, zones, lines, places, events."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from djgeojson.fields import GeometryField, LineStringField

from .base import DatePrecision, Stamped, WherePrecision, history, in_order

iso2 = RegexValidator(
    r"^[A-Z]{2}$", _("Give the country's ISO 3166-1 code of two capital letters, such as TR.")
)


class Line(Stamped):
    """A road (the M4) along which routes are drawn."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    geometry = LineStringField(help_text=_("GeoJSON LineString, longitude and latitude in WGS 84."))
    basis = models.TextField(help_text=_("How the line was made and how far it can be off."))
    history = history()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Zone(Stamped):
    """A polygon that patrols are reported in, with the time it held and how its outline was made."""

    class Kind(models.TextChoices):
        OPERATION_AREA = "operation_area", _("operation area")
        PATROL_STRIP = "patrol_strip", _("patrol strip")
        CORRIDOR = "corridor", _("corridor")
        OTHER = "other", _("other")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    geometry = GeometryField(help_text=_("GeoJSON Polygon or MultiPolygon, WGS 84."))
    depth_km = models.FloatField(_("depth (km)"), null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text=_("Empty while it still holds."))
    basis = models.TextField(help_text=_("How the outline was made. Shown wherever the zone is drawn."))
    min_lon = models.FloatField(editable=False, default=0)
    min_lat = models.FloatField(editable=False, default=0)
    max_lon = models.FloatField(editable=False, default=0)
    max_lat = models.FloatField(editable=False, default=0)
    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            in_order("zone", "valid_from", "valid_to", _("The zone's last day lies before its first day."))
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/zones/{self.slug}/"


class Programme(Stamped):
    """An arrangement under which forces of two or more states patrol together."""

    class Domain(models.TextChoices):
        LAND = "land", _("land")
        RIVER = "river", _("river")
        SEA = "sea", _("sea")
        AIR = "air", _("air")

    slug = models.SlugField(unique=True)
    code = models.CharField(max_length=80, unique=True, help_text=_("The programme's name in CSV files."))
    name = models.CharField(max_length=200)
    parties = models.JSONField(default=list, help_text=_("ISO 3166-1 codes of the states that take part."))
    domain = models.CharField(max_length=5, choices=Domain.choices, default=Domain.LAND)
    agreement = models.CharField(
        max_length=300, blank=True, help_text=_("The agreement it rests on, with its date.")
    )
    summary = models.TextField(blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    zones = models.ManyToManyField(Zone, blank=True, related_name="programmes")
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.SET_NULL, related_name="programmes"
    )
    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [in_order("programme", "start", "end", _("The programme ends before it starts."))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/programmes/{self.slug}/"


class Counter(Stamped):
    """Whose count a number belongs to. Parties count differently, so no number stands without its counter."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="counters")
    slug = models.SlugField(help_text=_("The count's name in CSV files (number_series)."))
    name = models.CharField(max_length=200)
    party = models.CharField(
        max_length=2, blank=True, validators=[iso2], help_text=_("ISO code, if one party counts.")
    )
    note = models.TextField(blank=True)
    history = history()

    class Meta:
        ordering = ["programme", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "slug"],
                name="counter_once_per_programme",
                violation_error_message=_("This programme already has a counter of that name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.programme.slug})"


class Publisher(Stamped):
    """Who published, and how far to trust it."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("a participant's ministry")
        GOVERNMENT = "government", _("other government body")
        STATE_MEDIA = "state_media", _("state media")
        AGENCY = "agency", _("news agency")
        MONITOR = "monitor", _("monitor")
        LOCAL_MEDIA = "local_media", _("local media")
        MEDIA = "media", _("other media")
        THINK_TANK = "think_tank", _("think tank")
        OTHER = "other", _("other")

    class Reliability(models.TextChoices):
        A = "A", _("A: completely reliable")
        B = "B", _("B: usually reliable")
        C = "C", _("C: fairly reliable")
        D = "D", _("D: not usually reliable")
        E = "E", _("E: unreliable")
        F = "F", _("F: reliability cannot be judged")

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MEDIA)
    country = models.CharField(max_length=2, blank=True, validators=[iso2])
    party = models.CharField(
        max_length=2,
        blank=True,
        validators=[iso2],
        help_text=_("ISO code, where it speaks for a state that patrols."),
    )
    reliability = models.CharField(
        max_length=1,
        choices=Reliability.choices,
        default=Reliability.F,
        help_text=_("Admiralty code of the source. Say why in the note."),
    )
    reliability_note = models.CharField(max_length=300, blank=True)
    homepage = models.URLField(blank=True, max_length=500)
    language = models.CharField(
        max_length=5, blank=True, help_text=_("ISO 639-1, where it publishes in one language.")
    )
    speaker_code = models.CharField(
        max_length=20,
        blank=True,
        db_index=True,
        help_text=_("Its name in the CSV column statement_by, if any."),
    )
    aliases = models.JSONField(
        default=list, blank=True, help_text=_("Other spellings of its name in sources.")
    )
    history = history()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Force(Stamped):
    """A service of a state, in a tree under its country."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, validators=[iso2])
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    kind = models.CharField(max_length=40, blank=True)
    aliases = models.JSONField(default=list, blank=True, help_text=_("Names that sources use for it."))
    history = history()

    class Meta:
        ordering = ["country", "name"]
        constraints = [
            models.CheckConstraint(
                name="force_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                violation_error_message=_("A force cannot stand under itself."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    def get_absolute_url(self) -> str:
        return f"/forces/{self.slug}/"


class Place(Stamped):
    """A gazetteer entry. It may be known by name only: a position is never made up."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=2, blank=True, validators=[iso2])
    admin1 = models.CharField(max_length=100, blank=True)
    geonameid = models.PositiveIntegerField(null=True, blank=True, unique=True)
    lat = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    where_precision = models.PositiveSmallIntegerField(
        choices=WherePrecision.choices,
        null=True,
        blank=True,
        help_text=_("How sharp the position is (UCDP)."),
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    basis = models.CharField(max_length=300, blank=True, help_text=_("Where the position comes from."))
    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="place_lat_with_lon",
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(
                    lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)
                ),
                violation_error_message=_(
                    "Give latitude (-90 to 90) and longitude (-180 to 180) together, or neither."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """One name of a place, in one language or script."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200, db_index=True)
    language = models.CharField(max_length=5, blank=True, help_text=_("ISO 639-1, empty where not known."))
    preferred = models.BooleanField(default=False, help_text=_("The name to show in this language."))

    class Meta:
        ordering = ["place", "language", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name", "language"],
                name="place_name_once",
                violation_error_message=_("The place already has this name in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContextEvent(Stamped):
    """A dated fact that frames the record: an agreement, a suspension, a resumption."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        SUSPENSION = "suspension", _("suspension")
        RESUMPTION = "resumption", _("resumption")
        OPERATION = "operation", _("military operation")
        START = "start", _("start")
        END = "end", _("end")
        OTHER = "other", _("other")

    slug = models.SlugField(unique=True, max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=200)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    date_precision = models.PositiveSmallIntegerField(
        choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    programmes = models.ManyToManyField(Programme, blank=True, related_name="events")
    note = models.TextField(blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=1000, blank=True)
    history = history()

    class Meta:
        ordering = ["start", "slug"]
        constraints = [in_order("contextevent", "start", "end", _("The event ends before it starts."))]

    def __str__(self) -> str:
        return f"{self.start}: {self.title}"
