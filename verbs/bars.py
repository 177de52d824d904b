"""Progress bars: one for every stage of every source, on the error stream."""

from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from verbs.output import err


class Bars:
    """A `flows.progress.Progress` that draws. Use as a context manager."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            console=err,
        )
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, source: str, stage: str, done: int, total: int | None) -> None:
        key = (source, stage)
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(f"{source:<20} {stage:<8}", total=total)
        self._progress.update(self._tasks[key], completed=done, total=total)
