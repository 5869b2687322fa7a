"""Decisions at the review desk, and taking them back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import serializers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from patrols.intake import desk
from patrols.intake.desk import Conflict, Taken
from patrols.models import Account, Claim, Desk, Patrol, Programme, Publisher, Report, State
from patrols.record import workflow
from patrols.record.workflow import RecordError

from .files import make_reference


def a_report(number: int = 1) -> Report:
    return Report.objects.create(
        url=f"https://example.org/{number}",
        title=f"Report {number}",
        publisher=Publisher.objects.get(slug="tr-mod"),
        published=date(2021, 10, 15),
        language="en",
        desk_state=Desk.NEW,
    )


def an_account(**facts: Any) -> Account:
    day = date(2021, 10, 14)
    given_facts = {"status": "completed", "vehicles": 8, **facts}
    return Account(
        programme=Programme.objects.get(), date_start=day, date_end=day, date_precision=1, **given_facts
    )


def a_claim() -> Claim:
    return Claim(programme=Programme.objects.get(), count=91)


@pytest.fixture
def editor(db: None) -> User:
    make_reference()
    return User.objects.create_user("edith")


@pytest.fixture
def reviewer(editor: User) -> User:
    user = User.objects.create_user("rita", is_staff=True)
    user.groups.add(Group.objects.get(name="reviewer"))
    return user


class TestAccepting:
    def test_an_account_founds_a_draft(self, editor: User) -> None:
        report = a_report()
        desk.accept(report, 0, [Taken(an_account(), None)], [], editor)
        patrol = Patrol.objects.get()
        report.refresh_from_db()
        assert (patrol.state, patrol.vehicles_best) == (State.DRAFT, 8)
        assert (report.desk_state, report.desk_by, report.desk_version) == (Desk.DONE, editor, 1)
        assert not Patrol.objects.visible_to(None).exists()

    def test_an_account_joins_the_patrol_that_was_chosen(self, editor: User) -> None:
        desk.accept(a_report(1), 0, [Taken(an_account(), None)], [], editor)
        patrol = Patrol.objects.get()
        desk.accept(a_report(2), 0, [Taken(an_account(vehicles=9), patrol)], [], editor)
        patrol.refresh_from_db()
        assert (patrol.vehicles_low, patrol.vehicles_high, patrol.accounts.count()) == (8, 9, 2)

    def test_what_joins_a_published_patrol_waits_for_approval(self, editor: User, reviewer: User) -> None:
        desk.accept(a_report(1), 0, [Taken(an_account(), None)], [], editor)
        patrol = Patrol.objects.get()
        workflow.submit(patrol, editor)
        workflow.approve(patrol, reviewer)
        desk.accept(a_report(2), 0, [Taken(an_account(vehicles=9), patrol)], [], editor)
        patrol.refresh_from_db()
        assert (patrol.vehicles_high, patrol.accounts.filter(reviewed=False).count()) == (8, 1)

    def test_one_report_of_two_patrols_gives_two(self, editor: User) -> None:
        second = an_account(vehicles=6)
        second.date_start = second.date_end = date(2021, 10, 12)
        desk.accept(a_report(), 0, [Taken(an_account(), None), Taken(second, None)], [], editor)
        assert Patrol.objects.count() == 2

    def test_claims_wait_for_approval(self, editor: User) -> None:
        desk.accept(a_report(), 0, [], [a_claim()], editor)
        assert Claim.objects.get().reviewed is False

    def test_nothing_to_accept_is_refused(self, editor: User) -> None:
        with pytest.raises(RecordError, match="nothing to accept"):
            desk.accept(a_report(), 0, [], [], editor)

    def test_a_refusal_in_the_middle_leaves_nothing(self, editor: User) -> None:
        report = a_report()
        desk.accept(report, 0, [Taken(an_account(), None)], [], editor)
        patrol = Patrol.objects.get()
        again = [Taken(an_account(vehicles=3), None), Taken(an_account(), patrol)]
        with pytest.raises(RecordError, match="already has an account"):
            desk.accept(report, 1, again, [], editor)
        assert (Account.objects.count(), Patrol.objects.count()) == (1, 1)


class TestTwoEditors:
    def test_the_second_is_told_who_decided_what(self, editor: User) -> None:
        report, other = a_report(), User.objects.create_user("otto")
        desk.accept(report, 0, [Taken(an_account(), None)], [], editor)
        with pytest.raises(Conflict, match="edith has decided"):
            desk.set_aside(report, 0, Desk.NO_PATROL, other)
        report.refresh_from_db()
        assert report.desk_state == Desk.DONE

    def test_a_report_that_was_read_anew_is_looked_at_again(self, editor: User) -> None:
        report = a_report()
        Report.objects.update(desk_version=1)
        with pytest.raises(Conflict, match="read anew"):
            desk.accept(report, 0, [Taken(an_account(), None)], [], editor)


class TestSettingAside:
    @pytest.mark.parametrize("state", [Desk.LATER, Desk.NO_PATROL])
    def test_it_leaves_the_queue(self, editor: User, state: Desk) -> None:
        report = a_report()
        desk.set_aside(report, 0, state, editor)
        report.refresh_from_db()
        assert report.desk_state == state

    def test_a_repeat_points_at_the_first_telling(self, editor: User) -> None:
        first, second, third = a_report(1), a_report(2), a_report(3)
        desk.set_aside(second, 0, Desk.DUPLICATE, editor, original=first)
        desk.set_aside(third, 0, Desk.DUPLICATE, editor, original=Report.objects.get(pk=second.pk))
        third.refresh_from_db()
        assert third.same_story_as == first

    def test_a_repeat_loses_its_weight(self, editor: User) -> None:
        first, second = a_report(1), a_report(2)
        desk.accept(first, 0, [Taken(an_account(), None)], [], editor)
        patrol = Patrol.objects.get()
        desk.accept(second, 0, [Taken(an_account(vehicles=9), patrol)], [], editor)
        desk.set_aside(second, 1, Desk.DUPLICATE, editor, original=first)
        assert Account.objects.get(report=second).weight == 1

    @pytest.mark.parametrize("original", [None, "itself"])
    def test_a_repeat_of_nothing_is_refused(self, editor: User, original: str | None) -> None:
        report = a_report()
        with pytest.raises(RecordError):
            desk.set_aside(report, 0, Desk.DUPLICATE, editor, original=report if original else None)


class TestUndoing:
    def test_a_decision_is_undone_once(self, editor: User) -> None:
        decision = desk.set_aside(a_report(), 0, Desk.LATER, editor)
        assert desk.undo(decision, editor).desk_state == Desk.NEW
        with pytest.raises(RecordError, match="undone already"):
            desk.undo(decision, editor)

    def test_what_has_been_approved_is_not_undone(self, editor: User, reviewer: User) -> None:
        decision = desk.accept(a_report(), 0, [Taken(an_account(), None)], [], editor)
        patrol = Patrol.objects.get()
        workflow.submit(patrol, editor)
        workflow.approve(patrol, reviewer)
        with pytest.raises(RecordError, match="approved meanwhile"):
            desk.undo(decision, editor)
        assert Account.objects.count() == 1

    def test_others_work_on_the_patrol_is_not_lost(self, editor: User) -> None:
        first = desk.accept(a_report(1), 0, [Taken(an_account(), None)], [], editor)
        desk.accept(a_report(2), 0, [Taken(an_account(), Patrol.objects.get())], [], editor)
        with pytest.raises(RecordError, match="worked on the patrol"):
            desk.undo(first, editor)

    def test_only_the_last_decision_about_a_report_can_be_undone(self, editor: User) -> None:
        report = a_report()
        first = desk.set_aside(report, 0, Desk.LATER, editor)
        desk.set_aside(report, 1, Desk.NO_PATROL, editor)
        with pytest.raises(Conflict):
            desk.undo(first, editor)


def the_record() -> str:
    """Everything that the record says, without time stamps, versions and keys of rows that come and go."""
    gone = {"created_at", "updated_at", "changed_at", "desk_version", "desk_by", "desk_at", "last_writer"}
    rows = []
    for model in (Patrol, Account, Claim, Report):
        stored = serializers.serialize("python", model.objects.order_by("uid"))
        rows += [{k: v for k, v in row["fields"].items() if k not in gone} for row in stored]
    return repr(rows)


ACTS = st.sampled_from(["found", "join", "split", "claim", "later", "no_patrol", "duplicate"])


class TestAnySequence(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTS, min_size=1, max_size=5))
    def test_any_decisions_undone_in_turn_leave_the_record_as_it_was(self, acts: list[str]) -> None:
        make_reference()
        editor = User.objects.create_user("edith")
        first = a_report(0)
        desk.accept(first, 0, [Taken(an_account(vehicles=7), None)], [], editor)
        patrol = Patrol.objects.get()
        reports = [a_report(number + 1) for number in range(len(acts))]
        before = the_record()
        done = [
            self.decide(act, report, patrol, first, editor) for act, report in zip(acts, reports, strict=True)
        ]
        assert the_record() != before
        for decision in reversed(done):
            desk.undo(decision, editor)
        assert the_record() == before

    def decide(self, act: str, report: Report, patrol: Patrol, first: Report, editor: User) -> Any:
        match act:
            case "found":
                return desk.accept(report, 0, [Taken(an_account(number=5), None)], [], editor)
            case "join":
                return desk.accept(report, 0, [Taken(an_account(vehicles=9), patrol)], [], editor)
            case "split":
                taken = [Taken(an_account(vehicles=9), patrol), Taken(an_account(vehicles=4), None)]
                return desk.accept(report, 0, taken, [a_claim()], editor)
            case "claim":
                return desk.accept(report, 0, [], [a_claim()], editor)
            case "duplicate":
                return desk.set_aside(report, 0, Desk.DUPLICATE, editor, original=first)
        return desk.set_aside(report, 0, Desk(act), editor)
