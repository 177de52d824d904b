"""Misspelt words put right."""

import pytest

from config.taxonomy import Skill, Taxonomy
from index.spelling import Spelling, distance

SPELLING = Spelling(
    Taxonomy(
        "tiny",
        "1",
        [
            Skill("s:1", "project management", ("manage projects",)),
            Skill("s:2", "negotiation"),
            Skill("s:3", "management of staff"),
        ],
    )
)


@pytest.mark.parametrize(
    ("one", "two", "slips"),
    [
        ("same", "same", 0),
        ("mangement", "management", 1),
        ("managment", "management", 1),
        ("mnaage", "manage", 1),
        ("negociasion", "negotiation", 2),
        ("cat", "negotiation", 3),
    ],
)
def test_slips_are_counted(one: str, two: str, slips: int) -> None:
    assert distance(one, two, 2) == slips
    assert distance(two, one, 2) == slips


def test_a_word_that_nobody_uses_is_put_right_and_the_rest_stays() -> None:
    found = SPELLING.corrected("Basics of projcet managment!", lambda word: word == "basics")
    assert found == "Basics of project management!"


@pytest.mark.parametrize("text", ["", "project", "kubernets", "C++", "mng", "Verhandlung"])
def test_what_is_right_short_or_near_to_nothing_stays(text: str) -> None:
    assert SPELLING.corrected(text, lambda word: False) is None


def test_what_some_item_says_is_right() -> None:
    assert SPELLING.corrected("projekt", lambda word: True) is None
    assert SPELLING.corrected("projekt", lambda word: False) == "project"
