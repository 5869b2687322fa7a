"""Fair use without keys: everybody may read so much, and who was given a token reads more."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from ..models import ApiToken
from ..models.access import digest

NOTED_EVERY = timedelta(hours=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer pw_…`. It opens nothing; it only raises the limits."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        kind, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        found = ApiToken.objects.filter(hash=digest(token.strip()), revoked_at__isnull=True).first()
        if found is None:
            raise AuthenticationFailed("This token is not known, or was revoked. Leave it out.")
        now = timezone.now()
        if found.last_used is None or now - found.last_used > NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)
        return AnonymousUser(), found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class FairUse(SimpleRateThrottle):
    """So many requests a minute for each address, or for each token."""

    scope = "api"

    def __init__(self) -> None:
        self.rate = f"{self.rates[0]}/minute"
        self.num_requests, self.duration = self.parse_rate(self.rate)

    @property
    def rates(self) -> tuple[int, int]:
        """For an address, and for a token."""
        return settings.API_RATE, settings.API_TOKEN_RATE

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if isinstance(request.auth, ApiToken):
            self.num_requests = self.rates[1]
            return f"throttle:{self.scope}:token:{request.auth.pk}"
        return f"throttle:{self.scope}:address:{self.get_ident(request)}"

    def wait(self) -> float | None:
        """Whole seconds, so that whoever waits exactly that long is let in."""
        seconds = super().wait()
        return None if seconds is None else math.ceil(seconds)
