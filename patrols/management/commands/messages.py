"""The catalogues of messages, kept with Babel: no gettext tools need to be installed.

Messages stand in the Python code, in the templates, and in the names of the reference data that the project
ships. Each language has `patrols/locale/<language>/LC_MESSAGES/django.po`, which a translator edits, and the
compiled `django.mo` beside it, which Django reads.
"""

from __future__ import annotations

import io
import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

from ...publish import codebook
from ...record.columns import IMPORT, LEDGER, TABLES, Made, Type

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "lazy", "noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
SHIPPED = {
    "programmes.json": ("name", "agreement", "summary", "note"),
    "forces.json": ("name",),
    "events.json": ("title", "note"),
    "zones.geojson": ("name", "basis"),
    "lines.geojson": ("name",),
}
"""The properties of the reference data that pages show as they are."""
INSTITUTIONS = ("ministry", "government", "monitor")
"""Kinds of publishers whose names say what they are; a paper is called what it calls itself."""
LANGUAGES = ("tr", "ru", "ar")
WIDTH = 110
HEADER = "# The messages of PatrolWatch."
NAMELESS = re.compile(
    rb'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    rb'|Language-Team|Generated-By):.*\\n"\n',
    re.MULTILINE,
)
"""Header lines that say nothing here and would change with every run."""


class Command(BaseCommand):
    help = "Bring the catalogues of messages up to date with the code, compile them, or say what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["update", "compile", "missing"])

    def handle(self, *args: Any, **options: Any) -> None:
        match options["act"]:
            case "update":
                template = messages()
                for language in LANGUAGES:
                    update(language, template)
            case "compile":
                for language in LANGUAGES:
                    path(language).with_suffix(".mo").write_bytes(compiled(language))
        missing = {language: untranslated(language) for language in LANGUAGES}
        for language, texts in missing.items():
            self.stdout.write(f"{language}: {len(texts)} of {len(catalogue(language))} not translated")
        if options["act"] == "missing" and any(missing.values()):
            raise CommandError("Some messages have no translation.")


def path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    """The catalogue as it lies there; an empty one for a language without."""
    file = path(language)
    if not file.exists():
        return Catalog(locale=language, domain="django", header_comment=HEADER, fuzzy=False)
    return read_po(io.BytesIO(file.read_bytes()), locale=language, domain="django")


def messages() -> Catalog:
    """Every message of the code, the templates and the shipped data, with the files it stands in."""
    found = Catalog(domain="django", project="PatrolWatch", charset="utf-8", fuzzy=False)
    for file, message, context in _all():
        where = file.relative_to(settings.BASE_DIR).as_posix()
        found.add(message, locations=[(where, 0)], context=context)
    return found


def update(language: str, template: Catalog) -> None:
    """Take up what is new, drop what is gone; what is translated stays."""
    made = catalogue(language)
    made.update(template, no_fuzzy_matching=True, keep_user_comments=True)
    made.obsolete.clear()
    file = path(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, made, width=WIDTH, sort_by_file=True, include_lineno=False, omit_header=False)
    file.write_bytes(NAMELESS.sub(b"", out.getvalue()))


def compiled(language: str) -> bytes:
    """The same bytes for the same translations: its header tells no time."""
    made, out = catalogue(language), io.BytesIO()
    made.creation_date = made.revision_date = datetime.fromtimestamp(0, UTC)
    write_mo(out, made)
    return out.getvalue()


def untranslated(language: str) -> list[str]:
    """The messages without a translation, or without one of their plural forms."""
    return [
        str(message.id[0] if message.pluralizable else message.id)
        for message in catalogue(language)
        if message.id and not all(forms(message))
    ]


def forms(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form of the language."""
    string: Any = message.string
    return list(string) if message.pluralizable else [string or ""]


def _all() -> Iterator[tuple[Path, Any, str | None]]:
    for file in sorted((settings.BASE_DIR / "patrols").rglob("*.py")):
        yield from _in_code(file, file.read_bytes())
    for file in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        code = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        # The markup between the messages, blanked out, is no Python with its indentation.
        lines = (line.strip() for line in code.splitlines())
        yield from _in_code(file, "\n".join(lines).encode())
    for name, properties in SHIPPED.items():
        file = settings.BASE_DIR / "fixtures" / name
        for text in _named(json.loads(file.read_text(encoding="utf-8")), properties):
            yield file, text, None
    file = settings.BASE_DIR / "fixtures" / "publishers.json"
    for one in json.loads(file.read_text(encoding="utf-8")):
        if one["kind"] in INSTITUTIONS:
            yield file, one["name"], None
    for text in filter(None, _registry()):
        yield Path(codebook.__file__), text, None


def _registry() -> Iterator[str]:
    """What the codebook and the page of downloads say, in the order in which they say it."""
    for heading, text in codebook.RULES:
        yield from (heading, text)
    for table in (*TABLES.values(), LEDGER, IMPORT):
        yield from (table.title, table.description)
        for column in table.columns:
            yield from (column.description, column.reading, column.unit, *column.codes.values())
    for kind in (*Type, *Made):
        yield kind.value
    for _day, text in codebook.CHANGES:
        yield text


def _in_code(file: Path, code: bytes) -> Iterator[tuple[Path, Any, str | None]]:
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(code), KEYWORDS, options={"encoding": "utf-8"}
    ):
        yield file, message, context


def _named(node: Any, properties: tuple[str, ...]) -> Iterator[str]:
    """The texts of these properties, however deep they lie."""
    if isinstance(node, list):
        for part in node:
            yield from _named(part, properties)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in properties and isinstance(value, str) and value.strip():
                yield value
            elif name != "geometry":
                yield from _named(value, properties)
