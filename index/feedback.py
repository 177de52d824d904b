"""What the best answers to a question add to it: their vectors and their words. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.ranking import LONG, Candidate
from index.words import Sparse

Vector = NDArray[np.float32]

# A word of one answer alone may be its own affair, and the twentieth common word says little more:
# nDCG@10 on Cranfield .441 with 15, .436 with 20. Which are rare need not be known: BM25 does.
SEVERAL, MOST = 2, 15
FEW = 6  # telling words that are left as they are: ranking by words anew takes 0.8 ms
ADDED = 0.2  # what they weigh, of all words; docs/adr/0012 has what else was tried


def words_share(words: int) -> float:
    """How much the best answers' words count in a question of so many telling ones.

    A few words mean what they say. In many, most are beside the point, and which are not is seen
    from what the best answers have in common.
    """
    return ADDED * min(max((words - FEW) / (LONG - FEW), 0.0), 1.0)


def towards(vector: Vector, vectors: Sequence[Vector], share: float) -> Vector:
    """Rocchio (1971): the question's vector and the answers' mean one, of length 1."""
    return _unit(vector + share * _unit(np.sum(vectors, axis=0)))


def with_words(asked: Sparse, answers: Sequence[tuple[Candidate, Sparse]], share: float) -> Sparse:
    """RM3 (Abdul-Jaleel and others 2004): the question's words and the commonest of its answers.

    An answer's words count by its score. All weights together stay what they were.
    """
    told = commonest(answers)
    whole, all_told = sum(asked.values), sum(told.values())
    if not told or not share:
        return asked
    own = zip(asked.indices, asked.values, strict=True)
    weights = {term: (1 - share) * weight for term, weight in own}
    for term, much in told.items():
        weights[term] = weights.get(term, 0.0) + share * whole * much / all_told
    terms = tuple(sorted(weights))
    return Sparse(terms, tuple(weights[term] for term in terms))


def commonest(answers: Sequence[tuple[Candidate, Sparse]]) -> Mapping[int, float]:
    """The terms that weigh most in several answers, by BM25 without rarity."""
    weighed, held = defaultdict[int, float](float), Counter[int]()
    for candidate, words in answers:
        held.update(words.indices)
        for term, weight in zip(words.indices, words.values, strict=True):
            weighed[term] += candidate.score * weight
    shared = ((term, much) for term, much in weighed.items() if held[term] >= SEVERAL)
    return dict(sorted(shared, key=lambda one: (-one[1], one[0]))[:MOST])


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
