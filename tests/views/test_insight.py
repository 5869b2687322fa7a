"""The analyses as pages, files and embedded: one filter, one visibility rule, one data version."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
from django.core.cache import caches

from patrols.insight import drawing
from patrols.insight.analyses import ANALYSES
from patrols.publish.cite import FORMATS
from patrols.publish.revision import data_revision
from tests.scene import Scene, add_claim

pytestmark = pytest.mark.django_db

ENDINGS = {"svg": b"<svg", "png": b"\x89PNG", "csv": b""}


@pytest.fixture(autouse=True)
def cold(settings):
    """Each test draws for itself."""
    settings.CACHES = {
        **settings.CACHES,
        "charts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "charts-test"},
    }
    caches["charts"].clear()


def table(client, slug: str, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/insight/{slug}.csv{query}").text, newline="")))


def test_an_analysis_is_a_chart_a_table_and_three_files(client, scene: Scene):
    add_claim(scene, 30, date_to=date(2020, 12, 31))
    for slug in ANALYSES:
        whole(client, slug)


def whole(client, slug: str) -> None:
    response = client.get(f"/insight/{slug}/")
    text = response.text

    assert response.status_code == 200
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert "<table" in text
    assert "What it cannot show." in text
    assert str(ANALYSES[slug].shows) in text
    for ending, start in ENDINGS.items():
        assert f'href="/insight/{slug}.{ending}"' in text
        file = client.get(f"/insight/{slug}.{ending}")
        assert file.status_code == 200
        assert file.content.startswith(start)
        assert file["X-Data-Version"] == data_revision(None)


def test_the_index_shows_every_chart_as_a_picture_in_both_themes(client, scene: Scene):
    text = client.get("/insight/?status=completed").text

    for slug, analysis in ANALYSES.items():
        assert f'href="/insight/{slug}/?status=completed"' in text
        assert f'src="/insight/{slug}.svg?status=completed&amp;title=0"' in text
        assert f'src="/insight/{slug}.svg?status=completed&amp;title=0&amp;theme=dark"' in text
        assert str(analysis.title) in text
    assert "<svg xmlns" not in text


def test_the_picture_says_what_it_is_and_of_which_data_version(client, scene: Scene):
    text = client.get("/insight/cadence.svg?status=completed").text

    assert "Status: completed" in text
    assert "were reported" in text
    assert f"data version {data_revision(None)}" in text
    assert "It cannot tell" in text
    assert "It cannot tell" not in client.get("/insight/cadence.svg?title=0").text


def test_the_dark_picture_is_the_same_in_dark_colours(client, scene: Scene):
    light, dark = (client.get(f"/insight/cadence.svg?theme={theme}").text for theme in ("light", "dark"))

    assert "#0072b2" in light
    assert "#56b4e9" in dark
    assert "#0072b2" not in dark
    assert len(re.findall("<path", light)) == len(re.findall("<path", dark))


def test_the_page_has_its_data_version_and_its_citation(client, scene: Scene):
    text = client.get("/insight/gaps/?status=completed").text

    assert f"<code>{data_revision(None)}</code>" in text
    assert "“Gaps: joint military patrols as reported (Status: completed)”" in text
    assert 'href="/insight/gaps/cite.bib?status=completed"' in text


def test_an_analysis_is_cited_in_every_format(client, scene: Scene):
    for ending, kind in FORMATS.items():
        response = client.get(f"/insight/gaps/cite.{ending}?status=completed")
        assert response["Content-Type"] == kind
        assert "/insight/gaps/?status=completed" in response.text


UNREADABLE = {
    "colour=red": "colour",
    "from=yesterday": "from",
    "programme=nowhere": "programme",
    "theme=pink": "theme",
    "title=2": "title",
}


@pytest.mark.parametrize(
    "address",
    [
        "/insight/",
        "/insight/cadence/",
        "/insight/cadence/embed/",
        "/insight/cadence.svg",
        "/insight/cadence.csv",
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client, db, address):
    for query, name in UNREADABLE.items():
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400
        assert f"{name}: " in response.text
        assert "<svg xmlns" not in response.text


def test_there_is_no_other_analysis_and_no_other_file(client, scene: Scene):
    for address in (
        "/insight/forecast/",
        "/insight/forecast.svg",
        "/insight/forecast/embed/",
        "/insight/forecast/cite.bib",
        "/insight/cadence.pdf",
        "/insight/cadence/cite.docx",
        "/insight/vega-0.0.0.js",
    ):
        assert client.get(address).status_code == 404


def test_the_one_filter_chooses_the_patrols(client, scene: Scene):
    everything = table(client, "completion")
    some = table(client, "completion", "?from=2020-02-01&to=2020-03-31")

    assert sum(int(row["patrols"]) for row in everything) == 5
    assert sum(int(row["patrols"]) for row in some) == 2


def test_sorting_and_language_change_nothing_of_the_figures(client, scene: Scene):
    assert table(client, "completion", "?sort=-vehicles&page=2") == table(client, "completion")


def test_hidden_patrols_change_nothing_for_the_public(client, staff_client, scene: Scene):
    query = "?from=2020-06-01"
    before = {slug: table(client, slug, query) for slug in ANALYSES}
    scene.add("one more draft", {"day": "2020-08-08", "vehicles": 44, "by": "tr"}, state="draft")

    for slug in ANALYSES:
        assert table(client, slug, query) == before[slug]
        if slug not in ("disagreements", "claimed", "coverage"):
            assert table(staff_client, slug, query) != before[slug]


def test_an_account_that_waits_for_approval_changes_nothing_for_the_public(client, scene: Scene):
    before = table(client, "sources"), table(client, "lag")
    scene.account(scene["near"], "pending", by="ru", day="2020-03-05", reviewed=False)

    assert (table(client, "sources"), table(client, "lag")) == before


def test_figures_are_those_of_the_record(client, scene: Scene):
    (row,) = [one for one in table(client, "vehicles") if one["name"] == "2020"]
    assert (row["lowest"], row["best"], row["highest"]) == ("6", "8", "9")
    assert (row["patrols"], row["known"], row["unknown_share"]) == ("4", "1", "0.75")

    facts = {row["fact"]: row for row in table(client, "disagreements")}
    assert (facts["vehicles"]["compared"], facts["vehicles"]["differ"], facts["vehicles"]["contested"]) == (
        "1",
        "1",
        "1",
    )


def test_a_claim_stands_beside_the_record(client, scene: Scene):
    add_claim(scene, 30, date_from=date(2020, 1, 1), date_to=date(2020, 12, 31))
    (row,) = table(client, "claimed")

    assert (row["claimed"], row["recorded"]) == ("30", "4")
    assert "30" in client.get("/insight/claimed.svg").text


def test_the_record_of_nothing_says_so(client, db):
    for slug in ANALYSES:
        text = client.get(f"/insight/{slug}/").text
        assert "Nothing of this is reported in this selection." in text


def test_only_the_embedded_page_may_be_framed(client, scene: Scene):
    embedded = client.get("/insight/cadence/embed/")
    assert "X-Frame-Options" not in embedded
    assert "frame-ancestors *" in embedded["Content-Security-Policy"]
    assert "script-src 'self'" in embedded["Content-Security-Policy"]
    for address in ("/insight/", "/insight/cadence/", "/insight/cadence.svg", "/"):
        response = client.get(address)
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_the_page_gives_the_lines_that_embed_it(client, scene: Scene, settings):
    text = client.get("/insight/cadence/?status=completed&from=2020-01-01").text
    address = f"{settings.SITE_URL}/insight/cadence/embed/?status=completed&amp;amp;from=2020-01-01"

    assert f"&lt;iframe src=&quot;{address}&quot;" in text


def test_an_editors_words_stay_text_in_the_drawing(client, scene: Scene):
    scene.programme.name = "<script>alert(1)</script>"
    scene.programme.save()
    other = scene.programme.__class__.objects.create(slug="other", code="other", name="Other", parties=["TR"])
    patrol = scene.add("elsewhere", {"day": "2020-09-09"})
    patrol.programme = other
    patrol.save()

    for address in ("/insight/gaps/", "/insight/gaps/embed/", "/insight/gaps.svg"):
        assert "<script>alert" not in client.get(address).text


def test_a_chart_is_drawn_once_for_each_state_of_the_record(client, scene: Scene, monkeypatch):
    drawn = []
    real = drawing.svg
    monkeypatch.setattr(drawing, "svg", lambda spec: drawn.append(1) or real(spec))
    client.get("/insight/cadence/")
    client.get("/insight/cadence/?theme=dark")
    client.get("/insight/cadence.svg?title=0&theme=dark")
    assert len(drawn) == 2  # wide, and narrow for a phone

    scene.add("more", {"day": "2020-08-08"})
    client.get("/insight/cadence/")
    assert len(drawn) == 4


def test_people_who_see_more_have_charts_of_their_own(client, staff_client, scene: Scene):
    assert table(staff_client, "completion") != table(client, "completion")
    assert table(client, "completion") == table(client, "completion")


def test_vega_comes_from_here_and_never_changes_under_its_address(client, scene: Scene):
    text = client.get("/insight/cadence/").text
    address = re.search(r'data-bundle="([^"]+)"', text)[1]
    response = client.get(address)

    assert address == f"/insight/vega-{drawing.BUNDLE_VERSION}.js"
    assert "immutable" in response["Cache-Control"]
    assert "vegaEmbed" in response.text
    assert "expressionInterpreter" in response.text


def test_the_specification_of_the_page_has_the_figures_of_the_table(client, scene: Scene):
    text = client.get("/insight/completion/").text
    spec = json.loads(
        re.search(r'<script id="chart-wide" type="application/json">(.*?)</script>', text, re.S)[1]
    )

    assert spec["config"]["aria"] is False
    assert "var(--c1)" in json.dumps(spec)
    values = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    assert sum(row["number"] for row in values) == 5


def test_a_page_takes_at_most_sixteen_queries_whatever_the_number_of_patrols(
    client, staff_client, scene: Scene, django_assert_max_num_queries
):
    for number in range(12):
        scene.add(f"more {number}", {"day": "2021-01-01", "vehicles": 8}, {"by": "tr", "day": "2021-01-01"})
    for slug in ANALYSES:
        with django_assert_max_num_queries(16):
            staff_client.get(f"/insight/{slug}/?status=completed&programme=north&zone=east-strip")
        with django_assert_max_num_queries(10):
            client.get(f"/insight/{slug}.csv")


def test_the_index_takes_at_most_ten_queries(client, scene: Scene, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/insight/?status=completed")


def test_the_navigation_leads_there(client, scene: Scene):
    assert '<a href="/insight/"' in client.get("/patrols/").text
    assert re.search(r'href="/insight/"\s+aria-current="page"', client.get("/insight/").text)
