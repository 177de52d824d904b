"""`python -m bench speed`: what each stage costs, and how that grows with the catalogue.

Each stage is a process of its own, in this order over one home: encoding; tagging (what enriching
costs beside the encoder); indexing, optimising and searching the embedded engine. Encoding, tagging
and searching go on for `--seconds` or to their end; "done" is what they really did. Indexing and
optimising do all, with vectors drawn near skills where nothing was encoded. Memory is the most that
was resident of the process and its children, mapped files included. "Growth" is the processor's
time of one item (or question) by that at the smallest size.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import number, this_machine
from bench.processes import run
from bench.quality import cache_folder, write_json
from bench.room import Room, environment, prepare
from bench.speed import content
from bench.speed.rows import Done, Row, growth
from bench.speed.stages import STAGES
from flows.workshop import Workshop

ITEMS = (1_000, 10_000, 100_000)
SECONDS = 60.0


def main(arguments: Sequence[str] | None = None) -> None:
    asked = parser().parse_args(arguments)
    with cache_folder(asked.cache) as cache, cache_folder(None) as folder:
        prepare(cache)
        rows = list(measured(asked.items, asked.seconds, Room(folder, cache)))
    Console(width=None if Console().is_terminal else 160).print(as_table(rows))
    if asked.json:
        shown = [{**asdict(one), "growth": growth(one, rows)} for one in rows]
        write_json(asked.json, {"seconds": asked.seconds, "stages": shown})


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench speed", description=__doc__)
    add = parser.add_argument
    sizes = "how many the catalogue holds, each size anew (default: 1000 10000 100000)"
    add("--items", type=int, nargs="+", metavar="N", default=ITEMS, help=sizes)
    most = "how long encoding, tagging and searching go on at most (default: %(default)g)"
    add("--seconds", type=float, metavar="S", default=SECONDS, help=most)
    add("--json", type=Path, metavar="FILE", help="write the figures there too")
    add("--cache", type=Path, metavar="FOLDER", help="keep the prepared model here")
    return parser


def measured(sizes: Sequence[int], seconds: float, room: Room) -> Iterator[Row]:
    """Told as they come."""
    said = Console(stderr=True, highlight=False)
    for items in sizes:
        settings = room.home({})
        with Workshop(settings) as shop:
            content.store(shop, items)
        for stage in STAGES:
            if stage == "indexing":
                with Workshop(settings) as shop:
                    content.draw(shop)
            arguments = ["-m", "bench.speed.stages", stage, str(items), str(seconds)]
            found = run(arguments, environment(settings))
            row = Row(items, stage, Done(**found.answer), found.peak_mib)
            said.print(f"{items:,} items: {stage}: {number(row.rate)} a second", markup=False)
            yield row


def as_table(rows: Sequence[Row]) -> Table:
    names = ("items", "stage", "done", "a second", "parts a second", "processor ms each", "growth")
    table = Table(*names, "peak MiB", "p50 ms", "p95 ms", title=str(this_machine()))
    for row in rows:
        done = row.done
        parts = number(done.parts / done.seconds) if done.parts else ""
        times = ["" if ms is None else f"{ms:.1f}" for ms in (done.p50_ms, done.p95_ms)]
        cost = (f"{row.processor_ms:.2f}", f"{growth(row, rows):.2f}", number(row.peak_mib))
        told = (f"{row.items:,}", row.stage, row.told, number(row.rate), parts)
        table.add_row(*told, *cost, *times)
    return table
