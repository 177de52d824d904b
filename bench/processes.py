"""Processes under measurement. Linux: memory is read from /proc."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
# One look costs 3 ms; what lives shorter than this between two looks is not seen.
LOOK_S = 0.1
MIB = 2**20


class Broken(Exception):
    """A measured process ended with an error: its last words."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`wall_s` is from start to exit, `peak_mib` the largest sum of resident memory seen over the
    process and all its descendants (shared pages counted in each), `answer` its last line's JSON.
    """

    wall_s: float
    peak_mib: float
    answer: Any


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run `python ARGUMENTS` to its end. Raises Broken."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with peak(process.pid) as highest:
        said, complaint = process.communicate()
        wall = time.monotonic() - began
    if process.returncode:
        raise Broken(f"{' '.join(arguments)}: {complaint[-2000:]}")
    lines = said.strip().splitlines()
    return Measured(wall, highest[0] / MIB, json.loads(lines[-1]) if lines else None)


@contextmanager
def peak(pid: int) -> Iterator[list[int]]:
    """A list whose one number is the most bytes the tree below `pid` had while the block ran."""
    highest, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_S):
            highest[0] = max(highest[0], sum(map(resident, tree(pid))))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield highest
    finally:
        ended.set()
        thread.join()


@contextmanager
def background(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """`python ARGUMENTS`, ended with the block."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=dict(environment), stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def tree(pid: int) -> list[int]:
    """The process and all its living descendants."""
    children = defaultdict[int, list[int]](list)
    for one in PROC.iterdir():
        if one.name.isdecimal() and (parent := _parent(one)) is not None:
            children[parent].append(int(one.name))
    found = [pid]
    for each in found:
        found += children[each]
    return found


def _parent(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None  # it has just ended


def resident(pid: int) -> int:
    """Bytes of memory that the process has resident, pages of files included; 0 once it ended."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
