"""What the benches of quality share: where they keep things, how they show and write figures."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from bench.figures import this_machine
from bench.metrics import Bin


@contextmanager
def cache_folder(asked_for: Path | None) -> Iterator[Path]:
    """The folder asked for, or one that goes when the measurement is done."""
    with tempfile.TemporaryDirectory(prefix="skillshelf-bench-") as folder:
        kept = (asked_for or Path(folder)).absolute()
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


def reliability_table(name: str, bins: Sequence[Bin]) -> Table:
    table = Table("probability", "said", "was right", "of", title=f"{name}: reliability")
    for one in bins:
        span = f"{one.low:.1f} to {one.high:.1f}"
        table.add_row(span, f"{one.said:.3f}", f"{one.right:.3f}", str(one.number))
    return table


def write_json(path: Path, figures: Mapping[str, object]) -> None:
    """The figures with the machine and the time they were measured."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    found = {"machine": str(this_machine()), "at": at, **figures}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
