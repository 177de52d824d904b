"""txtai and Haystack beside the product: the same documents, queries and model.

Each runs in an environment of its own as its guide to hybrid search has it: a document whole, one
vector for it, BM25 beside. Its script reads JSON with `model`, `documents` (id and text),
`queries` and `depth`, and writes `indexing`, `rankings` and `times`.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.beir import Dataset, Document
from bench.environments import python_with
from bench.timing import Ranking, Spent
from catalogue.errors import NeedsPerson
from config.settings import Settings
from enrichment.model_files import model_folder

_ROOT = Path(__file__).parent.parent
# There is nothing to ask a hub, and nobody to tell of a measurement.
_QUIET = ("env", "HF_HUB_OFFLINE=1", "HAYSTACK_TELEMETRY_ENABLED=False")


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    packages: tuple[str, ...]
    script: str


PEERS = (
    Peer("txtai", ("txtai==9.14.0",), "txtai_hybrid"),
    Peer(
        "haystack",
        ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
        "haystack_hybrid",
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a peer answers to each query, and what that and indexing took."""

    rankings: list[Ranking]
    times: list[Spent]
    indexing: Spent


def told(peer: Peer, dataset: Dataset, depth: int, cache: Path, console: Console) -> Told:
    """Raises NeedsPerson where it cannot be installed or fails."""
    python = python_with(peer.packages, cache / "peers" / peer.name / "environment", console)
    asked = {
        "model": str(model_folder(Settings().encoder)),
        "documents": list(texts(dataset.documents())),
        "queries": list(dataset.queries.values()),
        "depth": depth,
    }
    said = json.loads(_said(peer, python, json.dumps(asked)))
    times = [Spent(*one) for one in said["times"]]
    return Told(said["rankings"], times, Spent(*said["indexing"]))


def texts(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """Ids and what is read of each: title and text, a sentence each."""
    for one in documents:
        yield one.id, ". ".join(part for part in (one.title, one.text) if part)


def _said(peer: Peer, python: Path, given: str) -> str:
    command = [*_QUIET, str(python), "-m", f"bench.peers.{peer.script}"]
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, cwd=_ROOT
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise NeedsPerson(f"{peer.name} failed and said: {said}")
    return done.stdout
