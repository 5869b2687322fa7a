"""The day a page was published.

publication_day(tree, url) -> (date | None, "markup" | "text" | "")
line_of_date(line) -> date | None      for a line that holds a date and nothing of the story
"""

from __future__ import annotations

import copy
import itertools
import logging
import re
from datetime import date
from functools import cache

from htmldate import find_date
from lxml import html as lxml_html
from lxml.html import HtmlElement

from .extract.text import fold
from .extract.words import LANGUAGES
from .moments import read_moment, written_day

DATED_TAGS = frozenset(
    ("h1", "p", "time", "span", "div", "small", "em", "i", "b", "strong", "li", "td", "a", "dd", "font")
)
STATED = "//meta[@itemprop='datePublished' or @property='article:published_time']/@content"
LINKED_DATA = "/html/body//script[contains(@type, 'ld+json')]"
LINE_OF_DATE = 80
"""Characters of a line that holds a date and hardly anything else."""
NEAR = 400
"""Characters between the headline and a date that belongs to it."""
MIN_DATE, MAX_DATE = "1995-01-01", "2200-01-01"
"""For htmldate; that a date lies in the future is for `judged` to say."""
# What stands beside a date that is a date of publication; `*` for any ending.
LABELS = {
    "en": "published, posted, update*, modified, created, date, time, last, first, on, at, am, pm, gmt, utc",
    "tr": "yayın*, yayım*, tarih*, giriş*, güncel*, eklen*, oluşturul*, kayıt, haber*, son, ilk, saat*, tsi",
    "ru": "опубликован*, публикаци*, обновлен*, размещен*, создан*, дата, время, в, г, года, мск",
    "ar": "تاريخ, التاريخ, نشر, النشر, نشرت, آخر, تحديث, التحديث, الساعة, بتوقيت, م, ص, في, يوم",
}
OTHER_WORDS = 1
"""Beside date, labels and weekdays: a section's or a city's name."""

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def publication_day(tree: HtmlElement, url: str) -> tuple[date | None, str]:
    """The day, and where it was found.

    First what head, linked data and address say, by htmldate; it does not get to see the body, where it would
    take the date of some other story in the margin. Then the date that stands by the headline. Not any other
    date in the words: those of agreements and earlier patrols are no date of publication.
    """
    for where in ("/html/head", "/html/body"):
        stated = {m.date() for value in tree.xpath(where + STATED) if (m := read_moment(str(value)))}
        if len(stated) == 1:  # Several in the body are those of other stories.
            return stated.pop(), "markup"
    page = lxml_html.document_fromstring("<html><head></head><body></body></html>")
    for element in (*tree.xpath("/html/head/*")[:500], *tree.xpath(LINKED_DATA)[:20]):
        page[0].append(copy.deepcopy(element))
    try:
        found = find_date(
            page,
            url=url or None,
            extensive_search=False,
            original_date=True,
            max_date=MAX_DATE,
            min_date=MIN_DATE,
        )
        if found:
            return date.fromisoformat(found), "markup"
    except (RecursionError, ValueError, OverflowError, AttributeError, TypeError):
        pass
    return _by_the_headline(tree)


def _by_the_headline(tree: HtmlElement) -> tuple[date | None, str]:
    """The date that stands nearest to the headline, or to the first long paragraph where there is none."""
    dates: list[tuple[int, date, str]] = []
    headline = paragraph = -1
    position = 0
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        words = _beginning(element) if element.tag in DATED_TAGS else ""
        if element.tag == "h1" and headline < 0:
            headline = position + len(words)
        elif element.tag == "p" and paragraph < 0 and len(words) > 80:
            paragraph = position
        elif element.tag == "time" and (moment := read_moment(element.get("datetime") or "")):
            dates.append((position, moment.date(), "markup"))
        elif element.tag != "h1" and 8 <= len(words) <= LINE_OF_DATE:
            day = line_of_date(words)
            if day is not None:
                dates.append((position, day, "text"))
        position += len((element.text or "").strip()) + len((element.tail or "").strip())
    anchor = headline if headline >= 0 else paragraph
    near = [(abs(at - anchor), at, day, source) for at, day, source in dates if abs(at - anchor) <= NEAR]
    if anchor < 0 or not near:
        return None, ""
    _, _, day, source = min(near)
    return day, source


def line_of_date(line: str) -> date | None:
    """The (first) date of "Friday, 8 November 2019, 14:05" or "Giriş: 08.11.2019 Güncelleme: 09.11.2019"."""
    if len(line) > LINE_OF_DATE:
        return None
    moment, others = written_day(line)
    if moment is None:
        return None
    while (again := written_day(others))[0] is not None:
        others = again[1]
    exact, stems = _labels()
    words = re.findall(r"[^\W\d_]+", fold(others))
    unknown = [word for word in words if word not in exact and not word.startswith(stems)]
    return moment.date() if len(unknown) <= OTHER_WORDS else None


@cache
def _labels() -> tuple[frozenset[str], tuple[str, ...]]:
    """The folded labels and names of weekdays: whole words, and beginnings of words."""
    weekdays = (forms for words in LANGUAGES.values() for forms in words.weekdays.values())
    words = [fold(word.strip()) for forms in (*LABELS.values(), *weekdays) for word in forms.split(",")]
    stems = tuple(word.removesuffix("*") for word in words if word.endswith("*"))
    return frozenset(words), stems


def _beginning(element: HtmlElement) -> str:
    """The element's words, or as many of them as show that they are too many for a line with a date."""
    words: list[str] = []
    length = 0
    for text in itertools.islice(element.itertext(), 40):
        words += text.split()
        length += len(text.strip()) + 1
        if length > 2 * LINE_OF_DATE:
            break
    return " ".join(words)
