"""What a file would do to the record, row by row, before anything is written.

A row is the same as an earlier one when report and row id are the same; without row ids, when the report says
the same, or has one account only that it can correct. A row that is new is matched to the patrols of the
record and of the file. Planning reads the database and writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from patrols.models import Account, Claim, ImportRow, Patrol, Report, State, new_uid, uid_from
from patrols.record import bulk
from patrols.record.apply import facts_of
from patrols.record.facts import Facts

from .canonical import url_key
from .directory import Directory
from .drafts import Draft, draft
from .match import Decision, Known, match_batch
from .tabular import Problem, Record, Table
from .values import parse

T = TypeVar("T")
Outcome = ImportRow.Outcome
Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "matching", "writing"), how much of it is done, and how much there is."""

RELATED = ("report__publisher", "speaker", "counter", "programme", "patrol")
CHUNK = 2000
"""Values in one query's list."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(slots=True)
class Item:
    """One row of the file and what is to become of it."""

    record: Record
    row: str = ""
    outcome: Outcome = Outcome.REJECTED
    problems: list[Problem] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    draft: Draft | None = None
    account: Account | None = None
    """New, or to be changed."""
    facts: Facts | None = None
    """What a new account says, as plain values."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Fields of an existing account and their new values."""
    claim: Claim | None = None
    claim_changes: dict[str, Any] = field(default_factory=dict)
    report_changes: dict[str, Any] = field(default_factory=dict)
    seed: str = ""
    """What its ids are made from."""
    patrol: str = ""
    """Id of the patrol that the account belongs to, or will found."""

    def reject(self, *problems: Problem) -> None:
        self.outcome = Outcome.REJECTED
        self.problems += problems
        self.draft = self.account = self.claim = None


@dataclass(slots=True)
class Plan:
    """Every row of a file with its outcome; the new things are made but not saved."""

    items: list[Item]
    directory: Directory
    reports: dict[str, Report]
    """By address: those in the record, and new ones."""
    patrols: dict[str, Patrol]
    """By id: patrols of the record that rows join or whose accounts they change."""

    def count(self, outcome: Outcome) -> int:
        return sum(item.outcome == outcome for item in self.items)

    def rejected(self) -> Iterator[tuple[int, str, list[dict[str, str]]]]:
        """Line, text and problems of the rejected rows, as `ImportRow` keeps them."""
        for item in self.items:
            if item.outcome == Outcome.REJECTED:
                yield item.record.line, item.record.raw, [asdict(problem) for problem in item.problems]

    @property
    def changes_nothing(self) -> bool:
        return all(item.outcome in (Outcome.UNCHANGED, Outcome.REJECTED) for item in self.items)


def make_plan(
    content: bytes,
    *,
    trusted: bool = False,
    retrieved_at: datetime | None = None,
    progress: Progress = silent,
) -> Plan:
    """The plan of a file. `trusted` is the project's own record, which may change what is reviewed."""
    return Planner(trusted=trusted, retrieved_at=retrieved_at, progress=progress).plan(Table(content))


class Planner:
    """One pass over a file; keeps what it has seen of the record and of the rows before."""

    def __init__(
        self,
        *,
        trusted: bool,
        retrieved_at: datetime | None,
        progress: Progress,
        directory: Directory | None = None,
    ) -> None:
        self._trusted, self._retrieved_at, self._progress = trusted, retrieved_at, progress
        self._now = timezone.now()
        self._directory = directory or Directory.load()
        self._reports: dict[str, Report] = {}
        self._by_row: dict[tuple[str, str], Account] = {}
        self._without_row: defaultdict[str, list[Account]] = defaultdict(list)
        self._claims: defaultdict[tuple[str, int, str], list[Claim]] = defaultdict(list)
        self._reviewed: set[str] = set()
        """Addresses of reports whose accounts are part of the public record."""
        self._seen: dict[tuple[str, str], Item] = {}
        self._patrols: dict[str, Patrol] = {}
        self._uids: dict[str, str] = {}

    def plan(self, table: Table) -> Plan:
        items = list(self._read(table))
        good = [item for item in items if item.draft]
        self._load_known(good)
        for item in good:
            self._identify(item)
        fresh = [item for item in good if item.outcome == Outcome.NEW and item.account is not None]
        self._place(fresh)
        return Plan(items, self._directory, self._reports, self._patrols)

    # Reading

    def _read(self, table: Table) -> Iterator[Item]:
        today = self._now.date()
        for done, record in enumerate(table):
            if done % 500 == 0:
                self._progress("reading", record.line, table.lines)
            item = Item(record, problems=list(record.problems))
            if record.cells:
                row, problems = parse(record.cells, today)
                item.row = row.text.get("row", "")
                item.problems += problems
                if not item.problems:
                    item.draft, problems = draft(record.line, row, self._directory)
                    item.problems += problems
            if item.draft and item.row:
                self._only_once(item, item.draft)
            yield item

    def _only_once(self, item: Item, made: Draft) -> None:
        """A row id stands for one row of its report; the same row again is left out, another is refused."""
        first = self._seen.setdefault((made.url, item.row), item)
        if first is item or first.draft is None:
            return
        if (first.draft.fingerprint, first.draft.claim) == (made.fingerprint, made.claim):
            item.outcome = Outcome.UNCHANGED
            item.reasons = [f"the same as line {first.record.line}"]
            item.draft = None
        else:
            text = (
                f"“{item.row}” stands on line {first.record.line} too, with other content. Give each its own."
            )
            item.reject(Problem("row", text))

    # What the record knows already

    def _load_known(self, items: Sequence[Item]) -> None:
        urls = list(dict.fromkeys(item.draft.url for item in items if item.draft))
        for chunk in chunks(urls):
            reports = (
                Report.objects.filter(url__in=chunk).select_related("publisher").defer("text", "signature")
            )
            self._reports |= {report.url: report for report in reports}
        known = {report.pk: report for report in self._reports.values()}
        for keys in chunks(list(known)):
            for account in (
                Account.objects.filter(report__in=keys).select_related(*RELATED[1:]).order_by("pk")
            ):
                account.report = known[account.report_id]
                if account.reviewed:
                    self._reviewed.add(account.report.url)
                if account.row:
                    self._by_row[account.report.url, account.row] = account
                else:
                    self._without_row[account.report.url].append(account)
            for claim in Claim.objects.filter(report__in=keys).order_by("pk"):
                self._claims[known[claim.report_id].url, claim.programme_id, claim.row].append(claim)
        self._free_uids(items, [url for url in urls if url not in self._reports])
        for item in items:
            if item.draft and item.draft.url not in self._reports:
                self._reports[item.draft.url] = self._new_report(item.draft)

    def _free_uids(self, items: Sequence[Item], urls: Sequence[str]) -> None:
        """Ids that the same rows get on every machine, unless the record has used one for something else."""
        times: defaultdict[tuple[str, str], int] = defaultdict(int)
        seeds: dict[type[Model], list[str]] = {
            Report: [f"report {url}" for url in urls],
            Account: [],
            Claim: [],
        }
        for item in items:
            made = item.draft
            assert made is not None
            key = (made.url, item.row or made.fingerprint)
            times[key] += 1
            item.seed = " ".join((*key, str(times[key])))
            if made.account is not None:
                seeds[Account].append(f"account {item.seed}")
            if made.claim is not None:
                seeds[Claim].append(f"claim {item.seed}")
        for model, wanted in seeds.items():
            uids = {seed: uid_from(seed) for seed in wanted}
            taken = taken_uids(model, list(uids.values()))
            self._uids |= {seed: new_uid() if uid in taken else uid for seed, uid in uids.items()}

    def _new_report(self, made: Draft) -> Report:
        report = bulk.new(
            Report,
            uid=self._uids[f"report {made.url}"],
            url=made.url,
            canonical_url=url_key(made.url),
            publisher=made.publisher,
            published=made.published,
            language=made.language,
            retrieved_at=self._retrieved_at,
        )
        # Saving sets it again; until then the rules need a day by which the report was there.
        report.created_at = self._now
        return report

    # Same, changed or new

    def _identify(self, item: Item) -> None:
        made = item.draft
        assert made is not None
        report = self._reports[made.url]
        outcome = Outcome.UNCHANGED
        if made.account is not None:
            existing = self._existing(made)
            if existing is None:
                item.account = bulk.new(
                    Account,
                    uid=self._uids[f"account {item.seed}"],
                    report=report,
                    row=made.row,
                    fingerprint=made.fingerprint,
                    **made.account,
                )
                outcome = Outcome.NEW
            elif existing.fingerprint != made.fingerprint:
                outcome = self._compare(item, existing, made)
        if item.outcome == Outcome.REJECTED and item.problems:
            return
        if made.claim is not None:
            outcome = self._claim(item, made, report, outcome)
        if item.problems:
            return
        self._complete(item, report, made, changed=outcome == Outcome.CHANGED)
        item.outcome = outcome
        if outcome == Outcome.CHANGED and not (
            item.changes or item.claim or item.claim_changes or item.report_changes
        ):
            item.outcome, item.account = Outcome.UNCHANGED, None

    def _existing(self, made: Draft) -> Account | None:
        """The account of an earlier import that this row repeats or corrects."""
        if made.row:
            return self._by_row.pop((made.url, made.row), None)
        same_report = self._without_row.get(made.url, [])
        mine = [account for account in same_report if account.programme_id == made.programme.pk]
        assert made.account is not None
        found = next((account for account in mine if account.fingerprint == made.fingerprint), None)
        if found is None:
            day = (made.account["date_start"], made.account["date_end"], made.account["number"])
            corrected = [a for a in mine if a.fingerprint and (a.date_start, a.date_end, a.number) == day]
            found = corrected[0] if len(corrected) == 1 else None
        if found is not None:
            same_report.remove(found)
        return found

    def _compare(self, item: Item, existing: Account, made: Draft) -> Outcome:
        assert made.account is not None
        if existing.programme_id != made.programme.pk:
            text = f"“{made.programme.code}” is another programme than the record has for this row, "
            item.reject(Problem("programme", f"{text}{existing.programme.code}. Give the row a new id."))
            return Outcome.REJECTED
        current = {name: existing.proposed.get(name, plain(existing, name)) for name in made.account}
        wanted = {name: plain_value(value) for name, value in made.account.items()}
        item.changes = {name: made.account[name] for name in wanted if current[name] != wanted[name]}
        item.account = existing
        if existing.patrol:
            item.patrol = existing.patrol.uid
            self._patrols[existing.patrol.uid] = existing.patrol
        item.reasons = [
            f"{name.replace('_', ' ')}: {_shown(current[name])} → {_shown(wanted[name])}"
            for name in item.changes
        ]
        return Outcome.CHANGED

    def _claim(self, item: Item, made: Draft, report: Report, outcome: Outcome) -> Outcome:
        assert made.claim is not None
        known = self._claims.get((made.url, made.programme.pk, made.row), [])
        if not made.row:
            known = [claim for claim in known if claim.count == made.claim["count"]]
        if not known:
            item.claim = Claim(
                uid=self._uids[f"claim {item.seed}"],
                report=report,
                programme=made.programme,
                row=made.row,
                **made.claim,
            )
            return Outcome.CLAIM if made.account is None else max(outcome, Outcome.CHANGED, key=_rank)
        claim = known[0]
        wanted = {name: plain_value(value) for name, value in made.claim.items()}
        changes = {name: made.claim[name] for name in wanted if plain(claim, name) != wanted[name]}
        if not changes:
            return outcome
        if claim.reviewed and not self._trusted:
            text = f"This row's claim of {claim.count} patrols is reviewed. Change it in the admin."
            item.reject(Problem("claim_count", text))
            return Outcome.REJECTED
        item.claim, item.claim_changes = claim, changes
        item.reasons += [
            f"claim: {name.replace('_', ' ')}: {_shown(plain(claim, name))} → {_shown(wanted[name])}"
            for name in changes
        ]
        return max(outcome, Outcome.CHANGED, key=_rank)

    def _complete(self, item: Item, report: Report, made: Draft, *, changed: bool) -> None:
        """What the row says of its report fills gaps of the record; it changes more only where the row did.

        A report that the public record rests on changes through its reviewers, or by the trusted file.
        """
        wanted = {"publisher": made.publisher, "published": made.published, "language": made.language}
        for name, value in wanted.items():
            current = getattr(report, name)
            if not value or value == current:
                continue
            if report.pk is None:
                if not current:
                    setattr(report, name, value)
            elif (self._trusted or made.url not in self._reviewed) and (not current or changed):
                item.report_changes[name] = value
            if current and name not in item.report_changes:
                item.reasons.append(f"its report stands with {name} {current}, not {value}")

    # Which patrol

    def _place(self, fresh: Sequence[Item]) -> None:
        """Match new accounts to the patrols of the record and to each other."""
        if not fresh:
            return
        self._progress("matching", 0, len(fresh))
        seeds, accounts = dict[str, str](), list[Facts]()
        for item in fresh:
            assert item.account is not None
            seeds[item.account.uid] = item.seed
            item.facts = facts_of(item.account)
            accounts.append(item.facts)
        known, taken = self._known_patrols({account.programme for account in accounts})
        founded = dict[str, str]()

        def found(facts: Facts) -> str:
            uid = uid_from(f"patrol {seeds[facts.key]}")
            founded[uid] = uid
            return uid

        decisions = match_batch(accounts, known, found, self._directory.distances)
        founded |= {uid: new_uid() for uid in taken_uids(Patrol, list(founded))}
        for item, decision in zip(fresh, decisions, strict=True):
            uid = decision.patrol or ""
            self._follow(item, decision, founded.get(uid, uid), taken)
        self._progress("matching", len(fresh), len(fresh))

    def _known_patrols(self, programmes: Iterable[str]) -> tuple[list[Known], set[tuple[str, str]]]:
        """The record's patrols of some programmes with their accounts, and which report speaks of which."""
        accounts = Account.objects.filter(
            programme__slug__in=list(programmes), patrol__isnull=False, patrol__merged_into__isnull=True
        )
        facts: defaultdict[str, list[Facts]] = defaultdict(list)
        taken = set[tuple[str, str]]()
        related = accounts.select_related(*RELATED).defer(
            "report__text", "report__signature", "patrol__adoption"
        )
        for account in related.iterator(CHUNK):
            assert account.patrol is not None
            uid = account.patrol.uid
            self._patrols.setdefault(uid, account.patrol)
            facts[uid].append(facts_of(account))
            taken.add((account.report.uid, uid))
        return [Known(uid, tuple(each)) for uid, each in facts.items()], taken

    def _follow(self, item: Item, decision: Decision, uid: str, taken: set[tuple[str, str]]) -> None:
        assert item.account is not None
        notes, item.reasons = item.reasons, []
        best = decision.candidates[0] if decision.candidates else None
        patrol = self._patrols.get(uid)
        pair = (item.account.report.uid, uid)
        if decision.kind == "attach" and patrol is not None and patrol.state == State.WITHDRAWN:
            uid, item.reasons = "", [f"fits {uid}, which is withdrawn"]
        elif uid and pair in taken:
            uid, item.reasons = "", [f"its report has an account of {uid} already"]
        elif decision.kind == "attach" and best:
            item.reasons = [reason.text for reason in best.reasons]
        elif decision.kind == "new":
            item.reasons = ["no patrol of the record fits"]
        else:
            item.reasons = [
                f"{candidate.patrol}: {', '.join(reason.text for reason in candidate.reasons)}"
                for candidate in decision.candidates
            ] or ["neither date nor number nor place to tell its patrol by"]
        item.reasons += notes
        item.patrol = uid
        if not uid:
            item.outcome = Outcome.WAITING
            return
        taken.add(pair)
        item.outcome = Outcome.NEW if decision.kind == "new" else Outcome.MATCHED


def taken_uids(model: type[Model], uids: Sequence[str]) -> set[str]:
    """Those of some ids that the table has already."""
    rows = model._default_manager
    return {uid for part in chunks(uids) for uid in rows.filter(uid__in=part).values_list("uid", flat=True)}


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def plain(instance: Model, name: str) -> Any:
    """A stored field as JSON, in the form of `plain_value`."""
    field_ = instance._meta.get_field(name)
    return plain_value(getattr(instance, field_.attname))  # type: ignore[union-attr]


def plain_value(value: Any) -> Any:
    """A field's value as JSON: dates as ISO text, related rows by key."""
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value


def _rank(outcome: Outcome) -> int:
    return (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.NEW).index(outcome)


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if 0 < len(text) <= 60 else f"{text[:60]}…" if text else "–"
