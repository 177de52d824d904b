"""What the web application is handed. It opens, loads and writes nothing by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from catalogue.store import Catalogue
from config.settings import Settings
from config.taxonomy import Skill, Taxonomy
from index.engine import Watermark
from index.search import SearchRequest, SearchResult

# Skills near a text in meaning, nearest first, each with its cosine.
SkillSearch = Callable[[str, int], Sequence[tuple[Skill, float]]]


class Search(Protocol):
    """The index as the application sees it. Called from several threads at once."""

    def search(self, request: SearchRequest) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    catalogue: Catalogue
    searcher: Search
    watermark: Callable[[], Watermark]  # how far the index that answers has followed
    taxonomy: Taxonomy
    skill_search: SkillSearch
