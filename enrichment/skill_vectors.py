"""The skills of a taxonomy as vectors, encoded once for each encoder."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from config.taxonomy import Taxonomy
from enrichment.encoder import Encoder, Vectors

Progress = Callable[[int, int], None]  # how many are done, of how many
_CHUNK = 1024


def skill_vectors(
    taxonomy: Taxonomy, encoder: Encoder, cache: Path, progress: Progress | None = None
) -> Vectors:
    """(skills, dimensions), in the taxonomy's order: its labels, encoded.

    Labels alone: with alternatives averaged in, R-precision@5 moved from 57.1 to 58.7 on one
    validation set and from 44.4 to 41.9 on the other, for 43 s of encoding instead of 6.
    Alternatives tell by being found in the text.
    """
    name = hashlib.sha256(f"{taxonomy.version}\n{encoder.id}".encode()).hexdigest()[:24]
    labels = [skill.label for skill in taxonomy]
    return kept(cache / "skills" / f"{name}.npy", lambda: encoded(labels, encoder, progress))


def kept(path: Path, make: Callable[[], Vectors]) -> Vectors:
    """What lies at `path` in 16 bits a number, made first where it does not."""
    if not path.is_file():
        _write(path, make())
    stored = np.load(path, mmap_mode="r")
    return np.asarray(stored, dtype=np.float32)


def encoded(texts: list[str], encoder: Encoder, progress: Progress | None) -> Vectors:
    out = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
    for start in range(0, len(texts), _CHUNK):
        out[start : start + _CHUNK] = encoder.encode(texts[start : start + _CHUNK])
        if progress:
            progress(min(start + _CHUNK, len(texts)), len(texts))
    return out


def _write(path: Path, vectors: Vectors) -> None:
    """All or nothing, also when two processes write at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.save(file, vectors.astype(np.float16))
    part.rename(path)
