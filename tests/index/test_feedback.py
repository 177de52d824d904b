"""What the best answers to a question add to it."""

import numpy as np
import pytest

from index.feedback import ADDED, MOST, commonest, towards, with_words, words_share
from index.ranking import Candidate
from index.words import Sparse


def answer(score: float, **words: float) -> tuple[Candidate, Sparse]:
    """An answer whose words are named by numbers: t7 is term 7."""
    terms = tuple(int(name[1:]) for name in words)
    return Candidate("a", score, []), Sparse(terms, tuple(words.values()))


def test_a_few_words_stay_alone_and_many_get_company() -> None:
    assert words_share(3) == words_share(6) == 0
    assert words_share(7) < words_share(8) < words_share(10) == words_share(30) == ADDED


def test_words_of_one_answer_alone_are_not_added() -> None:
    answers = [answer(1, t1=1.0, t2=1.5), answer(1, t1=1.0, t3=1.5)]
    assert set(commonest(answers)) == {1}


def test_words_of_better_answers_weigh_more() -> None:
    answers = [answer(2, t1=1.0, t2=0.5), answer(1, t2=1.0, t3=1.0), answer(0.5, t1=1.0, t3=1.0)]
    told = commonest(answers)
    assert told[1] > told[2] > told[3]


def test_no_more_words_are_added_than_are_worth_it() -> None:
    many = {f"t{number}": 1.0 for number in range(40)}
    assert len(commonest([answer(1, **many), answer(1, **many)])) == MOST


def test_a_question_with_words_added_weighs_what_it_weighed() -> None:
    asked = Sparse((2, 5), (1.0, 1.0))
    told = with_words(asked, [answer(1, t1=1.0, t5=1.0), answer(1, t1=1.0, t5=1.0)], 0.5)
    assert told.indices == (1, 2, 5)
    assert sum(told.values) == pytest.approx(2)
    assert told.values[2] > told.values[0] == told.values[1]


def test_a_question_whose_answers_have_nothing_in_common_stays_as_it_is() -> None:
    asked = Sparse((2,), (1.0,))
    assert with_words(asked, [answer(1, t1=1.0), answer(1, t3=1.0)], 0.5) is asked
    assert with_words(asked, [], 0.5) is asked


def test_a_vector_moves_towards_the_answers_and_keeps_its_length() -> None:
    vector, other = np.eye(2, dtype=np.float32)
    moved = towards(vector, [other], 0.5)
    assert np.linalg.norm(moved) == pytest.approx(1)
    assert moved[0] == pytest.approx(2 * moved[1])
