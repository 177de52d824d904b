"""Skills by meaning: near ones for wants in plain words, none for nonsense."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from config.taxonomy import Skill, load_taxonomy
from enrichment.encoder import load_encoder
from enrichment.skill_search import nearest_skills
from enrichment.skill_vectors import skill_vectors

Near = Callable[[str, int], Sequence[tuple[Skill, float]]]


@pytest.fixture(scope="module")
def near(model_cache: Path) -> Near:
    encoder, taxonomy = load_encoder("all-MiniLM-L6-v2", model_cache), load_taxonomy("esco")
    return nearest_skills(taxonomy, skill_vectors(taxonomy, encoder, model_cache), encoder)


def test_a_want_in_plain_words_finds_its_skill(near: Near) -> None:
    labels = [skill.label for skill, _ in near("how to talk to angry customers", 5)]
    assert "handle customer complaints" in labels


@pytest.mark.parametrize("text", ["xyzzy plugh", "asdf", "lorem ipsum dolor", "42"])
def test_nonsense_is_near_to_nothing(near: Near, text: str) -> None:
    assert near(text, 5) == []


def test_the_nearest_come_first(near: Near) -> None:
    scores = [score for _, score in near("make a budget", 5)]
    assert scores == sorted(scores, reverse=True)
