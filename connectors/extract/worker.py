"""The process that reads files: `python -m connectors.extract.worker FILE_DESCRIPTOR`.

It answers each pair of messages, a task as JSON and the file's bytes, with one of JSON: what the
file says, or why it cannot be read. Whatever else happens here ends this process, not its parent.
"""

import json
import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from catalogue.errors import BadItem
from connectors.extract.document import to_json
from connectors.extract.formats import read
from connectors.extract.sheets import tables


def serve(connection: "Connection[bytes, bytes]") -> None:
    while True:
        try:
            task = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
        except EOFError:
            return
        connection.send_bytes(json.dumps(answer(task, data)).encode())


def answer(task: dict[str, Any], data: bytes) -> dict[str, Any]:
    """`{"read": …}` or `{"bad": why}`."""
    try:
        if task["as"] == "tables":
            return {"read": [[name, rows] for name, rows in tables(data)]}
        if task["as"] == "package":
            from connectors.formats.packages import read_package

            source = Path(task["path"]) if task["path"] else data
            return {"read": read_package(source, task["manifest"])}
        return {"read": to_json(read(task["name"], data))}
    except BadItem as error:
        return {"bad": str(error)}
    except MemoryError:
        return {"bad": "needs more memory than a file may take"}
    except Exception as error:  # a library's own surprise at one file
        return {"bad": f"cannot be read ({type(error).__name__}: {str(error)[:200]})"}


if __name__ == "__main__":
    descriptor, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(Connection(descriptor))
