"""The snippets of the data page, each run as it stands in its own tool against a served record."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import pytest

from patrols.models import Patrol
from patrols.views.data import snippets
from tests.scene import full_scene

QUERY = "status=completed"
QGIS_PYTHON = "/usr/bin/python3"
COUNT_FEATURES = """
import sys
from qgis.core import QgsApplication, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(f"url='{sys.argv[1]}' typename='patrols'", "patrols", "OAPIF")
print(layer.isValid(), sum(1 for _feature in layer.getFeatures()))
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def code(live_server: Any, settings: Any) -> dict[str, str]:
    settings.SITE_URL = live_server.url
    settings.API_RATE = 100_000
    full_scene()
    return dict(snippets(QUERY))


def wanted() -> set[str]:
    found = Patrol.objects.visible_to(None).filter(status="completed")
    assert found
    return set(found.values_list("uid", flat=True))


@pytest.mark.parametrize("tool", ["pandas", "Polars"])
def test_python_loads_the_patrols_of_the_page(code: dict[str, str], tool: str) -> None:
    script = f'{code[tool]}\n\nprint(*patrols["id"])'
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert set(done.stdout.split()) == wanted(), done.stderr


def test_duckdb_loads_the_patrols_of_the_page(code: dict[str, str], tmp_path: Path) -> None:
    tools = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", code["DuckDB"]],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env=os.environ | {"PATH": tools},
    )
    assert done.returncode == 0, done.stderr
    with duckdb.connect(tmp_path / "patrols.duckdb") as made:
        assert {uid for (uid,) in made.sql("SELECT id FROM patrols").fetchall()} == wanted()


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r_loads_the_patrols_of_the_page(code: dict[str, str]) -> None:
    script = f"{code['R']}\ncat(patrols$id)"
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, timeout=120)
    assert set(done.stdout.split()) == wanted(), done.stderr


def has_qgis() -> bool:
    try:
        return not subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True).returncode
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not has_qgis(), reason="QGIS is not installed")
def test_qgis_loads_the_features(code: dict[str, str], tmp_path: Path) -> None:
    address = code["QGIS"].rpartition("URL: ")[2]
    done = subprocess.run(
        [QGIS_PYTHON, "-c", COUNT_FEATURES, address],
        capture_output=True,
        text=True,
        timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )
    number = Patrol.objects.visible_to(None).count()
    assert done.stdout.split() == ["True", str(number)], done.stderr


def test_excel_gets_a_mark_that_says_utf_8(code: dict[str, str]) -> None:
    with urllib.request.urlopen(code["Excel"].splitlines()[-1]) as file:
        assert file.read().startswith(b"\xef\xbb\xbfid,")
