"""The index in a serving process: locked, followed, switched under its readers."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from catalogue.errors import Busy, WrongIndex
from index.conditions import FIRST
from index.depots import Depot, EdgeDepot
from index.edge import EdgeEngine
from index.generations import build
from index.identity import Identity
from index.live import LiveIndex
from index.lock import publisher, publishing
from tests.index.shelf import IDENTITY, Shelf, item

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


def opened(depot: Depot, shelf: Shelf) -> LiveIndex:
    return LiveIndex.open(depot, IDENTITY, shelf, shelf)


def counted(index: LiveIndex) -> int:
    with index.reading() as engine:
        return engine.count((FIRST,))


def test_a_fresh_index_is_empty_and_follows(depot: Depot, shelf: Shelf) -> None:
    shelf.put(item(1, language="de-AT"), "one")
    with opened(depot, shelf) as index:
        assert counted(index) == 0
        assert index.refresh() == 1
        assert counted(index) == 1
        assert index.languages() == ("de",)
        assert index.refresh() == 0


def test_an_index_is_found_again(depot: Depot, shelf: Shelf) -> None:
    shelf.put(item(1), "one")
    with opened(depot, shelf) as index:
        index.refresh()
    with opened(depot, shelf) as index:
        assert counted(index) == 1
        assert index.refresh() == 0


def test_a_built_generation_is_adopted_and_the_old_one_goes(depot: Depot, shelf: Shelf) -> None:
    shelf.put(item(1), "one")
    with opened(depot, shelf) as index:
        index.refresh()
        steps: list[int] = []
        name = build(shelf, shelf, depot, IDENTITY, steps.append)
        assert steps == [1]
        shelf.put(item(2), "written while it was built")
        with index.reading() as old:
            assert index.refresh() == 1
            assert old.count((FIRST,)) == 1, "a reader keeps what it reads"
        assert index.name == name
        assert counted(index) == 2
        assert list(depot.ready()) == [name]


def test_no_query_fails_or_waits_for_a_switch(depot: Depot, shelf: Shelf) -> None:
    for number in range(1, 20):
        shelf.put(item(number), f"text {number}")
    failures: list[BaseException] = []
    asked = [0]
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.wait(0.001):  # without a pause two threads burn what building needs
                assert counted(index) == 19
                asked[0] += 1
        except BaseException as error:
            failures.append(error)

    with opened(depot, shelf) as index:
        index.refresh()
        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            build(shelf, shelf, depot, IDENTITY)
            before = asked[0]
            index.refresh()
            while asked[0] < before + 4 and not failures:
                threading.Event().wait(0.001)
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert len(depot.ready()) == 1


def test_a_second_holder_is_refused_and_told_whom_to_ask(tmp_path: Path, shelf: Shelf) -> None:
    depot = EdgeDepot(tmp_path)
    url = "http://127.0.0.1:8800"
    with LiveIndex.open(depot, IDENTITY, shelf, shelf, url):
        assert publisher(tmp_path) == url
        with pytest.raises(Busy, match=rf"process \d+ \({url}\)"):
            opened(depot, shelf)
    assert publisher(tmp_path) is None
    opened(depot, shelf).close()


def test_an_open_engine_is_not_opened_twice(tmp_path: Path) -> None:
    engine = EdgeEngine.create(tmp_path / "one", IDENTITY.dimensions)
    with pytest.raises(Busy, match="another process"):
        EdgeEngine.open(tmp_path / "one")
    engine.close()
    EdgeEngine.open(tmp_path / "one").close()


def test_a_damaged_index_offers_a_rebuild(tmp_path: Path) -> None:
    EdgeEngine.create(tmp_path / "one", IDENTITY.dimensions).close()
    for state in tmp_path.glob("one/shard/segments/*/segment.json"):
        state.write_text("{", encoding="utf-8")
    with pytest.raises(WrongIndex, match="skillshelf rebuild"):
        EdgeEngine.open(tmp_path / "one")


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    code = (
        "from index.lock import publishing\nfrom pathlib import Path\n"
        f"with publishing(Path({str(tmp_path)!r})):\n    print('held', flush=True)\n    input()"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(Busy, match=f"process {child.pid}"), publishing(tmp_path):
            pass
        child.kill()
        child.wait()
    with publishing(tmp_path):
        pass


@pytest.mark.parametrize(
    "other",
    [
        Identity("another model", IDENTITY.dimensions, "1"),
        Identity(IDENTITY.encoder, IDENTITY.dimensions, "2"),
    ],
)
def test_an_index_made_otherwise_is_never_opened(
    depot: Depot, shelf: Shelf, other: Identity
) -> None:
    opened(depot, shelf).close()
    with pytest.raises(WrongIndex, match="skillshelf rebuild"):
        LiveIndex.open(depot, other, shelf, shelf)
    name = build(shelf, shelf, depot, other)
    with LiveIndex.open(depot, other, shelf, shelf) as index:
        assert index.name == name
    assert list(depot.ready()) == [name]


def test_a_restored_catalogue_needs_a_rebuild(depot: Depot, shelf: Shelf) -> None:
    shelf.put(item(1), "one")
    with opened(depot, shelf) as index:
        index.refresh()
    restored = Shelf("second life")
    restored.put(item(5), "five")
    with pytest.raises(WrongIndex, match="skillshelf rebuild"):
        opened(depot, restored)
    build(restored, restored, depot, IDENTITY)
    with opened(depot, restored) as index:
        assert counted(index) == 1


def test_an_interrupted_build_is_not_seen_and_not_in_the_way(depot: Depot, shelf: Shelf) -> None:
    shelf.put(item(1), "one")

    def die(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(shelf, shelf, depot, IDENTITY, die)
    assert not depot.ready()
    assert build(shelf, shelf, depot, IDENTITY) in depot.ready()


def test_two_builds_at_once_are_refused(depot: Depot, shelf: Shelf) -> None:
    with depot.building(), pytest.raises(Busy, match="rebuild"):
        build(shelf, shelf, depot, IDENTITY)
