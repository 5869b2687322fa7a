"""Whatever is killed, delivered twice, cut off or stopped: no report is lost and none doubled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from .desk_scene import page, rss
from .hostile import HostileServer
from .surroundings import Proxy, Surroundings, broker_address, own_database, wait_for

pytestmark = [pytest.mark.worker, pytest.mark.django_db]

PAGES = 5
ON_REDIS = settings.CELERY_BROKER_URL.startswith("redis")
MODULE = "tests.intake.intake_worker"
STALE = {"INTAKE_STALE_SECONDS": "8", "INTAKE_TEND_SECONDS": "1", "INTAKE_TRIES": "20"}
STORIES = (
    "The bridge over the Khabur was mended by engineers, and both columns crossed it without a stop.",
    "Two helicopters circled above the hills while the drivers drank tea with the village elders.",
    "Heavy rain had washed the track away, so that the armoured cars kept to the paved road by the silos.",
    "A crowd of children ran beside the vehicles and threw olives; nobody was hurt, the statement added.",
    "Shepherds said that the soldiers asked them about wells, grazing and the state of the old railway.",
)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as one:
        one.serve("/robots.txt", b"", status=404)
        links = []
        for number in range(PAGES):
            text = (
                f"The {number + 11}th joint patrol took place on {number + 3} October 2021. {STORIES[number]}"
            )
            one.serve(f"/{number}", page(title=f"Patrol {number}", text=text, day=f"2021-10-{number + 3:02}"))
            links.append((one.url(f"/{number}"), f"Patrol {number}"))
        one.serve("/feed", rss(*links), content_type="application/rss+xml")
        yield one


@pytest.fixture
def at_work(surroundings: Surroundings, server: HostileServer) -> Surroundings:
    surroundings.module = MODULE
    surroundings.environment |= STALE | {
        "INTAKE_TEST_HOSTS": server.host_and_port,
        "INTAKE_HOST_SECONDS": "0",
    }
    return surroundings


def finished(one: Surroundings) -> Callable[[], Any]:
    def look() -> Any:
        found = one.told()
        states = found["jobs"]
        done = states.get("match done", 0) == PAGES and not any(not name.endswith(" done") for name in states)
        return found if done else None

    return look


def whole(one: Surroundings, server: HostileServer, seconds: float = 120) -> dict[str, Any]:
    """Wait until all is done; nothing may be missing and nothing doubled."""
    found = wait_for(finished(one), seconds, lambda: f"{one.told()}\n{one.logs()}")
    assert found["urls"] == sorted(server.url(f"/{number}") for number in range(PAGES))
    assert found["readings"] == PAGES
    assert found["jobs"] == {
        "poll done": 1,
        **{f"{kind} done": PAGES for kind in ("fetch", "extract", "match")},
    }
    return dict(found)


@pytest.mark.parametrize("kind", ["fetch", "extract", "match"])
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    at_work: Surroundings, server: HostileServer, tmp_path: Path, kind: str
) -> None:
    stopped = tmp_path / "stopped"
    worker = at_work.start_worker("--beat", TEST_STOP_AT=f"{kind}:{stopped}")
    at_work.step("start", server.url("/feed"))
    wait_for(stopped.exists, 120, at_work.logs)
    at_work.kill(worker)
    at_work.start_worker("--beat")
    whole(at_work, server)


def test_messages_that_come_twice_are_worked_on_once(at_work: Surroundings, server: HostileServer) -> None:
    at_work.step("start", server.url("/feed"))
    at_work.step("again")
    at_work.start_worker("--beat")
    whole(at_work, server)
    at_work.step("again")
    at_work.step("again")
    whole(at_work, server)
    paths = [path for path, _headers in server.seen if path != "/robots.txt"]
    assert sorted(paths) == sorted(["/feed", *(f"/{number}" for number in range(PAGES))])


def proxied(url: str, proxy: Proxy) -> str:
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{who + '@' if who else ''}127.0.0.1:{proxy.port}"))


@pytest.mark.skipif(not ON_REDIS, reason="the folder of the embedded broker is never away")
def test_a_broker_that_is_away_for_a_while_loses_nothing(
    tmp_path: Path, migrated: str, server: HostileServer
) -> None:
    address = broker_address("redis")
    parts = urlsplit(address)
    proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 6379)
    with own_database(tmp_path, migrated) as database:
        one = Surroundings(tmp_path, database, proxied(address, proxy), MODULE)
        one.environment |= STALE | {
            "INTAKE_TEST_HOSTS": server.host_and_port,
            "INTAKE_HOST_SECONDS": "0",
        }
        try:
            one.start_worker("--beat")
            wait_for(lambda: "ready" in one.logs(), 120, one.logs)
            proxy.cut()
            started = one.step("start", server.url("/feed"))
            assert started == {"queued": 1}
            assert one.told()["jobs"] == {"poll queued": 1}
            proxy.mend()
            whole(one, server, seconds=120)
        finally:
            one.close()
            proxy.cut()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to stop")
def test_a_database_that_stops_in_the_middle_loses_and_doubles_nothing(
    tmp_path: Path, migrated: str, server: HostileServer
) -> None:
    broker = broker_address("redis" if ON_REDIS else "filesystem")
    with own_database(tmp_path, migrated) as database:
        parts = urlsplit(database)
        proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 5432)
        one = Surroundings(tmp_path, database, broker, MODULE)
        one.environment |= STALE | {
            "INTAKE_TEST_HOSTS": server.host_and_port,
            "INTAKE_HOST_SECONDS": "1",
        }
        through = {"DATABASE_URL": proxied(database, proxy)}
        try:
            one.start_worker("--beat", **through)
            one.step("start", server.url("/feed"))
            wait_for(lambda: any(path == "/0" for path, _headers in server.seen), 120, one.logs)
            proxy.cut()
            cut_at = len(server.seen)
            time.sleep(3)
            proxy.mend()
            whole(one, server, seconds=120)
            assert len(server.seen) > cut_at
        finally:
            one.close()
            proxy.cut()
