"""The embedding cache: what a model once made of a text is never computed again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from catalogue.store.database import Database
from catalogue.store.rows import chunks
from catalogue.store.schema import embeddings, encoders
from catalogue.store.upsert import insert_missing

Vector = NDArray[np.float32]
_STORED = np.dtype("<f2")


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors by model and text hash, stored in 16 bits a number."""

    database: Database

    def get(self, model: str, hashes: Collection[str]) -> dict[str, Vector]:
        """Those that are known, each of shape (dimensions,)."""
        mine = select(encoders.c.id).where(encoders.c.name == model).scalar_subquery()
        query = select(embeddings.c.text_hash, embeddings.c.vector)
        query = query.where(embeddings.c.encoder == mine)
        found = {}
        with self.database.read() as conn:
            for chunk in chunks(set(hashes)):
                for name, vector in conn.execute(query.where(embeddings.c.text_hash.in_(chunk))):
                    found[name] = np.frombuffer(vector, _STORED).astype(np.float32)
        return found

    def put(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Keeps the vectors; those that stand already stay as they are."""
        if not vectors:
            return
        with self.database.write() as conn:
            encoder = _encoder(conn, model)
            rows = [
                {"encoder": encoder, "text_hash": name, "vector": vector.astype(_STORED).tobytes()}
                for name, vector in sorted(vectors.items())
            ]
            insert_missing(conn, embeddings, rows)

    def count(self, model: str) -> int:
        query = select(func.count()).select_from(embeddings).join(encoders)
        with self.database.read() as conn:
            return int(conn.execute(query.where(encoders.c.name == model)).scalar_one())


def _encoder(conn: Connection, model: str) -> int:
    insert_missing(conn, encoders, [{"name": model}])
    return int(conn.execute(select(encoders.c.id).where(encoders.c.name == model)).scalar_one())
