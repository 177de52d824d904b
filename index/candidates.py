"""What the signals find for a question: items, and the works they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.boosts import FIRST_FEW, boosted
from index.conditions import Conditions
from index.engine import Engine, Payload
from index.folding import Fold, folded
from index.likeness import AMONG, lifted
from index.paging import Seen
from index.question import DEPTH, Question, rankings
from index.ranking import Candidate, fuse

# Points asked of each signal; the next depth only where a page found too few distinct items.
DEPTHS = (DEPTH, 400, 1_600)


@dataclass(frozen=True, slots=True)
class Works:
    """What was found. `exact`: these are all the candidates there are; `points` were read."""

    candidates: Sequence[Candidate]
    first: Sequence[Fold]
    exact: bool
    points: Mapping[str, Payload]


def works_found(engine: Engine, question: Question, seen: Seen, wanted: int) -> Works:
    """The candidates and their first works, one beyond `wanted` where there is one.

    Where folding leaves too few, look deeper.
    """
    asked, before = len(seen.marks) + wanted, -1
    while True:
        found, exact = candidates_found(engine, question, question.conditions(), asked)
        found = alike(engine, question, found)
        points = read(engine, found)
        candidates = boosted(found, points, question.wanted)
        rest = [candidate for candidate in candidates if not seen.has(candidate.of)]
        works = folded(engine, rest, wanted + 1, seen.has, points)
        if exact or len(works) > wanted or len(candidates) == before:
            return Works(candidates, works, exact, points)
        asked = before = len(candidates)


def alike(engine: Engine, question: Question, found: list[Candidate]) -> list[Candidate]:
    """The candidates, those lifted that are like others; not where the encoder cannot tell."""
    if question.foreign:
        return found
    return lifted(found, engine.meanings([one.of for one in found[:AMONG]]))


def read(engine: Engine, found: Sequence[Candidate]) -> Mapping[str, Payload]:
    """What the first few say: their first points and those that answer.

    All of it: whole payloads take no longer to read than some fields of them (13 us each).
    """
    return engine.fetch([*{id for one in found[:FIRST_FEW] for id in (one.of, one.passage)}])


def candidates_found(
    engine: Engine, question: Question, where: Conditions, wanted: int
) -> tuple[list[Candidate], bool]:
    """The items that the signals find, and whether they are all that meet the conditions.

    One manual of a thousand passages can fill a shallow ranking by itself: then look deeper.
    """
    for depth in DEPTHS:
        ranked = rankings(engine, question, where, depth)
        found = fuse(ranked, question.weights, depth)
        exact = all(len(ranking) < depth for ranking in ranked.values())
        if exact or len(found) > wanted:
            break
    return found, exact
