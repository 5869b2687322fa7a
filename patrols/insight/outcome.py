"""What became of patrols: incidents for each 100 patrols and 1,000 km, and how many were completed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Status
from .material import Material, PatrolRow
from .pace import set_out
from .poisson import rate
from .strength import share
from .table import Column, Kind, Table, parts

ENOUGH = 5
"""Patrols below which the chart leaves a rate out: its interval would span the page."""
STATUSES = ("completed", "started", "suspended", "cancelled", "announced", "")
STATUS_COLOURS = {"completed": 1, "started": 0, "suspended": 5, "cancelled": 2, "announced": 4, "": 0}


def incidents(material: Material) -> Table:
    """Incidents reported of patrols that set out, with exact 95 % limits (Garwood).

    The rate by distance has only the patrols with a reported distance, above and below the line.
    """
    split = parts(material, _("date not known"), set_out(material.patrols))
    rows = [(*split.names(part), *_rates(part.patrols)) for part in split.parts]
    columns = [
        *split.columns(_("Programme"), _("Year")),
        Column("patrols", _("Patrols reported"), Kind.COUNT),
        Column("incidents", _("Incidents reported"), Kind.COUNT),
        Column("unsaid_share", _("Share without a word on incidents"), Kind.SHARE),
        Column("per_100", _("Per 100 patrols"), Kind.NUMBER),
        Column("per_100_low", _("95 % from"), Kind.NUMBER),
        Column("per_100_high", _("to"), Kind.NUMBER),
        Column("patrols_with_km", _("With a reported distance"), Kind.COUNT),
        Column("km", _("Kilometres reported"), Kind.NUMBER),
        Column("incidents_with_km", _("Incidents on these"), Kind.COUNT),
        Column("per_1000_km", _("Per 1,000 km"), Kind.NUMBER),
        Column("per_1000_km_low", _("95 % from"), Kind.NUMBER),
        Column("per_1000_km_high", _("to"), Kind.NUMBER),
    ]
    names = [column.name for column in columns]
    few = sum(row[names.index("patrols")] < ENOUGH for row in rows)
    kept_back = sum(row.incidents for row in material.patrols if not row.set_out)
    notes = []
    if kept_back:
        notes.append(
            ngettext(
                "{n} incident of a patrol that did not set out is left out.",
                "{n} incidents of patrols that did not set out are left out.",
                kept_back,
            ).format(n=kept_back)
        )
    if few:
        notes.append(
            _("Rows with fewer than {n} patrols stand in the table and not in the chart.").format(n=ENOUGH)
        )
    return Table(columns=columns, rows=rows, by="name", counted=True, colours=split.colours, notes=notes)


def _rates(patrols: Sequence[PatrolRow]) -> tuple[Any, ...]:
    happened = sum(row.incidents for row in patrols)
    unsaid = sum(not row.incident for row in patrols)
    told = [row for row in patrols if row.length_km is not None]
    km = sum(row.length_km.best for row in told if row.length_km)
    on_these = sum(row.incidents for row in told)
    nothing = (None, None, None)
    return (
        len(patrols),
        happened,
        share(unsaid, len(patrols)),
        *(rate(happened, len(patrols), 100) or nothing),
        len(told),
        km if told else None,
        on_these if told else None,
        *(rate(on_these, km, 1000) or nothing),
    )


def status_names() -> dict[str, str]:
    return {code: str(Status(code).label) if code else _("not said") for code in STATUSES}


def completion(material: Material) -> Table:
    """Patrols by how far they got. The share completed is of those whose outcome is reported."""
    split = parts(material, _("date not known"))
    names = status_names()
    present = [code for code in STATUSES if any(row.status == code for row in material.patrols)]
    rows = []
    for part in split.parts:
        counts = {code: sum(row.status == code for row in part.patrols) for code in STATUSES}
        known = counts["completed"] + counts["suspended"] + counts["cancelled"]
        rows.append(
            (
                *split.names(part),
                len(part.patrols),
                *(counts[code] for code in present),
                share(counts["completed"], known),
                share(len(part.patrols) - known, len(part.patrols)),
            )
        )
    return Table(
        columns=[
            *split.columns(_("Programme"), _("Year")),
            Column("patrols", _("Patrols reported"), Kind.COUNT),
            *(Column(code or "not_said", names[code], Kind.COUNT) for code in present),
            Column("completed_share", _("Completed, of those with an outcome"), Kind.SHARE),
            Column("unknown_share", _("Share without an outcome"), Kind.SHARE),
        ],
        rows=rows,
        by="name",
        counted=True,
        colours={names[code]: STATUS_COLOURS[code] for code in present},
    )
