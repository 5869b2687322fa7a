"""The timeline and the playback in a real browser."""

from __future__ import annotations

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from patrols.models import ContextEvent, Patrol, State
from tests.scene import Scene, add_event, full_scene, route

from .conftest import PHONE, Maker, settle


def framed_scene() -> Scene:
    """A second year: 318 days after the first one's last patrol, with a suspension and a resumption."""
    scene = full_scene()
    scene.add("later", {"day": "2021-02-14", "route": route("alpha", "bravo")})
    scene.add(
        "some day of 2020",
        {"date_start": date(2020, 1, 1), "date_end": date(2020, 12, 31), "date_precision": 5},
    )
    agreement = add_event(scene)
    agreement.source_name, agreement.source_url = "A paper", "https://example.org/memorandum"
    agreement.start = date(2020, 1, 2)
    agreement.save()
    for slug, kind, start in (
        ("halt", "suspension", date(2020, 8, 1)),
        ("again", "resumption", date(2021, 2, 1)),
    ):
        event = ContextEvent.objects.create(
            slug=slug, kind=kind, title=f"Patrols: {slug}", start=start, source_name="A ministry"
        )
        event.programmes.add(scene.programme)
    return scene


@pytest.fixture
def maker(request: pytest.FixtureRequest) -> Maker:
    return framed_scene if "framed" in request.fixturenames else full_scene


@pytest.fixture
def framed(scene: Scene) -> Scene:
    return scene


def timeline(page: Page) -> Locator:
    return page.locator("#timeline")


def handle(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name)


def plot(page: Page) -> dict[str, float]:
    box = page.locator("[data-plot]").bounding_box()
    assert box
    return dict(box)


def drag(page: Page, start: float, end: float, height: float = 0.5) -> None:
    """From one share of the plot's width to another."""
    box = plot(page)
    y = box["y"] + box["height"] * height
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, y, steps=4)
    page.mouse.move(box["x"] + box["width"] * end, y, steps=4)
    page.mouse.up()


def matches(page: Page, count: int) -> None:
    expect(page.locator("[data-summary]")).to_contain_text(f"{count} patrol")
    settle(page)


def query(page: Page) -> str:
    return page.url.partition("?")[2].partition("#")[0]


def rows(page: Page) -> dict[str, list[str]]:
    """The table's rows: period -> figures and note."""
    if not page.locator("[data-table]").evaluate("one => one.open"):
        page.locator("[data-table] summary").click()
    settle(page)
    found = page.locator("[data-table] tbody tr")
    texts = [one.locator("th, td").all_inner_texts() for one in found.all()]
    return {period: rest for period, *rest in texts}


# The histogram


def test_the_table_says_what_the_bars_say(open_page, framed):
    page = open_page("/")
    expect(timeline(page).get_by_role("heading", name="Reported patrols by week")).to_be_visible()
    for _ in range(2):
        timeline(page).get_by_role("button", name="Show a longer time").click()
    page.set_viewport_size({"width": 900, "height": 800})
    table = rows(page)

    figures = [int(patrols) for patrols, *_rest in table.values()]
    assert sum(figures) == 7
    assert page.locator("path.tl-bar").count() >= 1


def test_bars_are_stacked_by_programme_or_status_and_the_address_keeps_it(open_page, framed):
    page = open_page("/")
    assert page.locator("path.tl-bar.c1").count() == 1
    timeline(page).get_by_role("radio", name="Status").check()

    expect(page.locator("path.tl-bar.st-completed")).to_have_count(1)
    assert "stack=status" in page.url.partition("#")[2]
    page.get_by_label("cancelled").check()
    matches(page, 1)
    assert "stack=status" in page.url.partition("#")[2]
    assert page.locator("path.tl-bar.st-completed").count() == 0
    other = open_page(page.url)
    assert other.get_by_role("radio", name="Status").is_checked()


def test_a_vague_date_is_a_span_at_the_foot_and_no_bar(open_page, scene):
    page = open_page("/?status=cancelled")

    assert page.locator("rect.tl-span").count() == 1
    assert page.locator("path.tl-bar").count() == 0
    width = page.locator("rect.tl-span").bounding_box()["width"]
    assert width > plot(page)["width"] / 10
    assert rows(page)["May 2020"] == ["1", "1", "1 patrol on some day of May 2020"]


def test_where_nothing_matches_the_timeline_is_empty(open_page, framed):
    page = open_page("/?q=nothing-of-the-kind")

    assert page.locator("path.tl-bar").count() == 0
    assert page.locator(".tl-axis text").count() > 3
    assert page.locator(".tl-mark").count() == 3


def test_zoom_changes_the_unit_of_the_bars(open_page, framed):
    framed.add("long before", {"day": "2014-02-14"})
    page = open_page("/")
    title = timeline(page).get_by_role("heading", level=2)
    expect(title).to_have_text("Reported patrols by month")
    for _ in range(4):
        timeline(page).get_by_role("button", name="Show a shorter time").click()

    expect(title).to_have_text("Reported patrols by week")
    expect(timeline(page).get_by_role("button", name="Whole record")).to_be_enabled()


def test_the_wheel_zooms_where_the_pointer_is(open_page, framed):
    page = open_page("/")
    labels = page.locator(".tl-axis text")
    before = labels.all_text_contents()
    assert before[:2] == ["2020", "Feb"]
    assert before[-1] == "Feb"
    box = plot(page)
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.wheel(0, -600)
    expect(labels.last).not_to_have_text("Feb")

    assert labels.first.text_content() in ("2020", "Feb")
    assert "2021" not in labels.all_text_contents()


def pinch(page: Page, apart: list[tuple[float, float]]) -> None:
    box = plot(page)
    client = page.context.new_cdp_session(page)
    for step, shares in enumerate(apart):
        points = [
            {"x": box["x"] + box["width"] * share, "y": box["y"] + 60, "id": number}
            for number, share in enumerate(shares)
        ]
        kind = "touchMove" if step else "touchStart"
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_two_fingers_zoom_and_choose_nothing(open_page, framed):
    page = open_page("/", has_touch=True)
    whole = timeline(page).get_by_role("button", name="Whole record")
    expect(whole).to_be_disabled()
    pinch(page, [(0.45, 0.55), (0.4, 0.6), (0.3, 0.7)])
    expect(whole).to_be_enabled()
    whole.click()

    expect(whole).to_be_disabled()
    assert query(page) == ""


def test_what_stands_under_the_pointer_is_told_in_words(open_page, framed):
    page = open_page("/")
    box = plot(page)
    page.mouse.move(box["x"] + box["width"] * 14 / 425, box["y"] + 70)
    tip = page.locator("[data-tip]")

    expect(tip).to_contain_text("Week of 13 January 2020")
    expect(tip).to_contain_text("1 patrol reported")
    expect(tip).to_contain_text("1 patrol on some day of 2020")


# The brush


def test_a_drag_chooses_a_period_for_map_count_and_address(open_page, framed):
    page = open_page("/")
    matches(page, 7)
    drag(page, 0.02, 0.12)
    expect(page.locator("[data-summary]")).not_to_contain_text("7 patrols")
    settle(page)

    assert "to=2020-" in query(page)
    assert page.get_by_label("To", exact=True).input_value() in query(page)
    page.go_back()
    matches(page, 7)
    assert query(page) == ""


def test_the_period_is_moved_and_resized_by_pointer_and_cleared_by_double_click(open_page, framed):
    page = open_page("/?from=2020-03-02&to=2020-06-07")
    start, end = (page.get_by_label(name, exact=True) for name in ("From", "To"))
    box = plot(page)
    left = (handle(page, "First day").bounding_box()["x"] + 12 - box["x"]) / box["width"]
    right = (handle(page, "Last day").bounding_box()["x"] + 12 - box["x"]) / box["width"]
    drag(page, (left + right) / 2, (left + right) / 2 + 0.2, height=0.3)
    expect(start).not_to_have_value("2020-03-02")
    moved = start.input_value()
    assert moved > "2020-03-02"
    days = date.fromisoformat(end.input_value()) - date.fromisoformat(moved)
    assert days == date(2020, 6, 7) - date(2020, 3, 2)

    drag(page, right + 0.2, right + 0.3)
    expect(end).not_to_have_value(str(date.fromisoformat(moved) + days))
    assert start.input_value() == moved
    page.mouse.dblclick(box["x"] + box["width"] * 0.05, box["y"] + 60)
    matches(page, 7)
    assert query(page) == ""


def test_the_period_is_chosen_and_moved_by_keyboard(open_page, framed):
    page = open_page("/")
    first = handle(page, "First day")
    assert first.get_attribute("aria-valuetext").startswith("open: from the beginning of the record")
    first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("aria-valuetext", "10 February 2020")
    page.wait_for_url("**from=2020-02-10**")
    assert int(first.get_attribute("aria-valuenow")) == (date(2020, 2, 10) - date(1970, 1, 1)).days
    matches(page, 6)

    last = handle(page, "Last day")
    last.focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_url("**to=2020-**")
    settle(page)
    body = handle(page, "Move the period")
    body.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**from=2020-02-17**")
    page.keyboard.press("Delete")
    matches(page, 7)
    assert query(page) == ""


def test_home_and_end_open_the_period(open_page, framed):
    page = open_page("/?from=2020-03-02&to=2020-06-07")
    handle(page, "First day").focus()
    page.keyboard.press("Home")
    page.wait_for_url(lambda url: "from=" not in url)
    handle(page, "Last day").focus()
    page.keyboard.press("End")
    page.wait_for_url(lambda url: "to=" not in url)
    matches(page, 7)


def test_one_run_of_keys_is_one_step_of_the_history(open_page, framed):
    page = open_page("/")
    handle(page, "First day").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**from=2020-**")
    settle(page)
    page.go_back()
    matches(page, 7)

    assert query(page) == ""
    assert handle(page, "First day").get_attribute("aria-valuetext").startswith("open")


def test_the_dates_of_the_filter_move_the_brush(open_page, framed):
    page = open_page("/")
    page.get_by_label("From").fill("2020-02-20")
    expect(handle(page, "First day")).to_have_attribute("aria-valuetext", "20 February 2020")
    settle(page)
    timeline(page).get_by_role("button", name="Clear the period").click()
    expect(page.get_by_label("From")).to_have_value("")
    settle(page)


def test_the_timeline_shows_all_times_while_a_period_is_chosen(open_page, framed):
    page = open_page("/?from=2020-03-01&to=2020-03-31")
    matches(page, 2)

    assert sum(int(patrols) for patrols, *_rest in rows(page).values()) == 7
    assert page.locator("rect.tl-outside").count() == 2


# What framed the patrols, and what is missing


def test_an_event_tells_what_happened_when_and_who_says_so(open_page, framed):
    page = open_page("/")
    mark = timeline(page).get_by_role("button", name="Memorandum signed, 2 January 2020")
    mark.click()
    card = page.locator("[data-card]")

    expect(card).to_contain_text("agreement · 2 January 2020")
    expect(card.get_by_role("link", name="A paper")).to_have_attribute(
        "href", "https://example.org/memorandum"
    )
    page.keyboard.press("Escape")
    expect(card).not_to_be_visible()
    expect(mark).to_be_focused()


def test_events_are_reached_by_keyboard(open_page, framed):
    page = open_page("/")
    marks = page.locator(".tl-mark")
    assert [mark.get_attribute("tabindex") for mark in marks.all()] == ["0", "-1", "-1"]
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    expect(marks.nth(1)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("[data-card]")).to_contain_text("Patrols: halt")
    expect(page.locator("[data-card]")).to_contain_text("Source: A ministry")


def test_events_too_close_to_tell_apart_share_a_mark(open_page, framed):
    other = ContextEvent.objects.create(
        slug="next-day", kind="operation", title="The next day", start=date(2020, 1, 3)
    )
    other.programmes.add(framed.programme)
    page = open_page("/")
    timeline(page).get_by_role("button", name="2 events: Memorandum signed").click()

    expect(page.locator("[data-card] h3")).to_have_text(["Memorandum signed", "The next day"])


def test_an_address_that_is_none_of_the_web_becomes_no_link(open_page, framed):
    ContextEvent.objects.filter(slug="halt").update(source_url="javascript:alert(1)")
    page = open_page("/")
    timeline(page).get_by_role("button", name="Patrols: halt").click()

    expect(page.locator("[data-card]")).to_contain_text("A ministry")
    assert page.locator("[data-card] a").count() == 0


def test_a_declared_suspension_and_a_computed_gap_are_shaded_and_labelled(open_page, scene):
    framed_without_vague(scene)
    page = open_page("/")

    expect(page.locator(".tl-gap-label")).to_have_text(
        "318 days without a recorded patrol", use_inner_text=False
    )
    expect(page.locator(".tl-suspended-label")).to_have_text("declared suspension")
    assert page.locator("rect.tl-gap").count() == 1
    assert page.locator("rect.tl-suspended").count() == 1
    page.locator("[data-table] summary").click()
    frame = page.locator(".tl-table-frame")
    expect(frame).to_contain_text("318 days without a recorded patrol: 2 April 2020 – 13 February 2021")
    expect(frame).to_contain_text("Declared suspended 1 August 2020 – 31 January 2021")


def framed_without_vague(scene: Scene) -> None:
    scene.add("later", {"day": "2021-02-14", "route": route("alpha", "bravo")})
    for slug, kind, start in (
        ("halt", "suspension", date(2020, 8, 1)),
        ("again", "resumption", date(2021, 2, 1)),
    ):
        ContextEvent.objects.create(slug=slug, kind=kind, title=slug, start=start)


def test_a_vague_date_fills_no_gap_with_a_false_silence(open_page, framed):
    page = open_page("/")

    assert page.locator("rect.tl-gap").count() == 0


def test_months_in_which_nobody_reported_are_hatched_differently(open_page, scene):
    scene.add("later", {"day": "2021-02-14"})
    scene.add("late news", {"day": "2020-03-06", "told": 190})
    page = open_page("/")

    assert page.locator("rect.tl-empty").count() >= 1
    assert page.locator("rect.tl-silent").count() >= 2
    fills = page.evaluate(
        "['.tl-months .tl-empty', '.tl-months .tl-silent']"
        ".map((one) => getComputedStyle(document.querySelector(one)).fill)"
    )
    assert fills[0] != fills[1]


def test_events_of_programmes_that_do_not_match_step_aside(open_page, framed):
    event = ContextEvent.objects.get(slug="halt")
    other = type(framed.programme).objects.create(
        slug="south", code="south", name="South", parties=["RU", "TR"]
    )
    event.programmes.set([other])
    page = open_page("/")

    assert page.get_by_role("button", name="Patrols: halt").count() == 0
    assert page.locator("rect.tl-suspended").count() == 0


# The playback


def ink(page: Page) -> int:
    """How much is drawn on the routes' canvas: the sum of its opacity."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas.routes");
          const copy = new OffscreenCanvas(canvas.width, canvas.height)
            .getContext("2d", { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
          let sum = 0;
          for (let i = 3; i < data.length; i += 4) sum += data[i];
          return sum;
        }"""
    )


def test_steps_change_what_is_drawn_without_a_request(open_page, framed):
    page = open_page("/?to=2020-04-30&from=2020-01-06")
    whole = ink(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    step = timeline(page).get_by_role("button", name="One step forward")
    step.click()
    assert ink(page) == 0
    for _ in range(2):
        step.click()
    fresh = ink(page)
    assert 0 < fresh < whole
    for _ in range(8):
        step.click()
    assert ink(page) != fresh
    expect(page.locator("[data-clock]")).to_contain_text("patrols reported")
    timeline(page).get_by_role("button", name="End the playback and show all").click()

    assert ink(page) == whole
    assert asked == []
    expect(page.locator("[data-clock]")).to_be_empty()


def test_a_cumulative_window_keeps_what_has_been(open_page, framed):
    page = open_page("/")
    timeline(page).get_by_label("What is shown at a time").select_option("30")
    forward = timeline(page).get_by_role("button", name="One step forward")
    for _ in range(40):
        forward.click()
    before = ink(page)
    timeline(page).get_by_label("What is shown at a time").select_option("all")

    assert ink(page) > before


def test_the_address_keeps_the_window_and_the_speed(open_page, framed):
    page = open_page("/")
    window, speed = (page.get_by_label(name) for name in ("What is shown at a time", "Speed"))
    window.select_option("365")
    speed.select_option("2")
    address = page.url
    assert address.endswith("#window=365&speed=2")

    other = open_page(address)
    assert other.url == address
    expect(other.locator("[data-window]")).to_have_value("365")
    expect(other.locator("[data-speed]")).to_have_value("2")
    other.evaluate("location.hash = 'window=all&speed=9'")
    expect(other.locator("[data-window]")).to_have_value("all")
    expect(other.locator("[data-speed]")).to_have_value("1")
    window.select_option("91")
    speed.select_option("1")
    assert "window" not in page.url
    assert "speed" not in page.url


def test_a_zone_counts_only_the_patrols_of_the_window(open_page, framed):
    page = open_page("/?from=2020-01-06&to=2020-04-30")
    count = page.locator(".zone-count")
    expect(count).to_be_visible()
    timeline(page).get_by_role("button", name="One step forward").click()
    expect(count).not_to_be_visible()


def test_a_route_lists_the_patrols_of_the_window_only(open_page, framed):
    page = open_page("/?from=2020-01-06&to=2020-04-30")
    for _ in range(3):
        timeline(page).get_by_role("button", name="One step forward").click()
    page.locator(".route-cursor").focus()
    page.keyboard.press("Enter")

    links = page.locator(".leaflet-popup a[href^='/patrols/']")
    expect(links).to_have_text(["14 January 2020"])


def test_it_plays_pauses_and_ends_by_key(open_page, framed):
    page = open_page("/?from=2020-01-06&to=2020-04-30")
    clock = page.locator("[data-clock]")
    timeline(page).get_by_label("Speed").select_option("4")
    timeline(page).get_by_role("button", name="Play", exact=True).click()
    expect(timeline(page).get_by_role("button", name="Pause")).to_be_visible()
    expect(clock).to_contain_text("reported")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    handle(page, "First day").focus()
    page.keyboard.press(" ")
    expect(timeline(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    still = clock.inner_text()
    page.wait_for_timeout(300)
    assert clock.inner_text() == still
    page.keyboard.press(".")
    expect(clock).not_to_have_text(still)
    page.keyboard.press("Escape")

    expect(clock).to_be_empty()
    assert page.locator(".tl-now").count() == 0


def test_it_stops_at_the_end(open_page, framed):
    page = open_page("/?from=2020-03-02&to=2020-03-22")
    timeline(page).get_by_label("Speed").select_option("4")
    timeline(page).get_by_role("button", name="Play", exact=True).click()

    expect(timeline(page).get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=10_000)
    expect(page.locator("[data-clock]")).to_contain_text("22 Mar 2020")


def test_under_reduced_motion_it_steps_only_until_motion_is_asked_for(open_page, framed):
    page = open_page("/?from=2020-01-06&to=2020-04-30", reduced_motion="reduce")
    play = timeline(page).get_by_role("button", name="Play", exact=True)
    expect(play).to_be_disabled()
    handle(page, "First day").focus()
    page.keyboard.press(" ")
    expect(page.locator("[data-clock]")).to_be_empty()
    timeline(page).get_by_role("button", name="One step forward").click()
    expect(page.locator("[data-clock]")).to_contain_text("reported")
    still = page.locator("[data-clock]").inner_text()
    page.wait_for_timeout(300)
    assert page.locator("[data-clock]").inner_text() == still
    timeline(page).get_by_label("Allow motion").check()
    play.click()

    expect(page.locator("[data-clock]")).not_to_have_text(still)


# The page around it


def test_an_empty_record_has_no_timeline(open_page, scene):
    Patrol.objects.update(state=State.DRAFT)
    page = open_page("/")

    expect(page.locator("[data-summary]")).to_contain_text("The record holds no public patrol yet.")
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("#timeline")).to_be_hidden()


def test_a_question_mark_lists_the_keys(open_page):
    page = open_page("/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("one bar earlier or later")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    page.get_by_label("Text").press_sequentially("?")

    expect(dialog).not_to_be_visible()
    settle(page)


def test_without_javascript_there_is_no_timeline(open_page):
    page = open_page("/", java_script_enabled=False)

    assert not page.locator("#timeline").is_visible()
    expect(page.locator(".without-script")).to_be_visible()


def test_on_a_phone_it_lies_under_the_map_and_is_brushed_by_touch(open_page, framed):
    page = open_page("/", viewport=PHONE, has_touch=True)
    stage = page.locator(".stage").bounding_box()
    box = plot(page)
    assert box["y"] >= stage["y"] + stage["height"]
    assert box["height"] == 96
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for name in ("First day", "Last day"):
        size = handle(page, name).bounding_box()
        assert min(size["width"], size["height"]) >= 24
    swipe(page, 0.1, 0.5)
    page.wait_for_url("**to=2020-**")
    settle(page)


def swipe(page: Page, start: float, end: float) -> None:
    page.locator("[data-plot]").scroll_into_view_if_needed()
    box = plot(page)
    y = box["y"] + box["height"] / 2
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *share: float) -> None:
        points = [{"x": box["x"] + box["width"] * one, "y": y} for one in share]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for step in range(1, 6):
        touch("touchMove", start + (end - start) * step / 5)
    touch("touchEnd")


def test_an_arabic_page_keeps_time_running_from_left_to_right(open_page, framed):
    page = open_page("/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    settle(page)
    first = handle(page, "First day").bounding_box()["x"]

    assert first < handle(page, "Last day").bounding_box()["x"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_follow_the_theme(open_page, framed, theme):
    page = open_page(f"/?theme={theme}")
    colour = page.locator("path.tl-bar").first.evaluate("one => getComputedStyle(one).fill")

    assert colour == {"light": "rgb(0, 114, 178)", "dark": "rgb(86, 180, 233)"}[theme]


@pytest.mark.parametrize("options", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE}])
def test_axe_finds_nothing(open_page, framed, options):
    page = open_page("/?from=2020-02-03", bypass_csp=True, **options)
    timeline(page).get_by_role("button", name="One step forward").click()
    page.locator("[data-table] summary").click()
    violations = Axe().run(page, {"include": [["#timeline"]]}).response["violations"]
    page.locator(".tl-mark").first.click()
    violations += Axe().run(page, {"include": [["[data-card]"]]}).response["violations"]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys").click()
    violations += Axe().run(page, {"include": [["#keys"]]}).response["violations"]

    found = [f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in violations]
    assert not found, "\n".join(found)
