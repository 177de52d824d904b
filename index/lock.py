"""One publisher an index: a lock the system frees however its holder ends."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from catalogue.errors import Busy


@contextmanager
def publishing(root: Path, url: str | None = None) -> Iterator[None]:
    """Hold the right to write to the index in `root`; `url` is where the holder can be asked.

    Raises Busy, naming the holder.
    """
    with _held(root / "publisher.lock", url, "the search index"):
        yield


@contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the right to build the next generation. Raises Busy, naming the holder."""
    with _held(root / "build.lock", None, "a rebuild of the search index"):
        yield


def publisher(root: Path) -> str | None:
    """The address of the process that serves this index; None where none does, or it has none."""
    path = root / "publisher.lock"
    if not path.exists():
        return None
    with path.open("r+", encoding="utf-8") as file:
        if _locked(file):
            return None
        url = _holder(file).get("url")
        return str(url) if url else None


@contextmanager
def _held(path: Path, url: str | None, what: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if not _locked(file):
            raise Busy(_refusal(path, what, _holder(file)))
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "url": url}, file)
        file.flush()
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[str]) -> dict[str, object]:
    file.seek(0)
    try:
        held = json.load(file)
    except ValueError:
        return {}  # caught between taking the lock and signing it
    return held if isinstance(held, dict) else {}


def _refusal(path: Path, what: str, holder: dict[str, object]) -> str:
    who = f"process {holder.get('pid', 'unknown')}"
    where = f" ({holder['url']})" if holder.get("url") else ""
    return f"{what} in {path.parent} is held by {who}{where}; stop it, or ask it instead"
