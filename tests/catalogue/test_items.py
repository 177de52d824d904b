import pytest

from catalogue.errors import NotFound
from catalogue.model import Enrichment, ItemKey, Level, Stage, State
from catalogue.records import Enriched, ItemFailure
from catalogue.store import Catalogue
from tests.catalogue.making import SOURCE, batch, enrich_all, enrichment, registered

A, B = ItemKey("wiki", "a"), ItemKey("wiki", "b")


def test_what_does_not_exist_is_named(catalogue: Catalogue) -> None:
    for asking in (
        catalogue.items.get,
        catalogue.items.payload,
        catalogue.items.draft_with_parts,
        catalogue.items.passages,
    ):
        with pytest.raises(NotFound, match="no item 'a' of wiki"):
            asking(A)
    with pytest.raises(NotFound, match="no item 7"):
        catalogue.items.find(7)


def test_an_enrichment_is_stored_with_a_new_number(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    made = enrichment(("low", 0.2), ("high", 0.9))
    item = catalogue.items.get(A)
    assert catalogue.items.enriched(item.id, item.model_hash, made)
    after = catalogue.items.get(A)
    assert (after.sequence, after.language, after.duration) == (2, "en", 60)
    assert [tag.tag for tag in after.tags] == [made.tags[1], made.tags[0]]
    assert catalogue.items.passages(A) == made.passages


def test_a_late_enrichment_of_an_old_text_is_refused(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a", "b"), {})
    old = {item.key: item for item in catalogue.items.to_enrich("v1", 10)}
    catalogue.intake.commit("wiki", run, batch("a", text="Newer."), {})
    results = [Enriched(i.id, i.model_hash, enrichment()) for i in old.values()]
    assert catalogue.items.enriched_all(results) == {old[B].id}
    assert not catalogue.items.enriched(old[A].id, old[A].model_hash, enrichment())
    assert [item.key for item in catalogue.items.to_enrich("v1", 10)] == [A]


def test_the_old_passages_stay_until_the_new_text_is_enriched(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    enrich_all(catalogue)
    catalogue.intake.commit("wiki", run, batch("a", text="Newer."), {})
    (change,) = catalogue.changes.after(0, 10)
    assert change.item is not None
    assert change.passages == enrichment().passages


def test_a_new_version_enriches_everything_present_again(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b", "c"), {})
    enrich_all(catalogue)
    catalogue.items.set_state(B, State.SUPPRESSED, "ada")
    assert [item.key.key for item in catalogue.items.to_enrich("v2", 10)] == ["a", "c"]
    first = catalogue.items.to_enrich("v2", 1)
    assert [i.key.key for i in catalogue.items.to_enrich("v2", 9, after_id=first[0].id)] == ["c"]
    assert catalogue.items.to_enrich("v2", 10, source="other") == []


def test_an_enrichment_replaces_the_one_before(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    enrich_all(catalogue, ("one", 0.9), ("two", 0.9))
    enrich_all(catalogue, ("two", 0.8), version="v2")
    assert [(t.tag.skill, t.tag.probability) for t in catalogue.items.get(A).tags] == [("two", 0.8)]
    item = catalogue.items.get(A)
    empty = Enrichment("v3", None, Level.BEGINNER, None, (), ())
    assert catalogue.items.enriched(item.id, item.model_hash, empty)
    after = catalogue.items.get(A)
    assert (after.tags, after.level, after.language) == ((), Level.BEGINNER, None)
    assert catalogue.items.passages(A) == ()


def test_an_enrichment_resolves_its_failure(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b"), {})
    failed = [ItemFailure(key, Stage.ENRICH, "BadItem", "odd") for key in "ab"]
    catalogue.failures.record("wiki", failed)
    catalogue.intake.commit("wiki", registered(catalogue), batch("b"), {})
    assert catalogue.failures.count() == 2
    item = catalogue.items.get(A)
    catalogue.items.enriched(item.id, item.model_hash, enrichment())
    assert [failure.item for failure in catalogue.failures.list()] == [B]


def test_nothing_to_store_takes_no_number(catalogue: Catalogue) -> None:
    assert catalogue.items.enriched_all([]) == frozenset()
    assert catalogue.changes.head() == 0


def test_pages_follow_each_other(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch(*"abcde"), {})
    catalogue.items.set_state(B, State.RETIRED, "ada")
    first = catalogue.items.page(states=[State.PUBLISHED], limit=2)
    rest = catalogue.items.page("wiki", [State.PUBLISHED], after_id=first[-1].id)
    assert [item.key.key for item in (*first, *rest)] == ["a", "c", "d", "e"]
    assert catalogue.items.page("other") == []


def test_who_decided_what_and_when_is_kept(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    assert catalogue.items.set_state(A, State.SUPPRESSED, "ada").state is State.SUPPRESSED
    catalogue.items.set_state(A, State.SUPPRESSED, "eve")
    assert catalogue.items.restore(A, "bob").state is State.PUBLISHED
    said = [(d.action, d.who) for d in catalogue.decisions.of(A)]
    assert said == [("suppressed", "ada"), ("published", "bob")]
    assert catalogue.changes.head() == 3
    with pytest.raises(NotFound):
        catalogue.items.set_state(B, State.RETIRED, "ada")


def test_items_are_counted_by_source_and_state(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b"), {})
    catalogue.items.set_state(B, State.RETIRED, "ada")
    assert catalogue.items.counts() == {SOURCE.name: {State.PUBLISHED: 1, State.RETIRED: 1}}
