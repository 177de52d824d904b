"""kill -9 at random points of an ingest, then ingest again: no duplicate, no loss, no drift."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue.decide import searchable
from catalogue.model import Outcome
from config.environment import child_environment
from config.settings import load_settings
from flows.ingest import ingest
from flows.verify import verify
from flows.workshop import Workshop

ROUNDS = 24
FILES = 30
SOURCES = """
sources:
  notes:
    connector: folder
    owner: ann@learn.example
    settings: {path: notes}
"""
TOPICS = ("negotiation", "welding", "accounting", "first aid", "statistics", "project management")


@pytest.fixture
def home(tmp_path: Path, model_cache: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "notes").mkdir()
    (tmp_path / "cache").symlink_to(model_cache)
    return tmp_path


@pytest.mark.slow
def test_no_point_of_an_ingest_is_a_bad_one_to_be_killed_at(home: Path) -> None:
    chance = random.Random(20)
    for number in range(FILES):
        write(home, number, chance)
    whole_run = seconds_of(home)
    killed = 0
    for _ in range(ROUNDS):
        disturb(home, chance)
        process = start(home)
        time.sleep(chance.uniform(0.2, whole_run))
        killed += process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        check_after_another_ingest(home)
    assert killed >= 20, f"only {killed} of {ROUNDS} runs were killed before their end"


def check_after_another_ingest(home: Path) -> None:
    with Workshop(load_settings(home, {})) as shop:
        shop.catalogue.runs.close_crashed()
        assert ingest(shop, "notes").outcome is Outcome.COMPLETED
        items = shop.catalogue.items.page("notes", limit=10 * FILES)
        live = {item.key.key: item for item in items if searchable(item.state)}
        assert set(live) == {path.name for path in (home / "notes").iterdir()}
        for key, item in live.items():
            body = shop.catalogue.items.draft_with_parts(item.key).parts
            assert body[0].text in (home / "notes" / key).read_text()
        found = verify(shop)
        assert found.agrees, found
        assert found.items == len(live)
        assert found.unembedded == 0
        assert Outcome.RUNNING not in {run.outcome for run in shop.catalogue.runs.list("notes")}


def write(home: Path, number: int, chance: random.Random) -> None:
    lines = [f"We practise {chance.choice(TOPICS)} on day {chance.random()}." for _ in range(40)]
    text = f"# Note {number}\n\n" + "\n\n".join(lines)
    (home / "notes" / f"n{number}.md").write_text(text)


def disturb(home: Path, chance: random.Random) -> None:
    """Change some notes, take one away, add one."""
    names = sorted(path.name for path in (home / "notes").iterdir())
    (home / "notes" / chance.choice(names)).unlink()
    for _ in range(8):
        write(home, chance.randrange(2 * FILES), chance)


def seconds_of(home: Path) -> float:
    """How long an ingest of some changes takes, after a first one of everything."""
    assert start(home).wait() == 0
    disturb(home, random.Random(1))
    began = time.monotonic()
    assert start(home).wait() == 0
    return time.monotonic() - began


def start(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "ingest"],
        env=child_environment(load_settings(home, {})),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
