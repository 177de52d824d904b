"""A server of the product in a process of its own, asked over real HTTP."""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from bench.latency import Latencies
from bench.processes import MIB, Broken, background, resident, tree
from bench.room import environment
from config.settings import Settings

PATIENCE_S = 60
FIRST = "maintain software packages"
Parameters = Sequence[tuple[str, str]]


class Client:
    """One connection kept alive, as a portal's server keeps it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    def ask(self, parameters: Parameters) -> bytes:
        """The answer to a search, as it came. Raises Broken unless it is a 200."""
        return self._get(f"/api/v1/search?{urlencode(parameters)}")

    def lag(self) -> int:
        """How many changes of the catalogue the server has yet to follow."""
        return int(json.loads(self._get("/readyz"))["lag"])

    def _get(self, address: str) -> bytes:
        self._connection.request("GET", address)
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status != http.client.OK:
            raise Broken(f"{reply.status}: {body[:500]!r}")
        return body

    def timed(self, parameters: Parameters) -> float:
        """Milliseconds until the whole answer was read."""
        began = time.perf_counter()
        self.ask(parameters)
        return 1000 * (time.perf_counter() - began)

    def latencies(self, questions: Iterator[Parameters], number: int) -> Latencies:
        return Latencies([self.timed(next(questions)) for _ in range(number)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Served:
    """`ready_s` is from the start of the process to its first answered search."""

    pid: int
    port: int
    ready_s: float

    @property
    def resident_mib(self) -> float:
        return sum(map(resident, tree(self.pid))) / MIB


@contextmanager
def served(settings: Settings) -> Iterator[Served]:
    began = time.monotonic()
    log = settings.home / "serve.log"
    with background(["-m", "cli", "serve"], environment(settings), log) as process:
        while not answers(settings.port):
            if process.poll() is not None or time.monotonic() > began + PATIENCE_S:
                raise Broken(f"the server does not answer: {log.read_text()[-2000:]}")
            time.sleep(0.02)
        yield Served(process.pid, settings.port, time.monotonic() - began)


def answers(port: int) -> bool:
    try:
        with Client(port) as client:
            client.ask([("q", FIRST)])
    except OSError:
        return False
    return True
