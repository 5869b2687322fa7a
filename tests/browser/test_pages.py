"""The other public pages in a real browser, with and without JavaScript."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import PHONE, TABLET


def test_the_list_is_filtered_and_sorted_without_javascript(open_page):
    page = open_page("/patrols/", java_script_enabled=False)
    page.get_by_label("completed").check()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Date").click()

    dates = page.locator("tbody th.date").all_inner_texts()
    assert dates == ["14 January 2020", "20 February 2020", "5 March 2020", "1 April 2020"]
    assert page.locator("th[aria-sort='ascending']").inner_text().startswith("Date")
    assert "status=completed" in page.url


@pytest.mark.parametrize("address", ["/", "/patrols/"])
def test_a_filter_keeps_language_and_theme_without_javascript(open_page, address):
    page = open_page(f"{address}?lang=tr&theme=dark", java_script_enabled=False)
    page.locator(".filter input[name=status]").first.check()
    page.locator(".filter button[type=submit]").first.click()
    page.wait_for_url("**status=**")

    expect(page.locator("html")).to_have_attribute("lang", "tr")
    assert "lang=tr&theme=dark" in page.url


def test_on_a_phone_the_list_comes_before_its_filter(open_page):
    page = open_page("/patrols/", viewport=PHONE)

    assert not page.get_by_label("Text").is_visible()
    assert page.locator("tbody th.date").first.bounding_box()["y"] < PHONE["height"]


def test_the_map_page_lists_patrols_without_javascript(open_page):
    page = open_page("/?status=cancelled", java_script_enabled=False)

    expect(page.locator(".without-script")).to_contain_text("The map needs JavaScript")
    assert page.locator(".without-script tbody tr").count() == 1
    page.get_by_role("link", name="Clear all").click()
    assert page.locator(".without-script tbody tr").count() == 5


def test_a_patrol_shows_its_accounts_and_a_small_map(open_page, scene):
    page = open_page(scene["contested"].get_absolute_url())

    expect(page.locator("table.matrix thead th")).to_have_count(5)
    expect(page.locator("td.differs").first).to_be_visible()
    expect(page.locator("#small-map path.route")).to_have_count(1)
    expect(page.locator("#small-map .name-place").first).to_be_attached()


def test_the_matrix_scrolls_inside_its_frame_on_a_phone(open_page, scene):
    page = open_page(scene["contested"].get_absolute_url(), viewport=PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_nothing_is_wider_than_the_window_in_long_words(open_page, scene, size):
    addresses = ["/", "/patrols/", "/programmes/north/", "/insight/gaps/", "/data/codebook/"]
    addresses += [scene["contested"].get_absolute_url(), "/api/collections/patrols/items?f=html"]
    for address in addresses:
        page = open_page(f"{address}{'&' if '?' in address else '?'}lang=ru", viewport=size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], address
        page.close()


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_the_views_leave_the_zoom_control_free_on_a_phone(open_page, language):
    page = open_page(f"/?lang={language}", viewport=PHONE)
    views, zoom = (page.locator(one).bounding_box() for one in (".views", ".leaflet-control-zoom"))

    left, right = sorted([views, zoom], key=lambda box: box["x"])
    assert left["x"] + left["width"] <= right["x"]


def test_paper_is_white_and_holds_every_account(open_page, scene):
    address = scene["contested"].get_absolute_url()
    page = open_page(f"{address}?theme=dark", viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")

    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    cells = page.locator(".matrix .cell:not(.silent)")
    expect(cells.first).to_be_visible()
    edges = cells.evaluate_all("cells => cells.map((cell) => cell.getBoundingClientRect().right)")
    assert max(edges) <= 720
    told = cells.first.evaluate("cell => getComputedStyle(cell, '::after').content")
    assert page.locator(".matrix thead th").nth(2).locator("a").text_content() in told


def test_a_map_is_printed_whole(open_page):
    page = open_page("/")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    frame = page.locator("#map").bounding_box()
    assert frame["width"] <= 700
    assert page.evaluate("document.getElementById('map').offsetWidth") > 1000


@pytest.mark.parametrize(
    "address", ["/programmes/", "/programmes/north/", "/zones/east-strip/", "/forces/tr-forces/", "/about/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_without_trouble(open_page, address, scheme):
    page = open_page(address, color_scheme=scheme)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("main").count() == 1


def test_the_first_tab_stop_skips_to_the_content(open_page):
    page = open_page("/patrols/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/patrols/", "/about/"])
def test_text_stands_out_from_its_ground(open_page, address, scheme):
    """WCAG AA: 4.5 to 1, for every text on an opaque ground."""
    page = open_page(address, color_scheme=scheme)
    too_faint = page.evaluate(CONTRAST)

    assert too_faint == []


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((v) => linear(v / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
      if (colour[3] > 0) return null;
    }
    return rgba('Canvas');
  };
  const found = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const left_out = '.map, svg, noscript, script, .sr-only, .skip';
    if (!own || element.closest(left_out) || !element.offsetParent) continue;
    const ground = groundOf(element);
    if (!ground) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.add(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_axe_finds_nothing_on_the_pages_that_are_read(open_page, scene, language):
    addresses = ["/", scene["contested"].get_absolute_url(), "/programmes/north/", "/insight/"]
    if language == "en":
        addresses += [
            "/patrols/",
            "/programmes/",
            "/zones/east-strip/",
            "/forces/tr-forces/",
            "/data/",
            "/data/codebook/",
            "/data/releases/",
            "/corrections/",
            "/about/",
        ]
    found = []
    for address in addresses:
        page = open_page(f"{address}?lang={language}", viewport=PHONE, color_scheme="light", bypass_csp=True)
        told = Axe().run(page).response["violations"]
        # Of what axe looks for, only contrast hangs on the theme.
        page.emulate_media(color_scheme="dark")
        told += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        found += [f"{address} {one['id']}: {one['nodes'][0]['html'][:300]}" for one in told]
    assert not found, "\n".join(found)
