"""What the charts have in common: sizes, rows, tooltips, legends, bars of shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from .palette import INK_2, PAPER, PROGRAMME, RULE_STRONG
from .table import Table

Chart = Any
"""Altair's charts, layered and side by side, share no type that knows their properties."""

WIDE = 760
"""Width in pixels of a plot without names beside it."""
LABELS = 300
"""The most that names beside a plot may take."""
BESIDE = 500
"""Width of a plot with names beside it."""
ROW = 26
"""Height of a row with a name in one line."""
TALL_ROW = 36
DASH = [3, 2]
BREAK = "|"
"""Between the lines of a name."""
LETTERS = 48
"""In a line of a name, at most."""
BAND = 8
"""Height of a bar in a row."""


def colour(number: int) -> str:
    """1 to 6 are the stylesheet's colours; 0 is the grey of what is not known."""
    return PROGRAMME[number - 1] if number else RULE_STRONG


def data(table: Table, records: Sequence[dict[str, Any]]) -> Any:
    made = [{**row, "label": labelled(table, row)} for row in records]
    return alt.Data(values=made)  # type: ignore[no-untyped-call]


def tips(table: Table, *names: str, shares: Sequence[str] = ()) -> list[alt.Tooltip]:
    """What a mark says of itself: the same columns, under the same names, as the table."""
    return [
        alt.Tooltip(field=name, type="quantitative", format=".0%", title=table.label(name))
        if name in shares
        else alt.Tooltip(field=name, type="nominal", title=table.label(name))
        for name in names
    ]


def names_in(records: Sequence[dict[str, Any]], by: str) -> list[str]:
    return list(dict.fromkeys(row[by] for row in records))


def rows(table: Table, records: Sequence[dict[str, Any]], *, named: bool = True) -> alt.Y:
    """The rows of the table from top to bottom, with or without their names."""
    axis = alt.Axis(
        title=None,
        labelLimit=LABELS,
        labelPadding=8,
        ticks=False,
        domain=False,
        grid=False,
        labelExpr=f"split(datum.label, {BREAK!r})",
    )
    # A fixed domain keeps the rows of plots that stand side by side in line.
    names = [labelled(table, row) for row in records]
    scale = alt.Scale(domain=list(dict.fromkeys(names)))
    return alt.Y("label:N", axis=axis if named else None, scale=scale)


def labelled(table: Table, row: dict[str, Any]) -> str:
    """The name of the row as the chart writes it: in lines, and with the number of patrols that it is of."""
    name = BREAK.join(wrap(str(row[table.by]), LETTERS)) or " "
    return f"{name} ({row['patrols']})" if table.counted else name


def height(table: Table, records: Sequence[dict[str, Any]]) -> int:
    lines = [labelled(table, row).count(BREAK) + 1 for row in records]
    return (ROW if max(lines, default=1) == 1 else TALL_ROW) * max(1, len(names_in(records, table.by)))


def nothing() -> Chart:
    """For a selection of which nothing is reported that could be drawn."""
    text = _("Nothing of this is reported in this selection.")
    made = alt.Data(values=[{"text": text}])  # type: ignore[no-untyped-call]
    return (
        alt.Chart(made)
        .mark_text(fontSize=14, color=INK_2)
        .encode(text="text:N")
        .properties(width=BESIDE, height=80)
    )


def legend(**more: Any) -> alt.Legend:
    return alt.Legend(title=None, orient="top", labelLimit=340, **more)


def faded(picked: Any) -> Any:
    """Marks that the legend's choice leaves out step back."""
    return alt.condition(picked, alt.value(1), alt.value(0.15))


def pick(field: str) -> Any:
    return alt.selection_point(fields=[field], bind="legend")


def share_bar(table: Table, records: Sequence[dict[str, Any]], name: str, title: str, fill: str) -> Chart:
    return (
        alt.Chart(data(table, records))
        .mark_bar(height=BAND + 4, color=fill)
        .encode(
            y=rows(table, records, named=False),
            x=alt.X(
                f"{name}:Q",
                title=title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 0.5, 1]),
            ),
            tooltip=tips(table, table.by, "patrols", name, shares=[name]),
        )
        .properties(width=110, height=height(table, records))
    )


def stacked(
    table: Table, fields: Sequence[str], names: Mapping[str, str], title: str, *, width: int = BESIDE
) -> Chart:
    """Shares of each row as one bar, a piece for each field."""
    long = [
        {**row, "field": names[field], "order": at, "number": row[field]}
        for row in table.records()
        for at, field in enumerate(fields)
        if row[field]
    ]
    kept = [names[field] for field in fields if any(one["field"] == names[field] for one in long)]
    picked = pick("field")
    return (
        alt.Chart(data(table, long))
        .mark_bar(height=BAND + 8, stroke=PAPER, strokeWidth=1)
        .encode(
            y=rows(table, table.records()),
            x=alt.X("number:Q", stack="normalize", title=title, axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color(
                "field:N",
                scale=alt.Scale(domain=kept, range=[colour(table.colours[name]) for name in kept]),
                legend=legend(columns=2),
            ),
            order=alt.Order("order:Q"),
            opacity=faded(picked),
            tooltip=[
                *tips(table, table.by),
                alt.Tooltip("field:N", title=" "),
                alt.Tooltip("number:Q", title=_("Number")),
            ],
        )
        .add_params(picked)
        .properties(width=width, height=height(table, table.records()))
    )
