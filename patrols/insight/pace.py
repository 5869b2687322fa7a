"""When patrols were reported: cadence, gaps, coverage by zone and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .material import Area, Material, PatrolRow
from .rhythm import Cadence, Gap, Period, Rhythm, placed, rhythm
from .rhythm import cadence as count_periods
from .table import Column, Kind, Table, group_of, plain_number


def set_out(rows: Iterable[PatrolRow]) -> list[PatrolRow]:
    return [row for row in rows if row.set_out]


def not_placed(number: int) -> str:
    return ngettext(
        "{n} patrol that set out is left out, because no report dates it closely enough.",
        "{n} patrols that set out are left out, because no report dates them closely enough.",
        number,
    ).format(n=number)


def period_name(start: date, period: Period) -> str:
    """`2020-03`, `2020-Q1` or `2020`: sorts as it reads, in every language."""
    match period:
        case Period.MONTH:
            return f"{start:%Y-%m}"
        case Period.QUARTER:
            return f"{start.year}-Q{(start.month + 2) // 3}"
    return str(start.year)


def _by_programme(rows: Iterable[PatrolRow]) -> dict[str, list[PatrolRow]]:
    found: dict[str, list[PatrolRow]] = {}
    for row in rows:
        found.setdefault(row.programme, []).append(row)
    return found


def cadence(material: Material) -> Table:
    """Patrols that set out, a programme and period; months for a few years, quarters or years for more."""
    out = set_out(material.patrols)
    spans = [span for row in out if (span := row.span)]
    period = Period.fit(min(s.first for s in spans), max(s.last for s in spans)) if spans else Period.MONTH
    counted = {
        slug: count_periods([(span, row.exact) for row in rows if (span := row.span)], period)
        for slug, rows in _by_programme(out).items()
    }
    rows: list[tuple[Any, ...]] = []
    for slug, group in material.programmes.items():
        for start, patrols in counted.get(slug, Cadence()).counts.items():
            last = period.after(start) - timedelta(days=1)
            rows.append((period_name(start, period), start, last, slug, group.name, patrols))
    left_out = len(out) - sum(row[-1] for row in rows)
    return Table(
        columns=[
            Column("period", _("Period")),
            Column("first_day", _("First day"), Kind.DAY, in_page=False),
            Column("last_day", _("Last day"), Kind.DAY, in_page=False),
            Column("programme", _("Programme"), in_page=False),
            Column("name", _("Programme")),
            Column("patrols", _("Patrols reported"), Kind.COUNT),
        ],
        rows=rows,
        by="name",
        colours={group.name: group.colour for group in material.programmes.values()},
        notes=[not_placed(left_out)] if left_out else [],
    )


def rhythm_of(rows: Iterable[PatrolRow], until: date | None) -> Rhythm:
    """The gaps of one programme's patrols that set out; those without any date are left out."""
    return rhythm([span for row in rows if row.set_out and (span := row.span)], until)


def gaps(material: Material) -> Table:
    """A row a programme; every gap of it where there is one programme only."""
    found = _by_programme(set_out(material.patrols))
    rhythms: dict[str, Rhythm] = {}
    for slug in material.programmes:
        if slug in found:
            end = group_of(material, slug).end
            days = [day for day in (material.until, end) if day]
            rhythms[slug] = rhythm_of(found[slug], min(days, default=None))
    if len(rhythms) == 1:
        slug, one = next(iter(rhythms.items()))
        return _every_gap(one, len(found[slug]), group_of(material, slug).colour)
    rows = [
        (
            slug,
            group_of(material, slug).name,
            len(found[slug]),
            len(found[slug]) - one.dated,
            len(one.gaps),
            one.median,
            one.longest.days if one.longest else None,
            one.longest.after if one.longest else None,
            one.longest.before if one.longest else None,
            one.current.after if one.current else None,
            one.current.days if one.current else None,
        )
        for slug, one in rhythms.items()
    ]
    return Table(
        columns=[
            Column("programme", _("Programme"), in_page=False),
            Column("name", _("Programme")),
            Column("patrols", _("Patrols reported"), Kind.COUNT),
            Column("left_out", _("Dated too vaguely"), Kind.COUNT),
            Column("gaps", _("Gaps"), Kind.COUNT),
            Column("median_days", _("Median (days)"), Kind.NUMBER),
            Column("longest_days", _("Longest (days)"), Kind.COUNT),
            Column("longest_after", _("after"), Kind.DAY),
            Column("longest_before", _("before"), Kind.DAY),
            Column("last_patrol", _("Last patrol"), Kind.DAY),
            Column("current_days", _("Current (days)"), Kind.COUNT),
        ],
        rows=rows,
        by="name",
        notes=[_("Choose one programme to see every gap of it.")],
    )


def _every_gap(found: Rhythm, patrols: int, colour: int) -> Table:
    def row(gap: Gap, kind: str) -> tuple[Any, ...]:
        return (gap.after, gap.before, gap.days, kind)

    past, doubt, still = _("between patrols"), _("doubtful"), _("current")
    rows = [row(gap, doubt if gap.doubtful else past) for gap in found.gaps]
    if found.current:
        rows.append(row(found.current, still))
    notes = []
    if found.median is not None:
        notes.append(_("Median gap: {days} days.").format(days=plain_number(found.median)))
    if found.longest:
        notes.append(
            _("Longest: {days} days, from {after} to {before}.").format(
                days=plain_number(found.longest.days), **_days(found.longest)
            )
        )
    if found.current:
        notes.append(
            _("Current: {days} days since {after}.").format(
                days=plain_number(found.current.days), **_days(found.current)
            )
        )
    if left_out := patrols - found.dated:
        notes.append(not_placed(left_out))
    if found.vague:
        notes.append(_("A gap is doubtful where a patrol that is dated to more than a month may lie in it."))
    return Table(
        columns=[
            Column("after", _("Patrol on"), Kind.DAY),
            Column("before", _("Next on"), Kind.DAY),
            Column("days", _("Days"), Kind.COUNT),
            Column("kind", _("Gap")),
        ],
        rows=rows,
        by="kind",
        colours={past: colour, doubt: 6, still: 2 if colour != 2 else 1},
        notes=notes,
    )


def _days(gap: Gap) -> dict[str, str]:
    day = Column("day", "", Kind.DAY)
    return {"after": day.shown(gap.after), "before": day.shown(gap.before)}


def coverage(material: Material) -> Table:
    """Patrols that set out, a zone and month, from the first month with one to the last.

    A month in which the zone did not hold has no row; a month without a recorded patrol has 0.
    """
    out = set_out(material.patrols)
    counts: Counter[tuple[str, date]] = Counter()
    in_zones = vague = 0
    for row in out:
        if not row.zones:
            continue
        in_zones += 1
        start = placed(row.span, Period.MONTH, exact=row.exact) if row.span else None
        if start is None:
            vague += 1
            continue
        counts.update((zone, start) for zone in row.zones)
    months = [month for _zone, month in counts]
    span = Period.MONTH.between(min(months), max(months)) if months else []
    used = {zone for zone, _month in counts}
    rows = [
        (area.slug, area.name, period_name(month, Period.MONTH), month, counts[area.slug, month])
        for area in material.zones
        if area.slug in used
        for month in span
        if counts[area.slug, month] or _held(area, month)
    ]
    nowhere = len(out) - in_zones
    notes = []
    if nowhere:
        notes.append(
            ngettext(
                "{n} patrol that set out lies in none of the zones, or nobody says where it was.",
                "{n} patrols that set out lie in none of the zones, or nobody says where they were.",
                nowhere,
            ).format(n=nowhere)
        )
    if vague:
        notes.append(not_placed(vague))
    return Table(
        columns=[
            Column("zone", _("Zone"), in_page=False),
            Column("name", _("Zone")),
            Column("month", _("Month")),
            Column("first_day", _("First day"), Kind.DAY, in_page=False, in_file=False),
            Column("patrols", _("Patrols reported"), Kind.COUNT),
        ],
        rows=rows,
        by="name",
        notes=notes,
    )


def _held(area: Area, month: date) -> bool:
    last = Period.MONTH.after(month) - timedelta(days=1)
    return (area.valid_from is None or area.valid_from <= last) and (
        area.valid_to is None or area.valid_to >= month
    )
