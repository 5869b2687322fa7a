"""The words that reports are read by, one module per language.

Each module holds the same tables, so that a speaker of the language can check and extend them without
reading any code. `patrols/intake/extract/lexicon.py` says how phrases are written. The labels of `PHRASES`:

==================  ==========================================================================================
patrol, patrols     one joint patrol; patrols in the plural (the series, or a count)
convoy              the patrol on the move: convoy, column, drive, tour, flight
joint               together, of two or more sides
source              who speaks (a ministry, an agency): the side named in it does not patrol
military_police     stands for the Russian side where no side is named
completed, started, suspended, cancelled, announced
                    what a patrol did; `suspended` is one patrol broken off on its way
returned            a patrol is over
scoped, of_kind, not_patrol
                    beside an ordinal: counts a part ("this month"); the series; no patrols
many, another       the report has several patrols; goes on to the next one
back                the sentence tells of an earlier patrol; `tense_back` only hints at it
same_day            takes the edge off `back`: "earlier today"
elsewhere           from here on the report is about something else
deal                agreements, and what they lay down
habit               what usually happens
each_case           holds for every patrol of the report
solo                one side alone
vehicle, vehicle_two, personnel, ship
                    what is counted; `vehicle_two` is a dual form
each_side, one_from_each, both_sides, same_for
                    so many from each side; one from each partner; in all; "and as many" (Arabic)
damaged             counts beside it are damage, not strength
about, over, under  approximations
km, mile, nautical, metre, hour, half_hour, minute
length, depth, width, strip, away, lasted
                    what a distance or a time measures; `away` is a distance from somewhere
uav, helicopter, aircraft, not_air
                    air support; `not_air` marks flights that are none (transport of wounded, interception)
casualty, unhurt, ied, attack, blocked, stones, protest, mishap, quiet
                    incidents; `mishap` is any other, `quiet` says that nothing happened
carried_out, since, until, so_far
                    cumulative claims
suspend, resume     of the series
village, from, to, via, reached, near, between, area, direction, province, crossing
                    places
today, yesterday, tomorrow, last, next, said, this_month, early, mid, late
                    dates
==================  ==========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from patrols.intake.extract.words import ar, en, ru, tr


@dataclass(frozen=True)
class Words:
    """One language's tables."""

    lang: str
    phrases: dict[str, str]
    cardinals: dict[float, str]
    ordinals: dict[int, str]
    each: dict[int, str]
    months: dict[int, str]
    weekdays: dict[int, str]
    sides: dict[str, str]
    not_places: str


def _load(module: ModuleType) -> Words:
    return Words(
        module.__name__.rpartition(".")[2],
        module.PHRASES,
        module.CARDINALS,
        module.ORDINALS,
        module.EACH,
        module.MONTHS,
        module.WEEKDAYS,
        module.SIDES,
        module.NOT_PLACES,
    )


LANGUAGES: dict[str, Words] = {words.lang: words for words in map(_load, (en, tr, ru, ar))}
