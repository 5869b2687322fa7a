"""How to cite a part of the record: in words, and as the files that reference managers read.

    Work(key, title, address, version, issued, accessed).plain() | bibtex() | ris() | csl()
    Work.of_data(data_state(user), ...)              the same for what is cited with its data version

The version says which state of the record was seen; the day of access is the reader's.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

AUTHOR = "PatrolWatch"
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

FORMATS = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}
"""Ending of the file and what it is."""

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "#": r"\#",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited: a patrol, a programme, a filtered view, a file, or the whole record."""

    key: str
    """Letters, digits and hyphens: the citation key."""
    title: str
    address: str
    version: str
    """As a reader would say it: "version of 2024-08-24", "data version 1f3a…"."""
    issued: date
    accessed: date

    @classmethod
    def of_data(
        cls, state: tuple[str, datetime | None], *, key: str, title: str, path: str, name: str = ""
    ) -> Work:
        """What stands under `path`, in the state that `data_state` gave; `name` is a release's."""
        revision, written = state
        now = timezone.now()
        version = f"data version {revision}"
        return cls(
            key=key,
            title=title,
            address=f"{settings.SITE_URL}{path}",
            version=f"{name}, {version}" if name else version,
            issued=(written or now).date(),
            accessed=now.date(),
        )

    def plain(self) -> str:
        return (
            f"{AUTHOR} ({self.issued.year}): “{self.title}”, {self.version}. {self.address} "
            f"(accessed {self.accessed.isoformat()}). {LICENCE}."
        )

    def bibtex(self) -> str:
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": f"{{{AUTHOR}}}",
            "year": str(self.issued.year),
            "version": _tex(self.version),
            "url": self.address,
            "urldate": self.accessed.isoformat(),
            "note": _tex(f"{LICENCE}; accessed {self.accessed.isoformat()}"),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{patrolwatch:{self.key},\n{lines}\n}}\n"

    def ris(self) -> str:
        lines = {
            "TY": "DATA",
            "ID": f"patrolwatch:{self.key}",
            "TI": _line(self.title),
            "AU": AUTHOR,
            "PB": AUTHOR,
            "PY": str(self.issued.year),
            "DA": self.issued.strftime("%Y/%m/%d"),
            "ET": _line(self.version),
            "UR": self.address,
            "Y2": self.accessed.strftime("%Y/%m/%d"),
            "C1": LICENCE,
            "ER": "",
        }
        return "".join(f"{tag}  - {text}\r\n" for tag, text in lines.items())

    def csl(self) -> str:
        item: dict[str, Any] = {
            "id": f"patrolwatch:{self.key}",
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": AUTHOR}],
            "publisher": AUTHOR,
            "issued": {"date-parts": [[self.issued.year, self.issued.month, self.issued.day]]},
            "accessed": {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]},
            "version": self.version,
            "license": LICENCE_URL,
            "URL": self.address,
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"

    def written(self, ending: str) -> str:
        """The file with one of the endings of `FORMATS`."""
        match ending:
            case "bib":
                return self.bibtex()
            case "ris":
                return self.ris()
            case "json":
                return self.csl()
        return self.plain() + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in _line(text))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
