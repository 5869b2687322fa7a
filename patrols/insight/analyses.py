"""The analyses: what each shows, what it cannot show, what it is made from, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from .claimed import claimed
from .material import Material
from .outcome import completion, incidents
from .pace import cadence, coverage, gaps
from .sourcing import disagreements, lag, sources
from .strength import distance, personnel, vehicles
from .table import Table

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One question put to the record. Its slug is its address and the name of its chart in `charts`."""

    slug: str
    title: _StrPromise
    shows: _StrPromise
    """One sentence; it says that everything is as reported."""
    cannot: _StrPromise
    """One sentence: what must not be read into it."""
    needs: Sequence[str]
    """What of `Material` it is made from."""
    tabulate: Callable[[Material], Table]

    def get_absolute_url(self) -> str:
        return f"/insight/{self.slug}/"

    def chart(self, table: Table, *, narrow: bool = False) -> Any:
        """The Altair chart of the table, `narrow` for a phone.

        Imports Altair, which takes a second or two the first time.
        """
        from . import charts, marks

        with marks.sized(marks.NARROW if narrow else marks.WIDE):
            return getattr(charts, self.slug)(table) if table.rows else marks.nothing()


_ALL = (
    Analysis(
        slug="cadence",
        title=_("Cadence"),
        shows=_("How many patrols that set out were reported, by month or by a longer period."),
        cannot=_("It cannot tell fewer patrols from fewer reports: a low bar is a low count in this record."),
        needs=("patrols",),
        tabulate=cadence,
    ),
    Analysis(
        slug="gaps",
        title=_("Gaps"),
        shows=_(
            "How many days passed between reported patrols of a programme: the median, the longest, and the "
            "current one up to the last day that the record may speak of."
        ),
        cannot=_(
            "A gap is time without a reported patrol in this record, and no proof that none took place."
        ),
        needs=("patrols",),
        tabulate=gaps,
    ),
    Analysis(
        slug="claimed",
        title=_("Claimed and recorded"),
        shows=_(
            "Totals of patrols that parties or others claim for a period, as reported, beside the patrols "
            "that the record holds for it."
        ),
        cannot=_(
            "The difference cannot be split into what this record misses and what was not done or was "
            "counted in another way."
        ),
        needs=("claims", "numbered"),
        tabulate=claimed,
    ),
    Analysis(
        slug="incidents",
        title=_("Incidents"),
        shows=_(
            "Incidents reported for each 100 patrols and for each 1,000 km of reported distance, with exact "
            "95 % Poisson intervals."
        ),
        cannot=_(
            "It cannot give the true risk: incidents draw reports, quiet patrols often go unreported, and "
            "the interval covers chance alone."
        ),
        needs=("patrols",),
        tabulate=incidents,
    ),
    Analysis(
        slug="personnel",
        title=_("Personnel"),
        shows=_(
            "How many people took part in a patrol as reported: the lowest figure, the median of the best "
            "ones, the highest, and the share of patrols for which nobody gives one."
        ),
        cannot=_("It cannot speak for the patrols without a figure, which are most of them."),
        needs=("patrols",),
        tabulate=personnel,
    ),
    Analysis(
        slug="vehicles",
        title=_("Vehicles"),
        shows=_(
            "How many vehicles, ships or aircraft took part in a patrol as reported: the lowest figure, the "
            "median of the best ones, the highest, and the share of patrols for which nobody gives one."
        ),
        cannot=_(
            "It cannot speak for the patrols without a figure, and a ship is not compared with a vehicle."
        ),
        needs=("patrols",),
        tabulate=vehicles,
    ),
    Analysis(
        slug="distance",
        title=_("Distance"),
        shows=_(
            "How long patrols were, as reported; apart from these the lengths computed from drawn lines "
            "where no distance was reported."
        ),
        cannot=_(
            "Computed lengths are of a coarse line and are no report, so the two are neither added nor "
            "averaged together."
        ),
        needs=("patrols",),
        tabulate=distance,
    ),
    Analysis(
        slug="completion",
        title=_("Completion"),
        shows=_(
            "How far patrols got as reported: completed, broken off, cancelled, or started without a word "
            "on the outcome."
        ),
        cannot=_("It cannot tell how many patrols failed: one that was quietly dropped leaves no report."),
        needs=("patrols",),
        tabulate=completion,
    ),
    Analysis(
        slug="sources",
        title=_("Sources"),
        shows=_(
            "Whose words the reported accounts carry, and the share of patrols that rest on one publisher "
            "or on one voice."
        ),
        cannot=_(
            "It cannot tell whether sources are right or independent: several publishers may repeat one "
            "statement."
        ),
        needs=("patrols", "accounts"),
        tabulate=sources,
    ),
    Analysis(
        slug="lag",
        title=_("Reporting lag"),
        shows=_("How many days after a reported patrol the reports on it were published."),
        cannot=_("It cannot speak for reports without a date, nor for those that no editor has found yet."),
        needs=("accounts",),
        tabulate=lag,
    ),
    Analysis(
        slug="disagreements",
        title=_("Disagreements"),
        shows=_(
            "On which facts the reported accounts of one patrol differ, and where participants contradict "
            "each other."
        ),
        cannot=_(
            "It cannot tell who is right, and a fact that only one account gives cannot be disagreed about."
        ),
        needs=("compared",),
        tabulate=disagreements,
    ),
    Analysis(
        slug="coverage",
        title=_("Coverage by zone and month"),
        shows=_("In which months patrols were reported in which zone."),
        cannot=_(
            "It cannot show patrols without a known zone or month; an empty month is one without a report."
        ),
        needs=("patrols", "zones"),
        tabulate=coverage,
    ),
)
ANALYSES = {analysis.slug: analysis for analysis in _ALL}
"""By slug, in the order in which pages list them."""
