"""The catalogue that search is measured over."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench import synthetic
from bench.room import Room
from bench.tables import table_stanza, write_rows
from config.taxonomy import Skill, Taxonomy
from flows.verify import verify
from flows.workshop import Workshop

SKILLS = [
    Skill(f"https://skills.example/{n}", f"mend part {n}", description="Mend it well.")
    for n in range(50)
]
TAXONOMY = Taxonomy("mending", "1", SKILLS)


def test_the_same_seed_writes_the_same_and_another_one_does_not() -> None:
    one, same, other = (synthetic.Author.of(TAXONOMY, seed) for seed in (1, 1, 2))
    assert one.draft(0) == same.draft(0)
    assert one.draft(1) != other.draft(1)


def test_no_question_is_asked_twice_in_a_row() -> None:
    author = synthetic.Author.of(TAXONOMY, 1)
    questions = [author.question() for _ in range(50)]
    assert all(one != next_one for one, next_one in pairwise(questions))


def test_a_parts_vector_is_a_unit_vector_near_its_skill() -> None:
    centres = np.eye(64, dtype=np.float32)[:10]
    made = synthetic.near(centres, np.random.default_rng(1))
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.argmax(made @ centres.T, axis=1).tolist() == list(range(10))


@pytest.mark.slow
def test_it_fills_a_catalogue_that_an_index_follows(tmp_path: Path, model_cache: Path) -> None:
    room = Room(tmp_path, model_cache)
    write_rows(tmp_path / "t.csv", [{"title": "T", "url": "https://learn.example", "text": "x"}])
    with Workshop(room.home({"t": table_stanza(tmp_path / "t.csv")})) as shop:
        synthetic.fill(shop, 500)
        assert shop.catalogue.items.count_to_enrich(shop.enricher.version) == 0
        found = verify(shop)
    assert (found.agrees, found.items, found.points) == (True, 50, 500)
    assert found.unembedded == 0
