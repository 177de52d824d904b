"""Sentences with and without skills: what answers to them are worth, and the small set."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench.gold import Names, Sentence, read_sentences
from bench.linking import SMOKE, as_table, main, peers
from bench.linking_scores import answered, calibrated, likely, ranked
from bench.peer_linking import NAME as PEER
from bench.peer_linking import PeerAnswers
from config.taxonomy import Taxonomy, load_taxonomy

SENTENCES = [
    Sentence("one", frozenset({"a", "b"})),
    Sentence("two", frozenset({"c"})),
    Sentence("none", frozenset()),
]
CANDIDATES = [[("a", 0.9), ("x", 0.6), ("b", 0.2)], [("x", 0.7), ("c", 0.3)], [("x", 0.55)]]


def test_only_sentences_with_a_skill_are_ranked() -> None:
    found = ranked(SENTENCES, CANDIDATES)
    assert found is not None
    assert found.r_precision == pytest.approx((0.5, 1, 1))
    assert found.mrr == pytest.approx(0.75)
    assert ranked(SENTENCES[2:], CANDIDATES[2:]) is None


def test_sentences_without_a_skill_tell_of_false_alarms() -> None:
    found = answered(SENTENCES, likely(CANDIDATES, 0.55), 0.55)
    assert (found.sentences, found.without, found.false_alarms) == (3, 1, 1)
    counts = found.counts
    assert (counts.given, counts.gold, counts.both) == (4, 3, 1)


def test_every_candidate_is_calibrated() -> None:
    found = calibrated(SENTENCES, CANDIDATES)
    assert sum(one.number for one in found.bins) == 6
    assert found.error == pytest.approx((0.1 + 0.6 + 0.8 + 0.7 + 0.7 + 0.55) / 6)


def test_a_peer_shows_at_its_own_threshold_and_at_its_best() -> None:
    sure = {"one": ["x"], "two": [], "none": [], "another": ["a"]}
    unsure = {"one": ["a", "x"], "two": ["c"], "none": []}
    own, best = peers("file", SENTENCES, PeerAnswers(0.6, 6, {0.6: sure, 0.4: unsure}))
    assert (own.system, own.answered.counts.f1) == (PEER, 0)
    assert (best.answered.threshold, best.sentences_a_second) == (0.4, 6)
    assert best.answered.counts.f1 == pytest.approx(2 / 3)
    console = Console(width=150, record=True, file=io.StringIO())
    console.print(as_table([own, best]))
    assert "66.7" in console.export_text()


def test_the_small_set_is_whole(whole_esco: Taxonomy) -> None:
    sentences = read_sentences(SMOKE, Names(whole_esco))
    assert len(sentences) >= 12
    assert not any(sentence.unknown for sentence in sentences)
    assert sum(not sentence.gold for sentence in sentences) == 3


@pytest.mark.slow
def test_skills_of_sentences_are_found(tmp_path: Path, model_cache: Path) -> None:
    """Among a few hundred skills, so that a fresh cache is soon filled."""
    esco = load_taxonomy("esco")
    gold = {skill for one in read_sentences(SMOKE, Names(esco)) for skill in one.gold}
    labels = [skill.label for n, skill in enumerate(esco) if n % 50 == 0 or skill.id in gold]
    taxonomy, file = tmp_path / "skills.txt", tmp_path / "figures.json"
    taxonomy.write_text("\n".join(labels))
    main(["--taxonomy", str(taxonomy), "--cache", str(model_cache), "--json", str(file)])
    score, best = json.loads(file.read_text())["scores"]
    assert score["answered"]["sentences"] == 13
    assert score["ranked"]["r_precision"][1] >= 0.8
    assert score["cost"]["texts"] == 13
    assert best["answered"]["counts"]["both"] > 0
