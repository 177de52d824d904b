"""A source into the catalogue: what is stored, counted, held and lost (nothing)."""

from collections.abc import Iterator

import pytest

from catalogue.decide import VANISH_COUNT
from catalogue.errors import Busy, TryLater
from catalogue.model import Counters, Cursor, ItemKey, Outcome, Run, Stage, State
from catalogue.records import Source
from catalogue.store import Catalogue
from config.sources import SourceSpec
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from flows.record import recorded
from flows.sync import MOST_PENDING, sync
from tests.flows.scripted import Script, Scripted, listing

SPEC = SourceSpec(name="s", connector="scripted", owner="o@example.org", provider="Acme")


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(catalogue_url) as opened:
        opened.sources.register(Source("s", "scripted"))
        yield opened


def run(catalogue: Catalogue, script: Script) -> Run:
    with recorded(catalogue, "s") as recording:
        for counters in sync(SPEC, Scripted(script), catalogue, recording.id):
            recording.add(counters)
        recording.held = catalogue.sources.held("s") is not None
    return catalogue.runs.get(recording.id)


def states(catalogue: Catalogue) -> dict[str, State]:
    return {item.key.key: item.state for item in catalogue.items.page("s", limit=1000)}


def live(catalogue: Catalogue) -> set[str]:
    return {key for key, state in states(catalogue).items() if state is State.PUBLISHED}


def test_what_is_found_is_stored_once(catalogue: Catalogue) -> None:
    first = run(catalogue, listing("a", "b", "c"))
    again = run(catalogue, listing("a", "b", "c"))
    assert first.outcome is again.outcome is Outcome.COMPLETED
    assert first.counters == Counters(found=3, added=3)
    assert again.counters == Counters(found=3, unchanged=3)
    assert live(catalogue) == {"a", "b", "c"}
    assert catalogue.sources.cursor("s") == {"at": 3}


def test_the_source_speaks_for_items_that_do_not(catalogue: Catalogue) -> None:
    run(catalogue, listing("a"))
    assert catalogue.items.get(ItemKey("s", "a")).draft.provider == "Acme"


def test_a_bad_item_costs_one_item_and_says_why(catalogue: Catalogue) -> None:
    done = run(catalogue, listing("a", "b", "c", bad="b"))
    assert done.outcome is Outcome.COMPLETED_WITH_ERRORS
    assert live(catalogue) == {"a", "c"}
    [failure] = catalogue.failures.list("s")
    assert (failure.item.key, failure.stage, failure.message) == ("b", Stage.READ, "no title")


def test_a_failed_item_keeps_its_earlier_version(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b", "c"))
    run(catalogue, listing("a", "b", "c", bad="b"))
    assert live(catalogue) == {"a", "b", "c"}


def test_a_repaired_item_leaves_the_queue(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b", bad="b"))
    run(catalogue, listing("a", "b"))
    assert catalogue.failures.list("s") == []
    assert live(catalogue) == {"a", "b"}


def test_what_could_not_be_fetched_is_not_taken_for_vanished(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b"))

    def script(cursor: Cursor) -> Iterator[Event]:
        yield Found("a", {"title": "On a"})
        yield Failed("b", TryLater("503"))
        yield Checkpoint({}, complete=True)

    run(catalogue, script)
    assert live(catalogue) == {"a", "b"}


def test_unchanged_counts_as_seen(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b"))

    def script(cursor: Cursor) -> Iterator[Event]:
        yield Unchanged("a")
        yield Checkpoint({}, complete=True)

    assert run(catalogue, script).counters == Counters(found=1, unchanged=1, gone=1)
    assert states(catalogue) == {"a": State.PUBLISHED, "b": State.GONE}


def test_gone_needs_no_listing(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b"))

    def script(cursor: Cursor) -> Iterator[Event]:
        yield Gone("a")
        yield Checkpoint({})

    assert run(catalogue, script).counters.gone == 1
    assert live(catalogue) == {"b"}


def test_an_incomplete_listing_retires_nothing(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b"))
    run(catalogue, listing("a", complete=False))
    assert live(catalogue) == {"a", "b"}


def test_an_empty_listing_is_held(catalogue: Catalogue) -> None:
    run(catalogue, listing("a", "b"))
    done = run(catalogue, listing())
    assert done.outcome is Outcome.HELD
    assert live(catalogue) == {"a", "b"}


def test_a_collapse_is_held_until_a_person_approves(catalogue: Catalogue) -> None:
    keys = [f"k{n}" for n in range(2 * VANISH_COUNT)]
    run(catalogue, listing(*keys))
    assert run(catalogue, listing(keys[0])).outcome is Outcome.HELD
    assert live(catalogue) == set(keys)
    catalogue.sources.approve_hold("s", who="ann")
    assert live(catalogue) == {keys[0]}
    assert run(catalogue, listing(keys[0])).outcome is Outcome.COMPLETED


def test_an_outage_keeps_what_was_checkpointed(catalogue: Catalogue) -> None:
    def script(cursor: Cursor) -> Iterator[Event]:
        yield Found("a", {"title": "On a"})
        yield Checkpoint({"page": 2})
        yield Found("b", {"title": "On b"})
        raise TryLater("503 from learn.example")

    done = run(catalogue, script)
    assert (done.outcome, done.message) == (Outcome.FAILED, "503 from learn.example")
    assert done.counters.added == 1
    assert live(catalogue) == {"a"}
    assert catalogue.sources.cursor("s") == {"page": 2}


def test_an_unknown_error_stops_loudly_with_an_outcome(catalogue: Catalogue) -> None:
    def script(cursor: Cursor) -> Iterator[Event]:
        yield Found("a", {"title": "On a"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(catalogue, script)
    [recording] = catalogue.runs.list("s")
    assert recording.outcome is Outcome.FAILED
    assert "ZeroDivisionError" in recording.message


def test_an_interrupted_run_is_cancelled(catalogue: Catalogue) -> None:
    def script(cursor: Cursor) -> Iterator[Event]:
        yield Found("a", {"title": "On a"})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(catalogue, script)
    assert catalogue.runs.list("s")[0].outcome is Outcome.CANCELLED


def test_items_are_written_ahead_of_a_late_checkpoint_but_the_cursor_is_not(
    catalogue: Catalogue,
) -> None:
    def script(cursor: Cursor) -> Iterator[Event]:
        for n in range(MOST_PENDING + 1):
            yield Found(f"k{n}", {"title": f"On {n}"})
        raise TryLater("cut off")

    run(catalogue, script)
    assert len(live(catalogue)) == MOST_PENDING
    assert catalogue.sources.cursor("s") == {}


def test_one_source_is_never_run_twice_at_once(catalogue: Catalogue) -> None:
    with catalogue.sources.lock("s"), pytest.raises(Busy), catalogue.sources.lock("s"):
        pytest.fail("two runs of one source")
