"""Skills by meaning: near ones for wants in plain words, none for nonsense."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import TextEncoder
from enrichment.skill_search import meant_skills, nearest_skills
from enrichment.skill_vectors import skill_vectors

Near = Callable[[str, int], Sequence[tuple[Skill, float]]]


@pytest.fixture(scope="module")
def near(esco: Taxonomy, encoder: TextEncoder, kept: Path) -> Near:
    return nearest_skills(esco, skill_vectors(esco, encoder, kept), encoder)


def test_a_want_in_plain_words_finds_its_skill(near: Near) -> None:
    labels = [skill.label for skill, _ in near("how to talk to angry customers", 5)]
    assert "handle customer complaints" in labels


@pytest.mark.parametrize("text", ["xyzzy plugh", "asdf", "lorem ipsum dolor", "42"])
def test_nonsense_is_near_to_nothing(near: Near, text: str) -> None:
    assert near(text, 5) == []


def test_the_nearest_come_first(near: Near) -> None:
    scores = [score for _, score in near("make a budget", 5)]
    assert scores == sorted(scores, reverse=True)


class TestMeant:
    """What a question means, with how surely."""

    TAXONOMY = Taxonomy(
        "tiny",
        "1",
        [
            Skill("s:bake", "bake goods", ("baking",)),
            Skill("s:python", "Python (computer programming)", ("Python", "Python programming")),
            *(Skill(f"s:{n}", f"plan {n}", ("plan",)) for n in range(5)),
        ],
    )

    def meant(self, text: str, near: float = 0.0) -> list[tuple[str, float]]:
        """`near` is the cosine of the question to "bake goods", the first skill of eight."""
        vectors = np.zeros((len(self.TAXONOMY), 2), dtype=np.float32)
        ids = [skill.id for skill in self.TAXONOMY]
        vectors[ids.index("s:bake")] = (near, 0)
        asked = np.asarray((1, 0), dtype=np.float32)
        return list(meant_skills(self.TAXONOMY, vectors)(text, asked))

    def test_a_label_is_certain_and_one_within_the_question_nearly_so(self) -> None:
        assert self.meant("Baking") == [("s:bake", 1.0)]
        assert self.meant("a course on Python programming") == [("s:python", 0.8)]

    def test_a_word_that_names_many_names_none(self) -> None:
        assert self.meant("plan") == []

    def test_what_is_near_enough_counts_as_much_as_it_is_near(self) -> None:
        [(skill, sure)] = self.meant("loaves", near=0.7)
        assert skill == "s:bake"
        assert sure == pytest.approx(0.7)
        assert self.meant("loaves", near=0.5) == []

    def test_a_long_question_means_no_one_skill(self) -> None:
        assert self.meant("one two three four five six seven eight nine", near=0.9) == []
