"""One source of every connector there is, from servers and folders to the index, by the command."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue.model import Outcome, Run
from catalogue.store import Catalogue
from config.settings import load_settings
from connectors import registry
from connectors.testing import CANARY
from tests.connectors.sites.server import Ecosystem, ecosystem, stand_in
from tests.verbs.terminal import Home, Said

COLUMNS = ["source", "found", "changed", "unchanged", "failed", "gone", "seconds"]
# What these show is a window on their latest items, so absence means nothing.
WINDOWS = {"feed"}
# A link says how often it was shared, so it changes when one of the threads that share it goes.
RETOLD = {"slack": 1}


@dataclass(frozen=True)
class Chapter:
    """What the command said, and the run of each source."""

    said: Said
    runs: Mapping[str, Run]

    def counted(self, name: str) -> dict[str, int]:
        return {source: getattr(run.counters, name) for source, run in self.runs.items()}


@dataclass(frozen=True)
class Story:
    home: Home
    whole: Chapter
    again: Chapter
    shrunk: Chapter
    dented: Chapter


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Story]:
    with ecosystem(tmp_path_factory.mktemp("sources")) as sources:
        one = home(tmp_path_factory.mktemp("one"), model_cache)
        two = home(tmp_path_factory.mktemp("two"), model_cache)
        whole, again = ingested(one, sources, "whole"), ingested(one, sources, "whole")
        shrunk, dented = ingested(one, sources, "shrunk"), ingested(two, sources, "dented")
        yield Story(one, whole, again, shrunk, dented)


def home(folder: Path, models: Path) -> Home:
    made = Home(folder)
    made.write("skillshelf.toml", "http_spacing_s = 0\n")
    (folder / "cache").symlink_to(models)
    return made


def ingested(home: Home, sources: Ecosystem, world: str) -> Chapter:
    if world != sources.world:
        sources.turn(world)
    sources.describe(home.path / "sources.yaml")
    said = home.run_apart("ingest", environ=sources.secrets)
    with Catalogue.open(load_settings(home.path, {}).database_url) as catalogue:
        latest = catalogue.runs.list(limit=len(registry.names()))
    return Chapter(said, {run.source: run for run in latest})


@pytest.mark.parametrize("name", registry.names())
def test_every_connector_has_a_stand_in_for_its_source(name: str) -> None:
    site = stand_in(name)
    assert hasattr(site, "answers") or hasattr(site, "files")


@pytest.mark.slow
def test_everything_is_found(story: Story) -> None:
    whole = story.whole
    assert whole.said.code == 0, whole.said.err
    assert sorted(whole.runs) == registry.names()
    assert {run.outcome for run in whole.runs.values()} == {Outcome.COMPLETED}
    assert whole.counted("added") == whole.counted("found")
    assert min(whole.counted("found").values()) >= 5
    assert min(whole.counted("encoded").values()) > 0


@pytest.mark.slow
def test_it_ends_with_a_table_of_all_sources(story: Story) -> None:
    head, *rows = [line.split() for line in story.whole.said.out.splitlines()]
    assert [name for name in head if name in COLUMNS] == COLUMNS
    assert [row[head.index("source")] for row in rows] == registry.names()


@pytest.mark.slow
def test_the_second_time_nothing_changes_and_no_model_is_asked(story: Story) -> None:
    again = story.again
    assert again.said.code == 0, again.said.err
    for name in ("added", "changed", "failed", "gone", "tagged", "encoded"):
        assert not any(again.counted(name).values()), (name, again.counted(name))


@pytest.mark.slow
def test_what_vanished_is_gone_where_the_source_can_tell(story: Story) -> None:
    shrunk = story.shrunk
    assert shrunk.said.code == 0, shrunk.said.err
    assert shrunk.counted("gone") == {n: int(n not in WINDOWS) for n in registry.names()}
    assert shrunk.counted("changed") == {n: RETOLD.get(n, 0) for n in registry.names()}
    assert not any(shrunk.counted("failed").values())


@pytest.mark.slow
def test_one_broken_item_of_each_source_fails_with_its_reason(story: Story) -> None:
    dented = story.dented
    assert dented.said.code == 1
    assert dented.counted("failed") == dict.fromkeys(dented.runs, 1)
    good = story.whole.counted("found")
    assert dented.counted("added") == {name: count - 1 for name, count in good.items()}
    for name in registry.names():
        [reason] = [ln for ln in dented.said.err.splitlines() if ln.startswith(f"{name}: ")]
        assert len(reason) > len(name) + 20, reason


@pytest.mark.slow
def test_the_index_holds_what_the_catalogue_holds(story: Story) -> None:
    said = story.home.run_apart("verify")
    assert said.code == 0, said.out


@pytest.mark.slow
def test_no_secret_is_kept_or_told(story: Story) -> None:
    for chapter in (story.whole, story.again, story.shrunk, story.dented):
        assert CANARY not in chapter.said.out + chapter.said.err
    kept = [f for f in story.home.path.rglob("*") if f.is_file() and "cache" not in f.parts]
    assert kept
    assert not [file for file in kept if CANARY.encode() in file.read_bytes()]
