"""The log of corrections, the feeds, the sitemap."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.contrib.auth.models import User

from patrols.models import Correction, Patrol, State
from patrols.record import workflow
from patrols.record.apply import readopt
from tests.scene import Scene

pytestmark = pytest.mark.django_db


def changed(patrol: Patrol, what: str, why: str) -> None:
    Correction.objects.create(patrol=patrol, kind=Correction.Kind.CHANGED, what=what, why=why)


def feed(client, address: str):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    read = feedparser.parse(response.content)
    assert not read.bozo, read.bozo_exception
    return read


def test_every_public_change_has_its_line_with_what_when_and_why(client, scene: Scene):
    patrol = scene["contested"]
    scene.account(patrol, "late", vehicles=30)
    readopt([patrol], why="a second statement came in")
    text = client.get("/corrections/").content.decode()
    line = patrol.corrections.first()
    assert line is not None
    assert "vehicles: " in line.what
    assert line.what.replace("→", "→") in text
    assert "a second statement came in" in text
    assert f'<time datetime="{line.at.year}-' in text


def test_the_log_goes_on_over_pages_and_none_is_empty(client, scene: Scene, django_assert_max_num_queries):
    patrol = scene["contested"]
    Correction.objects.bulk_create(
        Correction(patrol=patrol, kind=Correction.Kind.CHANGED, what=f"change {n}", why="test")
        for n in range(250)
    )
    with django_assert_max_num_queries(8):
        first = client.get("/corrections/").content.decode()
    assert "change 249" in first
    assert "change 249" not in client.get("/corrections/?page=2").content.decode()
    for query, name in (("page=99", "page"), ("page=x", "page"), ("pages=2", "pages")):
        refused = client.get(f"/corrections/?{query}")
        assert refused.status_code == 400
        assert refused.text.startswith(f"{name}: ")


def test_the_feed_of_corrections_says_the_same(client, scene: Scene):
    patrol = scene["contested"]
    Correction.objects.create(
        patrol=patrol, kind=Correction.Kind.CHANGED, what="vehicles: 8 → 9", why="reread"
    )
    read = feed(client, "/corrections/feed.atom")
    assert read.entries[0].title == f"{patrol.uid}: vehicles: 8 → 9"
    assert read.entries[0].summary == "vehicles: 8 → 9 reread"
    assert read.entries[0].link.endswith(f"/patrols/{patrol.uid}/")
    assert len({entry.id for entry in read.entries}) == len(read.entries)


def test_a_withdrawal_is_told_without_what_was_withdrawn(client, scene: Scene):
    patrol = scene["contested"]
    Correction.objects.create(
        patrol=patrol, kind=Correction.Kind.CHANGED, what="vehicles: 8 → 9", why="reread"
    )
    Patrol.objects.filter(pk=patrol.pk).update(
        public_from=patrol.changed_at and patrol.changed_at - timedelta(days=1)
    )
    patrol.refresh_from_db()
    workflow.withdraw(patrol, User.objects.create_superuser("head"), "counted twice")
    assert Patrol.objects.get(pk=patrol.pk).state == State.WITHDRAWN
    for address in ("/corrections/", "/corrections/feed.atom"):
        text = client.get(address).content.decode()
        assert "vehicles: 8 → 9" not in text
        assert "counted twice" in text


def test_the_feed_of_a_view_has_exactly_its_patrols(client, scene: Scene):
    everything = {entry.id.split("/")[-2] for entry in feed(client, "/patrols/feed.atom").entries}
    assert everything == set(Patrol.objects.visible_to(None).values_list("uid", flat=True))
    some = {entry.id.split("/")[-2] for entry in feed(client, "/patrols/feed.atom?status=cancelled").entries}
    wanted = Patrol.objects.visible_to(None).filter(status="cancelled")
    assert some == set(wanted.values_list("uid", flat=True))
    assert some < everything


@pytest.mark.parametrize(
    ("query", "name"), [("from=yesterday", "from"), ("colour=red", "colour"), ("status=gone", "status")]
)
def test_a_feed_of_a_filter_that_cannot_be_read_is_refused(client, scene: Scene, query, name):
    response = client.get(f"/patrols/feed.atom?{query}")
    assert response.status_code == 400
    assert response.content.decode().startswith(f"{name}: ")


def test_the_list_names_its_feed(client, scene: Scene):
    text = client.get("/patrols/?status=completed").content.decode()
    assert 'href="/patrols/feed.atom?status=completed"' in text


def test_the_sitemap_leads_to_every_public_page_and_to_no_other(client, scene: Scene, settings):
    namespace = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

    def places(address: str) -> list[str]:
        tree = ElementTree.fromstring(client.get(address).content)
        return [element.text or "" for element in tree.iterfind(".//s:loc", namespace)]

    parts = places("/sitemap.xml")
    assert len(parts) == 3
    found = [place for part in parts for place in places("/" + part.split("/", 3)[3])]
    paths = ["/" + place.split("/", 3)[3] for place in found]
    assert {
        path.split("/")[2] for path in paths if path.startswith("/patrols/") and path != "/patrols/"
    } == set(Patrol.objects.visible_to(None).values_list("uid", flat=True))
    assert all(client.get(path).status_code == 200 for path in paths)
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_pages_say_where_they_are_for_good(client, scene: Scene, settings):
    text = client.get("/patrols/?status=completed&theme=dark").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/patrols/?status=completed">' in text
    assert '<meta property="og:image" content="http://127.0.0.1:8000/map/picture.png?' in text
