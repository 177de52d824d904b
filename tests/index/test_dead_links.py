"""An item whose link is dead leaves the top, says so, and can be left out; on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.taxonomy import load_taxonomy
from index.depots import Depot
from index.live import LiveIndex
from index.search import Filters, Searcher, SearchRequest, SearchResult
from tests.index.shelf import IDENTITY, START, Shelf, embed, item

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

TEXT = "how packages are built from source"


@pytest.fixture
def searcher(depot: Depot, shelf: Shelf, tmp_path: Path) -> Iterator[Searcher]:
    """Item 1 answers best, but its link is dead."""
    shelf.put(item(1, "Packages built", dead_since=START), TEXT)
    shelf.put(item(2, "Parcels"), "packages are taped and sent")
    shelf.put(item(3, "Bread"), "how bread is baked")
    table = tmp_path / "skills.csv"
    table.write_text("id,label,alternatives\ns:pack,package software,\n", encoding="utf-8")
    with LiveIndex.open(depot, IDENTITY, shelf, shelf) as index:
        index.refresh()
        yield Searcher(index, embed, load_taxonomy(str(table)))


def asked(searcher: Searcher, text: str = "", **fields: object) -> SearchResult:
    filters = Filters(**fields)  # type: ignore[arg-type]
    return searcher.search(SearchRequest(groups=(), text=text, filters=filters, explain=True))


def test_it_leaves_the_top_and_says_why(searcher: Searcher) -> None:
    *others, last = asked(searcher, "packages built from source").hits
    assert others
    assert (last.item.id, last.item.dead) == (1, True)
    assert any("link is dead" in line for line in last.explanation)
    assert not any(hit.item.dead for hit in others)


@pytest.mark.parametrize("text", ["", "packages built from source"])
def test_it_can_be_left_out_or_looked_for(searcher: Searcher, text: str) -> None:
    assert {hit.item.id for hit in asked(searcher, text, dead=False).hits} <= {2, 3}
    assert [hit.item.id for hit in asked(searcher, text, dead=True).hits] == [1]
