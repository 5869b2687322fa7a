"""What is claimed of a programme as a whole, beside what the record holds for the same period and count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import DatePrecision
from ..templatetags.record import in_words, period, qualified
from .ledger import WHOLE, Total, falls_under
from .material import ClaimRow, Material, NumberedRow
from .strength import share
from .table import Column, Kind, Table, group_of


@dataclass(slots=True)
class Claimed:
    """One total that several reports give alike."""

    claim: ClaimRow
    recorded: int | None
    """Patrols that set out under it; None where the claim can be held against no period."""
    reports: int = 0


def recorded_under(claim: ClaimRow, patrols: Iterable[NumberedRow]) -> int | None:
    """How many of the patrols fall under the claim; None where it names no end and was published on no day.

    By the rule of the ledger, so that both say the same number.
    """
    held = [row.held for row in patrols if row.programme == claim.programme]
    total = Total(
        count=claim.count, date_from=claim.date_from, date_to=claim.date_to, published=claim.published
    )
    if total.until is None:
        return None
    start = min((one.date_start for one in held if one.date_start), default=None)
    whole = total.from_the_start(start)
    return sum(falls_under(total, one, part_count(claim), whole) for one in held)


def part_count(claim: ClaimRow) -> str:
    """Slug of the count, where it is not the whole programme's."""
    return "" if claim.counter == WHOLE else claim.counter


def beside_the_record(claims: Iterable[ClaimRow], patrols: Iterable[NumberedRow]) -> list[Claimed]:
    """Claims that say the same in the same voice are one; each with what is recorded."""
    rows = list(patrols)
    groups: dict[tuple[Any, ...], Claimed] = {}
    for claim in claims:
        key = (
            claim.programme,
            claim.count,
            claim.qualifier,
            claim.date_from,
            claim.date_to,
            part_count(claim),
            claim.voice,
            # Without an end the day of publication is the end, so another day is another claim.
            None if claim.date_to else claim.published,
        )
        if key not in groups:
            groups[key] = Claimed(claim, recorded_under(claim, rows))
        groups[key].reports += 1
    return list(groups.values())


def claimed(material: Material) -> Table:
    found = beside_the_record(material.claims, material.numbered)
    order = {slug: at for at, slug in enumerate(material.programmes)}
    found.sort(key=lambda one: (order.get(one.claim.programme, len(order)), -one.claim.count))
    rows = [_row(material, one) for one in found]
    if len({row[0] for row in rows}) < len(rows):
        rows = [(f"{number}. {row[0]}", *row[1:]) for number, row in enumerate(rows, start=1)]
    apart = sum(one.recorded is None for one in found)
    notes = []
    if apart:
        notes.append(
            ngettext(
                "{n} claim names no period, so nothing stands beside it.",
                "{n} claims name no period, so nothing stands beside them.",
                apart,
            ).format(n=apart)
        )
    return Table(
        columns=[
            Column("claim", _("Claim"), in_page=False, in_file=False),
            Column("programme", _("Programme"), in_page=False),
            Column("name", _("Programme")),
            Column("voice", _("Who says so")),
            Column("period", _("Period"), in_file=False),
            Column("date_from", _("From"), Kind.DAY, in_page=False),
            Column("date_to", _("To"), Kind.DAY, in_page=False),
            Column("counter", _("Whose count")),
            Column("qualifier", _("Put as"), in_page=False),
            Column("claimed", _("Claimed"), Kind.COUNT),
            Column("recorded", _("Recorded"), Kind.COUNT),
            Column("recorded_share", _("Share recorded"), Kind.SHARE),
            Column("reports", _("Reports"), Kind.COUNT),
        ],
        rows=rows,
        by="claim",
        notes=notes,
    )


def _row(material: Material, one: Claimed) -> tuple[Any, ...]:
    claim = one.claim
    until = claim.date_to or claim.published
    told = period(claim)
    if claim.date_to is None and claim.published:
        told = _("until {day}, when it was published").format(
            day=in_words(claim.published, claim.published, DatePrecision.DAY)
        )
    label = f"{qualified(claim.count, claim.qualifier)}: {claim.voice}"
    return (
        f"{label}, {told}" if until else f"{label}, {group_of(material, claim.programme).name}",
        claim.programme,
        group_of(material, claim.programme).name,
        claim.voice,
        told,
        claim.date_from,
        until,
        claim.counter_name if part_count(claim) else "",
        claim.qualifier,
        claim.count,
        one.recorded,
        None if one.recorded is None else share(one.recorded, claim.count),
        one.reports,
    )
