"""How long actions and answers take. Of the standard library alone: peers run it too."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar

WARM = 5  # questions asked before any is timed

T = TypeVar("T")
Ranking = Sequence[str]
Ranker = Callable[[str, int], Ranking]


class Spent(NamedTuple):
    """Seconds that passed, and those that processors worked."""

    seconds: float
    processor: float


def timed(action: Callable[[], T]) -> tuple[T, Spent]:
    began, worked = time.perf_counter(), time.process_time()
    made = action()
    return made, Spent(time.perf_counter() - began, time.process_time() - worked)


def answers(
    ranker: Ranker, queries: Sequence[str], depth: int
) -> tuple[list[Ranking], list[Spent]]:
    """To each query in turn a ranking, and what it took; one is asked after another."""
    for text in islice(queries, WARM):
        ranker(text, depth)
    told = [timed(partial(ranker, text, depth)) for text in queries]
    return [ranking for ranking, _ in told], [took for _, took in told]
