"""Strangers' HTML and XML, made harmless: before a parser sees it, and before a browser does.

    tame(markup) -> str             bounded, so that no parser takes seconds or gigabytes over it
    sanitised(html) -> str          safe to show: words and their structure, nothing that loads or runs
    plain(html, limit) -> str       one line of text, for titles and summaries
    parse_html(html) -> HtmlElement | None

Parsers and sanitisers are linear in ordinary pages and far from it in made-up ones: a tag with a hundred
thousand attributes, or a hundred thousand nested ones, keeps them busy for minutes.
"""

from __future__ import annotations

import html
import re

import nh3
from lxml import etree
from lxml import html as lxml_html

MAX_MARKUP = 2_000_000
"""Characters of a document that are looked at."""
MAX_TAGS = 40_000
MAX_TAG = 20_000
"""Characters of one tag with its attributes. Longer ones (pictures written into the page) are left out."""
MAX_TITLE = 300
"""Characters; what comes after is cut before anything parses it."""
MAX_RUN = 200_000
"""Characters of text between two tags."""

SHOWN_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article", "span"),
    *("blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd", "b", "strong", "i", "em", "u", "sup", "sub"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "a", "time", "figure", "figcaption"),
}
SHOWN_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}


def tame(markup: str) -> str:
    """The document, cut where no honest one goes: tags, titles, runs of text, all in all."""
    first, *pieces = markup.split("<", MAX_TAGS)
    kept = [first[:MAX_RUN]]
    room = MAX_MARKUP - len(kept[0])
    for piece in pieces[: MAX_TAGS - 1]:
        tag, end, run = piece.partition(">")
        limit = MAX_TITLE if tag[:5].lower() == "title" else MAX_RUN
        if len(run) > limit:
            run = re.sub(r"&[^;&\s]{0,12}$", "", run[:limit])
        kept.append(f"<{tag}{end}{run}" if len(tag) <= MAX_TAG else f" {run}")
        room -= len(kept[-1])
        if room < 0:
            break
    return "".join(kept)


def parse_html(text: str) -> lxml_html.HtmlElement | None:
    """The tree, or None where there is none to be had. Never reads an outside file or address."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(
            text.replace("\x00", "").encode("utf-8", "replace"), parser=parser
        )
    except (etree.LxmlError, ValueError):
        return None
    return tree if isinstance(tree, lxml_html.HtmlElement) else None


def sanitised(text: str) -> str:
    """What may be shown: no scripts, styles, forms or pictures; links to http(s) only, without referrer."""
    tree = parse_html(tame(text))
    if tree is None:
        return ""
    # Through the tree, because that bounds the depth that the sanitiser has to climb.
    bounded = etree.tostring(tree, encoding="unicode", method="html")
    return nh3.clean(
        bounded,
        tags=SHOWN_TAGS,
        attributes=SHOWN_ATTRIBUTES,
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    ).strip()


def plain(text: str, limit: int) -> str:
    """Without tags and entities, on one line, at most `limit` characters."""
    text = text[: limit * 20]
    text = re.sub(r"(?is)<(script|style)\b.*?(</\1>|$)|<!--.*?(-->|$)|<[a-z/!][^<>]*(>|$)", " ", text)
    text = " ".join(html.unescape(text).replace("\x00", "").split())
    return text if len(text) <= limit else text[:limit].rstrip() + "…"
