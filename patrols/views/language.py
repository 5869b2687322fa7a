"""The language of a page: what its address asks for, else what the reader chose, else the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

PARAMETER = "lang"
YEAR_SECONDS = 365 * 24 * 3600


def asked_for(request: HttpRequest) -> str | None:
    """The language that the address names, if it is one of ours."""
    code = request.GET.get(PARAMETER)
    return code if code in dict(settings.LANGUAGES) else None


class LanguageMiddleware(LocaleMiddleware):
    """`?lang=tr` on any address sets the language, so that a copied address shows the same page to everyone.

    A page remembers the choice in a cookie, for the addresses that name none.
    """

    def process_request(self, request: HttpRequest) -> None:
        code = asked_for(request)
        if code is None:
            super().process_request(request)
            return
        translation.activate(code)
        request.LANGUAGE_CODE = code

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        code = asked_for(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if code and is_page and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != code:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                code,
                max_age=YEAR_SECONDS,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response
