"""E-mail headers as text."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.header import decode_header

from .decode import to_text


def decoded(value: object, limit: int) -> str:
    """Encoded words decoded, whatever is wrong with them; one line of at most `limit` characters."""
    if value is None:
        return ""
    raw = str(value)[: limit * 12]
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    text = "".join(
        to_text(piece, charset or "") if isinstance(piece, bytes) else piece for piece, charset in pieces
    )
    return " ".join(text.split())[:limit]
