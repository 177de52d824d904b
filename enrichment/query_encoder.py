"""The encoder of queries: one short text at a time, on one core, in little memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from config.mapped import let_go
from enrichment import export, export_query
from enrichment.encoder import Encoder, Tokens, Vectors, exported, load_encoder, unit
from enrichment.model_files import model_folder


def load_query_encoder(name: str, cache: Path) -> Encoder:
    """An encoder whose vectors are compared with those of `load_encoder(name, cache)`.

    A model of which no query graph can be made encodes queries as it does other texts.

    The first call exports the model's graphs below `cache` (half a minute); later ones take 0.2 s.
    Raises BadConfig where there is no such model, NeedsPerson where it cannot be exported.
    """
    bulk = exported(name, cache)
    target = bulk.folder.with_name(f"{bulk.revision}-query-{export_query.VERSION}")
    if not target.is_dir():
        export.apart("enrichment.export_query", name, model_folder(name), target)
    if (target / export_query.WHY_NOT).exists():
        return load_encoder(name, cache)
    return QueryEncoder(bulk.id, bulk.dimensions, Tokens(bulk.folder), session(target))


class QueryEncoder:
    """Runs a query graph. Any number of threads at once.

    `id` is that of the encoder for many texts: the two agree to a cosine of 0.999, which both were
    checked against.
    """

    def __init__(self, id: str, dimensions: int, tokens: Tokens, session: Any) -> None:
        self.id = id
        self.dimensions = dimensions
        self._tokens = tokens
        self._session = session

    def encode(self, texts: Sequence[str]) -> Vectors:
        out = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            out[row] = vector(self._session, self._tokens.row(text))
        return out


def session(folder: Path) -> Any:
    """An open graph, run by the thread that asks: the other core is for other searches."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # some MiB, and no quicker for a few word pieces
    opened = onnxruntime.InferenceSession(
        str(folder / export_query.GRAPH), options, providers=["CPUExecutionProvider"]
    )
    let_go(folder)  # weights were copied in the order they are used in; words are looked up there
    return opened


def vector(session: Any, ids: Sequence[int]) -> Vectors:
    """The vector of one text's tokens, of length 1."""
    row = np.array([ids], dtype=np.int64)
    asked = {export_query.IDS: row, export_query.MASK: np.ones_like(row)}
    found: Vectors = session.run(None, asked)[0][0]
    return unit(found)
