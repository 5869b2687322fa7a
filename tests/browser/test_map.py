"""The map page in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.scene import add_sensitive

from .conftest import PHONE, settle


def summary(page: Page) -> str:
    return " ".join(page.locator("[data-summary]").inner_text().split())


def position(page: Page) -> str:
    return page.url.partition("#")[2]


def test_each_distinct_route_is_drawn_once_and_each_zone(open_page):
    page = open_page("/")

    assert page.locator("path.route").count() == 1
    assert page.locator("path.spot").count() == 1
    assert page.locator("path.zone").count() == 2
    assert "5 patrols match; 1 of them has no place on the map" in summary(page)


def test_a_zone_only_patrol_shades_its_zone_and_gets_no_pin(open_page):
    page = open_page("/")

    assert page.locator("path.zone-counted").count() == 1
    assert page.locator(".zone-count").count() == 1
    assert page.locator(".leaflet-marker-pane img").count() == 0


def test_a_lone_place_is_a_dashed_circle(open_page):
    page = open_page("/")
    dashes = page.locator("path.spot").evaluate("path => getComputedStyle(path).strokeDasharray")

    assert dashes != "none"


def test_a_busy_route_is_wider_and_lists_its_patrols(open_page, scene):
    page = open_page("/")
    page.locator("path.hit").first.click(force=True)
    popup = page.locator(".leaflet-popup")

    expect(popup).to_contain_text("Patrols on this route: 2")
    expect(popup).to_contain_text("6–9, best 8, contested")
    expect(popup).to_contain_text("Russia, Türkiye")
    links = popup.locator("a[href^='/patrols/']")
    assert links.all_inner_texts() == ["20 February 2020", "14 January 2020"]
    assert float(page.locator("path.route").get_attribute("stroke-width") or 0) > 2.6


def test_a_popup_leads_to_the_patrol(open_page, scene):
    page = open_page("/?q=bravo&to=2020-01-31")
    page.locator("path.hit").first.click(force=True)
    page.locator(".leaflet-popup").get_by_role("link", name="14 January 2020").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("14 January 2020")
    assert scene["contested"].uid in page.url


def test_a_zone_tells_how_its_outline_was_made(open_page):
    page = open_page("/")
    page.locator(".zone-count").click()

    expect(page.locator(".leaflet-popup")).to_contain_text("Drawn by hand for a test.")
    expect(page.locator(".leaflet-popup")).to_contain_text("Known by zone only")


def test_a_filter_changes_counter_map_and_address(open_page):
    page = open_page("/")
    page.get_by_label("cancelled").check()
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")
    settle(page)

    assert "?status=cancelled" in page.url
    assert page.locator("path.route").count() == 0


def test_a_text_filter_answers_while_it_is_typed(open_page):
    page = open_page("/")
    page.get_by_label("Text").press_sequentially("delta", delay=20)
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")

    assert "?q=delta" in page.url


def test_the_address_alone_reproduces_the_page(open_page):
    page = open_page("/")
    page.get_by_label("completed").check()
    page.get_by_label("From").fill("2020-02-01")
    expect(page.locator("[data-summary]")).to_contain_text("3 patrols match")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(700)
    address = page.url

    other = open_page(address)

    assert other.url == address
    assert summary(other) == summary(page)
    assert other.get_by_label("completed").is_checked()
    assert other.get_by_label("From").input_value() == "2020-02-01"
    assert re.fullmatch(r"map=[\d.]+/[\d.-]+/[\d.-]+", position(other))


def test_back_and_forward_move_through_the_filters(open_page):
    page = open_page("/")
    page.get_by_label("cancelled").check()
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")
    page.go_back()
    expect(page.locator("[data-summary]")).to_contain_text("5 patrols match")
    assert not page.get_by_label("cancelled").is_checked()
    page.go_forward()
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")
    assert page.get_by_label("cancelled").is_checked()
    settle(page)


def test_an_active_filter_can_be_removed_on_the_map(open_page):
    page = open_page("/?status=cancelled&place=alpha")
    expect(page.locator("[data-summary]")).to_contain_text("No patrol in the record matches all of this.")
    page.get_by_role("link", name="without Status: cancelled").click()
    expect(page.locator("[data-summary]")).to_contain_text("2 patrols match")
    settle(page)

    assert "?place=alpha" in page.url


def test_a_filter_without_a_control_is_kept_when_another_changes(open_page):
    page = open_page("/?place=alpha")
    page.get_by_label("To", exact=True).fill("2020-01-31")
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")
    settle(page)

    assert "place=alpha" in page.url
    assert "to=2020-01-31" in page.url


def test_routes_are_reached_and_opened_by_keyboard(open_page):
    page = open_page("/")
    page.locator("path.hit[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "Patrols near this place"
    )
    page.keyboard.press("Enter")

    expect(page.locator(".leaflet-popup")).to_contain_text("5 March 2020")
    expect(page.locator(".leaflet-popup").get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "button"


def test_the_base_map_is_drawn_from_the_bundled_files_only(open_page):
    page = open_page("/")
    files = page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)")

    assert page.locator("path.land").count() > 5
    assert page.locator("path.border.disputed").count() >= 1
    assert page.locator(".name-town").count() > 3
    assert "/static/basemap/region.json" in files
    assert "/static/basemap/world.json" not in files


def test_the_world_comes_when_the_view_leaves_the_region(open_page):
    page = open_page("/#map=3/10/100")

    expect(page.locator("path.land.far").first).to_be_attached()
    assert page.locator("path.land.far").count() > 150


def test_names_do_not_cover_each_other(open_page):
    page = open_page("/#map=7/36.6/40")
    overlaps = page.evaluate("""() => {
      const boxes = [...document.querySelectorAll('.name')].map((name) => name.getBoundingClientRect());
      return boxes.filter((a, i) => boxes.some((b, j) => j > i
        && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
    }""")

    assert page.locator(".name").count() > 5
    assert overlaps == 0


def test_a_sensitive_patrol_is_on_the_map_but_its_place_is_not_named(open_page, scene):
    add_sensitive(scene)
    page = open_page("/#map=10/36.77/40.77")

    assert "Hideout" not in page.content()


def test_a_first_visit_is_light(open_page):
    page = open_page("/about/")
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        found = request.sizes()
        sizes[request.url] = found["responseBodySize"] + found["responseHeadersSize"]

    page.on("requestfinished", weigh)
    page.goto("/")
    settle(page)

    assert sum(sizes.values()) < 380_000
    assert len(sizes) <= 24, sorted(sizes)


def test_a_chosen_theme_stays(open_page):
    page = open_page("/", color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    button = page.get_by_role("button", name="Theme: as the system")
    button.click()
    page.get_by_role("button", name="Theme: light").click()
    dark = page.evaluate(paper)
    page.reload()
    settle(page)

    assert light != dark
    assert page.evaluate(paper) == dark
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()


@pytest.mark.parametrize("address", ["/", "/patrols/", "/programmes/", "/about/"])
def test_no_page_is_wider_than_a_phone(open_page, address):
    page = open_page(address, viewport=PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_the_map_comes_before_the_closed_filter(open_page):
    page = open_page("/", viewport=PHONE, has_touch=True)
    stage = page.locator(".stage").bounding_box()
    filters = page.locator(".filters > summary").bounding_box()

    assert stage["y"] < filters["y"]
    assert not page.get_by_label("Text").is_visible()
    page.locator(".filters > summary").click()
    assert page.get_by_label("Text").is_visible()
