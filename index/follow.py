"""Keeping an index level with the catalogue: backfill, rebuild and everyday publishing alike."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalogue.model import Change, ItemKey


class Changes(Protocol):
    """The catalogue as its followers see it: rows by the number of their latest change."""

    def head(self) -> int:
        """The number of the latest change; 0 where nothing was stored yet."""
        ...

    def epoch(self) -> str:
        """Names this life of the catalogue; another one after a backup was restored."""
        ...

    def after(self, sequence: int, limit: int) -> list[Change]:
        """The next rows above `sequence`, in order, as they stand now."""
        ...

    def live_passages(self) -> Iterator[tuple[ItemKey, int, int]]:
        """Of every searchable item: its key, its number of passages, its sequence number."""
        ...


class Vectors(Protocol):
    """The embedding cache."""

    def get(self, model: str, hashes: Iterable[str]) -> Mapping[str, NDArray[np.floating[Any]]]:
        """The vectors known of these text hashes; what is not known is left out."""
        ...
