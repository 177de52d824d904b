"""What an item's text boils down to, so that two of them are compared without reading them again.

MinHash (Broder 1997): the share of equal places in two signatures estimates the share of word
shingles the texts have in common, with a standard error of at most 0.045.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from catalogue.hashing import text_hash
from catalogue.model import Draft

Signature = NDArray[np.uint32]
_Hashes = NDArray[np.uint64]

VERSION = 1  # raise when the same draft gets another fingerprint
PLACES = 128
NEUTRAL_PLACES = 64
SHINGLE = 3  # words; with 5, a PDF and the HTML of one book part at every line's end
MOST_WORDS = 400_000  # of one item, so that a million-word dump costs a second, not a minute

# Words; where a script writes none apart (Chinese, Japanese, Thai, Khmer), single letters.
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
    r"|[^\W_\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)
# What a translator leaves as it is: addresses, file names, options, identifiers, numbers.
_NEUTRAL = re.compile(r"(?<!\S)[(\"'<«„“]*([^\s]*[\d_/@=$~\\][^\s]*?)[)\"'>»“”.,;:!?]*(?!\S)")
_AT_ONCE = 4096  # shingles: 4 MB of products at a time
_DIGEST = 16  # bytes
_STORED = np.dtype("<u4")
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`digest` names the whole text; `words` counts it; `neutral` is of what no translator touches.

    `shared` counts the distinct language-neutral tokens behind `neutral`, `parts` the item's parts.
    """

    digest: str
    words: int
    text: Signature
    neutral: Signature
    shared: int
    parts: int

    def packed(self) -> bytes:
        """In 16 + 12 + 4 × 192 bytes, the same on every machine."""
        counts = np.array([self.words, self.shared, self.parts], _STORED)
        numbers = np.concatenate([counts, self.text, self.neutral]).astype(_STORED)
        return bytes.fromhex(self.digest) + numbers.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        numbers = np.frombuffer(data, _STORED, offset=_DIGEST)
        words, shared, parts = (int(number) for number in numbers[:3])
        text, neutral = numbers[3 : 3 + PLACES], numbers[3 + PLACES :]
        return cls(data[:_DIGEST].hex(), words, text, neutral, shared, parts)


def fingerprint(draft: Draft) -> Fingerprint:
    """Of summary and parts; the title is compared by itself. `draft` has been cleaned."""
    texts = _texts(draft)
    words = list(islice((w for text in texts for w in words_of(text)), MOST_WORDS))
    tokens = {match[1].casefold() for text in texts for match in _NEUTRAL.finditer(text)}
    return Fingerprint(
        digest=text_hash(" ".join(words)),
        words=len(words),
        text=signature(shingles(words), PLACES),
        neutral=signature(np.array([_hash(t) for t in tokens], np.uint64), NEUTRAL_PLACES),
        shared=len(tokens),
        parts=len(draft.parts),
    )


def _texts(draft: Draft) -> list[str]:
    parts = (text for part in draft.parts for text in (part.heading, part.text))
    return [text for text in (draft.summary, *parts) if text]


def words_of(text: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(text.casefold()))


def shingles(words: Sequence[str]) -> _Hashes:
    """A number for every run of `SHINGLE` words; of a shorter text, one for all of it."""
    if not words:
        return np.empty(0, np.uint64)
    hashes = np.fromiter((_hash(word) for word in words), np.uint64, len(words))
    count = max(1, len(hashes) - SHINGLE + 1)
    run = np.zeros(count, np.uint64)
    for place in range(min(SHINGLE, len(hashes))):
        run = run * _GOLDEN + hashes[place : place + count]
    return np.unique(run)


def signature(values: _Hashes, places: int) -> Signature:
    """For each of `places` random orders, the first of the values; all ones where there is none."""
    factors, offsets = _orders(places)
    least = np.full(places, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(values), _AT_ONCE):
        some = _mixed(values[start : start + _AT_ONCE])
        ordered = (some[:, None] * factors + offsets) >> np.uint64(32)
        least = np.minimum(least, ordered.min(axis=0).astype(np.uint32))
    return least


def alike(one: Signature, other: Signature) -> float:
    """Estimated share of what both have among what either has."""
    return float(np.mean(one == other))


def bands(of: Signature, rows: int) -> Iterable[bytes]:
    """The signature in pieces of `rows` places: texts with a piece in common are worth a look."""
    return (of[start : start + rows].tobytes() for start in range(0, len(of), rows))


@lru_cache(maxsize=65536)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def _mixed(values: _Hashes) -> _Hashes:
    """Spread over all 64 bits (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=4)
def _orders(places: int) -> tuple[_Hashes, _Hashes]:
    """Random odd factors and offsets of multiply-shift hashing, the same in every process."""
    chance = np.random.Generator(np.random.PCG64(7))
    numbers = chance.integers(0, 2**64, (2, places), np.uint64)
    return numbers[0] | np.uint64(1), numbers[1]
