"""A second encoder, of words alone, held to the same contract as the real one."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from enrichment.encoder import Reading, Vectors, unit
from enrichment.words import stem, tokens


class WordEncoder:
    """Texts that share words are near. Immediate, and it remembers what it was asked."""

    id = "words@1"
    dimensions = 64
    max_pieces = 100

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = [self._vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        for position, (text, vector) in enumerate(zip(texts, self.encode(texts), strict=True)):
            found = tokens(text)[: self.max_pieces]
            pieces = np.array([_direction(stem(word)) for word, _, _ in found], dtype=np.float32)
            places = np.array([(start, end) for _, start, end in found], dtype=np.int64)
            shaped = unit(pieces.reshape(len(found), self.dimensions))
            yield position, Reading(vector, shaped, places.reshape(len(found), 2))

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(tokens(text)) for text in texts]

    def _vector(self, text: str) -> Vectors:
        words = [stem(word) for word, _, _ in tokens(text)][: self.max_pieces]
        total = sum(map(_direction, words), _direction(""))
        unit: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return unit


def _direction(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
    found = np.random.default_rng(seed).standard_normal(WordEncoder.dimensions)
    return found.astype(np.float32) * (1.0 if word else 0.01)


class Shelf:
    """A vector cache that forgets with the test."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Vectors]] = {}

    def get(self, model: str, hashes: Iterable[str]) -> dict[str, Vectors]:
        known = self.kept.get(model, {})
        return {key: known[key] for key in hashes if key in known}

    def put(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        self.kept.setdefault(model, {}).update(vectors)
