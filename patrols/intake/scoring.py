"""How well a file's rows were put together, measured against rows that are known to be of one patrol."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """Pairwise: of the pairs put together, how many belong so; of those that do, how many were."""

    together: int
    right: int
    expected: int
    wrong: tuple[Pair, ...]
    """Pairs put into one patrol that are of two."""
    missed: tuple[Pair, ...]
    """Pairs of one patrol that were not put together."""

    @property
    def precision(self) -> float:
        return self.right / self.together if self.together else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0


def score(keys: Mapping[str, str], patrols: Mapping[str, str]) -> Score:
    """Score rows by their truth key (`keys`) and the patrol they were put into (`patrols`).

    Only rows with a key count. A row without a patrol (rejected, waiting, a mere claim) is in no pair.
    """
    truth = _pairs({row: key for row, key in keys.items() if key})
    made = _pairs({row: patrols[row] for row, key in keys.items() if key and patrols.get(row)})
    right = made & truth
    return Score(len(made), len(right), len(truth), tuple(sorted(made - truth)), tuple(sorted(truth - made)))


def _pairs(groups: Mapping[str, str]) -> set[Pair]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for row, group in groups.items():
        members[group].append(row)
    return {pair for rows in members.values() for pair in combinations(sorted(rows), 2)}
