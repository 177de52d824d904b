"""What moves items among the first of a ranking: phrases, recency, completeness, variety. Pure.

Only the first `FIRST_FEW` items are looked at: reading the texts of all 300 points that a search
ranks takes longer than ranking them. All are mild beside the signals, whose sum is about 2 for the
best answer, except a phrase between quotation marks, which is an order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from index.engine import Payload
from index.points import DEAD, day_of
from index.ranking import Candidate
from index.words import each_stem, shared_start, stemmed, stemmer

FIRST_FEW = 40
QUOTED = 2.0
ADJACENT = 0.25  # all of a short question's words stand side by side
FEW_WORDS, MANY_WORDS = 4, 8
RECENT = 0.03
HALF_LIFE_DAYS = 730.0
COMPLETE = 0.02
TELLING = ("summary", "provider", "level", "duration", "language")
LINK_IS_DEAD = -3.0  # below all others that were looked at: there is nothing to open
SAME_PROVIDER = -0.03  # for each item of its provider above it but the first
MOST_OF_ONE = 4
_WIDTH = 40  # characters in which a word and the stop words after it end


@dataclass(frozen=True, slots=True)
class Wanted:
    """`text` is the question, `phrases` what it has between quotation marks."""

    text: str
    phrases: tuple[str, ...]
    words: int
    today: int  # in days since 1970


def boosted(
    candidates: Sequence[Candidate], points: Mapping[str, Payload], wanted: Wanted
) -> list[Candidate]:
    """The candidates with the first few in their new order.

    `points` has the payloads of those few and of their passages; one that lacks stays as it is.
    """
    few, rest = candidates[:FIRST_FEW], candidates[FIRST_FEW:]
    moved = [_boosted(one, points, wanted) for one in few]
    return [*_varied(sorted(moved, key=_order), points), *rest]


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.of


def _boosted(one: Candidate, points: Mapping[str, Payload], wanted: Wanted) -> Candidate:
    first, passage = points.get(one.of), points.get(one.passage)
    if first is None or passage is None:
        return one
    parts = (
        ("has the quoted phrase", QUOTED * _quoted(first, passage, wanted)),
        ("has the words side by side", ADJACENT * _adjacent(first, passage, wanted)),
        ("is recent", RECENT * _recent(first, wanted.today)),
        ("its link is dead", LINK_IS_DEAD * (first.get("link") == DEAD)),
        ("is well described", COMPLETE * sum(name in first for name in TELLING) / len(TELLING)),
    )
    return _with(one, parts)


def _with(one: Candidate, parts: Sequence[tuple[str, float]]) -> Candidate:
    of, score, places, told = one
    for why, amount in parts:
        score += amount
        if abs(amount) >= 0.005:
            told = (*told, (why, amount))
    return Candidate(of, score, places, told)


def _lines(first: Payload, passage: Payload) -> list[str]:
    """Title, heading and text, in small letters."""
    lines = (first.get("title", ""), passage.get("heading", ""), passage.get("text", ""))
    return [line.casefold() for line in lines if line]


class Phrase(NamedTuple):
    """Words that follow each other: how each starts, and its stem's number."""

    starts: tuple[str, ...]
    stems: tuple[int, ...]


def _quoted(first: Payload, passage: Payload, wanted: Wanted) -> float:
    """The share of the quoted phrases that stand there."""
    if not wanted.phrases:
        return 0.0
    lines, language = _lines(first, passage), stemmer(first.get("language"))
    phrases = [_phrase(stemmed(phrase, language)) for phrase in wanted.phrases]
    return sum(_held(lines, phrase, language) for phrase in phrases) / len(phrases)


def _adjacent(first: Payload, passage: Payload, wanted: Wanted) -> float:
    """The share of the question's neighbouring words that are neighbours there too."""
    fading = min(max((MANY_WORDS - wanted.words) / (MANY_WORDS - FEW_WORDS), 0.0), 1.0)
    language = stemmer(first.get("language"))
    pairs = _neighbours(wanted.text, language) if fading else ()
    if not pairs:
        return 0.0
    lines = _lines(first, passage)
    return fading * sum(_held(lines, pair, language) for pair in pairs) / len(pairs)


@lru_cache(maxsize=256)
def _neighbours(text: str, language: str) -> Sequence[Phrase]:
    """Each telling word with the one after it: the same for all items of a language."""
    return tuple(map(_phrase, pairwise(stemmed(text, language))))


def _phrase(words: Sequence[tuple[str, int]]) -> Phrase:
    return Phrase(tuple(shared_start(word) for word, _ in words), tuple(n for _, n in words))


def _held(lines: Sequence[str], phrase: Phrase, language: str) -> bool:
    """Whether one of the lines has these words one after the other, stop words aside.

    Only where all of them may begin is anything stemmed: reading all texts took 30 % of a search.
    """
    return bool(phrase.stems) and any(
        _follows(near, phrase.stems, language)
        for line in lines
        if all(start in line for start in phrase.starts)
        for near in _places(line, phrase.starts)
    )


def _follows(near: str, wanted: Sequence[int], language: str) -> bool:
    """Whether the text begins with these stems; it is read no further than they agree."""
    found = each_stem(near, language)
    return all(next(found, None) == number for number in wanted)


def _places(line: str, starts: Sequence[str]) -> Iterator[str]:
    """What stands where words that begin so may follow each other."""
    first, *further = starts
    at = line.find(first)
    while at >= 0:
        near = line[at : at + _WIDTH * len(starts)]
        if _begins(line, at) and all(start in near for start in further):
            yield near
        at = line.find(first, at + 1)


def _begins(line: str, at: int) -> bool:
    """Whether a word does, or in a script without spaces may."""
    return at == 0 or not (line[at - 1].isalnum() and line[at].isascii())


def _recent(first: Payload, today: int) -> float:
    """1 for today, half of it two years ago, a quarter four years ago."""
    age = max(today - day_of(first["order"]), 0)
    return float(2 ** (-age / HALF_LIFE_DAYS))


def _varied(ordered: Sequence[Candidate], points: Mapping[str, Payload]) -> list[Candidate]:
    """Later items of a provider step back a little, up to `MOST_OF_ONE` steps."""
    above: dict[str, int] = {}
    moved = []
    for one in ordered:
        provider = points.get(one.of, {}).get("provider", "")
        steps = min(max(above.get(provider, 0) - 1, 0), MOST_OF_ONE) if provider else 0
        above[provider] = above.get(provider, 0) + 1
        why = (("others of its provider stand above", SAME_PROVIDER * steps),)
        moved.append(_with(one, why) if steps else one)
    return sorted(moved, key=_order)
