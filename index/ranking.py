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


class Place(NamedTuple):
    """Where a passage stands in one ranking.

    `place` counts its points from 1, `rank` its items; `share` is the score as a share of the
    ranking's best.
    """

    signal: Signal
    place: int
    rank: int
    passage: str
    score: float
    share: float


# The same without names, made hundreds of times a search: in an eighth of the time.
Unnamed = tuple[Signal, int, int, str, float, float]


class Candidate(NamedTuple):
    """An item that some signal found.

    `places` are those of its passages, each signal's together and best first. `parts` says in
    words what added how much to the score.
    """

    of: str
    score: float
    places: Sequence[Unnamed]
    parts: tuple[tuple[str, float], ...] = ()

    @property
    def passage(self) -> str:
        """The id of its point that answers best; of hundreds of candidates few are asked."""
        if len(self.places) == 1:
            return Place(*self.places[0]).passage
        return _answering(self.of, _passages(self.places))

    @property
    def standings(self) -> Mapping[Signal, Place]:
        """Its best place in each ranking."""
        return {one.signal: one for one in (Place(*place) for place in reversed(self.places))}


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
    floors = {signal: _floor(ranking, depth) for signal, ranking in rankings.items()}
    # Skills are counted where they are found alone: beyond the cut nobody teaches them.
    floors[Signal.SKILLS] = 0.0
    least = sum(weighing[signal] * floors[signal] for signal in rankings)
    candidates = [
        Candidate(of, least + _above(places, weighing, floors), places)
        for of, places in _places(rankings).items()
    ]
    return sorted(candidates, key=_order)


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.of


def _places(rankings: Mapping[Signal, Sequence[Ranked]]) -> dict[str, list[Unnamed]]:
    """Where each item's passages stand."""
    found: dict[str, list[Unnamed]] = {}
    for signal, ranking in rankings.items():
        scale = 1 / max(ranking[0].score, 1e-9) if ranking else 1.0
        items = 0
        for place, (id, score) in enumerate(ranking, 1):
            own = found.setdefault(item_of(id), [])
            items += not own or own[-1][0] is not signal
            own.append((signal, place, items, id, score, max(score * scale, 0.0)))
    return found


def _above(
    places: Sequence[Unnamed], weighing: Mapping[Signal, float], floors: Mapping[Signal, float]
) -> float:
    """What an item's best place in each ranking has above that ranking's floor."""
    total, last = 0.0, None
    for signal, _, _, _, _, share in places:
        if signal is not last:
            total += weighing[signal] * (share - floors[signal])
            last = signal
    return total


def _passages(places: Sequence[Unnamed]) -> dict[str, float]:
    """An item's passages that were found, with how well they answer."""
    found: dict[str, float] = {}
    for signal, place, _, passage, _, _ in places:
        tells = signal is Signal.MEANING or signal is Signal.TEXT
        own = 1 / (CONSTANT + place) if tells else 0.0
        found[passage] = found.get(passage, 0.0) + own
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
