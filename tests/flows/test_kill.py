"""Kill -9 at any point of an ingest, then ingest again: no duplicate, no loss, no drift."""

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.decide import searchable
from catalogue.model import Outcome, Run
from catalogue.store import Catalogue
from config.settings import load_settings
from flows.ingest import ingest
from flows.verify import verify
from flows.workshop import Workshop
from tests.verbs.terminal import Home, kill

KILLS = 22
MOST_ROUNDS = 60
FILES = 30
CHANGED = 6
TOPICS = ("negotiation", "welding", "accounting", "first aid", "statistics", "project management")


@pytest.fixture
def home(tmp_path: Path, model_cache: Path) -> Home:
    made = Home(tmp_path)
    (tmp_path / "cache").symlink_to(model_cache)
    made.sources(notes="connector: folder\nsettings: {path: notes}")
    made.write("skills.csv", "id,label\n" + "".join(f"s:{t},{t}\n" for t in TOPICS))
    made.write("skillshelf.toml", 'taxonomy = "skills.csv"\n')  # small: it is loaded 50 times
    return made


@pytest.mark.slow
def test_no_point_of_an_ingest_is_a_bad_one_to_be_killed_at(home: Home) -> None:
    chance = random.Random(20)
    for number in range(FILES):
        write(home, number, chance)
    assert home.start("ingest").wait(240) == 0
    whole = seconds_of_a_run(home, chance)
    killed = Counter[str]()
    for share in points_of_a_run():
        disturb(home, chance)
        before = latest(home).id
        process = home.start("ingest")
        if share:
            wait_for_the_run(home, before, process)
            time.sleep(share * whole)
        else:
            time.sleep(chance.uniform(0.1, 1.0))
        alive = process.poll() is None
        kill(process)
        if alive:
            killed[stage(home, before)] += 1
        check_after_another_ingest(home)
        if killed.total() == KILLS:
            break
    assert killed.total() == KILLS, f"of {MOST_ROUNDS} rounds: {killed}"
    assert len(killed) >= 3, f"all kills met the same stages: {killed}"


def points_of_a_run() -> Iterator[float]:
    """Shares of a run's time, spread evenly in any stretch; 0 is before the run begins."""
    for number in range(MOST_ROUNDS):
        yield 0 if number % 6 == 0 else number * 0.618 % 1


def stage(home: Home, before: int) -> str:
    """How far the killed process had come."""
    with Workshop(load_settings(home.path, {})) as shop:
        run = shop.catalogue.runs.list("notes", limit=1)[0]
        if run.id == before:
            return "starting"
        if shop.catalogue.items.count_to_enrich(shop.enricher.version):
            return "tagging"
        return "publishing" if run.counters.found else "reading"


def check_after_another_ingest(home: Home) -> None:
    with Workshop(load_settings(home.path, {})) as shop:
        shop.catalogue.runs.close_crashed()
        assert ingest(shop, "notes").outcome is Outcome.COMPLETED
        items = shop.catalogue.items.page("notes", limit=10 * FILES)
        live = {item.key.key: item for item in items if searchable(item.state)}
        assert set(live) == {path.name for path in notes(home)}
        for key, item in live.items():
            body = shop.catalogue.items.draft_with_parts(item.key).parts
            assert body[0].text in (home.path / "notes" / key).read_text()
        found = verify(shop)
        assert found.agrees, found
        assert found.items == len(live)
        assert found.unembedded == 0
        assert Outcome.RUNNING not in {run.outcome for run in shop.catalogue.runs.list("notes")}


def write(home: Home, number: int, chance: random.Random) -> None:
    lines = [f"We practise {chance.choice(TOPICS)} on day {chance.random()}." for _ in range(40)]
    home.write(f"notes/n{number}.md", f"# Note {number}\n\n" + "\n\n".join(lines))


def notes(home: Home) -> list[Path]:
    return sorted((home.path / "notes").iterdir())


def disturb(home: Home, chance: random.Random) -> None:
    """Change some notes, take one away, add one."""
    chance.choice(notes(home)).unlink()
    for _ in range(CHANGED):
        write(home, chance.randrange(2 * FILES), chance)


def seconds_of_a_run(home: Home, chance: random.Random) -> float:
    """How long a run over some changes takes, in a process of its own."""
    disturb(home, chance)
    assert home.start("ingest").wait(240) == 0
    run = latest(home)
    assert run.ended is not None
    return (run.ended - run.started).total_seconds()


def wait_for_the_run(home: Home, before: int, process: subprocess.Popen[bytes]) -> None:
    with Catalogue.open(load_settings(home.path, {}).database_url) as catalogue:
        while catalogue.runs.list("notes", limit=1)[0].id == before:
            assert process.poll() is None
            time.sleep(0.02)


def latest(home: Home) -> Run:
    with Catalogue.open(load_settings(home.path, {}).database_url) as catalogue:
        return catalogue.runs.list("notes", limit=1)[0]
