"""The review desk in a real browser: a statement decided with a few keys, and a passage filling a field."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from patrols.intake import jobs
from patrols.models import Account, Desk, Patrol, Report
from patrols.roles import ensure_roles
from tests.intake.desk_scene import STATEMENT, TITLE, bring_text, reference

from .conftest import PHONE

PASSWORD = "a-long-password"
ARABIC = (
    "سيّرت القوات الروسية والتركية اليوم الخميس الدورية المشتركة رقم 92 في ريف عين العرب، بمشاركة ثماني "
    "مدرعات، أربع من كل جانب."
)


@pytest.fixture
def scene(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda pk: None)
    reference()
    ensure_roles()
    for name in ("edith", "otto"):
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name="editor"))


def bring(text: str = STATEMENT, title: str = TITLE, number: int = 1) -> Report:
    return bring_text(User.objects.get(username="edith"), text, title, number=number)


@pytest.fixture
def at_the_desk(open_page, scene):
    def opener(address: str = "/admin/desk/", name: str = "edith", **options) -> Page:
        page = open_page(f"/admin/login/?next={address}", **options)
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"**{address}")
        return page

    return opener


def test_an_ordinary_statement_takes_three_keys(at_the_desk):
    bring()
    page = at_the_desk()
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/desk/*/")
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted:")).to_be_visible()
    account = Account.objects.get()
    assert (account.number, account.vehicles) == (91, 8)
    assert Patrol.objects.visible_to(None).count() == 0


def test_a_candidate_is_chosen_by_its_figure_and_taken_back_by_a_key(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/")
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted:")).to_be_visible()
    second = bring(STATEMENT.replace("Eight", "Ten").replace("four", "five"), title="Other", number=2)
    Report.objects.filter(pk=second.pk).update(desk_state=Desk.NEW, same_story_as=None)
    page.goto(f"/admin/desk/{second.uid}/")
    page.keyboard.press("0")
    expect(page.locator('[data-candidate="0"]')).to_be_checked()
    page.keyboard.press("1")
    expect(page.locator('[data-candidate="1"]')).to_be_checked()
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted:")).to_be_visible()
    assert Patrol.objects.get().accounts.count() == 2
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert Patrol.objects.get().accounts.count() == 1


def select(page: Page, passage: str) -> None:
    page.evaluate(
        """(passage) => {
          const text = document.querySelector("[data-text]");
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode()); ) {
            const at = node.data.indexOf(passage);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + passage.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
          }
          throw new Error(passage);
        }""",
        passage,
    )


def test_a_selected_passage_fills_a_field_by_its_key(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/")
    select(page, "7 km")
    page.keyboard.press("g")
    expect(page.locator('[name="a0-length_km"]')).to_have_value("7")
    expect(page.locator("[data-said]")).to_contain_text("Length")
    page.evaluate("getSelection().removeAllRanges()")
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted:")).to_be_visible()
    account, report = Account.objects.get(), Report.objects.get()
    [[start, end]] = account.spans["length_km"]
    assert (account.length_km, report.text[start:end]) == (7, "7 km")


def test_a_passage_that_does_not_say_it_fills_nothing(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/")
    select(page, "took part")
    page.keyboard.press("g")
    expect(page.locator("[data-said]")).to_contain_text("Nothing to fill")
    expect(page.locator('[name="a0-length_km"]')).to_have_value("56")


def test_text_and_form_light_up_together(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/")
    page.locator('[name="a0-vehicles"]').focus()
    expect(page.locator("mark.is-lit").first).to_contain_text("Eight vehicles")
    page.locator("mark", has_text="91st").click()
    expect(page.locator('[name="a0-number"]')).to_be_focused()


def test_typing_in_a_field_is_no_command(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/")
    page.locator('[name="a0-sector"]').fill("")
    page.locator('[name="a0-sector"]').press_sequentially("xald")
    expect(page.locator('[name="a0-sector"]')).to_have_value("xald")
    assert Report.objects.get().desk_state == Desk.NEW


def test_the_keys_are_listed_under_a_question_mark(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("accept as it stands")
    expect(page.get_by_role("dialog")).to_contain_text("Vehicles")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_two_editors_cannot_overwrite_each_other(at_the_desk):
    report = bring()
    first = at_the_desk(f"/admin/desk/{report.uid}/")
    second = at_the_desk(f"/admin/desk/{report.uid}/", "otto")
    expect(second.get_by_text("edith has this report open")).to_be_visible()
    first.keyboard.press("a")
    expect(first.get_by_text("Accepted:")).to_be_visible()
    second.keyboard.press("x")
    expect(second.get_by_text("edith has decided about this report")).to_be_visible()
    assert Report.objects.get().desk_state == Desk.DONE


def test_an_arabic_report_runs_from_the_right_and_is_filled(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring(ARABIC, title='دورية مشتركة').uid}/")
    text = page.locator("[data-text]")
    assert text.evaluate("element => getComputedStyle(element).direction") == "rtl"
    expect(page.locator('[name="a0-number"]')).to_have_value("92")
    expect(page.locator("mark", has_text="92").first).to_be_visible()


def test_it_works_without_scripts(at_the_desk):
    page = at_the_desk(f"/admin/desk/{bring().uid}/", java_script_enabled=False)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted:")).to_be_visible()
    assert Account.objects.get().number == 91


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}])
def test_axe_finds_nothing(at_the_desk, options):
    report = bring()
    page = at_the_desk("/admin/desk/", **options)
    for address in ("/admin/desk/", f"/admin/desk/{report.uid}/", "/admin/desk/bring/"):
        page.goto(address)
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
