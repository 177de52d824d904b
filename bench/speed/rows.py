"""What one stage did at one size, and what that says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """What a stage did: `items` and `parts` it went through, or questions it answered."""

    seconds: float
    processor: float
    items: int = 0
    parts: int = 0
    questions: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    items: int
    stage: str
    done: Done
    peak_mib: float

    @property
    def number(self) -> int:
        """Items gone through, or questions answered."""
        return self.done.items or self.done.questions

    @property
    def rate(self) -> float:
        return self.number / self.done.seconds

    @property
    def processor_ms(self) -> float:
        return 1000 * self.done.processor / self.number

    @property
    def told(self) -> str:
        if self.done.questions:
            return f"{self.number:,} questions"
        return f"{self.number:,} items, {self.done.parts:,} parts"


def growth(row: Row, rows: Sequence[Row]) -> float:
    """How many times the processor's time that one took at the smallest size."""
    smallest = min((one for one in rows if one.stage == row.stage), key=lambda one: one.items)
    return row.processor_ms / smallest.processor_ms
