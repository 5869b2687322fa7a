"""Bytes to text, with every size bounded: unpacking of Content-Encoding, and finding the charset.

Nothing here calls the network or knows of HTTP beyond the names in its headers.
"""

from __future__ import annotations

import codecs
import re
import zlib

from charset_normalizer import from_bytes

from .errors import PackedTooTight, TooLarge, UnknownPacking

RATIO_FROM = 1 << 20
"""Unpacked bytes below which the ratio is not looked at: a small page of spaces packs very well."""

# The charsets that pages are written in. A label outside this table is not believed: Python knows codecs
# (punycode, utf-7, unicode_escape) that no page has any business naming.
CHARSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "cp1252": "cp1252",
    "cp1254": "cp1254",
    **{
        name: name
        for name in (
            "utf-8",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "cp1250",
            "cp1251",
            "cp1253",
            "cp1255",
            "cp1256",
            "cp1257",
            "cp1258",
            "cp866",
            "cp874",
            "iso8859-2",
            "iso8859-3",
            "iso8859-4",
            "iso8859-5",
            "iso8859-6",
            "iso8859-7",
            "iso8859-8",
            "iso8859-13",
            "iso8859-15",
            "koi8-r",
            "koi8-u",
            "mac-cyrillic",
            "gb2312",
            "gbk",
            "gb18030",
            "big5",
            "euc_jp",
            "shift_jis",
            "euc_kr",
        )
    },
}
# Guessed at only in the absence of a word from server and page. cp1254 stands for all of western Europe: it
# differs from cp1252 in six letters, Turkish in the one, Icelandic in the other.
GUESSES = ["cp1254", "cp1251", "cp1256", "koi8_r", "iso8859_6", "cp866"]
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 20_000


class Bounded:
    """Unpacks `gzip`, `deflate` or nothing, chunk by chunk, and stops at the first byte too many.

    One layer only: a second one is refused, as honest servers do not pack twice.
    """

    def __init__(self, encoding: str, *, host: str, max_bytes: int, max_ratio: int) -> None:
        names = [name for name in re.split(r"[\s,]+", encoding.lower()) if name and name != "identity"]
        if len(names) > 1 or (names and names[0] not in ("gzip", "x-gzip", "deflate")):
            raise UnknownPacking(host, encoding)
        self.kind = names[0].removeprefix("x-") if names else ""
        self.host, self.max_bytes, self.max_ratio = host, max_bytes, max_ratio
        self.taken = self.given = 0
        self._inflate = zlib.decompressobj(31) if self.kind == "gzip" else None
        self._started = False

    def feed(self, data: bytes) -> bytes:
        """The unpacked bytes. Raises `TooLarge`, `PackedTooTight`, or `zlib.error` where not packed so."""
        self.taken += len(data)
        out = bytearray()
        while data:
            piece, data = self._step(data)
            out += piece
            self.given += len(piece)
            if self.given > max(RATIO_FROM, self.taken * self.max_ratio) and self.kind:
                raise PackedTooTight(self.host)
            if self.given > self.max_bytes:
                raise TooLarge(self.host, self.max_bytes)
        return bytes(out)

    def finished(self) -> bool:
        """False where a packed body broke off."""
        return self._inflate is None or self._inflate.eof or not self._started

    def _step(self, data: bytes) -> tuple[bytes, bytes]:
        if not self.kind:
            return data, b""
        if self._inflate is None or (self.kind == "deflate" and not self._started):
            # "deflate" means a zlib wrapper; some servers send it bare, and the first byte tells.
            self._inflate = zlib.decompressobj(15 if data[0] & 0x0F == 8 else -15)
        elif self._inflate.eof:
            if self.kind == "deflate" or not data.startswith(b"\x1f"):
                return b"", b""  # Padding after the end.
            self._inflate = zlib.decompressobj(31)
        self._started = True
        piece = self._inflate.decompress(data, 64 * 1024)
        return piece, self._inflate.unconsumed_tail or self._inflate.unused_data


def gunzip(data: bytes, *, host: str, max_bytes: int, max_ratio: int = 100) -> bytes:
    """A .gz file (news sitemaps come so), within the same bounds."""
    return Bounded("gzip", host=host, max_bytes=max_bytes, max_ratio=max_ratio).feed(data)


def find_charset(body: bytes, declared: str = "") -> str:
    """The Python codec that `body` is best read with.

    In this order: a byte order mark; UTF-8 if it is that without a fault (other charsets hardly ever look
    like it by chance, whatever the header says); the header's charset; the document's own; what the bytes
    look like. A declared charset is passed over where it does not fit: unknown, undecodable, or giving
    letter salad.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return name
    if not body.isascii() and _decodes(body, "utf-8"):
        return "utf-8"
    header, own = _known(declared), _known(_own_charset(body))
    if header == "cp1252" and own:
        header = ""  # What servers say when nobody told them.
    sample = body[:SAMPLE]
    for name in (header, own):
        if name and (body.isascii() or (name != "utf-8" and _plausible(sample, name))):
            return name
    if body.isascii():
        return "utf-8"
    return _guess(body) or header or own or "utf-8"


def to_text(body: bytes, declared: str = "") -> str:
    """`body` as text; what cannot be read becomes U+FFFD, and NUL, which no database takes, goes."""
    return body.decode(find_charset(body, declared), errors="replace").replace("\x00", "")


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type header names, or ""."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    return found.group(1) if found else ""


def _known(label: str) -> str:
    try:
        return CHARSETS.get(codecs.lookup(label.strip()).name, "") if label else ""
    except (LookupError, ValueError):
        return ""


def _own_charset(body: bytes) -> str:
    found = re.search(
        rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,300}?charset\s*=\s*["']?([\w.:-]{1,40})""",
        body[:4096],
        re.IGNORECASE,
    )
    return (found.group(1) or found.group(2)).decode("ascii", "ignore") if found else ""


def _decodes(body: bytes, name: str) -> bool:
    """Whether without a fault, but for a character cut in two at the end."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        decoder.decode(body)
    except UnicodeError:
        return False
    return True


def _plausible(sample: bytes, name: str) -> bool:
    """Whether the text this charset gives could be somebody's writing.

    Cyrillic and Arabic read as Latin give words of nothing but accented letters, which no language has.
    """
    text = sample.decode(name, errors="replace")
    if text.count("�") > len(text) // 500 + 1:
        return False
    words: list[str] = [word for word in re.findall(r"[^\W\d_]{4,}", text) if not word.isascii()]
    salad = sum(sum("À" <= char <= "ɏ" for char in word) > len(word) * 0.7 for word in words)
    return bool(salad * 3 <= len(words) or salad < 3)


def _guess(body: bytes) -> str:
    # The markup is ASCII and says nothing about the charset; the detector shall see the words.
    words = re.sub(rb"(?s)<(script|style)\b.*?(?:</\1>|\Z)|<[^<>]{0,2000}>", b" ", body[: 5 * SAMPLE])
    words = re.sub(rb"\s+", b" ", words)[:SAMPLE]
    if sum(byte > 127 for byte in words) * 20 < len(words) and _decodes_mostly(body, "utf-8"):
        return "utf-8"
    best = from_bytes(words, cp_isolation=GUESSES).best()
    return best.encoding if best is not None else ""


def _decodes_mostly(body: bytes, name: str) -> bool:
    """UTF-8 with a few broken characters in it, as badly cut teasers have."""
    text = body[: 5 * SAMPLE].decode(name, errors="replace")
    faults, others = text.count("�"), sum(char > "\x7f" for char in text)
    return faults * 10 <= others
