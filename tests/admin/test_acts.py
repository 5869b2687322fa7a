"""The buttons of a patrol: what each does, and the sentence where it may not be done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patrols.models import Patrol, Pin, State
from patrols.record import workflow

from .pages import errors, messages_of, parsed, words

pytestmark = pytest.mark.django_db


def act(client: Client, patrol: Patrol, name: str, **data: str):
    return client.post(reverse("admin:patrols_patrol_act", args=[patrol.pk, name]), data)


def buttons(client: Client, patrol: Patrol) -> list[str]:
    page = parsed(client.get(reverse("admin:patrols_patrol_change", args=[patrol.pk])))
    return [item.text_content().strip() for item in page.xpath("//p[@class='acts']/a")]


def test_a_draft_goes_to_review_and_out_by_two_people(as_editor, as_reviewer, scene):
    patrol = scene["draft"]

    assert act(as_editor, patrol, "submit", reason="").status_code == 302
    patrol.refresh_from_db()
    assert patrol.state == State.IN_REVIEW
    assert act(as_reviewer, patrol, "approve", reason="").status_code == 302
    patrol.refresh_from_db()
    assert patrol.state == State.PUBLISHED


def test_who_wrote_last_cannot_approve(as_reviewer, scene, reviewer):
    patrol = scene["in review"]
    workflow.pin(patrol, "sector", "West", "The map", reviewer)

    response = act(as_reviewer, patrol, "approve", reason="")

    assert errors(response) == ["page: You wrote this last, so another person has to approve it."]
    assert Patrol.objects.get(pk=patrol.pk).state == State.IN_REVIEW


@pytest.mark.parametrize("name", ["send_back", "withdraw", "publication"])
def test_an_act_that_needs_a_reason_asks_for_it(as_reviewer, scene, name):
    response = act(as_reviewer, scene["in review"], name, reason=" ")
    assert "reason: This field is required." in errors(response)


def test_submitting_twice_is_a_sentence(as_editor, scene):
    response = act(as_editor, scene["in review"], "submit", reason="")
    assert errors(response) == ["page: Only a draft can be submitted; this patrol is in review."]


def test_a_withdrawn_patrol_keeps_its_reason(as_reviewer, scene):
    patrol = scene["near"]
    assert act(as_reviewer, patrol, "withdraw", reason="It was an exercise").status_code == 302
    patrol.refresh_from_db()
    assert (patrol.state, patrol.withdrawn_reason) == (State.WITHDRAWN, "It was an exercise")
    assert errors(act(as_reviewer, patrol, "withdraw", reason="Again")) == [
        "page: This patrol is withdrawn already."
    ]


def test_merging_leads_to_the_other(as_reviewer, scene):
    patrol, into = scene["near"], scene["again"]
    response = act(as_reviewer, patrol, "merge", reason="One patrol twice", into=str(into.pk))
    assert response.status_code == 302, errors(response)
    patrol.refresh_from_db()
    assert patrol.merged_into == into
    assert into.accounts.count() == 2


def test_merging_into_itself_is_a_sentence(as_reviewer, scene):
    patrol = scene["near"]
    response = act(as_reviewer, patrol, "merge", reason="Why", into=str(patrol.pk))
    assert errors(response) == ["page: A patrol cannot be merged into itself."]


def test_an_editor_may_add_caution_but_not_loosen_it(as_editor, scene):
    patrol = scene["near"]
    later = timezone.now() + timedelta(days=9)
    data = {"embargo_until_0": f"{later:%Y-%m-%d}", "embargo_until_1": "12:00:00", "reason": "A request"}

    assert act(as_editor, patrol, "publication", sensitive="on", **data).status_code == 302
    patrol.refresh_from_db()
    assert patrol.sensitive
    assert errors(act(as_editor, patrol, "publication", **data)) == ["page: Only a reviewer may do this."]


def test_buttons_are_those_that_may_be_pressed(as_editor, as_reviewer, scene):
    assert buttons(as_editor, scene["draft"]) == ["Submit for review", "Embargo and sensitivity"]
    assert buttons(as_reviewer, scene["in review"]) == [
        "Approve", "Send back", "Embargo and sensitivity", "Merge into another", "Withdraw",
    ]  # fmt: skip
    assert "Approve" not in buttons(as_reviewer, scene["near"])
    assert buttons(as_reviewer, scene["withdrawn"]) == []


def test_a_reviewer_is_told_that_it_is_their_own_work(as_reviewer, scene, reviewer):
    workflow.pin(scene["in review"], "sector", "West", "The map", reviewer)
    page = as_reviewer.get(reverse("admin:patrols_patrol_change", args=[scene["in review"].pk]))
    assert "You wrote this last" in words(page)


def test_several_are_submitted_at_once_and_refusals_are_told(as_editor, scene):
    chosen = [scene["draft"], scene["in review"]]
    data = {"action": "submit_selected", "_selected_action": [str(patrol.pk) for patrol in chosen]}

    response = as_editor.post(reverse("admin:patrols_patrol_changelist"), data, follow=True)

    told = messages_of(response)
    assert "1 patrols submitted." in told
    assert any("Only a draft can be submitted" in text for text in told)


def test_an_editor_has_no_action_to_approve(as_editor, as_reviewer, scene):
    url = reverse("admin:patrols_patrol_changelist")
    assert "Approve (reviewers)" not in words(as_editor.get(url))
    data = {"action": "approve_selected", "_selected_action": [str(scene["in review"].pk)]}
    as_editor.post(url, data)
    assert Patrol.objects.get(pk=scene["in review"].pk).state == State.IN_REVIEW
    as_reviewer.post(url, data)
    assert Patrol.objects.get(pk=scene["in review"].pk).state == State.PUBLISHED


# Pins


def pin(client: Client, patrol: Patrol, fact: str, **data: object):
    given = {f"{fact}-{name}": value for name, value in data.items()}
    return client.post(reverse("admin:patrols_patrol_pin", args=[patrol.pk, fact]), given)


@pytest.mark.parametrize(
    ("fact", "data", "stored"),
    [
        ("status", {"value": "suspended"}, "suspended"),
        ("sector", {"value": "West of Alpha"}, "West of Alpha"),
        ("vehicles", {"value": "7"}, 7),
        ("length_km", {"value": "61.5"}, 61.5),
        ("air_support", {"value": "drone; helicopter"}, ["drone", "helicopter"]),
        ("zones", {"value": "east-strip"}, ["east-strip"]),
        ("date", {"start": "2020-06-05"}, {"start": "2020-06-05", "end": "2020-06-05", "precision": 1}),
        (
            "date",
            {"start": "2020-06-01", "end": "2020-06-30"},
            {"start": "2020-06-01", "end": "2020-06-30", "precision": 4},
        ),
        (
            "route",
            {"value": '{"type": "LineString", "coordinates": [[40.6, 36.9], [40.7, 36.8]]}'},
            {"type": "LineString", "coordinates": [[40.6, 36.9], [40.7, 36.8]]},
        ),
    ],
)
def test_a_fact_is_pinned_with_its_reason(as_editor, scene, editor, fact, data, stored):
    patrol = scene["draft"]
    response = pin(as_editor, patrol, fact, reason="The ministry's map", **data)

    assert response.status_code == 302, errors(response)
    made = Pin.objects.get(patrol=patrol, fact=fact)
    assert (made.value, made.reason, made.by) == (stored, "The ministry's map", editor)
    page = as_editor.get(reverse("admin:patrols_patrol_change", args=[patrol.pk]))
    row = parsed(page).xpath(f"//tr[@id='fact-{fact}']")[0].text_content()
    assert "pinned" in row
    assert "The ministry's map" in row


@pytest.mark.parametrize(
    ("fact", "data", "says"),
    [
        ("vehicles", {"value": "-1"}, "greater than or equal to 0"),
        ("vehicles", {"value": "7.5"}, "whole number"),
        ("status", {"value": "lost"}, "not one of the available choices"),
        ("date", {"start": "2020-06-05", "end": "2020-06-01"}, "before the first day"),
        ("date", {"start": "2999-01-01"}, "cannot lie in the future"),
        ("date", {"start": "yesterday"}, "Enter a valid date"),
        ("route", {"value": ""}, "Draw a line on the map or upload a track"),
        ("route", {"value": "{"}, "valid JSON"),
        ("route", {"value": '{"type": "Point", "coordinates": [40, 36]}'}, "draw a line"),
        (
            "route",
            {"value": '{"type": "LineString", "coordinates": [[400, 36], [40, 36]]}'},
            "outside the world",
        ),
    ],
)
def test_a_bad_value_is_a_sentence_and_nothing_is_pinned(as_editor, scene, fact, data, says):
    response = pin(as_editor, scene["draft"], fact, reason="Why", **data)

    assert response.status_code == 400
    assert any(says in text for text in errors(response)), errors(response)
    assert not Pin.objects.exists()


def test_a_pin_without_a_reason_is_refused(as_editor, scene):
    assert "route-reason: This field is required." in errors(pin(as_editor, scene["draft"], "route"))


def test_an_uploaded_track_becomes_the_route(as_editor, scene):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(
        "day.gpx",
        b'<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        b'<trkpt lat="36.9" lon="40.6"/><trkpt lat="36.8" lon="40.7"/></trkseg></trk></gpx>',
    )
    patrol = scene["draft"]

    response = pin(as_editor, patrol, "route", upload=file, reason="The track that was published")

    assert response.status_code == 302, errors(response)
    patrol.refresh_from_db()
    assert patrol.route.geometry["coordinates"] == [[40.6, 36.9], [40.7, 36.8]]
    assert patrol.where_precision == 1


def test_a_bad_track_says_why_at_the_upload(as_editor, scene):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("day.gpx", b"<gpx>")
    response = pin(as_editor, scene["draft"], "route", upload=file, reason="Why")
    assert "route-upload: The file is not readable as GPX: its XML is broken." in errors(response)


def test_a_pin_on_a_published_patrol_waits_and_a_reviewer_lets_it_speak(as_editor, as_reviewer, scene):
    patrol = scene["near"]
    response = pin(as_editor, patrol, "vehicles", value="7", reason="Counted")
    assert any("once a reviewer approves" in text for text in messages_of(as_editor.get(response.url)))
    patrol.refresh_from_db()
    assert patrol.vehicles_best is None

    assert act(as_reviewer, patrol, "approve", reason="").status_code == 302
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 7


def test_unpinning_needs_a_reason_and_gives_the_fact_back(as_editor, scene, editor):
    patrol = scene["draft"]
    workflow.pin(patrol, "vehicles", 7, "Counted", editor)
    url = reverse("admin:patrols_patrol_unpin", args=[patrol.pk, "vehicles"])

    assert "reason: This field is required." in errors(as_editor.post(url, {"reason": ""}))
    assert as_editor.post(url, {"reason": "Miscounted"}).status_code == 302
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 31
    assert errors(as_editor.post(url, {"reason": "Again"})) == ["page: “vehicles” is not pinned."]


def test_a_withdrawn_patrol_cannot_be_pinned(as_editor, scene):
    response = pin(as_editor, scene["withdrawn"], "vehicles", value="3", reason="Why")
    assert errors(response) == ["page: A withdrawn patrol cannot be changed."]


def test_every_acts_page_opens_without_errors(as_reviewer, scene):
    patrol = scene["in review"]
    names = [("act", name) for name in ("submit", "approve", "send_back", "withdraw", "merge", "publication")]
    facts = [
        ("pin", fact) for fact in ("status", "date", "sector", "vehicles", "zones", "route", "length_km")
    ]
    for kind, name in (*names, *facts, ("unpin", "vehicles")):
        response = as_reviewer.get(reverse(f"admin:patrols_patrol_{kind}", args=[patrol.pk, name]))
        assert (response.status_code, errors(response)) == (200, []), (kind, name)
    for kind in ("act", "pin", "unpin"):
        unknown = reverse(f"admin:patrols_patrol_{kind}", args=[patrol.pk, "nonsense"])
        assert as_reviewer.get(unknown).status_code == 404
