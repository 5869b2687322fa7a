"""When two addresses are one: the same page under the links that readers, ads and telephones make of it.

canonical_url(url, base="") -> str    still callable, without fragment and tracking; "" if no address
url_key(url) -> str                   for comparing only: equal for http, www, mobile and AMP variants
same_site(a, b) -> bool
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|y(s)?clid|mc_[ce]id|igshid|_ga|_gl|_openstat|ref_src|ref_url"
    r"|cmpid|ocid|at_(medium|campaign|custom\d)|ns_(campaign|mchannel|source|linkname)|spm|from_content|twclid|ttclid"
)
VARIANT_HOST = re.compile(r"^(www\d?|m|mobile|amp|wap)\.")
UNRESERVED = re.compile(r"%([0-9A-Fa-f]{2})")


def canonical_url(url: str, base: str = "") -> str:
    """Absolute http(s), host in lower-case ASCII, query sorted; "" where it is not such an address."""
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
            return ""
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    host = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(name.lower())
    )
    return urlunsplit((scheme, host, _path(parts.path), urlencode(query), ""))


def url_key(url: str) -> str:
    """Never to be called or shown. "" where `url` is not an address."""
    canonical = canonical_url(url)
    if not canonical:
        return ""
    parts = urlsplit(canonical)
    path = re.sub(r"(/amp|\.amp|/index\.(html?|php|aspx?))?/*$", "", parts.path)
    path = re.sub(r"^/amp(?=/)", "", path)
    query = "&".join(
        part
        for part in parts.query.split("&")
        if part not in ("amp=1", "amp=", "outputType=amp", "output=amp")
    )
    return _bare_host(parts.netloc) + path + (f"?{query}" if query else "")


def same_site(one: str, other: str) -> bool:
    """Whether the hosts are one, or one a part of the other: m.example.org and example.org."""
    try:
        hosts = [_bare_host(urlsplit(url).hostname or "") for url in (one, other)]
    except ValueError:
        return False
    if not all("." in host for host in hosts):
        return hosts[0] == hosts[1] != ""
    return hosts[0] == hosts[1] or any(a.endswith("." + b) for a, b in (hosts, hosts[::-1]))


def _bare_host(host: str) -> str:
    host = host.lower()
    return bare if "." in (bare := VARIANT_HOST.sub("", host)) else host


def _path(path: str) -> str:
    """One spelling: letters that need no escape plain, the rest escaped in capitals."""

    def plainer(found: re.Match[str]) -> str:
        char = unquote(found.group())
        return char if re.fullmatch(r"[A-Za-z0-9._~-]", char) else found.group().upper()

    return quote(UNRESERVED.sub(plainer, path or "/"), safe="/%:=&~+!$,;'@()*-._")
