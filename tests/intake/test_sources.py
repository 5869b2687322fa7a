"""Watched sources: polled when due, politely, with what they bring; and left alone when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from patrols.intake import jobs, sources
from patrols.models import Host, Job, Report, WatchedSource

from .desk_scene import page, reference, rss, source, work_off
from .hostile import HostileServer

pytestmark = pytest.mark.django_db(transaction=True)

S = Job.State


@pytest.fixture(autouse=True)
def messages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would have gone to the broker."""
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", sent.append)
    reference()
    return sent


@pytest.fixture
def server(settings: Any) -> Iterator[HostileServer]:
    with HostileServer() as one:
        settings.INTAKE_TEST_HOSTS = [one.host_and_port]
        settings.INTAKE_HOST_SECONDS = 0
        one.serve("/robots.txt", b"", status=404)
        yield one


def work(kind: str = "") -> list[Job]:
    """Do everything that waits and is due, and what that leads to; the rows of that kind afterwards."""
    work_off()
    return list(Job.objects.filter(kind=kind) if kind else Job.objects.all())


def asked(server: HostileServer) -> list[str]:
    return [path for path, _headers in server.seen if path != "/robots.txt"]


class TestPolling:
    def test_what_a_source_lists_becomes_reports(self, server: HostileServer) -> None:
        server.serve("/a", page(), content_type="text/html")
        one = source(server.url("/feed"))
        server.serve("/feed", rss((server.url("/a"), "Joint patrol")), content_type="application/rss+xml")

        assert sources.put_due() == 1
        work()

        report = Report.objects.get()
        assert (report.publisher.slug, report.language, str(report.published)) == (
            "tr-mod",
            "en",
            "2021-10-14",
        )
        assert report.text.startswith("Joint land patrol east of the Euphrates\n\nAs part of")
        one.refresh_from_db()
        assert (one.brought, one.failures, one.last_error) == (1, 0, "")
        assert one.last_success is not None

    def test_a_poll_is_queued_once_when_due_and_again_after_the_interval(self, server: HostileServer) -> None:
        source(server.url("/feed"))
        now = timezone.now()
        assert [sources.put_due(now), sources.put_due(now)] == [1, 0]
        Job.objects.update(state=S.DONE)
        assert sources.put_due(now + timedelta(minutes=59)) == 0
        assert sources.put_due(now + timedelta(minutes=61)) == 1

    @pytest.mark.parametrize("values", [{"active": False}, {"resting": True}])
    def test_an_inactive_or_resting_source_is_not_asked(
        self, server: HostileServer, values: dict[str, bool]
    ) -> None:
        source(server.url("/feed"), **values)
        assert sources.put_due() == 0

    def test_the_same_feed_again_brings_nothing_new(self, server: HostileServer) -> None:
        server.serve("/a", page())
        one = source(server.url("/feed"))
        server.serve("/feed", rss((server.url("/a"), "x")), content_type="application/rss+xml")
        for _poll in range(2):
            WatchedSource.objects.update(next_run=None)
            one.refresh_from_db()
            sources.poll_now(one)
            work()
        assert asked(server) == ["/feed", "/a", "/feed"]
        assert Report.objects.count() == 1

    def test_an_unchanged_feed_is_asked_for_with_its_etag(self, server: HostileServer) -> None:
        one = source(server.url("/feed"))
        server.serve("/feed", rss(), headers={"ETag": '"7"'}, content_type="application/rss+xml")
        sources.poll_now(one)
        work()
        one.refresh_from_db()
        assert one.etag == '"7"'
        server.serve("/feed", b"", status=304)
        sources.poll_now(one)
        job = work("poll")[0]
        assert dict(server.seen[-1][1])["if-none-match"] == '"7"'
        assert (job.state, job.counts["items"]) == (S.DONE, 0)

    def test_words_decide_what_is_taken(self, server: HostileServer) -> None:
        one = source(server.url("/feed"), must_contain=["devriye"], must_not_contain=["futbol"])
        assert sources.passes(one, "Ortak DEVRİYE yapıldı")
        assert not sources.passes(one, "Hava durumu")
        assert not sources.passes(one, "Devriye ve futbol")

    def test_robots_txt_is_kept_to(self, server: HostileServer) -> None:
        server.serve("/robots.txt", b"User-agent: *\nDisallow: /feed", content_type="text/plain")
        one = source(server.url("/feed"))
        sources.poll_now(one)
        work()
        one.refresh_from_db()
        assert "robots.txt" in one.last_error
        assert asked(server) == []

    def test_calls_to_one_host_take_turns(self, server: HostileServer, settings: Any) -> None:
        settings.INTAKE_HOST_SECONDS = 60
        for name in "abc":
            server.serve(f"/{name}", page(title=name))
            jobs.put(Job.Kind.FETCH, name, url=server.url(f"/{name}"))
        work()
        waits = sorted(
            round((job.not_before - Host.objects.get().free_at).total_seconds())
            for job in Job.objects.filter(kind="fetch")
            if job.not_before
        )
        assert len(asked(server)) == 1
        assert waits == [-120, -60]


class TestFailing:
    def test_a_failing_source_waits_longer_and_then_rests(self, server: HostileServer, settings: Any) -> None:
        settings.INTAKE_REST_AFTER = 3
        one = source(server.url("/feed"))
        server.serve("/feed", b"", status=503)
        pauses = []
        for _poll in range(3):
            one.refresh_from_db()
            sources.poll_now(one)
            work()
            one.refresh_from_db()
            pauses.append(one.next_run - timezone.now())
        assert (one.failures, one.resting) == (3, True)
        assert "503" in one.last_error
        assert all(pause > timedelta(minutes=59) for pause in pauses)
        assert sources.put_due(timezone.now() + timedelta(days=2)) == 0

    def test_a_woken_source_is_asked_again_at_once(self, server: HostileServer) -> None:
        one = source(server.url("/feed"), resting=True, failures=9, next_run=timezone.now())
        sources.wake(one)
        assert sources.put_due() == 1

    def test_what_is_no_feed_fails_in_words(self, server: HostileServer) -> None:
        one = source(server.url("/feed"))
        server.serve("/feed", b"\x00\x01 not a feed at all", content_type="application/rss+xml")
        sources.poll_now(one)
        job = work("poll")[0]
        one.refresh_from_db()
        assert job.state == S.FAILED
        assert one.last_error == job.error != ""

    def test_one_bad_page_does_not_stop_the_others(self, server: HostileServer) -> None:
        one = source(server.url("/feed"))
        server.serve("/good", page())
        links = [(server.url(path), path) for path in ("/gzip-bomb", "/missing", "/good")]
        server.serve("/feed", rss(*links), content_type="application/rss+xml")
        server.serve("/missing", b"gone", status=410)
        sources.poll_now(one)
        states = {job.arguments["url"].rpartition("/")[2]: job.state for job in work("fetch")}
        assert states == {"gzip-bomb": S.FAILED, "missing": S.FAILED, "good": S.DONE}
        assert Report.objects.count() == 1
