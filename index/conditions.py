"""What a point must be to be found, in no engine's words. Each engine translates these few."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field holds one of these values."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ids:
    """The point's id is one of these."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """The field's number is at least `low`, at most `high` and under `below`, where given."""

    field: str
    low: float | None = None
    high: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Since:
    field: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Teaches:
    """A tag of this skill has at least this probability."""

    skill: str
    probability: float


@dataclass(frozen=True, slots=True)
class Either:
    """One of these holds, each of them a conjunction."""

    alternatives: tuple["Conditions", ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """The point has (or has no) dense vector."""

    present: bool


Condition = AnyOf | Ids | Within | Since | Teaches | Either | Embedded
Conditions = tuple[Condition, ...]  # all of them hold

FIRST: Condition = AnyOf("number", (0,))  # an item's first point: counting these counts items
