"""What a watched source offers to read: a list of addresses with what the source says about each.

    read_feed(body, url=..., kind="feed"|"sitemap"|"listing", pattern="", charset="") -> Feed

Raises `BadFeed`. One function per format; none of them fetches anything. `Feed.children` names further
sitemaps, for the caller to fetch or to leave.
"""

from __future__ import annotations

import calendar
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

import feedparser
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from lxml.html import HtmlElement

from .addresses import MAX_URL
from .decode import gunzip, to_text
from .errors import BadFeed, FetchError
from .markup import MAX_TITLE, parse_html, plain, tame
from .moments import read_moment, written_day

MAX_ITEMS = 500
MAX_SUMMARY = 2000
MAX_FEED = 8 << 20
"""Bytes of a sitemap, unpacked."""
KINDS = ("feed", "sitemap", "listing")


@dataclass(frozen=True, slots=True)
class FeedItem:
    url: str
    """Absolute, http or https, without a fragment."""
    title: str = ""
    published: datetime | None = None
    """Aware; the offset is the source's own where it gives one."""
    summary: str = ""
    """Plain text. A teaser, never the report."""
    lang: str = ""
    """ISO 639-1, as the source says; "" where it does not."""


@dataclass(frozen=True, slots=True)
class Feed:
    kind: str
    """"rss", "atom", "json", "sitemap" or "listing"."""
    items: tuple[FeedItem, ...]
    """In the source's order (sitemaps: newest first), each address once, at most `MAX_ITEMS`."""
    title: str = ""
    children: tuple[str, ...] = ()
    """A sitemap index's sitemaps, newest first."""
    skipped: int = 0
    """Entries without an address that can be read, or beyond the limit."""


def read_feed(body: bytes, *, url: str, kind: str = "feed", pattern: str = "", charset: str = "") -> Feed:
    """`url` is where the body was found; `pattern` (see `matches`) keeps only the addresses it fits.

    A "feed" may be RSS, Atom, JSON Feed or a sitemap; it is told from the document itself.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzip(body, host=urlsplit(url).hostname or "", max_bytes=MAX_FEED)
        except (FetchError, zlib.error) as error:
            raise BadFeed("its packing is broken or hides something far larger") from error
    text = to_text(body, charset).lstrip("\ufeff \t\r\n")
    if not text:
        raise BadFeed("it is empty")
    if kind == "listing":
        return _listing(text, url, pattern)
    if text.startswith("{"):
        return _json_feed(text, url, pattern)
    if "<!ENTITY" in text:
        raise BadFeed("it defines entities of its own, which only attacks do")
    start = text[:3000]
    if kind == "sitemap" or re.search(r"<(\w+:)?(urlset|sitemapindex)\b", start):
        return _sitemap(text[:MAX_FEED], url, pattern)
    return _rss_or_atom(text, url, pattern)


def matches(pattern: str, url: str) -> bool:
    """Whether `url` fits. `*` stands for anything; a pattern from "/" on is for path and query, else for all.

    "/news/*patrol*" fits https://example.org/news/2019/joint-patrol-13. An empty pattern fits everything.
    """
    if not pattern:
        return True
    if pattern.startswith("/"):
        parts = urlsplit(url)
        url = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    first, *rest = pattern.split("*")
    if not rest:
        return url == first
    if not url.startswith(first):
        return False
    position = len(first)
    for piece in rest[:-1]:
        found = url.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return len(url) - len(rest[-1]) >= position and url.endswith(rest[-1])


def _gather(
    kind: str,
    found: Iterable[FeedItem | None],
    pattern: str,
    *,
    title: str = "",
    children: tuple[str, ...] = (),
    newest_first: bool = False,
) -> Feed:
    items: dict[str, FeedItem] = {}
    skipped = 0
    for item in found:
        if item is None:
            skipped += 1
        elif matches(pattern, item.url):
            items.setdefault(item.url, item)
    kept = list(items.values())
    if newest_first:
        kept.sort(key=lambda item: item.published or datetime.min.replace(tzinfo=UTC), reverse=True)
    return Feed(kind, tuple(kept[:MAX_ITEMS]), title, children, skipped + max(0, len(kept) - MAX_ITEMS))


def _address(base: str, link: object) -> str:
    """Absolute and without fragment, or "" where it is not an address that could be read."""
    if not isinstance(link, str) or not link.strip() or len(link) > MAX_URL:
        return ""
    try:
        url = urljoin(base, re.sub(r"[\t\r\n]", "", link.strip())).partition("#")[0].replace(" ", "%20")
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return url if usable and len(url) <= MAX_URL else ""


def _language(value: object) -> str:
    found = re.match(r"[A-Za-z]{2}(?=$|[-_])", value) if isinstance(value, str) else None
    return found.group().lower() if found else ""


def _text(value: object, limit: int) -> str:
    return plain(value, limit) if isinstance(value, str) else ""


# RSS and Atom
# ------------


def _rss_or_atom(text: str, url: str, pattern: str) -> Feed:
    parsed = feedparser.parse(
        tame(text).encode("utf-8"),
        # We have found the charset; what the document says of itself is no longer true.
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.entries and not parsed.version:
        if re.search(r"(?i)<html|<!doctype html", text[:3000]):
            raise BadFeed("there is a web page at this address, not a feed")
        raise BadFeed("it is neither RSS nor Atom")
    lang = _language(parsed.feed.get("language"))
    found = (_entry(entry, url, lang) for entry in parsed.entries)
    kind = "atom" if str(parsed.version).startswith("atom") else "rss"
    return _gather(kind, found, pattern, title=_text(parsed.feed.get("title"), MAX_TITLE))


def _entry(entry: Any, base: str, lang: str) -> FeedItem | None:
    url = _address(base, entry.get("link"))
    if not url:
        return None
    # `published` as written keeps the offset that feedparser's own reading turns into UTC.
    published = next(
        (moment for name in ("published", "created", "updated") if (moment := _moment(entry, name))), None
    )
    title = entry.get("title_detail") or {}
    return FeedItem(
        url=url,
        title=_text(entry.get("title"), MAX_TITLE),
        published=published,
        summary=_text(entry.get("summary"), MAX_SUMMARY),
        lang=_language(title.get("language")) or lang,
    )


def _moment(entry: Any, name: str) -> datetime | None:
    written = dict.get(entry, name)  # Its own `get` would give `updated` for a missing `published`.
    moment = read_moment(written) if isinstance(written, str) else None
    parsed = dict.get(entry, f"{name}_parsed")
    if moment is None and parsed is not None:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return moment


# JSON Feed
# ---------


def _json_feed(text: str, url: str, pattern: str) -> Feed:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFeed("it looks like JSON but cannot be read as such") from None
    entries = document.get("items") if isinstance(document, dict) else None
    if not isinstance(entries, list) or "jsonfeed.org" not in str(document.get("version", "")):
        raise BadFeed("it is JSON, but not a JSON Feed")
    lang = _language(document.get("language"))
    found = (_json_item(entry, url, lang) for entry in entries)
    return _gather("json", found, pattern, title=_text(document.get("title"), MAX_TITLE))


def _json_item(entry: object, base: str, lang: str) -> FeedItem | None:
    if not isinstance(entry, dict):
        return None
    url = _address(base, entry.get("url")) or _address(base, entry.get("external_url"))
    if not url:
        return None
    published = entry.get("date_published") or entry.get("date_modified")
    summary = entry.get("summary") or entry.get("content_text") or entry.get("content_html")
    return FeedItem(
        url=url,
        title=_text(entry.get("title"), MAX_TITLE),
        published=read_moment(published) if isinstance(published, str) else None,
        summary=_text(summary, MAX_SUMMARY),
        lang=_language(entry.get("language")) or lang,
    )


# Sitemaps
# --------


def _sitemap(text: str, url: str, pattern: str) -> Feed:
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise BadFeed("it is not a sitemap that can be read") from error
    if _name(root) == "sitemapindex":
        dated = [
            (_child(entry, "lastmod"), _address(url, _child(entry, "loc"))) for entry in list(root)[:50_000]
        ]
        children = [
            address for _, address in sorted(dated, key=lambda pair: pair[0], reverse=True) if address
        ]
        return Feed("sitemap", (), children=tuple(children[:MAX_ITEMS]))
    if _name(root) != "urlset":
        raise BadFeed("it is XML, but not a sitemap")
    return _gather("sitemap", (_sitemap_item(e, url) for e in root), pattern, newest_first=True)


def _sitemap_item(entry: Element, base: str) -> FeedItem | None:
    url = _address(base, _child(entry, "loc"))
    if not url:
        return None
    news = next((child for child in entry if _name(child) == "news"), None)
    title = lang = published = ""
    if news is not None:
        title, published = _child(news, "title"), _child(news, "publication_date")
        publication = next((child for child in news if _name(child) == "publication"), None)
        lang = _child(publication, "language") if publication is not None else ""
    published = published or _child(entry, "lastmod")
    return FeedItem(url, _text(title, MAX_TITLE), read_moment(published), lang=_language(lang))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: Element, name: str) -> str:
    """The text of the child of that local name: sitemaps are careless with namespaces."""
    return next(((child.text or "").strip() for child in element if _name(child) == name), "")


# A listing page
# --------------


def _listing(text: str, url: str, pattern: str) -> Feed:
    if not pattern:
        raise BadFeed("a listing page needs a pattern that tells its reports from its other links")
    tree = parse_html(tame(text))
    if tree is None:
        raise BadFeed("there is no page at this address")
    base = _address(url, tree.xpath("string(//base/@href)")) or url
    links: dict[str, list[HtmlElement]] = {}
    for link in tree.iter("a"):
        address = _address(base, link.get("href"))
        if address and address != url.partition("#")[0] and matches(pattern, address):
            links.setdefault(address, []).append(link)
    lang = _language(tree.get("lang"))
    title = plain(str(tree.xpath("string(//title)")), MAX_TITLE)
    return _gather("listing", _listed(links, lang), "", title=title)


def _listed(links: dict[str, list[HtmlElement]], lang: str) -> Iterator[FeedItem]:
    owner = {link: address for address, group in links.items() for link in group}
    for address, group in list(links.items())[: MAX_ITEMS + 1]:
        # A picture, a headline and a "read more" often share one address: the headline is the longest.
        titles = [" ".join(link.text_content().split()) or link.get("title", "") for link in group]
        block = max((_block(link, owner) for link in group), key=lambda part: len(part.text_content()))
        yield FeedItem(
            address, plain(max(titles, key=len), MAX_TITLE), published=_block_date(block), lang=lang
        )


def _block(link: HtmlElement, owner: dict[HtmlElement, str]) -> HtmlElement:
    """The largest part of the page around the link, four steps up at most, that lists nothing else."""
    block = link
    for _ in range(4):
        above = block.getparent()
        if above is None or above.tag in ("body", "html"):
            break
        if any(owner.get(other, owner[link]) != owner[link] for other in above.iter("a")):
            break
        block = above
    return block


def _block_date(block: HtmlElement) -> datetime | None:
    for element in block.iter("time"):
        moment = read_moment(element.get("datetime") or element.text_content())
        if moment is not None:
            return moment
    return written_day(" ".join(" ".join(block.itertext()).split())[:2000])[0]
