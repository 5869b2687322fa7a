"""What the charts have in common: sizes, rows, tooltips, legends, bars of shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from textwrap import wrap
from typing import Any, NamedTuple

import altair as alt
from django.utils.translation import gettext as _

from .palette import INK_2, PAPER, PROGRAMME, RULE_STRONG
from .table import Table

Chart = Any
"""Altair's charts, layered and side by side, share no type that knows their properties."""

ROW = 26
"""Height of a row with a name in one line."""
LINE = 14
"""Height that each further line of a name takes."""
BREAK = "|"
"""Between the lines of a name."""
BAND = 8
"""Height of a bar in a row."""


class Size(NamedTuple):
    """Widths in pixels."""

    alone: int
    """A plot without names beside it."""
    beside: int
    """A plot with names beside it."""
    first: int
    """The first of two plots, with the names."""
    second: int
    half: int
    """Each of two plots that weigh the same."""
    labels: int
    """The most that names may take."""
    letters: int
    """In a line of a name, at most."""
    columns: int
    """Of a legend."""
    stacked: bool
    """Two plots stand one below the other, each with its names."""


WIDE = Size(760, 500, 420, 120, 225, 300, 48, 2, False)
NARROW = Size(285, 185, 185, 185, 185, 130, 19, 1, True)
"""For a phone."""
_size: ContextVar[Size] = ContextVar("size", default=WIDE)


@contextmanager
def sized(wanted: Size) -> Iterator[None]:
    """Within it every chart is made in that size."""
    token = _size.set(wanted)
    try:
        yield
    finally:
        _size.reset(token)


def size() -> Size:
    return _size.get()


def two(first: Chart, second: Chart) -> Chart:
    """Two plots of the same rows, side by side where there is room."""
    if size().stacked:
        return alt.vconcat(first, second, spacing=16)
    return alt.hconcat(first, second, spacing=24)


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
        labelLimit=size().labels,
        labelPadding=8,
        ticks=False,
        domain=False,
        grid=False,
        labelExpr=f"split(datum.label, {BREAK!r})",
    )
    # A fixed domain keeps the rows of plots that stand side by side in line.
    names = [labelled(table, row) for row in records]
    scale = alt.Scale(domain=list(dict.fromkeys(names)))
    return alt.Y("label:N", axis=axis if named or size().stacked else None, scale=scale)


def labelled(table: Table, row: dict[str, Any]) -> str:
    """The name of the row as the chart writes it: in lines, and with the number of patrols that it is of."""
    name = BREAK.join(wrap(str(row[table.by]), size().letters)) or " "
    return f"{name} ({row['patrols']})" if table.counted else name


def height(table: Table, records: Sequence[dict[str, Any]]) -> int:
    most = max((labelled(table, row).count(BREAK) for row in records), default=0)
    return (ROW + LINE * most) * max(1, len(names_in(records, table.by)))


def nothing() -> Chart:
    """For a selection of which nothing is reported that could be drawn."""
    text = _("Nothing of this is reported in this selection.")
    made = alt.Data(values=[{"text": text}])  # type: ignore[no-untyped-call]
    return (
        alt.Chart(made)
        .mark_text(fontSize=12, color=INK_2)
        .encode(text="text:N")
        .properties(width=size().alone, height=80)
    )


def legend(**more: Any) -> alt.Legend:
    if size().stacked and "columns" not in more:
        more["columns"] = 2
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
        .properties(width=size().second, height=height(table, records))
    )


def stacked(
    table: Table, fields: Sequence[str], names: Mapping[str, str], title: str, *, width: int
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
                legend=legend(columns=size().columns),
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
