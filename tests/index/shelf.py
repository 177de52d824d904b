"""A catalogue in memory: a second implementation of what the index follows, and items to put in."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogue.hashing import text_hash
from catalogue.model import (
    Change,
    Draft,
    EffectiveTag,
    Item,
    ItemKey,
    Locator,
    Method,
    Passage,
    Place,
    Standing,
    State,
    Tag,
)
from index.identity import Identity

DIMENSIONS = 32
IDENTITY = Identity("hashed-words", DIMENSIONS, "1")
START = datetime(2026, 1, 1, tzinfo=UTC)


def embed(text: str) -> NDArray[np.float32]:
    """A vector of hashed words: texts that share words are near each other."""
    vector = np.full(DIMENSIONS, 1e-3, dtype=np.float32)
    for word in text.lower().split():
        vector[int(text_hash(word), 16) % DIMENSIONS] += 1
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class Shelf:
    """Keeps the contract of the catalogue's changes and of its embedding cache."""

    def __init__(self, epoch: str = "first life") -> None:
        self.changes: dict[ItemKey, Change] = {}
        self.vectors: dict[str, NDArray[np.float32]] = {}
        self._epoch = epoch
        self._last = 0

    def put(self, item: Item, *texts: str, groups: tuple[str, ...] = ("public",)) -> ItemKey:
        passages = tuple(passage(number, text) for number, text in enumerate(texts))
        self.vectors |= {p.text_hash: embed(p.embedded_text) for p in passages}
        self._change(Change(0, item.key, item, passages, groups))
        return item.key

    def withdraw(self, key: ItemKey) -> None:
        self._change(Change(0, key))

    def head(self) -> int:
        return self._last

    def epoch(self) -> str:
        return self._epoch

    def after(self, sequence: int, limit: int) -> list[Change]:
        rows = sorted(self.changes.values(), key=lambda change: change.sequence)
        return [change for change in rows if change.sequence > sequence][:limit]

    def live_passages(self) -> Iterator[tuple[ItemKey, int, int]]:
        for change in self.changes.values():
            if change.item is not None:
                yield change.key, len(change.passages), change.sequence

    def get(self, model: str, hashes: Collection[str]) -> Mapping[str, NDArray[np.float32]]:
        assert model == IDENTITY.encoder
        return {name: self.vectors[name] for name in hashes if name in self.vectors}

    def _change(self, change: Change) -> None:
        self._last += 1
        self.changes[change.key] = Change(
            self._last, change.key, change.item, change.passages, change.visibility
        )


def item(number: int, title: str = "", **fields: Any) -> Item:
    """An item of source "docs"; what is not a field of Item is one of its draft."""
    own = {
        name: fields.pop(name)
        for name in (
            "key",
            "language",
            "level",
            "duration",
            "state",
            "represented_by",
            "dead_since",
        )
        if name in fields
    }
    tags = tuple(
        EffectiveTag(Tag(skill, probability, Method.LABEL), standing)
        for skill, probability, standing in fields.pop("tags", ())
    )
    day = START + timedelta(days=number % 1000)
    draft = {"title": title or f"Title {number}", "url": f"https://x.example/{number}"} | fields
    key = own.pop("key", ItemKey(fields.pop("source", "docs"), f"key {number}"))
    draft.pop("source", None)
    return Item(
        id=number,
        key=key,
        state=own.pop("state", State.PUBLISHED),
        sequence=0,
        draft=Draft(**{"published": day, **draft}),
        first_seen=day,
        last_changed=day,
        tags=tags,
        **own,
    )


def passage(number: int, text: str) -> Passage:
    return Passage(
        number=number,
        text=text,
        embedded_text=text,
        text_hash=text_hash(text),
        locator=Locator(Place.PAGE, str(number + 1)),
    )


def taught(skill: str, probability: float) -> tuple[str, float, Standing]:
    return (skill, probability, Standing.EFFECTIVE)
