"""Tags: what is found, how surely, where it stands, and what must not be found."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from catalogue.model import Draft, Method, Part, Passage, Tag
from config.taxonomy import Skill, Taxonomy
from enrichment.aggregate import Sighting, item_probability
from enrichment.encoder import TextEncoder
from enrichment.lexicon import Lexicon
from enrichment.linker import Linkable, Linker
from enrichment.passages import split
from enrichment.scoring import FEATURES, features, read_coefficients
from enrichment.skill_vectors import skill_vectors
from enrichment.tagger import LEAST_PROBABILITY, MOST_TAGS, Tagger, headline
from tests.enrichment.encoders import WordEncoder


@dataclass(frozen=True)
class Tagging:
    """A tagger with what its texts are linked by."""

    linker: Linker
    tagger: Tagger
    encoder: TextEncoder

    @classmethod
    def of(cls, taxonomy: Taxonomy, encoder: TextEncoder, cache: Path) -> "Tagging":
        linker = Linker(taxonomy, encoder, cache)
        return cls(linker, Tagger(taxonomy, linker.id), encoder)

    def __call__(self, draft: Draft) -> tuple[tuple[Tag, ...], tuple[Passage, ...]]:
        passages = split(draft, self.encoder)
        if not self.tagger.reads(draft):
            return self.tagger.tag(draft, (), passages, [()] * len(passages)), passages
        texts = [headline(draft), *(passage.text for passage in passages)]
        read = sorted(self.encoder.read(texts), key=lambda one: one[0])
        head, *own = self.linker.link(Linkable(texts[at], reading) for at, reading in read)
        return self.tagger.tag(draft, head, passages, own), passages


@pytest.fixture(scope="module")
def tagged(esco: Taxonomy, encoder: TextEncoder, kept: Path) -> Tagging:
    return Tagging.of(esco, encoder, kept)


def named(lexicon: Lexicon, taxonomy: Taxonomy, text: str) -> dict[str, str]:
    ids = list(taxonomy.skills)
    return {ids[m.skill]: text[m.start : m.end] for m in lexicon.mentions(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Project Management matters.", {"s:pm": "Project Management"}),
        ("She is managing projects.", {"s:pm": "managing projects"}),
        ("the control of risk", {"s:risk": "control of risk"}),
        ("learn python today", {"s:python": "python"}),
        ("use LESS in CSS", {"s:less": "LESS"}),
        ("use less water", {}),
        ("statistics in R", {"s:r": "R"}),
        ("the r in riding", {}),
        ("fill in the form by the light", {}),
        ("the elements of design", {"s:design": "elements of design"}),
        ("electrical work", {"s:power": "electrical"}),
        ("C++ and C", {"s:cpp": "C++"}),
        ("a project, some management", {}),
        ("", {}),
    ],
)
def test_labels_in_text(few: Taxonomy, text: str, expected: dict[str, str]) -> None:
    assert named(Lexicon(few), few, text) == expected


def test_the_longest_label_wins() -> None:
    taxonomy = Taxonomy("t", "1", [Skill("a", "data analysis"), Skill("b", "data analysis tools")])
    found = named(Lexicon(taxonomy), taxonomy, "Data analysis tools, data analysis.")
    assert found == {"b": "Data analysis tools", "a": "data analysis"}


def test_a_phrase_of_many_skills_names_none() -> None:
    skills = [Skill(str(n), f"skill {n} of its own", ("provide advice",)) for n in range(4)]
    taxonomy = Taxonomy("t", "1", skills)
    assert named(Lexicon(taxonomy), taxonomy, "we provide advice") == {}


def test_a_course_gets_its_skills_with_the_sentence_that_says_so(
    tagged: Tagging, esco: Taxonomy
) -> None:
    summary = "Bring a laptop. Learn to load and plot data with Python. Lunch is free."
    tags, passages = tagged(Draft("Data with Python", "u", summary=summary))
    found = {esco.skills[tag.skill].label: tag for tag in tags}
    python = found["Python (computer programming)"]
    assert python.probability > 0.5
    assert python.method is Method.BOTH
    place = python.evidence[0]
    shown = passages[place.passage].text[place.start : place.end]
    assert shown == "Learn to load and plot data with Python."


def test_meaning_finds_what_no_label_says(tagged: Tagging, esco: Taxonomy) -> None:
    draft = Draft("Giving feedback", "u", summary="Practise criticism that helps, in role play.")
    tags, _ = tagged(draft)
    found = {esco.skills[tag.skill].label: tag for tag in tags}
    assert found["give constructive feedback"].method is Method.MEANING


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Legal notice", "All rights reserved. The content is copyright of the operator."),
        ("Privacy policy", "We use cookies. You can withdraw consent to data processing."),
        ("Home", "Home About Contact Login Register Search Menu Next Previous"),
        ("Hello", "Hello and welcome! We are happy that you are here. See you soon."),
        ("Willkommen", "Guten Tag und herzlich willkommen."),
        ("", ""),
    ],
)
def test_notices_menus_and_greetings_teach_nothing(
    tagged: Tagging, title: str, summary: str
) -> None:
    tags, _ = tagged(Draft(title, "u", summary=summary))
    assert tags == ()


def test_another_language_gets_only_what_its_source_names(tagged: Tagging, esco: Taxonomy) -> None:
    draft = Draft(
        "Python und Projekte", "u", summary="Project management mit Python.", language="de",
        skills=("accounting",),
    )  # fmt: skip
    tags, _ = tagged(draft)
    assert [tag.method for tag in tags] == [Method.SOURCE]
    assert "accounting" in esco.skills[tags[0].skill].label
    assert tags[0].probability == 0.9


def test_a_source_may_name_skills_by_uri_or_label(few: Taxonomy, tmp_path: Path) -> None:
    encoder = WordEncoder()
    draft = Draft("Zzz", "u", language="fr", skills=("s:weld", "Manage PROJECTS", "unheard of"))
    tags, _ = Tagging.of(few, encoder, tmp_path)(draft)
    assert {tag.skill for tag in tags} == {"s:weld", "s:pm"}


def test_tags_are_few_likely_and_ordered(tagged: Tagging) -> None:
    subjects = ("accounting", "chemistry", "physics", "biology", "statistics", "economics")
    text = " ".join(f"This course teaches {subject} and mathematics." for subject in subjects * 5)
    parts = tuple(Part(text, heading=str(n)) for n in range(4))
    tags, passages = tagged(Draft("Sciences", "u", subjects=subjects, parts=parts))
    chances = [tag.probability for tag in tags]
    assert 5 < len(tags) <= MOST_TAGS
    assert chances == sorted(chances, reverse=True)
    assert LEAST_PROBABILITY <= chances[-1] <= chances[0] < 1
    for tag in tags:
        assert all(0 <= e.start < e.end <= len(passages[e.passage].text) for e in tag.evidence)


def test_an_empty_taxonomy_gives_no_tags(tmp_path: Path) -> None:
    encoder = WordEncoder()
    tags, _ = Tagging.of(Taxonomy("t", "1", []), encoder, tmp_path)(Draft("A", "u"))
    assert tags == ()


def test_the_version_tells_taxonomy_and_encoder(few: Taxonomy, tmp_path: Path) -> None:
    class Other(WordEncoder):
        id = "words@2"

    again = Taxonomy("few", "2", few)

    def version(taxonomy: Taxonomy, encoder: WordEncoder, cache: Path = tmp_path) -> str:
        return Tagging.of(taxonomy, encoder, cache).tagger.version

    versions = {
        version(few, WordEncoder()), version(few, Other()), version(again, WordEncoder())
    }  # fmt: skip
    assert len(versions) == 3
    assert version(few, WordEncoder(), tmp_path / "x") in versions


def test_skills_are_encoded_once(few: Taxonomy, tmp_path: Path) -> None:
    encoder = WordEncoder()
    told: list[tuple[int, int]] = []
    first = skill_vectors(few, encoder, tmp_path, lambda done, of: told.append((done, of)))
    again = skill_vectors(few, encoder, tmp_path)
    assert told == [(len(few), len(few))]
    assert len(encoder.asked) == len(few)
    assert np.array_equal(first, again)


def test_one_passage_in_many_weighs_less_than_the_summary() -> None:
    once = item_probability([Sighting(7, 0.85)], 100)
    assert once < 0.5 < item_probability([Sighting(7, 0.85)], 10)
    assert item_probability([Sighting(0, 0.85)], 100) == pytest.approx(0.85)
    assert item_probability([Sighting(None, 0.85)], 100) == pytest.approx(0.85)
    often = item_probability([Sighting(n, 0.6) for n in range(1, 51)], 100)
    assert item_probability([Sighting(1, 0.6)], 100) < often < 0.9
    assert item_probability([], 5) == 0


def test_features_have_their_names_and_coefficients() -> None:
    shipped = read_coefficients()
    assert shipped.weights.shape == (len(FEATURES),)
    assert len(features(0.5, 0.6, None, 0.0, 0.0)) == len(FEATURES)
    nearer = np.array([features(0.8, 0.8, None, 0.0, 0.0), features(0.4, 0.8, None, 0.0, 0.0)])
    high, low = shipped.probability(nearer)
    assert high > low
