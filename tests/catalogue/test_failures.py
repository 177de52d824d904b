import pytest

from catalogue.errors import NotFound
from catalogue.model import ItemKey, Stage
from catalogue.records import ItemFailure
from catalogue.store import Catalogue
from tests.catalogue.making import SOURCE, registered

A = ItemKey(SOURCE.name, "a")


def test_a_repeated_failure_counts_its_attempts(catalogue: Catalogue) -> None:
    registered(catalogue)
    catalogue.failures.record("wiki", [ItemFailure("a", Stage.FETCH, "TryLater", "slow")])
    (first,) = catalogue.failures.list()
    catalogue.failures.record("wiki", [ItemFailure("a", Stage.FETCH, "BadItem", "gone\0")])
    (second,) = catalogue.failures.list()
    assert (second.item, second.error, second.message) == (A, "BadItem", "gone\ufffd")
    assert (first.attempts, second.attempts) == (1, 2)
    assert second.first_seen == first.first_seen <= second.last_seen


def test_failures_are_a_queue_by_source_and_stage(catalogue: Catalogue) -> None:
    registered(catalogue)
    catalogue.failures.record("wiki", [ItemFailure("a", Stage.FETCH, "E", "m")])
    catalogue.failures.record("wiki", [ItemFailure("a", Stage.ENRICH, "E", "m")])
    assert catalogue.failures.count() == catalogue.failures.count("wiki") == 2
    assert catalogue.failures.count("other") == 0
    assert [f.stage for f in catalogue.failures.list("wiki", Stage.ENRICH)] == [Stage.ENRICH]
    assert catalogue.failures.list("other") == []
    catalogue.failures.resolve(A, Stage.ENRICH)
    assert [f.stage for f in catalogue.failures.list()] == [Stage.FETCH]


def test_a_payload_exists_only_where_something_was_fetched(catalogue: Catalogue) -> None:
    registered(catalogue)
    catalogue.failures.record("wiki", [ItemFailure("a", Stage.FETCH, "E", "m")])
    with pytest.raises(NotFound, match="nothing was fetched of 'a'"):
        catalogue.failures.payload(A)
    catalogue.failures.record("wiki", [ItemFailure("a", Stage.READ, "E", "m", {"x": 1})])
    assert catalogue.failures.payload(A) == {"x": 1}
