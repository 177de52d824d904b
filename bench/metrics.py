"""How good a judgement is that names some of many: what it finds, and how sure it is of it. Pure.

A ranking is ids, best first; `gold` are the ids that people gave.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


def r_precision(ranking: Sequence[str], gold: Collection[str], depth: int) -> float:
    """Hits among the first `depth`, of as many as could stand there. `gold` is not empty."""
    return len(set(gold).intersection(ranking[:depth])) / min(depth, len(gold))


@dataclass(frozen=True, slots=True)
class Counts:
    """Over many texts: how many ids were `given`, are `gold`, and are both."""

    given: int
    gold: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        return self.both / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.both / (self.given + self.gold) if self.both else 0.0


def counted(pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> Counts:
    """From what was given to each text, and its gold."""
    sizes = [(len(set(g)), len(set(o)), len(set(g).intersection(o))) for g, o in pairs]
    given, gold, both = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0, 0)
    return Counts(given, gold, both)


@dataclass(frozen=True, slots=True)
class Bin:
    """Judgements of like probability: their mean, and the share of them that was right."""

    low: float
    high: float
    said: float
    right: float
    number: int


def reliability(said: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Bins of equal width over [0, 1], those with nothing in them left out."""
    p, was = np.asarray(said, dtype=np.float64), np.asarray(right, dtype=np.float64)
    place = np.minimum((p * bins).astype(np.int64), bins - 1)
    return [
        Bin(b / bins, (b + 1) / bins, float(p[of].mean()), float(was[of].mean()), int(of.sum()))
        for b in range(bins)
        if (of := place == b).any()
    ]


def calibration_error(bins: Collection[Bin]) -> float:
    """The expected calibration error (Naeini, Cooper, Hauskrecht 2015)."""
    number = sum(one.number for one in bins)
    return sum(one.number * abs(one.said - one.right) for one in bins) / max(number, 1)
