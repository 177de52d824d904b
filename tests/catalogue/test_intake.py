from dataclasses import replace

import pytest

from catalogue.errors import NotFound
from catalogue.model import Counters, ItemKey, Stage, State
from catalogue.records import Arrival, Batch, ItemFailure
from catalogue.store import Catalogue
from tests.catalogue.making import SOURCE, arrival, batch, draft, enrich_all, registered

A = ItemKey("wiki", "a")


def test_new_items_are_stored_whole_with_the_cursor(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    counters = catalogue.intake.commit("wiki", run, batch("a", "b"), {"page": 2})
    assert counters == Counters(found=2, added=2)
    assert catalogue.sources.cursor("wiki") == {"page": 2}
    assert catalogue.runs.get(run).counters == counters
    item = catalogue.items.get(A)
    assert (item.state, item.sequence, item.draft.title) == (State.PUBLISHED, 1, "a")
    assert item.draft.parts == ()
    assert catalogue.items.draft_with_parts(A) == arrival("a").draft
    assert catalogue.items.payload(A) == {"raw": "a"}
    assert catalogue.items.find(item.id) == item


def test_the_same_again_writes_no_number(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a", "b"), {})
    before = catalogue.items.page()
    again = catalogue.intake.commit("wiki", run, batch("a", "b"), {"next": 1})
    assert again == Counters(found=2, unchanged=2)
    assert catalogue.changes.head() == 2
    assert catalogue.items.page() == before
    assert catalogue.sources.cursor("wiki") == {"next": 1}
    assert catalogue.runs.get(run).counters == Counters(found=4, added=2, unchanged=2)


def test_a_new_text_is_enriched_again_and_a_new_address_is_not(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a", "b"), {})
    enrich_all(catalogue, ("skill", 0.9))
    assert catalogue.items.to_enrich("v1", 10) == []
    moved = arrival("a", url="https://example.org/moved")
    changed = Batch((moved, arrival("b", text="Another text.")))
    assert catalogue.intake.commit("wiki", run, changed, {}) == Counters(found=2, changed=2)
    waiting = catalogue.items.to_enrich("v1", 10)
    assert [item.key.key for item in waiting] == ["b"]
    assert waiting[0].draft.parts[0].text == "Another text."
    assert catalogue.items.get(A).draft.url == "https://example.org/moved"
    assert [tag.tag.skill for tag in catalogue.items.get(A).tags] == ["skill"]


def test_the_latest_payload_is_kept_even_where_it_reads_the_same(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    newer = replace(arrival("a"), payload={"raw": "a", "views": 7})
    counters = catalogue.intake.commit("wiki", run, Batch((newer,)), {})
    assert counters == Counters(found=1, unchanged=1)
    assert catalogue.items.payload(A) == {"raw": "a", "views": 7}
    assert catalogue.changes.head() == 1


def test_the_last_of_two_under_one_key_counts(catalogue: Catalogue) -> None:
    twice = Batch((arrival("a", "first"), arrival("a", "second")))
    counters = catalogue.intake.commit("wiki", registered(catalogue), twice, {})
    assert counters.added == 1
    assert catalogue.items.get(A).draft.title == "second"


def test_nothing_is_stored_without_a_source_or_a_run(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    with pytest.raises(NotFound, match="no source 'other'"):
        catalogue.intake.commit("other", run, batch("a"), {"at": 1})
    with pytest.raises(NotFound, match="no run 999"):
        catalogue.intake.commit("wiki", 999, batch("a"), {"at": 1})
    assert catalogue.items.page() == []
    assert catalogue.sources.cursor("wiki") == {}
    assert catalogue.changes.head() == 0


def test_a_source_under_review_shows_nothing_by_itself(catalogue: Catalogue) -> None:
    run = registered(catalogue, replace(SOURCE, publish=False))
    catalogue.intake.commit("wiki", run, batch("a"), {})
    enrich_all(catalogue)
    assert catalogue.items.get(A).state is State.SUGGESTED
    assert catalogue.changes.after(0, 10)[0].item is None
    catalogue.items.approve(A, "ada")
    assert catalogue.changes.after(0, 10)[0].item == catalogue.items.get(A)


def test_a_failed_item_keeps_its_earlier_version(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    failure = ItemFailure("a", Stage.READ, "BadItem", "torn page 2", {"raw": "torn"})
    counters = catalogue.intake.commit("wiki", run, Batch(failures=(failure,)), {})
    assert counters == Counters(failed=1)
    assert catalogue.items.get(A).state is State.PUBLISHED
    assert catalogue.failures.payload(A) == {"raw": "torn"}
    catalogue.intake.commit("wiki", run, batch("a"), {})
    assert catalogue.failures.count() == 0


def test_a_withdrawn_item_goes_and_may_come_back(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    enrich_all(catalogue)
    withdrawn = Batch(gone=frozenset({"a", "unknown"}))
    assert catalogue.intake.commit("wiki", run, withdrawn, {}) == Counters(gone=1)
    assert catalogue.intake.commit("wiki", run, withdrawn, {}) == Counters()
    assert catalogue.items.get(A).state is State.GONE
    assert catalogue.changes.after(0, 10)[0].item is None
    assert catalogue.intake.commit("wiki", run, batch("a"), {}) == Counters(found=1, changed=1)
    assert catalogue.items.get(A).state is State.PUBLISHED
    assert catalogue.items.to_enrich("v1", 10) == []


@pytest.mark.parametrize("state", [State.SUPPRESSED, State.RETIRED])
def test_what_a_person_took_away_stays_away(catalogue: Catalogue, state: State) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    catalogue.items.set_state(A, state, "ada")
    catalogue.intake.commit("wiki", run, Batch(gone=frozenset({"a"})), {})
    catalogue.intake.commit("wiki", run, batch("a", text="New."), {})
    assert catalogue.items.get(A).state is state
    assert catalogue.items.to_enrich("v1", 10) == []


def test_keys_and_texts_that_no_database_takes_are_kept_readable(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    hostile = Arrival("k\0\ud800", {"a\0": "\ud800"}, draft("T\0\ud800", "x\0y\udfff"))
    for _ in range(2):
        catalogue.intake.commit("wiki", run, Batch((hostile,)), {"\0": "\ud800"})
    (item,) = catalogue.items.page()
    assert catalogue.changes.head() == 1
    assert catalogue.items.get(ItemKey("wiki", "k\0\ud800")) == item
    assert item.draft.title == "T\0\ud800"
    assert catalogue.items.payload(item.key) == {"a\0": "\ud800"}
    assert catalogue.items.draft_with_parts(item.key).parts == hostile.draft.parts


@pytest.mark.slow
def test_batches_larger_than_a_statement(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    keys = [f"k{number:05}" for number in range(2500)]
    assert catalogue.intake.commit("wiki", run, batch(*keys), {}).added == 2500
    seen = frozenset(keys[100:])
    counters = catalogue.intake.commit("wiki", run, batch(*keys[100:], seen=seen), {})
    assert (counters.unchanged, counters.gone) == (2400, 100)
    numbers = [change.sequence for change in catalogue.changes.after(0, 5000)]
    assert numbers == [*range(101, 2601)]


def test_very_long_keys_stay_apart(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    long = "".join(f"{number}ü" for number in range(2000))
    keys = [f"{long}1", f"{long}2"]
    catalogue.intake.commit("wiki", run, batch(*keys), {})
    catalogue.intake.commit("wiki", run, batch(*keys, seen=frozenset(keys)), {})
    catalogue.intake.commit("wiki", run, Batch(gone=frozenset(keys[:1])), {})
    assert [catalogue.items.get(ItemKey("wiki", k)).state for k in keys] == [
        State.GONE,
        State.PUBLISHED,
    ]
    assert catalogue.changes.head() == 3


def test_what_left_the_source_needs_no_repair(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    failed = tuple(ItemFailure(key, Stage.FETCH, "BadItem", "404") for key in "abc")
    catalogue.intake.commit("wiki", run, Batch(failures=failed), {})
    catalogue.intake.commit("wiki", run, Batch(gone=frozenset("a")), {})
    assert sorted(f.item.key for f in catalogue.failures.list()) == ["b", "c"]
    catalogue.intake.commit("wiki", run, Batch(seen=frozenset("b")), {})
    assert [f.item.key for f in catalogue.failures.list()] == ["b"]
