"""The map page in a real browser."""

from __future__ import annotations

import re
from math import cos, radians

import pytest
from playwright.sync_api import Page, Request, expect

from tests.scene import add_sensitive

from .conftest import PHONE, settle


def summary(page: Page) -> str:
    return " ".join(page.locator("[data-summary]").inner_text().split())


def position(page: Page) -> str:
    return page.url.partition("#")[2]


def drawn(page: Page) -> dict[str, int]:
    """How many distinct lines, circles and areas stand on the canvas."""
    told = page.locator("canvas.routes").evaluate("canvas => ({...canvas.dataset})")
    return {name: int(number) for name, number in told.items()}


def middle(page: Page) -> tuple[float, float]:
    """Where the middle of the busiest route is on the screen."""
    box = page.locator(".route-cursor").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def colours_at(page: Page, x: float, y: float, reach: int = 12) -> set[tuple[int, int, int]]:
    """What is painted on the canvas around a point of the screen."""
    found = page.locator("canvas.routes").evaluate(
        """(canvas, [x, y, reach]) => {
          const box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width;
          const side = 2 * reach * scale;
          const area = [(x - box.left - reach) * scale, (y - box.top - reach) * scale, side, side];
          const copy = new OffscreenCanvas(side, side).getContext("2d", {willReadFrequently: true});
          copy.drawImage(canvas, -area[0], -area[1]);
          const {data} = copy.getImageData(0, 0, side, side);
          const found = new Set();
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] > 250) found.add(data.slice(i, i + 3).join());
          }
          return [...found];
        }""",
        [x, y, reach],
    )
    return {tuple(map(int, text.split(","))) for text in found}


def test_each_distinct_route_is_drawn_once_and_each_zone(open_page):
    page = open_page("/")

    assert drawn(page) == {"lines": 1, "points": 1, "areas": 0}
    assert page.locator("path.zone").count() == 2
    assert "5 patrols match; 1 of them has no place on the map" in summary(page)


def test_a_zone_only_patrol_shades_its_zone_and_gets_no_pin(open_page):
    page = open_page("/")

    assert page.locator("path.zone-counted").count() == 1
    assert page.locator(".zone-count").count() == 1
    assert page.locator(".leaflet-marker-pane img").count() == 0


def test_a_route_is_painted_in_the_colour_of_its_programme_in_either_theme(open_page):
    light = open_page("/", color_scheme="light")
    dark = open_page("/", color_scheme="dark")

    assert (0, 114, 178) in colours_at(light, *middle(light))
    assert (86, 180, 233) in colours_at(dark, *middle(dark))


def test_a_chosen_theme_repaints_the_routes(open_page):
    page = open_page("/", color_scheme="light")
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    settle(page)

    assert (86, 180, 233) in colours_at(page, *middle(page))


def test_an_incident_is_marked_on_its_route_and_goes_with_the_filter(open_page):
    page = open_page("/", color_scheme="light")
    mark = (180, 72, 10)

    assert mark in colours_at(page, *middle(page))
    page.get_by_label("From").fill("2020-02-01")
    settle(page)
    assert mark not in colours_at(page, *middle(page))


def test_the_direction_is_shown_only_where_start_and_end_were_reported(open_page, scene):
    ends = [
        {"name": "Alpha", "place": "alpha", "role": "start"},
        {"name": "Delta", "place": "delta", "role": "end"},
    ]
    scene.add("told", {"day": "2021-05-05", "route": ends})
    page = open_page("/?from=2021-01-01", color_scheme="light")
    ink = (27, 31, 36)
    told = colours_at(page, *middle(page), reach=200)
    other = open_page("/?to=2020-03-01", color_scheme="light")

    assert ink in told
    assert ink not in colours_at(other, *middle(other), reach=100)


def test_a_busy_route_is_wider_and_lists_its_patrols(open_page, scene):
    page = open_page("/")
    page.mouse.click(*middle(page))
    popup = page.locator(".leaflet-popup")

    expect(popup).to_contain_text("Patrols on this route: 2")
    expect(popup).to_contain_text("6–9, best 8, contested")
    expect(popup).to_contain_text("Russia, Türkiye")
    expect(popup).to_contain_text("with an incident: 1")
    links = popup.locator("a[href^='/patrols/']")
    assert links.all_inner_texts() == ["20 February 2020", "14 January 2020"]


def test_a_route_under_the_pointer_lights_up_and_says_how_many_patrols_it_has(open_page):
    page = open_page("/")
    page.mouse.move(*middle(page))

    expect(page.locator("path.route.is-lit")).to_have_count(1)
    expect(page.locator(".leaflet-tooltip")).to_have_text("Patrols on this route: 2 · North programme")
    page.mouse.move(*(part + 60 for part in middle(page)))
    expect(page.locator("path.route.is-lit")).to_have_count(0)


def test_a_selected_route_is_in_the_address_and_can_be_fitted(open_page):
    page = open_page("/")
    page.mouse.click(*middle(page))
    expect(page.locator("path.route.is-chosen")).to_have_count(1)
    expect(page.locator(".leaflet-popup a").first).to_be_visible()
    assert "sel=route-" in page.url
    page.get_by_role("button", name="Zoom out").click()
    page.wait_for_timeout(700)
    before = page.url
    page.get_by_role("button", name="Show the selection").click()
    page.wait_for_timeout(700)
    assert page.url != before

    other = open_page(page.url)
    expect(other.locator(".leaflet-popup")).to_contain_text("Patrols on this route: 2")
    assert other.url == page.url


def test_closing_the_popup_ends_the_selection(open_page):
    page = open_page("/")
    page.mouse.click(*middle(page))
    page.get_by_role("button", name="Close popup").click()

    expect(page.locator("path.route.is-chosen")).to_have_count(0)
    assert "sel=" not in page.url


def test_an_address_with_a_patrol_opens_it_among_those_of_its_route(open_page, scene):
    page = open_page(f"/#sel={scene['contested'].uid}")
    chosen = page.locator(".popup-list [aria-current]")

    expect(chosen).to_contain_text("14 January 2020")
    assert f"sel={scene['contested'].uid}" in page.url


def test_the_table_shows_the_same_patrols_and_leads_back_to_the_map(open_page, scene):
    page = open_page("/?status=completed")
    page.get_by_role("button", name="Table").click()
    rows = page.locator("#table tbody tr")

    expect(rows).to_have_count(4)
    assert "#" in page.url
    assert "view=table" in page.url
    page.get_by_label("To", exact=True).fill("2020-02-28")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Show on the map: 14 January 2020").click()
    expect(page.locator(".popup-list [aria-current]")).to_contain_text("14 January 2020")
    page.go_back()
    expect(rows).to_have_count(2)


def test_filtering_asks_the_server_for_nothing(open_page):
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("completed").check()
    expect(page.locator("[data-summary]")).to_contain_text("4 patrols match")
    page.get_by_label("From").fill("2020-02-01")
    expect(page.locator("[data-summary]")).to_contain_text("3 patrols match")
    page.get_by_role("checkbox", name="North programme").check()
    page.locator("summary", has_text="Incident").click()
    page.get_by_label("stone throwing").check()
    expect(page.locator("[data-summary]")).to_contain_text("No patrol in the record matches all of this.")

    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?status=completed",
        "/?zone=east-strip&from=2020-01-01",
        "/?q=bravo",
        "/?mapped=1",
        "/?incident=ied",
        "/?status=cancelled&place=alpha&theme=dark&lang=en",
    ],
)
def test_the_page_says_the_same_with_and_without_a_script(open_page, address):
    page = open_page(address)
    said = """root => [
      root.querySelector("[data-summary]").textContent.replace(/\\s+/g, ""),
      ...[...root.querySelectorAll("[data-summary] a")].map(a => a.getAttribute("href")),
    ]"""
    with_script = page.evaluate(f"({said})(document)")
    written = page.evaluate(
        f"""async address => {{
          const text = await (await fetch(address)).text();
          return ({said})(new DOMParser().parseFromString(text, "text/html"));
        }}""",
        address,
    )

    assert with_script == written


def test_a_popup_leads_to_the_patrol(open_page, scene):
    page = open_page("/?q=bravo&to=2020-01-31")
    page.mouse.click(*middle(page))
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
    assert drawn(page) == {"lines": 0, "points": 0, "areas": 0}


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


def test_clearing_the_filter_keeps_language_and_theme(open_page):
    page = open_page("/?status=cancelled&lang=tr&theme=dark")
    clear = page.locator("[data-summary] .clear")
    assert clear.get_attribute("href") == "/?lang=tr&theme=dark"
    clear.click()
    expect(page.locator("[data-summary] .count strong")).to_have_text("5")
    settle(page)

    assert page.url.partition("#")[0].endswith("/?lang=tr&theme=dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.go_back()
    expect(page.locator("[data-summary] .count strong")).to_have_text("1")


def test_a_filter_without_a_control_is_kept_when_another_changes(open_page):
    page = open_page("/?place=alpha")
    page.get_by_label("To", exact=True).fill("2020-01-31")
    expect(page.locator("[data-summary]")).to_contain_text("1 patrol matches")
    settle(page)

    assert "place=alpha" in page.url
    assert "to=2020-01-31" in page.url


def test_routes_are_reached_and_opened_by_keyboard(open_page):
    page = open_page("/")
    page.locator(".route-cursor").focus()
    assert "Patrols on this route: 2" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "Patrols near this place"
    )
    page.keyboard.press("Enter")

    expect(page.locator(".leaflet-popup")).to_contain_text("5 March 2020")
    expect(page.locator(".leaflet-popup").get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "route-cursor"


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


@pytest.mark.parametrize(
    ("language", "town", "country", "place", "far"),
    [
        ("en", "Aleppo", "Syria", "Delta", "United States of America"),
        ("tr", "Halep", "Suriye", "Delta köyü", "Amerika Birleşik Devletleri"),
        ("ru", "Алеппо", "Сирия", "Дельта", "Соединенные Штаты"),
        ("ar", "حلب", "سوريا", "Delta", "الولايات المتحدة"),
    ],
)
def test_names_are_in_the_reader_s_language(open_page, scene, language, town, country, place, far):
    """Where none is held in it, the name that there is."""
    names = scene["near"].stops.get().place.names
    names.create(name="Delta köyü", language="tr", preferred=True)
    names.create(name="Delta mezrası", language="tr")
    names.create(name="Дельта", language="ru", preferred=True)
    page = open_page(f"/?lang={language}&from=2020-03-01#map=7.5/36.2000/38.3000")
    for kind, name in (("town", town), ("country", country), ("place", place)):
        expect(page.locator(f".name-{kind}", has_text=name)).to_have_text([name])
    cursor = page.locator(".route-cursor")
    cursor.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text(place)
    page.goto(f"/?lang={language}#map=4/40.0000/-100.0000")
    settle(page)
    expect(page.locator(".name-country", has_text=far)).to_have_text([far])
    page.goto(f"/?lang={language}#view=table")
    expect(page.locator("#table tbody tr", has_text=place)).to_have_count(1)


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

    assert sum(sizes.values()) < 350_000
    assert len(sizes) < 12, sorted(sizes)


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


def test_a_line_is_measured_by_pointer_and_by_keyboard(open_page):
    page = open_page("/#map=9/36.8000/40.8000")
    page.get_by_role("button", name="Measure").click()
    box = page.locator("#map").bounding_box()
    y = box["y"] + box["height"] * 0.3
    for share in (0.3, 0.6):
        page.mouse.click(box["x"] + box["width"] * share, y)
    said = page.locator("[data-length]")
    expect(said).to_have_text(re.compile(r"^\d+(\.\d+)? km$"))
    # At zoom 9 a pixel is 245 m on this latitude.
    wanted = box["width"] * 0.3 * 156.543 / 2**9 * cos(radians(36.8))
    assert float(said.inner_text().removesuffix(" km")) == pytest.approx(wanted, rel=0.05)
    assert page.locator(".leaflet-popup").count() == 0
    before = said.inner_text()
    page.get_by_role("button", name="Point in the middle").press("Enter")
    expect(said).not_to_have_text(before)
    page.get_by_role("button", name="Take back").press("Enter")
    expect(said).to_have_text(before)
    page.get_by_role("button", name="End").press("Enter")
    expect(page.locator("#measuring")).to_be_hidden()
    expect(page.get_by_role("button", name="Measure")).to_be_focused()


def test_the_map_fills_the_screen_and_comes_back(open_page):
    page = open_page("/")
    button = page.get_by_role("button", name="Full screen")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_picture_is_of_the_view_that_is_looked_at(open_page):
    page = open_page("/?status=completed#map=9/36.8000/40.8000")
    picture = page.locator("[data-summary] a[data-picture]")
    picture.evaluate("(link) => link.addEventListener('click', (event) => event.preventDefault())")
    picture.click()
    address = picture.get_attribute("href")
    assert address == "/map/picture.png?status=completed&map=9/36.8000/40.8000"
    assert page.request.get(address).headers["content-type"] == "image/png"
