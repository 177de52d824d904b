"""The small data set that is part of the project, all the way."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

import bench.peers
from bench.beir import Dataset, Document, read_dataset
from bench.peer_retrieval import PEERS, Peer, texts
from bench.retrieval import SMOKE, Score, as_table, main, part, scored
from bench.timing import Spent, answers


def test_the_small_data_set_is_whole() -> None:
    dataset = read_dataset(SMOKE)
    known = {document.id for document in dataset.documents()}
    assert len(dataset.queries) >= 12
    assert all(set(dataset.judgements[query]) <= known for query in dataset.queries)


def test_half_of_the_queries_are_held_out_always_the_same_ones() -> None:
    parts = [part(f"q{number}") for number in range(200)]
    assert 70 < parts.count("tuning") < 130
    assert parts.count("tuning") + parts.count("held-out") == 200
    assert part("q7") == parts[7]


def test_the_table_shows_each_system() -> None:
    score = Score("set", "skillshelf", 0.5, 0.75, 1.0, 4.2, 9.9, 5.1, 12, 100, Spent(61.4, 99.6))
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(as_table([score]))
    shown = console.export_text()
    assert "0.500" in shown
    assert "61 (100)" in shown


def test_a_score_is_of_the_answers_in_the_order_of_the_queries(tmp_path: Path) -> None:
    judgements = {"q1": {"a": 1.0}, "q2": {"b": 1.0}}
    dataset = Dataset("set", tmp_path, {"q1": "one", "q2": "two"}, judgements)
    times = [Spent(0.001, 0.002), Spent(0.003, 0.004)]
    score = scored(dataset, "some", [["a", "b"], ["c", "b"]], times, 3)
    assert score.mrr_at_10 == pytest.approx(0.75)
    assert (score.recall_at_50, score.queries, score.documents) == (1, 2, 3)
    assert (score.p50_ms, score.processor_ms) == pytest.approx((2, 3))


def test_what_a_peer_reads_of_a_document_is_title_and_text() -> None:
    whole, untitled = Document("1", "Git", "Branches."), Document("2", "", "Bread.")
    assert list(texts([whole, untitled])) == [("1", "Git. Branches."), ("2", "Bread.")]


def test_queries_are_asked_in_order_each_timed_alone() -> None:
    asked = list[str]()

    def ranker(text: str, limit: int) -> list[str]:
        asked.append(text)
        return [text] * limit

    rankings, times = answers(ranker, ["a", "b"], 3)
    assert rankings == [["a"] * 3, ["b"] * 3]
    assert asked == ["a", "b", "a", "b"]
    assert len(times) == 2
    assert all(one.seconds >= 0 for one in times)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_has_its_script_and_its_packages_pinned(peer: Peer) -> None:
    folder = Path(bench.peers.__file__ or "").parent
    assert (folder / f"{peer.script}.py").is_file()
    assert all("==" in package for package in peer.packages)


@pytest.mark.slow
def test_search_finds_what_is_relevant(tmp_path: Path, model_cache: Path) -> None:
    file = tmp_path / "scores.json"
    main(["--cache", str(model_cache), "--json", str(file), "--limit", "8"])
    scores = {score["system"]: score for score in json.loads(file.read_text())["scores"]}
    assert {"skillshelf", "BM25", "dense", "fusion, k=60"} <= set(scores)
    assert all(score["queries"] == 8 for score in scores.values())
    assert scores["skillshelf"]["ndcg_at_10"] >= 0.9
    assert scores["skillshelf"]["recall_at_50"] == 1
