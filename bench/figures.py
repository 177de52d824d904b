"""What was measured, against what was hoped for."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `most` and `least` are its target, where it has one."""

    bench: str
    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None where there is no target."""
        if self.most is None and self.least is None:
            return None
        low = self.least is None or self.value >= self.least
        return low and (self.most is None or self.value <= self.most)

    @property
    def target(self) -> str:
        bounds = (("≤", self.most), ("≥", self.least))
        return " ".join(f"{sign} {number(bound)}" for sign, bound in bounds if bound is not None)


@dataclass(frozen=True, slots=True)
class Machine:
    processor: str
    cores: int
    memory_gib: int

    def __str__(self) -> str:
        return f"{self.cores} cores ({self.processor}), {self.memory_gib} GiB"


def this_machine() -> Machine:
    facts = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.split(":")[1].strip() for line in facts if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(name or "unknown", os.cpu_count() or 1, round(memory / 2**30))


def number(value: float) -> str:
    """As many digits as tell, whole numbers whole."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.5g}" if abs(value) < 1 else f"{value:.1f}"


def as_table(figures: Iterable[Figure]) -> Table:
    table = Table("bench", "figure", "measured", "target", "met", "note", title=str(this_machine()))
    for one in figures:
        met = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[one.met]
        measured = f"{number(one.value)} {one.unit}".strip()
        table.add_row(one.bench, one.name, measured, one.target, met, one.note)
    return table


def write_json(path: Path, figures: Iterable[Figure]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [{**asdict(one), "met": one.met} for one in figures]
    found = {"machine": str(this_machine()), "at": at, "figures": rows}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
