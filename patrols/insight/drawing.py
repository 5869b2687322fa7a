"""From an analysis and its rows to what is served: specification, SVG, PNG.

vl-convert draws on the server with the engine that browsers use (Vega), without a browser and without the
network. Its first call starts a JavaScript engine, which takes a second or two.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from textwrap import wrap
from typing import Any

import vl_convert
from django.utils import dates
from django.utils.formats import get_format

from .palette import INK, INK_2, PAPER, RULE, RULE_STRONG

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
"""Fonts of one width that systems have, so that names fit where they were measured; none is fetched."""
LETTERS = 100
"""In a line under the title, at most."""
SCALE = 2
"""Pixels of the PNG for each pixel of the drawing."""
Spec = dict[str, Any]


def specification(chart: Any, description: str) -> Spec:
    """The chart as Vega-Lite, in the house's style and the reader's language."""
    spec: Spec = chart.to_dict()
    spec["description"] = description
    spec["background"] = None
    spec["config"] = _config()
    return spec


def _config() -> Spec:
    text = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "font": FONT,
        # The picture is one image with one description, and the table below it says the same in words.
        "aria": False,
        "mark": {"aria": False},
        "locale": {"number": _numbers(), "time": _times()},
        "view": {"stroke": None},
        "axis": text
        | {
            "labelColor": INK_2,
            "titleColor": INK_2,
            "gridColor": RULE,
            "domainColor": RULE_STRONG,
            "tickColor": RULE_STRONG,
            "titlePadding": 8,
        },
        "axisY": {"domain": False, "ticks": False},
        "legend": {"labelFontSize": 12, "labelColor": INK, "symbolSize": 90, "offset": 12, "rowPadding": 4},
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 16,
            "subtitleColor": INK_2,
            "subtitleFontSize": 12,
            "subtitlePadding": 6,
            "offset": 14,
        },
    }


def _numbers() -> Spec:
    """https://d3js.org/d3-format#formatLocale from Django's formats."""
    return {
        "decimal": str(get_format("DECIMAL_SEPARATOR")),
        "thousands": str(get_format("THOUSAND_SEPARATOR")),
        "grouping": [3],
        "currency": ["", ""],
    }


def _times() -> Spec:
    """https://d3js.org/d3-time-format#timeFormatLocale from Django's names of days and months."""
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    return {
        "dateTime": "%-d %B %Y %X",
        "date": "%Y-%m-%d",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [str(dates.WEEKDAYS[day]) for day in sunday_first],
        "shortDays": [str(dates.WEEKDAYS_ABBR[day]) for day in sunday_first],
        "months": [str(name) for name in dates.MONTHS.values()],
        "shortMonths": [str(dates.MONTHS_3[month]) for month in dates.MONTHS],
    }


def titled(spec: Spec, title: str, lines: list[str]) -> Spec:
    """The same as a picture that stands alone: with its title, what it must say, and a ground."""
    return {
        **spec,
        "title": {"text": title, "subtitle": [part for line in lines for part in wrap(line, LETTERS)]},
        "background": PAPER,
        "padding": 16,
    }


def svg(spec: Spec) -> str:
    drawn: str = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    return drawn


def png(drawing: str) -> bytes:
    made: bytes = vl_convert.svg_to_png(drawing, scale=SCALE)
    return made


def bundle() -> str:
    """Vega, Vega-Lite and vega-embed for browsers, with the interpreter that needs no eval; some seconds."""
    text: str = vl_convert.javascript_bundle(None)  # type: ignore[arg-type]
    return text


BUNDLE_VERSION = f"{vl_convert.get_vega_version()}-{version('vl-convert-python')}"
"""Names the bundle in its address: another version of vl-convert has another address."""
