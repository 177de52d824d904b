"""Reading files in another process, with a limit on time and memory."""

import json
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from catalogue.errors import BadItem

SECONDS = 60.0  # the slowest of the Debian manuals, 193 pages, takes 0.6
MEMORY = 3 * 2**30  # bytes of address space; with every reader loaded the process maps 0.5 GiB


class Reader:
    """Reads files one after another in a process that it starts when needed, and again if it died.

    A file that hangs, crashes or takes too much costs itself alone.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[bytes, bytes] | None = None

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
        if self._process and self._connection:
            self._process.kill()
            self._process.wait()
            self._connection.close()
        self._process = self._connection = None

    def _ask(self, name: str, data: bytes, how: str, **more: str) -> Any:
        try:
            reply = self._exchange({"name": name, "as": how, **more}, data)
        except (EOFError, OSError) as error:
            self.close()
            raise BadItem(f"{name} makes its reader crash; it may be damaged or hostile") from error
        if "bad" in reply:
            raise BadItem(f"{name} {reply['bad']}")
        return reply["read"]

    def _exchange(self, task: dict[str, str], data: bytes) -> dict[str, Any]:
        connection = self._running()
        connection.send_bytes(json.dumps(task).encode())
        connection.send_bytes(data)
        if not connection.poll(self._seconds):
            self.close()
            return {"bad": f"was not read within {self._seconds:.0f} s; it may be hostile"}
        reply: dict[str, Any] = json.loads(connection.recv_bytes())
        return reply

    def _running(self) -> "Connection[bytes, bytes]":
        if self._process and self._process.poll() is not None:
            self.close()
        if self._connection is None:
            self._connection = self._start()
        return self._connection

    def _start(self) -> "Connection[bytes, bytes]":
        ours, theirs = Pipe()
        with theirs:
            command = [sys.executable, "-m", "connectors.extract.worker"]
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(self._memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return ours
