"""The service engine: a Qdrant server or cluster, one collection a generation.

Written against the server's documented API (1.16 or newer: collection metadata). The test suite
runs it on qdrant-client's local mode, a stand-in without payload indexes or approximate search;
with SKILLSHELF_TEST_QDRANT_URL set the same tests run against that server.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient
from qdrant_client import models as m

from index import conditions as c
from index.conditions import Condition, Conditions
from index.engine import Ask, FieldType, Payload, Point, Ranked, Signal, Watermark
from index.points import INDEXED
from index.words import Sparse

_SCAN = 500
_SCHEMAS = {
    FieldType.KEYWORD: m.PayloadSchemaType.KEYWORD,
    FieldType.INTEGER: m.PayloadSchemaType.INTEGER,
    FieldType.FLOAT: m.PayloadSchemaType.FLOAT,
    FieldType.DATETIME: m.PayloadSchemaType.DATETIME,
    FieldType.UUID: m.PayloadSchemaType.UUID,
}


class ServerEngine:
    """One collection. Writes wait until the server has them in its log."""

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self.collection = collection

    @classmethod
    def create(cls, client: QdrantClient, collection: str, dimensions: int) -> "ServerEngine":
        sparse = m.SparseVectorParams(modifier=m.Modifier.IDF)
        dense = m.VectorParams(
            size=dimensions, distance=m.Distance.DOT, datatype=m.Datatype.FLOAT16
        )
        client.create_collection(
            collection,
            vectors_config={Signal.MEANING.value: dense},
            sparse_vectors_config={Signal.TEXT.value: sparse, Signal.TITLE.value: sparse},
        )
        for field, kind in INDEXED.items():
            client.create_payload_index(collection, field, _SCHEMAS[kind])
        return cls(client, collection)

    def put(self, points: Sequence[Point]) -> None:
        self._client.upsert(self.collection, [_point(p) for p in points], wait=True)

    def remove(self, where: Conditions) -> None:
        selector = m.FilterSelector(filter=m.Filter(must=_all(where)))
        self._client.delete(self.collection, selector, wait=True)

    def flush(self) -> None:
        """Nothing to wait for: every write above returned once the server had logged it."""

    def metadata(self) -> Mapping[str, Any]:
        return self._client.get_collection(self.collection).config.metadata or {}

    def set_metadata(self, **fields: Any) -> None:
        """Merged into what is there, by the server."""
        self._client.update_collection(self.collection, metadata=fields)

    def watermark(self) -> Watermark:
        kept = self.metadata()
        return Watermark(int(kept.get("sequence", 0)), str(kept.get("epoch", "")))

    def set_watermark(self, watermark: Watermark) -> None:
        self.set_metadata(sequence=watermark.sequence, epoch=watermark.epoch)

    def rank(self, asks: Sequence[Ask], where: Conditions, limit: int) -> list[list[Ranked]]:
        requests = [
            m.QueryRequest(
                query=_vector(ask),
                using=ask.using,
                filter=_filter((*where, *ask.where)),
                limit=limit,
                with_payload=False,
            )
            for ask in asks
        ]
        answers = self._client.query_batch_points(self.collection, requests)
        return [[Ranked(_id(p), p.score) for p in answer.points] for answer in answers]

    def fetch(self, ids: Sequence[str], fields: Sequence[str] | None = None) -> dict[str, Payload]:
        selected: bool | list[str] = True if fields is None else list(fields)
        records = self._client.retrieve(self.collection, list(ids), with_payload=selected)
        return {_id(record): record.payload or {} for record in records}

    def meanings(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        name = Signal.MEANING.value
        records = self._client.retrieve(
            self.collection, list(ids), with_payload=False, with_vectors=[name]
        )
        named = ((_id(r), r.vector.get(name)) for r in records if isinstance(r.vector, dict))
        return {id: np.asarray(v, dtype=np.float32) for id, v in named if v is not None}

    def newest(self, where: Conditions, limit: int) -> list[Payload]:
        order = m.OrderBy(key="order", direction=m.Direction.DESC)
        records, _ = self._client.scroll(self.collection, _filter(where), limit, order)
        return [record.payload or {} for record in records]

    def count(self, where: Conditions) -> int:
        return self._client.count(self.collection, _filter(where), exact=True).count

    def facet(self, field: str, where: Conditions, limit: int) -> list[tuple[str, int]]:
        answer = self._client.facet(
            self.collection, field, facet_filter=_filter(where), limit=limit, exact=True
        )
        return [(str(hit.value), hit.count) for hit in answer.hits]

    def scan(self, fields: Sequence[str], where: Conditions = ()) -> Iterator[tuple[str, Payload]]:
        offset = None
        while True:
            records, offset = self._client.scroll(
                self.collection, _filter(where), _SCAN, offset=offset, with_payload=list(fields)
            )
            for record in records:
                yield _id(record), record.payload or {}
            if offset is None:
                return

    def optimise(self) -> None:
        """The server does this by itself, in threads of its own."""

    def unoptimised(self) -> int:
        return 0

    def close(self) -> None:
        """The client is shared by every generation; whoever made it closes it."""


def _point(point: Point) -> m.PointStruct:
    vectors: dict[str, Any] = {Signal.TEXT.value: _sparse(point.text)}
    if point.title is not None:
        vectors[Signal.TITLE.value] = _sparse(point.title)
    if point.dense is not None:
        vectors[Signal.MEANING.value] = point.dense.tolist()
    return m.PointStruct(id=point.id, vector=vectors, payload=dict(point.payload))


def _vector(ask: Ask) -> m.SparseVector | list[float]:
    if isinstance(ask.vector, Sparse):
        return _sparse(ask.vector)
    return [float(x) for x in ask.vector]


def _sparse(vector: Sparse) -> m.SparseVector:
    return m.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _filter(where: Conditions) -> m.Filter | None:
    return m.Filter(must=_all(where)) if where else None


def _all(where: Conditions) -> list[m.Condition]:
    return [_TRANSLATE[type(one)](one) for one in where]


def _any_of(one: c.AnyOf) -> m.Condition:
    match: Any = m.MatchAny(any=list(one.values))  # type: ignore[arg-type]
    return m.FieldCondition(key=one.field, match=match)


def _ids(one: c.Ids) -> m.Condition:
    return m.HasIdCondition(has_id=sorted(one.ids))


def _within(one: c.Within) -> m.Condition:
    bounds = m.Range(gte=one.low, lte=one.high, lt=one.below)
    return m.FieldCondition(key=one.field, range=bounds)


def _since(one: c.Since) -> m.Condition:
    return m.FieldCondition(key=one.field, range=m.DatetimeRange(gte=one.moment))


def _teaches(one: c.Teaches) -> m.Condition:
    skill = m.FieldCondition(key="skill", match=m.MatchValue(value=one.skill))
    sure = m.FieldCondition(key="probability", range=m.Range(gte=one.probability))
    nested = m.Nested(key="tags", filter=m.Filter(must=[skill, sure]))
    return m.NestedCondition(nested=nested)


def _either(one: c.Either) -> m.Condition:
    return m.Filter(should=[m.Filter(must=_all(each)) for each in one.alternatives])


def _embedded(one: c.Embedded) -> m.Condition:
    has = m.HasVectorCondition(has_vector=Signal.MEANING.value)
    return has if one.present else m.Filter(must_not=[has])


_TRANSLATE: Mapping[type[Condition], Any] = {
    c.AnyOf: _any_of,
    c.Ids: _ids,
    c.Within: _within,
    c.Since: _since,
    c.Teaches: _teaches,
    c.Either: _either,
    c.Embedded: _embedded,
}


def _id(found: Any) -> str:
    """As `point_id` writes it; a server puts hyphens in."""
    return str(found.id).replace("-", "")
