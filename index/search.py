"""Search: one question to the index, one answer made of nothing but the index."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from config.taxonomy import Taxonomy
from index import facets
from index.bounds import check
from index.conditions import FIRST, Conditions, Within
from index.engine import Ask, Engine, Payload, Signal, Watermark
from index.filters import conditions, without
from index.highlight import Span, highlights
from index.locate import open_url
from index.paging import Below, Seen, continued, opened, sealed
from index.ranking import Candidate, explained, fuse
from index.reading import found_item, found_passage
from index.values import (
    MAX_LIMIT,
    MAX_TEXT,
    WINDOW,
    Facet,
    FacetName,
    FacetValue,
    Filters,
    FoundItem,
    FoundPassage,
    FoundSkill,
    Hit,
    SearchRequest,
    SearchResult,
    SkillMatch,
)
from index.words import Sparse, query, telling

__all__ = [
    "MAX_LIMIT",
    "MAX_TEXT",
    "WINDOW",
    "Facet",
    "FacetName",
    "FacetValue",
    "Filters",
    "FoundItem",
    "FoundPassage",
    "FoundSkill",
    "Hit",
    "Index",
    "SearchRequest",
    "SearchResult",
    "Searcher",
    "SkillMatch",
]

# Points asked of each signal; the next depth only where a page found too few distinct items.
DEPTHS = (100, 400, 1_600)


class Index(Protocol):
    """What a searcher reads from."""

    def reading(self) -> AbstractContextManager[Engine]:
        """The current generation, kept open until the context ends."""
        ...

    def languages(self) -> Sequence[str]:
        """Primary language subtags that the index holds texts in."""
        ...


@dataclass(frozen=True, slots=True)
class _Question:
    """A request with everything that is worked out once."""

    request: SearchRequest
    asks: tuple[Ask, ...]
    asked: frozenset[str]
    terms: Sparse

    def conditions(self) -> Conditions:
        return conditions(self.request.groups, self.request.filters)


class Searcher:
    """Answers questions. Any number of threads may ask at once."""

    def __init__(
        self,
        index: Index,
        encode_query: Callable[[str], NDArray[np.float32]],
        taxonomy: Taxonomy,
    ) -> None:
        self._index = index
        self._encode = encode_query
        self._taxonomy = taxonomy

    def search(self, request: SearchRequest) -> SearchResult:
        """Raises BadRequest for a question out of bounds or a cursor of another question."""
        check(request)
        position = opened(request.cursor, request) if request.cursor else None
        if not request.text.strip():
            with self._index.reading() as engine:
                return self._newest(engine, request, position)
        question = self._question(request)
        with self._index.reading() as engine:
            return self._ranked(engine, question, position)

    def watermark(self) -> Watermark:
        """How far the index that answers has followed the catalogue."""
        with self._index.reading() as engine:
            return engine.watermark()

    def _question(self, request: SearchRequest) -> _Question:
        languages = request.filters.languages or self._index.languages()
        terms = query(request.text, languages)
        asks = [Ask(Signal.MEANING, self._encode(request.text))]
        if terms.indices:
            asks += [Ask(Signal.TEXT, terms), Ask(Signal.TITLE, terms)]
        asked = telling(request.text, terms, languages)
        return _Question(request, tuple(asks), asked, terms)

    def _ranked(
        self, engine: Engine, question: _Question, position: Below | Seen | None
    ) -> SearchResult:
        request = question.request
        seen = position if isinstance(position, Seen) else Seen(frozenset())
        wanted = len(seen.marks) + request.offset + request.limit
        candidates, exact = _candidates(engine, question, question.conditions(), wanted)
        rest = [candidate for candidate in candidates if not seen.has(candidate.of)]
        end = request.offset + request.limit
        page = rest[request.offset : end]
        after = continued(seen, [candidate.of for candidate in rest[:end]])
        return SearchResult(
            hits=self._hits(engine, question, page),
            total=len(candidates),
            total_is_exact=exact,
            facets=self._ranked_facets(engine, question, candidates),
            next_cursor=sealed(after, request) if len(rest) > end else None,
        )

    def _hits(
        self, engine: Engine, question: _Question, page: Sequence[Candidate]
    ) -> tuple[Hit, ...]:
        """An item deleted since it was ranked is left out."""
        points = engine.fetch([*{id for c in page for id in (c.of, c.passage)}])
        return tuple(
            self._hit(question, candidate, points[candidate.of], points[candidate.passage])
            for candidate in page
            if candidate.of in points and candidate.passage in points
        )

    def _hit(
        self, question: _Question, candidate: Candidate, first: Payload, point: Payload
    ) -> Hit:
        item = found_item(first, self._taxonomy)
        marked = _marked(question, point.get("text", ""), item.language)
        passage = found_passage(point, marked)
        return Hit(
            item=item,
            passage=passage,
            score=candidate.score,
            open_url=open_url(item.url, passage.locator),
            title_highlights=_marked(question, item.title, item.language),
            explanation=explained(candidate) if question.request.explain else (),
        )

    def _ranked_facets(
        self, engine: Engine, question: _Question, found: Sequence[Candidate]
    ) -> tuple[Facet, ...]:
        """A facet whose own filter is set needs a ranking of its own, without that filter."""
        request = question.request
        counted = []
        for name in request.facets:
            freed = without(request.filters, name)
            candidates = found
            if freed != request.filters:
                where = conditions(request.groups, freed)
                candidates, _ = _candidates(engine, question, where, request.limit)
            counted.append(self._facet(engine, request, name, facets.over_ranked(candidates)))
        return tuple(counted)

    def _newest(
        self, engine: Engine, request: SearchRequest, position: Below | Seen | None
    ) -> SearchResult:
        where = conditions(request.groups, request.filters)
        below = (Within("order", below=position.order),) if isinstance(position, Below) else ()
        end = request.offset + request.limit
        found = engine.newest((*where, FIRST, *below), end + 1)
        page = found[request.offset : end]
        more = len(found) > end
        return SearchResult(
            hits=tuple(self._newest_hit(first, request) for first in page),
            total=engine.count((*where, FIRST)),
            total_is_exact=True,
            facets=self._exact_facets(engine, request),
            next_cursor=sealed(Below(page[-1]["order"]), request) if more else None,
        )

    def _newest_hit(self, first: Payload, request: SearchRequest) -> Hit:
        item = found_item(first, self._taxonomy)
        why = ("newest first, no text was asked for",) if request.explain else ()
        return Hit(item, found_passage(first), score=0.0, open_url=item.url, explanation=why)

    def _exact_facets(self, engine: Engine, request: SearchRequest) -> tuple[Facet, ...]:
        return tuple(
            self._facet(
                engine, request, name, facets.over_all(request.groups, request.filters, name)
            )
            for name in request.facets
        )

    def _facet(
        self, engine: Engine, request: SearchRequest, name: FacetName, where: Conditions
    ) -> Facet:
        return facets.facet(engine, name, where, request.facet_limit, self._taxonomy)


def _candidates(
    engine: Engine, question: _Question, where: Conditions, wanted: int
) -> tuple[list[Candidate], bool]:
    """The items that the signals find, and whether they are all that meet the conditions.

    One manual of a thousand passages can fill a shallow ranking by itself: then look deeper.
    """
    for depth in DEPTHS:
        rankings = engine.rank(question.asks, where, depth)
        found = fuse({a.signal: r for a, r in zip(question.asks, rankings, strict=True)})
        exact = all(len(ranking) < depth for ranking in rankings)
        if exact or len(found) > wanted:
            break
    return found, exact


def _marked(question: _Question, text: str, language: str | None) -> tuple[Span, ...]:
    return highlights(text, question.asked, question.terms.indices, language)
