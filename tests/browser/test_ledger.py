"""The ledger in a real browser: by keyboard, by pointer, without JavaScript, on a phone, right to left."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from patrols.models import Counter
from tests.scene import add_claim

from .conftest import PHONE

PAGE = "/programmes/north/"


@pytest.fixture
def counted(scene):
    """Numbers 1 to 12 and 41, and two patrols under 45, of 60 that are claimed."""
    area = Counter.objects.create(programme=scene.programme, slug="area", name="Area count")
    unstated = Counter.objects.create(programme=scene.programme, slug="unstated", name="Count not stated")
    for number in (*range(1, 13), 41, 45):
        scene.add(f"n{number}", {"day": f"2020-08-{number % 30 + 1:02}", "number": number, "counter": area})
    scene.add("again 45", {"day": "2020-08-20", "number": 45, "counter": area})
    scene.add("loose", {"day": "2020-08-21", "number": 50, "counter": unstated})
    add_claim(scene, 60, counter=area, published=scene["n41"].date_start)
    return scene


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def squares(page):
    return page.get_by_role("list", name="Every number of: Area count")


def test_all_squares_are_one_stop_of_the_tab_key_and_arrows_move_among_them(open_page, counted):
    page = open_page(PAGE)
    expect(squares(page).get_by_role("link").nth(1)).to_have_attribute("tabindex", "-1")
    squares(page).get_by_role("link").first.focus()

    moves = [("ArrowRight", "2"), ("End", "45"), ("ArrowLeft", "41"), ("ArrowUp", "1"), ("ArrowDown", "41")]
    for key, number in moves:
        page.keyboard.press(key)
        assert focused(page) == number, key
    page.keyboard.press("Home")
    assert focused(page) == "1"
    page.keyboard.press("Tab")
    assert focused(page) == "The same in words"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "1"


def test_a_square_says_its_number_under_the_pointer_and_under_the_focus(open_page, counted):
    page = open_page(PAGE)
    list_ = squares(page)
    readout = list_.locator("xpath=following-sibling::p[@data-readout]")

    list_.locator("li").nth(12).hover()
    # The neighbours' days are not in the order of their numbers, so that they tell nothing.
    expect(readout).to_have_text("No. 13, missing: no report known")
    list_.get_by_role("link").first.focus()
    expect(readout).to_contain_text("No. 1, recorded: 2 August 2020")


def test_a_number_opens_its_patrol_without_javascript(open_page, counted):
    page = open_page(PAGE, java_script_enabled=False)
    expect(squares(page).locator("li")).to_have_count(60)
    squares(page).get_by_role("link", name="No. 41, recorded").click()

    assert counted["n41"].uid in page.url


def test_two_patrols_under_one_number_are_both_at_hand(open_page, counted):
    page = open_page(PAGE, java_script_enabled=False)
    squares(page).get_by_role("link", name="No. 45, conflicting").click()

    both = page.locator("#conflict-area-45 a")
    expect(both).to_have_count(2)
    expect(both.first).to_be_visible()


def test_the_page_fits_a_phone_and_every_number_its_square(open_page, counted):
    page = open_page(PAGE, viewport=PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    too_wide = (
        "nodes => nodes.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    )
    assert squares(page).locator("li").evaluate_all(too_wide) == []


def test_right_to_left_the_squares_run_from_the_right_and_arrows_follow(open_page, counted):
    page = open_page(PAGE)
    page.evaluate("document.documentElement.dir = 'rtl'")
    first, second = (squares(page).locator("li").nth(n).bounding_box() for n in (0, 1))
    assert first["x"] > second["x"]

    squares(page).get_by_role("link").first.focus()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "2"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1440, "height": 900}])
def test_axe_finds_nothing(open_page, counted, theme, viewport):
    page = open_page(PAGE, color_scheme=theme, bypass_csp=True, viewport=viewport)
    violations = Axe().run(page).response["violations"]

    assert [f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in violations] == []
