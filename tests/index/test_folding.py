"""Items that are the same work are one hit, on every engine."""

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.model import ItemKey, Kind
from config.taxonomy import Skill, Taxonomy
from index.depots import Depot
from index.live import LiveIndex
from index.search import FacetName, Filters, Searcher, SearchRequest, SearchResult
from tests.index.shelf import IDENTITY, Shelf, embed, item

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

TEXT = "how packages are built from source"
BOOK = ItemKey("docs", "key 1")


@pytest.fixture
def live(depot: Depot, shelf: Shelf) -> Iterator[LiveIndex]:
    with LiveIndex.open(depot, IDENTITY, shelf, shelf) as index:
        yield index


TAXONOMY = Taxonomy("tiny", "1", [Skill("s:pack", "package software")])


@pytest.fixture
def searcher(live: LiveIndex) -> Searcher:
    return Searcher(live, embed, TAXONOMY)


@pytest.fixture(scope="module")
def stocked(shared_depot: Depot) -> Iterator[Searcher]:
    """A searcher over four items that no test changes."""
    shelf = Shelf()
    stock(shelf)
    with LiveIndex.open(shared_depot, IDENTITY, shelf, shelf) as live:
        live.refresh()
        yield Searcher(live, embed, TAXONOMY)


def stock(shelf: Shelf) -> None:
    """Items 1 to 3 are one handbook, 3 of them for staff alone; 1 stands for all. 4 is alone."""
    one: dict[str, Any] = {"represented_by": BOOK, "title": "Handbook"}
    shelf.put(item(1, kind=Kind.MANUAL, url="https://x.example/h", **one), TEXT)
    shelf.put(item(2, kind=Kind.BOOK, url="https://x.example/h.pdf", **one), f"{TEXT} packages")
    shelf.put(
        item(3, kind=Kind.BOOK, url="https://x.example/h.epub", **one),
        f"{TEXT} built",
        groups=("staff",),
    )
    shelf.put(item(4, "Parcels", kind=Kind.BOOK), "packages are taped and sent")


def asked(searcher: Searcher, text: str = "", **fields: object) -> SearchResult:
    request = {"groups": ("staff",), "text": text} | fields
    return searcher.search(SearchRequest(**request))  # type: ignore[arg-type]


def ids(result: SearchResult) -> list[int]:
    return [hit.item.id for hit in result.hits]


def also(result: SearchResult) -> dict[int, set[str]]:
    return {hit.item.id: {other.format for other in hit.also} for hit in result.hits}


@pytest.mark.parametrize("text", ["", "packages"])
def test_a_work_is_one_hit_that_names_its_other_formats(stocked: Searcher, text: str) -> None:
    result = asked(stocked, text)
    assert set(ids(result)) == {1, 4}
    assert also(result) == {1: {"PDF", "EPUB"}, 4: set()}
    assert result.total == 2
    assert result.total_is_exact


@pytest.mark.parametrize("text", ["", "packages"])
def test_nobody_learns_of_a_format_they_may_not_see(stocked: Searcher, text: str) -> None:
    assert also(asked(stocked, text, groups=("public",)))[1] == {"PDF"}


@pytest.mark.parametrize("text", ["", "packages"])
def test_another_item_answers_where_the_first_is_filtered_out(stocked: Searcher, text: str) -> None:
    result = asked(stocked, text, filters=Filters(kinds=(Kind.BOOK,)))
    [hit] = [hit for hit in result.hits if hit.item.title == "Handbook"]
    assert hit.item.id in {2, 3}
    assert "web page" in {other.format for other in hit.also}
    assert result.total == 2
    only = asked(stocked, text, filters=Filters(kinds=(Kind.BOOK,)), groups=("public",))
    assert set(ids(only)) == {2, 4}


@pytest.mark.parametrize("text", ["", "packages"])
def test_a_work_comes_once_however_one_pages(stocked: Searcher, text: str) -> None:
    first = asked(stocked, text, limit=1)
    assert first.next_cursor
    second = asked(stocked, text, limit=1, cursor=first.next_cursor)
    assert set(ids(first) + ids(second)) == {1, 4}
    assert second.next_cursor is None
    by_offset = asked(stocked, text, limit=1, offset=1)
    assert ids(by_offset) == ids(second)


@pytest.mark.parametrize("text", ["", "packages"])
def test_facets_count_items(stocked: Searcher, text: str) -> None:
    [kinds] = asked(stocked, text, facets=(FacetName.KIND,)).facets
    assert {value.value: value.count for value in kinds.values} == {"book": 3, "manual": 1}


def test_a_work_whose_first_item_is_gone_is_still_one_hit(
    searcher: Searcher, live: LiveIndex, shelf: Shelf
) -> None:
    stock(shelf)
    live.refresh()
    shelf.withdraw(BOOK)
    live.refresh()
    for text in ("", "packages"):
        result = asked(searcher, text)
        assert len(result.hits) == 2
        assert result.total == 2


def test_many_copies_do_not_push_others_off_the_page(
    searcher: Searcher, live: LiveIndex, shelf: Shelf
) -> None:
    stock(shelf)
    for number in range(10, 160):
        shelf.put(item(number, "Handbook", represented_by=BOOK), TEXT)
    live.refresh()
    result = asked(searcher, "packages built", limit=10)
    assert set(ids(result)) == {1, 4}
    assert set(ids(asked(searcher, limit=10))) == {1, 4}
