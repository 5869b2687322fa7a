"""The colours of charts: the stylesheet's tokens, as a picture that stands alone has to name them.

A chart is drawn once, in the light colours. On a page they are replaced by the tokens, so that it follows
the reader's theme at once; in a dark file by the dark ones. No two tokens share a light colour.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Colour(NamedTuple):
    light: str
    dark: str


TOKENS = {
    "paper": Colour("#ffffff", "#14181d"),
    "ink": Colour("#1b1f24", "#e9e6df"),
    "ink-2": Colour("#545b64", "#a9adb3"),
    "rule": Colour("#dcd8cf", "#2d343d"),
    "rule-strong": Colour("#8d8a83", "#69717b"),
    "c1": Colour("#0072b2", "#56b4e9"),
    "c2": Colour("#c1490a", "#f08a4b"),
    "c3": Colour("#007a5a", "#38c79a"),
    "c4": Colour("#a8478c", "#de93c3"),
    "c5": Colour("#8a6500", "#e6b422"),
    "c6": Colour("#4b5560", "#b4bcc5"),
    "step-0": Colour("#efece5", "#20262d"),
    "step-1": Colour("#bcd9ec", "#1d4a66"),
    "step-2": Colour("#6fb0d8", "#2f7dab"),
    "step-3": Colour("#1f7fb8", "#63b5e6"),
    "step-4": Colour("#08456e", "#c6e6f9"),
}
"""As in `static/css/patrolwatch.css`; a test holds the two together."""
PAPER, INK, INK_2, RULE, RULE_STRONG = (
    TOKENS[name].light for name in ("paper", "ink", "ink-2", "rule", "rule-strong")
)
PROGRAMME = [TOKENS[f"c{number}"].light for number in range(1, 7)]
STEPS = [TOKENS[f"step-{number}"].light for number in range(5)]

_TOKEN_OF = {colour.light: name for name, colour in TOKENS.items()}
_LIGHT = re.compile("|".join(_TOKEN_OF))


def for_page(drawing: str) -> str:
    """The drawing, or its specification, with the stylesheet's tokens for colours."""
    return _LIGHT.sub(lambda found: f"var(--{_TOKEN_OF[found[0]]})", drawing)


def in_dark(drawing: str) -> str:
    return _LIGHT.sub(lambda found: TOKENS[_TOKEN_OF[found[0]]].dark, drawing)
