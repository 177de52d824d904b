"""Which skills each sentence of a text comes near, word by word.

A sentence names several skills and much else, so it is not compared as a whole: every run of two to
four words is, by the vectors its word pieces have in their context. A linear map, learned from the
taxonomy's own names set into other sentences (enrichment.fit_linker), takes context off a stretch.
What the sentence is about as a whole then tells which of the skills near to some run are meant.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from config.taxonomy import Taxonomy
from enrichment.encoder import Encoder, Reading, Vectors, unit
from enrichment.keys import skill_keys
from enrichment.maps import read_maps
from enrichment.passages import sentences
from enrichment.skill_vectors import Progress

RULES = 3  # raise when the code below links otherwise
NEAREST = 10  # skills kept of each sentence
# Those whose nearest run and this share of the whole sentence's nearness add up to most. 0.25 to 1
# do alike; by runs alone the ten hold fewer of the skills that people saw.
_WHOLE = 0.5
RUNS = (3, 2, 4)  # words; first those that look through all skills
_STEP = 2  # of them every second: the others only look at what these found
# All skills are looked through in the directions in which they differ most, half of 384. Of the ten
# that all runs and directions would keep, 200 skills hold 99 % (60 items of OER Commons); 80 found
# in 128 directions held 95.5 and cost both validation sets two points of R-precision@5.
_DIRECTIONS = 192
_SCOUTED = 200
# Word pieces linked at once. All skills are read from memory for each product: 9 rows of scouts
# take 5.6 ms alone and 1.5 in a product of 64 rows or more.
_TOGETHER = 512
# Groups linked side by side, and beside the encoder, which reads the next texts meanwhile: one core
# linked while the other one waited.
_AT_ONCE = 2
_SAMPLED = 16  # of a row of cosines every so manieth
_BASE = 1024  # whole numbers up to twice this are exact in the 16 bits a kept number has

Words = Sequence[tuple[int, int]]  # each word's first piece, and the one after its last


class Link(NamedTuple):
    """A skill near a sentence, the `sentence`th of its text: `near` is its nearest run's cosine,
    `whole` that of the whole sentence.
    """

    sentence: int
    skill: int
    near: float
    whole: float


class Linkable(NamedTuple):
    """A text as the encoder read it; its sentences from character `begin` on are linked."""

    text: str
    reading: Reading
    begin: int = 0


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`spans` (n, 2) are the pieces of its runs, of the whole sentence last; so many `scouts`, the
    first, look everywhere.
    """

    number: int
    spans: NDArray[np.int64]
    scouts: int


class Linker:
    """Links texts to the skills of one taxonomy. `id` changes with whatever changes a link.

    Nothing is loaded or encoded before `prepare`, or the first text.
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, cache: Path) -> None:
        self._maps = read_maps(encoder)
        self._known = (taxonomy, encoder, cache)
        self._progress: Progress | None = None
        self.id = f"links {RULES} {self._maps.version} {taxonomy.version} {encoder.id}"

    def prepare(self, progress: Progress | None = None) -> None:
        """Loads the taxonomy's names; encodes them where this encoder never did (40 s for ESCO)."""
        self._progress = progress
        self._keys  # noqa: B018 computed once

    @cached_property
    def _keys(self) -> Vectors:
        return unit(skill_keys(*self._known, self._progress) @ self._maps.skill)

    @cached_property
    def _coarse(self) -> tuple[Vectors, Vectors]:
        """The directions (dimensions, fewer) in which skills differ most, and the skills there."""
        _, directions = np.linalg.eigh(self._keys.T @ self._keys)
        basis = np.ascontiguousarray(directions[:, ::-1][:, :_DIRECTIONS])
        return basis, self._keys @ basis

    def link(self, texts: Iterable[Linkable]) -> Iterator[list[Link]]:
        """For each text in turn the skills nearest to each of its sentences."""
        self._coarse  # noqa: B018 computed once, before threads ask for it
        with (
            _threads().limit(limits=1, user_api="blas"),
            ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="linker") as pool,
        ):
            begun: deque[Future[list[list[Link]]]] = deque()
            for group in _groups(texts):
                begun.append(pool.submit(self._linked, group))
                if len(begun) > _AT_ONCE:
                    yield from begun.popleft().result()
            while begun:
                yield from begun.popleft().result()

    def _linked(self, group: Sequence[Linkable]) -> list[list[Link]]:
        found = [_sentences(one) for one in group]
        every = self._stretches(found, group)
        told = [sentence for own in found for sentence in own]
        ends = np.cumsum([len(sentence.spans) for sentence in told]).tolist()
        runs = [every[end - len(s.spans) : end] for s, end in zip(told, ends, strict=True)]
        few = self._scouted([own[: s.scouts] for s, own in zip(told, runs, strict=True)])
        links = map(self._nearest, told, runs, few)
        return [[link for _ in own for link in next(links)] for own in found]

    def _stretches(
        self, found: Sequence[Sequence[_Sentence]], group: Sequence[Linkable]
    ) -> Vectors:
        """The mapped runs of words of all sentences, of each its scouts first."""
        sums = [
            _sums(one.reading.pieces, np.vstack([s.spans for s in own]))
            for own, one in zip(found, group, strict=True)
            if own
        ]
        return unit(np.vstack(sums) @ self._maps.text) if sums else self._keys[:0]

    def _nearest(
        self, sentence: _Sentence, every: Vectors, few: NDArray[np.intp]
    ) -> Iterator[Link]:
        cosines = every @ self._keys[few].T
        near, whole = cosines[:-1].max(axis=0), cosines[-1]
        for place in np.argsort(-(near + _WHOLE * whole), kind="stable")[:NEAREST]:
            yield Link(sentence.number, int(few[place]), float(near[place]), float(whole[place]))

    def _scouted(self, scouts: Sequence[Vectors]) -> list[NDArray[np.intp]]:
        """For each sentence the skills that its scouts come nearest to."""
        if not scouts:
            return []
        basis, keys = self._coarse
        cosines = (np.vstack(scouts) @ basis) @ keys.T
        ends = np.cumsum([len(one) for one in scouts])
        return [
            highest(cosines[end - len(one) : end].max(axis=0), _SCOUTED)
            for one, end in zip(scouts, ends, strict=True)
        ]


@cache
def _threads() -> ThreadpoolController:
    """A product here is over before a second core is awake, and waiting for it costs as much:

    linking took 2.3 times the processor time with two threads.
    """
    return ThreadpoolController()


def _groups(texts: Iterable[Linkable]) -> Iterator[list[Linkable]]:
    group: list[Linkable] = []
    for text in texts:
        group.append(text)
        if sum(len(one.reading.pieces) for one in group) >= _TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _sentences(one: Linkable) -> list[_Sentence]:
    return [
        runs(number, words)
        for number, (start, end) in enumerate(sentences(one.text[one.begin :]))
        if (words := _words(one.reading.places, one.begin + start, one.begin + end, one.text))
    ]


def runs(number: int, words: Words) -> _Sentence:
    """The runs of a sentence of one word or more."""
    by_length = [_runs(words, length) for length in RUNS]
    first = by_length[0]
    scouts = first[::_STEP]
    rest = [span for spans in (first[1::_STEP], *by_length[1:]) for span in spans]
    whole = (words[0][0], words[-1][1])
    return _Sentence(number, np.array([*scouts, *rest, whole], dtype=np.int64), len(scouts))


def _runs(words: Words, length: int) -> list[tuple[int, int]]:
    length = min(length, len(words))
    return [(words[i][0], words[i + length - 1][1]) for i in range(len(words) - length + 1)]


def _sums(pieces: Vectors, spans: NDArray[np.int64]) -> Vectors:
    """The sum of each span's pieces; only its direction matters."""
    until = np.zeros((len(pieces) + 1, pieces.shape[1]), dtype=np.float32)
    np.cumsum(pieces, axis=0, out=until[1:])
    first, last = spans.T
    found: Vectors = until[last] - until[first]
    return found


def _words(places: NDArray[np.int64], start: int, end: int, text: str) -> Words:
    words: list[tuple[int, int]] = []
    first, last = np.searchsorted(places[:, 0], (start, end)).tolist()
    for piece in range(first, last):
        begins = int(places[piece, 0])
        if words and begins == places[piece - 1, 1] and not text[begins - 1].isspace():
            words[-1] = (words[-1][0], piece + 1)
        else:
            words.append((piece, piece + 1))
    return words


def packed(links: Sequence[Link]) -> Vectors:
    """Links as numbers that 16 bits hold: places exactly, cosines to three digits."""
    rows = [(s, *divmod(skill, _BASE), near, whole) for s, skill, near, whole in links]
    return np.array(rows, dtype=np.float32).ravel()


def unpacked(numbers: Vectors) -> list[Link]:
    rows = numbers.astype(np.float64).reshape(-1, len(Link._fields) + 1).tolist()
    return [Link(int(s), int(high * _BASE + low), *cosines) for s, high, low, *cosines in rows]


def highest(row: Vectors, number: int) -> NDArray[np.intp]:
    """Where the highest are. A sample tells from which height on to look: a tenth of the time."""
    sample, rank = row[::_SAMPLED], 2 * (number // _SAMPLED + 1)
    high = np.arange(len(row))
    if len(sample) > rank:
        above = np.flatnonzero(row >= np.partition(sample, -rank)[-rank])
        high = above if len(above) >= number else high
    return high if len(high) <= number else high[np.argpartition(-row[high], number)[:number]]
