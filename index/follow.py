"""Keeping an index level with the catalogue: backfill, rebuild and everyday publishing alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalogue.errors import WrongIndex
from catalogue.model import Change, ItemKey
from index.conditions import AnyOf, Conditions, Either, Within
from index.engine import Engine, Watermark
from index.identity import Identity
from index.points import item_id, points

BATCH = 256  # changes; what a crash may have to repeat. Edge flushes in 10 to 400 ms
PUT = 256  # points an engine is handed at once


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

    def get(self, model: str, hashes: Collection[str]) -> Mapping[str, NDArray[np.float32]]:
        """The vectors known of these text hashes; what is not known is left out."""
        ...


class Following(Protocol):
    """What is followed into: an open engine and the encoder whose vectors it holds."""

    @property
    def engine(self) -> Engine: ...

    @property
    def identity(self) -> Identity: ...


def follow(
    changes: Changes, vectors: Vectors, generation: Following, limit: int | None = None
) -> int:
    """Apply up to `limit` changes above the generation's watermark (all there are, if None).

    Returns how many were applied. Points become durable before the watermark moves, so a crash
    repeats some changes and skips none; applying one twice is harmless.
    Raises WrongIndex where the generation followed another life of the catalogue.
    """
    mark = followed(changes, generation.engine)
    applied = 0
    while limit is None or applied < limit:
        wanted = BATCH if limit is None else min(BATCH, limit - applied)
        batch = changes.after(mark.sequence, wanted)
        if not batch:
            break
        apply(batch, vectors, generation)
        mark = Watermark(batch[-1].sequence, mark.epoch)
        generation.engine.set_watermark(mark)
        applied += len(batch)
    return applied


def followed(changes: Changes, engine: Engine) -> Watermark:
    """Where to go on. A restored catalogue counts anew, so its numbers mean other rows."""
    mark = engine.watermark()
    epoch = changes.epoch()
    if mark == Watermark():
        return Watermark(0, epoch)
    if mark.epoch != epoch or mark.sequence > changes.head():
        raise WrongIndex(
            "the catalogue was restored or replaced after this index followed it; "
            "run `skillshelf rebuild`"
        )
    return mark


def apply(batch: Sequence[Change], vectors: Vectors, generation: Following) -> None:
    """Make each item's points exactly what its change says, durably.

    New points come before stale ones go, so that a search in between finds the item.
    """
    latest = {change.key: change for change in batch}
    hashes = {p.text_hash for change in latest.values() for p in change.passages}
    known = vectors.get(generation.identity.encoder, hashes) if hashes else {}
    fresh = {key: points(change, known) for key, change in latest.items()}
    engine = generation.engine
    everything = [point for own in fresh.values() for point in own]
    for start in range(0, len(everything), PUT):
        engine.put(everything[start : start + PUT])
    engine.remove((Either(tuple(_stale(key, len(own)) for key, own in fresh.items())),))
    engine.flush()


def _stale(key: ItemKey, kept: int) -> Conditions:
    of = AnyOf("of", (item_id(key),))
    return (of, Within("number", low=kept)) if kept else (of,)
