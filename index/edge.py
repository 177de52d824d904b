"""The embedded engine: Qdrant Edge, Qdrant's own engine inside this process."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as edge
from numpy.typing import NDArray

from catalogue.errors import Busy, WrongIndex
from config.mapped import let_go
from index.conditions import Conditions
from index.edge_filter import to_filter
from index.engine import Ask, FieldType, Payload, Point, Ranked, Signal, Watermark
from index.files import read_ahead, write_out, write_whole
from index.points import INDEXED
from index.room import check_room, size
from index.words import Sparse

_WATERMARK = "watermark.json"
_OPTIMISED = "optimised"  # a file with the number of points there were
_SCAN = 500
# Mapped files instead of the heap: at 100,000 passages the process keeps 22 MB to itself, not 290.
# Cold: a page counts as ours once a search has touched it, not all 190 MB of them at opening.
_MAPPED = edge.Memory.Cold
# No links for each payload field in the graph, and one segment: 100,000 passages are optimised in
# 80 s instead of 370 and ranked in 0.6 ms instead of 1.2. A filter that leaves under 40 % is
# searched by ACORN, whose recall@100 is .976 in 4 ms (links: .945 in 2 ms; neither: .57).
_GRAPH = edge.HnswIndexConfig(m=16, ef_construct=100, full_scan_threshold=10_000, payload_m=0)
_ONE_SEGMENT = edge.EdgeOptimizersConfig(default_segment_number=1)
# Of one search; it holds Python's lock meanwhile, so no other one runs. There is one large segment:
# shared out to a thread a core and more, three rankings took 2.9 ms of the processor, by one 1.7.
_THREADS = 1
_NEAREST = edge.SearchParams(acorn=edge.AcornSearchParams(enable=True))
_SCHEMAS: Mapping[FieldType, Any] = {
    FieldType.KEYWORD: edge.KeywordIndexParams(memory=_MAPPED),
    FieldType.INTEGER: edge.IntegerIndexParams(lookup=True, range=True, memory=_MAPPED),
    FieldType.FLOAT: edge.FloatIndexParams(memory=_MAPPED),
    FieldType.DATETIME: edge.DatetimeIndexParams(memory=_MAPPED),
    FieldType.UUID: edge.UuidIndexParams(memory=_MAPPED),
}


class EdgeEngine:
    """A shard and its watermark in one folder. One process at a time may have it open."""

    def __init__(self, folder: Path, shard: Any) -> None:
        self.folder = folder
        self._shard = shard

    @classmethod
    def create(cls, folder: Path, dimensions: int) -> "EdgeEngine":
        folder.mkdir(parents=True)
        check_room(folder)
        shard = edge.EdgeShard.create(str(folder / "shard"), _config(dimensions))
        for field, kind in INDEXED.items():
            shard.update(edge.UpdateOperation.create_field_index(field, _SCHEMAS[kind]))
        return cls(folder, shard)

    @classmethod
    def open(cls, folder: Path) -> "EdgeEngine":
        """Raises Busy where another process has it open, WrongIndex where it cannot be read.

        Edge raises plain `Exception` for everything; only its text tells what happened.
        """
        read_ahead(folder / "shard" / "segments")
        try:
            shard = edge.EdgeShard.load(str(folder / "shard"))
        except Exception as error:
            if "WouldBlock" in str(error):
                raise Busy(f"{folder} is open in another process; stop it first") from error
            raise WrongIndex(
                f"the search index in {folder} cannot be read ({error}); run `skillshelf rebuild`"
            ) from error
        # Opening touches the end of the log and empty space set aside for 20 indexes: 130 MiB.
        for unused in (folder / "shard" / "wal", *folder.glob("shard/segments/*/payload_index")):
            let_go(unused)
        return cls(folder, shard)

    def put(self, points: Sequence[Point]) -> None:
        check_room(self.folder)
        self._shard.update(edge.UpdateOperation.upsert_points([_point(p) for p in points]))

    def remove(self, where: Conditions) -> None:
        check_room(self.folder)
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(to_filter(where)))

    def flush(self) -> None:
        self._shard.flush()

    def watermark(self) -> Watermark:
        path = self.folder / _WATERMARK
        return Watermark(**json.loads(path.read_bytes())) if path.exists() else Watermark()

    def set_watermark(self, watermark: Watermark) -> None:
        text = json.dumps({"sequence": watermark.sequence, "epoch": watermark.epoch})
        write_whole(self.folder / _WATERMARK, text)

    def rank(self, asks: Sequence[Ask], where: Conditions, limit: int) -> list[list[Ranked]]:
        requests = [
            edge.QueryRequest(
                limit=limit,
                query=edge.Query.Nearest(_vector(ask), using=ask.using),
                filter=to_filter((*where, *ask.where)),
                params=_NEAREST if ask.using == Signal.MEANING else None,
                with_payload=False,
            )
            for ask in asks
        ]
        answers = self._shard.query_batch(edge.QueryBatchRequest(requests))
        return [[Ranked(p.id.hex, p.score) for p in found] for found in answers]

    def fetch(self, ids: Sequence[str], fields: Sequence[str] | None = None) -> dict[str, Payload]:
        selected = True if fields is None else list(fields)
        records = self._shard.retrieve(list(ids), with_payload=selected, with_vector=False)
        return {record.id.hex: record.payload or {} for record in records}

    def meanings(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        name = Signal.MEANING.value
        records = self._shard.retrieve(list(ids), with_payload=False, with_vector=[name])
        vectors = ((r.id.hex, (r.vector or {}).get(name)) for r in records)
        return {id: np.asarray(v, dtype=np.float32) for id, v in vectors if v is not None}

    def newest(self, where: Conditions, limit: int) -> list[Payload]:
        last = edge.OrderBy("order", edge.Direction.Desc)
        request = edge.ScrollRequest(
            limit=limit,
            filter=to_filter(where),
            with_payload=True,
            with_vector=False,
            order_by=last,
        )
        return [record.payload for record in self._shard.scroll(request)[0]]

    def count(self, where: Conditions) -> int:
        return int(self._shard.count(edge.CountRequest(exact=True, filter=to_filter(where))))

    def facet(self, field: str, where: Conditions, limit: int) -> list[tuple[str, int]]:
        # Not "exact": within one shard the counts are the same (tests/index), and 3,000 skills over
        # 17,000 items take 7 ms instead of 600.
        request = edge.FacetRequest(key=field, limit=limit, exact=False, filter=to_filter(where))
        return [(str(hit.value), hit.count) for hit in self._shard.facet(request).hits]

    def scan(self, fields: Sequence[str], where: Conditions = ()) -> Iterator[tuple[str, Payload]]:
        offset = None
        while True:
            request = edge.ScrollRequest(
                offset=offset,
                limit=_SCAN,
                filter=to_filter(where),
                with_payload=list(fields),
                with_vector=False,
            )
            records, offset = self._shard.scroll(request)
            for record in records:
                yield record.id.hex, record.payload or {}
            if offset is None:
                return

    def optimise(self) -> None:
        check_room(self.folder, size(self.folder))  # what it merges, it writes anew first
        self._shard.optimize()
        write_whole(self.folder / _OPTIMISED, str(self.count(())))

    def unoptimised(self) -> int:
        path = self.folder / _OPTIMISED
        done = int(path.read_text(encoding="utf-8")) if path.exists() else 0
        return max(0, self.count(()) - done)

    def close(self) -> None:
        """Edge writes out what is left while it holds Python's lock: nearly nothing is, then."""
        write_out(self.folder)
        self._shard.close()


def _config(dimensions: int) -> Any:
    sparse = edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf, memory=_MAPPED)
    dense = edge.EdgeVectorParams(
        size=dimensions,
        distance=edge.Distance.Dot,
        datatype=edge.VectorStorageDatatype.Float16,
    )
    return edge.EdgeConfig(
        vectors={Signal.MEANING.value: dense},
        sparse_vectors={Signal.TEXT.value: sparse, Signal.TITLE.value: sparse},
        hnsw_config=_GRAPH,
        optimizers=_ONE_SEGMENT,
        max_search_threads=_THREADS,
    )


def _point(point: Point) -> Any:
    vectors: dict[str, Any] = {Signal.TEXT.value: _sparse(point.text)}
    if point.title is not None:
        vectors[Signal.TITLE.value] = _sparse(point.title)
    if point.dense is not None:
        vectors[Signal.MEANING.value] = point.dense.tolist()
    return edge.Point(point.id, vectors, dict(point.payload))


def _vector(ask: Ask) -> Any:
    return _sparse(ask.vector) if isinstance(ask.vector, Sparse) else ask.vector.tolist()


def _sparse(vector: Sparse) -> Any:
    return edge.SparseVector(list(vector.indices), list(vector.values))
