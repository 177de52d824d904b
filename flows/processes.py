"""Prefect's server and our scheduler as child processes that end with us."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from catalogue.errors import Busy, NeedsPerson
from config.environment import prefect_environment
from config.settings import Settings

START_S = 120  # Prefect's first start migrates its database: 11 s here, more on a slow disk
STOP_S = 15
HOST = "127.0.0.1"
BEHIND = 10  # of the 20 steps that a process may stand behind others


def step_back() -> None:
    """Have this process leave the processor to others that want it, from here to its end.

    What ingests and builds takes every core for minutes; who searches waits for an answer.
    """
    if hasattr(os, "setpriority"):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(own, BEHIND))


@contextmanager
def prefect_server(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Prefect's server on loopback, starting; `prefect_ready` waits for it. Raises Busy."""
    if taken(settings.prefect_port):
        raise Busy(
            f"port {settings.prefect_port} is taken, perhaps by another Prefect server; "
            "set SKILLSHELF_PREFECT_PORT to a free one"
        )
    command = ["prefect", "server", "start", "--host", HOST, "--port", str(settings.prefect_port)]
    with child(["-m", *command], settings, "prefect") as process:
        yield process


def prefect_ready(settings: Settings, process: subprocess.Popen[bytes]) -> str:
    """Returns the address of Prefect's UI once it answers. Raises NeedsPerson if it does not."""
    url = f"http://{HOST}:{settings.prefect_port}"
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/api/health", timeout=2).ok:
                return url
        except requests.RequestException:
            time.sleep(0.2)
    raise NeedsPerson(f"Prefect's server did not start; see {log_file(settings, 'prefect')}")


@contextmanager
def scheduler(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Our scheduler, talking to Prefect's server."""
    with child(["-m", "flows.scheduler"], settings, "scheduler") as process:
        yield process


@contextmanager
def child(
    arguments: Sequence[str], settings: Settings, name: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process on a leash, writing to a log in the home folder."""
    log = log_file(settings, name)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "flows.leash", sys.executable, *arguments]
    with log.open("ab") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=prefect_environment(settings),
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()


def log_file(settings: Settings, name: str) -> Path:
    return settings.home / "logs" / f"{name}.log"


def taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
