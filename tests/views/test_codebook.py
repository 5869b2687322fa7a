"""The codebook, and what catalogues and programs read of the data."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, SDO, DefinedNamespace

from patrols.publish import codebook
from patrols.record.columns import LEDGER, TABLES
from tests.scene import Scene

pytestmark = pytest.mark.django_db
PUBLISHED = (*TABLES.values(), LEDGER)


@pytest.mark.parametrize(
    ("table", "column"), [(table.name, column.name) for table in PUBLISHED for column in table.columns]
)
def test_every_column_has_its_entry(table, column):
    told = next(one for one in PUBLISHED if one.name == table).by_name[column]
    assert len(told.description) > 5, f"{table}.{column} has no description."
    assert told.description.endswith("."), f"{table}.{column}: a sentence ends with a full stop."
    assert told.type, f"{table}.{column} has no type."


def test_the_page_shows_every_column_with_example_and_share(client, scene: Scene):
    text = client.get("/data/codebook/").content.decode()
    for table in PUBLISHED:
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
    assert len(rows) == sum(len(table.columns) for table in PUBLISHED)
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


DCAT_3 = {"version"}
"""Terms younger than the list of rdflib."""


def graph(told: dict[str, Any], context: Any) -> Graph:
    """The mark-up as a program reads it; its context is given here, since nothing is fetched in tests."""
    made = Graph()
    made.parse(data=json.dumps(told | {"@context": context}), format="json-ld")
    return made


def terms(found: Graph, namespace: type[DefinedNamespace]) -> set[str]:
    """Every property and class of the vocabulary that the graph uses."""
    used = {*found.predicates(), *found.objects(predicate=RDF.type)}
    start = str(namespace._NS)
    return {str(one).removeprefix(start) for one in used if str(one).startswith(start)}


def test_the_mark_up_for_search_engines_uses_only_words_of_schema_org(client, scene: Scene):
    text = client.get("/data/").content.decode()
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert match is not None
    found = graph(json.loads(match[1]), {"@vocab": "https://schema.org/"})
    used = terms(found, SDO)
    assert {"Dataset", "DataDownload", "distribution", "license"} <= used
    assert not {term for term in used if term not in SDO}
    (dataset,) = found.subjects(RDF.type, SDO.Dataset)
    # As Google's Dataset Search asks: a name, and a description of 50 to 5,000 letters.
    assert 50 <= len(str(found.value(dataset, SDO.description))) <= 5_000
    downloads = list(found.objects(dataset, SDO.distribution))
    assert all(found.value(one, SDO.contentUrl) and found.value(one, SDO.encodingFormat) for one in downloads)


def test_the_catalogue_uses_only_words_of_dcat_and_dublin_core(client, scene: Scene):
    told = client.get("/data/catalog.jsonld").json()
    found = graph(told, told["@context"])
    for namespace, known in ((DCAT, DCAT_3), (DCTERMS, set()), (FOAF, set())):
        used = terms(found, namespace)
        assert used, namespace
        assert not {term for term in used if term not in namespace and term not in known}
    # What DCAT-AP makes mandatory: of the catalogue, of its datasets, of their files, of the service.
    needed = {
        DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
        DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
        DCAT.Distribution: (DCAT.accessURL, DCAT.downloadURL),
        DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
    }
    for kind, properties in needed.items():
        things = list(found.subjects(RDF.type, kind))
        assert things, kind
        for thing in things:
            assert all(found.value(thing, one) is not None for one in properties), thing
    files = found.subjects(RDF.type, DCAT.Distribution)
    assert all(isinstance(found.value(one, DCAT.downloadURL), URIRef) for one in files)
