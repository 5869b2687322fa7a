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
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

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

    def watch(self, page: Page, host: str) -> None:
        page.on("console", lambda m: self.console.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        underway = UNDERWAY[page] = set()
        page.on("request", lambda request: underway.add(request))
        for over in ("requestfinished", "requestfailed"):
            page.on(over, lambda request: underway.discard(request))
        page.on(
            "request",
            lambda request: (
                self.elsewhere.append(request.url) if urlsplit(request.url).netloc not in (host, "") else None
            ),
        )
        page.on(
            "response",
            lambda one: self.failed.append(f"{one.status} {one.url}") if one.status >= 500 else None,
        )

    def __bool__(self) -> bool:
        return bool(self.console or self.elsewhere or self.failed)


Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def idle() -> dict[str, list[BrowserContext]]:
    """Contexts that no test uses now, by their options: a new one is a new window, and takes long."""
    return defaultdict(list)


@pytest.fixture
def open_page(
    browser: Browser, live_server, scene: Scene, idle: dict[str, list[BrowserContext]]
) -> Iterator[Opener]:
    """Open an address of the site, each in a context of its own, without cookies and stored values.

    When the test is over, no page may have had any trouble: no console message, no violation of the content
    policy, no request to another host, no server error.
    """
    used: list[tuple[str, BrowserContext]] = []
    troubles = Troubles()

    def opener(address: str, *, wait: bool = True, **options) -> Page:
        given = {"viewport": WIDE, "locale": "en-GB", "base_url": live_server.url, **options}
        key = repr(sorted(given.items()))
        context = idle[key].pop() if idle[key] else browser.new_context(**given)
        used.append((key, context))
        page = context.new_page()
        troubles.watch(page, urlsplit(live_server.url).netloc)
        page.goto(address)
        if wait and given.get("java_script_enabled", True):
            settle(page)
        return page

    yield opener
    for key, context in used:
        clear = {"origin": live_server.url, "storageTypes": "all"}
        page = context.pages[0] if context.pages else context.new_page()
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", clear)
        for page in context.pages:
            page.close()
        context.clear_cookies()
        idle[key].append(context)
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
