"""The map page's script in one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from patrols.views.script import joined, script_url


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_a_module_stands_before_what_imports_it_and_stands_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        home='import { twice } from "./maths.js";\nimport { one } from "./ones.js";\nalert(twice(one));\n',
        maths='import { one } from "./ones.js";\nexport const twice = (x) => 2 * x * one;\n',
        ones="export const one = 1;\nconst hidden = 2;\n",
    )
    text = joined("home", folder)
    assert text.index("module_ones =") < text.index("module_maths =") < text.index("alert(")
    assert text.count("module_ones = ") == 1
    assert "return { one };" in text
    assert "const { twice } = module_maths;" in text.replace("{twice}", "{ twice }")
    assert "import" not in text


def test_names_are_renamed_and_what_is_imported_at_need_is_there(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        home='import {\n  long as short,\n} from "./long-name.js";\nimport("./late.js").then(short);\n',
        late="export class Late {}\n",
        **{"long-name": "export function long() {}\n"},
    )
    text = joined("home", folder)
    assert "long: short" in text
    assert "Promise.resolve(module_late)" in text
    assert "module_long_name" in text


@pytest.mark.parametrize("line", ['import all from "./a.js";', "export default 1;", "export { a };"])
def test_what_cannot_be_joined_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match="cannot be joined"):
        joined("home", write(tmp_path, home=f"{line}\n", a="export const a = 1;\n"))


def test_it_is_served_for_good_under_its_version_and_under_no_other() -> None:
    served = Client().get(script_url())
    assert "immutable" in served["Cache-Control"]
    assert served["Content-Type"].startswith("text/javascript")
    assert Client().get("/map/script-000000000000.js").status_code == 404
