"""Following keeps the index level with the catalogue, whatever happens in between."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from catalogue.errors import WrongIndex
from catalogue.model import ItemKey
from index.conditions import FIRST, AnyOf, Conditions, Embedded
from index.depots import EdgeDepot
from index.engine import Engine, Point, Watermark
from index.follow import follow
from index.generations import Generation
from index.points import item_id, point_id
from index.verify import Difference, repair, verify
from tests.index.shelf import IDENTITY, Shelf, item

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


def agreed(shelf: Shelf, generation: Generation) -> None:
    difference = verify(shelf, generation.engine)
    assert difference.agrees, difference
    assert difference.points == sum(max(n, 1) for _, n, _ in shelf.live_passages())


def test_an_item_is_replaced_whole(generation: Generation, shelf: Shelf) -> None:
    key = shelf.put(item(1, "Old"), "one", "two", "three")
    assert follow(shelf, shelf, generation) == 1
    shelf.put(item(1, "New"), "four")
    assert follow(shelf, shelf, generation) == 1
    [payload] = generation.engine.fetch([point_id(key, n) for n in range(3)]).values()
    assert (payload["title"], payload["text"]) == ("New", "four")


def test_a_withdrawn_item_goes(generation: Generation, shelf: Shelf) -> None:
    key = shelf.put(item(1), "one", "two")
    follow(shelf, shelf, generation)
    shelf.withdraw(key)
    follow(shelf, shelf, generation)
    assert generation.engine.count(()) == 0


def test_following_twice_changes_nothing(generation: Generation, shelf: Shelf) -> None:
    shelf.put(item(1), "one", "two")
    follow(shelf, shelf, generation)
    assert follow(shelf, shelf, generation) == 0
    generation.engine.set_watermark(Watermark(0, shelf.epoch()))
    assert follow(shelf, shelf, generation) == 1
    agreed(shelf, generation)


def test_the_limit_bounds_one_call(generation: Generation, shelf: Shelf) -> None:
    for number in range(1, 8):
        shelf.put(item(number), f"text {number}")
    assert follow(shelf, shelf, generation, limit=5) == 5
    assert generation.engine.watermark() == Watermark(5, shelf.epoch())
    assert follow(shelf, shelf, generation, limit=5) == 2


def test_an_item_without_text_is_found_by_its_summary(generation: Generation, shelf: Shelf) -> None:
    key = shelf.put(item(1, summary="about nothing"))
    follow(shelf, shelf, generation)
    [payload] = generation.engine.fetch([point_id(key, 0)]).values()
    assert payload["text"] == "about nothing"
    agreed(shelf, generation)


def test_a_passage_without_a_vector_is_indexed_by_its_words(
    generation: Generation, shelf: Shelf
) -> None:
    shelf.put(item(1), "one")
    shelf.vectors.clear()
    follow(shelf, shelf, generation)
    assert generation.engine.count((Embedded(False),)) == 1
    assert verify(shelf, generation.engine).unembedded == 1


@pytest.mark.parametrize("successor", [Shelf("second life"), Shelf("first life")])
def test_a_restored_catalogue_is_not_followed(
    generation: Generation, shelf: Shelf, successor: Shelf
) -> None:
    """Another epoch, or numbers that ran backwards."""
    shelf.put(item(1), "one")
    shelf.put(item(2), "two")
    follow(shelf, shelf, generation)
    with pytest.raises(WrongIndex, match="skillshelf rebuild"):
        follow(successor, shelf, generation)


def test_verification_names_what_differs_and_repair_mends_it(
    generation: Generation, shelf: Shelf
) -> None:
    lost, partly, aged, surplus = (
        shelf.put(item(n), f"a {n}", f"b {n}", f"c {n}") for n in range(1, 5)
    )
    follow(shelf, shelf, generation)
    engine = generation.engine
    engine.remove((AnyOf("of", (item_id(lost),)),))
    engine.remove((AnyOf("of", (item_id(partly),)), AnyOf("number", (1,))))
    shelf.put(item(3), "a new text", "b 3", "c 3")
    shelf.put(item(4), "only one left")
    stranger = Shelf()
    orphan = stranger.put(item(99), "who am I")
    engine.put(_points_of(stranger))

    found = verify(shelf, engine)
    assert found == Difference(
        4, 3 * 4 - 3 - 1 + 1, (lost, partly), (aged, surplus), (item_id(orphan),), 0
    )
    repair(shelf, shelf, generation, found)
    agreed(shelf, generation)


class Dying:
    """An engine whose process may die before any write. Everything else is the engine's own."""

    def __init__(self, engine: Engine, lives: int) -> None:
        self._engine = engine
        self._lives = lives

    def put(self, points: Sequence[Point]) -> None:
        self._live()
        self._engine.put(points)

    def remove(self, where: Conditions) -> None:
        self._live()
        self._engine.remove(where)

    def set_watermark(self, watermark: Watermark) -> None:
        self._live()
        self._engine.set_watermark(watermark)

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def _live(self) -> None:
        self._lives -= 1
        if self._lives < 0:
            raise Death


class Death(Exception):
    pass


@pytest.mark.parametrize("seed", range(6))
def test_any_history_with_any_crashes_ends_level(
    generation: Generation, shelf: Shelf, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(12):
        for _ in range(chance.randrange(1, 6)):
            _something_happens(shelf, chance)
        mortal = Dying(generation.engine, chance.randrange(8))
        dying = Generation("dying", cast(Engine, mortal), IDENTITY)
        try:
            follow(shelf, shelf, dying, limit=chance.choice((1, 3, None)))
        except Death:
            generation.engine.optimise()
    follow(shelf, shelf, generation)
    agreed(shelf, generation)
    spoken = Counter(c.item.language for c in shelf.changes.values() if c.item is not None)
    assert dict(generation.engine.facet("languages", (FIRST,), 10)) == spoken


@pytest.mark.slow
def test_a_killed_publisher_leaves_nothing_that_following_again_does_not_mend(
    tmp_path: Path,
) -> None:
    depot = EdgeDepot(tmp_path / "index")
    name = f"{IDENTITY.stem}-1"
    depot.create(name, IDENTITY.dimensions).close()
    depot.release(name)
    chance = random.Random(20)
    for round_ in range(4):
        _publish_and_die(tmp_path / "index" / name, 0.05 + chance.random() * 0.6)
        engine = depot.open(name)
        shelf = history()
        assert engine.watermark().sequence <= shelf.head(), round_
        engine.close()
    engine = depot.open(name)
    follow(shelf, shelf, Generation(name, engine, IDENTITY))
    agreed(shelf, Generation(name, engine, IDENTITY))
    engine.close()


def history() -> Shelf:
    """The same 1,500 changes each time it is asked for."""
    shelf, chance = Shelf(), random.Random(7)
    for _ in range(1500):
        _something_happens(shelf, chance, items=600)
    return shelf


def publish(folder: Path) -> None:
    """What the child does: follow from where the index stands, in small steps."""
    from index.edge import EdgeEngine

    generation = Generation(folder.name, EdgeEngine.open(folder), IDENTITY)
    shelf = history()
    print("publishing", flush=True)
    while follow(shelf, shelf, generation, limit=16):
        pass
    time.sleep(60)


def _publish_and_die(folder: Path, after: float) -> None:
    code = (
        "from pathlib import Path; from tests.index.test_follow import publish; "
        f"publish(Path({str(folder)!r}))"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "publishing\n"
        time.sleep(after)
        os.kill(child.pid, signal.SIGKILL)


def _something_happens(shelf: Shelf, chance: random.Random, items: int = 12) -> None:
    number = chance.randrange(1, items)
    if chance.random() < 0.25:
        shelf.withdraw(ItemKey("docs", f"key {number}"))
    else:
        texts = [f"text {chance.randrange(50)} {n}" for n in range(chance.randrange(5))]
        shelf.put(item(number, language=chance.choice(("de", "en", "fr"))), *texts)


def _points_of(shelf: Shelf) -> list[Point]:
    from index.points import points

    return [p for change in shelf.after(0, 100) for p in points(change, shelf.vectors)]
