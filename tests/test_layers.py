"""Imports run one way: intake and publish on the record, views and admin on top, never the other way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "patrols"

FORBIDDEN = {
    "models": ("intake", "publish", "insight", "views", "admin", "filters"),
    "record": ("intake", "publish", "insight", "views", "admin", "filters"),
    "intake": ("publish", "insight", "views", "admin", "filters"),
    "publish": ("intake", "views", "admin"),
    "insight": ("intake", "views", "admin"),
}


def imported(path: Path) -> Iterator[str]:
    """Modules below `patrols` that the file imports, as dotted names without the package."""
    package = ("patrols", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (
                name.name.removeprefix("patrols.") for name in node.names if name.name.startswith("patrols.")
            )
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = [*base, *(node.module or "").split(".")] if node.module else base
            if module[:1] == ["patrols"]:
                tail = ".".join(module[1:])
                yield from ([tail] if tail else [name.name for name in node.names])


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_a_layer_imports_nothing_above_it(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / layer).rglob("*.py")
        for module in imported(path)
        if module.split(".")[0] in FORBIDDEN[layer]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "module",
    [
        "record/adopt.py",
        "record/facts.py",
        "intake/match.py",
        "intake/evidence.py",
        "insight/ledger.py",
        "insight/lines.py",
    ],
)
def test_the_rules_know_no_database(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert not [name for name in names if "django" in name or name.split(".")[0] == "models"]
