"""Search through the API over a large index: quiet, while an ingest publishes, while one rebuilds.

One client asks question after question; a question is never asked twice, and each is encoded.
"""

import subprocess
import time
from collections.abc import Callable, Iterator

from bench import synthetic
from bench.figures import Figure
from bench.latency import Latencies
from bench.processes import background, run
from bench.room import Room, environment, free_port
from bench.served import Client, Parameters, Served, served
from bench.tables import table_stanza, write_rows
from config.settings import Settings
from config.taxonomy import load_taxonomy
from flows.workshop import Workshop

NAME = "search"
PARTS, QUICK_PARTS = 100_000, 1_000
QUESTIONS, QUICK_QUESTIONS = 3_000, 30
FACETED, QUICK_FACETED = 500, 10
MOST_MIB = 600
READY_S = 3
FRESH = "fresh"
FRESH_ROWS, QUICK_FRESH_ROWS = 600, 5
LOOK_S = 0.5
FACETS = ("skill", "resource_type", "level", "language")


def measure(room: Room) -> Iterator[Figure]:
    table = room.folder / "fresh.csv"
    settings = room.home({FRESH: table_stanza(table)}, port=free_port())
    with served(settings) as empty:
        resident = after_questions(empty, settings)
    parts = room.size(PARTS, QUICK_PARTS)
    with Workshop(settings) as shop:
        write_rows(table, fresh_rows(shop, room.size(FRESH_ROWS, QUICK_FRESH_ROWS)))
        synthetic.fill(shop, parts)
    yield from built(settings, parts)
    with served(settings) as full, Client(settings.port) as client:
        yield Figure(NAME, f"{parts:,} parts: ready after", full.ready_s, "s", READY_S)
        yield from quiet(room, settings, client)
        yield from memory(full, resident, parts)
        yield from publishing(settings, client)
        yield from rebuilding(settings, client)
        after = full.resident_mib
    yield Figure(NAME, "server at the end: memory", after, "MiB", note="after both")


def fresh_rows(shop: Workshop, number: int) -> list[dict[str, str]]:
    author = synthetic.Author.of(shop.taxonomy, seed=2)
    drafts = (author.draft(n)[0] for n in range(number))
    return [
        {
            "title": draft.title,
            "url": f"{draft.url}?fresh",
            "text": " ".join(part.text for part in draft.parts),
        }
        for draft in drafts
    ]


def questions(settings: Settings, seed: int = 3) -> Iterator[Parameters]:
    author = synthetic.Author.of(load_taxonomy(settings.taxonomy), seed)
    while True:
        yield [("q", author.question())]


def after_questions(server: Served, settings: Settings) -> float:
    """Resident MiB once it has answered some questions."""
    with Client(server.port) as client:
        client.latencies(questions(settings), QUICK_QUESTIONS)
    return server.resident_mib


def built(settings: Settings, parts: int) -> Iterator[Figure]:
    measured = run(["-m", "flows.rebuild"], environment(settings))
    note = f"{parts / measured.wall_s:,.0f} parts/s, peak {measured.peak_mib:,.0f} MiB"
    yield Figure(NAME, f"{parts:,} parts: rebuild", measured.wall_s, "s", note=note)


def quiet(room: Room, settings: Settings, client: Client) -> Iterator[Figure]:
    asked = questions(settings)
    client.latencies(asked, QUICK_QUESTIONS)
    yield from client.latencies(asked, room.size(QUESTIONS, QUICK_QUESTIONS)).figures("quiet")
    facets = [("aggregations", name) for name in FACETS]
    narrowed = ([*one, ("language", "en"), *facets] for one in asked)
    found = client.latencies(narrowed, room.size(FACETED, QUICK_FACETED))
    note = f"a filter and {len(FACETS)} facets"
    yield from found.figures("quiet, as the page asks", note, targets=False)


def memory(server: Served, empty_mib: float, parts: int) -> Iterator[Figure]:
    full = server.resident_mib
    yield Figure(NAME, "server with 0 parts: memory", empty_mib, "MiB")
    yield Figure(NAME, f"server with {parts:,} parts: memory", full, "MiB", MOST_MIB)
    growth = (full - empty_mib) * 100_000 / parts
    yield Figure(NAME, "server: growth per 100,000 parts", growth, "MiB")


def publishing(settings: Settings, client: Client) -> Iterator[Figure]:
    """A real ingest: another process reads, encodes and commits; the server follows."""
    began = time.monotonic()
    log = settings.home / "ingest.log"
    with background(["-m", "cli", "ingest", FRESH], environment(settings), log) as process:
        found = asked_until(client, questions(settings, 4), lambda: ended(process))
        followed = asked_until(client, questions(settings, 5), lambda: client.lag() == 0)
    both = Latencies([*found.milliseconds, *followed.milliseconds])
    seconds = time.monotonic() - began
    note = f"{len(both.milliseconds):,} requests in {seconds:.0f} s"
    yield from both.figures("while an ingest encodes and publishes", note)


def rebuilding(settings: Settings, client: Client) -> Iterator[Figure]:
    """Another process builds and optimises the next generation; then the server switches."""
    with Workshop(settings) as shop:
        before = set(shop.depot.ready())
        began = time.monotonic()
        log = settings.home / "rebuild.log"
        with background(["-m", "flows.rebuild"], environment(settings), log) as process:
            found = asked_until(client, questions(settings, 6), lambda: ended(process))
            switched = asked_until(
                client, questions(settings, 7), lambda: not before & set(shop.depot.ready())
            )
    yield from found.figures(
        "while a new generation is built",
        f"{len(found.milliseconds):,} requests in {time.monotonic() - began:.0f} s",
    )
    yield from switched.figures("while it is taken over")


def ended(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is not None


def asked_until(client: Client, asked: Iterator[Parameters], done: Callable[[], bool]) -> Latencies:
    """Ask on until `done`, which is looked at twice a second."""
    found = list[float]()
    while not found or not done():
        look = time.monotonic() + LOOK_S
        while time.monotonic() < look:
            found.append(client.timed(next(asked)))
    return Latencies(found)
