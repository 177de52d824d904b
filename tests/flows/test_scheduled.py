"""A schedule in sources.yaml really leads to a run: real server, real scheduler, real clock."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests

from catalogue.errors import Busy
from catalogue.model import Outcome
from catalogue.store import Catalogue
from config.settings import Settings, load_settings
from flows.processes import prefect_ready, prefect_server, scheduler, taken

SOURCES = """
sources:
  notes:
    connector: folder
    owner: ann@learn.example
    schedule: {every: 1m}
    settings: {path: notes}
"""
PATIENCE_S = 240
ANSWER_S = 60  # two cores run the server, the scheduler and the run itself

T = TypeVar("T")


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    (tmp_path / "cache").symlink_to(model_cache)
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "negotiation.md").write_text("# Negotiation\n\nHow to negotiate a price.")
    (tmp_path / "notes" / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return load_settings(tmp_path, {"SKILLSHELF_PREFECT_PORT": str(port)})


@pytest.fixture
def server(settings: Settings) -> Iterator[str]:
    with prefect_server(settings) as process:
        yield prefect_ready(settings, process)


@pytest.mark.slow
def test_a_run_that_the_schedule_created_completes(settings: Settings, server: str) -> None:
    with scheduler(settings):
        run = eventually(lambda: finished_run(server))
    assert run["auto_scheduled"], "somebody else started it"
    assert run["state_name"] == "Completed", (settings.home / "logs" / "scheduler.log").read_text()
    with Catalogue.open(settings.database_url) as catalogue:
        [recorded, *_] = reversed(catalogue.runs.list("notes"))
    assert recorded.outcome is Outcome.COMPLETED_WITH_ERRORS
    assert recorded.counters.added == 1
    artifact = latest_artifact(server, "ingest-notes")
    assert "| added | 1 |" in artifact
    assert "broken\\.pdf" in artifact or "broken.pdf" in artifact


@pytest.mark.slow
def test_a_second_server_on_the_same_port_says_so(settings: Settings, server: str) -> None:
    with pytest.raises(Busy, match="SKILLSHELF_PREFECT_PORT"), prefect_server(settings):
        pytest.fail("two servers on one port")


@pytest.mark.slow
def test_the_server_ends_with_the_block(settings: Settings) -> None:
    with prefect_server(settings) as process:
        prefect_ready(settings, process)
        assert taken(settings.prefect_port)
    assert eventually(lambda: not taken(settings.prefect_port))


def finished_run(server: str) -> dict[str, Any] | None:
    asked = {"sort": "EXPECTED_START_TIME_ASC", "limit": 50}
    runs = requests.post(f"{server}/api/flow_runs/filter", json=asked, timeout=ANSWER_S).json()
    # Where the first run takes over a minute, the next is cancelled: never two at once.
    ended = ("COMPLETED", "FAILED", "CRASHED")
    return next((run for run in runs if run["state_type"] in ended), None)


def latest_artifact(server: str, key: str) -> str:
    found = requests.get(f"{server}/api/artifacts/{key}/latest", timeout=ANSWER_S).json()
    return str(found["data"])


def eventually(look: Callable[[], T | None]) -> T:
    """What `look` gives as soon as it gives anything."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing within {PATIENCE_S} s")
