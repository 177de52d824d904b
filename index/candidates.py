"""What the signals find for a question: items, and the works they are."""

from index.boosts import FIRST_FEW, TELLING, boosted
from index.conditions import Conditions
from index.engine import Engine
from index.folding import Fold, folded
from index.paging import Seen
from index.question import Question
from index.ranking import Candidate, fuse

# Points asked of each signal; the next depth only where a page found too few distinct items.
DEPTHS = (100, 400, 1_600)
READ = ("title", "heading", "text", "order", "link", *TELLING)


def works_found(
    engine: Engine, question: Question, seen: Seen, wanted: int
) -> tuple[list[Candidate], list[Fold], bool]:
    """The candidates, their first works beyond `wanted`, and whether these are all there are.

    Where folding leaves too few, look deeper.
    """
    asked, before = len(seen.marks) + wanted, -1
    while True:
        found, exact = candidates_found(engine, question, question.conditions(), asked)
        candidates = moved(engine, question, found)
        rest = [candidate for candidate in candidates if not seen.has(candidate.of)]
        works = folded(engine, rest, wanted + 1, seen.has)
        if exact or len(works) > wanted or len(candidates) == before:
            return candidates, works, exact
        asked = before = len(candidates)


def moved(engine: Engine, question: Question, found: list[Candidate]) -> list[Candidate]:
    """The candidates once the first few were read."""
    few = found[:FIRST_FEW]
    points = engine.fetch([*{id for one in few for id in (one.of, one.passage)}], READ)
    return boosted(found, points, question.wanted)


def candidates_found(
    engine: Engine, question: Question, where: Conditions, wanted: int
) -> tuple[list[Candidate], bool]:
    """The items that the signals find, and whether they are all that meet the conditions.

    One manual of a thousand passages can fill a shallow ranking by itself: then look deeper.
    """
    for depth in DEPTHS:
        rankings = engine.rank(question.asks, where, depth)
        named = {a.signal: r for a, r in zip(question.asks, rankings, strict=True)}
        found = fuse(named, question.weights, depth)
        exact = all(len(ranking) < depth for ranking in rankings)
        if exact or len(found) > wanted:
            break
    return found, exact
