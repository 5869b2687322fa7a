"""The charts, as Vega-Lite specifications made with Altair. Each is drawn from the rows of its table alone.

Altair takes a second to import, so this module is imported only where a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from . import marks
from .outcome import ENOUGH, STATUSES, status_names
from .palette import INK, INK_2, PAPER, RULE_STRONG, STEPS
from .sourcing import VOICES, voice_names
from .table import Table

# When


def cadence(table: Table) -> marks.Chart:
    records = table.records()
    if not any(row["patrols"] for row in records):
        return marks.nothing()
    grey = {row["name"] for row in records if table.colours.get(row["name"], 6) == 6}
    other = next(iter(grey)) if len(grey) == 1 else _("other programmes")
    for row in records:
        row["key"] = other if row["name"] in grey else row["name"]
    records = [row for row in records if row["patrols"]]
    keys = sorted(marks.names_in(records, "key"), key=lambda name: table.colours.get(name, 6))
    for row in records:
        row["order"] = keys.index(row["key"])
    picked = marks.pick("key")
    return (
        alt.Chart(marks.data(table, records))
        .mark_bar(stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=alt.X("first_day:T", title=None, scale=alt.Scale(type="utc"), axis=_time_axis(records)),
            x2="last_day:T",
            y=alt.Y("sum(patrols):Q", title=_("patrols reported"), axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "key:N",
                scale=alt.Scale(domain=keys, range=[marks.colour(table.colours.get(key, 6)) for key in keys]),
                legend=marks.legend(columns=marks.size().columns) if len(keys) > 1 else None,
            ),
            order=alt.Order("order:Q"),
            opacity=marks.faded(picked),
            tooltip=marks.tips(table, "period", "name", "patrols"),
        )
        .add_params(picked)
        .properties(width=marks.size().alone, height=240)
    )


def _time_axis(records: Sequence[dict[str, Any]]) -> alt.Axis:
    years = len({row["first_day"][:4] for row in records})
    return alt.Axis(
        format="%Y" if years > 2 else "%b %Y",
        tickCount="year" if years > 2 else 8,
        grid=False,
        labelSeparation=6,
    )


def gaps(table: Table) -> marks.Chart:
    return _every_gap(table) if table.by == "kind" else _gap_rows(table)


def _every_gap(table: Table) -> marks.Chart:
    records = table.records()
    kinds = [kind for kind in table.colours if any(row["kind"] == kind for row in records)]
    picked = marks.pick("kind")
    return (
        alt.Chart(marks.data(table, records))
        .mark_bar(stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=alt.X(
                "after:T",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%Y", tickCount="year", grid=False),
            ),
            x2="before:T",
            y=alt.Y("days:Q", title=_("days without a reported patrol")),
            y2=alt.datum(0),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[marks.colour(table.colours[kind]) for kind in kinds]),
                legend=marks.legend(),
            ),
            opacity=marks.faded(picked),
            tooltip=marks.tips(table, "after", "before", "days", "kind"),
        )
        .add_params(picked)
        .properties(width=marks.size().alone, height=240)
    )


def _gap_rows(table: Table) -> marks.Chart:
    shown = [row for row in table.records() if row["gaps"] or row["current_days"]]
    if not shown:
        return marks.nothing()
    kinds = {"median_days": _("median"), "longest_days": _("longest"), "current_days": _("current")}
    points = [
        {**row, "kind": kind, "days": row[name]}
        for row in shown
        for name, kind in kinds.items()
        if row[name] is not None
    ]
    y = marks.rows(table, shown)
    x = alt.X(
        "days:Q",
        title=_("days without a reported patrol, in powers of ten"),
        scale=alt.Scale(type="log", nice=True),
        axis=alt.Axis(values=[1, 10, 100, 1000, 10000], format=",d"),
    )
    base = alt.Chart(marks.data(table, points))
    line = base.mark_rule(color=RULE_STRONG).encode(y=y, x=alt.X("min(days):Q"), x2="max(days):Q")
    mark = base.mark_point(size=90, strokeWidth=2, filled=False, opacity=1).encode(
        y=y,
        x=x,
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(
                domain=list(kinds.values()), range=[marks.colour(1), marks.colour(2), marks.colour(6)]
            ),
            legend=marks.legend(),
        ),
        shape=alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=list(kinds.values()), range=["circle", "square", "diamond"]),
            legend=marks.legend(),
        ),
        tooltip=[
            *marks.tips(table, "name"),
            alt.Tooltip("kind:N", title=_("Gap")),
            alt.Tooltip("days:Q", title=_("Days")),
            *marks.tips(table, "longest_after", "longest_before", "last_patrol"),
        ],
    )
    return (line + mark).properties(width=marks.size().beside, height=marks.height(table, shown))


def coverage(table: Table) -> marks.Chart:
    records = table.records()
    steps = [0, 1, 2, 4, 8]
    names = ["0", "1", "2–3", "4–7", _("8 and more")]
    for row in records:
        row["step"] = names[max(at for at, least in enumerate(steps) if row["patrols"] >= least)]
    return (
        alt.Chart(marks.data(table, records))
        .mark_rect(stroke=PAPER, strokeWidth=1)
        .encode(
            x=alt.X("utcyearmonth(first_day):T", title=None, axis=_time_axis(records)),
            y=marks.rows(table, records),
            color=alt.Color(
                "step:N",
                scale=alt.Scale(domain=names, range=list(STEPS)),
                legend=marks.legend(symbolType="square", symbolStrokeColor=RULE_STRONG, symbolStrokeWidth=1),
            ),
            tooltip=marks.tips(table, "name", "month", "patrols"),
        )
        .properties(width=marks.size().beside, height=marks.height(table, records))
    )


# With what


def figures(table: Table, title: str) -> marks.Chart:
    """Lowest to highest as a line, the median as a point; beside it the share unknown."""
    records = [row for row in table.records() if row["known"]]
    if not records:
        return marks.nothing()
    y = marks.rows(table, records)
    tips = marks.tips(table, table.by, "patrols", "known", "lowest", "best", "highest")
    base = alt.Chart(marks.data(table, records))
    line = base.mark_rule(color=RULE_STRONG, strokeWidth=3).encode(
        y=y,
        x=alt.X("lowest:Q", title=title, scale=alt.Scale(zero=True), axis=alt.Axis(tickMinStep=1)),
        x2="highest:Q",
        tooltip=tips,
    )
    point = base.mark_point(filled=True, opacity=1, size=90, color=marks.colour(1)).encode(
        y=y, x="best:Q", tooltip=tips
    )
    left = (line + point).properties(width=marks.size().first, height=marks.height(table, records))
    unknown = marks.share_bar(table, records, "unknown_share", _("share unknown"), marks.colour(0))
    return marks.two(left, unknown)


def personnel(table: Table) -> marks.Chart:
    return figures(table, _("personnel a patrol, as reported: low, best, high"))


def vehicles(table: Table) -> marks.Chart:
    return figures(table, _("vehicles a patrol, as reported: low, best, high"))


def distance(table: Table) -> marks.Chart:
    records = table.records()
    bases = [basis for basis in table.colours if any(row["basis"] == basis for row in records)]
    for row in records:
        row["order"] = bases.index(row["basis"])
    known = [row for row in records if row["best_km"] is not None]
    if not known:
        return marks.nothing()
    with_km = set(marks.names_in(known, table.by))
    kept = [row for row in records if row[table.by] in with_km]
    scale = alt.Scale(domain=bases, range=[marks.colour(table.colours[basis]) for basis in bases])
    shapes = alt.Scale(domain=bases, range=["circle", "square", "diamond"][: len(bases)])
    tips = marks.tips(table, table.by, "basis", "patrols", "lowest_km", "best_km", "highest_km", "total_km")
    x = alt.X(
        "lowest_km:Q",
        title=_("km a patrol: shortest, median, longest"),
        scale=alt.Scale(type="log"),
        axis=alt.Axis(values=[1, 10, 100, 1000, 10000], format=",d"),
    )
    base = alt.Chart(marks.data(table, known)).encode(
        y=marks.rows(table, kept),
        color=alt.Color("basis:N", scale=scale, legend=marks.legend()),
        tooltip=tips,
    )
    offset = alt.YOffset("basis:N", sort=bases)
    line = base.mark_rule(strokeWidth=2).encode(x=x, x2="highest_km:Q", yOffset=offset)
    point = base.mark_point(filled=True, opacity=1, size=80).encode(
        x="best_km:Q", yOffset=offset, shape=alt.Shape("basis:N", scale=shapes, legend=marks.legend())
    )
    shares = (
        alt.Chart(marks.data(table, kept))
        .mark_bar(height=marks.BAND + 4)
        .encode(
            y=marks.rows(table, kept, named=False),
            x=alt.X(
                "share:Q",
                title=_("share of patrols"),
                axis=alt.Axis(format="%", values=[0, 0.5, 1]),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color("basis:N", scale=scale, legend=marks.legend()),
            order=alt.Order("order:Q"),
            tooltip=marks.tips(table, table.by, "basis", "patrols", "share", shares=["share"]),
        )
        .properties(width=marks.size().second, height=marks.height(table, kept))
    )
    left = (line + point).properties(width=marks.size().first, height=marks.height(table, kept))
    return marks.two(left, shares)


# What became of it


def incidents(table: Table) -> marks.Chart:
    records = [row for row in table.records() if row["patrols"] >= ENOUGH]
    if not records:
        return marks.nothing()
    left = _rates(table, records, "per_100", _("incidents reported for each 100 patrols"), named=True)
    right = _rates(table, records, "per_1000_km", _("for each 1,000 km reported"), named=False)
    return marks.two(left, right)


def _rates(
    table: Table, records: Sequence[dict[str, Any]], name: str, title: str, *, named: bool
) -> marks.Chart:
    extra = ("km", "incidents_with_km") if name == "per_1000_km" else ("patrols", "incidents")
    tips = [
        *marks.tips(table, table.by, *extra),
        *(
            alt.Tooltip(field=field, type="quantitative", format=",.1f", title=table.label(field))
            for field in (name, f"{name}_low", f"{name}_high")
        ),
    ]
    y = marks.rows(table, records, named=named)
    base = alt.Chart(marks.data(table, records)).transform_filter(f"isValid(datum.{name})")
    line = base.mark_rule(color=RULE_STRONG, strokeWidth=2).encode(
        y=y, x=alt.X(f"{name}_low:Q", title=title), x2=f"{name}_high:Q", tooltip=tips
    )
    ends = [
        base.mark_tick(color=RULE_STRONG, thickness=2, size=10, opacity=1).encode(
            y=y, x=f"{name}_{end}:Q", tooltip=tips
        )
        for end in ("low", "high")
    ]
    point = base.mark_point(filled=True, opacity=1, size=80, color=marks.colour(2)).encode(
        y=y, x=f"{name}:Q", tooltip=tips
    )
    return alt.layer(line, *ends, point).properties(
        width=marks.size().half, height=marks.height(table, records)
    )


def completion(table: Table) -> marks.Chart:
    names = status_names()
    fields = [code or "not_said" for code in STATUSES if names[code] in table.colours]
    labels = {code or "not_said": name for code, name in names.items()}
    return marks.stacked(table, fields, labels, _("share of patrols reported"), width=marks.size().beside)


# Who says so


def sources(table: Table) -> marks.Chart:
    mix = marks.stacked(
        table, list(VOICES), voice_names(), _("share of accounts"), width=marks.size().first - 30
    )
    records = table.records()
    kinds = {"one_publisher_share": _("one publisher"), "one_voice_share": _("one voice")}
    points = [
        {**row, "kind": kind, "one": row[name]}
        for row in records
        for name, kind in kinds.items()
        if row[name] is not None
    ]
    names = list(kinds.values())
    single = (
        alt.Chart(marks.data(table, points))
        .mark_point(size=80, strokeWidth=2, filled=False, opacity=1)
        .encode(
            y=marks.rows(table, records, named=False),
            x=alt.X(
                "one:Q",
                title=_("share of patrols with only"),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 0.5, 1]),
            ),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=names, range=[INK, marks.colour(2)]), legend=marks.legend()
            ),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=names, range=["circle", "triangle-right"]),
                legend=marks.legend(),
            ),
            tooltip=marks.tips(
                table,
                table.by,
                "patrols",
                "one_publisher_share",
                "one_voice_share",
                shares=["one_publisher_share", "one_voice_share"],
            ),
        )
        .properties(width=marks.size().second + 20, height=marks.height(table, records))
    )
    return marks.two(mix, single).resolve_scale(color="independent", shape="independent")


def lag(table: Table) -> marks.Chart:
    records = table.records()
    unknown = next(iter(table.colours))
    bars = alt.Chart(marks.data(table, records)).encode(
        y=marks.rows(table, records),
        x=alt.X("accounts:Q", title=_("accounts reported"), axis=alt.Axis(tickMinStep=1, tickCount=6)),
    )
    return (
        bars.mark_bar(height=marks.BAND + 8).encode(
            color=alt.condition(
                alt.FieldEqualPredicate(field="lag", equal=unknown),
                alt.value(marks.colour(0)),
                alt.value(marks.colour(1)),
            ),
            tooltip=marks.tips(table, "lag", "accounts", "share", shares=["share"]),
        )
        + bars.mark_text(align="left", dx=4, color=INK_2).encode(text="accounts:Q")
    ).properties(width=marks.size().beside, height=marks.height(table, records))


def disagreements(table: Table) -> marks.Chart:
    kinds = [
        ("compared", _("two accounts or more"), STEPS[2], 18),
        ("differ", _("accounts differ"), STEPS[4], 12),
        ("contested", _("contested between participants"), marks.colour(2), 6),
    ]
    records = table.records()
    scale = alt.Scale(domain=[kind[1] for kind in kinds], range=[kind[2] for kind in kinds])
    tips = marks.tips(
        table, "name", "compared", "differ", "differ_share", "contested", shares=["differ_share"]
    )
    title, axis = _("patrols reported"), alt.Axis(tickMinStep=1)
    layers = [
        alt.Chart(marks.data(table, [{**row, "kind": name} for row in records if row[field]]))
        .mark_bar(height=height)
        .encode(
            y=marks.rows(table, records),
            x=alt.X(f"{field}:Q", title=title, axis=axis),
            color=alt.Color("kind:N", scale=scale, legend=marks.legend()),
            tooltip=tips,
        )
        for field, name, _fill, height in kinds
    ]
    return alt.layer(*layers).properties(width=marks.size().beside, height=marks.height(table, records))


def claimed(table: Table) -> marks.Chart:
    records = table.records()
    kinds = {"claimed": _("claimed"), "recorded": _("recorded")}
    points = [
        {**row, "kind": kind, "number": row[name]}
        for row in records
        for name, kind in kinds.items()
        if row[name] is not None
    ]
    tips = marks.tips(table, "name", "voice", "period", "counter", "claimed", "recorded", "reports")
    line = (
        alt.Chart(marks.data(table, [row for row in records if row["recorded"] is not None]))
        .mark_rule(color=RULE_STRONG, strokeWidth=2)
        .encode(
            y=marks.rows(table, records),
            x=alt.X("recorded:Q", title=_("patrols")),
            x2="claimed:Q",
            tooltip=tips,
        )
    )
    names = list(kinds.values())
    mark = (
        alt.Chart(marks.data(table, points))
        .mark_point(size=90, strokeWidth=2, filled=False, opacity=1)
        .encode(
            y=marks.rows(table, records),
            x="number:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=names, range=[marks.colour(2), marks.colour(1)]),
                legend=marks.legend(),
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=names, range=["diamond", "circle"]), legend=marks.legend()
            ),
            tooltip=tips,
        )
    )
    return (line + mark).properties(width=marks.size().beside, height=marks.height(table, records))
