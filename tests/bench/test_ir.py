"""Measures of rankings, by hand."""

import math

import pytest

from bench.ir import ndcg, recall, reciprocal_rank

GAINS = {"a": 3.0, "b": 1.0, "c": 0.0}


def test_the_ideal_order_is_worth_one_and_any_other_less() -> None:
    assert ndcg(["a", "b", "x"], GAINS, 10) == pytest.approx(1)
    ideal = 3 + 1 / math.log2(3)
    assert ndcg(["b", "x", "a"], GAINS, 10) == pytest.approx((1 + 3 / 2) / ideal)
    assert ndcg(["x", "c"], GAINS, 10) == 0


def test_only_so_many_places_count() -> None:
    assert ndcg(["x", "a"], GAINS, 1) == 0
    assert ndcg(["a"], GAINS, 1) == pytest.approx(1)  # the ideal has one place too
    assert recall(["x", "a", "b"], GAINS, 2) == 0.5
    assert reciprocal_rank(["x", "y", "a"], GAINS, 2) == 0


def test_the_first_relevant_one_gives_the_reciprocal_rank() -> None:
    assert reciprocal_rank(["c", "b", "a"], GAINS, 10) == 0.5


def test_nothing_relevant_is_worth_nothing() -> None:
    assert ndcg(["a"], {}, 10) == recall(["a"], {"c": 0.0}, 10) == reciprocal_rank([], {}, 10) == 0
