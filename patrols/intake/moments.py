"""When something was published, from the ways in which feeds, pages and e-mails write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LANGUAGES = ["en", "tr", "ru", "ar"]
EASTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
WRITTEN_DAY = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b"
    r"|\b\d{1,2}\.? [^\W\d_]{3,12}(?: [^\W\d_]{3,8})? \d{4}\b|\b[^\W\d_]{3,12} \d{1,2}, \d{4}\b"
)
# The months as Syria, Iraq and Lebanon call them; dateparser knows Egypt's names.
LEVANT = {
    "كانون الثاني": "يناير",
    "شباط": "فبراير",
    "آذار": "مارس",
    "نيسان": "أبريل",
    "أيار": "مايو",
    "حزيران": "يونيو",
    "تموز": "يوليو",
    "آب": "أغسطس",
    "أيلول": "سبتمبر",
    "تشرين الأول": "أكتوبر",
    "تشرين الثاني": "نوفمبر",
    "كانون الأول": "ديسمبر",
}


def read_moment(text: str) -> datetime | None:
    """An aware moment, or None. The offset stays as written: the day meant is the publisher's own day.

    Without an offset it counts as UTC. "Yesterday" and "two hours ago" are not read, nor is a date without
    its year: a wrong date of publication would move every "today" in the report.
    """
    text = " ".join(text.translate(EASTERN_DIGITS).split())[:80]
    if not re.search(r"\d", text):
        return None
    moment = _iso(text) or _mail(text) or _written(text)
    if moment is None or not 1990 <= moment.year <= 2200:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def written_day(text: str) -> tuple[datetime | None, str]:
    """The first full date among other words, and those other words."""
    found = WRITTEN_DAY.search(text)
    moment = read_moment(found.group()) if found else None
    return (moment, text[: found.start()] + text[found.end() :]) if found and moment else (None, text)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    if not re.search(r"[A-Za-z]{3} \d{4}|-[A-Za-z]{3}-", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None


def _written(text: str) -> datetime | None:
    import dateparser  # Slow to load, and seldom needed.

    settings = {"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    for local, general in LEVANT.items():
        text = text.replace(local, general)
    try:
        moment: datetime | None = dateparser.parse(text, languages=LANGUAGES, settings=settings)
    except (ValueError, OverflowError, RecursionError):
        return None
    return moment
