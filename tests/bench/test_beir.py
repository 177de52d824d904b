"""Data sets in BEIR's layout, written here."""

import gzip
from pathlib import Path

import pytest

from bench.beir import Document, read_dataset
from catalogue.errors import NotFound

CORPUS = '{"_id": "d1", "title": "One", "text": "first"}\n{"_id": 2, "text": "second"}\n'
QUERIES = "".join(f'{{"_id": "q{n}", "text": "question {n}"}}\n' for n in (1, 2, 3))
JUDGED = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t2\t1\nq2\td1\t0\nq3\t2\t1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tech-train"
    folder.mkdir()
    (folder / "queries.jsonl").write_text(QUERIES)
    (folder / "qrels.tsv").write_text(JUDGED)
    return folder


def test_queries_with_something_relevant_are_asked(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text(CORPUS)
    dataset = read_dataset(folder)
    assert dataset.name == "tech-train"
    assert dataset.queries == {"q1": "question 1", "q3": "question 3"}
    assert dataset.judgements["q1"] == {"d1": 2.0, "2": 1.0}
    assert list(dataset.documents()) == [
        Document("d1", "One", "first"),
        Document("2", "", "second"),
    ]
    assert list(read_dataset(folder, limit=1).queries) == ["q1"]


def test_folders_may_share_a_corpus(folder: Path) -> None:
    (folder.parent / "text-corpus.jsonl").write_text("")
    (folder.parent / "tech-corpus.jsonl.gz").write_bytes(gzip.compress(CORPUS.encode()))
    assert [document.id for document in read_dataset(folder).documents()] == ["d1", "2"]


def test_a_lacking_file_is_named(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"tech-train/corpus\.jsonl is not there"):
        read_dataset(folder)
