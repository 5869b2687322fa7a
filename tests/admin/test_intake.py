"""Watched sources, the work of the intake, and bringing in a single report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from patrols.intake import jobs
from patrols.models import Job, Publisher, Report, WatchedSource
from tests.intake.desk_scene import STATEMENT, page, reference, source

pytestmark = pytest.mark.django_db

MAIL = f"""From: press@example.org
Date: Thu, 14 Oct 2021 10:00:00 +0300
Subject: Joint patrol
Content-Type: text/plain; charset=utf-8

{STATEMENT}
"""


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda pk: None)
    reference()


def ministry() -> int:
    return Publisher.objects.get(slug="tr-mod").pk


class TestSources:
    def fields(self, **changes: Any) -> dict[str, Any]:
        return {
            "name": "News", "url": "https://msb.gov.tr/rss", "kind": "feed", "publisher": ministry(),
            "every_minutes": 60, "active": "on", "must_contain": "devriye\npatrol", **changes,
        }  # fmt: skip

    def test_an_editor_adds_one(self, as_editor: Client) -> None:
        response = as_editor.post("/admin/patrols/watchedsource/add/", self.fields())
        assert response.status_code == 302, response.context["adminform"].form.errors
        assert WatchedSource.objects.get().must_contain == ["devriye", "patrol"]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"url": "http://127.0.0.1/feed"}, "not public"),
            ({"url": "ftp://example.org/"}, ""),
            ({"every_minutes": 1}, "no more often"),
            ({"kind": "listing", "link_pattern": "("}, "no regular expression"),
            ({"kind": "listing"}, "needs a pattern"),
        ],
    )
    def test_what_cannot_be_watched_is_refused_in_words(
        self, as_editor: Client, changes: dict[str, Any], said: str
    ) -> None:
        response = as_editor.post("/admin/patrols/watchedsource/add/", self.fields(**changes))
        assert response.status_code == 200
        assert said in response.text
        assert not WatchedSource.objects.exists()

    def test_how_it_stands_is_shown(self, as_editor: Client) -> None:
        source("https://a.example/f", name="A", failures=2, last_error="503 from the server")
        source("https://b.example/f", name="B", resting=True)
        source("https://c.example/f", name="C", last_success=timezone.now(), brought=7)
        listed = as_editor.get("/admin/patrols/watchedsource/").text
        for word in (
            "failed 2 times in a row",
            "rests after repeated failure",
            "in order",
            "503 from the server",
        ):
            assert word in listed

    def test_it_is_asked_and_woken_by_hand(self, as_editor: Client) -> None:
        one = source("https://a.example/f", resting=True, failures=9)
        for action in ("wake", "ask_now"):
            as_editor.post("/admin/patrols/watchedsource/", {"action": action, "_selected_action": [one.pk]})
        one.refresh_from_db()
        assert (one.resting, one.failures) == (False, 0)
        assert Job.objects.filter(kind="poll", source=one).count() == 1


class TestWork:
    def test_failed_work_is_retried_and_acknowledged(self, as_editor: Client, editor: Any) -> None:
        jobs_made = [Job.objects.create(key=key, kind="fetch", state="failed", error="gone") for key in "ab"]
        listed = as_editor.get("/admin/patrols/job/?seen=no").text
        assert "gone" in listed
        for action, job in zip(("retry", "acknowledge"), jobs_made, strict=True):
            as_editor.post("/admin/patrols/job/", {"action": action, "_selected_action": [job.pk]})
            job.refresh_from_db()
        assert jobs_made[0].state == "queued"
        assert jobs_made[1].acknowledged_by == editor

    def test_nobody_makes_or_edits_work_by_hand(self, as_administrator: Client) -> None:
        assert as_administrator.get("/admin/patrols/job/add/").status_code == 403


class TestBringing:
    def bring(self, client: Client, **fields: Any) -> Any:
        return client.post("/admin/desk/bring/", {"publisher": ministry(), **fields}, follow=True)

    def test_a_text(self, as_editor: Client) -> None:
        self.bring(as_editor, text=STATEMENT, title="Patrol", published="2021-10-14")
        report = Report.objects.get()
        assert report.text == f"Patrol\n\n{STATEMENT}"
        assert Job.objects.get().kind == "extract"

    def test_an_address_is_fetched_by_a_worker(self, as_editor: Client) -> None:
        self.bring(as_editor, url="https://msb.gov.tr/x")
        assert (Job.objects.get().kind, Job.objects.get().arguments["url"]) == (
            "fetch",
            "https://msb.gov.tr/x",
        )

    @pytest.mark.parametrize(("name", "content"), [("a.eml", MAIL.encode()), ("a.html", page())])
    def test_a_file(self, as_editor: Client, name: str, content: bytes) -> None:
        self.bring(as_editor, file=SimpleUploadedFile(name, content))
        assert STATEMENT in Report.objects.get().text
        assert str(Report.objects.get().published) == "2021-10-14"

    def test_the_same_again_is_said_to_be_there(self, as_editor: Client) -> None:
        for _time in range(2):
            said = self.bring(as_editor, text=STATEMENT, url="https://msb.gov.tr/x").text
        assert "in the record already" in said
        assert Report.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({}, "Give an address"),
            ({"text": "x", "publisher": ""}, "Say who published it"),
            ({"url": "nonsense"}, "valid URL"),
            ({"text": STATEMENT, "published": "2999-01-01"}, "not come yet"),
            ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "Only .eml and .html"),
            ({"file": SimpleUploadedFile("a.eml", b"\x00\x01")}, "not an e-mail"),
            ({"file": SimpleUploadedFile("a.html", b"<html></html>")}, "no text in it"),
        ],
    )
    def test_what_cannot_be_brought_in_is_refused_in_words(
        self, as_editor: Client, fields: dict[str, Any], said: str
    ) -> None:
        for file in filter(lambda one: hasattr(one, "seek"), fields.values()):
            file.seek(0)
        assert said in self.bring(as_editor, **fields).text
        assert not Report.objects.exists()
