"""Many writers and a reader at once; writers killed in the middle."""

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from catalogue.model import ItemKey, Outcome, State
from catalogue.store import Catalogue
from tests.catalogue.making import SOURCE, batch, enrich_all, registered

WRITERS, ROUNDS = 4, 15

# One item more a commit, and the cursor says how many there must be.
WRITER = """
import sys
from catalogue.model import Draft, Part
from catalogue.records import Arrival, Batch, Source
from catalogue.store import Catalogue
with Catalogue.open(sys.argv[1]) as catalogue, catalogue.sources.lock("wiki"):
    catalogue.sources.register(Source("wiki", "feed"))
    run = catalogue.runs.start("wiki").id
    count = catalogue.sources.cursor("wiki").get("count", 0)
    while True:
        titles = [f"item {n}" for n in range(count, count + 20)]
        found = [Draft(title, "u", parts=(Part("text " * 2000),)) for title in titles]
        arrivals = tuple(Arrival(draft.title, {"raw": draft.title}, draft) for draft in found)
        count += 20
        catalogue.intake.commit("wiki", run, Batch(arrivals), {"count": count})
        print(count, flush=True)
"""


def together(*actions: Callable[[], None]) -> None:
    """Runs the actions at once; raises what any of them raised."""
    errors: list[BaseException] = []

    def guarded(action: Callable[[], None]) -> None:
        try:
            action()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.slow
def test_a_reader_beside_many_writers_misses_nothing(url: str) -> None:
    with Catalogue.open(url) as catalogue:
        run = registered(catalogue)
        done = threading.Semaphore(0)
        latest: dict[ItemKey, int] = {}

        def writer(number: int) -> Callable[[], None]:
            def writing() -> None:
                try:
                    for turn in range(ROUNDS):
                        mine = [f"w{number}-{turn}", f"w{number}-0", "shared"]
                        changed = batch(*mine, text=f"text {number} {turn}")
                        catalogue.intake.commit("wiki", run, changed, {})
                finally:
                    done.release()

            return writing

        def reading() -> None:
            watermark, finished = 0, 0
            while finished < WRITERS or watermark < catalogue.changes.head():
                finished += done.acquire(blocking=False)
                for change in catalogue.changes.after(watermark, 7):
                    assert change.sequence > watermark
                    watermark = change.sequence
                    latest[change.key] = watermark

        together(reading, *(writer(number) for number in range(WRITERS)))
        items = catalogue.items.page(limit=1000)
        assert latest == {item.key: item.sequence for item in items}
        assert len(items) == WRITERS * ROUNDS + 1
        counted = catalogue.runs.get(run).counters
        assert counted.added + counted.changed == catalogue.changes.head()


@pytest.mark.slow
def test_writers_of_all_kinds_do_not_wait_for_each_other_for_ever(url: str) -> None:
    with Catalogue.open(url) as catalogue:
        run = registered(catalogue)
        keys = [f"k{number}" for number in range(20)]
        catalogue.intake.commit("wiki", run, batch(*keys), {})

        def ingesting(order: list[str]) -> Callable[[], None]:
            def act() -> None:
                for turn in range(10):
                    catalogue.intake.commit("wiki", run, batch(*order, text=f"{turn}"), {})

            return act

        def enriching() -> None:
            for turn in range(10):
                for item in catalogue.items.to_enrich(f"v{turn}", 20):
                    catalogue.items.set_state(item.key, State.RETIRING, f"person {turn}")

        together(ingesting(keys), ingesting(keys[::-1]), enriching)
        enrich_all(catalogue)
        assert len(list(catalogue.changes.live_passages())) == 20


def killed_at_random(url: str, dice: random.Random) -> int:
    """Starts a writer and kills it in the middle; the last commit it had word of."""
    command = [sys.executable, "-c", WRITER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(dice.randint(1, 6))]
        threading.Event().wait(dice.random() * 0.02)  # somewhere within the next commit
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
    return int([line for line in told if line.endswith("\n")][-1])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_kill_9_leaves_all_of_a_commit_or_nothing(url: str, seed: int) -> None:
    dice = random.Random(seed)
    with Catalogue.open(url) as catalogue:
        for _ in range(4):
            told = killed_at_random(url, dice)
            with catalogue.database.change():  # once its last transaction has ended
                pass
            count = catalogue.sources.cursor("wiki")["count"]
            items = catalogue.items.page(limit=10_000)
            assert count >= told
            assert [item.draft.title for item in items] == [f"item {n}" for n in range(count)]
            assert [item.sequence for item in items] == [*range(1, count + 1)]
            assert catalogue.changes.head() == count
            assert [run.outcome for run in catalogue.runs.close_crashed()] == [Outcome.CRASHED]
        assert catalogue.sources.get("wiki").connector == SOURCE.connector
