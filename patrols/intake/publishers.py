"""Publishers by the names that files give their sources: "Posta (AA)" is Posta, carrying Anadolu Agency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .placenames import normalise

_VIA = re.compile(r"^(?P<carried>.+?)\s+via\s+(?P<publisher>.+)$", re.IGNORECASE)
_BRACKET = re.compile(r"^(?P<publisher>.+?)\s*\((?P<inside>[^()]+)\)$")
_SLASH = re.compile(r"^(?P<publisher>.+?)\s+/\s+(?P<inside>.+)$")
_INSIDE = re.compile(r"\s*[,;/]\s*|\s*\b(?:citing|quoting|after)\b\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublisherRow:
    """A publisher and every name it goes by."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Who published a page, and whose text it carries ("" where it is its own)."""

    publisher: str
    carries: str = ""


class PublisherNames:
    """An index of publishers' names."""

    def __init__(self, publishers: Iterable[PublisherRow]) -> None:
        self._slugs: dict[str, str] = {}
        for publisher in publishers:
            for name in (publisher.name, *publisher.aliases):
                self._slugs.setdefault(normalise(name), publisher.slug)

    def _one(self, name: str) -> str | None:
        return self._slugs.get(normalise(name))

    def resolve(self, name: str) -> Source | None:
        """The source that a file names, or None where its publisher is not known.

        Besides plain names it reads "Reuters via IPA News", "Posta (AA)", "UrduPoint / Sputnik" and
        "RT (citing TASS)". A bracket that names no publisher is taken for an edition: "SOHR (Arabic)".
        """
        name = name.strip()
        if slug := self._one(name):
            return Source(slug)
        if via := _VIA.match(name):
            publisher, carried = self._one(via["publisher"]), self._one(via["carried"])
            return Source(publisher, carried or "") if publisher else None
        if both := _BRACKET.match(name) or _SLASH.match(name):
            publisher = self._one(both["publisher"])
            inside = (self._one(part) for part in _INSIDE.split(both["inside"]) if part)
            carried = next((slug for slug in inside if slug and slug != publisher), "")
            return Source(publisher, carried) if publisher else None
        return None
