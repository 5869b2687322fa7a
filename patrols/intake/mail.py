"""An e-mail file becomes an article.

    read_mail(raw, now=..., hint="") -> Article

The day of publication is the day of the Date header, in the sender's own time zone. Of a message that was
passed on, the passed-on one counts, with its own date: inside as an attachment, or quoted with its headers at
the top. Who sent it is a private matter: of the sender only the domain is kept, as the site's name, and
attached files are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr

from .decode import to_text
from .errors import IntakeError
from .header import decoded
from .moments import read_moment
from .page import MAX_TEXT, Article, judged, read_page, read_text

MAX_MAIL = 10 << 20
MAX_PARTS = 100
MAX_DEPTH = 10

# The headers that mail programs put above a quoted message, in the languages of those who pass reports on.
QUOTED = {
    "from": ("from", "kimden", "gönderen", "от", "от кого", "من"),
    "date": (
        "date",
        "sent",
        "tarih",
        "gönderildi",
        "gönderme tarihi",
        "дата",
        "отправлено",
        "التاريخ",
        "تاريخ الإرسال",
    ),
    "subject": ("subject", "konu", "тема", "الموضوع"),
    "to": ("to", "cc", "reply-to", "kime", "bilgi", "кому", "копия", "إلى", "نسخة"),
}
NAMES = {name: kind for kind, names in QUOTED.items() for name in names}
QUOTED_LINE = re.compile(r"^[>\s*]*([^\W\d_][\w -]{1,20}?)\*?\s*:\*?\s*(\S.*)$")
PASSED_ON = re.compile(
    r"(?i)forwarded message|original message|iletilen|iletilmiş|özgün ileti|пересылаемое|переадресованное"
    r"|исходное сообщение|رسالة معاد توجيهها|الرسالة الأصلية"
)
PASSED_ON_SUBJECT = re.compile(r"(?i)^\s*(fwd?|i?lt|ynt|fw|пер|переслано|إعادة توجيه)\s*:")
ANY_PREFIX = re.compile(r"(?i)^(\s*(re|fwd?|i?lt|ynt|yan|отв|пер|переслано|رد|إعادة توجيه)\s*:)+\s*")


class NotMail(IntakeError):
    code = "not_mail"

    def __init__(self, why: str) -> None:
        super().__init__(f"This is not an e-mail that can be read: {why}.")


def read_mail(raw: bytes, *, now: datetime, hint: str = "") -> Article:
    """Raises `NotMail` for what is no e-mail or too large; everything else is the article's `state`."""
    if len(raw) > MAX_MAIL:
        raise NotMail(f"it is larger than {MAX_MAIL:,} bytes")
    try:
        # The old policy: the new one's header parser raises on the headers that spam is made of.
        message = BytesParser(policy=compat32).parsebytes(raw)
        parts = list(_parts(message))
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError):
        raise NotMail("its structure is broken") from None
    if not any(message.get(name) for name in ("From", "Date", "Subject", "Received", "MIME-Version")):
        raise NotMail("it has none of an e-mail's headers")
    inner = next((m for m in parts if m is not message and m.get("Date") and m.get("From")), message)
    article = _body(list(_parts(inner)), now=now, hint=hint)
    subject = decoded(inner.get("Subject"), 300)
    moment = read_moment(decoded(inner.get("Date"), 80))
    published = moment.date() if moment is not None else None
    text, quoted_date, was_quoted = _unquoted(article.text)
    if was_quoted or PASSED_ON_SUBJECT.match(subject):
        # The Date header tells when it was passed on, which is no date of publication.
        published = quoted_date
    article = replace(
        article,
        title=ANY_PREFIX.sub("", subject) or article.title,
        text=text,
        published=published,
        published_from="mail" if published else "",
        site_name=_domain(inner),
        canonical_url="",
    )
    return judged(article, now=now, hint=hint)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Every part that is not a file, the message itself first; attached messages are gone into."""
    if depth > MAX_DEPTH:
        return
    yield message
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload[:MAX_PARTS]:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)


def _body(parts: list[Message], *, now: datetime, hint: str) -> Article:
    """The plain text where there is some, else what the HTML says."""
    texts = {"text/plain": "", "text/html": ""}
    for part in parts[:MAX_PARTS]:
        kind = part.get_content_type()
        if kind in texts and part.get_content_disposition() != "attachment" and not texts[kind].strip():
            body = part.get_payload(decode=True)
            declared = part.get_content_charset(failobj="")
            texts[kind] = to_text(body, declared) if isinstance(body, bytes) else ""
    plain = read_text(_unwrapped(_without_signature(texts["text/plain"])[:MAX_TEXT]), now=now, hint=hint)
    if not texts["text/html"].strip():
        return plain
    page = read_page(texts["text/html"].encode(), now=now, charset="utf-8", hint=hint)
    # Newsletters often have a plain part that only says where to read the other one.
    return page if len(page.text) > 2 * len(plain.text) else plain


def _without_signature(text: str) -> str:
    return re.split(r"(?m)^-- $", text.replace("\r\n", "\n"), maxsplit=1)[0]


def _unwrapped(text: str) -> str:
    """Paragraphs in one line each: mail programs break lines, and a line break would end a sentence."""
    paragraphs = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = [line.rstrip() for line in paragraph.split("\n")]
        headers = any(QUOTED_LINE.match(line) for line in lines[:6])
        broken = len(lines) > 1 and all(50 <= len(line) <= 80 for line in lines[:-1])
        paragraphs.append(
            " ".join(line.lstrip("> ") for line in lines) if broken and not headers else paragraph
        )
    return "\n\n".join(paragraphs)


def _unquoted(text: str) -> tuple[str, date | None, bool]:
    """(text, date, True) of the message quoted in it with its headers, or (text, None, False)."""
    lines = text.split("\n")
    for at in range(min(len(lines), 60)):
        block: dict[str, str] = {}
        end = at
        while end < len(lines) and (found := QUOTED_LINE.match(lines[end])):
            kind = NAMES.get(found.group(1).strip().lower())
            if kind is None:
                break
            block[kind] = found.group(2)
            end += 1
        if "from" in block and len(block) >= 3:
            body = "\n".join(re.sub(r"^(> ?)+", "", line) for line in lines[end:])
            moment = read_moment(block.get("date", ""))
            return body.strip(), moment.date() if moment is not None else None, True
    was_passed_on = any(PASSED_ON.search(line) and len(line) < 80 for line in lines[:60])
    return text, None, was_passed_on


def _domain(message: Message) -> str:
    address = parseaddr(decoded(message.get("From"), 300))[1]
    domain = address.rpartition("@")[2].lower()
    return domain if re.fullmatch(r"[a-z0-9.-]{1,253}", domain) else ""
