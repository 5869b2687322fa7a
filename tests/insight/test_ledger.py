"""The ledger: every number of a count once, what is missing and between which days, and totals beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.insight.ledger import (
    LIMIT,
    Count,
    Held,
    Numbered,
    Reason,
    State,
    Total,
    compared,
    count_of,
    ledger,
    ledgers,
)

WHOLE = Count("overall", "Overall count")
TURKISH = Count("tr", "Turkish count", "TR")
RUSSIAN = Count("ru", "Russian count", "RU")
AREA = Count("kobani", "Kobani count")
UNSTATED = Count("unstated", "Count not stated")
DAY = date(2020, 1, 1)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the rules."""


def numbered(number: int, patrol: str = "", day: date | None = None, count: str = "overall") -> Numbered:
    return Numbered(count, number, patrol or f"p{number}", day, day, 1 if day else None, "completed")


def states(book) -> dict[int, str]:
    return {cell.number: cell.state.value for cell in book.cells}


days = st.none() | st.integers(0, 2000).map(lambda n: DAY + timedelta(days=n))
some_numbers = st.lists(
    st.builds(numbered, st.integers(-2, 60), st.sampled_from(["a", "b", "c", "d", ""]), days), max_size=25
)
some_totals = st.lists(
    st.builds(Total, st.integers(0, 80), st.sampled_from(["", "over", "about"]), date_to=days), max_size=3
)


class TestCells:
    @calm
    @given(some_numbers, some_totals)
    def test_every_number_stands_once_from_one_to_the_greatest(self, numbers, totals):
        book = ledger(WHOLE, numbers, totals)
        greatest = max([*(n.number for n in numbers), *(t.count for t in totals), 0])

        assert [cell.number for cell in book.cells] == list(range(1, greatest + 1))
        assert len(book.recorded) + len(book.conflicting) + len(book.missing) == book.last == max(greatest, 0)

    @calm
    @given(some_numbers, some_totals)
    def test_a_number_is_missing_exactly_where_no_patrol_bears_it(self, numbers, totals):
        book = ledger(WHOLE, numbers, totals)
        borne = {one.number for one in numbers if one.number >= 1}

        assert {cell.number for cell in book.missing} == set(range(1, book.last + 1)) - borne
        assert all(cell.patrols for cell in book.cells if cell.state is not State.MISSING)

    @calm
    @given(some_numbers, some_totals)
    def test_it_conflicts_exactly_where_number_and_patrol_are_not_one_to_one(self, numbers, totals):
        book = ledger(WHOLE, numbers, totals)
        pairs = {(one.number, one.patrol) for one in numbers if one.number >= 1}
        for number, patrol in pairs:
            alone = not any((n == number) != (p == patrol) for n, p in pairs)
            assert (book.cells[number - 1].state is State.RECORDED) == alone

    @calm
    @given(some_numbers, some_totals)
    def test_the_gaps_are_the_missing_numbers_in_unbroken_runs(self, numbers, totals):
        book = ledger(WHOLE, numbers, totals)

        assert [cell for gap in book.gaps for cell in gap.cells] == book.missing
        assert all(gap.last - gap.first + 1 == gap.size for gap in book.gaps)
        assert all(later.first > gap.last + 1 for gap, later in zip(book.gaps, book.gaps[1:], strict=False))

    @calm
    @given(some_numbers, some_totals)
    def test_the_days_of_a_missing_number_are_in_order(self, numbers, totals):
        for cell in ledger(WHOLE, numbers, totals).missing:
            if cell.earliest and cell.latest:
                assert cell.earliest <= cell.latest

    @calm
    @given(some_numbers, some_totals, st.randoms())
    def test_the_order_of_the_rows_does_not_matter(self, numbers, totals, random):
        shuffled = random.sample(numbers, len(numbers))

        assert states(ledger(WHOLE, numbers, totals)) == states(ledger(WHOLE, shuffled, totals))

    def test_two_patrols_under_one_number_conflict(self):
        (cell,) = ledger(WHOLE, [numbered(1, "b", DAY), numbered(1, "a")]).cells

        assert (cell.state, cell.reason) == (State.CONFLICTING, Reason.TWO_PATROLS)
        assert [one.patrol for one in cell.patrols] == ["b", "a"]

    def test_one_patrol_under_two_numbers_conflicts_at_both(self):
        book = ledger(RUSSIAN, [numbered(1, "a"), numbered(3, "a")])

        assert states(book) == {1: "conflicting", 2: "missing", 3: "conflicting"}
        assert book.cells[0].reason == Reason.TWO_NUMBERS
        assert book.cells[0].also == (3,)

    def test_a_number_that_no_programme_reaches_is_set_aside(self):
        book = ledger(WHOLE, [numbered(1), numbered(LIMIT + 1), numbered(0)], [Total(10**9)])

        assert book.last == 1
        assert book.beyond == (0, LIMIT + 1)

    def test_nothing_is_an_empty_ledger(self):
        assert ledger(WHOLE, []).cells == ()


class TestDaysOfMissingNumbers:
    def test_they_lie_between_the_recorded_numbers_around(self):
        later = DAY + timedelta(days=9)
        book = ledger(WHOLE, [numbered(1, day=DAY), numbered(4, day=later)])

        assert [(cell.earliest, cell.latest) for cell in book.missing] == [(DAY, later)] * 2
        assert (book.gaps[0].after.number, book.gaps[0].before.number) == (1, 4)

    def test_a_number_without_a_day_is_passed_over(self):
        book = ledger(WHOLE, [numbered(1, day=DAY), numbered(3), numbered(5, day=DAY)])

        assert [(cell.after.number, cell.before.number) for cell in book.missing] == [(1, 5), (1, 5)]

    def test_a_conflicting_number_tells_no_days(self):
        book = ledger(WHOLE, [numbered(1, "a", DAY), numbered(1, "b", DAY), numbered(3, day=DAY)])

        assert book.missing[0].after is None

    def test_a_total_is_the_last_day_of_numbers_up_to_it(self):
        claimed = date(2023, 10, 31)
        book = ledger(WHOLE, [numbered(1, day=DAY)], [Total(3, date_to=claimed, date_to_precision=4)])

        assert book.cells[2].latest == claimed
        assert book.cells[2].before.claimed

    def test_neighbours_in_the_wrong_order_tell_nothing(self):
        book = ledger(WHOLE, [numbered(1, day=DAY), numbered(3, day=DAY - timedelta(days=1))])

        assert (book.missing[0].after, book.missing[0].before) == (None, None)

    def test_before_the_first_recorded_number_only_the_end_is_known(self):
        book = ledger(WHOLE, [numbered(3, day=DAY)])

        assert (book.cells[0].earliest, book.cells[0].latest) == (None, DAY)


class TestCounts:
    def test_a_partys_count_begins_with_what_all_number_alike(self):
        numbers = [numbered(n, day=DAY) for n in (1, 2, 3)]
        numbers += [numbered(4, "x", count="ru"), numbered(5, "x", count="tr")]
        russian, turkish = ledgers([WHOLE, TURKISH, RUSSIAN, UNSTATED], numbers)

        assert (russian.count, turkish.count) == (RUSSIAN, TURKISH)
        assert states(russian) == dict.fromkeys((1, 2, 3, 4), "recorded")
        assert states(turkish) == {1: "recorded", 2: "recorded", 3: "recorded", 4: "missing", 5: "recorded"}
        assert (russian.shared, turkish.shared) == (3, 3)

    def test_an_areas_count_stands_alone(self):
        whole, area = ledgers([WHOLE, AREA], [numbered(2), numbered(3, count="kobani")])

        assert (whole.last, area.last) == (2, 3)
        assert area.shared == 0
        assert len(area.missing) == 2

    def test_numbers_of_no_stated_count_have_no_ledger_and_are_told_beside_what_they_may_be(self):
        numbers = [numbered(3, day=DAY), numbered(2, "x", DAY, count="unstated")]
        (book,) = ledgers([WHOLE, UNSTATED], numbers)

        assert book.cells[1].state is State.MISSING
        assert book.cells[1].reason is Reason.UNSTATED
        assert [one.patrol for one in book.cells[1].patrols] == ["x"]
        assert [cell.number for cell in book.gaps[0].hints] == [2]

    def test_a_number_is_no_hint_where_its_patrol_is_numbered_in_a_stated_count_already(self):
        numbers = [numbered(1, "x", count="tr"), numbered(1, "x", count="unstated")]
        numbers += [numbered(3, "y", count="ru"), numbered(2, "y", count="unstated")]
        russian, _turkish = ledgers([TURKISH, RUSSIAN, UNSTATED], numbers)

        assert [cell.reason for cell in russian.missing] == [Reason.NO_REPORT, Reason.NO_REPORT]

    def test_a_count_without_number_or_total_has_no_ledger(self):
        assert ledgers([WHOLE, AREA], []) == []

    @pytest.mark.parametrize(
        ("total", "last"),
        [
            (Total(9), 9),
            (Total(9, "over"), 9),
            (Total(9, "about"), 2),
            (Total(9, date_from=DAY), 9),
            (Total(9, date_from=DAY + timedelta(days=1)), 2),
            (Total(9, counter="kobani"), 2),
        ],
    )
    def test_a_total_reaches_its_number_if_it_is_exact_and_counts_from_the_start(self, total, last):
        book = ledgers([WHOLE, AREA], [numbered(2)], [total], start=DAY)[0]

        assert book.last == last

    @pytest.mark.parametrize(
        ("total", "slug"),
        [
            (Total(1, counter="kobani", party="TR"), "kobani"),
            (Total(1, party="TR"), "tr"),
            (Total(1, party="RU"), "overall"),
            (Total(1), "overall"),
        ],
    )
    def test_a_total_belongs_to_its_count_its_speakers_count_or_the_whole(self, total, slug):
        assert count_of(total, [WHOLE, TURKISH, AREA]) == slug

    def test_a_total_belongs_to_no_count_where_there_is_no_whole(self):
        assert count_of(Total(1), [AREA]) == ""


def held(patrol: str, day: date | None, **numbers: int) -> Held:
    return Held(patrol, day, day, {slug: [number] for slug, number in numbers.items()})


class TestTotalsBesideTheRecord:
    def test_patrols_of_its_period_are_recorded_and_its_numbers_missing(self):
        book = ledger(WHOLE, [numbered(1, "a", DAY), numbered(3, "b", DAY)], [Total(5)])
        patrols = [
            held("a", DAY, overall=1),
            held("b", DAY, overall=3),
            held("c", DAY),
            held("late", date.max),
        ]
        found = compared(Total(5, date_to=DAY), book, patrols)

        assert (found.recorded, found.numbered, found.missing) == (3, 2, 3)
        assert (found.unnumbered, found.at_least) == (1, 2)

    def test_of_an_areas_total_only_numbered_patrols_count(self):
        book = ledger(AREA, [numbered(1, "a", DAY, "kobani")], [Total(2)])
        found = compared(
            Total(2, counter="kobani", date_to=DAY), book, [held("a", DAY, kobani=1), held("b", DAY)]
        )

        assert (found.recorded, found.missing, found.unnumbered) == (1, 1, 0)

    def test_a_patrol_without_a_day_belongs_where_its_number_lies(self):
        book = ledger(WHOLE, [numbered(1, "a"), numbered(9, "b")])
        found = compared(
            Total(5, date_to=DAY), book, [held("a", None, overall=1), held("b", None, overall=9)]
        )

        assert found.recorded == 1

    def test_without_any_day_nothing_is_recorded_but_numbers_are_known(self):
        found = compared(Total(2), ledger(WHOLE, [numbered(1)], [Total(2)]), [held("a", DAY)])

        assert (found.recorded, found.numbered, found.missing, found.at_least) == (None, 1, 1, None)

    def test_an_open_total_was_taken_when_it_was_published(self):
        later = DAY + timedelta(days=1)
        found = compared(Total(2, published=DAY), None, [held("a", DAY), held("b", later)])

        assert (found.recorded, found.missing) == (1, None)

    def test_a_part_of_the_time_says_nothing_of_numbers(self):
        later = DAY + timedelta(days=30)
        total = Total(7, date_from=later, date_to=later)
        found = compared(total, ledger(WHOLE, [numbered(9)]), [held("a", later), held("b", DAY)], start=DAY)

        assert (found.recorded, found.missing) == (1, None)

    @calm
    @given(some_numbers, st.integers(1, 80))
    def test_numbers_up_to_a_total_are_recorded_or_missing(self, numbers, count):
        total = Total(count, date_to=DAY)
        found = compared(total, ledger(WHOLE, numbers, [total]), [])

        assert found.numbered + found.missing == count
