"""Heavy downloads for everybody: so many a minute, so many at once, and none that holds a worker for ever.

    @fair_exports                   a view that is limited for each address, or for each token
    held(request, response)         the same stream, in one of the places that the site has for them

The places are counted in the cache, which all processes share. A cache without an atomic `add` (the folder of
the embedded default) may let one more in when two ask in the same moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from .filtering import refusal
from .throttle import FairUse, TokenAuthentication

PLACE = "export:place:{number}"
AGAIN_SECONDS = 10
STALLED_SECONDS = 60
"""After which a reader that takes nothing is let go."""

View = Callable[..., HttpResponseBase]


class ExportUse(FairUse):
    scope = "export"

    @property
    def rates(self) -> tuple[int, int]:
        return settings.EXPORT_RATE, settings.EXPORT_TOKEN_RATE


def later(text: str, seconds: float, status: int) -> HttpResponse:
    """A refusal that says when to come back."""
    made = refusal([text], status=status)
    made["Retry-After"] = str(int(seconds))
    return made


def fair_exports(view: View) -> View:
    """Too many from one address in a minute: 429. An unknown token: 401."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # A copy, since reading the token would make its request anonymous.
        asked, use = Request(copy(request), authenticators=[TokenAuthentication()]), ExportUse()
        try:
            allowed = use.allow_request(asked, None)  # type: ignore[arg-type]
        except AuthenticationFailed as error:
            return refusal([str(error.detail)], status=401)
        if not allowed:
            seconds = use.wait() or AGAIN_SECONDS
            told = _("Too many downloads in one minute. Come back in {seconds} seconds.")
            return later(told.format(seconds=int(seconds)), seconds, 429)
        return view(request, *args, **kwargs)

    return limited


def held(request: HttpRequest, response: StreamingHttpResponse) -> HttpResponseBase:
    """The response in a place of its own, free again when the stream ends; 503 where all are taken."""
    place = _take()
    if place is None:
        response.close()
        told = _("Too many large downloads are running. Come back in {seconds} seconds.")
        return later(told.format(seconds=AGAIN_SECONDS), AGAIN_SECONDS, 503)
    # A reader that takes nothing would keep the thread that writes to it.
    if (link := request.META.get("gunicorn.socket")) is not None:
        with suppress(OSError):
            link.settimeout(STALLED_SECONDS)
    response.streaming_content = _Held(cast("Iterator[bytes]", response.streaming_content), place)
    return response


class Expired(Exception):
    """The download took longer than any may; it breaks off, so that nobody takes it for whole."""


class _Held:
    """The chunks, until the time is up; gives the place back whether they are read to the end or not."""

    def __init__(self, chunks: Iterator[bytes], place: tuple[str, str]) -> None:
        self.chunks = chunks
        self.place = place
        self.until = time.monotonic() + settings.EXPORT_SECONDS

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            if time.monotonic() > self.until:
                raise Expired(f"A download may take {settings.EXPORT_SECONDS} seconds.")
            return next(self.chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if hasattr(self.chunks, "close"):
            self.chunks.close()
        key, mine = self.place
        # Only one's own: after the time is up it may be somebody else's already.
        if cache.get(key) == mine:
            cache.delete(key)


def _take() -> tuple[str, str] | None:
    mine = get_random_string(12)
    for number in range(settings.EXPORTS_AT_ONCE):
        key = PLACE.format(number=number)
        if cache.add(key, mine, timeout=settings.EXPORT_SECONDS + STALLED_SECONDS):
            return key, mine
    return None
