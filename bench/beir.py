"""Reads data sets in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv."""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ir import Gains
from catalogue.errors import NotFound


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """`queries` are texts by id: only those with something relevant in `judgements`."""

    name: str
    corpus: Path
    queries: Mapping[str, str]
    judgements: Mapping[str, Gains]

    def documents(self) -> Iterator[Document]:
        for row in _rows(self.corpus):
            yield Document(str(row["_id"]), row.get("title") or "", row.get("text") or "")


def read_dataset(folder: Path, limit: int | None = None) -> Dataset:
    """The data set in `folder`, with its first `limit` queries. Raises NotFound for a lacking file.

    Folders may share a corpus: "tech-train" has "tech-corpus.jsonl" (or .jsonl.gz) beside it.
    """
    judgements = _judgements(_present(folder / "qrels.tsv"))
    asked = ((str(row["_id"]), row["text"]) for row in _rows(_present(folder / "queries.jsonl")))
    judged = [(id, text) for id, text in asked if any(g > 0 for g in judgements[id].values())]
    return Dataset(folder.name, _corpus(folder), dict(judged[:limit]), judgements)


def _corpus(folder: Path) -> Path:
    own = [folder / f"corpus.jsonl{ending}" for ending in ("", ".gz")]
    beside = sorted(folder.parent.glob("*-corpus.jsonl*"))
    shared = [path for path in beside if folder.name.startswith(path.name.split("-corpus.")[0])]
    found = next((path for path in (*own, *shared) if path.is_file()), own[0])
    return _present(found)


def _present(path: Path) -> Path:
    if path.is_file():
        return path
    raise NotFound(f"{path} is not there; a data set has corpus.jsonl, queries.jsonl and qrels.tsv")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _judgements(path: Path) -> Mapping[str, dict[str, float]]:
    """By query. BEIR's first row names the columns."""
    judged = defaultdict[str, dict[str, float]](dict)
    with path.open(encoding="utf-8", newline="") as lines:
        for query, document, gain in csv.reader(lines, delimiter="\t"):
            if query != "query-id":
                judged[query][document] = float(gain)
    return judged
