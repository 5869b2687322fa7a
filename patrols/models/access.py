"""Who may ask the API for more: tokens that editors give to researchers."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Stamped

PREFIX = "pw_"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class ApiToken(Stamped):
    """A researcher's key to larger limits. It opens nothing that is not public; only its hash is kept."""

    name = models.CharField(max_length=200, help_text=_("Whom it was given to, and for what."))
    hash = models.CharField(max_length=64, unique=True, editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    last_used = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name

    def draw(self) -> str:
        """A new secret for this token, to be shown once."""
        secret = PREFIX + secrets.token_urlsafe(24)
        self.hash = digest(secret)
        return secret
