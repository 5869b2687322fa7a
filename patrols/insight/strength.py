"""With what: personnel, vehicles and distances, and how often no report gives them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from .material import Amount, Material, PatrolRow
from .pace import set_out
from .table import Column, Kind, Table, parts


def share(some: int, whole: int) -> float | None:
    """`some` of `whole`; None where there is nothing to have a share of."""
    return some / whole if whole else None


def figures(material: Material, fact: str, label: str) -> Table:
    """Lowest, median best and highest figure of the patrols that set out and have one; the share without.

    `fact` is personnel or vehicles. The lowest is the least that any account gives of any patrol, the
    highest the most; in between stands the median of the adopted figures.
    """
    split = parts(material, _("date not known"), set_out(material.patrols))
    rows: list[tuple[Any, ...]] = []
    for part in split.parts:
        known = [amount for row in part.patrols if (amount := getattr(row, fact)) is not None]
        missing = len(part.patrols) - len(known)
        rows.append(
            (
                *split.names(part),
                len(part.patrols),
                len(known),
                share(missing, len(part.patrols)),
                *_range(known),
                median(one.low for one in known) if known else None,
                median(one.high for one in known) if known else None,
            )
        )
    return Table(
        columns=[
            *split.columns(_("Programme"), _("Year")),
            Column("patrols", _("Patrols reported"), Kind.COUNT),
            Column("known", _("With a figure"), Kind.COUNT),
            Column("unknown_share", _("Share unknown"), Kind.SHARE),
            Column("lowest", _("Lowest"), Kind.NUMBER),
            Column("best", _("Best (median)"), Kind.NUMBER),
            Column("highest", _("Highest"), Kind.NUMBER),
            Column("median_low", _("Median of the low figures"), Kind.NUMBER, in_page=False),
            Column("median_high", _("Median of the high figures"), Kind.NUMBER, in_page=False),
        ],
        rows=rows,
        by="name",
        counted=True,
        colours=split.colours,
        notes=[_unknown(set_out(material.patrols), fact, label)] if rows else [],
    )


def _range(known: Sequence[Amount]) -> tuple[float | None, float | None, float | None]:
    if not known:
        return None, None, None
    return (
        min(one.low for one in known),
        median(one.best for one in known),
        max(one.high for one in known),
    )


def _unknown(rows: Sequence[PatrolRow], fact: str, label: str) -> str:
    missing = sum(getattr(row, fact) is None for row in rows)
    return _("{figure}: no report gives it for {n} of {all} patrols.").format(
        figure=label, n=missing, all=len(rows)
    )


def personnel(material: Material) -> Table:
    return figures(material, "personnel", _("Personnel"))


def vehicles(material: Material) -> Table:
    return figures(material, "vehicles", _("Vehicles"))


def distance(material: Material) -> Table:
    """Kilometres a patrol by where they come from: reported, computed from the drawn line, or not known.

    A patrol stands under one of the three: a reported distance is never mended by a computed one.
    """
    split = parts(material, _("date not known"), set_out(material.patrols))
    reported, computed, unknown = _("reported"), _("computed"), _("not known")
    rows: list[tuple[Any, ...]] = []
    for part in split.parts:
        told = [row.length_km for row in part.patrols if row.length_km is not None]
        drawn = [
            Amount(row.computed_km, row.computed_km, row.computed_km)
            for row in part.patrols
            if row.length_km is None and row.computed_km is not None
        ]
        rest = len(part.patrols) - len(told) - len(drawn)
        for basis, known in ((reported, told), (computed, drawn)):
            if known:
                rows.append(
                    (
                        *split.names(part),
                        basis,
                        len(known),
                        share(len(known), len(part.patrols)),
                        *_range(known),
                        sum(one.best for one in known),
                    )
                )
        if rest:
            empty = (None, None, None, None)
            rows.append((*split.names(part), unknown, rest, share(rest, len(part.patrols)), *empty))
    return Table(
        columns=[
            *split.columns(_("Programme"), _("Year")),
            Column("basis", _("Distance is")),
            Column("patrols", _("Patrols"), Kind.COUNT),
            Column("share", _("Share"), Kind.SHARE),
            Column("lowest_km", _("Shortest (km)"), Kind.NUMBER),
            Column("best_km", _("Median (km)"), Kind.NUMBER),
            Column("highest_km", _("Longest (km)"), Kind.NUMBER),
            Column("total_km", _("Total (km)"), Kind.NUMBER),
        ],
        rows=rows,
        by="name",
        colours={reported: 1, computed: 2, unknown: 0},
        notes=[_unknown(set_out(material.patrols), "length_km", _("Distance"))] if rows else [],
    )
