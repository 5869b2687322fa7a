"""A file's way into the record: dry run, bringing in, the same file again, rejected rows, states, undoing."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from patrols.intake import batches, writing
from patrols.intake.plan import Outcome, make_plan
from patrols.intake.undo import undo_batch
from patrols.models import (
    Account,
    Claim,
    Correction,
    ImportBatch,
    ImportRow,
    Patrol,
    Programme,
    Publisher,
    Report,
    State,
)
from patrols.publish.revision import data_revision
from patrols.record import workflow
from patrols.record.workflow import RecordError
from patrols.roles import ensure_roles
from tests.intake.files import as_csv, make_reference, row, rows

pytestmark = pytest.mark.django_db
Bs = ImportBatch.State


@pytest.fixture(autouse=True)
def programme() -> Programme:
    cache.clear()
    return make_reference()


def person(name: str, role: str) -> User:
    ensure_roles()
    user = User.objects.create_user(name, password="not-used-anywhere", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def editor() -> User:
    return person("edith", "editor")


@pytest.fixture
def reviewer() -> User:
    return person("rita", "reviewer")


def upload(*made: dict[str, str], user: User | None = None, **options: Any) -> ImportBatch:
    return batches.create_batch("file.csv", as_csv(*made, **options), user)


def brought_in(*made: dict[str, str], user: User | None = None, reviewed: bool = False) -> ImportBatch:
    batch = batches.create_batch("file.csv", as_csv(*made), user, reviewed=reviewed)
    batches.check(batch.pk)
    batch.refresh_from_db()
    batches.confirm(batch)
    batches.bring_in(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (Bs.DONE, "")
    return batch


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("line").values_list("outcome", flat=True))


def reasons(batch: ImportBatch) -> list[str]:
    return [" ".join(one) for one in batch.rows.order_by("line").values_list("reasons", flat=True)]


def problems(batch: ImportBatch) -> list[tuple[str, str]]:
    found = batch.rows.order_by("line").values_list("problems", flat=True)
    return [(one["column"], one["text"]) for each in found for one in each]


def digest(*, history: bool = True) -> dict[str, str]:
    """What stands in every table of the record; imports themselves and, if asked, history aside."""
    found = {}
    for model in apps.get_app_config("patrols").get_models(include_auto_created=True):
        if model in (ImportBatch, ImportRow) or (not history and model.__name__.startswith("Historical")):
            continue
        # Rows that are derived are written anew, so their keys say nothing.
        aside = ("updated_at", "created_at", *(() if hasattr(model, "history") else ("id",)))
        names = [f.attname for f in model._meta.concrete_fields if f.name not in aside]
        text = "\n".join(sorted(map(repr, model._base_manager.values_list(*names))))
        found[model.__name__] = hashlib.sha256(text.encode()).hexdigest()
    return found


def public() -> list[str]:
    return list(Patrol.objects.visible_to(AnonymousUser()).order_by("uid").values_list("uid", flat=True))


class TestOutcomes:
    def test_a_row_founds_joins_waits_claims_or_is_rejected_and_the_sums_add_up(self) -> None:
        batch = brought_in(
            row(1),
            row(2, date="2020-01-01"),
            row(3, date="", date_precision="", sector=""),
            row(4, date="", date_precision="", vehicles_total="", claim_count=344, status=""),
            row(5, status="done"),
        )
        assert sorted(outcomes(batch)[:2]) == ["matched", "new"]
        assert outcomes(batch)[2:] == ["waiting", "claim", "rejected"]
        counts = (batch.created, batch.matched, batch.waiting, batch.claims_only, batch.rejected)
        assert counts == (1, 1, 1, 1, 1)
        assert sum(counts) + batch.changed + batch.unchanged == batch.read == 5
        assert Patrol.objects.get().accounts_count == 2
        assert Account.objects.filter(patrol=None).count() == 1
        assert Claim.objects.get().count == 344

    def test_reasons_are_told_for_each(self) -> None:
        assert reasons(brought_in(row(1))) == ["no patrol of the record fits"]
        assert "same day" in reasons(brought_in(row(2, date="2020-01-01")))[0]

    def test_the_dry_run_says_the_same_and_writes_nothing(self) -> None:
        brought_in(row(1))
        before = digest()
        batch = upload(row(1), row(2, date="2020-01-01"), row(3), row(4, status="done"))
        batches.check(batch.pk)
        batch.refresh_from_db()
        assert batch.state == Bs.CHECKED
        assert outcomes(batch) == ["unchanged", "matched", "new", "rejected"]
        assert batch.rows.get(outcome="matched").patrol == Patrol.objects.get()
        assert digest() == before

    def test_a_row_may_carry_an_account_and_a_claim(self) -> None:
        brought_in(row(1, claim_count=8, claim_from="2019-11", claim_to="2020-01", note="began at noon"))
        claim = Claim.objects.get()
        assert (claim.count, str(claim.date_from), str(claim.date_to)) == (8, "2019-11-01", "2020-01-31")
        assert (claim.note, Account.objects.get().note) == ("", "began at noon")

    def test_a_programmes_suspension_with_a_count_founds_no_patrol(self) -> None:
        batch = brought_in(row(1, status="suspended", vehicles_total="", claim_count=344))
        assert outcomes(batch) == ["claim"]

    def test_a_tally_of_one_area_belongs_to_that_areas_counter(self) -> None:
        brought_in(row(1, date="", date_precision="", vehicles_total="", claim_count=131))
        assert Claim.objects.get().counter.slug == "alpha"

    def test_two_accounts_of_one_report_never_land_in_one_patrol(self) -> None:
        url = "https://example.org/same"
        batch = brought_in(row(1, source_url=url), row(2, source_url=url, date="2020-01-01", sector="Bravo"))
        assert sorted(outcomes(batch)) == ["new", "waiting"]
        assert Report.objects.count() == 1
        assert Account.objects.count() == 2

    def test_what_fits_a_withdrawn_patrol_waits(self, reviewer: User) -> None:
        brought_in(row(1), reviewed=True)
        workflow.withdraw(Patrol.objects.get(), reviewer, "never happened")
        batch = brought_in(row(2, date="2020-01-01"))
        assert outcomes(batch) == ["waiting"]
        assert "withdrawn" in reasons(batch)[0]


class TestWhatARowBecomes:
    def test_every_cell_finds_its_place(self) -> None:
        brought_in(
            row(
                1,
                number=12,
                number_series="overall",
                start_place="Alpha",
                waypoints="Nowhere; Bravo",
                end_place="Delta",
                personnel_tr=24,
                vehicles_tr=4,
                air_support="UAV; helicopter",
                length_km="58.5",
                incident_type="none",
                date_basis="worked_out",
                statement_by="TR_MOD",
            )
        )
        account = Account.objects.get()
        assert (account.number, account.counter.slug, account.date_stated) == (12, "overall", False)
        assert [(s["name"], s["place"], s["role"]) for s in account.route] == [
            ("Alpha", "alpha", "start"),
            ("Nowhere", None, "via"),
            ("Bravo", "bravo", "via"),
            ("Delta", "delta", "end"),
        ]
        assert account.areas == ["alpha"]
        assert account.forces == ["tr-forces", "ru-forces"]
        assert (account.vehicles, account.vehicles_by_side, account.personnel) == (8, {"TR": 4}, None)
        assert (account.personnel_by_side, account.length_km) == ({"TR": 24}, 58.5)
        assert (account.incident_type, account.air_support) == ("none", "UAV; helicopter")
        assert (account.speaker.slug, account.own_reporting, account.weight) == ("tr-mod", False, 3)
        assert (account.report.publisher.slug, str(account.report.published)) == ("wire", "2021-01-01")

    def test_a_number_without_a_series_goes_to_the_count_that_is_not_stated(self) -> None:
        brought_in(row(1, number=7))
        assert Account.objects.get().counter.slug == "unstated"

    def test_an_agency_weighs_2_and_a_paper_that_carries_it_1(self) -> None:
        brought_in(row(1, source_name="The Wire"), row(2, source_name="Local paper (Wire service)"))
        assert sorted((a.report.publisher.slug, a.weight) for a in Account.objects.all()) == [
            ("paper", 1),
            ("wire", 2),
        ]

    def test_an_unknown_publisher_is_taken_in_unjudged_once(self) -> None:
        brought_in(
            row(1, source_name="Вестник"), row(2, source_name="Вестник"), row(3, source_name="Вестник (de)")
        )
        made = Publisher.objects.get(name="Вестник")
        assert (made.kind, made.reliability, made.reports.count()) == ("media", "F", 3)

    def test_a_vaguer_report_date_is_kept_for_editors(self) -> None:
        brought_in(row(1, source_date="2020-02"))
        account = Account.objects.get()
        assert account.report.published is None
        assert "Report dated 2020-02" in account.note

    @pytest.mark.parametrize(
        ("cells", "column", "said"),
        [
            ({"programme": "south"}, "programme", "Known: north. Create a new one in the admin first"),
            ({"number": 3, "number_series": "ours"}, "number_series", "Known: alpha, overall, unstated"),
            ({"statement_by": "XX"}, "statement_by", "Known: RU_MOD, TR_MOD, other"),
        ],
    )
    def test_words_the_record_does_not_know(self, cells: dict[str, Any], column: str, said: str) -> None:
        [(where, text)] = problems(brought_in(row(1, **cells)))
        assert where == column
        assert said in text

    def test_history_says_who_and_why(self, editor: User) -> None:
        batch = brought_in(row(1), user=editor)
        for model in (Account, Report, Patrol):
            [first] = model.history.all()
            assert (first.history_type, first.history_user) == ("+", editor)
            assert first.history_change_reason == f"import {batch.uid}"


class TestPublication:
    def test_nothing_imported_publishes_itself(self, editor: User) -> None:
        brought_in(row(1, claim_count=3), user=editor)
        patrol = Patrol.objects.get()
        assert (patrol.state, patrol.last_writer) == (State.DRAFT, editor)
        assert not Account.objects.get().reviewed
        assert not Claim.objects.get().reviewed
        assert public() == []
        assert not Correction.objects.exists()

    def test_the_shipped_record_is_public_with_a_line_in_the_log(self) -> None:
        brought_in(row(1, claim_count=3), reviewed=True)
        patrol = Patrol.objects.get()
        assert public() == [patrol.uid]
        assert patrol.published_at is not None
        assert Correction.objects.get().kind == Correction.Kind.ADDED
        assert Account.objects.get().reviewed
        assert Claim.objects.get().reviewed

    def test_an_account_that_joins_a_published_patrol_waits_for_review(self, editor: User) -> None:
        brought_in(row(1), reviewed=True)
        before = Patrol.objects.values().get()
        batch = brought_in(row(2, date="2020-01-01", vehicles_total=12), user=editor)
        assert outcomes(batch) == ["matched"]
        after = Patrol.objects.values().get()
        own = ("last_writer_id", "updated_at")
        assert {k: v for k, v in after.items() if k not in own} == {
            k: v for k, v in before.items() if k not in own
        }
        assert after["last_writer_id"] == editor.pk
        assert Account.objects.get(row="t2").reviewed is False

    def test_a_correction_of_a_reviewed_account_waits_beside_it(self, editor: User, reviewer: User) -> None:
        brought_in(row(1), reviewed=True)
        batch = brought_in(row(1, vehicles_total=9), user=editor)
        assert outcomes(batch) == ["changed"]
        account, patrol = Account.objects.get(), Patrol.objects.get()
        assert (account.vehicles, account.proposed, patrol.vehicles_best) == (8, {"vehicles": 9}, 8)
        assert outcomes(brought_in(row(1, vehicles_total=9))) == ["unchanged"]
        workflow.approve(patrol, reviewer)
        patrol.refresh_from_db()
        assert patrol.vehicles_best == 9

    def test_a_reviewed_claim_is_not_changed_by_a_file(self) -> None:
        brought_in(row(1, claim_count=3), reviewed=True)
        batch = brought_in(row(1, claim_count=4))
        assert problems(batch)[0][0] == "claim_count"
        assert Claim.objects.get().count == 3

    def test_the_shipped_record_corrects_itself_in_public(self) -> None:
        brought_in(row(1), reviewed=True)
        brought_in(row(1, vehicles_total=9), reviewed=True)
        assert Patrol.objects.get().vehicles_best == 9
        assert "vehicles: 8 → 9" in Correction.objects.get(kind="changed").what


class TestAgain:
    def test_the_same_file_twice_changes_nothing(self) -> None:
        made = (
            *rows(4),
            row(9, claim_count=4),
            row(5, date="", date_precision="", claim_count=3, vehicles_total=""),
        )
        brought_in(*made)
        before = digest()
        batch = brought_in(*made)
        assert set(outcomes(batch)) == {"unchanged"}
        assert digest() == before

    def test_also_without_row_ids(self) -> None:
        made = [one | {"row": ""} for one in rows(3)]
        twin = row(4, row="", date="2020-03", date_precision="month", sector="")
        brought_in(*made, twin, twin)
        before = digest()
        assert set(outcomes(brought_in(*made, twin, twin))) == {"unchanged"}
        assert digest() == before

    def test_a_changed_note_is_another_revision_of_the_record(self) -> None:
        brought_in(*rows(2))
        before = data_revision(None)
        assert outcomes(brought_in(row(1, note="read again"), row(2))) == ["changed", "unchanged"]
        after = data_revision(None)
        assert after != before
        brought_in(row(1, note="read again"), row(2))
        assert data_revision(None) == after

    def test_in_any_order(self) -> None:
        brought_in(*rows(4))
        assert set(outcomes(brought_in(*reversed(rows(4))))) == {"unchanged"}

    def test_a_changed_row_changes_its_account_and_says_what(self) -> None:
        brought_in(*rows(2))
        batch = brought_in(row(1, vehicles_total=10, sector="Bravo"), row(2))
        assert outcomes(batch) == ["changed", "unchanged"]
        assert "vehicles: 8 → 10" in reasons(batch)[0]
        assert Account.objects.count() == Patrol.objects.count() == 2
        patrol = Patrol.objects.get(date_start="2020-01-01")
        assert (patrol.vehicles_best, patrol.sector) == (10, "Bravo")

    def test_without_a_row_id_a_report_corrects_its_only_account_of_the_day(self) -> None:
        brought_in(row(1, row=""))
        assert outcomes(brought_in(row(1, row="", vehicles_total=10))) == ["changed"]
        assert Account.objects.get().vehicles == 10

    def test_what_an_editor_changed_since_stays(self) -> None:
        brought_in(row(1))
        Account.objects.update(vehicles=11)
        assert outcomes(brought_in(row(1))) == ["unchanged"]
        assert Account.objects.get().vehicles == 11

    def test_the_same_row_twice_in_a_file_counts_once_and_another_under_its_id_is_refused(self) -> None:
        batch = brought_in(row(1), row(1), row(1, vehicles_total=10))
        assert outcomes(batch) == ["new", "unchanged", "rejected"]
        assert "stands on line 2 too" in problems(batch)[0][1]

    def test_the_report_is_completed_but_not_overwritten_by_another_row(self) -> None:
        brought_in(row(1, source_date=""))
        brought_in(row(2, source_url="https://example.org/1", source_lang="tr"))
        report = Report.objects.get()
        assert (str(report.published), report.language) == ("2021-01-01", "en")

    def test_the_same_patrols_have_the_same_ids_in_every_record(self) -> None:
        brought_in(*rows(3))
        first = sorted(Patrol.objects.values_list("uid", flat=True))
        for model in (Account, Report):
            model.objects.all().delete()
        Patrol.objects.all().delete()
        brought_in(*rows(3))
        assert sorted(Patrol.objects.values_list("uid", flat=True)) == first

    def test_an_id_that_is_taken_is_never_given_again(self, reviewer: User) -> None:
        batch = brought_in(row(1), reviewed=True)
        undo_batch(batch.pk, reviewer.pk)
        tombstone = Patrol.objects.get()
        assert tombstone.state == State.WITHDRAWN
        brought_in(row(1), reviewed=True)
        assert Patrol.objects.exclude(pk=tombstone.pk).get().uid != tombstone.uid


class TestRejected:
    BAD = (
        row(2, date="2019-02-30"),
        row(3, vehicles_total=-1, status="done"),
        row(4, sector="=1+2", status="x"),
    )

    def test_good_rows_go_in_and_bad_ones_into_a_file_that_can_be_mended_and_sent_again(self) -> None:
        batch = brought_in(row(1), *self.BAD)
        assert (batch.created, batch.rejected, batch.read) == (1, 3, 4)
        file = b"".join(batches.rejected_csv(batch))
        assert "problem_line,problem_column,problem" in file.decode().splitlines()[0]
        assert [(i.record.line, i.outcome) for i in make_plan(file).items] == [
            (2, Outcome.REJECTED),
            (3, Outcome.REJECTED),
            (4, Outcome.REJECTED),
        ]
        mended = file.decode("utf-8-sig").replace("2019-02-30", "2019-02-28").replace("-1,", "1,")
        mended = mended.replace(",done,", ",completed,").replace(",x,", ",started,")
        again = batches.create_batch("mended.csv", mended.encode(), None)
        batches.check(again.pk)
        assert set(outcomes(again)) == {"new"}

    def test_each_row_says_line_columns_and_all_reasons(self) -> None:
        text = b"".join(batches.rejected_csv(brought_in(row(1), *self.BAD))).decode()
        second = text.splitlines()[2]
        assert ",4,status;vehicles_total," in second
        assert "status: “done” is not allowed here" in second
        assert "vehicles_total: “-1” is negative" in second

    def test_a_formula_is_made_harmless_and_comes_back_as_it_was(self) -> None:
        file = b"".join(batches.rejected_csv(brought_in(self.BAD[2])))
        assert b",'=1+2," in file
        assert make_plan(file.replace(b",x,", b",started,")).items[0].draft.account["sector"] == "=1+2"

    def test_a_row_that_cannot_be_taken_apart_keeps_all_of_its_text(self) -> None:
        content = as_csv(row(1)) + b't9,north,"never closed,2020-01-09\n'
        batch = batches.create_batch("file.csv", content, None)
        batches.check(batch.pk)
        text = b"".join(batches.rejected_csv(batch)).decode()
        assert 't9,north,"""never closed",2020-01-09,' in text

    def test_a_file_with_semicolons_comes_back_with_semicolons(self) -> None:
        batch = upload(row(1, status="x"), delimiter=";")
        batches.check(batch.pk)
        assert b";problem_line;problem_column;problem\r\n" in b"".join(batches.rejected_csv(batch))

    def test_a_header_without_a_needed_column_rejects_every_row(self) -> None:
        batch = upload(*rows(3), columns=("row", "programme", "date", "status"))
        batches.check(batch.pk)
        batch.refresh_from_db()
        assert (batch.read, batch.rejected) == (3, 3)
        assert "source_name, source_url" in problems(batch)[0][1]

    def test_accepted_and_rejected_are_what_was_read_whatever_the_file(self) -> None:
        content = as_csv(*rows(3))
        broken = content + b'x,"y\n' + b"\xff\xfe,\n" + b",\0,\n" + content.splitlines()[1] + b"\n,,,\n"
        plan = make_plan(broken)
        assert len(plan.items) == 7
        assert sum(plan.count(outcome) for outcome in Outcome) == 7


class TestStates:
    def test_an_empty_file_fails_in_words(self) -> None:
        batch = batches.create_batch("empty.csv", b"", None)
        batches.check(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.error) == (Bs.FAILED, "The file is empty: it has no rows.")

    def test_a_file_that_is_too_large_is_refused(self, settings: Any) -> None:
        settings.IMPORT_MAX_MB = 1
        with pytest.raises(RecordError, match="larger than 1 MB"):
            batches.create_batch("large.csv", b"x" * 1_048_577, None)

    def test_nothing_goes_in_before_it_is_confirmed(self) -> None:
        batch = upload(row(1))
        batches.bring_in(batch.pk)
        batches.check(batch.pk)
        batches.bring_in(batch.pk)
        assert not Account.objects.exists()

    def test_confirming_twice_is_refused(self) -> None:
        batch = brought_in(row(1))
        with pytest.raises(RecordError, match="nothing to confirm"):
            batches.confirm(batch)

    def test_a_message_delivered_twice_doubles_nothing(self) -> None:
        batch = brought_in(*rows(2))
        before = digest()
        batches.check(batch.pk)
        batches.bring_in(batch.pk)
        batch.refresh_from_db()
        assert batch.state == Bs.DONE
        assert digest() == before

    def test_what_a_worker_is_at_no_other_takes(self) -> None:
        batch = upload(row(1))
        ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.APPLYING, tries=1)
        batches.bring_in(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.tries) == (Bs.APPLYING, 1)

    def test_a_silent_worker_is_replaced_and_cannot_finish_any_more(self, monkeypatch: Any) -> None:
        batch = upload(row(1))
        ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.QUEUED)
        real = batches.apply_batch

        def overtaken(mine: ImportBatch, **options: Any) -> Any:
            ImportBatch.objects.filter(pk=mine.pk).update(tries=7)
            return real(mine, **options)

        monkeypatch.setattr(batches, "apply_batch", overtaken)
        batches.bring_in(batch.pk)
        assert not Account.objects.exists()
        batch.refresh_from_db()
        assert batch.state == Bs.APPLYING

    def test_a_heartbeat_keeps_a_batch_from_being_taken_over(self) -> None:
        batch = upload(row(1))
        old = timezone.now() - timedelta(hours=1)
        ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.APPLYING, updated_at=old)
        batch.refresh_from_db()
        assert batches.stale_batches() == [batch]
        with batches._beating(batch):
            assert batches.stale_batches() == []
            assert batches.progress(batch) == {"stage": "starting", "done": 0, "total": 0}

    def test_after_three_tries_it_fails_in_words_and_can_be_taken_up_by_hand(self) -> None:
        batch = upload(*rows(2))
        batches.check(batch.pk)
        ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.QUEUED, tries=3)
        batches.bring_in(batch.pk)
        batch.refresh_from_db()
        assert batch.state == Bs.FAILED
        assert "stopped 3 times" in batch.error
        assert batches.resume(batch) == Bs.QUEUED
        batches.bring_in(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.created) == (Bs.DONE, 2)

    def test_a_failure_in_the_middle_leaves_nothing_half_done(self, monkeypatch: Any) -> None:
        before = digest()
        batch = upload(*rows(3))
        batches.check(batch.pk)
        ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.QUEUED)

        def fails(*_args: Any, **_options: Any) -> None:
            raise RuntimeError("out of paper")

        monkeypatch.setattr(writing.Writer, "_claims", fails)
        batches.bring_in(batch.pk)
        batch.refresh_from_db()
        assert batch.state == Bs.FAILED
        assert "Nothing was brought in" in batch.error
        assert digest() == before
        assert set(outcomes(batch)) == {"new"}

    def test_a_database_that_is_away_for_a_moment_is_tried_again(self, monkeypatch: Any) -> None:
        batch = upload(row(1))
        batches.check(batch.pk)
        ImportBatch.objects.filter(pk=batch.pk).update(state=Bs.QUEUED)
        with monkeypatch.context() as patched:
            patched.setattr(
                writing.Writer, "_claims", lambda _self: (_ for _ in ()).throw(DatabaseError("gone"))
            )
            with pytest.raises(DatabaseError):
                batches.bring_in(batch.pk)
        batch.refresh_from_db()
        assert batch.state == Bs.QUEUED
        batches.bring_in(batch.pk)
        assert Account.objects.count() == 1


class TestUndo:
    def undo(self, batch: ImportBatch, user: User | None = None) -> ImportBatch:
        undo_batch(batch.pk, user.pk if user else None)
        batch.refresh_from_db()
        return batch

    def test_everything_it_added_goes(self) -> None:
        before = digest(history=False)
        batch = brought_in(
            *rows(3), row(4, claim_count=4, source_name="New paper"), row(5, date="", date_precision="")
        )
        assert digest(history=False) != before
        assert self.undo(batch).state == Bs.UNDONE
        assert digest(history=False) | {"Route": ""} == before | {"Route": ""}
        assert Account.history.filter(history_type="-").count() == 5

    def test_it_can_be_brought_in_again_afterwards(self) -> None:
        batch = self.undo(brought_in(*rows(2)))
        assert outcomes(brought_in(*rows(2))) == ["new", "new"]
        assert Account.objects.count() == 2
        assert batch.state == Bs.UNDONE

    def test_what_it_changed_is_as_before(self) -> None:
        brought_in(*rows(2), row(3, claim_count=3))
        before = digest(history=False)
        batch = brought_in(row(1, vehicles_total=10), row(2, source_lang="tr"), row(3, claim_count=5), row(4))
        assert outcomes(batch) == ["changed", "changed", "changed", "new"]
        self.undo(batch)
        assert digest(history=False) | {"Route": ""} == before | {"Route": ""}

    def test_patrols_with_other_accounts_stay_and_are_adopted_anew(self) -> None:
        brought_in(row(1))
        batch = brought_in(row(2, date="2020-01-01", vehicles_total=12))
        assert Patrol.objects.get().vehicles_high == 12
        self.undo(batch)
        patrol = Patrol.objects.get()
        assert (patrol.accounts_count, patrol.vehicles_high) == (1, 8)

    def test_reports_that_others_use_stay(self) -> None:
        batch = brought_in(row(1))
        brought_in(row(2, source_url="https://example.org/1"))
        self.undo(batch)
        assert Report.objects.count() == Account.objects.count() == 1

    def test_public_patrols_become_tombstones_in_the_log(self, reviewer: User) -> None:
        batch = brought_in(*rows(2), reviewed=True)
        assert self.undo(batch, reviewer).state == Bs.UNDONE
        assert set(Patrol.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
        assert Correction.objects.filter(kind="withdrawn").count() == 2
        assert public() == []

    def test_only_a_reviewer_takes_public_patrols_back(self, editor: User) -> None:
        batch = self.undo(brought_in(row(1), reviewed=True), editor)
        assert batch.state == Bs.DONE
        assert "Only a reviewer" in batch.error
        assert len(public()) == 1

    def test_later_work_of_editors_is_not_lost(self, editor: User) -> None:
        batch = brought_in(row(1))
        workflow.write_account(Account.objects.get(), {"vehicles": 11}, editor, "the page says eleven")
        before = digest()
        assert "was changed after this import" in self.undo(batch).error
        assert (batch.state, digest()) == (Bs.DONE, before)

    def test_a_later_import_has_to_be_undone_first(self) -> None:
        first = brought_in(row(1))
        second = brought_in(row(1, vehicles_total=10))
        assert "Undo the later import first" in self.undo(first).error
        self.undo(second)
        assert self.undo(first).state == Bs.UNDONE
        assert not Patrol.objects.exists()

    def test_a_pin_on_a_patrol_that_would_be_empty_is_not_lost(self, editor: User) -> None:
        batch = brought_in(row(1))
        workflow.pin(Patrol.objects.get(), "vehicles", 9, "counted on the pictures", editor)
        assert "pinned" in self.undo(batch).error
        assert Account.objects.count() == 1

    def test_placing_and_approving_do_not_stand_in_the_way(self, editor: User, reviewer: User) -> None:
        batch = brought_in(row(1), row(2, date="", date_precision="", sector=""), user=editor)
        patrol = Patrol.objects.get()
        workflow.attach(Account.objects.get(patrol=None), patrol, editor, "the same patrol")
        workflow.submit(patrol, editor)
        workflow.approve(patrol, reviewer)
        assert self.undo(batch, reviewer).state == Bs.UNDONE
        assert Patrol.objects.get().state == State.WITHDRAWN

    def test_only_what_was_brought_in_can_be_undone(self) -> None:
        batch = upload(row(1))
        batches.check(batch.pk)
        assert self.undo(batch).state == Bs.CHECKED
