"""Forces by the names that reports give them: "Turkish and Russian military elements" to two force slugs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .placenames import normalise

_SEPARATOR = re.compile(r"\s*[;,/]\s*|\s+&\s+")
_AND = re.compile(r"\s+(?:and|ve|и|و)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ForceRow:
    """One entry of the force tree: `parent` is a slug, "" for a state's forces in general."""

    slug: str
    name: str
    country: str
    parent: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()


class ForceNames:
    """An index of force names; built once, then every text is resolved from it."""

    def __init__(self, forces: Iterable[ForceRow]) -> None:
        self._slugs: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        """ISO 3166-1 code of a force's state, by the force's slug."""
        self._states: list[tuple[str, str]] = []
        """(folded name or adjective of a state, its root), the longest first."""
        for force in forces:
            self.countries[force.slug] = force.country
            for name in (force.name, *force.aliases):
                self._slugs.setdefault(normalise(name), force.slug)
                if not force.parent:
                    self._states.append((normalise(name), force.slug))
        self._states.sort(key=lambda state: -len(state[0]))

    def resolve(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(force slugs, names that mean no known force), each once, in the order of the text.

        A name that is not known but starts with a state's name means that state's forces in general, which
        is vaguer than the text but not wrong.
        """
        slugs: dict[str, None] = {}
        unresolved: dict[str, None] = {}
        for part in filter(None, (part.strip() for part in _SEPARATOR.split(text))):
            found = self._one(part)
            several = [found] if found else self._several(part)
            slugs.update(dict.fromkeys(several))
            if not several:
                unresolved[part] = None
        return tuple(slugs), tuple(unresolved)

    def _one(self, name: str) -> str | None:
        return self._slugs.get(normalise(name))

    def _several(self, part: str) -> list[str]:
        """The forces of "Turkish and Russian troops", each state with the noun; [] unless all resolve."""
        names = [name for name in _AND.split(part) if name]
        noun = names[-1].split(maxsplit=1)[1] if " " in names[-1] else ""
        slugs = [
            self._one(f"{name} {noun}".strip() if index < len(names) - 1 else name)
            or self._one(name)
            or self._state(name)
            for index, name in enumerate(names)
        ]
        return [slug for slug in slugs if slug] if all(slugs) else []

    def _state(self, name: str) -> str | None:
        folded = normalise(name)
        return next((slug for state, slug in self._states if folded.startswith(state + " ")), None)


def resolve_forces(text: str, forces: Iterable[ForceRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`ForceNames.resolve` for one text."""
    return ForceNames(forces).resolve(text)
