"""What comes in, and what became of it: files, their rows, and later watched sources and their runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Stamped, new_uid
from .evidence import Account, Claim
from .record import Patrol


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
