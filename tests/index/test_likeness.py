"""Items lifted for being like others that answer well."""

import numpy as np
import pytest

from index.likeness import AMONG, LIFT, WHY, lifted, lifts
from index.ranking import Candidate

ONE, OTHER = np.eye(2, dtype=np.float32)


def candidate(name: str, score: float) -> Candidate:
    return Candidate(name, score, [])


def names(found: list[Candidate]) -> list[str]:
    return [one.of for one in found]


def test_an_item_like_the_best_passes_one_like_no_other() -> None:
    found = [candidate("a", 2.0), candidate("alone", 1.1), candidate("b", 1.0)]
    moved = lifted(found, {"a": ONE, "alone": OTHER, "b": ONE})
    assert names(moved) == ["a", "b", "alone"]
    assert dict(moved[1].parts)[WHY] == pytest.approx(moved[1].score - 1.0)
    assert moved[2].score == 1.1, "nothing is taken from an item like no other"
    assert not moved[2].parts


def test_an_item_without_a_vector_stays_what_it_was() -> None:
    found = [candidate("a", 2.0), candidate("b", 1.5), candidate("none", 1.0)]
    assert lifted(found, {"a": ONE, "b": ONE})[2] == found[2]
    assert lifted(found, {}) == found
    assert lifted(found, {"a": ONE}) == found


def test_what_is_not_looked_at_stays_below() -> None:
    found = [candidate(f"{place:03}", 100.0 - place) for place in range(AMONG + 5)]
    moved = lifted(found, {one.of: ONE for one in found})
    assert moved[AMONG:] == found[AMONG:]
    assert moved[0].score > found[0].score
    assert [one.score for one in moved] == sorted((one.score for one in moved), reverse=True)


def test_opposites_neither_lift_nor_lower() -> None:
    rows = np.stack([ONE, -ONE, ONE])
    assert lifts(rows, np.array([1.0, 1.0, 0.0])) == pytest.approx([0.0, 0.0, LIFT / 2])
