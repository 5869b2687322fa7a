"""What is pointed at in one view of the map page stands out in the others."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from .test_map import colours_at, middle

BLUE = (0, 114, 178)


def held(page: Page, bars: int) -> None:
    """So many bars stand out on the timeline, before everything else."""
    expect(page.locator("svg.tl-chart")).to_have_class(re.compile(r"\bholds\b"))
    expect(page.locator(".tl-held-bar")).to_have_attribute("d", re.compile(rf"^(M[^M]+){{{bars}}}$"))


def nothing_held(page: Page) -> None:
    expect(page.locator("svg.tl-chart")).not_to_have_class(re.compile(r"\bholds\b"))
    expect(page.locator(".tl-held-bar")).to_have_count(0)


def point_at_bar(page: Page, number: int) -> None:
    """The pointer on a bar, counted in order of time."""
    bars = page.locator("path.tl-bar").first.get_attribute("d")
    left, width = re.findall(r"M([\d.]+) [\d.]+h(\d+)", bars)[number]
    box = page.locator("[data-plot]").bounding_box()
    page.mouse.move(box["x"] + float(left) + float(width) / 2, box["y"] + box["height"] / 2)


def stepped_back(page: Page) -> Locator:
    return page.locator("path.zone.steps-back")


def test_a_route_under_the_pointer_shows_when_it_was_patrolled(open_page):
    page = open_page("/")
    nothing_held(page)
    page.mouse.move(*middle(page))
    held(page, 2)
    page.mouse.move(5, 5)
    nothing_held(page)


def test_a_zone_under_the_pointer_shows_when_it_was_patrolled(open_page):
    page = open_page("/#map=9/36.8000/41.0000")
    x, y = middle(page)
    page.mouse.move(x, y + 70)  # Still in the zone, south of the route.
    held(page, 3)
    page.get_by_role("button", name="Map", exact=True).hover()
    nothing_held(page)
    page.locator(".zone-count").focus()
    held(page, 3)


def test_a_route_at_the_keyboard_shows_when_it_was_patrolled(open_page):
    page = open_page("/")
    page.locator(".route-cursor").focus()
    held(page, 2)
    page.keyboard.press("ArrowRight")
    held(page, 1)
    page.keyboard.press("Tab")
    nothing_held(page)


def test_only_patrols_within_the_filter_stand_out(open_page):
    page = open_page("/?from=2020-02-01")
    page.locator(".route-cursor").focus()
    held(page, 1)


def test_a_bar_under_the_pointer_shows_where_its_patrols_were(open_page):
    page = open_page("/", color_scheme="light")
    route = middle(page)
    assert BLUE in colours_at(page, *route)
    point_at_bar(page, 0)
    expect(stepped_back(page)).to_have_count(1)
    assert BLUE in colours_at(page, *route)
    point_at_bar(page, 2)  # On the circle, in the other zone.
    expect(page.locator(".zone-count")).to_have_class(re.compile("steps-back"))
    assert BLUE not in colours_at(page, *route)
    page.mouse.move(5, 5)
    expect(stepped_back(page)).to_have_count(0)
    assert BLUE in colours_at(page, *route)


def test_where_no_bar_stands_nothing_steps_back(open_page):
    page = open_page("/")
    point_at_bar(page, 0)
    expect(stepped_back(page)).to_have_count(1)
    box = page.locator("[data-plot]").bounding_box()
    bar = page.locator("path.tl-bar").first.bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 5, box["y"] + box["height"] / 2)
    expect(stepped_back(page)).to_have_count(0)


def test_a_row_of_the_table_shows_its_date(open_page):
    page = open_page("/#view=table")
    rows = page.locator("#table tbody tr")
    rows.filter(has_text="14 January 2020").hover()
    held(page, 1)
    january = page.locator(".tl-held-bar").get_attribute("d")
    rows.filter(has_text="20 February 2020").get_by_role("link").first.focus()
    expect(page.locator(".tl-held-bar")).not_to_have_attribute("d", january)
    held(page, 1)
    page.locator("#f-q").focus()
    nothing_held(page)


def test_a_row_that_is_dated_to_a_month_shows_its_span(open_page):
    page = open_page("/?status=cancelled#view=table")
    page.locator("#table tbody tr").hover()

    expect(page.locator(".tl-held-span")).to_have_count(1)
    assert page.locator(".tl-held-span").bounding_box()["width"] > 20


def test_another_filter_ends_it(open_page):
    page = open_page("/")
    page.locator(".route-cursor").focus()
    held(page, 2)
    page.get_by_label("cancelled").check()
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")
    nothing_held(page)
