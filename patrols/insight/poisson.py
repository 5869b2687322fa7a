"""Exact limits for a count of rare events: Garwood's interval, by the sums of the Poisson distribution.

F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936). The lower limit is the mean
under which `events` or more would be as rare as (1 - level) / 2, the upper one that under which `events` or
fewer would be.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log

LEVEL = 0.95
STEPS = 200
"""Halvings of the bracket, at most: far below the last digit of a float."""


def interval(events: int, level: float = LEVEL) -> tuple[float, float]:
    """Lower and upper limit of the mean of which `events` were counted; the lower one of 0 events is 0."""
    if events < 0:
        raise ValueError("A count is not negative.")
    if not 0 < level < 1:
        raise ValueError("The level lies between 0 and 1.")
    rare = (1 - level) / 2
    low = 0.0 if events == 0 else _solve(lambda mean: (1 - at_most(events - 1, mean)) < rare, events)
    high = _solve(lambda mean: at_most(events, mean) > rare, events)
    return low, high


def rate(events: int, exposure: float, per: float, level: float = LEVEL) -> tuple[float, float, float] | None:
    """Events for each `per` units of exposure, with the limits; None where there was no exposure."""
    if exposure <= 0:
        return None
    low, high = interval(events, level)
    return events / exposure * per, low / exposure * per, high / exposure * per


def at_most(events: int, mean: float) -> float:
    """The chance of `events` or fewer where `mean` are expected."""
    if events < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    # Summed from the greatest term outwards, so that no term is lost to rounding before it counts.
    if events < mean:
        return min(1.0, _sum(events, mean, down=True))
    return max(0.0, 1 - _sum(events + 1, mean, down=False))


def _sum(start: int, mean: float, *, down: bool) -> float:
    term = exp(start * log(mean) - mean - lgamma(start + 1))
    total, at = term, start
    while term > total * 1e-17:
        if down and at == 0:
            break
        term *= at / mean if down else mean / (at + 1)
        at += -1 if down else 1
        total += term
    return total


def _solve(too_small: Callable[[float], bool], start: int) -> float:
    """The mean at which `too_small` turns from true to false."""
    low, high = 0.0, float(start + 1)
    while too_small(high):
        low, high = high, high * 2
    for _step in range(STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if too_small(middle) else (low, middle)
    return (low + high) / 2
