import pytest
from sqlalchemy import event

from catalogue.model import ItemKey, State, Verdict
from catalogue.records import Source
from catalogue.store import Catalogue
from tests.catalogue.making import batch, enrich_all, enrichment, registered, review


def test_followers_see_items_as_they_stand_now(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b", "c"), {})
    assert [c.item for c in catalogue.changes.after(0, 10)] == [None, None, None]
    enrich_all(catalogue, ("one", 0.9))
    catalogue.items.set_state(ItemKey("wiki", "b"), State.RETIRING, "ada")
    catalogue.items.set_state(ItemKey("wiki", "a"), State.SUPPRESSED, "ada")
    changes = catalogue.changes.after(0, 10)
    assert [(c.sequence, c.key.key) for c in changes] == [(6, "c"), (7, "b"), (8, "a")]
    assert [c.item and c.item.state for c in changes] == [State.PUBLISHED, State.RETIRING, None]
    assert changes[0].passages == enrichment().passages
    assert changes[2].passages == ()
    assert catalogue.changes.head() == 8


def test_a_page_of_changes_ends_at_its_limit(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch(*"abcde"), {})
    assert [c.sequence for c in catalogue.changes.after(1, 2)] == [2, 3]
    assert catalogue.changes.after(5, 2) == []


def test_an_item_s_own_groups_come_before_its_source_s(catalogue: Catalogue) -> None:
    run = registered(catalogue, Source("wiki", "feed", visibility=("staff",)))
    catalogue.intake.commit("wiki", run, batch("a"), {})
    enrich_all(catalogue)
    assert [c.visibility for c in catalogue.changes.after(0, 10)] == [("staff",)]


def test_live_passages_account_for_every_searchable_item(catalogue: Catalogue) -> None:
    keys = [f"k{number:04}" for number in range(1200)]
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch(*keys[:3]), {})
    enrich_all(catalogue)
    catalogue.items.set_state(ItemKey("wiki", keys[1]), State.RETIRED, "ada")
    catalogue.intake.commit("wiki", run, batch(*keys), {})
    live = list(catalogue.changes.live_passages())
    assert live == [(ItemKey("wiki", keys[0]), 1, 4), (ItemKey("wiki", keys[2]), 1, 6)]


@pytest.mark.parametrize("count", [2, 40])
def test_a_page_costs_the_same_statements_however_many_items(
    catalogue: Catalogue, count: int
) -> None:
    keys = [f"k{number}" for number in range(count)]
    catalogue.intake.commit("wiki", registered(catalogue), batch(*keys), {})
    enrich_all(catalogue, ("one", 0.9))
    catalogue.reviews.add(review(keys[0], "one", Verdict.ACCEPT))
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(catalogue.database.engine, "before_cursor_execute", note)
    assert len(catalogue.changes.after(0, 500)) == count
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) == 4
