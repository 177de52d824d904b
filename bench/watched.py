"""A workshop whose encoder is timed."""

import time
from collections.abc import Iterator, Sequence
from functools import cached_property

from enrichment.encoder import Reading, TextEncoder, Vectors
from flows.workshop import Workshop


class TimedEncoder:
    """Another encoder, and how often, how much and how long it was asked to encode."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self.calls = 0
        self.texts = 0
        self.seconds = 0.0

    @property
    def id(self) -> str:
        return self._encoder.id

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    @property
    def max_pieces(self) -> int:
        return self._encoder.max_pieces

    def count(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        try:
            return self._encoder.encode(texts)
        finally:
            self.calls += 1
            self.texts += len(texts)
            self.seconds += time.perf_counter() - began

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        """Timed while it computes, not while its caller works on what came."""
        self.calls += 1
        self.texts += len(texts)
        found = self._encoder.read(texts)
        while True:
            began = time.perf_counter()
            one = next(found, None)
            self.seconds += time.perf_counter() - began
            if one is None:
                return
            yield one


class WatchedWorkshop(Workshop):
    """As any workshop; `timed` is what its encoder did."""

    @cached_property
    def timed(self) -> TimedEncoder:
        return TimedEncoder(super().encoder)

    @cached_property
    def encoder(self) -> TextEncoder:
        return self.timed
