"""A real Chromium for the tests, and a page that remembers everything that must not happen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.scene import Scene, full_scene

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


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


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return full_scene()


@dataclass
class Troubles:
    """What went wrong on a page, in the browser's own words."""

    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def watch(self, page: Page, host: str) -> None:
        page.on("console", lambda m: self.console.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
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


@pytest.fixture
def open_page(browser: Browser, live_server, scene: Scene) -> Iterator[Opener]:
    """Open an address of the site. When the test is over, no page may have had any trouble:

    no console message, no violation of the content policy, no request to another host, no server error.
    """
    contexts: list[BrowserContext] = []
    troubles = Troubles()

    def opener(address: str, *, wait: bool = True, **options) -> Page:
        given = {"viewport": WIDE, "locale": "en-GB", "base_url": live_server.url, **options}
        context = browser.new_context(**given)
        contexts.append(context)
        page = context.new_page()
        troubles.watch(page, urlsplit(live_server.url).netloc)
        page.goto(address)
        if wait and given.get("java_script_enabled", True):
            settle(page)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert not troubles, troubles


def settle(page: Page) -> None:
    """Wait until everything has been fetched and drawn."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
