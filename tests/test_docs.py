"""What the README promises is there: every setting, filter and command is named in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from patrols.filters import PatrolFilter
from patrols.record.columns import IMPORT, LEDGER, TABLES, Column

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "patrolwatch" / "settings.py").read_text(encoding="utf-8")
COMMANDS = sorted(
    path.stem
    for path in (ROOT / "patrols" / "management" / "commands").glob("*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("name", sorted(set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"| `{name}` |" in README


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, flags=re.M))
    assert named <= set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"manage.py {name}" in README


@pytest.mark.parametrize("name", list(PatrolFilter.get_filters()))
def test_every_filter_is_explained_where_it_is_defined(name: str) -> None:
    text = (ROOT / "patrols" / "filters.py").read_text(encoding="utf-8").split('"""')[1]
    assert re.search(rf"^    (\w+, )*{name}\b", text, flags=re.M)


@pytest.mark.parametrize(
    "column",
    [column for table in (*TABLES.values(), IMPORT, LEDGER) for column in table.columns],
    ids=lambda column: column.name,
)
def test_every_column_says_what_it_means(column: Column) -> None:
    assert column.description.endswith(".")


def test_the_first_two_commands_of_the_readme_are_the_two_promised() -> None:
    block = README.split("```sh\n", 1)[1].splitlines()
    assert block[0].startswith("pip install uv && uv run manage.py demo")
    assert block[1].startswith("pip install uv && uv run pytest")
