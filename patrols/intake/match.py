"""Which patrol an account belongs to.

Only a day or a number in the same count attaches an account by itself; places, incidents and publication
dates confirm or deny. What is left open waits for an editor, with the candidates ranked and the reasons in
words. Pure functions over plain values: the same accounts give the same patrols in whatever order they come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Literal

from patrols.intake.distances import Distances
from patrols.intake.evidence import (
    MISDATED_DAYS,
    PUBLISHED_WITHIN,
    SLIP_DAYS,
    Evidence,
    Profile,
    Reason,
    weigh,
)
from patrols.record.facts import UNSTATED, Facts

__all__ = ["Candidate", "Decision", "Index", "Known", "Reason", "match", "match_batch"]

ENOUGH = 3.5
"""The score from which a match attaches: a day or a number, and nothing against it that weighs."""

CLEAR = 1.5
"""How far the best candidate must lead for the choice to count as unambiguous."""

SHOWN = 5
"""Candidates put before an editor."""

LISTED = 60
"""Patrols compared with an account that gives neither a day nor a number."""

VAGUE = 5
"""The `date_precision` (a year or longer) that is too vague to found a patrol on."""

NO_DISTANCES = Distances()


@dataclass(frozen=True, slots=True)
class Known:
    """A patrol and its accounts so far."""

    id: str
    accounts: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patrol that an account may belong to; a negative reason speaks against it."""

    patrol: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an account.

    `attach`: it belongs to `patrol`, for the reasons of the first candidate. `new`: it founds a patrol
    (`patrol` is None from `match`, the new id from `match_batch`); candidates are only hints of what an
    editor might compare. `wait`: an editor chooses among the candidates, best first.
    """

    account: str
    kind: Literal["attach", "new", "wait"]
    patrol: str | None
    candidates: tuple[Candidate, ...] = ()


class Index:
    """The patrols of the record, found by programme and day, number, month or place.

    `distances` knows how far the gazetteer's places are apart; a place that it does not know neither
    confirms nor contradicts by distance.
    """

    def __init__(self, known: Iterable[Known] = (), distances: Distances = NO_DISTANCES) -> None:
        self.distances = distances
        self.profiles: dict[str, Profile] = {}
        self.placed: dict[str, str] = {}
        """Account key to the patrol it is already in."""
        self._by_day: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self._by_month: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)
        self._by_span_month: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)
        self._by_number: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self._by_place: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for patrol in known:
            for account in patrol.accounts:
                self.add(patrol.id, account)

    def add(self, patrol: str, account: Facts) -> None:
        """Put an account into a patrol, known or new."""
        profile = self.profiles.setdefault(patrol, Profile())
        profile.add(account)
        self.placed[account.key] = patrol
        programme, when = account.programme, account.when
        if when is not None:
            for month in _months(when.start, when.end):
                self._by_month[programme, *month].add(patrol)
                if when.start != when.end:
                    self._by_span_month[programme, *month].add(patrol)
            if when.start == when.end:
                self._by_day[programme, when.start.toordinal()].add(patrol)
        if account.number is not None:
            self._by_number[programme, account.number].add(patrol)
        for place in (*account.areas, *(stop.place for stop in account.stops if stop.place)):
            self._by_place[programme, place].add(patrol)

    def near(self, account: Facts) -> set[str]:
        """Ids of the patrols worth comparing with an account."""
        programme, when, found = account.programme, account.when, set[str]()
        if account.number is not None:
            found |= self._by_number.get((programme, account.number), set())
        if when is None:
            if account.published is not None:
                found |= self._on_days(programme, account.published, back=PUBLISHED_WITHIN)
            if account.number is None:
                found |= self._at_places(account)
        elif when.start == when.end:
            found |= self._on_days(programme, when.start, back=SLIP_DAYS)
            found |= self._by_span_month.get((programme, when.start.year, when.start.month), set())
        elif when.precision < VAGUE:
            for month in _months(when.start, when.end):
                found |= self._by_month.get((programme, *month), set())
        elif account.number is None:
            found |= self._at_places(account)
        return found

    def _on_days(self, programme: str, day: date, back: int) -> set[str]:
        """Patrols of the days from `back` days before to one day's slip after."""
        found = set[str]()
        for ordinal in range(day.toordinal() - back, day.toordinal() + SLIP_DAYS + 1):
            found |= self._by_day.get((programme, ordinal), set())
        return found

    def _at_places(self, account: Facts) -> set[str]:
        """Patrols at the account's rarest place, the ones shortly before its report first."""
        stops = [stop.place for stop in account.stops if stop.place]
        lists = [self._by_place.get((account.programme, place), set()) for place in stops or account.areas]
        found = min((ids for ids in lists if ids), key=len, default=set[str]())
        if len(found) <= LISTED:
            return found
        published = account.published or date.max

        def distance(patrol: str) -> tuple[int, str]:
            days = self.profiles[patrol].days
            return (min((abs((published - day).days) for day in days), default=10**7), patrol)

        return set(nsmallest(LISTED, found, key=distance))


@dataclass(frozen=True, slots=True)
class _Compared:
    score: float
    patrol: str
    evidence: Evidence


def match(account: Facts, index: Index) -> Decision:
    """Attach the account to the one patrol it can only be of, let it found a patrol, or let it wait.

    The index is not changed: whoever acts on the decision adds the account to it.
    """
    if account.key in index.placed:
        patrol = index.placed[account.key]
        known = Candidate(patrol, 10.0, (Reason("known", "already an account of this patrol", 10.0),))
        return Decision(account.key, "attach", patrol, (known,))
    profile = Profile().add(account)
    standings: dict[str, list[_Compared]] = {"fits": [], "doubt": [], "hint": []}
    for patrol in index.near(account):
        evidence = weigh(profile, index.profiles[patrol], index.distances)
        standing = _standing(account, evidence)
        if standing is not None:
            standings[standing].append(_Compared(evidence.score, patrol, evidence))
    fitting, doubtful, hints = (sorted(group, key=_best_first) for group in standings.values())
    if fitting and _unambiguous(fitting, index):
        return Decision(account.key, "attach", fitting[0].patrol, _candidates(fitting + doubtful))
    if fitting or doubtful:
        ranked = sorted(fitting + doubtful, key=_best_first)
        return Decision(account.key, "wait", None, _candidates(ranked))
    return Decision(account.key, "new" if _can_found(account) else "wait", None, _candidates(hints))


def match_batch(
    accounts: Iterable[Facts],
    known: Iterable[Known],
    new_id: Callable[[Facts], str],
    distances: Distances = NO_DISTANCES,
) -> list[Decision]:
    """Match many accounts at once; decisions come in the order of the accounts, which does not affect them.

    The sharpest accounts go first, so that vague ones find every patrol they might belong to. What has to
    wait is looked at again until nothing more falls into place.
    """
    index = Index(known, distances)
    given = list(accounts)
    decisions: dict[str, Decision] = {}
    attested = Counter(map(_day_and_number, given))
    open_accounts = sorted(given, key=lambda account: _sharpest_first(account, attested))
    while open_accounts:
        waiting = []
        for account in open_accounts:
            decision = match(account, index)
            if decision.kind == "new":
                decision = Decision(account.key, "new", new_id(account), decision.candidates)
            decisions[account.key] = decision
            if decision.patrol is None:
                waiting.append(account)
            elif account.key not in index.placed:
                index.add(decision.patrol, account)
        if len(waiting) == len(open_accounts):
            break
        open_accounts = waiting
    return [decisions[account.key] for account in given]


def _standing(account: Facts, evidence: Evidence) -> Literal["fits", "doubt", "hint"] | None:
    """Whether a patrol can take the account by itself, is for an editor to judge, a mere hint, or out."""
    if _ruled_out(evidence):
        return None
    if _fits(evidence):
        return "fits"
    if _in_doubt(account, evidence):
        return "doubt"
    return "hint" if evidence.score > 0 else None


def _ruled_out(evidence: Evidence) -> bool:
    """Facts that cannot be of one patrol, however sources err."""
    same_number, same_day = evidence.number == "same", evidence.date in ("same", "minor")
    if evidence.date == "apart" and not same_number:
        return True
    if evidence.number == "conflict" and (not same_day or evidence.place == "apart"):
        return True
    if evidence.place == "apart" and not same_number:
        return True
    return evidence.same_report and not (same_day or same_number)


def _fits(evidence: Evidence) -> bool:
    if evidence.same_report or evidence.date == "apart" or evidence.number == "conflict":
        return False
    if evidence.place == "apart" and not (evidence.date == "same" and evidence.number == "same"):
        return False
    anchored = (
        evidence.date in ("same", "minor")
        or evidence.number == "same"
        or (evidence.number == "unstated" and evidence.date != "near" and evidence.shared_stops > 0)
        or (evidence.date == "overlap" and evidence.span_precision <= 2 and evidence.place == "shared")
    )
    return anchored and evidence.score >= ENOUGH


def _in_doubt(account: Facts, evidence: Evidence) -> bool:
    """Whether an editor should judge before the account may found a patrol of its own.

    An account with a day or a number of a stated count founds one unless much speaks for a patrol it does
    not quite fit; a vague account waits for whatever it overlaps.
    """
    if evidence.number == "same":
        return evidence.date != "apart" or evidence.gap <= MISDATED_DAYS
    if evidence.date in ("same", "minor"):
        return True
    if evidence.number in ("loose", "unstated") and evidence.date != "near":
        # A number whose count is stated is an identity of its own; a bare one is only a question.
        return account.counter in ("", UNSTATED) or evidence.shared_stops > 0
    if evidence.date == "near":
        return evidence.shared_stops >= 2 or (evidence.incident and evidence.place == "shared")
    if account.when is not None and account.when.start == account.when.end:
        return False
    if account.when is not None:
        return evidence.date == "overlap"
    if evidence.published_soon:
        return evidence.place == "shared" or not account.stops
    return account.number is None and evidence.place == "shared"


def _unambiguous(fitting: list[_Compared], index: Index) -> bool:
    """Whether the best candidate leads clearly, or its rivals are plainly the same patrol entered twice."""
    best = fitting[0]
    rivals = [other for other in fitting[1:] if best.score - other.score < CLEAR]
    return all(_entered_twice(best, rival, index) for rival in rivals)


def _entered_twice(one: _Compared, other: _Compared, index: Index) -> bool:
    """Whether two candidates are one patrol: nothing tells them apart, and a number ties them together.

    Happens when accounts come one by one: an undated number and an unnumbered day each founded a patrol
    before the account came that gives both.
    """
    evidence = weigh(index.profiles[one.patrol], index.profiles[other.patrol], index.distances)
    if _ruled_out(evidence) or evidence.same_report or evidence.date in ("apart", "near"):
        return False
    bridged = {one.evidence.number, other.evidence.number} == {"same", "silent"}
    return evidence.number == "same" or (bridged and evidence.date == "silent")


def _best_first(compared: _Compared) -> tuple[float, str]:
    return -compared.score, compared.patrol


def _candidates(ranked: list[_Compared]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            patrol=each.patrol,
            score=round(each.score, 2),
            reasons=tuple(sorted(each.evidence.reasons, key=lambda reason: -reason.weight)),
        )
        for each in ranked[:SHOWN]
    )


def _can_found(account: Facts) -> bool:
    """A date (better than a year), a number or a place is enough for an editor to recognise a patrol by."""
    dated = account.when is not None and account.when.precision < VAGUE
    return bool(dated or account.number is not None or account.stops or account.areas or account.sector)


def _day_and_number(account: Facts) -> tuple[object, ...]:
    return account.programme, account.when, account.counter, account.number


def _sharpest_first(account: Facts, attested: Mapping[tuple[object, ...], int]) -> tuple[object, ...]:
    """Canonical order of a batch: day and number, day and place, day, number, span, place, and nothing.

    What most accounts say goes before a dissenting day, so that the dissenter meets the others' patrol.
    """
    when, number, counter = account.when, account.number, account.counter
    counted = number is not None and counter not in ("", UNSTATED)
    placed = bool(account.stops or account.areas)
    if when is not None and when.start == when.end:
        tier = 0 if counted else 1 if placed else 2
    elif counted:
        tier = 3 if when is not None else 4
    elif number is not None:
        tier = 5
    else:
        tier = 6 + (when.precision if when is not None else VAGUE + (1 if placed else 2))
    start = when.start if when is not None else date.max
    unsure = when is None or not when.stated
    dissent = -attested[_day_and_number(account)] if tier == 0 else 0
    return tier, dissent, account.programme, start, unsure, counter, number or 0, account.key


def _months(start: date, end: date) -> Iterator[tuple[int, int]]:
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
