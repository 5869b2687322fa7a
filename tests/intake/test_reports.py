"""Single reports on their way in: known addresses, repeats, updates, and texts that are none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from patrols.intake import drafting, jobs, reports
from patrols.intake.mail import NotMail
from patrols.intake.page import Article, read_page
from patrols.intake.reports import NothingInIt, Received
from patrols.models import Account, Attention, Desk, Job, Patrol, Programme, Publisher, Reading, Report
from patrols.record import workflow

from .desk_scene import NOW, STATEMENT, page, reference, work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda pk: None)
    reference()


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def bring(body: bytes = b"", by: str = "tr-mod", url: str = "https://msb.gov.tr/1") -> Received:
    article = read_page(body or page(), now=NOW, url=url, content_type="text/html")
    return reports.receive(article, publisher=Publisher.objects.get(slug=by), url=url, retrieved_at=NOW)


def on_desk() -> list[Report]:
    return list(Report.objects.filter(desk_state=Desk.NEW).order_by("pk"))


class TestSameStory:
    def test_the_same_address_with_the_same_text_is_one_report(self) -> None:
        assert [bring().outcome, bring().outcome] == ["new", "same"]
        assert bring(url="http://www.msb.gov.tr/1?utm_source=x").outcome == "same"
        assert Report.objects.count() == 1

    def test_the_same_text_elsewhere_is_a_repeat_without_a_desk_item(self) -> None:
        first = bring().report
        second = bring(by="sana", url="https://sana.example/9")
        assert (second.outcome, second.report.same_story_as) == ("repeat", first)
        assert second.report.desk_state == Desk.DUPLICATE
        assert on_desk() == [first]

    def test_ten_papers_with_small_changes_are_one_story(self) -> None:
        first = bring().report
        for number in range(10):
            changed = STATEMENT.replace("As part of the work on the safe zone, the", f"Editor {number}: The")
            again = bring(page(text=changed), by="sana", url=f"https://paper{number}.example/x")
            assert again.report.same_story_as == first, number
        assert on_desk() == [first]

    def test_the_formula_of_another_patrol_is_another_story(self) -> None:
        bring()
        other = (
            STATEMENT.replace("91st", "92nd").replace("14 October", "18 October").replace("56 km", "61 km")
        )
        second = bring(page(text=other, day="2021-10-18"), url="https://msb.gov.tr/2")
        assert second.outcome == "new"
        assert second.report.same_story_as is None
        assert len(on_desk()) == 2

    def test_a_ministry_that_repeats_a_paper_comes_to_the_desk(self) -> None:
        first = bring(by="sana", url="https://sana.example/9").report
        second = bring()
        assert second.report.same_story_as == first
        assert second.report in on_desk()
        assert Attention.REPEAT in second.report.attention

    def test_an_updated_page_updates_its_report_and_says_so(self) -> None:
        first = bring().report
        work_off()
        Report.objects.filter(pk=first.pk).update(desk_state=Desk.DONE)
        again = bring(page(text=STATEMENT + "\nThe ministry corrected the number of vehicles to ten."))
        assert (again.outcome, again.report.pk) == ("updated", first.pk)
        assert again.report.desk_state == Desk.NEW
        assert Attention.UPDATED in again.report.attention
        assert "ten" in again.report.text

    def test_an_update_changes_no_account_that_was_taken(self, editor: User) -> None:
        report = bring().report
        programme = Programme.objects.get(slug="ne-syria")
        account = Account.objects.create(
            report=report, programme=programme, status="completed", vehicles=8, date_start=date(2021, 10, 14),
            date_end=date(2021, 10, 14), date_precision=1,
        )  # fmt: skip
        bring(page(text=STATEMENT.replace("Eight vehicles, four", "Ten vehicles, five")))
        work_off()
        account.refresh_from_db()
        assert account.vehicles == 8


class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "code", "state"),
        [
            (b"<html><body></body></html>", Attention.EMPTY, Desk.UNREADABLE),
            (page(text="Der Bericht ist auf Deutsch. " * 20), Attention.UNSUPPORTED_LANGUAGE, Desk.NEW),
            (page(day="2031-01-01"), Attention.FUTURE_DATE, Desk.NEW),
        ],
    )
    def test_an_odd_page_ends_in_a_state_that_says_why(self, body: bytes, code: str, state: str) -> None:
        report = bring(body).report
        work_off()
        report.refresh_from_db()
        assert code in report.attention
        assert report.desk_state == state
        assert not Job.objects.exclude(state=Job.State.DONE).exists()

    @pytest.mark.parametrize(
        ("state", "desk"),
        [("paywall_stub", Desk.NEW), ("cookie_wall", Desk.UNREADABLE), ("not_html", Desk.UNREADABLE)],
    )
    def test_walls_and_stubs_are_said_to_be_such(self, state: str, desk: str) -> None:
        article = Article(state=state, title="A wall", text="Only this much can be read.", lang="en")
        report = reports.receive(
            article,
            publisher=Publisher.objects.get(slug="tr-mod"),
            url="https://a.example/1",
            retrieved_at=NOW,
        ).report
        work_off()
        report.refresh_from_db()
        assert (report.desk_state, state in report.attention) == (desk, True)

    def test_a_report_from_the_future_has_no_day_of_publication(self) -> None:
        assert bring(page(day="2031-01-01")).report.published is None

    def test_two_hundred_places_are_read_and_flagged(self) -> None:
        from patrols.models import PlaceName

        names = list(PlaceName.objects.filter(language="en").values_list("name", flat=True)[:200])
        text = f"{STATEMENT} It passed through the villages of {', '.join(names)}."
        report = bring(page(text=text)).report
        work_off()
        assert Reading.objects.get(report=report).accounts

    def test_contradicting_figures_are_flagged(self) -> None:
        text = (
            f"{STATEMENT}\nThe column of the 91st patrol consisted of 12 vehicles in all, the ministry said."
        )
        report = bring(page(text=text)).report
        work_off()
        report.refresh_from_db()
        assert Attention.CONTRADICTION in report.attention

    def test_a_mixed_direction_text_is_kept_as_it_is(self) -> None:
        text = "سيّرت القوات الروسية والتركية دورية مشتركة (Joint patrol No 91) في ريف عين العرب اليوم الخميس."
        report = bring(page(title="دورية مشتركة", text=text, lang="ar")).report
        work_off()
        report.refresh_from_db()
        assert report.language == "ar"
        assert "Joint patrol No 91" in report.text

    def test_text_without_anything_in_it_is_refused(self, editor: User) -> None:
        with pytest.raises(NothingInIt):
            reports.receive_text(
                " \n ", title="", publisher=Publisher.objects.all()[0], published=None, url="", user=editor
            )

    def test_what_is_no_mail_is_refused(self, editor: User) -> None:
        with pytest.raises(NotMail):
            reports.receive_mail(b"\x00\x01", publisher=Publisher.objects.all()[0], user=editor)


class TestReading:
    def test_a_statement_is_read_with_spans_that_count_the_reports_text(self) -> None:
        report = bring().report
        work_off()
        reading = Reading.objects.get(report=report)
        [account] = reading.accounts
        assert account["number"]["value"] == 91
        assert account["date"]["value"]["start"] == "2021-10-14"
        [start, end] = account["vehicles_total"]["spans"][0]
        assert "Eight vehicles" in report.text[start : end + 10]
        assert reading.programme is not None
        assert reading.programme.slug == "ne-syria"
        assert Job.objects.get(kind=Job.Kind.EXTRACT).counts["accounts"] == 1

    def test_candidates_come_with_their_reasons(self, editor: User) -> None:
        report = bring().report
        work_off()
        from patrols.intake.directory import Directory

        account = drafting.draft_account(report, Reading.objects.get().accounts[0], Directory.load())
        account.save()
        patrol = workflow.found(account, editor)
        second = bring(
            page(
                title="Another telling",
                text="Turkish and Russian forces carried out their 91st joint patrol near Kobani on October "
                "14, 2021, with ten armoured vehicles, local sources told us. Children waved at the column.",
                day="2021-10-15",
            ),
            by="sana",
            url="https://other.example/1",
        ).report
        work_off()
        [ranked] = Reading.objects.get(report=second).candidates
        assert ranked[0]["patrol"] == patrol.uid
        assert ranked[0]["verdict"] == "fits"
        assert ranked[0]["reasons"]

    def test_nothing_of_it_is_public(self, client: Any) -> None:
        bring()
        work_off()
        assert not Patrol.objects.exists()
        assert not Account.objects.exists()

    def test_reading_again_replaces_the_reading(self) -> None:
        report = bring().report
        work_off()
        job = Job.objects.get(kind=Job.Kind.EXTRACT)
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)
        assert jobs.retry(job)
        work_off()
        assert Reading.objects.filter(report=report).count() == 1
