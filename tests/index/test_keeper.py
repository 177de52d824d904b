"""A served index follows by itself, and is built anew once it is outgrown."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.conditions import FIRST
from index.depots import EdgeDepot
from index.generations import build
from index.keeper import kept
from index.live import LiveIndex
from tests.index.shelf import IDENTITY, Shelf, item

PATIENCE_S = 60
TICK_S = 0.01


def eventually(look: Callable[[], bool]) -> bool:
    wait = threading.Event().wait
    return any(look() or wait(TICK_S) for _ in range(int(PATIENCE_S / TICK_S)))


def counted(index: LiveIndex) -> int:
    with index.reading() as engine:
        return engine.count((FIRST,))


def nothing() -> None:
    """No rebuild is wanted."""


def test_what_is_written_is_found_without_being_asked(tmp_path: Path, shelf: Shelf) -> None:
    with (
        LiveIndex.open(EdgeDepot(tmp_path), IDENTITY, shelf, shelf) as index,
        kept(index, nothing, interval=TICK_S),
    ):
        shelf.put(item(1), "one")
        assert eventually(lambda: counted(index) == 1)


@pytest.mark.slow
def test_an_outgrown_index_is_built_anew_once(tmp_path: Path, shelf: Shelf) -> None:
    depot = EdgeDepot(tmp_path)
    built: list[str] = []

    def rebuild() -> None:
        built.append(build(shelf, shelf, depot, IDENTITY))

    for number in range(1, 8):
        shelf.put(item(number), f"text {number}")
    with (
        LiveIndex.open(depot, IDENTITY, shelf, shelf) as index,
        kept(index, rebuild, interval=TICK_S, look_after=20 * TICK_S, most_exact=5),
    ):
        assert eventually(lambda: bool(built) and index.name == built[0])
        assert counted(index) == 7
        assert not index.outgrown(5)
        threading.Event().wait(50 * TICK_S)
        assert len(built) == 1


def test_a_rebuild_that_fails_stops_nothing(tmp_path: Path, shelf: Shelf) -> None:
    failed = threading.Event()

    def rebuild() -> None:
        failed.set()
        raise OSError("no such program")

    shelf.put(item(1), "one")
    with (
        LiveIndex.open(EdgeDepot(tmp_path), IDENTITY, shelf, shelf) as index,
        kept(index, rebuild, interval=TICK_S, look_after=TICK_S, most_exact=0),
    ):
        assert failed.wait(PATIENCE_S)
        shelf.put(item(2), "two")
        assert eventually(lambda: counted(index) == 2)
