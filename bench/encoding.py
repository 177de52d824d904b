"""The product's encoder beside plain SentenceTransformer, on the same texts in turns."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bench.figures import Figure
from bench.real_sources import ABSENT, present, stanzas
from bench.room import Room
from connectors.base import Found
from enrichment.clean import clean_draft
from enrichment.encoder import Vectors
from enrichment.model_files import model_folder
from enrichment.passages import split
from flows.sync import with_defaults
from flows.workshop import Workshop

NAME = "encoding"
TEXTS, QUICK_TEXTS = 512, 16
ROUNDS = 3
BATCH = 32
LEAST_RATIO = 2
LEAST_COSINE = 0.999


def measure(room: Room) -> Iterator[Figure]:
    if not present():
        yield Figure(NAME, "left out", 0, "", note=ABSENT)
        return
    with Workshop(room.home(stanzas())) as shop:
        texts = passages(shop, room.size(TEXTS, QUICK_TEXTS), quick=room.quick)
        plain = sentence_transformer(shop.settings.encoder)
        pieces = statistics.mean(shop.encoder.count(texts))
        yield from compared(shop.encoder.encode, plain, texts, pieces)


def passages(shop: Workshop, number: int, *, quick: bool) -> list[str]:
    """A seeded sample of what the catalogue's sources make the encoder read."""
    names = list(shop.specs)[-1:] if quick else list(shop.specs)
    found = sorted({text for name in names for text in texts_of(shop, name)})
    return random.Random(1).sample(found, number)


def texts_of(shop: Workshop, name: str) -> Iterator[str]:
    spec = shop.spec(name)
    connector = shop.connector(spec)
    for event in connector.pull({}):
        if isinstance(event, Found):
            try:
                draft = with_defaults(connector.normalise(event.payload), spec)
            except Exception:  # a broken item is another bench's matter
                continue
            parts = split(clean_draft(draft), shop.encoder)
            yield from (passage.embedded_text for passage in parts)


def sentence_transformer(model: str) -> Callable[[Sequence[str]], Vectors]:
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(model_folder(model)), device="cpu")

    def encode(texts: Sequence[str]) -> Vectors:
        return np.asarray(loaded.encode(list(texts), batch_size=BATCH, show_progress_bar=False))

    return encode


def compared(
    ours: Callable[[Sequence[str]], Vectors],
    plain: Callable[[Sequence[str]], Vectors],
    texts: Sequence[str],
    pieces: float,
) -> Iterator[Figure]:
    """In turns, so that what else the machine does meets both; the median round counts."""
    ours(texts[:BATCH])
    plain(texts[:BATCH])
    own_s, plain_s = list[float](), list[float]()
    for _ in range(ROUNDS):
        own, seconds = timed(ours, texts)
        own_s.append(seconds)
        theirs, seconds = timed(plain, texts)
        plain_s.append(seconds)
    cosines = np.sum(unit(own) * unit(theirs), axis=1)
    rates = [len(texts) / statistics.median(each) for each in (own_s, plain_s)]
    note = f"{len(texts)} real passages, {pieces:.0f} word pieces on average"
    yield Figure(NAME, "ours", rates[0], "texts/s", note=note)
    yield Figure(NAME, f"SentenceTransformer.encode(batch_size={BATCH})", rates[1], "texts/s")
    yield Figure(NAME, "times faster", rates[0] / rates[1], "×", least=LEAST_RATIO)
    yield Figure(NAME, "cosine, least", float(cosines.min()), "", least=LEAST_COSINE)
    yield Figure(NAME, "cosine, mean", float(cosines.mean()), "", least=LEAST_COSINE)


def timed(
    encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]
) -> tuple[Vectors, float]:
    began = time.perf_counter()
    return encode(texts), time.perf_counter() - began


def unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled
