"""Search: one question to the index, one answer made of nothing but the index."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Protocol

from config.taxonomy import Taxonomy
from index import facets, folding
from index.bounds import check
from index.candidates import candidates_found, works_found
from index.conditions import FIRST, Conditions
from index.engine import Ask, Engine, Payload, Signal, Watermark
from index.filters import conditions, without
from index.highlight import Span, highlights
from index.locate import open_url
from index.paging import Below, Seen, continued, opened, sealed
from index.question import Encode, Meant, Question, no_skills, question, refined, words_ranked
from index.ranking import Candidate, explained
from index.reading import found_item, found_passage, found_skill
from index.spelling import Spelling
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
from index.words import query

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


class Index(Protocol):
    """What a searcher reads from."""

    def reading(self) -> AbstractContextManager[Engine]:
        """The current generation, kept open until the context ends."""
        ...

    def languages(self) -> Sequence[str]:
        """Primary language subtags that the index holds texts in."""
        ...


def today() -> int:
    """Days since 1970."""
    return int(time.time() // 86_400)


class Searcher:
    """Answers questions. Any number of threads may ask at once."""

    def __init__(
        self,
        index: Index,
        encode_query: Encode,
        taxonomy: Taxonomy,
        meant: Meant = no_skills,
        today: Callable[[], int] = today,
    ) -> None:
        self._index = index
        self._encode = encode_query
        self._taxonomy = taxonomy
        self._meant = meant
        self._today = today
        self._spelling = Spelling(taxonomy)
        self._beside = ThreadPoolExecutor(thread_name_prefix="words")

    def search(self, request: SearchRequest) -> SearchResult:
        """Raises BadRequest for a question out of bounds or a cursor of another question."""
        check(request)
        position = opened(request.cursor, request) if request.cursor else None
        if not request.text.strip():
            with self._index.reading() as engine:
                return self._newest(engine, request, position)
        with self._index.reading() as engine:
            corrected = self._spelling.corrected(request.text, partial(_is_said, engine, request))
            found = self._ranked(engine, self._question(engine, request, corrected), position)
        return replace(found, corrected=corrected)

    def watermark(self) -> Watermark:
        """How far the index that answers has followed the catalogue."""
        with self._index.reading() as engine:
            return engine.watermark()

    def _question(self, engine: Engine, request: SearchRequest, text: str | None) -> Question:
        languages = request.filters.languages or self._index.languages()
        text = text or request.text
        terms = query(text, languages)
        # Words are ranked while the text is encoded: 1 ms of 5 where a second core is free.
        words = self._beside.submit(words_ranked, engine, request, terms)
        try:
            encode, meant = self._encode, self._meant
            asked = question(request, text, terms, languages, encode, meant, self._today())
        finally:
            known = words.result()  # whatever happens: the engine may be closed after this
        return refined(engine, replace(asked, known=known))

    def _ranked(
        self, engine: Engine, question: Question, position: Below | Seen | None
    ) -> SearchResult:
        request = question.request
        seen = position if isinstance(position, Seen) else Seen(frozenset())
        end = request.offset + request.limit
        found = works_found(engine, question, seen, end)
        page = [work.shown for work in found.first[request.offset : end]]
        after = continued(seen, [work.work for work in found.first[:end]])
        hits = self._hits(engine, question, page, found.points)
        hidden = folding.hidden(engine, facets.over_ranked(found.candidates)) if found.exact else 0
        return SearchResult(
            hits=folding.with_others(engine, request, hits),
            total=len(found.candidates) - hidden,
            total_is_exact=found.exact,
            facets=self._ranked_facets(engine, question, found.candidates),
            next_cursor=sealed(after, request) if len(found.first) > end else None,
            fits=question.fits,
            skills=tuple(found_skill(id, self._taxonomy, sure) for id, sure in question.skills),
        )

    def _hits(
        self,
        engine: Engine,
        question: Question,
        page: Sequence[Candidate],
        read: Mapping[str, Payload],
    ) -> tuple[Hit, ...]:
        """An item deleted since it was ranked is left out."""
        needed = [(one, one.of, one.passage) for one in page]
        unread = {id for _, *ids in needed for id in ids if id not in read}
        points = {**read, **engine.fetch([*unread])} if unread else read
        return tuple(
            self._hit(question, one, points[of], points[passage])
            for one, of, passage in needed
            if of in points and passage in points
        )

    def _hit(self, question: Question, candidate: Candidate, first: Payload, point: Payload) -> Hit:
        item = found_item(first, self._taxonomy)
        marked = _marked(question, point.get("text", ""), item.language)
        passage = found_passage(point, marked)
        return Hit(
            item=item,
            passage=passage,
            score=candidate.score,
            open_url=open_url(item.url, passage.locator),
            title_highlights=_marked(question, item.title, item.language),
            explanation=explained(candidate, question.weights) if question.request.explain else (),
            work=first.get(folding.WORK),
        )

    def _ranked_facets(
        self, engine: Engine, question: Question, found: Sequence[Candidate]
    ) -> tuple[Facet, ...]:
        """A facet whose own filter is set needs a ranking of its own, without that filter."""
        request = question.request
        counted = []
        for name in request.facets:
            freed = without(request.filters, name)
            candidates = found
            if freed != request.filters:
                where = conditions(request.groups, freed)
                candidates, _ = candidates_found(engine, question, where, request.limit)
            counted.append(self._facet(engine, request, name, facets.over_ranked(candidates)))
        return tuple(counted)

    def _newest(
        self, engine: Engine, request: SearchRequest, position: Below | Seen | None
    ) -> SearchResult:
        where = conditions(request.groups, request.filters)
        below = position.order if isinstance(position, Below) else None
        end = request.offset + request.limit
        found = folding.listed(engine, where, below, end + 1)
        page = found[request.offset : end]
        more = len(found) > end
        hits = [self._newest_hit(one.shown, request) for one in page]
        return SearchResult(
            hits=folding.with_others(engine, request, hits),
            total=engine.count((*where, FIRST)) - folding.hidden(engine, where),
            total_is_exact=True,
            facets=self._exact_facets(engine, request),
            next_cursor=sealed(Below(page[-1].order), request) if more else None,
        )

    def _newest_hit(self, first: Payload, request: SearchRequest) -> Hit:
        item = found_item(first, self._taxonomy)
        why = ("newest first, no text was asked for",) if request.explain else ()
        return Hit(
            item,
            found_passage(first),
            score=0.0,
            open_url=item.url,
            explanation=why,
            work=first.get(folding.WORK),
        )

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


def _is_said(engine: Engine, request: SearchRequest, word: str) -> bool:
    """Whether a text has the word, of those that this caller may see."""
    asked = Ask(Signal.TEXT, query(word, ()))
    return any(engine.rank([asked], conditions(request.groups, Filters()), 1))


def _marked(question: Question, text: str, language: str | None) -> tuple[Span, ...]:
    return highlights(text, question.asked, question.terms.indices, language)
