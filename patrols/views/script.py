"""The map page's script in one file: its modules, each in a scope of its own, so that a visit asks once.

The modules stay what they are and can be loaded one by one. They are joined as they are written: imports of
names from a neighbour (`import { a, b } from "./c.js"`), exports of declarations, and imports at need
(`import("./c.js")`). Anything else is refused, so that nothing is joined wrongly.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ENTRY = "home"
FOLDER = Path(settings.BASE_DIR) / "static" / "js"
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
AT_NEED = re.compile(r'\bimport\("\./([\w-]+)\.js"\)')
EXPORT = re.compile(r"^export (?=(?:class|function\*?|async function|const|let) (\w+))", re.MULTILINE)
LEFT = re.compile(r"^(?:import|export)\b", re.MULTILINE)


def joined(entry: str, folder: Path = FOLDER) -> str:
    """The entry with all that it imports, what is needed first standing first.

    Raises ValueError where a module imports or exports in a way that cannot be joined.
    """
    scopes: dict[str, str] = {}

    def add(name: str) -> None:
        if name in scopes:
            return
        scopes[name] = ""
        text = (folder / f"{name}.js").read_text(encoding="utf-8")
        for _names, other in IMPORT.findall(text):
            add(other)
        for other in AT_NEED.findall(text):
            add(other)
        # Again at the end: what it needs has to stand before it.
        del scopes[name]
        scopes[name] = _scope(name, text, whole=name == entry)

    add(entry)
    return "\n".join(scopes.values())


def _scope(name: str, text: str, *, whole: bool) -> str:
    exports = EXPORT.findall(text)
    body = IMPORT.sub(lambda found: f"const {{{_renamed(found[1])}}} = {_scope_name(found[2])};\n", text)
    body = AT_NEED.sub(lambda found: f"Promise.resolve({_scope_name(found[1])})", EXPORT.sub("", body))
    if wrong := LEFT.search(body):
        line = body[wrong.start() :].partition("\n")[0]
        raise ValueError(f"{name}.js cannot be joined: {line}")
    if whole:
        return body
    return f"const {_scope_name(name)} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();"


def _scope_name(name: str) -> str:
    return f"module_{name.replace('-', '_')}"


def _renamed(names: str) -> str:
    """`a, b as c` as a destructuring has it."""
    return re.sub(r"\s+as\s+", ": ", names)


@lru_cache(maxsize=1)
def _made(_changed: float) -> tuple[str, str]:
    text = joined(ENTRY)
    return hashlib.sha256(text.encode()).hexdigest()[:12], text


def _script() -> tuple[str, str]:
    """(version, text); read again where a module was edited while DEBUG is on."""
    changed = max(path.stat().st_mtime for path in FOLDER.glob("*.js")) if settings.DEBUG else 0.0
    return _made(changed)


def script_url() -> str:
    return reverse("map-script", args=[_script()[0]])


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def map_script(request: HttpRequest, version: str) -> HttpResponse:
    current, text = _script()
    if version != current:
        raise Http404
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")
