"""Every chart: drawn from its table, in the house's colours, with no text that it was not given."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date
from pathlib import Path

import pytest

from patrols.insight import drawing, palette
from patrols.insight.analyses import ANALYSES
from patrols.insight.material import Amount, ClaimRow, Compared, Group

from .rows import account, material, numbered, patrol

CSS = (Path(__file__).resolve().parents[2] / "static" / "css" / "patrolwatch.css").read_text(encoding="utf-8")
HEX = re.compile(r"#[0-9a-f]{6}\b")


def some(name: str = "North programme"):
    """Rows of which every analysis has something to draw."""
    rows = [
        patrol(
            f"2020-0{number}-01",
            key=number,
            programme=programme,
            zones=("strip",),
            vehicles=Amount(4, 8, 9),
            personnel=Amount(20, 24, 30),
            length_km=Amount(30, 40, 50) if number % 2 else None,
            computed_km=20.0,
            incident="attack" if number == 3 else "",
            incidents=int(number == 3),
            publishers=1,
        )
        for programme in ("north", "south")
        for number in range(1, 8)
    ]
    return material(
        *rows,
        programmes={"north": Group("north", name, 1), "south": Group("south", "South programme", 2)},
        accounts=[account(1, kind="own", day=date(2020, 1, 1), published=date(2020, 1, 2))],
        claims=[ClaimRow(programme="north", count=12, voice="A ministry", date_to=date(2020, 12, 31))],
        numbered=[numbered("2020-01-01")],
        compared=[Compared("north", "vehicles", differs=True, contested=True)],
    )


def spec_of(slug: str, rows) -> dict:
    analysis = ANALYSES[slug]
    return drawing.specification(analysis.chart(analysis.tabulate(rows)), "In words")


@pytest.mark.parametrize("slug", ANALYSES)
def test_a_chart_is_drawn_in_the_houses_colours_alone(slug):
    drawn = drawing.svg(spec_of(slug, some()))

    assert drawn.startswith("<svg")
    assert set(HEX.findall(drawn)) <= {colour.light for colour in palette.TOKENS.values()}
    assert HEX.findall(palette.for_page(drawn)) == []
    assert set(HEX.findall(palette.in_dark(drawn))) <= {colour.dark for colour in palette.TOKENS.values()}


@pytest.mark.parametrize("slug", ANALYSES)
def test_a_chart_asks_for_nothing_from_elsewhere(slug):
    drawn = drawing.svg(spec_of(slug, some()))

    assert not re.search(r"@import|@font-face|<style|<script|<image|href=", drawn)
    assert set(re.findall(r'font-family="([^"]*)"', drawn)) <= {drawing.FONT}


@pytest.mark.parametrize("slug", ANALYSES)
def test_nothing_reported_is_said_in_the_picture(slug):
    assert "Nothing of this is reported" in drawing.svg(spec_of(slug, material()))


@pytest.mark.parametrize("slug", ANALYSES)
def test_what_an_editor_wrote_stays_text(slug):
    drawn = drawing.svg(spec_of(slug, some("<script>alert(1)</script>")))

    assert "<script" not in drawn


@pytest.mark.parametrize("slug", ANALYSES)
def test_every_analysis_says_that_it_shows_reports_and_what_it_cannot_show(slug):
    analysis = ANALYSES[slug]

    assert "reported" in str(analysis.shows)
    assert str(analysis.shows).endswith(".")
    assert str(analysis.cannot).endswith(".")


@pytest.mark.parametrize("slug", ANALYSES)
def test_the_chart_has_no_figure_that_is_not_in_its_table(slug):
    analysis = ANALYSES[slug]
    table = analysis.tabulate(some())
    told = {value for row in table.records() for value in row.values()}
    spec = json.dumps(spec_of(slug, some()))
    for values in re.findall(r'"(?:days|number|one|patrols|accounts|best|claimed)": ([0-9.]+)', spec):
        assert float(values) in told


def test_the_palette_is_the_stylesheets():
    for name, colour in palette.TOKENS.items():
        assert f"--{name}: light-dark({colour.light}, {colour.dark});" in CSS


def test_no_two_tokens_share_a_light_colour():
    assert len({colour.light for colour in palette.TOKENS.values()}) == len(palette.TOKENS)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_steps_from_few_to_many_are_told_apart_by_lightness_alone(theme):
    steps = [luminance(getattr(palette.TOKENS[f"step-{number}"], theme)) for number in range(5)]

    assert steps == sorted(steps, reverse=theme == "light")
    for one, other in itertools.pairwise(steps):
        high, low = max(one, other), min(one, other)
        assert (high + 0.05) / (low + 0.05) > 1.2


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["c1", "c2", "c3", "c4", "c5", "c6", "rule-strong"])
def test_marks_stand_out_from_the_paper(name, theme):
    paper = luminance(getattr(palette.TOKENS["paper"], theme))
    mark = luminance(getattr(palette.TOKENS[name], theme))
    high, low = max(paper, mark), min(paper, mark)

    assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("slug", ANALYSES)
def test_the_narrow_drawing_fits_a_phone(slug):
    analysis = ANALYSES[slug]
    chart = analysis.chart(analysis.tabulate(some()), narrow=True)
    drawn = drawing.svg(drawing.specification(chart, "In words"))

    assert int(float(re.search(r'width="([0-9.]+)"', drawn)[1])) <= 390


def test_a_picture_that_stands_alone_has_title_words_and_ground():
    spec = drawing.titled(spec_of("cadence", some()), "Cadence", ["As reported. " * 12, "Data version 1"])

    assert spec["title"]["text"] == "Cadence"
    assert all(len(line) <= drawing.LETTERS for line in spec["title"]["subtitle"])
    assert drawing.png(drawing.svg(spec)).startswith(b"\x89PNG")


def test_months_and_numbers_are_the_readers_languages():
    from django.utils import translation

    with translation.override("tr"):
        locale = spec_of("cadence", some())["config"]["locale"]

    assert locale["number"]["decimal"] == ","
    assert locale["time"]["months"][0] == "Ocak"
