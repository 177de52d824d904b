"""Which skills each sentence of a text comes near, word by word.

A sentence names several skills and much else, so it is not compared as a whole: every run of two to
four words is, by the vectors its word pieces have in their context. A linear map, learned from the
taxonomy's own names set into other sentences (enrichment.fit_linker), takes context off a stretch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from config.taxonomy import Taxonomy
from enrichment.encoder import Encoder, Reading, Vectors, unit
from enrichment.keys import skill_keys
from enrichment.passages import sentences
from enrichment.skill_vectors import Progress

NEAREST = 8  # skills kept of each sentence
RUNS = (3, 2, 4)  # words; first those that look through all skills
_STEP = 2  # of them every second: the others only look at what these found
# Skills that a sentence's scouts pass on: of the 8 nearest by all runs 40 hold 95 %, 16 hold 88 %
# and cost no less (60 items of OER Commons). Linking takes 0.6 of the time of encoding.
_SCOUTED = 5 * NEAREST
# Word pieces linked at once. All skills are read from memory for each product: 9 rows of scouts
# take 5.6 ms alone and 1.5 in a product of 64 rows or more.
_TOGETHER = 512
_BASE = 1024  # whole numbers up to twice this are exact in the 16 bits a kept number has

Words = Sequence[tuple[int, int]]  # each word's first piece, and the one after its last


class Link(NamedTuple):
    """A skill near a sentence, the `sentence`th of its text: `near` is its nearest run's cosine."""

    sentence: int
    skill: int
    near: float


class Linkable(NamedTuple):
    """A text as the encoder read it; its sentences from character `begin` on are linked."""

    text: str
    reading: Reading
    begin: int = 0


@dataclass(frozen=True, slots=True)
class Maps:
    """Linear maps (dimensions, dimensions) of stretches of text and of skills. Read-only."""

    version: str
    text: Vectors
    skill: Vectors


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`spans` (n, 2) are the pieces of its runs, `scouts` how many of them look everywhere."""

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
        self.id = f"links {self._maps.version} {taxonomy.version} {encoder.id}"

    def prepare(self, progress: Progress | None = None) -> None:
        """Loads the taxonomy's names; encodes them where this encoder never did (40 s for ESCO)."""
        self._progress = progress
        self._keys  # noqa: B018 computed once

    @cached_property
    def _keys(self) -> Vectors:
        return unit(skill_keys(*self._known, self._progress) @ self._maps.skill)

    def link(self, texts: Iterable[Linkable]) -> Iterator[list[Link]]:
        """For each text in turn the skills nearest to each of its sentences."""
        for group in _groups(texts):
            found = [_sentences(one) for one in group]
            stretches = self._stretches(found, group)
            few = iter(self._scouted([every[: one.scouts] for one, every in stretches]))
            told = iter(stretches)
            for own in found:
                yield [link for _ in own for link in self._nearest(*next(told), next(few))]

    def _stretches(
        self, found: Sequence[Sequence[_Sentence]], group: Sequence[Linkable]
    ) -> list[tuple[_Sentence, Vectors]]:
        """Each sentence with its mapped runs of words, scouts first."""
        told = []
        for own, one in zip(found, group, strict=True):
            if own:
                means = _means(one.reading.pieces, np.vstack([s.spans for s in own]))
                mapped = unit(means @ self._maps.text)
                ends = np.cumsum([len(s.spans) for s in own]).tolist()
                told += [
                    (s, mapped[end - len(s.spans) : end]) for s, end in zip(own, ends, strict=True)
                ]
        return told

    def _nearest(
        self, sentence: _Sentence, every: Vectors, few: NDArray[np.intp]
    ) -> Iterator[Link]:
        near = (every @ self._keys[few].T).max(axis=0)
        for place in np.argsort(-near, kind="stable")[:NEAREST]:
            yield Link(sentence.number, int(few[place]), float(near[place]))

    def _scouted(self, scouts: Sequence[Vectors]) -> list[NDArray[np.intp]]:
        """For each sentence the skills that its scouts come nearest to."""
        if not scouts:
            return []
        cosines = np.vstack(scouts) @ self._keys.T
        ends = np.cumsum([len(one) for one in scouts])
        return [
            _highest(cosines[end - len(one) : end].max(axis=0), _SCOUTED)
            for one, end in zip(scouts, ends, strict=True)
        ]


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
    return _Sentence(number, np.array([*scouts, *rest], dtype=np.int64), len(scouts))


def _runs(words: Words, length: int) -> list[tuple[int, int]]:
    length = min(length, len(words))
    return [(words[i][0], words[i + length - 1][1]) for i in range(len(words) - length + 1)]


def _means(pieces: Vectors, spans: NDArray[np.int64]) -> Vectors:
    sums = np.zeros((len(pieces) + 1, pieces.shape[1]))
    np.cumsum(pieces, axis=0, out=sums[1:])
    first, last = spans.T
    found: Vectors = ((sums[last] - sums[first]) / (last - first)[:, None]).astype(np.float32)
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
    rows = [(link.sentence, *divmod(link.skill, _BASE), link.near) for link in links]
    return np.array(rows, dtype=np.float32).ravel()


def unpacked(numbers: Vectors) -> list[Link]:
    rows = numbers.astype(np.float64).reshape(-1, 4).tolist()
    return [Link(int(s), int(high * _BASE + low), near) for s, high, low, near in rows]


def read_maps(encoder: Encoder) -> Maps:
    """Those learned for this encoder; for another one, maps that change nothing."""
    with np.load(str(files(__package__) / "data" / "linker.npz")) as kept:
        if str(kept["encoder"]) == encoder.id:
            text, skill = (kept[name].astype(np.float32) for name in ("text", "skill"))
            return Maps(str(kept["version"]), text, skill)
    same = np.eye(encoder.dimensions, dtype=np.float32)
    return Maps("none", same, same)


def _highest(row: Vectors, number: int) -> NDArray[np.intp]:
    if len(row) <= number:
        return np.arange(len(row))
    return np.argpartition(-row, number)[:number]
