"""The only way out: one GET, over http or https, to a public address, within bounds.

    fetch(url, policy, etag="", last_modified="") -> Fetched      raises FetchError
    DEFAULT                                                       the policy with the settings' defaults

What it never does: take a proxy or a password from the environment, keep or send cookies, follow an address
that has not been checked, connect to an address other than the checked one, or go on for longer or for more
bytes than the policy says. It does not sleep, retry or ask robots.txt: `robots.py` decides about those, and
the tasks act on it.

The gap between check and connection is closed by taking the name apart once (`addresses.resolve`) and handing
the checked socket addresses to the connection; the name itself serves only for the Host header and the
certificate.
"""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urljoin

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from .addresses import Endpoint, Target, check_url, resolve
from .decode import Bounded, charset_of
from .errors import (
    BadAddress,
    BadCertificate,
    BadStatus,
    BrokenAnswer,
    FetchError,
    NoConnection,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    UnsafeAddress,
    shorten,
)

KEPT_HEADERS = (
    "content-type",
    "content-language",
    "date",
    "etag",
    "last-modified",
    "retry-after",
    "x-robots-tag",
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Policy:
    """The bounds of one fetch."""

    user_agent: str = "PatrolWatch"
    ports: frozenset[int] = frozenset({80, 443})
    allowed_hosts: frozenset[str] = frozenset()
    """Test hosts ("127.0.0.1:8000") that need not be public; every other rule holds for them too."""
    max_bytes: int = 8 << 20
    """Of the body, as sent and as unpacked."""
    max_header_bytes: int = 64 << 10
    max_ratio: int = 100
    """Unpacked to packed, past the first megabyte."""
    seconds: float = 30
    """For everything: names, redirects, headers and body."""
    connect_seconds: float = 10
    idle_seconds: float = 15
    """Without a byte."""
    max_redirects: int = 5
    cut: bool = False
    """Keep the first `max_bytes` of a larger answer in place of refusing it (robots.txt)."""
    ca_file: str = ""
    """Further certificate authorities, as PEM: some ministries use ones that no browser knows."""
    accept: str = "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,*/*;q=0.5"


DEFAULT = Policy()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 2xx answer, or 304 as `not_modified` (then without a body)."""

    url: str
    """As it was asked for."""
    final_url: str
    """Where the last redirect led."""
    status: int
    headers: dict[str, str]
    """`KEPT_HEADERS` only, names in lower case."""
    body: bytes
    """Unpacked."""
    content_type: str
    """"text/html": lower case, without parameters."""
    charset: str
    """As the header names it, or ""; `decode.to_text` finds the one to read with."""
    sha256: str
    """Of the body."""
    retrieved_at: datetime
    etag: str
    last_modified: str
    not_modified: bool
    redirects: tuple[str, ...]
    """Every address on the way after the first."""


def fetch(url: str, policy: Policy = DEFAULT, *, etag: str = "", last_modified: str = "") -> Fetched:
    """GET `url`. Raises a `FetchError` for anything but 2xx and 304, with a sentence for the editor.

    `etag` and `last_modified` are those of the copy at hand: an unchanged document then comes back as
    `not_modified`.
    """
    deadline = time.monotonic() + policy.seconds
    target = check_url(url, ports=policy.ports, allowed_hosts=policy.allowed_hosts)
    seen = [target.url]
    while True:
        with _answer(target, policy, deadline, _headers(policy, etag, last_modified)) as response:
            if response.status in REDIRECTS and response.headers.get("location"):
                target = _next(target, response.headers["location"], policy)
                if target.url in seen or len(seen) > policy.max_redirects:
                    raise TooManyRedirects(url, loop=target.url in seen)
                seen.append(target.url)
                continue
            if not (200 <= response.status < 300 or (response.status == 304 and (etag or last_modified))):
                raise BadStatus(
                    target.url, response.status, retry_after(response.headers.get("retry-after", ""))
                )
            body = b"" if response.status == 304 else _body(response, target, policy)
            return _fetched(url, seen, response, body)


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (it gives seconds or a date), None where it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _headers(policy: Policy, etag: str, last_modified: str) -> dict[str, str]:
    headers = {
        "User-Agent": policy.user_agent,
        "Accept": policy.accept,
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    # They were a stranger's header once; only what cannot break ours goes back.
    kept = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return headers | {
        name: value for name, value in kept.items() if value and value.isascii() and value.isprintable()
    }


def _next(target: Target, location: str, policy: Policy) -> Target:
    # Headers reach us as Latin-1; addresses in them are UTF-8 where they are not ASCII.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        url = urljoin(target.url, location.strip())
    except ValueError:
        raise BadAddress(location, "the redirect to it cannot be taken apart") from None
    return check_url(url, ports=policy.ports, allowed_hosts=policy.allowed_hosts)


def _fetched(url: str, seen: list[str], response: HTTPResponse, body: bytes) -> Fetched:
    kept = {name: _clean(response.headers[name]) for name in KEPT_HEADERS if name in response.headers}
    content_type = kept.get("content-type", "")
    return Fetched(
        url=url,
        final_url=seen[-1],
        status=response.status,
        headers=kept,
        body=body,
        content_type=content_type.partition(";")[0].strip().lower(),
        charset=charset_of(content_type),
        sha256=hashlib.sha256(body).hexdigest(),
        retrieved_at=datetime.now(UTC),
        etag=kept.get("etag", ""),
        last_modified=kept.get("last-modified", ""),
        not_modified=response.status == 304,
        redirects=tuple(seen[1:]),
    )


def _clean(value: str) -> str:
    return shorten(value, 500)


# The connection


@contextmanager
def _answer(
    target: Target, policy: Policy, deadline: float, headers: dict[str, str]
) -> Iterator[HTTPResponse]:
    """Status and headers of one hop, its body still to be read, all of it before `deadline`."""
    seconds = max(0.05, min(policy.connect_seconds, deadline - time.monotonic()))
    endpoints = resolve(target, seconds=seconds, allowed_hosts=policy.allowed_hosts)
    watchdog = _Watchdog(deadline)
    connection = _connection(_Dialler(target, endpoints, policy, deadline, watchdog))
    try:
        connection.request("GET", target.path, headers=headers, preload_content=False, decode_content=False)
        yield connection.getresponse()
        if watchdog.rang:  # To a reader without a stated length, being cut off looks like the end.
            raise TooSlow(target.host, policy.seconds)
    except Exception as error:
        if watchdog.rang and not isinstance(error, UnsafeAddress | BadStatus):
            raise TooSlow(target.host, policy.seconds) from error
        if isinstance(error, FetchError):
            raise
        raise _named(error, target, policy) from error
    finally:
        watchdog.stop()
        connection.close()


def _named(error: Exception, target: Target, policy: Policy) -> Exception:
    """The domain error for what the HTTP library or socket raised; our own mistakes stay what they are."""
    cause: BaseException | None = error
    chain: list[BaseException] = []
    while cause is not None and len(chain) < 10:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return BadCertificate(target.host)
    if any(isinstance(one, TimeoutError | urllib3.exceptions.TimeoutError) for one in chain):
        return TooSlow(target.host, policy.idle_seconds)
    if isinstance(error, zlib.error):
        return BrokenAnswer(target.host, "it is not packed the way it says")
    if isinstance(error, ssl.SSLError):
        return BrokenAnswer(target.host, "no secure connection could be agreed on")
    if isinstance(error, OSError | http.client.HTTPException | urllib3.exceptions.HTTPError | ValueError):
        return BrokenAnswer(target.host)
    return error


def _body(response: HTTPResponse, target: Target, policy: Policy) -> bytes:
    """The unpacked body, never holding more than the limit and a chunk."""
    claimed = response.headers.get("content-length", "")
    if claimed.isdigit() and int(claimed[:18]) > policy.max_bytes and not policy.cut:
        raise TooLarge(target.host, policy.max_bytes)
    unpack = Bounded(
        response.headers.get("content-encoding", ""),
        host=target.host,
        max_bytes=policy.max_bytes,
        max_ratio=policy.max_ratio,
    )
    body = bytearray()
    while data := response.read(CHUNK, decode_content=False):
        try:
            body += unpack.feed(data)
        except TooLarge:
            if not policy.cut or unpack.kind:
                raise
            body += data
            return bytes(body[: policy.max_bytes])
        if unpack.taken > policy.max_bytes:
            raise TooLarge(target.host, policy.max_bytes)
    if not unpack.finished():
        raise BrokenAnswer(target.host)
    return bytes(body)


class _Watchdog:
    """Cuts the connection at the deadline, whatever the reader waits for.

    Time limits of sockets start anew with every byte; a server that drips one byte a second would never meet
    them. Shutting the socket down wakes any read, in the TLS handshake, the headers or the body alike.
    """

    def __init__(self, deadline: float) -> None:
        self.rang = False
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._ring)
        self._timer.daemon = True
        self._timer.start()

    def guard(self, sock: socket.socket) -> None:
        # A duplicate: TLS takes the first one's file descriptor over.
        with self._lock:
            self._hang_up()
            self._line = sock.dup()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._hang_up()

    def _ring(self) -> None:
        with self._lock:
            self.rang = True
            if self._line is not None:
                with suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


@dataclass(frozen=True, slots=True)
class _Dialler:
    """Connects to the checked addresses, and to no others."""

    target: Target
    endpoints: tuple[Endpoint, ...]
    policy: Policy
    deadline: float
    watchdog: _Watchdog

    def dial(self) -> socket.socket:
        for endpoint in self.endpoints:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TooSlow(self.target.host, self.policy.seconds)
            sock = socket.socket(endpoint.family, socket.SOCK_STREAM)
            try:
                sock.settimeout(min(self.policy.connect_seconds, left))
                sock.connect(endpoint.sockaddr)
            except OSError:
                sock.close()
                continue
            sock.settimeout(self.policy.idle_seconds)
            self.watchdog.guard(sock)
            return sock
        raise NoConnection(self.target.host)


class _CountedHeaders:
    """Stands before the socket's reader while status line and headers are read, and counts."""

    def __init__(self, reader: Any, limit: int, host: str) -> None:
        self.reader, self.left, self.limit, self.host = reader, limit, limit, host

    def readline(self, size: int = -1) -> bytes:
        line: bytes = self.reader.readline(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(line)
        if self.left < 0:
            raise TooLarge(self.host, self.limit, "The headers")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)


class _Response(http.client.HTTPResponse):
    def __init__(self, dialler: _Dialler, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dialler = dialler

    def begin(self) -> None:
        reader = self.fp
        limit, host = self._dialler.policy.max_header_bytes, self._dialler.target.host
        counted: Any = _CountedHeaders(reader, limit, host)
        self.fp = counted
        super().begin()
        if self.fp is counted:
            self.fp = reader


class _Plain(HTTPConnection):
    dialler: _Dialler

    def _new_conn(self) -> socket.socket:
        return self.dialler.dial()


class _Secure(HTTPSConnection):
    dialler: _Dialler

    def _new_conn(self) -> socket.socket:
        return self.dialler.dial()


def _connection(dialler: _Dialler) -> HTTPConnection:
    """Knows the host's name for the Host header and TLS, and gets its socket from `dialler`."""
    target, policy = dialler.target, dialler.policy
    connection: _Plain | _Secure
    if target.scheme == "http":
        connection = _Plain(target.host, target.port, timeout=policy.idle_seconds)
    else:
        connection = _Secure(
            target.host, target.port, timeout=policy.idle_seconds, ssl_context=_ssl_context(policy.ca_file)
        )
    connection.dialler = dialler
    connection.response_class = partial(_Response, dialler)  # type: ignore[assignment]
    return connection


@lru_cache(maxsize=8)
def _ssl_context(ca_file: str) -> ssl.SSLContext:
    """The system's authorities and, as slim containers have none, certifi's; and the ones the policy adds."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def cut_policy(policy: Policy, max_bytes: int) -> Policy:
    """The same policy, keeping the first `max_bytes` of the answer in place of refusing a larger one."""
    return replace(policy, max_bytes=max_bytes, cut=True)
