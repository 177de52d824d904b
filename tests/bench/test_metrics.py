"""Measures of judgements, by hand."""

import pytest

from bench.metrics import Bin, calibration_error, counted, r_precision, reliability


def test_r_precision_counts_hits_of_as_many_as_could_be() -> None:
    ranking = ["a", "x", "b", "c"]
    assert r_precision(ranking, {"a", "b"}, 1) == 1
    assert r_precision(ranking, {"b"}, 1) == 0
    assert r_precision(ranking, {"a", "b", "c"}, 3) == pytest.approx(2 / 3)
    assert r_precision(ranking, {"a", "z"}, 10) == 0.5
    assert r_precision([], {"a"}, 5) == 0


def test_counts_are_over_all_texts_and_repeats_count_once() -> None:
    found = counted([(["a", "b", "b"], {"a"}), (["c"], frozenset[str]()), ([], {"d", "e"})])
    assert (found.given, found.gold, found.both) == (3, 3, 1)
    assert found.precision == found.recall == pytest.approx(1 / 3)
    assert found.f1 == pytest.approx(1 / 3)


def test_nothing_given_or_nothing_gold_is_worth_nothing() -> None:
    assert counted([]).f1 == 0
    assert counted([([], {"a"})]).precision == 0
    assert counted([(["a"], frozenset[str]())]).recall == 0


def test_reliability_bins_by_what_was_said() -> None:
    low, high = reliability([0.0625, 0.0, 0.9375, 1.0], [False, True, True, True])
    assert low == Bin(0.0, 0.1, 0.03125, 0.5, 2)
    assert high == Bin(0.9, 1.0, 0.96875, 1.0, 2)


def test_calibration_error_weighs_bins_by_what_is_in_them() -> None:
    bins = [Bin(0.0, 0.1, 0.1, 0.1, 7), Bin(0.8, 0.9, 0.9, 0.5, 3)]
    assert calibration_error(bins) == pytest.approx(0.3 * 0.4)
    assert calibration_error([]) == 0


def test_those_who_say_what_is_so_have_no_error() -> None:
    said = [0.25] * 4 + [0.75] * 4
    right = [True, False, False, False, True, True, True, False]
    assert calibration_error(reliability(said, right)) == 0
