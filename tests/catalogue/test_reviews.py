import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from catalogue.errors import NotFound
from catalogue.model import ItemKey, Standing, State, Verdict
from catalogue.records import Batch
from catalogue.store import Catalogue
from catalogue.store.schema import reviews
from tests.catalogue.making import batch, enrich_all, registered, review

A = ItemKey("wiki", "a")


def standings(catalogue: Catalogue, key: ItemKey = A) -> dict[str, Standing]:
    return {tag.tag.skill: tag.standing for tag in catalogue.items.get(key).tags}


def test_a_review_shows_at_once_and_takes_a_number(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    enrich_all(catalogue, ("one", 0.9))
    item = catalogue.reviews.add(review("a", "one", Verdict.REJECT))
    assert [(t.tag.skill, t.standing) for t in item.tags] == [("one", Standing.REJECTED)]
    (change,) = catalogue.changes.after(2, 10)
    assert change.item == item
    assert (change.sequence, item.sequence) == (3, 3)


def test_reviews_survive_tagging_rewriting_and_going(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    enrich_all(catalogue, ("one", 0.9), ("two", 0.3))
    said = [
        review("a", "one", Verdict.REJECT),
        review("a", "two", Verdict.ACCEPT),
        review("a", "three", Verdict.ADD),
    ]
    for one in said:
        catalogue.reviews.add(one)
    expected = {"one": Standing.REJECTED, "two": Standing.EFFECTIVE, "three": Standing.EFFECTIVE}
    assert standings(catalogue) == expected
    enrich_all(catalogue, ("one", 0.99), version="v2")
    catalogue.intake.commit("wiki", run, batch("a", text="Newer."), {})
    catalogue.intake.commit("wiki", run, Batch(gone=frozenset({"a"})), {})
    catalogue.intake.commit("wiki", run, batch("a"), {})
    assert catalogue.items.get(A).state is State.PUBLISHED
    assert standings(catalogue) == expected
    assert catalogue.reviews.of(A) == said


def test_the_database_itself_refuses_to_forget_a_review(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    catalogue.reviews.add(review("a", "one", Verdict.REJECT))
    for statement in (delete(reviews), update(reviews).values(verdict="accept")):
        with pytest.raises(DBAPIError, match="append-only"), catalogue.database.write() as conn:
            conn.execute(statement)
    assert [one.verdict for one in catalogue.reviews.of(A)] == [Verdict.REJECT]


def test_a_review_of_nothing_is_refused(catalogue: Catalogue) -> None:
    registered(catalogue)
    with pytest.raises(NotFound, match="no item 'a' of wiki"):
        catalogue.reviews.add(review("a", "one", Verdict.ADD))
    assert catalogue.reviews.of(A) == []


def test_items_with_waiting_tags_are_suggested_for_review(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch(*"abcd"), {})
    enrich_all(catalogue, ("sure", 0.9), ("unsure", 0.3))
    catalogue.reviews.add(review("b", "unsure", Verdict.REJECT))
    catalogue.items.set_state(ItemKey("wiki", "c"), State.SUPPRESSED, "ada")
    waiting = catalogue.reviews.suggestions()
    assert [item.key.key for item in waiting] == ["a", "d"]
    assert catalogue.reviews.suggestions(limit=1) == waiting[:1]
    assert catalogue.reviews.suggestions(after_id=waiting[0].id) == waiting[1:]
    assert catalogue.reviews.suggestions("other") == []
