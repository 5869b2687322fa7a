from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from patrols.intake.errors import RobotsRefused, UnsafeAddress
from patrols.intake.fetch import Policy
from patrols.intake.robots import LONGEST_DELAY, read_robots

from .hostile import HostileServer

NOW = datetime(2019, 11, 8, 12, 0, tzinfo=UTC)
RULES = b"""User-agent: *
Disallow: /private/
Crawl-delay: 7

User-agent: PatrolWatch
Allow: /private/reports/
Disallow: /private/
Crawl-delay: 9999
"""


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture
def policy(server: HostileServer) -> Policy:
    return Policy(allowed_hosts=frozenset({server.host_and_port}), seconds=0.6)


def test_the_rules_for_our_name_count(server: HostileServer, policy: Policy) -> None:
    server.serve("/robots.txt", RULES, content_type="text/plain")
    robots = read_robots(server.url("/news?page=2"), policy, NOW)
    assert robots.may_fetch(server.url("/private/reports/1"), "PatrolWatch/1.0 (+https://example.org)")
    assert not robots.may_fetch(server.url("/private/x"), "PatrolWatch/1.0")
    assert not robots.may_fetch(server.url("/private/reports/1"), "Somebody")
    assert robots.crawl_delay("Somebody") == 7
    assert robots.crawl_delay("PatrolWatch") == LONGEST_DELAY
    with pytest.raises(RobotsRefused, match="asks us not to") as caught:
        robots.require(server.url("/private/x"), "PatrolWatch")
    assert not caught.value.transient


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_none_allows_everything(server: HostileServer, policy: Policy, status: int) -> None:
    server.serve("/robots.txt", status=status)
    assert read_robots(server.url("/"), policy, NOW).may_fetch(server.url("/a"), "PatrolWatch")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_one_in_trouble_forbids_everything_for_now(
    server: HostileServer, policy: Policy, status: int
) -> None:
    server.serve("/robots.txt", status=status)
    robots = read_robots(server.url("/"), policy, NOW)
    with pytest.raises(RobotsRefused, match="at the moment") as caught:
        robots.require(server.url("/a"), "PatrolWatch")
    assert caught.value.transient
    assert robots.expires_at < NOW + timedelta(hours=1)


def test_one_that_drips_forbids_everything_for_now(server: HostileServer, policy: Policy) -> None:
    server.redirect("/robots.txt", "/slow_body")
    assert read_robots(server.url("/"), policy, NOW).unreachable


def test_one_that_never_ends_is_read_as_far_as_the_standard_says(
    server: HostileServer, policy: Policy
) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# padding\n" * 100_000 + b"Disallow: /b\n"
    server.serve("/robots.txt", rules)
    robots = read_robots(server.url("/"), policy, NOW)
    assert not robots.may_fetch(server.url("/a"), "PatrolWatch")
    assert robots.may_fetch(server.url("/b"), "PatrolWatch")


def test_a_redirect_to_a_private_address_is_an_error(server: HostileServer, policy: Policy) -> None:
    server.redirect("/robots.txt", "http://10.0.0.1/robots.txt")
    with pytest.raises(UnsafeAddress):
        read_robots(server.url("/"), policy, NOW)
