"""The accounts side by side: what each says, and how that stands to what was adopted."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from patrols.models import Account, Force, Patrol, Pin
from patrols.record.adopt import WEIGHT_WORDS
from patrols.record.apply import readopt
from patrols.templatetags.record import reasoned
from patrols.views.matrix import Verdict, matrix
from tests.scene import add_sensitive, route

pytestmark = pytest.mark.django_db


def rows(patrol: Patrol):
    accounts = list(Account.objects.filter(patrol=patrol).select_related("counter").order_by("report__url"))
    forces = dict(Force.objects.values_list("slug", "name"))
    fresh = Patrol.objects.get(pk=patrol.pk)
    return {row.fact: row for row in matrix(fresh, accounts, list(fresh.pins.all()), forces)}


def test_each_account_stands_in_its_column_with_what_it_says(scene):
    row = rows(scene["contested"])["vehicles"]

    assert row.adopted == "8 (6–9)"
    assert [(cell.text, cell.verdict) for cell in row.cells] == [
        ("8", Verdict.AGREES),
        ("6", Verdict.DIFFERS),
        ("9", Verdict.DIFFERS),
    ]
    assert row.contested
    assert row.disagreement
    assert row.why == "a participant's own statement, the earliest of equals"


def test_an_account_that_does_not_say_is_silent(scene):
    row = rows(scene["contested"])["ordinals"]

    assert [cell.verdict for cell in row.cells] == [Verdict.SILENT, Verdict.AGREES, Verdict.SILENT]


def test_a_fact_that_nobody_gives_has_no_row(scene):
    assert "length_km" not in rows(scene["contested"])


def test_a_month_fits_a_day_within_it(scene):
    month = {"date_start": date(2020, 9, 1), "date_end": date(2020, 9, 30), "date_precision": 4}
    patrol = scene.add("month", {"by": "tr", "day": "2020-09-09"}, month)

    assert [cell.verdict for cell in rows(patrol)["date"].cells] == [Verdict.AGREES, Verdict.FITS]


def test_another_day_differs(scene):
    patrol = scene.add("days", {"by": "tr", "day": "2020-09-09"}, {"day": "2020-09-10"})

    assert [cell.verdict for cell in rows(patrol)["date"].cells] == [Verdict.AGREES, Verdict.DIFFERS]


def test_the_same_place_in_other_letters_fits(scene):
    other = [{"name": "Альфа", "place": "alpha", "role": ""}, {"name": "Браво", "place": "bravo", "role": ""}]
    patrol = scene.add("letters", {"day": "2020-09-09", "route": route("alpha", "bravo")}, {"route": other})

    assert [cell.verdict for cell in rows(patrol)["stops"].cells] == [Verdict.AGREES, Verdict.FITS]


def test_an_earlier_stage_fits_a_later_one(scene):
    patrol = scene.add("stages", {"day": "2020-09-09"}, {"status": "started"})

    assert [cell.verdict for cell in rows(patrol)["status"].cells] == [Verdict.AGREES, Verdict.FITS]


def test_one_sides_own_figure_is_told_beside_the_total(scene):
    patrol = scene.add(
        "sides",
        {"vehicles": 8, "vehicles_by_side": {"TR": 4, "RU": 4}, "qualifiers": {"vehicles": "about"}},
        {"vehicles_by_side": {"TR": 4}},
    )

    cells = rows(patrol)["vehicles"].cells
    assert cells[0].text == "about 8 (Russia 4, Türkiye 4)"
    assert (cells[1].text, cells[1].verdict) == ("Türkiye 4", Verdict.FITS)


def test_a_pinned_fact_carries_its_pin(scene):
    Pin.objects.create(
        patrol=scene["near"], fact="vehicles", value=7, reason="Counted on the footage", reviewed=True
    )
    readopt([scene["near"]], why="pinned")

    row = rows(scene["near"])["vehicles"]
    assert row.adopted == "7"
    assert row.pin.reason == "Counted on the footage"


def test_a_sensitive_patrol_has_no_row_that_tells_where(scene):
    found = rows(add_sensitive(scene))

    assert not {"sector", "stops", "route"} & set(found)
    assert found["incident"].adopted == "protest"
    assert [cell.text for cell in found["incident"].cells] == ["protest"]


def test_a_reason_is_told_in_the_readers_language() -> None:
    reasons = {f"{said}, {more}" for said in WEIGHT_WORDS.values() for more in ("the earliest of equals",)}

    with translation.override("tr"):
        for why in (*reasons, "all accounts agree", "the later stage"):
            assert not {str(part) for part in why.split(", ")} & set(reasoned(why).split(", "))
        assert reasoned("what an editor wrote") == "what an editor wrote"
