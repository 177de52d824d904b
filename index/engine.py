"""The one door to a vector store: what an engine must be able to do, and in which shapes.

Everything above it (following, ranking, grouping, facets, paging) is the same on every engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.conditions import Conditions
from index.words import Sparse

Payload = Mapping[str, Any]


class Signal(StrEnum):
    """What an item can be ranked by. All but the last are the named vectors of a collection."""

    MEANING = "meaning"  # dense: the passage's embedding
    TEXT = "text"  # sparse: the passage's words
    TITLE = "title"  # sparse: the item's title and subjects; on its first point only
    SKILLS = "skills"  # by meaning, but only among items that teach a skill asked for

    __hash__ = str.__hash__  # an enum's own is Python code, and signals are keys a thousand times


class FieldType(StrEnum):
    KEYWORD = "keyword"
    INTEGER = "integer"
    FLOAT = "float"
    DATETIME = "datetime"
    UUID = "uuid"


@dataclass(frozen=True, slots=True)
class Point:
    """`dense` is L2-normalised, or None where the passage was never embedded."""

    id: str
    payload: Payload
    dense: NDArray[np.float32] | None
    text: Sparse
    title: Sparse | None


@dataclass(frozen=True, slots=True)
class Ask:
    """One ranking wanted: by cosine for MEANING, else by the BM25 sum over the query's terms.

    `where` narrows this ranking alone, beside the conditions of all.
    """

    signal: Signal
    vector: NDArray[np.float32] | Sparse
    where: Conditions = ()

    @property
    def using(self) -> str:
        """The named vector that is compared."""
        return (Signal.MEANING if self.signal is Signal.SKILLS else self.signal).value


class Ranked(NamedTuple):  # made hundreds of times a search: a third of a dataclass's cost
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far an index has followed which life of the catalogue."""

    sequence: int = 0
    epoch: str = ""


class Engine(Protocol):
    """One generation of the index, open. Every method may be called from any thread."""

    def put(self, points: Sequence[Point]) -> None:
        """Insert or replace points, vectors and payload together."""
        ...

    def remove(self, where: Conditions) -> None:
        """Delete all points that meet the conditions."""
        ...

    def flush(self) -> None:
        """Return once everything put and removed so far would survive a crash."""
        ...

    def watermark(self) -> Watermark: ...

    def set_watermark(self, watermark: Watermark) -> None:
        """Kept beside the points, atomically; the caller has flushed them before."""
        ...

    def rank(self, asks: Sequence[Ask], where: Conditions, limit: int) -> list[list[Ranked]]:
        """For each ask the best `limit` points, best first. No payload is read."""
        ...

    def fetch(self, ids: Sequence[str], fields: Sequence[str] | None = None) -> dict[str, Payload]:
        """The payloads of those points that exist; all fields where none are named."""
        ...

    def meanings(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The dense vectors of those points that exist and have one."""
        ...

    def newest(self, where: Conditions, limit: int) -> list[Payload]:
        """Whole payloads of the points with the highest `order`, highest first."""
        ...

    def count(self, where: Conditions) -> int: ...

    def facet(self, field: str, where: Conditions, limit: int) -> list[tuple[str, int]]:
        """The commonest values of a field and their exact numbers of points."""
        ...

    def scan(self, fields: Sequence[str], where: Conditions = ()) -> Iterator[tuple[str, Payload]]:
        """Every point's id and these fields of its payload."""
        ...

    def optimise(self) -> None:
        """Merge and index what was written. Edge holds Python's global lock meanwhile."""
        ...

    def unoptimised(self) -> int:
        """How many points came since the last `optimise`; they are searched one by one."""
        ...

    def close(self) -> None: ...
