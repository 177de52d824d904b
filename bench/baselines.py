"""What one would write by hand over the same engine, encoder and passages, to compare with.

One point a passage, with its vector and the BM25 weights of its item's title, heading and text
together; asked by words, by meaning, or by both with reciprocal rank fusion, each prefetching five
times as many (as mit-learn's search does). An item stands where its best passage does.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from catalogue.model import Change
from catalogue.store import Catalogue
from enrichment.encoder import TextEncoder
from index.points import item_of, point_id
from index.words import (
    AVERAGE_WORDS,
    Sparse,
    common_languages,
    query,
    searched_text,
    stemmer,
    words,
)

DENSE, WORDS = "dense", "words"
PREFETCH = 5
PASSAGES = 3  # points asked for an item wanted: some of them are of the same item
EF = 64
TOGETHER = 256
# Qdrant's own constant, and the literature's.
CONSTANTS = (2, 60)


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain index, and the items' keys by the ids of their first points."""

    shard: Any
    keys: Mapping[str, str]
    encoder: TextEncoder
    languages: Sequence[str]

    def by_words(self, text: str, limit: int) -> list[str]:
        return self._items(limit, query=self._words(text))

    def by_meaning(self, text: str, limit: int) -> list[str]:
        return self._items(limit, query=self._dense(text), params=edge.SearchParams(hnsw_ef=EF))

    def fused(self, text: str, limit: int, constant: int) -> list[str]:
        most = limit * PASSAGES * PREFETCH
        params = edge.SearchParams(hnsw_ef=EF)
        both = [
            edge.Prefetch(most, self._dense(text), params=params),
            edge.Prefetch(most, self._words(text)),
        ]
        return self._items(limit, prefetches=both, query=edge.Fusion.Rrf(k=constant))

    def _dense(self, text: str) -> Any:
        vector: Any = self.encoder.encode([text])[0]
        return edge.Query.Nearest(vector.tolist(), using=DENSE)

    def _words(self, text: str) -> Any:
        return edge.Query.Nearest(_sparse(query(text, self.languages)), using=WORDS)

    def _items(self, limit: int, **asked: Any) -> list[str]:
        found = self.shard.query(edge.QueryRequest(limit * PASSAGES, **asked))
        items = dict.fromkeys(item_of(point.id.hex) for point in found)
        return [self.keys[item] for item in items][:limit]


def plain(catalogue: Catalogue, encoder: TextEncoder, folder: Path) -> Plain:
    """An index in the empty `folder` of all that the catalogue shows."""
    dense = edge.EdgeVectorParams(size=encoder.dimensions, distance=edge.Distance.Cosine)
    sparse = edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)
    config = edge.EdgeConfig(vectors={DENSE: dense}, sparse_vectors={WORDS: sparse})
    shard = edge.EdgeShard.create(str(folder), config)
    keys, languages = dict[str, str](), Counter[str]()
    for changes in _batches(catalogue):
        keys |= {point_id(change.key, 0): change.key.key for change in changes}
        items = (change.item for change in changes)
        languages.update(i.language.split("-")[0] for i in items if i and i.language)
        shard.update(edge.UpdateOperation.upsert_points(_points(changes, catalogue, encoder)))
    shard.optimize()
    return Plain(shard, keys, encoder, common_languages(languages))


def _batches(catalogue: Catalogue) -> Iterator[Sequence[Change]]:
    after = 0
    while changes := catalogue.changes.after(after, TOGETHER):
        after = changes[-1].sequence
        yield [change for change in changes if change.item is not None]


def _points(changes: Sequence[Change], catalogue: Catalogue, encoder: TextEncoder) -> list[Any]:
    hashes = {passage.text_hash for change in changes for passage in change.passages}
    known = catalogue.embeddings.get(encoder.id, hashes)
    return [
        edge.Point(
            point_id(change.key, passage.number),
            {DENSE: known[passage.text_hash].tolist(), WORDS: _weights(text, item.language)},
            {},
        )
        for change in changes
        if (item := change.item) is not None
        for passage in change.passages
        for text in [searched_text(item.draft.title, passage.heading, passage.text)]
    ]


def _weights(text: str, language: str | None) -> Any:
    """BM25 as it is by default (k 1.2, b 0.75)."""
    spaced = " ".join(word.text for word in words(text))
    found = _bm25(stemmer(language)).embed_document(spaced)
    return edge.SparseVector(list(found.indices), list(found.values))


@lru_cache
def _bm25(language: str) -> Any:
    spaced = edge.TokenizerType.Whitespace
    return edge.Bm25(edge.Bm25Config(avg_len=AVERAGE_WORDS, tokenizer=spaced, language=language))


def _sparse(vector: Sparse) -> Any:
    return edge.SparseVector(list(vector.indices), list(vector.values))
