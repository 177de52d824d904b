"""Prefect's server and our scheduler as child processes that end with us."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from catalogue.errors import Busy, NeedsPerson
from config.environment import prefect_environment
from config.settings import Settings

START_S = 90  # Prefect's first start migrates its database: 11 s here, more on a slow disk
STOP_S = 10
HOST = "127.0.0.1"


@contextmanager
def prefect_server(settings: Settings) -> Iterator[str]:
    """Prefect's server on loopback; yields the address of its UI. Raises Busy, NeedsPerson."""
    url = f"http://{HOST}:{settings.prefect_port}"
    if taken(settings.prefect_port):
        raise Busy(f"port {settings.prefect_port} is taken; set SKILLSHELF_PREFECT_PORT")
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", HOST, "--port", str(settings.prefect_port)]
    with child(command, settings, "prefect") as process:
        wait_for(f"{url}/api/health", process, settings.home / "logs" / "prefect.log")
        yield url


@contextmanager
def scheduler(settings: Settings) -> Iterator[None]:
    """Our scheduler, talking to Prefect's server."""
    with child([sys.executable, "-m", "flows.scheduler"], settings, "scheduler"):
        yield


@contextmanager
def child(command: list[str], settings: Settings, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes to `logs/NAME.log` in the home folder and ends with the block."""
    environment: Mapping[str, str] = prefect_environment(settings)
    log = settings.home / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, env=environment, start_new_session=True
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


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once `url` answers. Raises NeedsPerson where the process ends or takes too long."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.3)
    raise NeedsPerson(f"{process.args!s:.80} did not start; see {log}")


def taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
