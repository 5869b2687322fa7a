"""Which patrol an account belongs to: the rules, the known traps, and what must hold for any accounts."""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrols.intake.distances import Distances, Place, Point
from patrols.intake.evidence import directions
from patrols.intake.match import Decision, Index, Known, match, match_batch
from patrols.record.facts import UNSTATED, Facts, StopFact, When

TOWNS = Distances(
    [
        Place("aleppo-province", "", None),
        Place("hasakah-province", "", None),
        Place("kobani", "aleppo-province", Point(36.89, 38.35)),
        Place("darbasiyah", "hasakah-province", Point(37.07, 40.65)),
        Place("qamishli", "hasakah-province", Point(37.05, 41.22)),
        Place("ras-al-ayn", "hasakah-province", Point(36.85, 40.07)),
        Place("village-a", "hasakah-province", None),
    ]
)


def on(text: str, stated: bool = True) -> When:
    day = date.fromisoformat(text)
    return When(day, day, 1, stated)


def in_month(year: int, month: int) -> When:
    return When(date(year, month, 1), date(year, month, monthrange(year, month)[1]), 4)


def stops(*slugs: str) -> tuple[StopFact, ...]:
    return tuple(StopFact(slug.title(), slug, "via") for slug in slugs)


def account(key: str = "new", **facts: object) -> Facts:
    return Facts(**{"key": key, "programme": "north", "report": f"https://example.org/{key}", **facts})  # type: ignore[arg-type]


def record(**patrols: Facts | tuple[Facts, ...]) -> Index:
    known = (
        Known(id, accounts if isinstance(accounts, tuple) else (accounts,))
        for id, accounts in patrols.items()
    )
    return Index(known, TOWNS)


def batch(accounts: Iterable[Facts], known: Iterable[Known] = ()) -> list[Decision]:
    return match_batch(accounts, known, lambda facts: f"p-{facts.key}", TOWNS)


def clusters(decisions: Iterable[Decision]) -> set[frozenset[str]]:
    patrols: dict[str, set[str]] = {}
    for decision in decisions:
        patrols.setdefault(decision.patrol or f"waits-{decision.account}", set()).add(decision.account)
    return {frozenset(keys) for keys in patrols.values()}


def texts(decision: Decision) -> list[str]:
    return [reason.text for reason in decision.candidates[0].reasons]


class TestAttach:
    def test_the_same_day_is_enough_when_only_one_patrol_has_it(self) -> None:
        index = record(a=account("a", when=on("2019-12-03")), b=account("b", when=on("2019-12-07")))
        decision = match(account(when=on("2019-12-03")), index)
        assert (decision.kind, decision.patrol) == ("attach", "a")
        assert texts(decision) == ["same day, 3 December 2019"]

    def test_a_number_in_the_same_count_places_an_undated_account(self) -> None:
        index = record(a=account("a", when=on("2019-12-03"), number=13, counter="overall"))
        decision = match(account(number=13, counter="overall"), index)
        assert (decision.kind, decision.patrol) == ("attach", "a")
        assert texts(decision) == ["number 13 in the overall count"]

    def test_a_month_confirms_a_number(self) -> None:
        index = record(
            a=account("a", when=on("2021-08-31"), number=69, counter="kobani", areas=("kobani",)),
            b=account("b", when=on("2021-08-23"), areas=("kobani",)),
        )
        decision = match(account(when=in_month(2021, 8), number=69, counter="kobani"), index)
        assert (decision.kind, decision.patrol) == ("attach", "a")

    def test_reasons_name_shared_stops_in_the_accounts_own_spelling(self) -> None:
        index = record(a=account("a", when=on("2020-07-02"), stops=stops("darbasiyah", "amuda")))
        route = (StopFact("الدرباسية", "darbasiyah"), StopFact("Amûdê", "amuda"))
        decision = match(account(when=on("2020-07-02"), stops=route), index)
        assert "route shares Amûdê and الدرباسية" in texts(decision)

    def test_unresolved_spellings_match_without_case_and_accents(self) -> None:
        index = record(a=account("a", when=on("2020-01-02"), stops=(StopFact("Çariqliya Jor"),)))
        decision = match(account(when=on("2020-01-02"), stops=(StopFact("cariqliya jor"),)), index)
        assert "route shares cariqliya jor" in texts(decision)

    def test_an_account_already_in_the_record_goes_where_it_is(self) -> None:
        known = account("a", when=on("2019-12-03"))
        decision = match(known, record(patrol=known))
        assert (decision.kind, decision.patrol) == ("attach", "patrol")


class TestTraps:
    def test_a_newspaper_dates_a_numbered_patrol_a_day_late(self) -> None:
        index = record(a=account("a", when=on("2019-11-23"), number=10, counter="overall"))
        decision = match(account(when=on("2019-11-24"), number=10, counter="overall"), index)
        assert (decision.kind, decision.patrol) == ("attach", "a")
        assert "dates one day apart" in texts(decision)

    def test_two_monitors_a_day_apart_on_one_route_without_numbers_wait(self) -> None:
        route = stops("ashma", "jarqali", "boban")
        index = record(a=account("a", when=on("2021-08-15"), areas=("kobani",), stops=route))
        decision = match(account(when=on("2021-08-16"), areas=("kobani",), stops=route), index)
        assert (decision.kind, decision.candidates[0].patrol) == ("wait", "a")

    def test_neighbouring_days_with_nothing_in_common_are_two_patrols(self) -> None:
        index = record(a=account("a", when=on("2019-11-11"), areas=("darbasiyah",)))
        assert match(account(when=on("2019-11-12"), areas=("kobani",)), index).kind == "new"

    def test_two_sectors_share_a_day(self) -> None:
        index = record(a=account("a", when=on("2022-09-05"), areas=("kobani",)))
        assert match(account(when=on("2022-09-05"), areas=("darbasiyah",)), index).kind == "new"

    def test_a_province_holds_its_own_towns_only(self) -> None:
        index = record(a=account("a", when=on("2021-08-12"), areas=("kobani",)))
        inside = match(account(when=on("2021-08-12"), areas=("aleppo-province",)), index)
        outside = match(account(when=on("2021-08-12"), areas=("hasakah-province",)), index)
        assert (inside.kind, outside.kind) == ("attach", "new")

    def test_an_unlocated_village_lies_in_its_province(self) -> None:
        index = record(a=account("a", when=on("2021-08-12"), areas=("kobani",)))
        assert match(account(when=on("2021-08-12"), stops=stops("village-a")), index).kind == "new"

    def test_west_and_east_of_one_town_are_different_sectors(self) -> None:
        west = account("a", when=on("2022-03-07"), sector="Kobani (west)", areas=("kobani",))
        east = account(when=on("2022-03-07"), sector="east of Kobanê", areas=("kobani",))
        plain = account(when=on("2022-03-07"), sector="Kobani", areas=("kobani",))
        assert match(east, record(a=west)).kind == "new"
        assert match(plain, record(a=west)).kind == "attach"

    def test_routes_without_a_common_stop_are_different_patrols(self) -> None:
        west = account("a", when=on("2022-03-07"), areas=("kobani",), stops=stops("ashma", "boban", "siftek"))
        east = account(when=on("2022-03-07"), areas=("kobani",), stops=stops("gharib", "kosk", "alishar"))
        assert match(east, record(a=west)).kind == "new"

    def test_a_placeless_account_waits_where_two_patrols_share_the_day(self) -> None:
        index = record(
            a=account("a", when=on("2022-09-05"), areas=("kobani",)),
            b=account("b", when=on("2022-09-05"), areas=("darbasiyah",)),
        )
        decision = match(account(when=on("2022-09-05")), index)
        assert decision.kind == "wait"
        assert {candidate.patrol for candidate in decision.candidates} == {"a", "b"}

    def test_another_counts_number_is_no_contradiction(self) -> None:
        index = record(a=account("a", when=on("2022-04-11"), number=95, counter="kobani"))
        decision = match(account(when=on("2022-04-11"), number=240, counter="overall"), index)
        assert (decision.kind, decision.patrol) == ("attach", "a")

    def test_the_same_number_in_two_counts_means_two_patrols(self) -> None:
        index = record(
            a=account("a", when=on("2020-07-22"), number=22, counter="tr"),
            b=account("b", when=on("2020-08-13"), number=22, counter="ru"),
        )
        assert match(account(number=22, counter="tr"), index).patrol == "a"
        assert match(account(number=22, counter="ru"), index).patrol == "b"

    def test_a_number_of_a_count_not_stated_waits(self) -> None:
        index = record(a=account("a", when=on("2020-07-22"), number=22, counter="tr", stops=stops("x")))
        decision = match(account(number=22, counter=UNSTATED, stops=stops("x")), index)
        assert (decision.kind, decision.candidates[0].patrol) == ("wait", "a")

    def test_a_number_credited_to_the_wrong_count_does_not_outweigh_the_day(self) -> None:
        index = record(
            a=(
                account("a", when=on("2020-08-25"), number=23, counter="ru", areas=("m4",)),
                account("b", when=on("2020-08-25"), number=26, counter="tr", areas=("m4",)),
            )
        )
        decision = match(
            account(when=on("2020-08-25"), number=26, counter="ru", areas=("m4",), incident="casualty"), index
        )
        assert (decision.kind, decision.patrol) == ("attach", "a")

    def test_two_numbers_of_one_count_on_one_day_wait(self) -> None:
        index = record(a=account("a", when=on("2018-07-17"), number=15, counter="independent"))
        decision = match(account(when=on("2018-07-17"), number=16, counter="independent"), index)
        assert decision.kind == "wait"
        assert "number 16 in the independent count, where the patrol has 15" in texts(decision)

    def test_day_and_number_outrank_a_wrong_place(self) -> None:
        index = record(
            a=account("a", when=on("2019-11-20"), number=9, counter="overall", areas=("darbasiyah",))
        )
        decision = match(
            account(when=on("2019-11-20"), number=9, counter="overall", areas=("kobani",)), index
        )
        assert (decision.kind, decision.patrol) == ("attach", "a")
        assert "Kobani and Darbasiyah lie 205 km apart" in texts(decision)

    def test_a_number_alone_does_not_outrank_a_wrong_place(self) -> None:
        index = record(a=account("a", when=on("2019-11-12"), number=5, counter="overall", areas=("kobani",)))
        decision = match(account(number=5, counter="overall", areas=("ras-al-ayn",)), index)
        assert (decision.kind, decision.candidates[0].patrol) == ("wait", "a")

    def test_the_day_outranks_a_bare_number(self) -> None:
        index = record(
            a=account("a", when=on("2020-08-12"), number=24, counter="tr"),
            b=account("b", when=on("2020-08-17"), number=25, counter="tr"),
        )
        decision = match(account(when=on("2020-08-17"), number=24, counter=UNSTATED), index)
        assert (decision.kind, decision.patrol) == ("attach", "b")

    def test_a_number_used_again_a_few_days_later_waits(self) -> None:
        index = record(a=account("a", when=on("2018-10-11"), number=32, counter="overall"))
        assert match(account(when=on("2018-10-14"), number=32, counter="overall"), index).kind == "wait"

    def test_a_number_used_again_years_later_is_another_patrol(self) -> None:
        index = record(a=account("a", when=on("2018-10-11"), number=32, counter="overall"))
        assert match(account(when=on("2021-05-04"), number=32, counter="overall"), index).kind == "new"

    def test_a_report_published_before_the_patrol_speaks_against_it(self) -> None:
        index = record(
            a=account("a", when=on("2019-11-16"), number=7, counter="overall", areas=("qamishli",))
        )
        early = account(number=7, counter="overall", published=date(2019, 11, 12))
        announced = account(number=7, counter="overall", published=date(2019, 11, 12), status="announced")
        assert match(early, index).kind == "wait"
        assert match(announced, index).kind == "attach"

    def test_cancelled_and_completed_on_one_day_are_one_contested_patrol(self) -> None:
        index = record(a=account("a", when=on("2020-02-06"), status="cancelled", areas=("darbasiyah",)))
        decision = match(account(when=on("2020-02-06"), status="completed", areas=("darbasiyah",)), index)
        assert decision.kind == "attach"

    def test_two_accounts_of_one_report_tell_of_two_patrols(self) -> None:
        review = "https://example.org/review"
        index = record(a=account("a", when=on("2021-05-10"), report=review))
        assert match(account(when=on("2021-05-17"), report=review), index).kind == "new"
        again = match(account(when=on("2021-05-10"), report=review), index)
        assert again.kind == "wait"
        assert "the same report already tells of this patrol" in texts(again)

    def test_the_patrols_day_is_the_one_that_most_of_its_accounts_give(self) -> None:
        index = record(
            a=(
                account("a", when=on("2019-11-23"), number=10, counter="overall", weight=3),
                account("b", when=on("2019-11-24"), number=10, counter="overall"),
            )
        )
        assert match(account(when=on("2019-11-23")), index).kind == "attach"
        assert match(account(when=on("2019-11-24")), index).kind == "wait"


class TestVague:
    def test_a_month_alone_never_attaches(self) -> None:
        index = record(a=account("a", when=on("2019-12-03"), areas=("kobani",), stops=stops("x", "y")))
        decision = match(account(when=in_month(2019, 12), areas=("kobani",), stops=stops("x", "y")), index)
        assert (decision.kind, decision.candidates[0].patrol) == ("wait", "a")

    def test_a_month_without_a_candidate_founds_a_patrol(self) -> None:
        index = record(a=account("a", when=on("2019-12-03")))
        assert match(account(when=in_month(2024, 10)), index).kind == "new"

    def test_a_month_in_a_vague_patrol_does_not_hold_up_a_dated_account(self) -> None:
        index = record(a=account("a", when=in_month(2021, 4), number=50, counter="kobani"))
        decision = match(account(when=on("2021-04-12")), index)
        assert decision.kind == "new"
        assert [candidate.patrol for candidate in decision.candidates] == ["a"]

    def test_a_few_days_and_a_place_are_enough(self) -> None:
        index = record(a=account("a", when=on("2020-10-04"), areas=("kobani",), stops=stops("x")))
        span = When(date(2020, 10, 3), date(2020, 10, 5), 2)
        assert match(account(when=span, areas=("kobani",), stops=stops("x")), index).kind == "attach"
        assert match(account(when=span), index).kind == "wait"

    def test_an_undated_report_waits_for_a_patrol_shortly_before_it(self) -> None:
        index = record(a=account("a", when=on("2021-12-06"), areas=("qamishli",)))
        decision = match(account(areas=("qamishli",), published=date(2021, 12, 7)), index)
        assert decision.kind == "wait"
        assert "published on 7 December 2021, within days of it" in texts(decision)

    @pytest.mark.parametrize(
        "facts",
        [
            {"when": on("2020-01-01")},
            {"when": in_month(2020, 1)},
            {"number": 4, "counter": "overall"},
            {"number": 4, "counter": UNSTATED},
            {"stops": stops("kobani")},
            {"sector": "Tal Abyad"},
        ],
    )
    def test_a_date_a_number_or_a_place_founds_a_patrol(self, facts: dict[str, object]) -> None:
        assert match(account(**facts), Index()).kind == "new"

    @pytest.mark.parametrize("facts", [{}, {"when": When(date(2020, 1, 1), date(2020, 12, 31), 5)}])
    def test_nothing_to_recognise_a_patrol_by_waits(self, facts: dict[str, object]) -> None:
        assert match(account(**facts), Index()) == Decision("new", "wait", None)


class TestBatch:
    def test_vague_accounts_find_patrols_that_sharp_ones_found(self) -> None:
        decisions = batch(
            [
                account("vague", number=1, counter="overall"),
                account("undated-place", number=1, counter="overall", areas=("darbasiyah",)),
                account("day", when=on("2019-11-01"), areas=("darbasiyah",)),
                account("both", when=on("2019-11-01"), number=1, counter="overall"),
            ]
        )
        assert len(clusters(decisions)) == 1

    def test_what_most_accounts_say_stands_against_two_dissenting_days(self) -> None:
        decisions = batch(
            account(f"{day}-{n}", when=on(day), number=10, counter="overall")
            for day, times in (("2019-11-22", 1), ("2019-11-23", 3), ("2019-11-24", 1))
            for n in range(times)
        )
        assert len(clusters(decisions)) == 1

    def test_one_by_one_a_bridging_account_joins_the_dated_patrol(self) -> None:
        index = record(
            undated=account("a", number=1, counter="overall"), dated=account("b", when=on("2019-11-01"))
        )
        decision = match(account(when=on("2019-11-01"), number=1, counter="overall"), index)
        assert decision.kind == "attach"
        assert {candidate.patrol for candidate in decision.candidates} == {"undated", "dated"}

    def test_decisions_come_in_the_order_of_the_accounts(self) -> None:
        given_accounts = [account("z"), account("a", when=on("2019-11-01")), account("m", number=3)]
        assert [decision.account for decision in batch(given_accounts)] == ["z", "a", "m"]

    def test_a_new_patrol_carries_the_id_it_was_given(self) -> None:
        [decision] = batch([account("a", when=on("2019-11-01"))])
        assert (decision.kind, decision.patrol) == ("new", "p-a")


@pytest.mark.parametrize(
    ("sector", "ways"),
    [
        ("Kobani (west)", {"west"}),
        ("Kobani'nin batısı", {"west"}),
        ("восточнее Кобани", {"east"}),
        ("غرب عين العرب", {"west"}),
        ("Peace Spring area (west and east)", set()),
        ("eastern Aleppo", set()),
        ("south and south-west of al-Darbasiyah", {"south", "west"}),
        ("Darbasiyah", set()),
    ],
)
def test_directions_are_read_from_the_sector(sector: str, ways: set[str]) -> None:
    assert directions(sector) == ways


PLACES = ["kobani", "darbasiyah", "qamishli", "ras-al-ayn", "aleppo-province", "village-a", "village-b"]
DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 31))


@st.composite
def whens(draw: st.DrawFn) -> When:
    day = draw(DAYS)
    match draw(st.sampled_from([1, 1, 1, 2, 4, 5])):
        case 2:
            return When(day, day + timedelta(days=3), 2)
        case 4:
            return in_month(day.year, day.month)
        case 5:
            return When(date(day.year, 1, 1), date(day.year, 12, 31), 5)
        case _:
            return When(day, day, 1, draw(st.booleans()))


@st.composite
def facts(draw: st.DrawFn, key: str) -> Facts:
    number = draw(st.none() | st.integers(1, 12))
    return Facts(
        key=key,
        programme=draw(st.sampled_from(["north", "south"])),
        number=number,
        counter=draw(st.sampled_from(["overall", "tr", "ru", UNSTATED])) if number else "",
        when=draw(st.none() | whens()),
        status=draw(st.sampled_from(["completed", "cancelled", "announced", ""])),
        sector=draw(st.sampled_from(["", "west of Kobani", "Kobani (east)"])),
        areas=tuple(draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True))),
        stops=stops(*draw(st.lists(st.sampled_from(PLACES), max_size=4))),
        incident=draw(st.sampled_from(["", "none", "casualty", "protest"])),
        weight=draw(st.integers(1, 3)),
        report=draw(st.sampled_from(["", f"report-{key}", "review"])),
        published=draw(st.none() | DAYS),
    )


@st.composite
def many(draw: st.DrawFn, max_size: int = 24) -> list[Facts]:
    return [draw(facts(f"k{n:02}")) for n in range(draw(st.integers(1, max_size)))]


def made_record(accounts: Iterable[Facts], decisions: Iterable[Decision]) -> list[Known]:
    by_key = {facts.key: facts for facts in accounts}
    patrols: dict[str, list[Facts]] = {}
    for decision in decisions:
        if decision.patrol is not None:
            patrols.setdefault(decision.patrol, []).append(by_key[decision.account])
    return [Known(id, tuple(members)) for id, members in patrols.items()]


@settings(deadline=None)
@given(many(), st.randoms(use_true_random=False))
def test_the_order_of_a_batch_does_not_matter(accounts: list[Facts], rng: random.Random) -> None:
    shuffled = accounts.copy()
    rng.shuffle(shuffled)
    ours = {decision.account: decision for decision in batch(accounts)}
    assert {decision.account: decision for decision in batch(shuffled)} == ours


@settings(deadline=None)
@given(many(), st.randoms(use_true_random=False))
def test_the_order_of_the_record_does_not_matter(accounts: list[Facts], rng: random.Random) -> None:
    half = len(accounts) // 2
    known = made_record(accounts[:half], batch(accounts[:half]))
    shuffled = [Known(p.id, tuple(rng.sample(p.accounts, len(p.accounts)))) for p in known]
    rng.shuffle(shuffled)
    assert batch(accounts[half:], shuffled) == batch(accounts[half:], known)


@settings(deadline=None)
@given(many())
def test_matching_again_changes_nothing(accounts: list[Facts]) -> None:
    first = batch(accounts)
    again = batch(accounts, made_record(accounts, first))
    assert [d.patrol for d in again] == [d.patrol for d in first]
    assert {d.kind for d in again} <= {"attach", "wait"}


@settings(deadline=None)
@given(many())
def test_no_patrol_crosses_programmes_or_repeats_a_report(accounts: list[Facts]) -> None:
    for patrol in made_record(accounts, batch(accounts)):
        assert len({facts.programme for facts in patrol.accounts}) == 1
        reports = [facts.report for facts in patrol.accounts if facts.report]
        assert len(reports) == len(set(reports))


@settings(deadline=None)
@given(many(max_size=10), facts("new"))
def test_an_account_never_attaches_to_a_patrol_of_other_days(accounts: list[Facts], new: Facts) -> None:
    index = Index(made_record(accounts, batch(accounts)), TOWNS)
    decision = match(new, index)
    if decision.kind != "attach" or new.when is None:
        return
    assert decision.patrol is not None
    dated = [d.when for d in accounts if index.placed.get(d.key) == decision.patrol and d.when is not None]
    slipped = When(new.when.start - timedelta(days=1), new.when.end + timedelta(days=1), 2)
    assert not dated or any(slipped.overlaps(when) for when in dated)


@settings(deadline=None)
@given(many(max_size=12), facts("new"))
def test_an_attached_account_has_its_reasons(accounts: list[Facts], new: Facts) -> None:
    decision = match(new, Index(made_record(accounts, batch(accounts)), TOWNS))
    if decision.kind == "attach":
        assert decision.candidates[0].patrol == decision.patrol
        assert any(reason.code in ("day", "date", "number") for reason in decision.candidates[0].reasons)
    for candidate in decision.candidates:
        assert candidate.reasons
        assert all(reason.text for reason in candidate.reasons)


@settings(deadline=None)
@given(many(max_size=12), facts("new"))
def test_an_unrelated_account_changes_nothing(accounts: list[Facts], new: Facts) -> None:
    stranger = account("stranger", programme="elsewhere", when=new.when, number=new.number, areas=new.areas)
    before = batch([*accounts, new])
    assert [d for d in batch([*accounts, new, stranger]) if d.account != "stranger"] == before
