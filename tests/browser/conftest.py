"""A real Chromium for the tests, and a page that remembers everything that must not happen."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from django.core.management import call_command
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from tests.scene import Scene, full_scene

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
TWO_FRAMES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
UNDERWAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()
"""What each page has asked for and not got yet."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"There is no Chromium at {CHROMIUM}; set CHROMIUM to where it is."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop of its own in this thread; no query ever runs inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def written() -> Iterator[list[str]]:
    """What any thread has written to the database, the server's included."""
    noted: list[str] = []

    def noting(inner: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: CursorWrapper, sql: Any, params: Any, *rest: Any) -> Any:
            if str(sql).lstrip("( ").startswith(("INSERT", "UPDATE", "DELETE", "COPY")):
                noted.append(str(sql))
            return inner(self, sql, params, *rest)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_execute", "_executemany"):
            patch.setattr(CursorWrapper, name, noting(getattr(CursorWrapper, name)))
        yield noted


Maker = Callable[[], Scene]


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, written: list[str]
) -> Iterator[list[tuple[Maker, Scene]]]:
    """The scene that stands in the database while tests of a module only read it; none at first."""
    made: list[tuple[Maker, Scene]] = []
    flush = TransactionTestCase._fixture_teardown

    def flush_what_was_written(case: TransactionTestCase) -> None:
        if written or not made:
            flush(case)
            made.clear()
            written.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_what_was_written)
        yield made
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def maker() -> Maker:
    """What makes the scene; a module can have another."""
    return full_scene


@pytest.fixture
def scene(
    standing: list[tuple[Maker, Scene]], transactional_db: None, maker: Maker, written: list[str]
) -> Scene:
    """The test's own copy. After a test that wrote something the scene is made anew."""
    if not standing or standing[0][0] is not maker:
        if standing:
            call_command("flush", verbosity=0, interactive=False)
        standing[:] = [(maker, maker())]
        written.clear()
    return deepcopy(standing[0][1])


@dataclass
class Troubles:
    """What went wrong on a page, in the browser's own words."""

    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def watch(self, page: Page, host: str) -> Callable[[], None]:
        """Answers what ends it."""
        underway = UNDERWAY[page] = set()

        def console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.console.append(message.text)

        def asked(request: Request) -> None:
            underway.add(request)
            if urlsplit(request.url).netloc not in (host, ""):
                self.elsewhere.append(request.url)

        def over(request: Request) -> None:
            underway.discard(request)

        def answered(response: Response) -> None:
            if response.status >= 500:
                self.failed.append(f"{response.status} {response.url}")

        listening: dict[str, Callable[..., None]] = {
            "console": console,
            "pageerror": lambda error: self.console.append(str(error)),
            "request": asked,
            "requestfinished": over,
            "requestfailed": over,
            "response": answered,
        }
        for event, listener in listening.items():
            page.on(event, listener)

        def end() -> None:
            for event, listener in listening.items():
                page.remove_listener(event, listener)

        return end

    def __bool__(self) -> bool:
        return bool(self.console or self.elsewhere or self.failed)


Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def idle() -> dict[str, list[Page]]:
    """Windows that no test uses now, by their options: a new one takes longer than most tests."""
    return defaultdict(list)


@pytest.fixture
def open_page(browser: Browser, live_server, scene: Scene, idle: dict[str, list[Page]]) -> Iterator[Opener]:
    """Open an address of the site, each in a window of its own, without cookies and stored values.

    When the test is over, no page may have had any trouble: no console message, no violation of the content
    policy, no request to another host, no server error.
    """
    used: list[tuple[dict[str, Any], list[Page], Page, Callable[[], None]]] = []
    troubles = Troubles()

    def opener(address: str, *, wait: bool = True, **options) -> Page:
        given = {"viewport": WIDE, "locale": "en-GB", "base_url": live_server.url, **options}
        waiting = idle[repr(sorted(given.items()))]
        page = waiting.pop() if waiting else browser.new_context(**given).new_page()
        used.append((given, waiting, page, troubles.watch(page, urlsplit(live_server.url).netloc)))
        page.goto(address)
        if wait and given.get("java_script_enabled", True):
            settle(page)
        return page

    yield opener
    for given, waiting, page, end in used:
        if page.is_closed():
            page.context.close()
            continue
        page.goto("about:blank")
        end()
        clear = {"origin": live_server.url, "storageTypes": "all"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", clear)
        page.context.clear_cookies()
        page.set_viewport_size(given["viewport"])
        page.emulate_media(
            media="screen",
            color_scheme=given.get("color_scheme", "light"),
            reduced_motion=given.get("reduced_motion", "no-preference"),
        )
        waiting.append(page)
    assert not troubles, troubles


def settle(page: Page) -> None:
    """Wait until everything has been fetched and drawn: twice in a row nothing is under way."""
    page.wait_for_load_state()
    deadline = time.monotonic() + 30
    quiet = 0
    while quiet < 2:
        # Not `wait_for_function`, whose polling the content policy takes for a script that evaluates text.
        expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=30_000)
        page.evaluate(TWO_FRAMES)
        quiet = 0 if UNDERWAY[page] else quiet + 1
        assert time.monotonic() < deadline, [one.url for one in UNDERWAY[page]]
