"""The review desk as editors see it: the queue, a report with its draft, and what each button does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from patrols.admin.desk_page import passages
from patrols.intake import jobs
from patrols.models import Account, Claim, Desk, DeskDecision, Patrol, Publisher, Report, State
from tests.intake.desk_scene import STATEMENT, TITLE, bring_text, reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda pk: None)
    reference()


def bring(text: str = STATEMENT, title: str = TITLE, by: str = "tr-mod", number: int = 1) -> Report:
    user = User.objects.get_or_create(username="bringer")[0]
    return bring_text(user, text, title, by, number)


def shown(client: Client, report: Report) -> dict[str, str]:
    """The fields of the form as the page shows them."""
    page = client.get(f"/admin/desk/{report.uid}/")
    assert page.status_code == 200
    given: dict[str, Any] = {"version": str(report.desk_version)}
    context = page.context["page"]
    given["accounts"] = str(len(context.drafts))
    for draft in context.drafts:
        for name, field in draft.form.fields.items():
            value = draft.form[name].value()
            if hasattr(field, "sides"):
                for index, side in enumerate(field.sides):
                    given[f"{draft.prefix}-{name}_{index}"] = (value or {}).get(side, "")
            elif isinstance(value, bool):
                if value:
                    given[f"{draft.prefix}-{name}"] = "on"
            else:
                given[f"{draft.prefix}-{name}"] = "" if value is None else field.prepare_value(value)
        given[f"{draft.prefix}-target"] = draft.target
    given["claim"] = [str(index) for index, _claim, programme in context.claims() if programme]
    return given


def post(client: Client, report: Report, act: str, **changes: Any) -> Any:
    return client.post(f"/admin/desk/{report.uid}/", shown(client, report) | {"act": act} | changes)


class TestQueue:
    def test_new_reports_stand_in_it_with_what_was_read(self, as_editor: Client) -> None:
        bring()
        page = as_editor.get("/admin/desk/").text
        assert TITLE in page
        assert "Türkiye–Russia patrols, north-east Syria" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", True),
            ("language=en", True),
            ("language=tr", False),
            ("programme=ne-syria", True),
            ("programme=m4-idlib", False),
            ("confidence=low", False),
            ("attention=any", False),
            ("state=done", False),
            ("age=1", True),
            ("publisher=ru-mod", False),
            ("source=99999", False),
            ("source=x&age=x&confidence=x&attention=x", True),
        ],
    )
    def test_it_is_filtered(self, as_editor: Client, query: str, found: bool) -> None:
        bring()
        assert (TITLE in as_editor.get(f"/admin/desk/?{query}").text) == found

    def test_its_queries_do_not_grow_with_the_reports(
        self, as_editor: Client, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(6):
            bring(STATEMENT.replace("91st", f"{20 + number}th") + f" Story {number}.", number=number)
        with django_assert_max_num_queries(20):
            as_editor.get("/admin/desk/")

    def test_an_empty_desk_says_where_reports_come_from(self, as_editor: Client) -> None:
        assert "Nothing here" in as_editor.get("/admin/desk/").text

    @pytest.mark.parametrize("path", ["/admin/desk/", "/admin/desk/bring/"])
    def test_analysts_and_strangers_stay_outside(self, client: Client, as_analyst: Client, path: str) -> None:
        for one in (client, as_analyst):
            assert one.get(path).status_code == 302


class TestReport:
    def test_the_form_is_filled_from_the_text(self, as_editor: Client) -> None:
        given = shown(as_editor, bring())
        assert given["a0-number"] == 91
        assert given["a0-vehicles"] == "8"
        assert str(given["a0-date_start"]) == "2021-10-14"
        assert given["a0-status"] == "completed"
        assert given["a0-target"] == "new"

    def test_every_letter_of_the_text_is_shown_once(self, as_editor: Client) -> None:
        report = bring(STATEMENT + "\n<script>alert(1)</script> & رسالة")
        page = as_editor.get(f"/admin/desk/{report.uid}/")
        assert "".join(part.text for part in page.context["page"].passages) == report.text
        assert "<script>alert" not in page.text

    def test_passages_that_overlap_are_marked_with_both(self) -> None:
        made = passages("abcdef", [(0, 4, "x"), (2, 6, "y"), (5, 99, "z")])
        assert [(part.text, part.marks) for part in made] == [
            ("ab", ["x"]),
            ("cd", ["x", "y"]),
            ("ef", ["y"]),
        ]

    def test_accepting_it_as_it_stands_makes_a_draft(self, as_editor: Client, editor: User) -> None:
        report = bring()
        response = post(as_editor, report, "accept")
        assert response.status_code == 302
        account = Account.objects.get()
        assert (account.number, account.vehicles, account.vehicles_by_side) == (91, 8, {"RU": 4, "TR": 4})
        assert (account.length_km, account.depth_km, account.created_by) == (56, 7, editor)
        assert account.spans["number"]
        assert account.patrol is not None
        assert account.patrol.state == State.DRAFT

    def test_a_candidate_is_offered_with_what_it_would_change(self, as_editor: Client) -> None:
        post(as_editor, bring(), "accept")
        text = (
            "Turkish and Russian forces carried out their 91st joint patrol near Kobani on October 14, 2021, "
            "with ten armoured vehicles, the defence ministry said. Children waved at the column."
        )
        second = bring(text, title="Another telling", by="sana", number=2)
        page = as_editor.get(f"/admin/desk/{second.uid}/")
        [draft] = page.context["page"].drafts
        assert draft.target == draft.ranked[0].patrol.uid
        assert "number 91 in the overall count" in page.text
        assert "vehicles: 8 → 8 (8–10)" in page.text or "vehicles: 8 → 8–10" in page.text
        post(as_editor, second, "accept")
        assert Patrol.objects.get().accounts.count() == 2

    def test_a_correction_is_what_is_saved(self, as_editor: Client) -> None:
        post(as_editor, bring(), "accept", **{"a0-vehicles": "about 9"})
        account = Account.objects.get()
        assert (account.vehicles, account.qualifiers["vehicles"]) == (9, "about")

    def test_a_wrong_correction_saves_nothing_and_keeps_what_was_typed(self, as_editor: Client) -> None:
        report = bring()
        response = post(as_editor, report, "accept", **{"a0-vehicles": "-3", "a0-sector": "typed before"})
        assert response.status_code == 200
        assert "cannot be negative" in response.text
        assert "typed before" in response.text
        assert not Account.objects.exists()
        report.refresh_from_db()
        assert report.desk_state == Desk.NEW

    def test_one_more_account_is_added_and_both_are_accepted(self, as_editor: Client) -> None:
        report = bring()
        page = post(as_editor, report, "add")
        assert len(page.context["page"].drafts) == 2
        changes = {
            "accounts": "2", "a1-programme": shown(as_editor, report)["a0-programme"],
            "a1-number": "", "a1-date_start": "2021-10-12", "a1-status": "completed", "a1-target": "new",
        }  # fmt: skip
        post(as_editor, report, "accept", **changes)
        assert sorted(Patrol.objects.values_list("date_start__day", flat=True)) == [12, 14]

    def test_a_claim_is_taken_beside_the_account(self, as_editor: Client) -> None:
        text = (
            f"{STATEMENT} Between November 2019 and September 2021, 90 joint patrols were carried out in all."
        )
        report = bring(text)
        post(as_editor, report, "accept")
        assert list(Claim.objects.values_list("count", "reviewed")) == [(90, False)]

    @pytest.mark.parametrize(("act", "state"), [("later", Desk.LATER), ("no_patrol", Desk.NO_PATROL)])
    def test_it_can_be_set_aside(self, as_editor: Client, act: str, state: str) -> None:
        report = bring()
        post(as_editor, report, act)
        report.refresh_from_db()
        assert report.desk_state == state

    def test_a_repeat_names_its_original(self, as_editor: Client) -> None:
        first = bring()
        second = bring("Something else was written here about a patrol by both armies.", number=2)
        post(as_editor, second, "duplicate", original=first.uid)
        second.refresh_from_db()
        assert second.same_story_as == first

    def test_after_a_decision_the_next_report_opens(self, as_editor: Client) -> None:
        first = bring()
        second = bring(
            "Both armies drove together near Amuda on 13 October 2021, said the ministry.", number=2
        )
        response = post(as_editor, second, "no_patrol")
        assert response["Location"] == f"/admin/desk/{first.uid}/"
        assert post(as_editor, first, "no_patrol")["Location"] == "/admin/desk/"

    def test_a_decision_is_undone_by_its_button(self, as_editor: Client) -> None:
        report = bring()
        post(as_editor, report, "accept")
        as_editor.post(f"/admin/desk/undo/{DeskDecision.objects.get().pk}/")
        report.refresh_from_db()
        assert report.desk_state == Desk.NEW
        assert not Patrol.objects.exists()

    def test_the_second_of_two_editors_overwrites_nothing(
        self, as_editor: Client, as_reviewer: Client
    ) -> None:
        report = bring()
        late = shown(as_reviewer, report)
        post(as_editor, report, "accept")
        response = as_reviewer.post(f"/admin/desk/{report.uid}/", late | {"act": "no_patrol"}, follow=True)
        assert "edith has decided about this report" in response.text
        report.refresh_from_db()
        assert report.desk_state == Desk.DONE

    def test_who_else_has_it_open_is_said(self, as_editor: Client, as_reviewer: Client) -> None:
        report = bring()
        as_reviewer.get(f"/admin/desk/{report.uid}/")
        assert "rita has this report open" in as_editor.get(f"/admin/desk/{report.uid}/").text

    def test_a_selection_is_read_for_a_field(self, as_editor: Client) -> None:
        report = bring()
        answer = as_editor.get(
            f"/admin/desk/{report.uid}/read/", {"field": "vehicles", "text": "ten lorries"}
        )
        assert answer.json() == {"values": {"vehicles": "10"}}

    def test_where_a_filled_fact_stands_is_kept(self, as_editor: Client) -> None:
        report = bring()
        post(as_editor, report, "accept", **{"a0-spans": '{"sector": [3, 9], "number": "x", "nope": [1, 2]}'})
        spans = Account.objects.get().spans
        assert spans["sector"] == [[3, 9]]
        assert "nope" not in spans

    def test_nothing_of_the_desk_is_public(self, as_editor: Client, client: Client) -> None:
        report = bring()
        post(as_editor, report, "accept")
        patrol = Patrol.objects.get()
        for path in ("/", "/patrols/", "/data/patrols.csv", "/data/reports.csv", "/map/patrols.json"):
            page = client.get(path)
            body = b"".join(page.streaming_content) if page.streaming else page.content
            assert patrol.uid.encode() not in body
            assert report.url.encode() not in body

    def test_pages_of_unread_and_accountless_reports_work(self, as_editor: Client) -> None:
        empty = bring("Nothing of the kind happened in the town market today, traders said.", number=3)
        assert "No account of a patrol" in as_editor.get(f"/admin/desk/{empty.uid}/").text
        unread = Report.objects.create(
            publisher=Publisher.objects.all()[0], title="Unread", desk_state=Desk.NEW, text="Unread"
        )
        assert "being read" in as_editor.get(f"/admin/desk/{unread.uid}/").text
        assert re.search(r"data-draft", post(as_editor, empty, "add").text)
