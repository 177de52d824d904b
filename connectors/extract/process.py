"""Reading files in another process, with a limit on time and memory."""

import atexit
import json
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path
from queue import Empty, Full, Queue
from types import TracebackType
from typing import Any, Self

from catalogue.errors import BadItem

SECONDS = 60.0  # the slowest of the Debian manuals, 193 pages, takes 0.6
MEMORY = 3 * 2**30  # bytes of address space; with every reader loaded the process maps 0.5 GiB


class _Process:
    """One process of `connectors.extract.worker`, and the pipe to it."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self._connection, theirs = Pipe()
        with theirs:
            command = [sys.executable, "-m", "connectors.extract.worker"]
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def exchange(self, task: bytes, data: bytes, seconds: float) -> bytes | None:
        """The reply, or None where none came in time."""
        self._connection.send_bytes(task)
        self._connection.send_bytes(data)
        return self._connection.recv_bytes() if self._connection.poll(seconds) else None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()


# A process that waits for the next reader: starting one and importing what it reads with takes
# 0.4 to 1 s, which a source of three files would feel. It ends when its parent does.
_idle: "Queue[_Process]" = Queue(maxsize=1)


def _take(memory: int) -> _Process:
    try:
        process = _idle.get_nowait()
    except Empty:
        return _Process(memory)
    if process.alive and process.memory == memory:
        return process
    process.end()
    return _Process(memory)


def _leave(process: _Process) -> None:
    try:
        _idle.put_nowait(process)
    except Full:
        process.end()


@atexit.register
def end_idle() -> None:
    """End the process that waits for the next reader, if one does."""
    while not _idle.empty():
        _idle.get_nowait().end()


class Reader:
    """Reads files one after another in another process, and in a new one where that died.

    A file that hangs, crashes or takes too much costs itself alone.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def document(self, name: str, data: bytes) -> dict[str, Any]:
        """What the file says, as JSON of a `Document`. Raises BadItem naming the file."""
        document: dict[str, Any] = self._ask(name, data, "document")
        return document

    def tables(self, name: str, data: bytes) -> list[tuple[str, list[list[str]]]]:
        """A workbook's sheets: name and rows of text. Raises BadItem naming the file."""
        return [(sheet, rows) for sheet, rows in self._ask(name, data, "tables")]

    def package(self, name: str, source: bytes | Path, manifest: str = "") -> dict[str, Any]:
        """What a learning package says, see `formats.packages`. Raises BadItem naming it."""
        where = "" if isinstance(source, bytes) else str(source)
        data = source if isinstance(source, bytes) else b""
        package: dict[str, Any] = self._ask(name, data, "package", path=where, manifest=manifest)
        return package

    def close(self) -> None:
        """Leave the process to the next reader."""
        if self._process:
            _leave(self._process)
        self._process = None

    def _ask(self, name: str, data: bytes, how: str, **more: str) -> Any:
        try:
            reply = self._exchange({"name": name, "as": how, **more}, data)
        except (EOFError, OSError) as error:
            raise BadItem(f"{name} makes its reader crash; it may be damaged or hostile") from error
        if "bad" in reply:
            raise BadItem(f"{name} {reply['bad']}")
        return reply["read"]

    def _exchange(self, task: dict[str, str], data: bytes) -> dict[str, Any]:
        process, self._process = self._process, None
        if process is None or not process.alive:
            if process:
                process.end()
            process = _take(self._memory)
        reply = None
        try:
            reply = process.exchange(json.dumps(task).encode(), data, self._seconds)
        finally:
            if reply is None:  # it is still at this file, or gone
                process.end()
        if reply is None:
            return {"bad": f"was not read within {self._seconds:.0f} s; it may be hostile"}
        self._process = process
        read: dict[str, Any] = json.loads(reply)
        return read
