"""A patrol's page: what it shows, and that what is edited becomes pins and accounts, never rows."""

from __future__ import annotations

import pytest
from django.urls import reverse

from patrols.models import Account, Patrol, Pin, State, Stop
from patrols.record import workflow

from .pages import errors, messages_of, parsed, post_changed, shown_form, words

pytestmark = pytest.mark.django_db


def page(patrol: Patrol) -> str:
    return reverse("admin:patrols_patrol_change", args=[patrol.pk])


def test_it_says_where_each_adopted_fact_came_from(as_editor, scene):
    response = as_editor.get(page(scene["contested"]))

    row = parsed(response).xpath("//tr[@id='fact-vehicles']")[0]
    text = " ".join(row.text_content().split())
    assert "8 (6–9)" in text
    assert "contested" in text
    assert "Turkish ministry" in text
    assert "6 Russian ministry" in text
    assert "9 Local paper" in text


def test_an_edited_stop_becomes_a_pin_with_the_reason_and_no_row_is_edited(as_editor, scene, editor):
    patrol = scene["draft"]
    before = list(Stop.objects.filter(patrol=patrol).values_list("pk", flat=True))

    response = post_changed(
        as_editor,
        page(patrol),
        "patrol_form",
        **{"stops-1-spelling": "Hideout mill", "change_reason": "The map names the mill"},
    )

    assert response.status_code == 302, errors(response)
    pin = Pin.objects.get(patrol=patrol, fact="stops")
    assert [stop["name"] for stop in pin.value] == ["Alpha", "Hideout mill"]
    assert (pin.reason, pin.by) == ("The map names the mill", editor)
    assert [stop.spelling for stop in patrol.stops.order_by("order")] == ["Alpha", "Hideout mill"]
    assert not set(before) & set(Stop.objects.filter(patrol=patrol).values_list("pk", flat=True))


def test_a_save_without_changes_pins_nothing(as_editor, scene):
    response = post_changed(as_editor, page(scene["draft"]), "patrol_form")

    assert response.status_code == 302, errors(response)
    assert not Pin.objects.exists()
    assert not Account.objects.exclude(proposed={}).exists()


def test_a_changed_list_needs_a_reason_and_keeps_the_input(as_editor, scene):
    response = post_changed(
        as_editor, page(scene["draft"]), "patrol_form", **{"stops-0-spelling": "Elsewhere"}
    )

    assert response.status_code == 200
    assert "Say why you change this" in words(response)
    assert parsed(response).xpath("//input[@name='stops-0-spelling']/@value") == ["Elsewhere"]
    assert not Pin.objects.exists()


def test_an_emptied_row_is_a_removed_one(as_editor, scene):
    patrol = scene["draft"]
    changes = {"stops-0-spelling": "", "stops-0-place": "", "change_reason": "It set out elsewhere"}

    response = post_changed(as_editor, page(patrol), "patrol_form", **changes)

    assert response.status_code == 302, errors(response)
    assert [stop.spelling for stop in patrol.stops.all()] == ["Hideout"]


def test_stops_take_the_order_that_is_given(as_editor, scene):
    patrol = scene["draft"]
    changes = {"stops-0-order": "2", "stops-1-order": "1", "change_reason": "The other way round"}

    assert post_changed(as_editor, page(patrol), "patrol_form", **changes).status_code == 302
    assert [stop.spelling for stop in patrol.stops.order_by("order")] == ["Hideout", "Alpha"]


def test_a_number_given_twice_is_refused_at_its_list(as_editor, scene):
    patrol = scene["contested"]
    values = shown_form(as_editor, page(patrol), "patrol_form")
    counter = values["ordinals-0-counter"]
    values |= {
        "ordinals-TOTAL_FORMS": "2",
        "ordinals-1-counter": counter,
        "ordinals-1-number": values["ordinals-0-number"],
        "change_reason": "Given twice",
    }

    response = as_editor.post(page(patrol), {k: v for k, v in values.items() if v is not None})

    assert "The patrol already has this number in this count." in words(response)


def test_low_above_best_is_a_sentence(as_editor, scene):
    changes = {
        "participations-0-vehicles_low": "9",
        "participations-0-vehicles_best": "4",
        "participations-0-vehicles_high": "9",
        "change_reason": "Counted on the photographs",
    }

    response = post_changed(as_editor, page(scene["again"]), "patrol_form", **changes)

    assert response.status_code == 200
    assert "rising order" in words(response)


def test_a_list_that_somebody_else_changed_meanwhile_is_not_overwritten(as_editor, scene, reviewer):
    patrol = scene["draft"]
    values = shown_form(as_editor, page(patrol), "patrol_form")
    workflow.pin(patrol, "stops", [{"name": "Alpha", "place": None, "role": ""}], "One stop only", reviewer)
    values |= {"stops-1-spelling": "Mine", "change_reason": "Mine"}

    response = as_editor.post(page(patrol), {k: v for k, v in values.items() if v is not None})

    assert "Somebody else has changed this" in words(response)
    assert [stop.spelling for stop in patrol.stops.all()] == ["Alpha"]


def test_an_account_added_to_a_draft_speaks_at_once(as_editor, scene, editor):
    patrol = scene["draft"]
    report = scene.account(scene["near"], "second-report", day="2020-06-06").report
    values = shown_form(as_editor, page(patrol), "patrol_form")
    number = values["accounts-TOTAL_FORMS"]
    prefix = f"accounts-{number}-"
    values |= {
        "accounts-TOTAL_FORMS": str(int(number) + 1),
        prefix + "report": str(report.pk),
        prefix + "own_reporting": "on",
        prefix + "date_start": "2020-06-06",
        prefix + "date_stated": "on",
        prefix + "status": "completed",
        prefix + "vehicles": "about 44",
        "change_reason": "A second report",
    }

    response = as_editor.post(page(patrol), {k: v for k, v in values.items() if v is not None})

    assert response.status_code == 302, errors(response)
    account = Account.objects.get(report=report, patrol=patrol)
    assert (account.vehicles, account.qualifiers, account.created_by) == (44, {"vehicles": "about"}, editor)
    assert (account.date_end.isoformat(), account.date_precision) == ("2020-06-06", 1)
    patrol.refresh_from_db()
    assert patrol.vehicles_high == 44


def test_a_second_account_of_the_same_report_is_refused_at_the_report(as_editor, scene):
    patrol = scene["draft"]
    report = patrol.accounts.get().report
    values = shown_form(as_editor, page(patrol), "patrol_form")
    prefix = f"accounts-{values['accounts-TOTAL_FORMS']}-"
    values |= {
        "accounts-TOTAL_FORMS": str(int(values["accounts-TOTAL_FORMS"]) + 1),
        prefix + "report": str(report.pk),
        prefix + "status": "completed",
        "change_reason": "Again",
    }

    response = as_editor.post(page(patrol), {k: v for k, v in values.items() if v is not None})

    assert response.status_code == 200
    assert "report: This report already has an account of this patrol." in errors(response)


def test_a_change_to_an_approved_account_waits_and_shows_what_it_would_change(as_editor, scene):
    patrol = scene["contested"]
    changes = {"accounts-0-vehicles": "12", "change_reason": "The statement was corrected"}

    response = as_editor.get(post_changed(as_editor, page(patrol), "patrol_form", **changes).url)

    assert any("waits until a reviewer approves it" in text for text in messages_of(response))
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 8
    shown = words(as_editor.get(page(patrol)))
    assert "Approval would change" in shown
    assert "12" in shown


def test_a_withdrawn_patrol_is_shown_and_cannot_be_saved(as_reviewer, scene):
    patrol = scene["withdrawn"]

    response = as_reviewer.get(page(patrol))
    assert "Two reports of one event" in words(response)
    assert not parsed(response).xpath("//input[@name='_save']")
    assert as_reviewer.post(page(patrol), {"note": "x"}).status_code == 403


def test_a_pending_pin_is_what_the_lists_go_on_from(as_editor, scene, editor):
    patrol = scene["again"]
    workflow.pin(patrol, "stops", [{"name": "Bravo gate", "place": "bravo", "role": ""}], "The map", editor)

    values = shown_form(as_editor, page(patrol), "patrol_form")

    assert values["stops-0-spelling"] == "Bravo gate"
    assert patrol.state == State.PUBLISHED
    assert [stop.spelling for stop in patrol.stops.all()] == ["Alpha", "Bravo"]


def test_adding_a_patrol_leads_to_its_first_account(as_editor):
    response = as_editor.get(reverse("admin:patrols_patrol_add"))

    assert response.url == reverse("admin:patrols_account_add")
