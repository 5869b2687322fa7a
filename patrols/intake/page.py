"""A page, a pasted text or a file becomes an article: title, text, language, day of publication.

    read_page(body, now=..., url="", content_type="", charset="", hint="") -> Article
    read_text(text, now=..., title="", hint="") -> Article

Neither raises over anything a page can do; what is wrong with it is the article's `state`, with a sentence
for the editor in `note`. Whatever text there is comes along in every state, so that an editor can decide.
"""

from __future__ import annotations

import html
import json
import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from .addresses import MAX_URL
from .canonical import canonical_url, same_site
from .decode import to_text
from .language import READ, detect
from .markup import MAX_TITLE, parse_html, plain, tame
from .published import line_of_date, publication_day
from .walls import wall, without_appeals

MAX_TEXT = 200_000
SHORTEST = 40
"""Letters below which there is no report in it."""
OK, EMPTY, PAYWALL_STUB, COOKIE_WALL = "ok", "empty", "paywall_stub", "cookie_wall"
NOT_HTML, FUTURE_DATE, UNSUPPORTED_LANGUAGE = "not_html", "future_date", "unsupported_language"
NOTES = {
    OK: "",
    EMPTY: "The page has no text of its own; it may be drawn by scripts, or hold only a picture or a video.",
    PAYWALL_STUB: "Only the beginning can be read; the rest is for subscribers.",
    COOKIE_WALL: "In place of the report the site asks for consent or checks for robots.",
    NOT_HTML: "This is neither a web page nor plain text.",
    FUTURE_DATE: "The page says that it was published on a day that has not come yet.",
    UNSUPPORTED_LANGUAGE: "The text is in a language that is not read here.",
}
TEXT_TYPES = ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
# What a file is, whatever its server says: PDF, zip and office files, pictures, old office files, RTF.
OTHER_FILES = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"{\\rtf")
MARGINS = ("nav", "footer", "aside", "template")
"""What is never part of the report, and holds other stories' words and dates."""
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000b-\u001f\u007f]"
)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    state: str
    note: str = ""
    """A sentence for the editor where `state` is not "ok"."""
    title: str = ""
    text: str = ""
    """Paragraphs with a line break between; composed Unicode, without invisible characters."""
    lang: str = ""
    lang_confidence: float = 0.0
    published: date | None = None
    """The publisher's own day."""
    published_from: str = ""
    """"markup" (metadata, the address or a dated element), "text" (a date written by the headline),
    "mail" (its Date header), or "" without a date."""
    canonical_url: str = ""
    """The page's own word for its address where it stays on its own site, else the one it was read from."""
    site_name: str = ""


def read_page(
    body: bytes, *, now: datetime, url: str = "", content_type: str = "", charset: str = "", hint: str = ""
) -> Article:
    """`now` is the moment of retrieval, against which dates are judged; `hint` the source's language."""
    if content_type not in TEXT_TYPES or body.startswith(OTHER_FILES) or b"\x00" * 8 in body[:2000]:
        return _article(NOT_HTML, canonical_url=canonical_url(url))
    text = to_text(body, charset)
    if content_type == "text/plain" and not re.search(r"(?i)<(html|body|p|div)\b", text[:5000]):
        return replace(read_text(text, now=now, hint=hint), canonical_url=canonical_url(url))
    tree = parse_html(tame(text))
    if tree is None:
        return _article(EMPTY, canonical_url=canonical_url(url))
    paid = _marked_paid(tree)
    hint = hint or (tree.get("lang") or "")[:2].lower()
    own_address = _own_address(tree, url)
    site_name = plain(str(tree.xpath("string(//meta[@property='og:site_name']/@content)")), 100)
    for element in tree.xpath("|".join(f"//{tag}" for tag in MARGINS)):
        if element.getparent() is not None:
            element.drop_tree()
    published, published_from = publication_day(tree, url)
    document = _extract(tree, url)
    title = _clean(plain(document.title or "", MAX_TITLE))
    article = _article(
        OK,
        title=title,
        text=_report_only(_clean(document.text or "")[:MAX_TEXT], title, published),
        published=published,
        published_from=published_from,
        canonical_url=own_address,
        site_name=site_name or urlsplit(own_address).hostname or "",
    )
    return judged(article, now=now, hint=hint, marked_paid=paid)


def read_text(text: str, *, now: datetime, title: str = "", hint: str = "") -> Article:
    """A pasted text. It has no date of its own: the editor, or the e-mail it came in, gives it."""
    article = _article(OK, title=_clean(plain(title, MAX_TITLE)), text=_clean(text[:MAX_TEXT]))
    return judged(article, now=now, hint=hint)


def judged(article: Article, *, now: datetime, hint: str = "", marked_paid: bool = False) -> Article:
    """The article with its language, and the first state that holds, worst first."""
    in_the_way = wall(article.title, article.text, marked_paid=marked_paid)
    if in_the_way != COOKIE_WALL:
        article = replace(article, text=without_appeals(article.text))
    language = detect(article.text, hint)
    article = replace(article, lang=language.code, lang_confidence=language.confidence)
    if in_the_way == COOKIE_WALL:
        state = COOKIE_WALL
    elif sum(char.isalpha() for char in article.text) < SHORTEST:
        state = PAYWALL_STUB if in_the_way else EMPTY
    elif language.code not in READ:
        state = UNSUPPORTED_LANGUAGE
    elif article.published is not None and article.published > _latest(now.date()):
        state = FUTURE_DATE
    else:
        state = in_the_way or OK
    return replace(article, state=state, note=NOTES[state])


def _article(state: str, **fields: object) -> Article:
    return Article(state=state, note=NOTES[state], **fields)  # type: ignore[arg-type]


def _latest(today: date) -> date:
    """In the Pacific it is already tomorrow."""
    return today + timedelta(days=1)


def _clean(text: str) -> str:
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _report_only(text: str, title: str, published: date | None) -> str:
    """Without the headline and the line of the date on top: the article has those already."""
    lines = text.split("\n")
    for _ in range(3):
        is_title = bool(lines and title) and lines[0].casefold() == title.casefold()
        if lines and (is_title or (published is not None and line_of_date(lines[0]) == published)):
            lines.pop(0)
    return "\n".join(lines).strip()


def _extract(tree: HtmlElement, url: str) -> Document:
    """trafilatura's reading. It is given the tree and never a string, which it might take for an address."""
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url or None,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params={
                "extensive_search": False,
                "max_date": "1995-01-02",
            },  # `_published` does.
        )
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError):
        # Its own trouble with odd trees: the page then counts as empty, and the queue goes on.
        return Document()
    return found if isinstance(found, Document) else Document()


def _own_address(tree: HtmlElement, url: str) -> str:
    """A page may name its address, but only on its own site, and not the front page in place of itself."""
    named = tree.xpath(
        "//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href | //meta[@property='og:url']/@content"
    )
    for candidate in named:
        address = canonical_url(str(candidate), base=url)
        if not address or len(address) > MAX_URL:
            continue
        if not url:
            return address
        at_home = same_site(address, url)
        front_page = re.fullmatch(r"https?://[^/]+/?", address) and not re.fullmatch(r"https?://[^/]+/?", url)
        if at_home and not front_page:
            return address
    return canonical_url(url)


def _marked_paid(tree: HtmlElement) -> bool:
    """schema.org's isAccessibleForFree, or the tiers that publishers put beside it."""
    tier = tree.xpath("string(//meta[@property='article:content_tier']/@content)")
    if str(tier).strip().lower() in ("locked", "metered"):
        return True
    return any(str(thing.get("isAccessibleForFree", "")).lower() == "false" for thing in _linked_data(tree))


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, object]]:
    for script in tree.xpath("//script[@type='application/ld+json']/text()")[:20]:
        try:
            document = json.loads(html.unescape(str(script)))
        except (ValueError, RecursionError):
            continue
        things = document if isinstance(document, list) else [document]
        for thing in things[:50]:
            if isinstance(thing, dict):
                yield thing
                graph = thing.get("@graph")
                yield from (
                    part for part in (graph if isinstance(graph, list) else []) if isinstance(part, dict)
                )
