"""How the steps tell whoever watches how far they are."""

from typing import Protocol


class Progress(Protocol):
    """Receives `done` of `total` for a stage of a source; `total` is None while unknown."""

    def __call__(self, source: str, stage: str, done: int, total: int | None) -> None: ...


def silent(source: str, stage: str, done: int, total: int | None) -> None:
    """Nobody watches."""
