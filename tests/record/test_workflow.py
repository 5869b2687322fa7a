"""What editors and reviewers may do to a patrol, what they may not, and what the public gets to see of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import ValidationError
from django.utils import timezone

from patrols.models import Account, Correction, Patrol, Report, State
from patrols.record import workflow
from patrols.record.apply import pending_changes, readopt, would_change
from patrols.record.workflow import RecordError
from patrols.roles import ensure_roles
from tests.scene import Scene, make_scene, route

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def person(name: str, role: str) -> User:
    ensure_roles()
    user = User.objects.create_user(name, password="not-used-anywhere", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def editor() -> User:
    return person("editor", "editor")


@pytest.fixture
def reviewer() -> User:
    return person("reviewer", "reviewer")


def draft(scene: Scene, **facts: Any) -> Patrol:
    facts = {"by": "tr", "day": "2020-01-14", "vehicles": 8, "reviewed": False} | facts
    return scene.add("draft", facts, state=State.DRAFT, published_at=None)


def published(scene: Scene, *accounts: dict[str, Any]) -> Patrol:
    return scene.add("published", *(accounts or ({"by": "tr", "day": "2020-01-14", "vehicles": 8},)))


def is_public(patrol: Patrol) -> bool:
    return Patrol.objects.visible_to(PUBLIC).filter(pk=patrol.pk).exists()


def log(patrol: Patrol) -> list[tuple[str, str, str]]:
    return list(Correction.objects.filter(patrol=patrol).order_by("pk").values_list("kind", "what", "why"))


# The way to the public


def test_a_draft_is_submitted_and_approved_by_another_and_only_then_public(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = draft(scene)
    workflow.submit(patrol, editor)
    assert not is_public(patrol)
    workflow.approve(patrol, reviewer, "checked against the statement")
    assert is_public(patrol)
    assert patrol.accounts.get().reviewed
    assert log(patrol) == [("added", "added to the public record", "checked against the statement")]
    latest = patrol.history.latest()
    assert (latest.state, latest.history_change_reason) == ("published", "checked against the statement")


def test_whoever_wrote_last_cannot_approve(scene: Scene, reviewer: User) -> None:
    patrol = draft(scene)
    workflow.pin(patrol, "vehicles", 7, "seen on film", reviewer)
    workflow.submit(patrol, reviewer)
    with pytest.raises(RecordError, match="another person has to approve"):
        workflow.approve(patrol, reviewer)
    assert not is_public(patrol)


def test_one_person_may_approve_where_the_setting_allows_it(
    scene: Scene, reviewer: User, settings: Any
) -> None:
    settings.APPROVAL_BY_ANOTHER = False
    patrol = draft(scene)
    workflow.submit(patrol, reviewer)
    workflow.approve(patrol, reviewer)
    assert is_public(patrol)


def test_an_editor_cannot_approve(scene: Scene, editor: User) -> None:
    patrol = draft(scene)
    workflow.submit(patrol, editor)
    with pytest.raises(RecordError, match="Only a reviewer"):
        workflow.approve(patrol, editor)


def test_a_draft_cannot_be_approved_unsubmitted(scene: Scene, reviewer: User) -> None:
    with pytest.raises(RecordError, match="Only a patrol in review"):
        workflow.approve(draft(scene), reviewer)


def test_a_patrol_without_an_account_cannot_be_submitted(scene: Scene, editor: User) -> None:
    patrol = Patrol.objects.create(programme=scene.programme)
    with pytest.raises(RecordError, match="without an account"):
        workflow.submit(patrol, editor)


def test_a_patrol_sent_back_is_a_draft_again(scene: Scene, editor: User, reviewer: User) -> None:
    patrol = draft(scene)
    workflow.submit(patrol, editor)
    with pytest.raises(RecordError, match="Say what is to be mended"):
        workflow.send_back(patrol, reviewer, " ")
    workflow.send_back(patrol, reviewer, "the date is missing")
    assert patrol.state == State.DRAFT


def test_the_embargo_holds_an_approved_patrol_until_it_ends(
    scene: Scene, editor: User, reviewer: User
) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    patrol = draft(scene, day=yesterday)
    workflow.submit(patrol, editor)
    workflow.approve(patrol, reviewer)
    assert not is_public(patrol)
    assert patrol.public_from is not None
    assert patrol.public_from.date() == timezone.now().date() + timedelta(days=3)


def test_an_undated_patrol_was_over_when_its_report_was_published(scene: Scene) -> None:
    patrol = Patrol.objects.create(programme=scene.programme, state=State.PUBLISHED)
    account = scene.account(patrol, "undated")
    account.report.published = date(2020, 1, 15)
    account.report.save()
    readopt([patrol], why="test")
    assert is_public(patrol)


# Changes to what is public


def test_a_new_account_of_a_published_patrol_waits_for_approval(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = published(scene)
    waiting = scene.account(patrol, "later", by="tr", vehicles=9, reviewed=False)
    readopt([patrol], why="import")
    patrol.refresh_from_db()
    assert (patrol.vehicles_low, patrol.vehicles_high, patrol.accounts_count) == (8, 8, 1)
    assert [str(c) for c in pending_changes(patrol)] == ["accounts: 1 → 2", "vehicles: 8 → 8–9 (best 8)"]
    assert not Account.objects.visible_to(PUBLIC).filter(pk=waiting.pk).exists()

    workflow.approve(patrol, reviewer, "second statement")
    patrol.refresh_from_db()
    assert (patrol.vehicles_low, patrol.vehicles_high, patrol.accounts_count) == (8, 9, 2)
    assert log(patrol)[-1] == ("changed", "accounts: 1 → 2; vehicles: 8 → 8–9 (best 8)", "second statement")


def test_a_pin_on_a_published_patrol_waits_for_another_person(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = published(scene)
    workflow.pin(patrol, "vehicles", "7", "counted on film", editor)
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 8
    workflow.approve(patrol, reviewer)
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 7
    assert patrol.adoption["vehicles"]["why"] == "pinned: counted on film"


def test_a_second_pin_replaces_the_approved_one_on_approval(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = published(scene)
    for value in (7, 6):
        workflow.pin(patrol, "vehicles", value, f"counted {value}", editor)
        workflow.approve(patrol, reviewer)
    patrol.refresh_from_db()
    assert (patrol.vehicles_best, patrol.pins.count()) == (6, 1)


def test_an_approved_account_keeps_speaking_until_its_change_is_approved(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = published(scene)
    account = patrol.accounts.get()
    assert (
        workflow.write_account(account, {"vehicles": 6, "date_start": date(2020, 1, 13)}, editor, "misread")
        is False
    )
    patrol.refresh_from_db()
    assert (patrol.vehicles_best, patrol.date_start) == (8, date(2020, 1, 14))
    workflow.approve(patrol, reviewer)
    patrol.refresh_from_db()
    assert (patrol.vehicles_best, patrol.date_start) == (6, date(2020, 1, 13))
    assert Account.objects.get().proposed == {}


def test_an_account_of_a_draft_is_changed_at_once(scene: Scene, editor: User) -> None:
    patrol = draft(scene)
    assert workflow.write_account(patrol.accounts.get(), {"vehicles": 6}, editor, "misread") is True
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 6


def test_a_value_that_the_record_does_not_allow_names_its_field(scene: Scene, editor: User) -> None:
    account = draft(scene).accounts.get()
    with pytest.raises(ValidationError, match="last day lies before"):
        workflow.write_account(account, {"date_end": date(2020, 1, 1)}, editor, "test")


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        ("vehicles", -1, "must lie between"),
        ("vehicles", "many", "could not convert"),
        ("status", "won", "is no status"),
        ("date", {"start": "2020-01-14", "end": "2020-01-13", "precision": 1}, "lies before its first day"),
        ("date", {"start": "2999-01-14", "end": "2999-01-14", "precision": 1}, "future"),
        ("participants", [{"force": "tr-land", "personnel": [9, 5, 9]}], "rising order"),
        ("incident", [{"type": "picnic"}], "no kind of incident"),
        ("route", {"type": "LineString", "coordinates": [[400, 36], [40, 37]]}, "longitude"),
        ("mood", "good", "cannot be pinned"),
    ],
)
def test_a_pin_with_a_bad_value_is_refused_in_words(
    scene: Scene, editor: User, fact: str, value: Any, message: str
) -> None:
    patrol = draft(scene)
    with pytest.raises(RecordError, match=message):
        workflow.pin(patrol, fact, value, "test", editor)
    assert not patrol.pins.exists()


def test_pinned_stops_redraw_the_route(scene: Scene, editor: User) -> None:
    patrol = draft(scene)
    workflow.pin(patrol, "stops", route("alpha", "bravo"), "the ministry's map", editor)
    patrol.refresh_from_db()
    assert patrol.public_route is not None
    assert patrol.public_route.geometry == {
        "type": "LineString",
        "coordinates": [[40.61, 36.91], [40.93, 36.85]],
    }
    assert patrol.zones_text == "east-strip"


def test_unpinning_leaves_the_fact_to_the_accounts(scene: Scene, editor: User) -> None:
    patrol = draft(scene)
    workflow.pin(patrol, "vehicles", 7, "counted", editor)
    workflow.unpin(patrol, "vehicles", "film was of another day", editor)
    patrol.refresh_from_db()
    assert patrol.vehicles_best == 8


# Accounts and patrols


def test_an_account_cannot_be_attached_twice_or_across_programmes(scene: Scene, editor: User) -> None:
    one, other = draft(scene), draft_again(scene)
    account = one.accounts.get()
    with pytest.raises(RecordError, match="belongs to a patrol already"):
        workflow.attach(account, other, editor)
    workflow.detach(account, editor, "another day")
    workflow.attach(account, other, editor, "same day")
    assert other.accounts.count() == 2
    with pytest.raises(RecordError, match="belongs to no patrol"):
        workflow.detach(_waiting(scene), editor, "another day")


def draft_again(scene: Scene) -> Patrol:
    return scene.add("again", {"day": "2020-01-14", "vehicles": 6}, state=State.DRAFT, published_at=None)


def _waiting(scene: Scene, name: str = "waiting", **facts: Any) -> Account:
    patrol = Patrol.objects.create(programme=scene.programme)
    account = scene.account(patrol, name, reviewed=False, **facts)
    Account.objects.filter(pk=account.pk).update(patrol=None)
    account.refresh_from_db()
    return account


def test_a_second_account_of_the_same_report_is_refused(scene: Scene, editor: User) -> None:
    patrol = draft(scene)
    waiting = _waiting(scene)
    Account.objects.filter(pk=waiting.pk).update(report=patrol.accounts.get().report)
    waiting.refresh_from_db()
    with pytest.raises(RecordError, match="already has an account of this patrol"):
        workflow.attach(waiting, patrol, editor)


def test_would_change_tells_what_an_account_would_do(scene: Scene) -> None:
    patrol = draft(scene)
    waiting = _waiting(scene, by="wire", vehicles=6)
    assert [str(c) for c in would_change(patrol, waiting)] == [
        "accounts: 1 → 2",
        "vehicles: 8 → 6–8 (best 8)",
    ]
    patrol.refresh_from_db()
    assert patrol.vehicles_low == 8


def test_a_waiting_account_founds_a_draft(scene: Scene, editor: User) -> None:
    patrol = workflow.found(_waiting(scene, day="2020-03-03", vehicles=5), editor)
    patrol.refresh_from_db()
    assert (patrol.state, patrol.vehicles_best, patrol.accounts.count()) == (State.DRAFT, 5, 1)


def test_a_merged_patrol_leads_to_the_other_and_its_accounts_move(scene: Scene, reviewer: User) -> None:
    one = published(scene)
    other = scene.add("other", {"by": "ru", "day": "2020-01-14", "vehicles": 6})
    Report.objects.filter(publisher=scene.publishers["ru"]).update(published=date(2020, 1, 16))
    workflow.merge(other, one, reviewer, "same day and route")
    one.refresh_from_db()
    assert (one.vehicles_low, one.vehicles_best, one.accounts_count) == (6, 8, 2)
    assert one.contested == ["vehicles"]
    assert (other.state, other.merged_into) == (State.WITHDRAWN, one)
    assert log(other)[-1] == ("merged", f"merged into {one.uid}", "same day and route")


def test_a_withdrawal_needs_a_reason_and_a_reviewer_and_is_final(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = published(scene)
    with pytest.raises(RecordError, match="Only a reviewer"):
        workflow.withdraw(patrol, editor, "wrong")
    with pytest.raises(RecordError, match="needs a reason"):
        workflow.withdraw(patrol, reviewer, "  ")
    workflow.withdraw(patrol, reviewer, "the page was a hoax")
    assert not is_public(patrol)
    assert log(patrol)[-1] == ("withdrawn", "withdrawn from the public record", "the page was a hoax")
    for act in (
        lambda: workflow.pin(patrol, "vehicles", 1, "x", editor),
        lambda: workflow.approve(patrol, reviewer),
        lambda: workflow.withdraw(patrol, reviewer, "again"),
    ):
        with pytest.raises(RecordError):
            act()


# Caution


def test_marking_a_patrol_sensitive_coarsens_it_at_once_and_tells_no_place(
    scene: Scene, editor: User
) -> None:
    patrol = published(
        scene, {"day": "2020-01-14", "route": route("alpha", "bravo"), "sector": "Alpha woods"}
    )
    workflow.set_publication(patrol, editor, sensitive=True, embargo_until=None, why="a source is at risk")
    patrol.refresh_from_db()
    assert patrol.public_route is not None
    assert patrol.public_route.geometry["coordinates"] == [[40.6, 36.9], [40.9, 36.8]]
    assert patrol.public_where_precision == 3
    assert patrol.places_text == ""
    assert "alpha" not in patrol.search_text
    assert all("alpha" not in line.public_what.lower() for line in Correction.objects.all())


def test_lifting_caution_takes_a_reviewer(scene: Scene, editor: User, reviewer: User) -> None:
    patrol = published(scene)
    workflow.set_publication(patrol, editor, sensitive=True, embargo_until=None, why="at risk")
    with pytest.raises(RecordError, match="Only a reviewer"):
        workflow.set_publication(patrol, editor, sensitive=False, embargo_until=None, why="no risk")
    workflow.set_publication(patrol, reviewer, sensitive=False, embargo_until=None, why="no risk")
    patrol.refresh_from_db()
    assert not patrol.sensitive


def test_a_longer_embargo_takes_a_patrol_off_the_public_record(scene: Scene, editor: User) -> None:
    patrol = published(scene)
    until = timezone.now() + timedelta(days=30)
    workflow.set_publication(patrol, editor, sensitive=False, embargo_until=until, why="asked by the source")
    assert not is_public(patrol)
    assert patrol.corrections.filter(kind="held").count() == 1


def test_a_patrol_whose_day_turns_out_to_be_yesterday_is_held_and_the_log_says_so(
    scene: Scene, editor: User, reviewer: User
) -> None:
    patrol = published(scene)
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    workflow.pin(patrol, "date", {"start": yesterday, "end": yesterday, "precision": 1}, "misread", editor)
    assert is_public(patrol)
    workflow.approve(patrol, reviewer)
    assert not is_public(patrol)
    assert patrol.corrections.filter(kind="held").count() == 1


# Adopting again


def test_adopting_again_changes_nothing(scene: Scene) -> None:
    patrol = published(
        scene, {"by": "tr", "day": "2020-01-14", "route": route("alpha", "bravo"), "vehicles": 8}
    )
    patrol.refresh_from_db()
    before = (
        patrol.updated_at,
        patrol.history.count(),
        Correction.objects.count(),
        list(patrol.stops.values()),
    )
    readopt([patrol], why="again")
    patrol.refresh_from_db()
    assert before == (
        patrol.updated_at,
        patrol.history.count(),
        Correction.objects.count(),
        list(patrol.stops.values()),
    )
