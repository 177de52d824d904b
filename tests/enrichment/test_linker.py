"""Links: which skills each sentence comes near, and how they are kept."""

from pathlib import Path

import numpy as np
import pytest

from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import TextEncoder, unit
from enrichment.keys import skill_keys
from enrichment.lexicon import Lexicon
from enrichment.linker import (
    NEAREST,
    Link,
    Linkable,
    Linker,
    highest,
    packed,
    runs,
    unpacked,
)
from enrichment.maps import read_maps
from enrichment.scoring import FEATURES
from enrichment.sightings import by_sentence, rows
from enrichment.words import stems_of
from tests.enrichment.encoders import WordEncoder


def linked(linker: Linker, encoder: TextEncoder, text: str, begin: int = 0) -> list[Link]:
    ((_, reading),) = encoder.read([text])
    (found,) = linker.link([Linkable(text, reading, begin)])
    return found


def test_a_sentence_is_linked_to_what_a_few_of_its_words_name(
    esco: Taxonomy, encoder: TextEncoder, kept: Path
) -> None:
    text = "Bring a coat. On the second day we will weld steel plates and then give feedback."
    labels = [skill.label for skill in esco]
    found = linked(Linker(esco, encoder, kept), encoder, text)
    second = [labels[link.skill] for link in found if link.sentence == 1]
    assert any("weld" in label for label in second)
    assert any("feedback" in label for label in second)
    assert len(second) == NEAREST
    welding = [link for link in found if "weld" in labels[link.skill]]
    assert max(welding, key=lambda link: link.near).sentence == 1


def test_what_stands_above_the_text_is_not_linked(few: Taxonomy, tmp_path: Path) -> None:
    encoder = WordEncoder()
    linker = Linker(few, encoder, tmp_path)
    text = "weld metal parts\nfeed the tigers"
    assert max(link.near for link in linked(linker, encoder, text)) > 0.9
    begin = text.index("feed")
    assert max(link.near for link in linked(linker, encoder, text, begin)) < 0.6


def test_many_texts_are_linked_as_each_alone(few: Taxonomy, tmp_path: Path) -> None:
    encoder = WordEncoder()
    linker = Linker(few, encoder, tmp_path)
    texts = [
        "Weld metal parts. Control of risks!",
        "",
        "manage projects",
        "the " * 90,
        "Python 3",
    ] * 9
    readings = dict(encoder.read(texts))
    together = list(linker.link(Linkable(text, readings[n]) for n, text in enumerate(texts)))
    alone = [linked(linker, encoder, text) for text in texts]
    assert [[link[:2] for link in one] for one in together] == [
        [link[:2] for link in one] for one in alone
    ]
    assert len(together[0]) == 2 * min(NEAREST, len(few))
    assert together[1] == []
    assert list(linker.link([])) == []


@pytest.mark.parametrize("text", ["", " \n ", "...", "R", "C++ and", "🚀"])
def test_little_text_is_no_trouble(few: Taxonomy, tmp_path: Path, text: str) -> None:
    encoder = WordEncoder()
    for link in linked(Linker(few, encoder, tmp_path), encoder, text):
        assert 0 <= link.skill < len(few)


def test_runs_are_two_to_four_words_or_all_there_are() -> None:
    words = [(n, n + 1) for n in range(6)]
    found = runs(3, words)
    lengths = [int(end - start) for start, end in found.spans]
    assert sorted(lengths[:-1]) == [2] * 5 + [3] * 4 + [4] * 3
    assert lengths[-1] == 6
    assert lengths[: found.scouts] == [3, 3]
    assert runs(0, words[:1]).spans.tolist() == [[0, 1]] * 4


def test_links_survive_sixteen_bits() -> None:
    links = [Link(0, 0, 0.5, 0.4), Link(7, 13_411, 0.9712, 0.1), Link(2_000, 2_000_000, -0.25, 0)]
    kept = packed(links).astype("<f2").astype(np.float32)
    back = unpacked(kept)
    assert [(b.sentence, b.skill) for b in back] == [(a.sentence, a.skill) for a in links]
    assert [b.near for b in back] == pytest.approx([a.near for a in links], abs=1e-3)
    assert [b.whole for b in back] == pytest.approx([a.whole for a in links], abs=1e-3)
    assert unpacked(packed([])) == []


def test_the_maps_are_the_encoders_own(encoder: TextEncoder) -> None:
    assert read_maps(encoder).version != "none"
    assert np.array_equal(read_maps(WordEncoder()).text, np.eye(64))


def test_a_key_lies_between_the_label_and_its_other_names(tmp_path: Path) -> None:
    encoder = WordEncoder()
    taxonomy = Taxonomy("t", "1", [Skill("a", "weld metal", ("join steel",)), Skill("b", "sing")])
    key, alone = skill_keys(taxonomy, encoder, tmp_path)
    label, other, sing = encoder.encode(["weld metal", "join steel", "sing"])
    assert key @ label > key @ other > label @ other + 0.1
    assert alone @ sing == pytest.approx(1, abs=1e-3)
    assert np.linalg.norm(unit(np.zeros((1, 3), dtype=np.float32))) == 0


def test_labels_and_links_meet_in_their_sentence(few: Taxonomy) -> None:
    text = "Feed tigers. Then weld metal parts."
    ids = list(few.skills)
    links = [Link(0, 1, 0.4, 0.2), Link(1, ids.index("s:weld"), 0.9, 0.5), Link(1, 0, 0.5, 0.3)]
    (span, near, named), *more = [*by_sentence(text, links, Lexicon(few))][1:]
    assert text[slice(*span)] == "Then weld metal parts."
    assert not more
    skills, table = rows(text[slice(*span)], near, named, Lexicon(few))
    assert skills == [0, ids.index("s:weld")]
    assert table[1][1:3] == [0.9, 0.0]
    assert [row[FEATURES.index("said of the label")] for row in table] == [0.0, 1.0]
    assert [row[FEATURES.index("near as a whole")] for row in table] == [1.5, 2.5]


def test_of_what_was_not_linked_no_more_is_known_than_of_the_farthest(few: Taxonomy) -> None:
    weld = list(few.skills).index("s:weld")
    linked = {0: Link(0, 0, 0.5, 0.1), 1: Link(0, 1, 0.4, 0.2)}
    mentions = {one.skill: one for one in Lexicon(few).mentions("weld metal parts")}
    skills, table = rows("weld metal parts", linked, mentions, Lexicon(few))
    row = dict(zip(FEATURES, table[skills.index(weld)], strict=True))
    assert (row["near"], row["near as a whole"]) == (0.4, 0.5)


def test_a_label_is_said_in_parts_too() -> None:
    skills = [
        Skill("a", "solve problems"),
        Skill("b", "sing (choir)"),
        Skill("c", "sing in choirs"),
    ]
    lexicon = Lexicon(skills)
    said = set(stems_of("Solving business problems, singing"))
    assert lexicon.share(0, said) == 1.0
    assert lexicon.share(1, said) == 1.0  # what stands in brackets only tells labels apart
    assert 0 < lexicon.share(2, said) < 0.5  # two skills sing, one in choirs
    assert lexicon.share(0, set()) == 0.0


def test_the_skills_looked_through_hold_the_highest() -> None:
    for length in (0, 5, 80, 300, 14_000):
        row = np.random.default_rng(length).normal(size=length).astype(np.float32)
        row[: length // 2] -= 4
        found = highest(row, 80)
        assert sorted(found) == sorted(np.argsort(-row)[:80])
