"""What frames the timeline: events with their source, declared suspensions, months nobody reported in."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, User

from patrols.models import ContextEvent, Patrol, Programme, Report
from patrols.publish.timeline import coverage, events, suspensions, timeline
from tests.scene import Scene, add_claim, add_event, make_scene

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def event(slug: str, kind: str, start: str, end: str = "", programmes: tuple[Programme, ...] = ()):
    made = ContextEvent.objects.create(
        slug=slug,
        kind=kind,
        title=slug,
        start=date.fromisoformat(start),
        end=date.fromisoformat(end) if end else None,
    )
    made.programmes.set(programmes)
    return made


def month(covered: dict[str, str], wanted: str) -> str:
    """The digit of a month; "" outside of what is covered."""
    year, number = map(int, covered["from"].split("-"))
    asked_year, asked = map(int, wanted.split("-"))
    at = (asked_year - year) * 12 + asked - number
    return covered["months"][at : at + 1] if at >= 0 else ""


def test_an_event_comes_with_its_kind_in_words_its_programmes_and_its_source():
    made = add_event(make_scene())
    made.source_name, made.source_url = "A paper", "https://example.org/memorandum"
    made.save()
    (one,) = events()

    assert (one.kind, one.label, one.title) == ("agreement", "agreement", "Memorandum signed")
    assert one.programmes == ("north",)
    assert (one.source, one.url) == ("A paper", "https://example.org/memorandum")


def test_a_suspension_lasts_until_the_day_before_the_next_resumption_of_the_programme():
    scene = make_scene()
    other = Programme.objects.create(slug="south", code="south", name="South", parties=["RU", "TR"])
    event("halt", "suspension", "2023-10-05", programmes=(scene.programme,))
    event("elsewhere", "resumption", "2024-01-01", programmes=(other,))
    event("earlier", "resumption", "2023-01-01", programmes=(scene.programme,))
    event("again", "resumption", "2024-08-22", programmes=(scene.programme,))
    event("later", "resumption", "2025-08-22", programmes=(scene.programme,))
    (one,) = suspensions(events())

    assert (one.first, one.last) == (date(2023, 10, 5), date(2024, 8, 21))


def test_a_suspension_that_ends_by_itself_does_not_wait_for_a_resumption():
    scene = make_scene()
    event("halt", "suspension", "2020-07-14", "2020-07-21", (scene.programme,))
    event("again", "resumption", "2020-08-17", programmes=(scene.programme,))
    (one,) = suspensions(events())

    assert one.last == date(2020, 7, 21)


def test_a_suspension_without_a_resumption_ends_as_it_says_itself_or_has_no_known_end():
    event("dated", "suspension", "2020-07-14", "2020-07-21")
    event("open", "suspension", "2021-07-14")

    assert [one.last for one in suspensions(events())] == [date(2020, 7, 21), None]


def test_a_month_is_reported_if_a_report_was_published_in_it_even_of_an_older_patrol():
    scene = make_scene()
    scene.add("old", {"day": "2020-01-14", "told": 80})
    covered = coverage(PUBLIC)

    assert covered == {"from": "2020-01", "months": "1001"}


def test_an_undated_report_covers_the_month_of_its_patrol():
    scene = make_scene()
    scene.add("first", {"day": "2020-01-14"})
    scene.add(
        "undated",
        {"date_start": date(2020, 3, 1), "date_end": date(2020, 3, 31), "date_precision": 4},
    )

    assert coverage(PUBLIC) == {"from": "2020-01", "months": "101"}


def test_a_patrol_dated_to_a_year_covers_none_of_its_months():
    scene = make_scene()
    scene.add("first", {"day": "2020-01-14"})
    scene.add("vague", {"date_start": date(2019, 1, 1), "date_end": date(2019, 12, 31), "date_precision": 5})

    assert coverage(PUBLIC)["from"] == "2020-01"


def test_a_report_with_a_claim_covers_its_month():
    scene = make_scene()
    scene.add("first", {"day": "2020-01-14"})
    add_claim(scene, 20, published=date(2020, 3, 3))

    assert coverage(PUBLIC)["months"] == "101"


def test_what_is_hidden_covers_no_month_for_the_public(scene: Scene):
    staff = User.objects.create_superuser("head", "head@example.org", "a-long-password")

    assert {Patrol.objects.get(pk=scene["draft"].pk).date_start} == {date(2020, 6, 6)}
    assert month(coverage(PUBLIC), "2020-06") == ""
    assert month(coverage(staff), "2020-06") == "1"
    assert month(coverage(PUBLIC), "2020-05") == "1"


def test_a_pending_account_covers_no_month_for_the_public():
    scene = make_scene()
    patrol = scene.add("first", {"day": "2020-01-14"})
    scene.add("last", {"day": "2020-04-14"})
    waiting = scene.account(patrol, "waiting", reviewed=False)
    Report.objects.filter(pk=waiting.report_id).update(published=date(2020, 3, 3))

    assert coverage(PUBLIC)["months"] == "1001"


def test_an_empty_record_covers_nothing():
    assert coverage(PUBLIC) == {"from": "", "months": ""}


def test_coverage_is_kept_until_the_data_changes(scene: Scene, django_assert_num_queries):
    add_event(scene)
    first = timeline(PUBLIC)
    with django_assert_num_queries(2):
        assert timeline(PUBLIC) == first
    scene.add("new", {"day": "2020-12-01"})

    assert month(timeline(PUBLIC)["coverage"], "2020-12") == "1"


def test_the_page_carries_the_timeline_as_data(scene: Scene, client):
    add_event(scene)
    text = client.get("/").text
    data = json.loads(text.split('id="timeline-settings" type="application/json">')[1].split("</script>")[0])

    assert data["events"][0]["title"] == "Memorandum signed"
    assert data["coverage"]["from"] == "2020-01"
    assert data["words"]["gap"]["one"] == "{n} day without a recorded patrol"
    assert data["words"]["gap"]["other"] == "{n} days without a recorded patrol"
    assert data["programmes"][0]["slug"] == "north"
