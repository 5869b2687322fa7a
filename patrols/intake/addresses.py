"""Which addresses the intake may call: the one place that decides.

`check_url` takes an address apart once; everything after it works on the `Target` and never parses the
address again, so that what was checked is what is called. `resolve` turns the host's name into socket
addresses once, checks every one of them, and the client connects to exactly those: a name that answers
differently the second time (DNS rebinding) is never asked a second time.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from .errors import BadAddress, HostNotFound, TooSlow, UnsafeAddress

MAX_URL = 2000
"""Characters. Longer addresses are not addresses of reports."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# What `ipaddress` calls global (in some of the Python versions we run on) and we do not: relay and tunnel
# prefixes, which lead to an IPv4 address of the sender's choice, ranges reserved since, and the address
# under which one large cloud offers its machines' secrets.
NOT_FOR_US = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address, taken apart and found fit to call. `path` includes the query and is ASCII."""

    scheme: str
    host: str
    """Lower-case ASCII (IDNA), without brackets or a final dot."""
    port: int
    path: str

    @property
    def origin(self) -> str:
        """`https://example.org`, with the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return f"{self.scheme}://{host}" + ("" if self.port == usual else f":{self.port}")

    @property
    def url(self) -> str:
        return self.origin + self.path

    @property
    def host_and_port(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def check_url(url: str, *, ports: Collection[int], allowed_hosts: Collection[str] = ()) -> Target:
    """The address taken apart, or `BadAddress`/`UnsafeAddress` with a sentence for the editor.

    `allowed_hosts` names test hosts as "host:port"; they may use a port outside `ports`.
    """
    url = url.strip()
    if not url or len(url) > MAX_URL or re.search(r"[\x00-\x20\x7f\\]", url):
        raise BadAddress(url, "it is empty, too long, or has spaces, backslashes or control characters in it")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress(url, "it cannot be taken apart") from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise UnsafeAddress(url, "only http and https are read")
    if "@" in parts.netloc:
        raise UnsafeAddress(url, "it carries a user name or a password")
    host = _plain_host(url, host)
    target = Target(
        scheme=scheme,
        host=host,
        port=port if port is not None else {"http": 80, "https": 443}[scheme],
        path=_plain_path(parts.path, parts.query),
    )
    if target.port not in ports and target.host_and_port not in allowed_hosts:
        raise UnsafeAddress(url, f"port {target.port} is not among those that are read")
    return target


def _plain_host(url: str, host: str) -> str:
    refusal = BadAddress(url, "its host is not a name or a plain IP address")
    try:
        if ":" in host:
            if "%" in host:
                raise refusal
            return str(ipaddress.IPv6Address(host))
        host = (host if host.isascii() else host.encode("idna").decode("ascii")).lower().removesuffix(".")
    except ValueError:
        raise refusal from None
    if len(host) > 253 or not re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", host):
        raise refusal
    last = host.rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        # Some resolvers read 2130706433, 0177.0.0.1 or 0x7f.1 as IPv4; only the plain form passes.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise UnsafeAddress(url, "its host is a number in disguise") from None
    return host


def _plain_path(path: str, query: str) -> str:
    path = quote(path or "/", safe="/%:=&~+!$,;'@()*-._")
    return path + ("?" + quote(query, safe="/%:=&~+!$,;'@()*-._?[]{}|") if query else "")


def is_public(address: IPAddress) -> bool:
    """Whether an address on the open internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or address.scope_id:
            return False
    if any(address in network for network in NOT_FOR_US if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_private or address.is_unspecified
    )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One socket address that a name resolved to, as `socket` wants it."""

    family: int
    sockaddr: tuple[str, int] | tuple[str, int, int, int]


def resolve(target: Target, *, seconds: float, allowed_hosts: Collection[str] = ()) -> tuple[Endpoint, ...]:
    """Every address of the host, all of them checked; to be connected to as they are.

    One address that is not public refuses the whole name: an honest name has no such address.
    """
    found = _within(seconds, lambda: _lookup(target), target.host)
    endpoints = []
    for family, sockaddr in found:
        address = ipaddress.ip_address(str(sockaddr[0]))
        if target.host_and_port not in allowed_hosts and not is_public(address):
            raise UnsafeAddress(target.url, "its host is not on the public internet")
        endpoints.append(Endpoint(family, sockaddr))
    if not endpoints:
        raise HostNotFound(target.host, transient=False)
    return tuple(endpoints)


Found = list[tuple[int, tuple[str, int] | tuple[str, int, int, int]]]


def _lookup(target: Target) -> Found:
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        again = isinstance(error, socket.gaierror) and error.errno in (socket.EAI_AGAIN, socket.EAI_SYSTEM)
        raise HostNotFound(target.host, transient=again) from error
    unique = {(int(family), sockaddr) for family, _type, _proto, _name, sockaddr in answers}
    # IPv4 first: many a container has an IPv6 address and no way out with it.
    return sorted(unique, key=lambda answer: (answer[0] != socket.AF_INET, str(answer[1])))  # type: ignore[arg-type]


def _within(seconds: float, lookup: Callable[[], Found], host: str) -> Found:
    """`getaddrinfo` takes no time limit; a thread that nobody waits for gives it one."""
    result: list[Found] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            result.append(lookup())
        except Exception as error:
            failure.append(error)

    worker = threading.Thread(target=run, daemon=True, name=f"resolve {host}")
    worker.start()
    worker.join(seconds)
    if failure:
        raise failure[0]
    if not result:
        raise TooSlow(host, seconds)
    return result[0]
