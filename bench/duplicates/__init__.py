"""How well the same works are found, on pairs that a person labelled, and what it costs.

`labels.csv` names items of three catalogues by their keys: pairs drawn by likeness of the text, of
title, address and author, and at random, judged by reading titles, addresses and descriptions.
Thresholds were fitted on the half called tuning, though one person labelled both. After the half
called reporting had been measured one rule was added, against series told apart by the end of their
titles, found among the works themselves; it changed neither half's figures.
"""

from collections.abc import Iterator

from bench.duplicates import pairs, scale
from bench.figures import Figure
from bench.room import Room

__all__ = ["measure"]


def measure(room: Room) -> Iterator[Figure]:
    yield from pairs.measure(room)
    yield from scale.measure(room)
