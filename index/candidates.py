"""What the signals find for a question: items, and the works they are."""

from dataclasses import dataclass

from index.conditions import Conditions
from index.engine import Ask, Engine
from index.filters import conditions
from index.folding import Fold, folded
from index.paging import Seen
from index.ranking import Candidate, fuse
from index.values import SearchRequest
from index.words import Sparse

# Points asked of each signal; the next depth only where a page found too few distinct items.
DEPTHS = (100, 400, 1_600)


@dataclass(frozen=True, slots=True)
class Question:
    """A request with everything that is worked out once."""

    request: SearchRequest
    asks: tuple[Ask, ...]
    asked: frozenset[str]
    terms: Sparse

    def conditions(self) -> Conditions:
        return conditions(self.request.groups, self.request.filters)


def works_found(
    engine: Engine, question: Question, seen: Seen, wanted: int
) -> tuple[list[Candidate], list[Fold], bool]:
    """The candidates, their first works beyond `wanted`, and whether these are all there are.

    Where folding leaves too few, look deeper.
    """
    asked, before = len(seen.marks) + wanted, -1
    while True:
        candidates, exact = candidates_found(engine, question, question.conditions(), asked)
        rest = [candidate for candidate in candidates if not seen.has(candidate.of)]
        works = folded(engine, rest, wanted + 1, seen.has)
        if exact or len(works) > wanted or len(candidates) == before:
            return candidates, works, exact
        asked = before = len(candidates)


def candidates_found(
    engine: Engine, question: Question, where: Conditions, wanted: int
) -> tuple[list[Candidate], bool]:
    """The items that the signals find, and whether they are all that meet the conditions.

    One manual of a thousand passages can fill a shallow ranking by itself: then look deeper.
    """
    for depth in DEPTHS:
        rankings = engine.rank(question.asks, where, depth)
        found = fuse({a.signal: r for a, r in zip(question.asks, rankings, strict=True)})
        exact = all(len(ranking) < depth for ranking in rankings)
        if exact or len(found) > wanted:
            break
    return found, exact
