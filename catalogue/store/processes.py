"""Which process this is, and whether another one still runs."""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """`mark` tells two processes apart that had the same number one after the other."""

    host: str
    pid: int
    mark: str


def this_process() -> Process:
    pid = os.getpid()
    return Process(socket.gethostname(), pid, _mark(pid))


def ended(process: Process) -> bool:
    """Whether the process is known to have ended; of other hosts nothing is known."""
    return process.host == socket.gethostname() and _mark(process.pid) != process.mark


def _mark(pid: int) -> str:
    """When the process was started; empty where there is none."""
    return _linux_mark(pid) if (_PROC / "self/stat").exists() else _ps_mark(pid)


def _linux_mark(pid: int) -> str:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces: proc(5)
    state, started = fields[0], fields[19]
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return "" if state in "ZX" else f"{boot} {started}"


def _ps_mark(pid: int) -> str:
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
