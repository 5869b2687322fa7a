"""What comes in, and what became of it: files, their rows, and later watched sources and their runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Stamped, new_uid
from .evidence import Account, Claim, Report
from .record import Patrol
from .reference import Programme, Publisher


class ImportBatch(Stamped):
    """One uploaded file on its way in: checked, confirmed, brought in, or undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be checked")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked: waiting for your decision")
        QUEUED = "queued", _("waiting to be brought in")
        APPLYING = "applying", _("being brought in")
        DONE = "done", _("brought in")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)
    name = models.CharField(max_length=255)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    reviewed = models.BooleanField(
        default=False, help_text=_("The record that the project ships counts as reviewed.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0, help_text=_("Rows that founded a new patrol."))
    matched = models.PositiveIntegerField(default=0, help_text=_("Rows that joined a patrol."))
    waiting = models.PositiveIntegerField(
        default=0, help_text=_("Rows brought in that wait for an editor to place them.")
    )
    claims_only = models.PositiveIntegerField(
        default=0, help_text=_("Rows that tell of a programme, not of a patrol.")
    )
    changed = models.PositiveIntegerField(
        default=0, help_text=_("Rows that changed an account from an earlier file.")
    )
    unchanged = models.PositiveIntegerField(default=0, help_text=_("Rows already in the record."))
    rejected = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"


class ImportRow(models.Model):
    """What became of one row of a file, and what is needed to undo it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new patrol")
        MATCHED = "matched", _("joins a patrol")
        WAITING = "waiting", _("waits for an editor")
        CLAIM = "claim", _("claim about the programme")
        CHANGED = "changed", _("changes an account")
        UNCHANGED = "unchanged", _("already in the record")
        REJECTED = "rejected", _("rejected")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(help_text=_("Line of the file on which the row starts."))
    row = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    problems = models.JSONField(
        default=list, blank=True, help_text=_('For a rejected row: [{"column", "text"}].')
    )
    reasons = models.JSONField(default=list, blank=True, help_text=_("Why it joined, founded or waits."))
    raw = models.TextField(blank=True, help_text=_("A rejected row as it stood in the file."))
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    patrol = models.ForeignKey(Patrol, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(null=True, blank=True, help_text=_("A changed account as it was before."))

    class Meta:
        ordering = ["batch", "line"]
        indexes = [models.Index(fields=["batch", "outcome"])]

    def __str__(self) -> str:
        return f"line {self.line}: {self.get_outcome_display()}"


class WatchedSource(Stamped):
    """A feed or listing page that is polled for new reports."""

    class Kind(models.TextChoices):
        FEED = "feed", _("RSS, Atom or JSON feed")
        SITEMAP = "sitemap", _("news sitemap")
        LISTING = "listing", _("page that lists links")

    name = models.CharField(max_length=200)
    url = models.URLField(_("address"), max_length=1000, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FEED)
    link_pattern = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("For a listing page: a regular expression that a report's address matches."),
    )
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="watched")
    language = models.CharField(max_length=5, blank=True, help_text=_("ISO 639-1; empty to detect it."))
    programmes = models.ManyToManyField(Programme, blank=True, related_name="watched")
    must_contain = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Words of which a title or summary must hold one; empty takes everything."),
    )
    must_not_contain = models.JSONField(default=list, blank=True, help_text=_("Words that rule an item out."))
    every_minutes = models.PositiveIntegerField(_("interval (minutes)"), default=60)
    active = models.BooleanField(default=True)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    last_success = models.DateTimeField(null=True, blank=True, editable=False)
    next_run = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text=_("In a row."))
    resting = models.BooleanField(
        default=False, editable=False, help_text=_("Stopped by itself after repeated failure.")
    )
    brought = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Reports that it has brought so far.")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="watchedsource_interval",
                condition=models.Q(every_minutes__gte=5),
                violation_error_message=_("Poll no more often than every 5 minutes."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Job(Stamped):
    """One piece of work of the intake, once only by its key, as an editor can read it."""

    class Kind(models.TextChoices):
        POLL = "poll", _("poll a source")
        FETCH = "fetch", _("fetch a report")
        EXTRACT = "extract", _("extract accounts")
        MATCH = "match", _("look for the patrol")

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        RETRY = "retry", _("will be tried again")
        FAILED = "failed", _("failed")

    key = models.CharField(
        max_length=200, unique=True, help_text=_("What makes it one piece of work: never done twice.")
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    source = models.ForeignKey(
        WatchedSource, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs")
    arguments = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was last handed to the broker.")
    )
    not_before = models.DateTimeField(null=True, blank=True, db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=1000, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class Host(models.Model):
    """A site that is read from: when it may be called again, and what its robots.txt says."""

    origin = models.CharField(max_length=300, unique=True, help_text=_("Scheme, host and port."))
    free_at = models.DateTimeField(null=True, blank=True, help_text=_("Not called before; null: at once."))
    robots = models.TextField(blank=True)
    robots_unreachable = models.BooleanField(default=False)
    robots_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["origin"]

    def __str__(self) -> str:
        return self.origin


class Reading(models.Model):
    """What the extractor read in a report's text: drafts for an editor, never part of the record."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="reading")
    version = models.CharField(max_length=20, help_text=_("Of the extractor's rules."))
    made_at = models.DateTimeField()
    text_hash = models.CharField(max_length=64, help_text=_("Of the text that was read."))
    language = models.CharField(max_length=5, blank=True)
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.SET_NULL, related_name="readings"
    )
    confidence = models.FloatField(
        null=True, blank=True, help_text=_("The lowest of an account's facts, 0 to 1; null without account.")
    )
    accounts = models.JSONField(default=list)
    claims = models.JSONField(default=list)
    events = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    candidates = models.JSONField(
        default=list,
        help_text=_('By account: [{"patrol": uid, "score", "verdict", "reasons": [text]}], best first.'),
    )
    matched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{len(self.accounts)} accounts"


class FetchedPage(models.Model):
    """What was fetched, as it came: compressed, with its hash and time; never shown unsanitised."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="page")
    url = models.URLField(max_length=1000, help_text=_("After redirects."))
    content_type = models.CharField(max_length=200, blank=True)
    charset = models.CharField(max_length=40, blank=True)
    body = models.BinaryField(help_text=_("gzip"))
    sha256 = models.CharField(max_length=64)
    retrieved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class Attention(models.TextChoices):
    """Why an editor should look twice at a report."""

    LOW_CONFIDENCE = "low_confidence", _("some facts are uncertain")
    CONTRADICTION = "contradiction", _("its figures contradict each other")
    NO_ACCOUNT = "no_account", _("no patrol found in it")
    SEVERAL = "several", _("tells of several patrols")
    MANY_PLACES = "many_places", _("names very many places")
    NEAR_MATCH = "near_match", _("more than one patrol might fit")
    REPEAT = "repeat", _("repeats another report")
    MAYBE_REPEAT = "maybe_repeat", _("may repeat another report")
    UPDATED = "updated", _("its page was changed")
    UNDATED = "undated", _("no day of publication")
    FUTURE_DATE = "future_date", _("dated in the future")
    UNSUPPORTED_LANGUAGE = "unsupported_language", _("in a language that is not read here")
    PAYWALL = "paywall_stub", _("only its beginning is free to read")
    COOKIE_WALL = "cookie_wall", _("hidden behind a consent or robot check")
    EMPTY = "empty", _("no text in it")
    NOT_HTML = "not_html", _("neither a web page nor text")


class DeskDecision(models.Model):
    """One decision at the review desk, with what is needed to undo it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=20)
    undo = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what
