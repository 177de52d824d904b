"""Whether the index holds exactly what the catalogue says, point by point; and making it so."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.model import ItemKey
from index.conditions import AnyOf, Embedded
from index.engine import Engine
from index.follow import Changes, Following, Vectors, apply, followed
from index.points import item_id, point_id

_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Difference:
    """What an index has wrong. All empty: the two agree, every point accounted for.

    `missing`: items that lack some or all of their points. `stale`: items with points of an
    earlier state. `orphans`: items (by `points.item_id`) with points that the catalogue knows
    nothing of. `unembedded`: points found by their words alone, as no vector was there for them.
    """

    items: int
    points: int
    missing: tuple[ItemKey, ...] = ()
    stale: tuple[ItemKey, ...] = ()
    orphans: tuple[str, ...] = ()
    unembedded: int = 0

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.stale or self.orphans)


@dataclass(frozen=True, slots=True)
class Held:
    """What the index holds of one item: its points' ids and their sequence numbers."""

    ids: frozenset[str]
    sequences: frozenset[int]


def verify(changes: Changes, engine: Engine) -> Difference:
    """Compare every point with the catalogue. Follow first: a change not yet followed differs.

    Holds one entry a point in memory: some 40 MB for 100,000.
    """
    held = _held(engine)
    points = sum(len(item.ids) for item in held.values())
    missing, stale, expected = [], [], 0
    for key, passages, sequence in changes.live_passages():
        expected += 1
        item = held.pop(item_id(key), Held(frozenset(), frozenset()))
        if not whole(key, passages, item):
            missing.append(key)
        elif surplus(passages, item) or item.sequences != {sequence}:
            stale.append(key)
    without = engine.count((Embedded(False),))
    return Difference(expected, points, tuple(missing), tuple(stale), tuple(held), without)


def whole(key: ItemKey, passages: int, item: Held) -> bool:
    return expected_ids(key, passages) <= item.ids


def surplus(passages: int, item: Held) -> bool:
    return len(item.ids) > max(passages, 1)


def expected_ids(key: ItemKey, passages: int) -> set[str]:
    """An item without a passage has one point all the same."""
    return {point_id(key, number) for number in range(max(passages, 1))}


def repair(changes: Changes, vectors: Vectors, generation: Following, wrong: Difference) -> None:
    """Delete orphans and apply the items that differ as they stand now. The watermark stays.

    Raises WrongIndex where the generation followed another life of the catalogue.
    """
    followed(changes, generation.engine)
    for orphans in _chunks(wrong.orphans):
        generation.engine.remove((AnyOf("of", tuple(orphans)),))
    wanted = {*wrong.missing, *wrong.stale}
    at = 0
    while wanted and (batch := changes.after(at, _CHUNK)):
        at = batch[-1].sequence
        affected = [change for change in batch if change.key in wanted]
        if affected:
            apply(affected, vectors, generation)
    generation.engine.flush()


def _held(engine: Engine) -> dict[str, Held]:
    ids: dict[str, set[str]] = {}
    sequences: dict[str, set[int]] = {}
    for id, payload in engine.scan(("of", "sequence")):
        ids.setdefault(payload["of"], set()).add(id)
        sequences.setdefault(payload["of"], set()).add(payload["sequence"])
    return {of: Held(frozenset(ids[of]), frozenset(sequences[of])) for of in ids}


def _chunks(values: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
