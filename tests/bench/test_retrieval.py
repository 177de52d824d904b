"""The small data set that is part of the project, all the way."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench.beir import read_dataset
from bench.retrieval import SMOKE, Score, as_table, main, part


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
    score = Score("set", "skillshelf", 0.5, 0.75, 1.0, 4.2, 9.9, 12, 100)
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(as_table([score]))
    assert "0.500" in console.export_text()


@pytest.mark.slow
def test_search_finds_what_is_relevant(tmp_path: Path, model_cache: Path) -> None:
    file = tmp_path / "scores.json"
    main(["--cache", str(model_cache), "--json", str(file), "--limit", "8"])
    scores = {score["system"]: score for score in json.loads(file.read_text())["scores"]}
    assert {"skillshelf", "BM25", "dense", "fusion, k=60"} <= set(scores)
    assert all(score["queries"] == 8 for score in scores.values())
    assert scores["skillshelf"]["ndcg_at_10"] >= 0.9
    assert scores["skillshelf"]["recall_at_50"] == 1
