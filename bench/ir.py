"""How good a ranking is, against what people judged relevant. Pure.

A ranking is ids, best first; `gains` are the judged ids with how relevant they are (0: not at all).
"""

import math
from collections.abc import Iterable, Mapping, Sequence

Gains = Mapping[str, float]


def ndcg(ranking: Sequence[str], gains: Gains, depth: int) -> float:
    """Normalised discounted cumulative gain (Järvelin, Kekäläinen 2002)."""
    ideal = _discounted(sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:depth])
    return _discounted(gains.get(id, 0.0) for id in ranking[:depth]) / ideal if ideal else 0.0


def recall(ranking: Sequence[str], gains: Gains, depth: int) -> float:
    """The share of what is relevant that stands among the first `depth`."""
    relevant = {id for id, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], gains: Gains, depth: int) -> float:
    """1 over the place of the first relevant one; 0 where none is among the first `depth`."""
    places = (place for place, id in enumerate(ranking[:depth], 1) if gains.get(id, 0) > 0)
    return 1 / next(places, math.inf)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))
