"""The adoption rule, on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.record.adopt import AMOUNTS, FACTS, ForceInfo, Pinned, Spread, adopt
from patrols.record.facts import Amount, Facts, StopFact, When

FORCES = {
    f.slug: f
    for f in (
        ForceInfo("tr", "TR", 0),
        ForceInfo("tr-armed-forces", "TR", 1),
        ForceInfo("tr-border", "TR", 2),
        ForceInfo("ru", "RU", 0),
        ForceInfo("ru-armed-forces", "RU", 1),
        ForceInfo("ru-mp", "RU", 2),
    )
}
DAY = When(date(2019, 11, 1), date(2019, 11, 1), 1)
MONTH = When(date(2019, 11, 1), date(2019, 11, 30), 4)


def said(key: str, **facts: Any) -> Facts:
    facts.setdefault("published", date(2019, 11, 2))
    return Facts(key=key, programme="ne-syria", **facts)


def ministry(key: str, party: str, **facts: Any) -> Facts:
    return said(key, weight=3, party=party, **facts)


def test_the_greatest_weight_wins_over_the_earliest() -> None:
    monitor = said("a", weight=2, vehicles=Amount(6), published=date(2019, 11, 1))
    assert adopt([monitor, ministry("b", "TR", vehicles=Amount(8))]).amounts["vehicles"] == Spread(6, 8, 8)


def test_ten_repeats_do_not_outvote_a_ministry() -> None:
    repeats = [said(f"r{n}", weight=1, vehicles=Amount(9)) for n in range(10)]
    assert adopt([*repeats, ministry("m", "TR", vehicles=Amount(8))]).amounts["vehicles"].best == 8


def test_ties_go_to_the_earliest_report() -> None:
    late = said("a", weight=2, sector="Amuda", published=date(2019, 11, 5))
    early = said("b", weight=2, sector="Darbasiyah", published=date(2019, 11, 2))
    assert adopt([late, early]).sector == "Darbasiyah"


def test_an_undated_report_is_never_the_earliest() -> None:
    undated = said("a", weight=2, sector="Amuda", published=None)
    dated = said("b", weight=2, sector="Darbasiyah")
    assert adopt([undated, dated]).sector == "Darbasiyah"


def test_a_later_stage_outranks_a_ministry_that_only_saw_the_start() -> None:
    started = ministry("a", "RU", status="started")
    assert adopt([started, said("b", weight=1, status="completed")]).status == "completed"


def test_outcomes_of_equal_stage_are_decided_by_weight() -> None:
    monitor = said("a", weight=2, status="suspended")
    assert adopt([monitor, ministry("b", "TR", status="completed")]).status == "completed"


def test_a_pin_wins_and_keeps_the_others_in_sight() -> None:
    pins = {"vehicles": Pinned(7, "counted on the ministry's own film")}
    choice = adopt([ministry("a", "TR", vehicles=Amount(8))], pins).choices["vehicles"]
    assert (choice.value, choice.why, choice.others) == (
        7,
        "pinned: counted on the ministry's own film",
        ((8, ("a",)),),
    )


def test_figures_that_two_ministries_give_differently_are_contested() -> None:
    adopted = adopt([ministry("a", "TR", length_km=Amount(69)), ministry("b", "RU", length_km=Amount(50))])
    assert adopted.contested == ("length_km",)
    assert adopted.amounts["length_km"] == Spread(50, 69, 69)


def test_a_monitor_that_differs_from_a_ministry_widens_the_spread_without_contesting_it() -> None:
    adopted = adopt([ministry("a", "TR", vehicles=Amount(8)), said("b", weight=2, vehicles=Amount(6))])
    assert adopted.contested == ()
    assert adopted.amounts["vehicles"] == Spread(6, 8, 8)


@pytest.mark.parametrize(
    ("one", "other", "contested"),
    [
        (Amount(100, "over"), Amount(110), False),
        (Amount(110, "over"), Amount(100), True),
        (Amount(50, "about"), Amount(52), False),
        (Amount(50, "about"), Amount(70), True),
        (Amount(10, "under"), Amount(8), False),
        (Amount(110, "planned"), Amount(87), False),
    ],
)
def test_an_approximate_figure_excludes_only_what_lies_outside_it(
    one: Amount, other: Amount, contested: bool
) -> None:
    adopted = adopt([ministry("a", "TR", length_km=one), ministry("b", "RU", length_km=other)])
    assert (adopted.contested == ("length_km",)) is contested


def test_nothing_happened_against_wounded_is_contested() -> None:
    adopted = adopt([ministry("a", "TR", incident="none"), ministry("b", "RU", incident="casualty")])
    assert adopted.contested == ("incident",)
    assert adopted.incidents[0].type == "casualty"


def test_one_ministry_quoted_twice_differently_contests_nothing() -> None:
    adopted = adopt([ministry("a", "TR", vehicles=Amount(8)), ministry("b", "TR", vehicles=Amount(9))])
    assert adopted.contested == ()


def test_a_month_is_sharpened_by_a_day_inside_it() -> None:
    adopted = adopt([ministry("a", "TR", when=MONTH), said("b", weight=1, when=DAY)])
    assert adopted.when == DAY
    assert "sharpened" in adopted.choices["date"].why


def test_a_month_is_not_sharpened_by_a_day_outside_it() -> None:
    outside = When(date(2019, 12, 3), date(2019, 12, 3), 1)
    assert adopt([ministry("a", "TR", when=MONTH), said("b", weight=1, when=outside)]).when == MONTH


def test_a_route_outranks_a_single_place() -> None:
    place = ministry("a", "TR", stops=(StopFact("Derbesiye"),))
    route = said("b", weight=1, stops=(StopFact("Darbasiyah", role="start"), StopFact("Amuda", role="end")))
    assert [stop.spelling for stop in adopt([place, route]).stops] == ["Darbasiyah", "Amuda"]


def test_a_total_is_the_sum_where_every_side_is_given() -> None:
    account = said("a", vehicles_by_side={"TR": Amount(4), "RU": Amount(5)})
    assert adopt([account], parties=("TR", "RU")).amounts["vehicles"] == Spread(9, 9, 9)


def test_one_sides_figure_is_no_total() -> None:
    account = said("a", personnel_by_side={"TR": Amount(24)})
    adopted = adopt([account], parties=("TR", "RU"), forces=FORCES)
    assert adopted.amounts == {}
    assert [(p.force, p.personnel) for p in adopted.participants] == [("tr", Spread(24, 24, 24))]


def test_a_named_service_outranks_the_states_forces() -> None:
    general = ministry("a", "TR", forces=("tr-armed-forces", "ru-armed-forces"))
    named = said("b", weight=1, forces=("tr-armed-forces", "ru-mp"))
    forces = [p.force for p in adopt([general, named], forces=FORCES).participants]
    assert forces == ["ru-mp", "tr-armed-forces"]


def test_every_number_is_kept_under_its_counter() -> None:
    accounts = [
        said("a", counter="tr", number=24),
        said("b", counter="ru", number=22),
        said("c", counter="tr", number=24),
    ]
    assert adopt(accounts).ordinals == (("ru", 22, 1), ("tr", 24, 2))


def test_no_account_gives_nothing() -> None:
    adopted = adopt([])
    assert adopted.choices == {}
    assert (adopted.status, adopted.when, adopted.amounts, adopted.contested) == ("", None, {}, ())


AMOUNT = st.none() | st.builds(
    Amount, st.integers(0, 500).map(float), st.sampled_from(["", "about", "over", "under", "planned"])
)


@st.composite
def accounts(draw: st.DrawFn) -> list[Facts]:
    count = draw(st.integers(0, 6))
    made = []
    for position in range(count):
        party = draw(st.sampled_from(["", "TR", "RU"]))
        first = draw(st.none() | st.dates(date(2019, 11, 1), date(2019, 11, 20)))
        made.append(
            Facts(
                key=f"k{position}",
                programme="p",
                weight=3 if party else draw(st.integers(1, 2)),
                party=party,
                published=draw(st.none() | st.dates(date(2019, 11, 1), date(2019, 12, 31))),
                status=draw(
                    st.sampled_from(["", "announced", "started", "completed", "suspended", "cancelled"])
                ),
                when=When(first, first, 1, draw(st.booleans())) if first else None,
                sector=draw(st.sampled_from(["", "Kobani", "Darbasiyah"])),
                incident=draw(st.sampled_from(["", "none", "stone_throwing", "casualty"])),
                number=draw(st.none() | st.integers(1, 30)),
                counter="overall",
                forces=draw(st.sampled_from([(), ("tr", "ru"), ("tr-armed-forces", "ru-mp")])),
                **{name: draw(AMOUNT) for name in AMOUNTS},
            )
        )
    return made


@given(accounts(), st.randoms())
def test_the_order_of_accounts_makes_no_difference(given: list[Facts], random: Any) -> None:
    shuffled: Sequence[Facts] = random.sample(given, len(given))
    assert adopt(shuffled, forces=FORCES) == adopt(given, forces=FORCES)


@given(accounts())
def test_every_adopted_value_comes_from_an_account(given: list[Facts]) -> None:
    adopted = adopt(given, forces=FORCES)
    assert set(adopted.choices) <= set(FACTS)
    for fact in AMOUNTS:
        values = [amount.value for account in given if (amount := getattr(account, fact))]
        spread = adopted.amounts.get(fact)
        assert (spread is None) == (not values)
        if spread:
            assert (spread.low, spread.high) == (min(values), max(values))
            assert spread.best in values
    assert adopted.status in {"", *(a.status for a in given)}
    assert adopted.when is None or any(a.when and a.when.start == adopted.when.start for a in given)


@given(accounts())
def test_doubling_the_repeats_changes_no_figure(given: list[Facts]) -> None:
    repeats = [
        Facts(
            **{name: getattr(a, name) for name in a.__slots__}
            | {"key": f"{a.key}-again", "weight": 1, "party": ""}
        )
        for a in given
    ]
    before, after = adopt(given, forces=FORCES), adopt([*given, *repeats], forces=FORCES)
    assert {fact: spread.best for fact, spread in before.amounts.items()} == {
        fact: spread.best for fact, spread in after.amounts.items()
    }
    assert (before.status, before.when, before.sector) == (after.status, after.when, after.sector)


@given(accounts())
def test_contested_only_where_two_participants_spoke(given: list[Facts]) -> None:
    if len({a.party for a in given if a.party}) < 2:
        assert adopt(given, forces=FORCES).contested == ()
