"""The analyses in a real browser: the drawing without JavaScript, its interactive twin with it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from patrols.insight import drawing

from .conftest import PHONE, TABLET


@pytest.fixture(scope="module", autouse=True)
def warm():
    """The first chart of a process starts a JavaScript engine; no page has to wait for that here."""
    from patrols.insight import marks

    drawing.svg(marks.nothing().to_dict())


def live(page):
    """Wait until the interactive chart has taken the place of the server's drawing."""
    page.wait_for_selector("[data-chart][data-live]", timeout=60_000)
    return page


def test_without_javascript_the_drawing_the_table_and_the_filter_serve(open_page):
    page = open_page("/insight/completion/", java_script_enabled=False)

    expect(page.locator(".chart.is-wide svg")).to_be_visible()
    page.get_by_role("checkbox", name="completed").check()
    page.get_by_role("button", name="Apply").click()
    assert page.url.endswith("/insight/completion/?q=&from=&to=&status=completed")
    assert page.locator("table.plain tbody tr").count() == 1
    expect(page.get_by_role("link", name="PNG")).to_have_attribute(
        "href", "/insight/completion.png?status=completed"
    )


def test_with_javascript_a_mark_says_its_figures(open_page):
    page = live(open_page("/insight/completion/"))
    page.locator(".chart.is-wide .mark-rect.role-mark path").first.hover()

    expect(page.locator("#vg-tooltip-element.visible")).to_contain_text("completed")


def test_the_chart_follows_the_theme_at_once(open_page):
    page = live(open_page("/insight/completion/?theme=light"))
    mark = page.locator(".chart.is-wide .mark-rect.role-mark path").first
    colour = "element => getComputedStyle(element).fill"
    assert mark.evaluate(colour) == "rgb(0, 114, 178)"
    page.locator("[data-theme-button]").click()

    assert mark.evaluate(colour) == "rgb(86, 180, 233)"


def test_the_index_shows_a_picture_for_the_theme_only(open_page):
    for theme, kind in (("light", "in-light"), ("dark", "in-dark")):
        page = open_page(f"/insight/?theme={theme}")
        shown = page.locator(".card").first.locator("img:visible")
        expect(shown).to_have_count(1)
        expect(shown).to_have_class(kind)
        assert shown.evaluate("image => image.complete && image.naturalWidth > 100")


def test_a_phone_has_a_drawing_that_fits_it(open_page):
    page = live(open_page("/insight/sources/", viewport=PHONE))

    expect(page.locator(".chart.is-narrow svg")).to_be_visible()
    expect(page.locator(".chart.is-wide")).to_be_hidden()
    assert page.locator(".chart.is-narrow svg").bounding_box()["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_tablet_has_room_for_the_wide_drawing(open_page):
    page = live(open_page("/insight/sources/", viewport=TABLET))

    expect(page.locator(".chart.is-wide svg")).to_be_visible()
    expect(page.locator(".chart.is-narrow")).to_be_hidden()


def test_another_page_may_frame_the_embedded_chart(open_page):
    page = open_page("/insight/cadence/embed/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Cadence")
    expect(page.locator(".chart.is-wide svg")).to_be_visible()
    expect(page.locator("figcaption")).to_contain_text("as reported")


def test_axe_finds_nothing_on_the_analyses(open_page):
    found = []
    for theme in ("light", "dark"):
        for address in ("/insight/", "/insight/completion/", "/insight/gaps/", "/insight/lag/embed/"):
            page = open_page(address, viewport=PHONE, color_scheme=theme, bypass_csp=True)
            if address.count("/") == 3 and "embed" not in address:
                live(page)
            violations = Axe().run(page).response["violations"]
            found += [f"{address} {one['id']}: {one['nodes'][0]['html'][:300]}" for one in violations]
    assert not found, "\n".join(found)
