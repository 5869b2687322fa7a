"""The timeline's arithmetic (static/js/bins.js), run where it runs: in a browser."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

EPOCH = date(1970, 1, 1)
MODULE = Path(__file__).resolve().parents[2] / "static" / "js" / "bins.js"

# Rows as people write them, turned into columns; the answers come back as plain lists.
CALL = """async ([source, body, rows, more]) => {
  const bins = await import(source);
  const column = (at) => rows.map((row) => row[at]);
  const columns = {
    day: Int32Array.from(column(0), (day) => day ?? bins.UNKNOWN),
    days: Int32Array.from(column(1)),
    precision: Uint8Array.from(column(2)),
    programme: Int16Array.from(column(3)),
    status: Int16Array.from(column(4)),
  };
  const mask = new Uint8Array(rows.length).fill(1);
  const plain = (value) => ArrayBuffer.isView(value) ? [...value] : value;
  const made = new Function('bins', 'columns', 'mask', 'more', `return ${body}`)(bins, columns, mask, more);
  return JSON.parse(JSON.stringify(made, (key, value) => plain(value)));
}"""


def day(iso: str) -> int:
    return (date.fromisoformat(iso) - EPOCH).days


def row(
    start: str | None, end: str = "", precision: int = 1, programme: int = 0, status: int = 0
) -> list[Any]:
    if start is None:
        return [None, 0, None, programme, status]
    return [day(start), day(end or start) - day(start) + 1, precision, programme, status]


@pytest.fixture(scope="module")
def run(browser: Browser):
    page = browser.new_page()
    source = f"data:text/javascript;base64,{b64encode(MODULE.read_bytes()).decode()}"

    def call(body: str, rows: list[list[Any]] | None = None, **more: Any) -> Any:
        return page.evaluate(CALL, [source, body, rows or [], more])

    yield call
    page.close()


COUNT = (
    "bins.tally(columns, mask, bins.edges(more.unit, more.first, more.last), columns.programme, [1, 0, 1])"
)


FADE = """(() => {
  const out = new Float32Array(columns.day.length);
  const window = { from: more.to - more.over + 1, to: more.to, over: more.over, floor: 0.1 };
  return [bins.fade(columns, window, out), out];
})()"""


def count(run, unit: str, *rows: list[Any], first: str = "2020-01-01", last: str = "2020-12-31") -> Any:
    return run(COUNT, list(rows), unit=unit, first=day(first), last=day(last))


def test_the_unit_follows_the_span_and_the_room(run):
    units = run("more.asked.map(([days, width]) => bins.chooseUnit(days, width))", asked=[
        [200, 1000], [549, 1000], [1500, 1000], [4000, 1000], [9000, 1000], [500, 100], [2500, 120],
    ])  # fmt: skip

    assert units == ["week", "week", "month", "month", "quarter", "month", "quarter"]


def test_weeks_start_on_monday_months_and_quarters_on_their_first(run):
    made = run(
        "['week', 'month', 'quarter'].map((unit) => bins.edges(unit, more.day, more.day + 1))",
        day=day("2020-02-29"),
    )

    assert made[0] == [day("2020-02-24"), day("2020-03-02")]
    assert made[1] == [day("2020-02-01"), day("2020-03-01"), day("2020-04-01")]
    assert made[2] == [day("2020-01-01"), day("2020-04-01")]


def test_days_are_counted_by_bin_and_key(run):
    found = count(
        run,
        "month",
        row("2020-01-01"),
        row("2020-01-31"),
        row("2020-02-01", programme=1),
        row("2020-12-31", programme=1),
    )

    assert found["sharp"] == [2, *[0] * 11, 0, 1, *[0] * 9, 1]
    assert sum(found["vague"]) == 0


def test_a_patrol_of_several_days_counts_once_on_its_first(run):
    found = count(run, "month", row("2020-01-30", "2020-02-03"))

    assert found["sharp"][:3] == [1, 0, 0]
    assert found["spans"] == []


def test_a_month_is_vague_in_a_bar_that_holds_it_and_a_span_where_none_does(run):
    may = row("2020-05-01", "2020-05-31", 4)
    by_month = count(run, "month", may)
    by_week = count(run, "week", may)

    assert by_month["vague"][4] == 1
    assert sum(by_month["sharp"]) == 0
    assert by_week["spans"] == [[day("2020-05-01"), 31, 1]]
    assert sum(by_week["sharp"]) + sum(by_week["vague"]) == 0


def test_a_few_days_across_two_bins_are_no_false_day_in_either(run):
    found = count(run, "month", row("2020-01-30", "2020-02-02", 2), row("2020-01-10", "2020-01-12", 2))

    assert found["spans"] == [[day("2020-01-30"), 4, 1]]
    assert found["sharp"][:2] == [1, 0]


def test_equal_spans_are_one_with_their_number(run):
    year = row("2020-01-01", "2020-12-31", 5)

    assert count(run, "quarter", year, year)["spans"] == [[day("2020-01-01"), 366, 2]]


def test_every_patrol_is_counted_exactly_once(run):
    rows = [
        row("2020-01-01"),
        row("2020-05-01", "2020-05-31", 4),
        row("2020-01-01", "2020-12-31", 5),
        row(None),
        row("2020-03-30", "2020-04-02", 2),
    ]
    found = count(run, "quarter", *rows)
    spans = sum(n for _start, _days, n in found["spans"])

    assert sum(found["sharp"]) + sum(found["vague"]) + spans + found["undated"] == len(rows)


def test_a_gap_lies_between_patrols_that_set_out_and_has_its_days(run):
    rows = [
        row("2020-01-31"),
        row("2020-02-15", status=1),
        row("2020-04-01"),
        row("2020-04-20"),
        row("2020-06-01", "2020-06-30", 4),
    ]
    found = run(
        "bins.gaps(bins.touched(columns, mask, more.first, more.last, [1, 1, 0]), more.first, 30)",
        rows,
        first=day("2020-01-01"),
        last=day("2020-12-31"),
    )

    assert found == [[day("2020-02-01"), 60], [day("2020-04-21"), 41]]


def test_months_without_patrols_are_told_from_months_in_which_nobody_reported(run):
    found = run(
        "bins.emptyMonths(bins.touched(columns, mask, more.first, more.last, [1, 1]), more.first, more.told)",
        [row("2020-01-31"), row("2020-05-01")],
        first=day("2020-01-01"),
        last=day("2020-05-31"),
        told={"from": "2020-01", "months": "11001"},
    )

    assert found == [
        [day("2020-02-01"), day("2020-03-01"), False],
        [day("2020-03-01"), day("2020-05-01"), True],
    ]


def test_spans_that_overlap_take_different_lanes(run):
    found = run("bins.lanes([[0, 10], [5, 10], [10, 5], [11, 2]], 2)")

    assert found == [0, 1, 0, 1]


def test_the_first_view_leaves_out_a_few_patrols_that_years_part_from_the_rest(run):
    rows = [row("2004-06-01"), *[row(f"2020-{month:02}-01") for month in range(1, 13)] * 3]
    view = run(
        "bins.busyView(columns, mask, more.domain)", rows, domain=[day("2004-06-01"), day("2021-05-31")]
    )

    assert view == [day("2020-01-01"), day("2021-05-31")]


def test_a_single_patrol_after_a_long_halt_stays_in_the_first_view(run):
    rows = [*[row(f"2020-{month:02}-01") for month in range(1, 13)] * 3, row("2022-08-22")]
    view = run(
        "bins.busyView(columns, mask, more.domain)", rows, domain=[day("2020-01-01"), day("2022-08-22")]
    )

    assert view == [day("2020-01-01"), day("2022-08-22")]


def test_a_patrol_fades_with_age_and_leaves_the_window(run):
    rows = [row("2020-01-01"), row("2020-02-15"), row("2020-03-31"), row("2020-04-01"), row(None)]
    weights = run(
        FADE,
        rows,
        to=day("2020-03-31"),
        over=91,
    )

    assert weights[0] == 3
    assert 0.1 <= weights[1][0] < weights[1][1] < weights[1][2] == 1
    assert weights[1][3:] == [0, 0]


def test_a_vaguely_dated_patrol_shows_faintly_in_the_playback(run):
    weights = run(
        FADE,
        [row("2020-01-01", "2020-12-31", 5)],
        to=day("2020-06-01"),
        over=10,
    )

    assert weights == [1, [pytest.approx(0.4)]]


@pytest.mark.parametrize(
    ("days", "width", "labels"),
    [
        (3650, 1000, ["2020", "2021", "2022"]),
        (3650, 200, ["2020", "2022", "2024"]),
        (730, 1000, ["2020", "Feb", "Mar"]),
        (730, 400, ["2020", "Apr", "Jul"]),
        (70, 900, ["2020", "Feb", "Mar"]),
    ],
)
def test_ticks_are_as_dense_as_they_can_stand(run, days, width, labels):
    found = run(
        "bins.ticks([more.from, more.from + more.days], more.width, 'en-GB')",
        **{"from": day("2020-01-01"), "days": days, "width": width},
    )
    months = [tick["label"] for tick in found if not tick["label"].isdigit() or len(tick["label"]) == 4]

    assert months[:3] == labels


def test_ticks_speak_the_reader_s_language(run):
    found = run("bins.ticks([more.from, more.from + 365], 1000, 'tr')", **{"from": day("2020-01-01")})

    assert [tick["label"] for tick in found[:3]] == ["2020", "Şub", "Mar"]


def test_a_year_later_is_the_same_day(run):
    days = run("more.days.map((day) => bins.yearsAfter(day, 1))", days=[day("2020-02-29"), day("2020-05-05")])

    assert days == [day("2021-03-01"), day("2021-05-05")]


def test_a_million_patrols_are_counted_without_an_object_for_each(run):
    """Milliseconds depend on the machine; growth does not."""
    took = run(
        """(() => {
          const make = (n) => ({
            day: Int32Array.from({ length: n }, (_, i) => 18000 + (i * 7919) % 3000),
            days: Int32Array.from({ length: n }, (_, i) => (i % 20 ? 1 : 31)),
            precision: Uint8Array.from({ length: n }, (_, i) => (i % 20 ? 1 : 4)),
            programme: Int16Array.from({ length: n }, (_, i) => i % 2),
            status: Int16Array.from({ length: n }, (_, i) => i % 2),
          });
          const edges = bins.edges('week', 18000, 21031);
          const time = (n) => {
            const columns = make(n);
            const mask = new Uint8Array(n).fill(1);
            const round = () => {
              const begun = performance.now();
              bins.tally(columns, mask, edges, columns.programme, [1, 0, 1]);
              return performance.now() - begun;
            };
            return Math.min(round(), round(), round(), round());
          };
          return [time(100000), time(1000000)];
        })()"""
    )

    assert took[1] < 500
    assert took[1] < 40 * max(took[0], 1)
