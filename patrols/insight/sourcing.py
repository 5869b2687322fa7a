"""Who says so: the mix of sources, how late reports come, and on what they disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..templatetags.record import FACTS
from .material import AccountRow, Compared, Material
from .strength import share
from .table import Column, Kind, Table, parts, plain_number

VOICES = {
    "own": ("own",),
    "official": ("ministry", "government", "state_media"),
    "agency": ("agency",),
    "monitor": ("monitor",),
    "local": ("local_media",),
    "other": ("media", "think_tank", "other"),
}
"""Voices as the chart tells them apart, by kind of publisher; "own" is a participant's own statement."""
VOICE_OF = {kind: voice for voice, kinds in VOICES.items() for kind in kinds}
FREE_WORDS = ("air_support",)
"""Facts that are told in free words: other words are no other fact."""
LAGS: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 3), (4, 7), (8, 30), (31, 365), (366, None))
"""Days from the patrol to the report, first and last of each class."""


def voice_names() -> dict[str, str]:
    return {
        "own": _("participants themselves"),
        "official": _("officials, state media"),
        "agency": _("news agencies"),
        "monitor": _("monitors"),
        "local": _("local media"),
        "other": _("other media"),
    }


def sources(material: Material) -> Table:
    """Accounts by whose words they carry, and the share of patrols that rest on one source.

    Several publishers may carry the same statement, so single sources are counted twice: by publisher and
    by voice.
    """
    split = parts(material, _("date not known"))
    names = voice_names()
    of_patrol: dict[int, list[AccountRow]] = {}
    for account in material.accounts:
        of_patrol.setdefault(account.patrol, []).append(account)
    rows: list[tuple[Any, ...]] = []
    for part in split.parts:
        told = [account for row in part.patrols for account in of_patrol.get(row.key, ())]
        mix = Counter(VOICE_OF.get(account.kind, "other") for account in told)
        one_publisher = sum(row.publishers == 1 for row in part.patrols)
        voices = [{account.voice for account in of_patrol.get(row.key, ())} for row in part.patrols]
        rows.append(
            (
                *split.names(part),
                len(part.patrols),
                share(one_publisher, len(part.patrols)),
                share(sum(len(one) == 1 for one in voices), len(part.patrols)),
                len(told),
                *(mix[voice] for voice in VOICES),
            )
        )
    return Table(
        columns=[
            *split.columns(_("Programme"), _("Year")),
            Column("patrols", _("Patrols reported"), Kind.COUNT),
            Column("one_publisher_share", _("One publisher only"), Kind.SHARE),
            Column("one_voice_share", _("One voice only"), Kind.SHARE),
            Column("accounts", _("Accounts"), Kind.COUNT),
            *(Column(voice, names[voice], Kind.COUNT) for voice in VOICES),
        ],
        rows=rows,
        by="name",
        counted=True,
        colours={names[voice]: number for number, voice in enumerate(VOICES, start=1)},
    )


def lag(material: Material) -> Table:
    """Accounts by the days from the patrol to the report; those without both days stand apart."""
    known = [days for account in material.accounts if (days := account.lag) is not None]
    missing = len(material.accounts) - len(known)
    counted: list[tuple[str, int | None, int | None, int]] = [
        (_("before the patrol"), None, -1, sum(days < 0 for days in known))
    ]
    counted += [
        (
            _lag_name(first, last),
            first,
            last,
            sum(first <= days and (last is None or days <= last) for days in known),
        )
        for first, last in LAGS
    ]
    rows: list[tuple[Any, ...]] = [
        (name, first, last, number, share(number, len(known))) for name, first, last, number in counted
    ]
    rows.append((_("not known"), None, None, missing, None))
    notes = []
    if known:
        notes.append(_("Median of the reports with a day: {days}.").format(days=_days(median(known))))
    if missing:
        notes.append(
            ngettext(
                "{n} of {all} accounts has no lag: the report or the patrol is not dated to the day.",
                "{n} of {all} accounts have no lag: the report or the patrol is not dated to the day.",
                missing,
            ).format(n=missing, all=len(material.accounts))
        )
    return Table(
        columns=[
            Column("lag", _("Days after the patrol")),
            Column("days_from", _("From (days)"), Kind.COUNT, in_page=False),
            Column("days_to", _("To (days)"), Kind.COUNT, in_page=False),
            Column("accounts", _("Accounts"), Kind.COUNT),
            Column("share", _("Share of those known"), Kind.SHARE),
        ],
        rows=rows if material.accounts else [],
        by="lag",
        colours={_("not known"): 0},
        notes=notes,
    )


def _days(number: float) -> str:
    return ngettext("{n} day", "{n} days", int(number)).format(n=plain_number(number))


def _lag_name(first: int, last: int | None) -> str:
    if first == 0:
        return _("same day")
    if last is None:
        return _("more than {n}").format(n=first - 1)
    return str(first) if first == last else f"{first}–{last}"


def disagreements(material: Material) -> Table:
    """For each fact: patrols of which two accounts or more give it, how many differ or are contested."""
    told: dict[str, list[Compared]] = {}
    for one in material.compared:
        told.setdefault(one.fact, []).append(one)
    rows = [_fact(fact, told[fact]) for fact in FACTS if fact in told and fact not in FREE_WORDS]
    return Table(
        columns=[
            Column("fact", _("Fact"), in_page=False),
            Column("name", _("Fact")),
            Column("compared", _("Patrols with two accounts of it or more"), Kind.COUNT),
            Column("differ", _("Accounts differ"), Kind.COUNT),
            Column("differ_share", _("Share"), Kind.SHARE),
            Column("contested", _("Contested between participants"), Kind.COUNT),
        ],
        rows=sorted(rows, key=lambda row: (-row[3], -row[2], row[0])),
        by="name",
        notes=[_("Air support is left out: it is told in free words, which cannot be compared.")]
        if set(told) & set(FREE_WORDS)
        else [],
    )


def _fact(fact: str, found: Sequence[Compared]) -> tuple[Any, ...]:
    differ = sum(one.differs for one in found)
    contested = sum(one.contested for one in found)
    return (fact, str(FACTS[fact]), len(found), differ, share(differ, len(found)), contested)
