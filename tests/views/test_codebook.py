"""The codebook, and what catalogues and programs read of the data."""

from __future__ import annotations

import json
import re

import pytest

from patrols.publish import codebook
from patrols.record.columns import TABLES
from tests.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("table", "column"), [(table.name, column.name) for table in TABLES.values() for column in table.columns]
)
def test_every_column_has_its_entry(table, column):
    told = TABLES[table].by_name[column]
    assert len(told.description) > 5, f"{table}.{column} has no description."
    assert told.description.endswith("."), f"{table}.{column}: a sentence ends with a full stop."
    assert told.type, f"{table}.{column} has no type."


def test_the_page_shows_every_column_with_example_and_share(client, scene: Scene):
    text = client.get("/data/codebook/").content.decode()
    for table in TABLES.values():
        for column in table.columns:
            assert f'id="{table.name}.{column.name}"' in text
    assert f"<code>{scene['contested'].uid}</code>" in text or "<code>" in text
    assert "Changes to columns" in text


def test_shares_of_empty_cells_are_counted(scene: Scene):
    found = {chapter.table.name: chapter for chapter in codebook.chapters("test of shares")}
    entries = {entry.column.name: entry for entry in found["patrols"].entries}
    assert entries["id"].empty == 0
    assert entries["id"].empty_text == "0 %"
    share = entries["duration_h_best"].empty
    assert share is not None
    assert 0 < share <= 1


def test_the_markdown_has_a_row_for_each_column(client, scene: Scene):
    text = client.get("/data/codebook.md").content.decode()
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(table.columns) for table in TABLES.values())
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)


def test_an_empty_record_has_a_codebook_too(client):
    assert client.get("/data/codebook/").status_code == 200


def test_a_file_says_in_its_headers_and_beside_it_what_csv_cannot(client, scene: Scene):
    response = client.get("/data/patrols.csv?status=completed")
    lines = b"".join(response.streaming_content).decode().splitlines()
    beside = re.match(r"<[^>]*(/data/[^>]+)>; rel=\"describedby\"", response["Link"])
    assert beside is not None
    told = client.get(beside[1]).json()
    assert told["schema:query"] == "status=completed"
    assert told["schema:numberOfItems"] == len(lines) - 1
    assert told["schema:version"] == response["X-Data-Version"]
    assert told["schema:version"] in told["dc:bibliographicCitation"]
    assert [column["name"] for column in told["tableSchema"]["columns"]] == lines[0].split(",")


def test_dataset_mark_up_stands_on_the_data_page_and_names_every_file(client, scene: Scene):
    text = client.get("/data/").content.decode()
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert match is not None
    told = json.loads(match[1])
    assert told["@type"] == "Dataset"
    for name in ("name", "description", "license", "creator", "temporalCoverage", "version", "distribution"):
        assert told[name], f"Dataset Search asks for {name}."
    assert {one["contentUrl"].rsplit("/", 1)[1] for one in told["distribution"]} == {
        f"{n}.csv" for n in TABLES
    }
    assert len(told["description"]) >= 50


def test_the_catalogue_is_dcat(client, scene: Scene):
    told = client.get("/data/catalog.jsonld").json()
    (dataset,) = told["dcat:dataset"]
    assert dataset["@type"] == "dcat:Dataset"
    assert dataset["dct:license"]["@id"].startswith("https://creativecommons.org/")
    assert len(dataset["dcat:distribution"]) == len(TABLES)
