"""Accounts: typed entry, one sentence for each mistake, review, and finding their patrol."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from patrols.models import Account, Patrol, Place, Programme, Report, State
from patrols.record import workflow

from .pages import errors, messages_of, parsed, post_changed, shown_form, words

pytestmark = pytest.mark.django_db


def page(account: Account) -> str:
    return reverse("admin:patrols_account_change", args=[account.pk])


@pytest.fixture
def account(scene) -> Account:
    return scene["draft"].accounts.get()


@pytest.fixture
def waiting(scene) -> Account:
    return scene.account(
        None, "waiting", by="paper", day="2020-01-14", number=13, counter=scene.counter,
        route=[{"name": "Alpha", "place": "alpha", "role": ""}], reviewed=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("vehicles", "-3", "vehicles: This cannot be negative."),
        ("vehicles", "many", "vehicles: Give a number such as 24"),
        ("vehicles", "4.5", "vehicles: Give a whole number."),
        ("vehicles", "1000000", "vehicles: This is larger than any patrol"),
        ("personnel_by_side_TR", "-1", "personnel_by_side: This cannot be negative."),
        ("date_end", "2020-06-05", "date_end: The patrol's last day lies before its first day."),
        ("date_start", "2999-01-01", "date_start: A patrol in the future can only be announced."),
        ("date_start", "", "date_start: Give the first day too."),
        ("number", "7", "counter: Say whose count the number belongs to"),
        ("route", "Alpha = nowhere-known", "route: The gazetteer has no entry “nowhere-known”."),
        ("route", "= alpha", "route: Line 1 is not understood."),
        ("status", "lost", "status: Select a valid choice."),
    ],
)
def test_a_mistake_is_a_sentence_at_its_field(as_editor, account, field, value, says):
    response = post_changed(as_editor, page(account), "account_form", **{field: value, "change_reason": "x"})

    assert response.status_code == 200
    assert any(text.startswith(says) for text in errors(response)), errors(response)


def test_figures_keep_how_they_were_put(as_editor, account):
    changes = {
        "vehicles": "about 12", "personnel": ">40", "personnel_by_side_TR": "~24", "length_km": "61,5",
        "change_reason": "Read again",
    }  # fmt: skip
    response = post_changed(as_editor, page(account), "account_form", **changes)

    assert response.status_code == 302, errors(response)
    account.refresh_from_db()
    assert (account.vehicles, account.personnel, account.length_km) == (12, 40, 61.5)
    assert account.personnel_by_side == {"TR": 24}
    assert account.qualifiers == {"vehicles": "about", "personnel": "over", "personnel_TR": "about"}
    shown = shown_form(as_editor, page(account), "account_form")
    assert (shown["vehicles"], shown["personnel_by_side_TR"]) == ("about 12", "about 24")


def test_places_are_looked_up_in_the_gazetteer_unless_named(as_editor, account):
    text = "start: Bravo\nUnknown hamlet\nend: The gate = delta"
    response = post_changed(
        as_editor, page(account), "account_form", route=text, sector="Alpha countryside", change_reason="x"
    )

    assert response.status_code == 302, errors(response)
    account.refresh_from_db()
    assert account.route == [
        {"name": "Bravo", "place": "bravo", "role": "start"},
        {"name": "Unknown hamlet", "place": None, "role": ""},
        {"name": "The gate", "place": "delta", "role": "end"},
    ]
    assert account.areas == ["alpha"]


def test_a_new_name_of_a_place_is_known_at_once(as_editor, account):
    Place.objects.get(slug="bravo").names.create(name="Kwekrin")
    post_changed(as_editor, page(account), "account_form", route="Kwekrin", change_reason="x")
    account.refresh_from_db()
    assert account.route[0]["place"] == "bravo"


def test_a_month_needs_only_its_first_day(as_editor, account):
    changes = {"date_start": "2020-02-01", "date_end": "", "date_precision": "4", "change_reason": "x"}
    assert post_changed(as_editor, page(account), "account_form", **changes).status_code == 302
    account.refresh_from_db()
    assert account.date_end.isoformat() == "2020-02-29"


def test_the_form_offers_what_its_programme_has(as_editor, account):
    other = Programme.objects.create(slug="south", code="south", name="South", parties=["US", "TR"])
    other.counters.create(slug="joint", name="Joint count")

    shown = shown_form(as_editor, page(account), "account_form")
    text = words(as_editor.get(page(account)))
    assert "personnel_by_side_RU" in shown
    assert "personnel_by_side_US" not in shown
    assert "Joint count" not in text

    added = as_editor.get(reverse("admin:patrols_account_add") + f"?programme={other.pk}")
    assert "Joint count" in words(added)


def test_a_change_needs_a_reason_and_keeps_it(as_editor, account, editor):
    refused = post_changed(as_editor, page(account), "account_form", vehicles="9")
    assert "change_reason: Say why you change this." in errors(refused)

    post_changed(as_editor, page(account), "account_form", vehicles="9", change_reason="Misread")
    last = account.history.first()
    assert (last.history_change_reason, last.history_user) == ("Misread", editor)


def test_saving_without_a_change_changes_nothing(as_editor, scene, waiting):
    Account.objects.filter(pk=waiting.pk).update(reviewed=True)
    for one in Account.objects.all():
        if one.patrol and one.patrol.state == State.WITHDRAWN:
            continue
        before = Account.objects.filter(pk=one.pk).values().get()
        response = post_changed(as_editor, page(one), "account_form")
        assert response.status_code == 302, errors(response)
        after = Account.objects.filter(pk=one.pk).values().get()
        assert after == before


def test_a_change_to_an_approved_account_waits_beside_it(as_editor, as_reviewer, scene):
    account = scene["again"].accounts.get()
    response = post_changed(as_editor, page(account), "account_form", personnel="30", change_reason="Misread")

    assert any("waits until a reviewer approves" in text for text in messages_of(as_editor.get(response.url)))
    account.refresh_from_db()
    assert (account.personnel, account.reviewed, account.proposed["personnel"]) == (24, True, 30)
    assert shown_form(as_editor, page(account), "account_form")["personnel"] == "30"
    assert "Approval would change" in words(as_reviewer.get(page(account)))

    url = reverse("admin:patrols_patrol_act", args=[scene["again"].pk, "approve"])
    assert as_reviewer.post(url, {"reason": ""}).status_code == 302
    account.refresh_from_db()
    assert (account.personnel, account.proposed) == (30, {})


def test_a_page_that_is_out_of_date_does_not_overwrite(as_editor, account, reviewer):
    values = shown_form(as_editor, page(account), "account_form")
    workflow.write_account(account, {"vehicles": 8}, reviewer, "Misread")
    values |= {"vehicles": "9", "change_reason": "Mine"}

    response = as_editor.post(page(account), {k: v for k, v in values.items() if v is not None})

    assert "Somebody else has changed this" in words(response)
    account.refresh_from_db()
    assert account.vehicles == 8


def test_a_new_account_goes_on_to_be_placed(as_editor, scene, editor):
    report = Report.objects.create(publisher=scene.publishers["wire"], url="https://example.org/new")
    url = reverse("admin:patrols_account_add") + f"?programme={scene.programme.pk}"
    values = {
        "report": report.pk, "programme": scene.programme.pk, "own_reporting": "on", "date_stated": "on",
        "date_start": "2020-08-01", "status": "completed", "sector": "Alpha",
    }  # fmt: skip

    response = as_editor.post(url, values)

    account = Account.objects.get(report=report)
    assert response.url == reverse("admin:patrols_account_place", args=[account.pk])
    assert (account.patrol, account.reviewed, account.created_by) == (None, False, editor)


def test_a_changed_report_shows_at_once_wherever_it_is_read(as_editor, client, scene):
    report = Report.objects.get(url="https://example.org/contested-0")
    before = client.get("/api/reports?limit=1000")
    url = reverse("admin:patrols_report_change", args=[report.pk])

    post_changed(as_editor, url, "report_form", title="Another headline", change_reason="It was changed")

    tag = {"if-none-match": before["ETag"]}
    rows = client.get("/api/reports?limit=1000", headers=tag).json()["rows"]
    assert {one["id"]: one["title"] for one in rows}[report.uid] == "Another headline"


def test_the_same_address_twice_is_a_sentence(as_editor, scene):
    values = {
        "url": "https://example.org/draft-0", "publisher": scene.publishers["wire"].pk,
        "accounts-TOTAL_FORMS": "0", "accounts-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = as_editor.post(reverse("admin:patrols_report_add"), values)
    assert "url: A report with this address is already in the record." in errors(response)


def test_a_clash_that_only_the_database_sees_is_a_sentence_too(as_editor, scene, monkeypatch):
    def clash(*_args, **_kwargs):
        raise IntegrityError("UNIQUE constraint failed: patrols_report.url")

    monkeypatch.setattr(Report, "save", clash)
    values = {
        "url": "https://example.org/other", "publisher": scene.publishers["wire"].pk,
        "accounts-TOTAL_FORMS": "0", "accounts-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = as_editor.post(reverse("admin:patrols_report_add"), values)

    assert response.status_code == 200
    assert "Somebody else has just saved something that this clashes with" in words(response)
    assert parsed(response).xpath("//input[@name='url']/@value") == ["https://example.org/other"]


def test_a_repeat_loses_its_weight_and_its_patrol_is_adopted_again(as_editor, scene):
    patrol = scene["contested"]
    turkish, russian = (Report.objects.get(url=f"https://example.org/contested-{n}") for n in (0, 1))
    url = reverse("admin:patrols_report_change", args=[turkish.pk])

    response = post_changed(
        as_editor, url, "report_form", same_story_as=str(russian.pk), change_reason="It repeats the other"
    )

    assert response.status_code == 302, errors(response)
    patrol.refresh_from_db()
    assert (patrol.vehicles_best, patrol.contested) == (6, [])


# Placing


def place(account: Account) -> str:
    return reverse("admin:patrols_account_place", args=[account.pk])


def test_candidates_are_ranked_with_their_reasons(as_editor, scene, waiting):
    text = words(as_editor.get(place(waiting)))

    assert "The rule would attach it to the first." in text
    assert "same day, 14 January 2020" in text
    assert "number 13 in the overall count" in text


def test_attaching_to_a_published_patrol_waits_for_approval(as_editor, scene, waiting):
    patrol = scene["contested"]
    response = as_editor.post(place(waiting), {"attach": patrol.pk, "reason": "Same number"})

    assert response.url == reverse("admin:patrols_patrol_change", args=[patrol.pk])
    waiting.refresh_from_db()
    assert (waiting.patrol, waiting.reviewed) == (patrol, False)
    assert waiting.history.first().history_change_reason == "Same number"


def test_founding_makes_a_draft(as_editor, waiting, editor):
    response = as_editor.post(place(waiting), {"found": "1"})

    waiting.refresh_from_db()
    assert waiting.patrol.state == State.DRAFT
    assert waiting.patrol.last_writer == editor
    assert response.url == reverse("admin:patrols_patrol_change", args=[waiting.patrol.pk])


def test_any_other_patrol_can_be_chosen(as_editor, scene, waiting):
    data = {"choose": "1", "patrol": scene["draft"].pk, "reason": "The paper misdates it"}
    assert as_editor.post(place(waiting), data).status_code == 302
    waiting.refresh_from_db()
    assert waiting.patrol == scene["draft"]


@pytest.mark.parametrize("chosen", ["withdrawn", "gone", "none"])
def test_what_cannot_take_it_is_a_sentence(as_editor, scene, waiting, chosen):
    pk = {"withdrawn": scene["withdrawn"].pk, "gone": 10**7, "none": "x"}[chosen]
    response = as_editor.post(place(waiting), {"attach": pk})

    assert response.status_code == 200
    assert messages_of(response) == [
        "A withdrawn patrol cannot be changed."
        if chosen == "withdrawn"
        else "This patrol is not in the record any more."
    ]
    waiting.refresh_from_db()
    assert waiting.patrol is None


def test_a_detached_account_waits_again(as_editor, scene):
    account = scene["draft"].accounts.get()
    url = reverse("admin:patrols_account_detach", args=[account.pk])

    assert "reason: This field is required." in errors(as_editor.post(url, {}))
    assert as_editor.post(url, {"reason": "Another patrol"}).url == place(account)
    account.refresh_from_db()
    assert account.patrol is None


def test_the_last_public_account_is_not_detached(as_reviewer, scene):
    account = scene["near"].accounts.get()
    url = reverse("admin:patrols_account_detach", args=[account.pk])
    assert errors(as_reviewer.post(url, {"reason": "Wrong"})) == [
        "page: This is its last account. Withdraw the patrol instead."
    ]


def test_the_queue_lists_those_that_wait(as_editor, scene, waiting):
    url = reverse("admin:patrols_account_changelist") + "?placed=waits"
    response = as_editor.get(url)

    assert "1 account" in words(response)
    assert "waits: place it" in words(response)
    assert Patrol.objects.count() == 9
