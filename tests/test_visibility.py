"""The one visibility rule in every output: what is not public is in no page, table, file or payload.

Every address of the URL configuration is opened as every kind of person. An address that this test does not
know how to open fails it, so that a new page cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from patrols.insight.analyses import ANALYSES
from patrols.models import Account, Patrol
from patrols.publish.cite import FORMATS
from patrols.publish.features import COLLECTIONS, PLAIN
from patrols.publish.package import release
from patrols.publish.snapshot import AUDIENCES, wanted
from patrols.record.apply import readopt
from patrols.record.columns import TABLES
from patrols.roles import ensure_roles
from patrols.urls import urlpatterns
from patrols.views.follow import SITEMAPS
from patrols.views.script import script_url
from tests.scene import Scene, add_sensitive, full_scene, route, tells

pytestmark = pytest.mark.django_db

HIDDEN = ("draft", "in review", "embargoed", "announced", "withdrawn")
PUBLIC_PEOPLE = ("anonymous", "analyst", "inactive editor")
STAFF = ("editor", "reviewer")


@pytest.fixture
def everything(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.HOME = tmp_path
    monkeypatch.setattr("patrols.views.packages.build_package.delay", lambda _revision: None)
    scene = full_scene()
    soon = (timezone.now() + timedelta(days=20)).date().isoformat()
    scene.add(
        "announced", {"day": soon, "status": "announced", "route": route("alpha", "hideout"), "vehicles": 31}
    )
    add_sensitive(scene)
    scene.account(scene["near"], "pending-account", vehicles=77, reviewed=False)
    readopt([scene["near"]], why="import")
    release("2026.1")
    return scene


def people() -> dict[str, Client]:
    ensure_roles()
    clients = {"anonymous": Client()}
    for name in ("analyst", "inactive editor", "editor", "reviewer"):
        user = User.objects.create(username=name, is_staff=name != "analyst")
        if name != "analyst":
            user.groups.add(Group.objects.get(name=name.removeprefix("inactive ")))
        clients[name] = Client()
        clients[name].force_login(user)
        if name.startswith("inactive"):
            User.objects.filter(pk=user.pk).update(is_active=False)
    return clients


ALL_ROWS = ",".join(map(str, range(20)))
MATCHING = ("q=hideout", "place=hideout", "bbox=40.7,36.7,40.8,36.8")


def under(audience: str, name: str) -> str:
    """An address under the snapshot of the record as it is now."""
    return f"/map/{audience}/{wanted(audience).revision}/{name}"


def addresses(scene: Scene) -> Iterator[str]:
    """Every public address, each with everything it can be asked for."""
    known = {
        "home": ["/", "/?q=hideout", "/?status=announced"],
        "map-summary": ["/map/patrols.json"],
        "map-picture": ["/map/picture.png"],
        "map-script": [script_url()],
        "map-current": [f"/map/{audience}/current.json" for audience in AUDIENCES],
        "map-columns": [under(audience, "columns.bin") for audience in AUDIENCES],
        "map-matching": [
            under(audience, f"matching?{query}") for audience in AUDIENCES for query in MATCHING
        ],
        "map-rows": [
            *(under(audience, f"rows.json?at={ALL_ROWS}") for audience in AUDIENCES),
            *(under("public", f"rows.json?uid={patrol.uid}") for patrol in Patrol.objects.all()),
        ],
        "map-table": [under(audience, f"table?at={ALL_ROWS}") for audience in AUDIENCES],
        "patrols": [
            "/patrols/",
            "/patrols/?place=hideout",
            "/patrols/?sort=-vehicles",
            "/patrols/?q=hideout",
        ],
        "patrol": [f"/patrols/{patrol.uid}/" for patrol in Patrol.objects.all()],
        "programmes": ["/programmes/"],
        "programme": ["/programmes/north/"],
        "ledger-csv": ["/programmes/north/ledger.csv"],
        "zone": ["/zones/east-strip/", "/zones/west-strip/"],
        "force": ["/forces/tr-forces/", "/forces/tr-land/", "/forces/ru-police/"],
        "data": ["/data/"],
        "insight": ["/insight/", "/insight/?q=hideout"],
        "analysis": [f"/insight/{slug}/" for slug in ANALYSES],
        "analysis-file": [
            *(f"/insight/{slug}.{ending}" for slug in ANALYSES for ending in ("csv", "svg")),
            "/insight/vehicles.csv?q=hideout",
        ],
        "analysis-embed": ["/insight/vehicles/embed/", "/insight/vehicles/embed/?q=hideout"],
        "cite-analysis": ["/insight/vehicles/cite.json"],
        "vega": ["/insight/vega-none.js"],
        "table-csv": [f"/data/{name}.csv" for name in TABLES],
        "about": ["/about/"],
        "api": ["/api/", "/api/?f=html"],
        "api-openapi": ["/api/openapi.json"],
        "api-conformance": ["/api/conformance"],
        "api-collections": ["/api/collections", "/api/collections?f=html"],
        "api-collection": [f"/api/collections/{name}" for name in COLLECTIONS],
        "api-schema": [f"/api/collections/{name}/schema" for name in COLLECTIONS],
        "api-queryables": [f"/api/collections/{name}/queryables" for name in COLLECTIONS],
        "api-items": [
            f"/api/collections/{name}/items{query}"
            for name in COLLECTIONS
            for query in ("", "?f=csv", "?f=html", "?bbox=40.7,36.7,40.8,36.8")
        ],
        "api-item": [f"/api/collections/patrols/items/{one.uid}" for one in Patrol.objects.all()],
        "api-table": [f"/api/{name}{query}" for name in PLAIN for query in ("", "?f=csv", "?f=html")],
        "api-nothing": ["/api/x/y"],
        "patrols-feed": ["/patrols/feed.atom", "/patrols/feed.atom?q=hideout"],
        "cite-view": [f"/patrols/cite.{ending}" for ending in FORMATS],
        "cite-patrol": [f"/patrols/{one.uid}/cite.json" for one in Patrol.objects.all()],
        "cite-programme": ["/programmes/north/cite.bib"],
        "codebook": ["/data/codebook/"],
        "codebook-md": ["/data/codebook.md"],
        "catalog": ["/data/catalog.jsonld"],
        "package": ["/data/package.zip"],
        "releases": ["/data/releases/"],
        "release": ["/data/releases/2026.1/"],
        "release-file": ["/data/releases/2026.1/csv/patrols.csv"],
        "table-metadata": [f"/data/{name}.csv-metadata.json" for name in TABLES],
        "corrections": ["/corrections/"],
        "corrections-feed": ["/corrections/feed.atom"],
        "sitemap": ["/sitemap.xml"],
        "sitemap-part": [f"/sitemap-{section}.xml" for section in SITEMAPS],
        "robots": ["/robots.txt"],
        "healthz": ["/healthz"],
    }
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        assert pattern.name in known, f"The address {pattern.pattern} is not covered by the visibility test."
        yield from known[pattern.name]


def body(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content
    # The snapshot is columns of bytes after a head of text.
    return response.status_code, content.decode(errors="replace")


def secrets_of(scene: Scene) -> list[str]:
    """What must not be told: ids, exact positions, reports' addresses and figures of what is hidden."""
    uids = [scene[name].uid for name in HIDDEN]
    reports = Account.objects.filter(patrol__uid__in=uids).values_list("report__url", flat=True)
    pending = "https://example.org/pending-account"
    return [
        *reports,
        pending,
        "40.777",
        "36.777",
        "Hideout",
        "hideout mill",
        "a note for editors",
        "Full text of",
    ]


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_the_public_is_told_nothing_of_what_is_hidden(everything: Scene, who: str) -> None:
    client = people()[who]
    for address in addresses(everything):
        status, text = body(client, address)
        told = text.replace("Title of", "")
        asked = address.rsplit("=", 1)[-1] if "=" in address else ""
        for secret in secrets_of(everything):
            if asked and secret.lower() == asked:
                continue
            assert secret not in told, f"{secret} is told by {address}"
        for name in HIDDEN:
            uid = everything[name].uid
            if uid in text:
                assert name == "withdrawn", f"{name} is told by {address}"
                assert status == 410, f"{name} is told by {address}"


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_a_hidden_patrol_is_not_found_and_a_withdrawn_one_is_gone(everything: Scene, who: str) -> None:
    client = people()[who]
    statuses = {name: client.get(f"/patrols/{everything[name].uid}/").status_code for name in HIDDEN}
    assert statuses == {"draft": 404, "in review": 404, "embargoed": 404, "announced": 404, "withdrawn": 410}


def test_a_tombstone_shows_the_id_and_no_content(everything: Scene) -> None:
    text = Client().get(f"/patrols/{everything['withdrawn'].uid}/").content.decode()
    assert everything["withdrawn"].uid in text
    for content in ("Hideout", "2020-06-06", "6 June 2020"):
        assert content not in text
    assert not tells(text, 31)


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_counts_are_of_the_public_record(everything: Scene, who: str) -> None:
    client = people()[who]
    assert len(body(client, "/data/patrols.csv")[1].splitlines()) == 1 + 6
    assert "<strong>6</strong>" in client.get("/map/patrols.json").json()["summary"]


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_the_public_is_never_given_the_editors_snapshot(everything: Scene, who: str) -> None:
    client = people()[who]
    for name in ("columns.bin", "matching?q=alpha", "rows.json?at=0", "table?at=0"):
        assert client.get(under("editors", name)).status_code == 404
        assert client.get(under("public", name)).status_code == 200
    assert client.get("/map/editors/current.json").status_code == 404


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_an_address_for_the_public_gives_no_editors_file_by_the_editors_revision(
    everything: Scene, who: str
) -> None:
    clients = people()
    assert clients["editor"].get(under("editors", "columns.bin")).status_code == 200
    assert clients[who].get(f"/map/public/{wanted('editors').revision}/columns.bin").status_code == 404


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_a_pending_account_changes_no_public_figure(everything: Scene, who: str) -> None:
    client = people()[who]
    near = everything["near"]
    line = next(row for row in body(client, "/data/patrols.csv")[1].splitlines() if row.startswith(near.uid))
    assert "77" not in line.split(",")
    assert "pending-account" not in body(client, f"/patrols/{near.uid}/")[1]


@pytest.mark.parametrize("who", STAFF)
def test_editors_and_reviewers_see_drafts_and_the_embargoed(everything: Scene, who: str) -> None:
    client = people()[who]
    for name in ("draft", "in review", "embargoed", "announced"):
        assert client.get(f"/patrols/{everything[name].uid}/").status_code == 200
        assert everything[name].uid in body(client, "/data/patrols.csv")[1]


@pytest.mark.parametrize("who", [*PUBLIC_PEOPLE, *STAFF])
def test_no_file_or_payload_tells_a_sensitive_place_to_anybody(everything: Scene, who: str) -> None:
    client = people()[who]
    uid = everything["sensitive"].uid
    for name in TABLES:
        lines = [line for line in body(client, f"/data/{name}.csv")[1].splitlines() if uid in line]
        assert not [line for line in lines if "ideout" in line or "40.77" in line]


@pytest.mark.parametrize("who", PUBLIC_PEOPLE)
def test_the_public_has_no_way_into_the_admin(everything: Scene, who: str) -> None:
    response = people()[who].get(f"/admin/patrols/patrol/{everything['draft'].pk}/change/")
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]
