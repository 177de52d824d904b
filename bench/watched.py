"""A workshop whose encoder is timed."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from bench.timing import timed
from enrichment.encoder import Reading, TextEncoder, Vectors
from flows.workshop import Workshop

T = TypeVar("T")


class TimedEncoder:
    """Another encoder, and how often, how much and how long it was asked to encode."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self.calls = 0
        self.texts = 0
        self.seconds = 0.0
        self.processor = 0.0

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
        self._count(texts)
        return self._timed(lambda: self._encoder.encode(texts))

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        """Timed while it computes, not while its caller works on what came."""
        self._count(texts)
        found = self._encoder.read(texts)
        while (one := self._timed(lambda: next(found, None))) is not None:
            yield one

    def _count(self, texts: Sequence[str]) -> None:
        self.calls += 1
        self.texts += len(texts)

    def _timed(self, action: Callable[[], T]) -> T:
        made, took = timed(action)
        self.seconds += took.seconds
        self.processor += took.processor
        return made


class WatchedWorkshop(Workshop):
    """As any workshop; `timed` is what its encoder did."""

    @cached_property
    def timed(self) -> TimedEncoder:
        return TimedEncoder(super().encoder)

    @cached_property
    def encoder(self) -> TextEncoder:
        return self.timed
