"""Texts to vectors. One door, whatever the model."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from enrichment import export
from enrichment.model_files import model_folder, revision

Vectors = NDArray[np.float32]

# Word pieces computed at once. Measured on two cores: 512 to 4,096 are equally fast (166 to 173
# texts of about 160 pieces a second), 8,192 is slower and takes 160 MB more.
BATCH_TOKENS = 1024
# A text alone, a query, is filled up to a multiple: the graph prepares itself anew whenever a
# length differs from the last one's, 5.2 ms for a query instead of 4.1 (7 pieces on average).
ALONE = 16


class Encoder(Protocol):
    """Maps texts to vectors whose dot product is their nearness in meaning. Thread-safe.

    `id` names model, revision and graph: vectors of different ids are never compared.
    """

    @property
    def id(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) rows of length 1. Of a longer text only its beginning is read."""
        ...


class Pieces(Protocol):
    """What cutting text to an encoder's measure needs. A piece is part of a word."""

    @property
    def max_pieces(self) -> int:
        """How many pieces of one text are read."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many pieces each text has."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder made of one text.

    `vector` is the text's, of length 1; `pieces` (n, dimensions) are those of its word pieces in
    their context, and `places` (n, 2) the characters where each begins and ends.
    """

    vector: Vectors
    pieces: Vectors
    places: NDArray[np.int64]


class TextEncoder(Encoder, Pieces, Protocol):
    """An encoder that says how much of a text it reads, and what it makes of each piece."""

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        """Each text's position and what was made of it, in whatever order is fastest."""
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """An encoder's folder as `enrichment.export` wrote it."""

    id: str
    folder: Path

    @property
    def revision(self) -> str:
        """The model's; to find it anew, 90 MB are read."""
        return self.folder.name.removesuffix(f"-{export.VERSION}")

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = json.loads((self.folder / export.FACTS).read_bytes())
        return facts

    @property
    def dimensions(self) -> int:
        return int(self.facts["dimensions"])


def exported(name: str, cache: Path) -> Exported:
    """The encoder called `name`, without loading it. Exports and raises like `load_encoder`."""
    folder = model_folder(name)
    version = f"{revision(folder)}-{export.VERSION}"
    target = cache / "encoders" / version
    if not target.is_dir():
        export.apart("enrichment.export", name, folder, target)
    return Exported(f"{Path(name).name}@{version}", target)


def load_encoder(name: str, cache: Path) -> TextEncoder:
    """The encoder called `name`: "all-MiniLM-L6-v2", a model's folder, or its name on the hub.

    The first call exports the model's graph below `cache` (about 20 s); later ones take 0.5 s.
    Raises BadConfig where there is no such model, NeedsPerson where it cannot be exported.
    """
    found = exported(name, cache)
    return GraphEncoder(found.id, found.folder)


class Tokens:
    """A model's tokeniser, which cuts a text where the model would."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        facts = json.loads((folder / export.FACTS).read_bytes())
        self._tokenizer = Tokenizer.from_file(str(folder / export.TOKENS))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._limit: int = facts["max_tokens"]
        self._frame: int = self._tokenizer.num_special_tokens_to_add(is_pair=False)

    @property
    def max_pieces(self) -> int:
        return self._limit - self._frame

    def count(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(one) for one in encoded]

    def rows(self, texts: Sequence[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch_fast([text.strip() for text in texts])
        return [self._cut(one.ids) for one in encoded]

    def row(self, text: str) -> list[int]:
        """A text alone: sharing one out to threads takes longer than cutting it."""
        return self._cut(self._tokenizer.encode(text.strip()).ids)

    def placed(self, texts: Sequence[str]) -> list[tuple[list[int], NDArray[np.int64]]]:
        """Each text's tokens, and the characters (n, 2) where each of them begins and ends."""
        rows = [(self._cut(one.ids), one.offsets) for one in self._tokenizer.encode_batch(texts)]
        return [(ids, np.array(places[: len(ids)], dtype=np.int64)) for ids, places in rows]

    def _cut(self, ids: list[int]) -> list[int]:
        """As the tokeniser would truncate, which is a setting that `count` must not have."""
        if len(ids) <= self._limit:
            return ids
        return [*ids[: self._limit - 1], ids[-1]]


class GraphEncoder:
    """Runs an exported graph on the processor. Reads the folder that `enrichment.export` wrote."""

    def __init__(self, name: str, folder: Path) -> None:
        self.id = name
        facts = Exported(name, folder).facts
        self.dimensions: int = facts["dimensions"]
        self._tokens = Tokens(folder)
        self._padding: int = facts["padding"]
        self._request = _compiled(folder / export.GRAPH, facts["precision"])
        self._one_at_a_time = threading.Lock()

    @property
    def max_pieces(self) -> int:
        return self._tokens.max_pieces

    def count(self, texts: Sequence[str]) -> list[int]:
        return self._tokens.count(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = self._tokens.rows(texts)
        out = np.empty((len(rows), self.dimensions), dtype=np.float32)
        for batch in batches([len(row) for row in rows], BATCH_TOKENS):
            out[batch], _ = self._infer([rows[i] for i in batch])
        return unit(out)

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        placed = self._tokens.placed(texts)
        for batch in batches([len(row) for row, _ in placed], BATCH_TOKENS):
            vectors, pieces = self._infer([placed[i][0] for i in batch], pieces=True)
            for i, vector, row in zip(batch, unit(vectors), pieces, strict=True):
                places = placed[i][1]
                real = places[:, 0] < places[:, 1]  # the frame's pieces stand nowhere
                yield i, Reading(vector, row[: len(places)][real], places[real])

    def _infer(self, rows: list[list[int]], *, pieces: bool = False) -> tuple[Vectors, Vectors]:
        """(n, dimensions) and, if wanted, (n, widest, dimensions)."""
        ids = np.full((len(rows), _width(rows)), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        # One stream on all cores is the fastest for bulk and for single queries alike (2.2 ms), and
        # a query waits for one batch of another thread at most.
        with self._one_at_a_time:
            found = self._request.infer([ids, mask])
            return found[0].copy(), found[1].copy() if pieces else found[1][:0]


def unit(vectors: Vectors) -> Vectors:
    """The same directions, each of length 1; a vector of nothing stays so."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, 1e-12)
    return scaled


def _width(rows: Sequence[Sequence[int]]) -> int:
    longest = max(map(len, rows))
    return longest if len(rows) > 1 else -(-longest // ALONE) * ALONE


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions grouped so that like lengths meet and no group, padded, exceeds `budget`."""
    group: list[int] = []
    widest = 0
    for position in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if group and widest * (len(group) + 1) > budget:
            yield group
            group = []
        widest = widest if group else lengths[position]
        group.append(position)
    if group:
        yield group


def _compiled(graph: Path, precision: str) -> Any:
    """A request on the graph. bf16 where the processor has it: twice as fast, cosine 0.9999."""
    import openvino

    core = openvino.Core()
    can = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    hint = precision if precision.upper() in can else "f32"
    # Not pinned: a thread bound to a core waits there for whatever else runs on it, which made the
    # 95th percentile of a query 8.5 ms instead of 4.4 beside a busy process.
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": hint,
        "ENABLE_CPU_PINNING": False,
    }
    return core.compile_model(graph, "CPU", settings).create_infer_request()
