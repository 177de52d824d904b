"""How long answers took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.figures import Figure

P50_MS, P95_MS, PAUSE_MS = 8, 20, 250


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of requests sent one after another over one connection, in milliseconds."""

    milliseconds: Sequence[float]

    def percentile(self, percent: float) -> float:
        return float(np.percentile(self.milliseconds, percent))

    @property
    def longest(self) -> float:
        return max(self.milliseconds)

    def figures(self, when: str, note: str = "", *, targets: bool = True) -> Iterator[Figure]:
        """p50, p95 and the longest pause."""
        rows = (("p50", self.percentile(50), P50_MS), ("p95", self.percentile(95), P95_MS))
        note = note or f"{len(self.milliseconds):,} requests"
        for name, value, most in (*rows, ("longest pause", self.longest, PAUSE_MS)):
            yield Figure(
                "search", f"{when}: {name}", value, "ms", most if targets else None, note=note
            )
