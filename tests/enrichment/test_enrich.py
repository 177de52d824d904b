"""Whole items: encoded once, each on its own."""

from pathlib import Path

import pytest

from catalogue.model import Draft, Enrichment, Part
from config.taxonomy import Taxonomy
from enrichment import enrich
from enrichment.enrich import Enricher
from enrichment.linker import Linker
from enrichment.tagger import Tagger
from tests.enrichment.encoders import Shelf, WordEncoder


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def enricher(few: Taxonomy, encoder: WordEncoder, tmp_path: Path) -> Enricher:
    linker = Linker(few, encoder, tmp_path)
    made = Enricher(encoder, linker, Tagger(few, linker.id))
    list(made.enrich([Draft("warm", "u")], Shelf()))  # the taxonomy is encoded now
    encoder.asked.clear()
    return made


def draft(n: int, parts: int = 1) -> Draft:
    texts = tuple(Part(f"Part {p} of item {n}.", heading=f"H{p}") for p in range(parts))
    return Draft(f"Title {n}", "u", summary="Project management for all.", parts=texts)


def test_an_item_in_an_enrichment_out(enricher: Enricher) -> None:
    given = Draft("Introduction to Python (45 min)", "u", summary="Learn\u00ad  Python.")
    (found,) = enricher.enrich([given], Shelf())
    assert isinstance(found, Enrichment)
    assert found.version == enricher.version
    assert (found.level, found.duration) == ("beginner", 2700)
    assert found.passages[0].text == "Learn Python."
    assert "s:python" in {tag.skill for tag in found.tags}


def test_texts_are_encoded_once_and_then_never(enricher: Enricher, encoder: WordEncoder) -> None:
    shelf, drafts = Shelf(), [draft(n) for n in range(5)]
    first = list(enricher.enrich(drafts, shelf))
    asked = len(encoder.asked)
    assert asked == len(set(encoder.asked)) == 15  # titles, summaries, parts
    assert list(enricher.enrich(drafts, shelf)) == first
    assert len(encoder.asked) == asked


def test_of_a_changed_item_only_the_new_text_is_encoded(
    enricher: Enricher, encoder: WordEncoder
) -> None:
    shelf = Shelf()
    list(enricher.enrich([draft(1, parts=3)], shelf))
    before, counted = len(encoder.asked), enricher.encoded
    list(enricher.enrich([draft(1, parts=4)], shelf))
    assert encoder.asked[before:] == ["Title 1\nH3\nPart 3 of item 1."]
    assert enricher.encoded == counted + 1


def test_a_title_and_subject_may_read_like_another_item_s_title_and_text(
    enricher: Enricher,
) -> None:
    question = "How do we tell people? Python helps."
    one = Draft("Moving", "u", subjects=(question,))
    two = Draft("Moving", "u", parts=(Part(question),))
    shelf = Shelf()
    alone = [next(iter(enricher.enrich([each], Shelf()))) for each in (one, two)]
    assert all(isinstance(found, Enrichment) for found in alone)
    for order in ([one, two], [two, one]):
        together = list(enricher.enrich(order, shelf))
        assert together == [alone[0 if each is one else 1] for each in order]


def test_a_thread_whose_title_is_its_question_is_read(enricher: Enricher) -> None:
    question = "How do we tell people? Python helps."
    parts = Part(question, heading="Question"), Part("On Monday.", heading="Answer")
    (found,) = enricher.enrich([Draft(question, "u", parts=parts)], Shelf())
    assert isinstance(found, Enrichment)
    assert all(p.embedded_text.endswith(p.text) for p in found.passages)
    assert "s:python" in {tag.skill for tag in found.tags}


def test_a_bad_item_costs_itself_alone(enricher: Enricher) -> None:
    bad = Draft("Bad", "u", parts=(Part(17),))  # type: ignore[arg-type]
    good, failed, also_good = enricher.enrich([draft(1), bad, draft(2)], Shelf())
    assert isinstance(good, Enrichment)
    assert isinstance(failed, Exception)
    assert isinstance(also_good, Enrichment)


def test_a_broken_cache_is_everyones_problem(enricher: Enricher) -> None:
    class Broken(Shelf):
        def put(self, model: str, vectors: object) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        list(enricher.enrich([draft(1)], Broken()))


@pytest.mark.slow
def test_many_items_are_taken_a_group_at_a_time(enricher: Enricher, encoder: WordEncoder) -> None:
    taken: list[int] = []

    def endless() -> object:
        n = 0
        while True:
            taken.append(n)
            yield draft(n, parts=50)
            n += 1

    found = enricher.enrich(endless(), Shelf())  # type: ignore[arg-type]
    assert isinstance(next(iter(found)), Enrichment)
    assert len(taken) * 51 <= enrich.TOGETHER + 51
    assert len(encoder.asked) <= enrich.TOGETHER + 51 + len(taken)


def test_nothing_in_nothing_out(enricher: Enricher, encoder: WordEncoder) -> None:
    assert list(enricher.enrich([], Shelf())) == []
    assert encoder.asked == []
