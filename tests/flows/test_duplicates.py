"""Duplicates through the real fingerprints and the real catalogue."""

from collections.abc import Iterator

import pytest

from catalogue.model import Draft, ItemKey, Part
from catalogue.records import Arrival, Batch, Source
from catalogue.store import Catalogue
from flows.duplicates import find_all
from tests.catalogue.making import enrich_all

WORDS = " ".join(f"word{number % 977} turn{number % 13}" for number in range(800))
PDF, HTML, OTHER = (ItemKey("docs", key) for key in ("a.pdf", "a.html", "b.html"))


def arrival(key: ItemKey, title: str, text: str) -> Arrival:
    draft = Draft(title, f"https://x.example/{key.key}", language="en", parts=(Part(text),))
    return Arrival(key.key, {}, draft)


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(catalogue_url) as opened:
        opened.sources.register(Source("docs", "folder"))
        store(
            opened,
            arrival(PDF, "Handbook", WORDS),
            arrival(HTML, "Handbook 1.2", WORDS.replace("word7 ", "word8 ")),
            arrival(OTHER, "Cookbook", WORDS[::-1]),
        )
        yield opened


def store(catalogue: Catalogue, *found: Arrival) -> None:
    catalogue.intake.commit("docs", catalogue.runs.start("docs").id, Batch(found), {})
    enrich_all(catalogue)


def test_formats_of_a_book_become_one_work(catalogue: Catalogue) -> None:
    assert find_all(catalogue) == (3, 2)
    assert catalogue.items.get(PDF).represented_by == HTML
    assert catalogue.items.get(OTHER).represented_by is None
    assert find_all(catalogue) == (0, 0)


def test_only_what_changed_is_looked_at(catalogue: Catalogue) -> None:
    find_all(catalogue)
    store(catalogue, arrival(HTML, "Handbook 1.2", "Moved away."))
    assert find_all(catalogue) == (1, 2)
    assert catalogue.works.count() == (0, 0)


def test_one_at_a_time_comes_to_the_same(catalogue: Catalogue) -> None:
    from flows.duplicates import find_duplicates

    assert [looked for looked, _ in find_duplicates(catalogue, batch=1)] == [0, 1, 1, 1]
    assert catalogue.works.count() == (1, 2)
