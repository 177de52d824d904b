"""What running the steps as a Prefect flow adds to running them as calls.

Both work on the same table through a fresh home; its texts repeat, so that little time goes into
encoding and its jitter does not hide what is measured.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.orchestrated import ONE, ROWS
from bench.processes import run
from bench.room import Room, environment, free_port
from bench.tables import table_stanza, write_rows
from config.environment import prefect_environment
from config.settings import Settings
from flows.processes import prefect_ready, prefect_server

NAME = "orchestration"
ITEMS, QUICK_ITEMS = 2_000, 20
TEXTS = 20  # different ones
ROUNDS, QUICK_ROUNDS = 5, 1
MOST_MS = 1
WAYS = ("plainly", "scheduled")

Seconds = dict[str, list[float]]


def measure(room: Room) -> Iterator[Figure]:
    stanzas = {ONE: table(room, ONE, 1), ROWS: table(room, ROWS, room.size(ITEMS, QUICK_ITEMS))}
    port = free_port()
    settings = room.home(stanzas, prefect_port=port)
    found: dict[str, Seconds] = {way: defaultdict(list) for way in WAYS}
    with prefect_server(settings) as process:
        prefect_ready(settings, process)
        for _ in range(room.size(ROUNDS, QUICK_ROUNDS)):
            for way in WAYS:  # in turns, so that what else the machine does meets both
                one = once(way, room.home(stanzas, prefect_port=port))
                for step, seconds in one.items():
                    found[way][step].append(seconds)
    yield from figures(found["plainly"], found["scheduled"])


def table(room: Room, name: str, items: int) -> dict[str, Any]:
    path: Path = room.folder / f"{name}.csv"
    rows = [
        {
            "title": f"Lesson {n % TEXTS}",
            "url": f"https://learn.example/{name}/{n}",
            "text": f"In lesson {n % TEXTS} we practise how to maintain software packages. " * 8,
        }
        for n in range(items)
    ]
    write_rows(path, rows)
    return table_stanza(path)


def once(way: str, settings: Settings) -> dict[str, float]:
    surroundings = prefect_environment(settings, environment(settings))
    answer: dict[str, float] = run(["-m", "bench.orchestrated", way], surroundings).answer
    return answer


def figures(plain: Seconds, flow: Seconds) -> Iterator[Figure]:
    items = int(plain["items"][0])
    once_plain, once_flow = (statistics.median(way["rows"]) for way in (plain, flow))
    note = f"median of {len(plain['rows'])} runs of {items:,} items each"
    yield Figure(NAME, "as calls", 1000 * once_plain / items, "ms an item", note=note)
    yield Figure(NAME, "as a Prefect flow", 1000 * once_flow / items, "ms an item", note=note)
    added = 1000 * (once_flow - once_plain) / items
    yield Figure(NAME, "added", added, "ms an item", MOST_MS, note="the flow's own calls included")
    for step, meaning in (("import", "importing"), ("first", "the process's first run, one item")):
        more = statistics.median(flow[step]) - statistics.median(plain[step])
        yield Figure(NAME, f"added once a process: {meaning}", more, "s")
