"""Citations: of a patrol, a programme and a filtered view, in the formats that reference managers read."""

from __future__ import annotations

import json
from datetime import date

import pytest

from patrols.publish.cite import FORMATS, Work
from tests.scene import Scene

pytestmark = pytest.mark.django_db
WORK = Work(
    key="abc",
    title="A & B: 100 % {of} it_all\n(second line)",
    address="https://example.org/patrols/abc/",
    version="version of 2024-08-24",
    issued=date(2024, 8, 24),
    accessed=date(2026, 11, 25),
)


def test_plain_words_name_version_address_and_day_of_access():
    assert WORK.plain() == (
        "PatrolWatch (2024): “A & B: 100 % {of} it_all\n(second line)”, version of 2024-08-24. "
        "https://example.org/patrols/abc/ (accessed 2026-11-25). CC BY 4.0."
    )


def test_bibtex_escapes_what_tex_would_read():
    text = WORK.bibtex()
    assert r"title = {{A \& B: 100 \% \{of\} it\_all (second line)}}" in text
    assert "urldate = {2026-11-25}" in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_ris_is_one_line_for_each_tag():
    lines = WORK.ris().split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert "TI  - A & B: 100 % {of} it_all (second line)" in lines
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " for line in lines[:-1])


def test_csl_json_has_dates_as_parts():
    (item,) = json.loads(WORK.csl())
    assert item["issued"] == {"date-parts": [[2024, 8, 24]]}
    assert item["type"] == "dataset"
    assert item["URL"] == "https://example.org/patrols/abc/"


@pytest.mark.parametrize("ending", FORMATS)
def test_every_page_has_its_files(client, scene: Scene, ending):
    uid = scene["contested"].uid
    for base in (f"/patrols/{uid}/", "/programmes/north/", "/patrols/"):
        response = client.get(f"{base}cite.{ending}")
        assert response.status_code == 200
        assert response["Content-Type"] == FORMATS[ending]
        assert base in response.content.decode()


def test_a_view_is_cited_with_its_filter_in_words_and_its_data_version(client, scene: Scene):
    (item,) = client.get("/patrols/cite.json?status=completed&from=2020-01-01").json()
    assert "Status: completed" in item["title"].replace("Completed", "completed")
    assert item["URL"].endswith("/patrols/?status=completed&from=2020-01-01")
    assert item["version"].startswith("data version ")


def test_what_cannot_be_cited_is_refused_by_name(client, scene: Scene):
    assert client.get("/patrols/cite.docx").status_code == 404
    refused = client.get("/patrols/cite.bib?from=yesterday")
    assert refused.status_code == 400
    assert refused.content.decode().startswith("from: ")
