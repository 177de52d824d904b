"""`skillshelf up --sample`, as somebody on a fresh machine would see it."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from catalogue.model import Outcome, Run
from catalogue.store import Catalogue
from config.environment import child_environment
from config.settings import Settings, load_settings

PATIENCE_S = 300
ITEMS = 80  # of the sample: 73 published, 7 waiting for review; one more is dented


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    home = tmp_path_factory.mktemp("up")
    (home / "cache").symlink_to(model_cache)
    return load_settings(home, {})


@contextmanager
def running(settings: Settings) -> Iterator[dict[str, str]]:
    """What it prints, as name → address, once it says that it is ready."""
    ports = {"SKILLSHELF_PORT": free_port(), "SKILLSHELF_PREFECT_PORT": free_port()}
    command = [sys.executable, "-u", "-m", "cli", "up", "--sample"]
    environment = child_environment(settings) | {k: str(v) for k, v in ports.items()}
    log = settings.home / "up.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        yield said(log, process)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, log.read_text()
    for port in ports.values():
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0, "something was left running"


def said(log: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    deadline = time.monotonic() + PATIENCE_S
    while "Ctrl-C" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    pairs = (line.rsplit(maxsplit=1) for line in log.read_text().splitlines() if "http" in line)
    return {pair[0].strip(): pair[1] for pair in pairs if len(pair) == 2}


@pytest.mark.slow
def test_one_command_shows_the_sample_and_a_second_one_encodes_nothing(settings: Settings) -> None:
    with running(settings) as at:
        assert requests.get(at["search page"], timeout=10).ok
        assert "search" in requests.get(at["API docs"], timeout=10).text
        assert requests.get(f"{at['Prefect']}/api/health", timeout=10).json() is True
        found = requests.get(f"{at['search page']}api/v1/search?q=fire+alarm", timeout=10).json()
        assert found["results"]
    first = ended_runs(settings)
    assert {run.outcome for run in first} == {Outcome.COMPLETED, Outcome.COMPLETED_WITH_ERRORS}
    assert sum(run.counters.added for run in first) == ITEMS
    assert sum(run.counters.failed for run in first) == 1
    assert "skillshelf search" in (settings.home / "up.log").read_text()

    with running(settings):
        pass
    again = ended_runs(settings)[: -len(first)]
    assert len(again) >= len(first)
    assert sum(run.counters.encoded + run.counters.added for run in again) == 0


def ended_runs(settings: Settings) -> list[Run]:
    """Latest first."""
    with Catalogue.open(settings.database_url) as catalogue:
        runs = catalogue.runs.list(limit=1000)
    return [run for run in runs if run.outcome is not Outcome.RUNNING]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
