"""From several rankings of passages to one ranking of items. Pure, so the same on every engine."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.engine import Ranked, Signal
from index.points import item_of

# Reciprocal rank fusion (Cormack, Clarke, Buettcher 2009), with their constant.
CONSTANT = 60
WEIGHTS: Mapping[Signal, float] = {Signal.MEANING: 1.0, Signal.TEXT: 1.0, Signal.TITLE: 0.5}
# An item's first passage is its title and summary: true of the whole, but no place to open it at.
# Another one answers instead if it stands at least this high beside it.
PLACED = 0.4


class Standing(NamedTuple):
    """An item's place in one ranking: rank from 1 among items, and its best point's score."""

    rank: int
    score: float


class Candidate(NamedTuple):
    """An item that some signal found. `passage` is the id of its point that answers best."""

    of: str
    score: float
    passage: str
    standings: Mapping[Signal, Standing]


def fuse(rankings: Mapping[Signal, Sequence[Ranked]]) -> list[Candidate]:
    """Items by the weighted sum of their reciprocal ranks, best first; ties by id.

    An item is ranked by its best passage in each signal, so that having many passages is no
    advantage. Its answering passage is the one with the best sum of its own, a place before the
    summary; the title's ranking says nothing about passages and only decides where no other found
    the item.
    """
    standings: dict[str, dict[Signal, Standing]] = {}
    passages: dict[str, dict[str, float]] = {}
    for signal, ranking in rankings.items():
        ranks: dict[str, int] = {}
        for place, found in enumerate(ranking, 1):
            of = item_of(found.id)
            if of not in ranks:
                ranks[of] = len(ranks) + 1
                standings.setdefault(of, {})[signal] = Standing(ranks[of], found.score)
            own = passages.setdefault(of, {})
            own[found.id] = own.get(found.id, 0.0) + _passage_share(signal, place)
    candidates = [
        Candidate(of, _score(held), _answering(of, passages[of]), held)
        for of, held in standings.items()
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.of))


def explained(candidate: Candidate) -> tuple[str, ...]:
    """Why an item stands where it stands, a sentence a signal."""
    words = {
        Signal.MEANING: "meaning: rank {rank}, similarity {score:.3f}",
        Signal.TEXT: "words in the passage: rank {rank}, BM25 score {score:.2f}",
        Signal.TITLE: "words in the title: rank {rank}, BM25 score {score:.2f}",
    }
    signals = [
        words[signal].format(rank=held.rank, score=held.score)
        for signal, held in candidate.standings.items()
    ]
    return (*signals, f"together: {candidate.score:.5f} (reciprocal rank fusion)")


def _score(standings: Mapping[Signal, Standing]) -> float:
    return sum(WEIGHTS[s] / (CONSTANT + held.rank) for s, held in standings.items())


def _answering(first: str, shares: Mapping[str, float]) -> str:
    """The passage that answers best; `first` is the id of the item's first one."""
    if len(shares) == 1:  # of most items
        return next(iter(shares))
    best = max(shares, key=shares.__getitem__)
    placed = {id: share for id, share in shares.items() if id != first}
    if best != first or not placed:
        return best
    other = max(placed, key=placed.__getitem__)
    return other if shares[other] >= PLACED * shares[first] and shares[other] > 0 else first


def _passage_share(signal: Signal, place: int) -> float:
    return 0.0 if signal is Signal.TITLE else WEIGHTS[signal] / (CONSTANT + place)
