"""What can go wrong while a source is read.

Every error has a `code` for rows and filters, a sentence that an editor can read (`str(error)`), and says
whether it is worth trying again by itself (`transient`) or not before somebody changes something.
"""

from __future__ import annotations

from typing import ClassVar


def shorten(text: str, limit: int = 120) -> str:
    """Addresses in messages come from strangers: cut, and without anything that is not printable."""
    text = "".join(char if char.isprintable() else "�" for char in text[: limit + 1])
    return text if len(text) <= limit else text[:limit] + "…"


class IntakeError(Exception):
    code: ClassVar[str] = "intake"
    transient: bool = False


class FetchError(IntakeError):
    """Raised by `fetch`; the subclasses say which rule or which failure it was."""

    code = "fetch"


class BadAddress(FetchError):
    code = "bad_address"

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"“{shorten(url)}” is not an address that can be read: {why}.")


class UnsafeAddress(FetchError):
    code = "unsafe_address"

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"“{shorten(url)}” was not called: {why}.")


class HostNotFound(FetchError):
    code = "host_not_found"

    def __init__(self, host: str, *, transient: bool) -> None:
        self.transient = transient
        super().__init__(
            f"The host “{shorten(host)}” cannot be found" + (" at the moment." if transient else ".")
        )


class NoConnection(FetchError):
    code = "no_connection"
    transient = True

    def __init__(self, host: str) -> None:
        super().__init__(f"“{shorten(host)}” does not take the connection.")


class BadCertificate(FetchError):
    code = "bad_certificate"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The certificate of “{shorten(host)}” could not be verified, so it may not be who it says it is."
        )


class BrokenAnswer(FetchError):
    """Cut off, reset, or not HTTP: often better the next time."""

    code = "broken_answer"
    transient = True

    def __init__(self, host: str, why: str = "the connection broke off midway") -> None:
        super().__init__(f"The answer of “{shorten(host)}” could not be read: {why}.")


class TooSlow(FetchError):
    code = "too_slow"
    transient = True

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"“{shorten(host)}” did not finish within {seconds:g} seconds.")


class TooLarge(FetchError):
    code = "too_large"

    def __init__(self, host: str, limit: int, what: str = "The answer") -> None:
        super().__init__(f"{what} of “{shorten(host)}” is larger than the {limit:,} bytes that are read.")


class PackedTooTight(FetchError):
    code = "packed_too_tight"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"“{shorten(host)}” sent something that unpacks to a multiple of its size, as only attacks do."
        )


class UnknownPacking(FetchError):
    code = "unknown_packing"

    def __init__(self, host: str, name: str) -> None:
        super().__init__(
            f"“{shorten(host)}” sent its answer packed in a way that is not read ({shorten(name, 40)})."
        )


class TooManyRedirects(FetchError):
    code = "too_many_redirects"

    def __init__(self, url: str, *, loop: bool) -> None:
        how = "sends the reader in a circle" if loop else "sends the reader on too many times"
        super().__init__(f"“{shorten(url)}” {how}.")


class BadStatus(FetchError):
    """An answer that is not the document. `retry_after` is in seconds, None where the server gave none."""

    code = "bad_status"
    AGAIN: ClassVar[frozenset[int]] = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
    WORDS: ClassVar[dict[int, str]] = {
        401: "asks for a password",
        402: "asks for payment",
        403: "does not let us in",
        404: "does not exist",
        410: "was taken down",
        429: "asks us to come back more slowly",
        451: "is withheld for legal reasons",
        503: "is out of service at the moment",
    }

    def __init__(self, url: str, status: int, retry_after: float | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        self.transient = status in self.AGAIN
        words = self.WORDS.get(status) or (
            "has trouble on its side" if status >= 500 else "did not give the document"
        )
        super().__init__(f"“{shorten(url)}” {words} (status {status}).")


class RobotsRefused(FetchError):
    code = "robots"

    def __init__(self, url: str, *, for_now: bool = False) -> None:
        self.transient = for_now
        why = (
            "its robots.txt cannot be read at the moment"
            if for_now
            else "the site's robots.txt asks us not to"
        )
        super().__init__(f"“{shorten(url)}” was not called: {why}.")


class BadFeed(IntakeError):
    """What came is not a feed of the kind it is said to be."""

    code = "bad_feed"

    def __init__(self, why: str) -> None:
        super().__init__(f"This feed cannot be read: {why}.")
