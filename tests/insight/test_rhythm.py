"""Cadence and gaps: what counts as covered, what is doubtful, what is left out."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.insight.rhythm import Gap, Period, Span, cadence, covered, placed, rhythm

DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
SPANS = st.builds(lambda day, more: Span(day, day + timedelta(days=more)), DAYS, st.integers(0, 30))
WIDE = st.builds(lambda day, more: Span(day, day + timedelta(days=more)), DAYS, st.integers(31, 800))


def on(text: str) -> Span:
    day = date.fromisoformat(text)
    return Span(day, day)


def test_gaps_are_the_days_from_one_patrol_to_the_next():
    found = rhythm([on("2020-01-01"), on("2020-01-11"), on("2020-01-14")])

    assert [gap.days for gap in found.gaps] == [10, 3]
    assert found.median == 6.5
    assert found.longest == Gap(date(2020, 1, 1), date(2020, 1, 11))


def test_two_patrols_on_one_day_have_no_gap_between_them():
    assert rhythm([on("2020-01-01"), on("2020-01-01")]).gaps == ()


def test_a_month_without_a_day_makes_no_gap_within_it():
    month = Span(date(2020, 2, 1), date(2020, 2, 29))
    found = rhythm([on("2020-01-30"), month, on("2020-02-17"), on("2020-03-05")])

    assert [gap.days for gap in found.gaps] == [2, 5]


def test_a_year_without_a_day_makes_gaps_doubtful_and_covers_none():
    year = Span(date(2021, 1, 1), date(2021, 12, 31))
    found = rhythm([on("2020-10-01"), on("2020-12-01"), on("2021-06-01"), year])

    assert [(gap.days, gap.doubtful) for gap in found.gaps] == [(61, False), (182, True)]
    assert found.longest == found.gaps[0]
    assert (found.dated, found.vague) == (3, 1)


def test_the_current_gap_runs_to_the_end_of_view_and_is_not_among_the_others():
    found = rhythm([on("2020-01-01"), on("2020-01-03")], date(2021, 1, 3))

    assert found.current.days == 366
    assert found.longest.days == 2


@pytest.mark.parametrize("until", [None, date(2020, 1, 1), date(2019, 1, 1)])
def test_no_current_gap_without_an_end_of_view_after_the_last_patrol(until):
    assert rhythm([on("2020-01-01")], until).current is None


def test_no_patrol_has_no_rhythm():
    found = rhythm([], date(2020, 1, 1))

    assert (found.median, found.longest, found.current, found.gaps) == (None, None, None, ())


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        Span(date(2020, 1, 2), date(2020, 1, 1))


@given(st.lists(SPANS), st.lists(WIDE, max_size=3))
def test_no_patrol_of_a_month_or_less_touches_a_gap(narrow, wide):
    for gap in rhythm(narrow + wide).gaps:
        assert gap.days >= 1
        assert not [span for span in narrow if span.last > gap.after and span.first < gap.before]


@given(st.lists(SPANS, min_size=2), st.lists(WIDE, max_size=5))
def test_a_gap_is_doubtful_exactly_where_a_wide_span_reaches_into_it(narrow, wide):
    for gap in rhythm(narrow + wide).gaps:
        assert gap.doubtful == any(span.last > gap.after and span.first < gap.before for span in wide)


@given(st.lists(SPANS, min_size=1), DAYS)
def test_covered_days_and_gaps_fill_the_time_from_the_first_to_the_last(spans, until):
    found = rhythm(spans, until)
    inside = sum(span.days for span in covered(spans))
    between = sum(gap.days - 1 for gap in found.gaps)
    assert inside + between == (max(s.last for s in spans) - min(s.first for s in spans)).days + 1


@given(st.lists(SPANS), st.randoms())
def test_the_order_of_patrols_makes_no_difference(spans, random):
    mixed = spans[:]
    random.shuffle(mixed)
    assert rhythm(mixed) == rhythm(spans)


@given(st.lists(SPANS), SPANS)
def test_one_more_patrol_never_makes_a_gap_longer_inside_the_record(spans, more):
    before, after = rhythm(spans), rhythm([*spans, more])
    inside = not spans or (
        min(s.first for s in spans) <= more.first and more.last <= max(s.last for s in spans)
    )
    if inside and before.longest:
        assert max((gap.days for gap in after.gaps), default=0) <= before.longest.days


# Cadence


def test_patrols_are_counted_by_month_with_the_empty_months_between():
    days = [(on(text), True) for text in ("2020-01-05", "2020-01-20", "2020-04-01")]

    assert cadence(days, Period.MONTH).counts == {
        date(2020, 1, 1): 2,
        date(2020, 2, 1): 0,
        date(2020, 3, 1): 0,
        date(2020, 4, 1): 1,
    }


def test_a_year_is_placed_in_no_month():
    year = (Span(date(2021, 1, 1), date(2021, 12, 31)), False)

    assert cadence([year], Period.MONTH).unplaced == 1
    assert cadence([year], Period.YEAR).counts == {date(2021, 1, 1): 1}


def test_a_patrol_of_several_days_counts_on_its_first():
    days = Span(date(2020, 1, 30), date(2020, 2, 2))

    assert placed(days, Period.MONTH, exact=True) == date(2020, 1, 1)
    assert placed(days, Period.MONTH) is None


def test_quarters_begin_in_january_april_july_and_october():
    assert Period.QUARTER.start(date(2020, 8, 31)) == date(2020, 7, 1)
    assert Period.QUARTER.after(date(2020, 10, 1)) == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("last", "period"),
    [(date(2020, 3, 1), Period.MONTH), (date(2026, 1, 1), Period.QUARTER), (date(2060, 1, 1), Period.YEAR)],
)
def test_the_period_fits_the_time(last, period):
    assert Period.fit(date(2020, 1, 1), last) is period


@given(st.lists(st.tuples(SPANS | WIDE, st.booleans())), st.sampled_from(Period))
def test_every_patrol_is_counted_once_or_left_out_once(spans, period):
    found = cadence(spans, period)
    assert sum(found.counts.values()) + found.unplaced == len(spans)
    starts = list(found.counts)
    assert all(period.after(one) == other for one, other in itertools.pairwise(starts))
