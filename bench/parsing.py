"""What connectors make of their sources' answers, without network, database and model.

Each reads the stand-in of its source that its tests use, whose answers are kept from the first
visit on, so that only the connector's own work is measured: listing, reading, normalising.
"""

import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from requests import PreparedRequest

from bench.figures import Figure
from bench.room import Room
from connectors import registry
from connectors.base import Connector, Found
from connectors.extract import Reader

NAME = "parsing"
SECONDS, QUICK_SECONDS = 1, 0
COPIES = 10  # of a folder's files, so that what is done once a visit does not count for much
STAND_INS = "tests.connectors.sites"
READER_S = 0.05  # processor time: a process that took more on behalf of a visit was a reader


@dataclass(frozen=True, slots=True)
class Visit:
    items: int
    seconds: float
    in_reader: float  # seconds of processor time in processes of its own


def measure(room: Room) -> Iterator[Figure]:
    starting = statistics.median(started() for _ in range(room.size(5, 1)))
    note = "left out below, where a source's files are read in a process of their own"
    yield Figure(NAME, "start of a reader of files", starting, "s", note=note)
    lacking = []
    for name in registry.names():
        if find_spec(f"{STAND_INS}.{name}"):
            yield rate(name, room.size(SECONDS, QUICK_SECONDS), starting)
        else:
            lacking.append(name)
    named = ", ".join(lacking)
    yield Figure(NAME, "connectors without a stand-in", len(lacking), "", most=0, note=named)


def started() -> float:
    """Seconds until a new reader has read its first page."""
    began = time.perf_counter()
    with Reader() as reader:
        reader.document("page.html", b"<p>Hello</p>")
    return time.perf_counter() - began


def rate(name: str, seconds: int, starting: float) -> Figure:
    with opened(name) as connector:
        visited(connector)
        visits = [visited(connector)]
        while sum(visit.seconds for visit in visits) < seconds:
            visits.append(visited(connector))
    usual = statistics.median(visit.seconds for visit in visits)
    in_reader = statistics.median(visit.in_reader for visit in visits) > READER_S
    parsing = max(usual - starting * in_reader, usual / 100)
    items = visits[-1].items
    note = f"{items} items in {parsing * 1000:,.1f} ms" + (", by a reader" if in_reader else "")
    return Figure(NAME, name, items / parsing, "items/s", note=note)


def visited(connector: Connector[Any]) -> Visit:
    """One whole visit of the source as if it were the first."""
    before, began = in_children(), time.perf_counter()
    found = [event.payload for event in connector.pull({}) if isinstance(event, Found)]
    for payload in found:
        connector.normalise(payload)
    return Visit(len(found), time.perf_counter() - began, in_children() - before)


def in_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def opened(name: str) -> Iterator[Connector[Any]]:
    """The connector at its stand-in."""
    from connectors.testing import CANARY, served

    stand_in = import_module(f"{STAND_INS}.{name}")
    base = f"https://{name.replace('_', '-')}.example"
    with tempfile.TemporaryDirectory(prefix="skillshelf-bench-") as folder:
        if hasattr(stand_in, "answers"):
            server = kept(stand_in.answers(base))
            settings = {**stand_in.settings(base), **dict.fromkeys(stand_in.SECRETS, CANARY)}
        else:
            server = nobody
            settings = stand_in.files(Path(folder))
            copy(settings)
        with served(server)() as scene:
            connector = registry.connector_class(name)
            yield connector(connector.Config(**settings), scene.http)


def kept(server: Callable[[PreparedRequest], Any]) -> Callable[[PreparedRequest], Any]:
    """The server's good answers, each made only once."""
    answers: dict[tuple[object, ...], Any] = {}

    def answer(request: PreparedRequest) -> Any:
        asked = (request.method, request.url, request.body)
        if asked in answers:
            return answers[asked]
        made = server(request)
        encoded = type(made)(made.encoded(), made.status, made.headers)
        if made.status == 200:
            answers[asked] = encoded
        return encoded

    return answer


def nobody(request: PreparedRequest) -> Any:
    raise AssertionError(f"{request.url}: this source is no server")


def copy(settings: Mapping[str, object]) -> None:
    """Put copies of its files below a folder that a setting names."""
    folders = [Path(value) for value in settings.values() if isinstance(value, str | Path)]
    for folder in filter(Path.is_dir, folders):
        with tempfile.TemporaryDirectory(prefix="skillshelf-bench-") as aside:
            shutil.copytree(folder, aside, dirs_exist_ok=True)
            for number in range(COPIES):
                shutil.copytree(aside, folder / f"copy-{number}")
