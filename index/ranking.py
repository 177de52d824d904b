"""From several rankings of passages to one ranking of items. Pure, so the same on every engine.

Each signal gives an item the score of its best passage, as a share of the best score there is; an
item's score is the weighted sum. How weights and limits were chosen, and on what: docs/adr/0012.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.engine import Ranked, Signal
from index.points import item_of

# A few words say little else than that they be there; a long question is about what it means.
WORDS_OF_SHORT, WORDS_OF_LONG = 1.0, 0.4
SHORT, LONG = 3, 10  # telling words
TITLE = 0.05
SKILLS = 0.1
# Reciprocal ranks (Cormack, Clarke, Buettcher 2009) tell which of an item's passages answers.
CONSTANT = 60
# An item's first passage is its title and summary: true of the whole, but no place to open it at.
# Another one answers instead if it stands at least this high beside it.
PLACED = 0.4

_SAID: Mapping[Signal, str] = {
    Signal.MEANING: "means the same: {part} (place {rank}, similarity {score:.2f})",
    Signal.TEXT: "has the words: {part} (place {rank})",
    Signal.TITLE: "has the words in its title or subjects: {part} (place {rank})",
    Signal.SKILLS: "teaches the skill asked for: {part}",
}


class Standing(NamedTuple):
    """An item's place in one ranking: rank from 1 among items, its best point's score, and that
    score as a share of the ranking's best."""

    rank: int
    score: float
    share: float = 0.0


class Candidate(NamedTuple):
    """An item that some signal found. `passage` is the id of its point that answers best.

    `parts` says in words what added how much to the score.
    """

    of: str
    score: float
    passage: str
    standings: Mapping[Signal, Standing]
    parts: tuple[tuple[str, float], ...] = ()


def weights(words: int, sure: float = 1.0) -> Mapping[Signal, float]:
    """What each signal weighs for a question of so many telling words.

    `sure` is how certainly, from 0 to 1, it means the skills that were looked for.
    """
    long = min(max((words - SHORT) / (LONG - SHORT), 0.0), 1.0)
    return {
        Signal.MEANING: 1.0,
        Signal.TEXT: WORDS_OF_SHORT + long * (WORDS_OF_LONG - WORDS_OF_SHORT),
        Signal.TITLE: TITLE,
        Signal.SKILLS: SKILLS * sure,
    }


def fuse(
    rankings: Mapping[Signal, Sequence[Ranked]],
    weighing: Mapping[Signal, float] | None = None,
    depth: int = 0,
) -> list[Candidate]:
    """Items by the weighted sum of their shares in each ranking, best first; ties by id.

    An item is ranked by its best passage in each signal, so that having many passages is no
    advantage. Where a ranking was cut off at `depth`, an item it lacks may stand right below: it
    gets the last one's share. The answering passage is the one with the best sum of reciprocal
    ranks, a place before the summary; title and skills say nothing about passages and only decide
    where no other signal found the item.
    """
    weighing = weighing or weights(SHORT)
    found = {signal: _standings(ranking) for signal, ranking in rankings.items()}
    floors = {signal: _floor(ranking, depth) for signal, ranking in rankings.items()}
    # Skills are counted where they are found alone: beyond the cut nobody teaches them.
    floors[Signal.SKILLS] = 0.0
    least = sum(weighing[signal] * floors[signal] for signal in found)
    candidates = []
    for of, shares in _passages(rankings).items():
        held = {signal: items[of] for signal, items in found.items() if of in items}
        more = [weighing[signal] * (item.share - floors[signal]) for signal, item in held.items()]
        candidates.append(Candidate(of, least + sum(more), _answering(of, shares), held))
    return sorted(candidates, key=lambda c: (-c.score, c.of))


def _standings(ranking: Sequence[Ranked]) -> dict[str, Standing]:
    """Where each item stands by its best passage."""
    best = max(ranking[0].score, 1e-9) if ranking else 1.0
    standings: dict[str, Standing] = {}
    for id, score in ranking:
        of = item_of(id)
        if of not in standings:
            standings[of] = Standing(len(standings) + 1, score, max(score / best, 0.0))
    return standings


def _passages(rankings: Mapping[Signal, Sequence[Ranked]]) -> dict[str, dict[str, float]]:
    """The passages found of each item, with how well they answer."""
    found: dict[str, dict[str, float]] = {}
    for signal, ranking in rankings.items():
        tells = signal in (Signal.MEANING, Signal.TEXT)
        for place, (id, _) in enumerate(ranking, 1):
            of = item_of(id)
            own = found.get(of)
            if own is None:
                own = found[of] = {}
            own[id] = own.get(id, 0.0) + (1 / (CONSTANT + place) if tells else 0.0)
    return found


def explained(candidate: Candidate, weighing: Mapping[Signal, float]) -> tuple[str, ...]:
    """Why an item stands where it stands, a sentence a signal, in the order of what they gave."""
    given = sorted(
        ((weighing[s] * held.share, s, held) for s, held in candidate.standings.items()),
        key=lambda one: -one[0],
    )
    lines = [
        _SAID[signal].format(part=f"+{part:.2f}", rank=held.rank, score=held.score)
        for part, signal, held in given
    ]
    boosts = [f"{why}: {amount:+.2f}" for why, amount in candidate.parts]
    return (*lines, *boosts, f"together: {candidate.score:.2f}")


def _floor(ranking: Sequence[Ranked], depth: int) -> float:
    if not depth or len(ranking) < depth:
        return 0.0
    return max(ranking[-1].score, 0.0) / max(ranking[0].score, 1e-9)


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
