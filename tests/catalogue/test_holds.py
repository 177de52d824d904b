import pytest

from catalogue.errors import NotFound
from catalogue.model import Counters, ItemKey, Stage, State
from catalogue.records import Batch, ItemFailure
from catalogue.store import Catalogue
from tests.catalogue.making import batch, registered

KEYS = [f"k{number}" for number in range(30)]


def states(catalogue: Catalogue) -> dict[State, int]:
    return dict(catalogue.items.counts()["wiki"])


def full(catalogue: Catalogue) -> int:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch(*KEYS), {})
    return run


def listing(*keys: str) -> Batch:
    return Batch(seen=frozenset(keys))


def test_a_few_items_missing_from_a_complete_listing_go(catalogue: Catalogue) -> None:
    run = full(catalogue)
    assert catalogue.intake.commit("wiki", run, listing(*KEYS[5:]), {}) == Counters(gone=5)
    assert states(catalogue) == {State.PUBLISHED: 25, State.GONE: 5}
    assert catalogue.sources.held("wiki") is None


def test_an_empty_listing_retires_nothing_and_waits_for_a_person(catalogue: Catalogue) -> None:
    run = full(catalogue)
    counters = catalogue.intake.commit("wiki", run, listing(), {"at": 9})
    assert counters == Counters(held=30)
    assert states(catalogue) == {State.PUBLISHED: 30}
    assert catalogue.changes.head() == 30
    hold = catalogue.sources.held("wiki")
    assert hold is not None
    assert (hold.keys, hold.live) == (frozenset(KEYS), 30)


def test_an_approved_hold_lets_the_items_go(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(*KEYS[:5]), {})
    assert catalogue.sources.approve_hold("wiki", "ada") == 25
    assert states(catalogue) == {State.PUBLISHED: 5, State.GONE: 25}
    assert catalogue.sources.held("wiki") is None
    (decision,) = catalogue.decisions.of(ItemKey("wiki", ""))
    assert (decision.who, decision.action) == ("ada", "let 25 vanished items go")


def test_a_dismissed_hold_keeps_them_until_the_next_listing(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(), {})
    catalogue.sources.dismiss_hold("wiki", "ada")
    assert states(catalogue) == {State.PUBLISHED: 30}
    with pytest.raises(NotFound):
        catalogue.sources.approve_hold("wiki", "ada")
    assert catalogue.intake.commit("wiki", run, listing(), {}).held == 30


def test_what_the_source_shows_again_is_not_let_go(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(), {})
    catalogue.intake.commit("wiki", run, batch(*KEYS[:28]), {})
    assert catalogue.sources.approve_hold("wiki", "ada") == 2
    assert states(catalogue) == {State.PUBLISHED: 28, State.GONE: 2}


def test_a_hold_ends_when_all_of_it_is_shown_again(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(*KEYS[:5]), {})
    catalogue.intake.commit("wiki", run, batch(*KEYS[5:]), {})
    assert catalogue.sources.held("wiki") is None


def test_a_whole_listing_lifts_the_hold(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(), {})
    catalogue.intake.commit("wiki", run, listing(*KEYS), {})
    assert catalogue.sources.held("wiki") is None


def test_a_second_bad_listing_keeps_the_first_date(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(), {})
    first = catalogue.sources.held("wiki")
    catalogue.intake.commit("wiki", run, listing(KEYS[0]), {})
    second = catalogue.sources.held("wiki")
    assert first is not None
    assert second is not None
    assert (second.since, len(second.keys)) == (first.since, 29)


def test_a_failed_item_counts_as_seen(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a", "b"), {})
    failure = ItemFailure("a", Stage.FETCH, "BadItem", "404")
    damaged = Batch(failures=(failure,), seen=frozenset({"b"}))
    assert catalogue.intake.commit("wiki", run, damaged, {}) == Counters(failed=1)
    assert states(catalogue) == {State.PUBLISHED: 2}


def test_one_source_s_listing_says_nothing_of_another_s(catalogue: Catalogue) -> None:
    run = full(catalogue)
    catalogue.intake.commit("wiki", run, listing(*KEYS), {})
    assert states(catalogue) == {State.PUBLISHED: 30}
