"""Turns a sentence-transformers model into a checked graph, in a process of its own.

`python -m enrichment.export FOLDER TARGET`. Everything that ingests and serves runs the graph, so
that none of it pays for torch: 4 to 7 s of import and 550 MB resident.
"""

import fcntl
import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from catalogue.errors import NeedsPerson

VERSION = 2  # goes into every encoder's id: raise it when the graph changes
LEAST_COSINE = 0.999
GRAPH = "graph.xml"
TOKENS = "tokenizer.json"
FACTS = "encoder.json"
THREADS = 2
SECONDS = 900
UNLIMITED = 512  # word pieces, for models that name no limit

# Lengths, scripts and noise that differ: what a graph traced on one sentence could get wrong.
SAMPLES = (
    "",
    "Excel",
    "maintain software packages",
    "How do I give feedback to a colleague who does not want to hear it?",
    "Grundlagen der Datenanalyse: Einführung in Tabellen, Filter und Pivot-Auswertungen.",
    "def load(path: str) -> list[int]: return [int(line) for line in open(path)]",
    "数据分析 入门 課程 🚀 naïve café Straße",
    "1 2 3 4 5 6 7 8 9 0 ... !!! --- ??? <b>not markup</b>",
    "Working safely at heights means checking the harness before every single use. " * 3,
    "The course covers planning, budgets, risks and the people who depend on them. " * 40,
)


class Inexact(Exception):
    """No graph of this model computes what the model computes."""


def main(folder: Path, target: Path) -> None:
    """Put the graph of the model in `folder` at `target`, whole or not at all."""
    write_once(target, lambda part: export(folder, part))


def apart(module: str, name: str, folder: Path, target: Path) -> None:
    """Run `python -m MODULE FOLDER TARGET`; `name` is what the model is called.

    Raises NeedsPerson with the last line of its complaint.
    """
    command = [sys.executable, "-m", module, str(folder), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NeedsPerson(f"encoder {name!r} in {folder} cannot be prepared: {reason}")


def write_once(target: Path, write: Callable[[Path], None]) -> None:
    """Have `write` fill the folder `target`, unless it is there, whole or not at all.

    Whoever comes second waits for the first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return
        shutil.rmtree(part, ignore_errors=True)  # of an export that was killed
        part.mkdir()
        write(part)
        part.rename(target)


def export(folder: Path, target: Path) -> None:
    """Write graph, tokeniser and facts into the folder `target`; Inexact if they cannot agree."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(THREADS)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
    model.tokenizer.backend_tokenizer.save(str(target / TOKENS))
    facts = {
        "max_tokens": model.max_seq_length or UNLIMITED,
        "padding": model.tokenizer.pad_token_id or 0,
    }
    expected = np.asarray(model.encode(list(SAMPLES), normalize_embeddings=True))
    graph = _traced(model)
    for precision, half in (("bf16", True), ("f32", True), ("f32", False)):
        _save(graph, target / GRAPH, half)
        _write_facts(target, facts, precision, expected.shape[1])
        if agreement(target, expected) >= LEAST_COSINE:
            return
    raise Inexact(f"the exported graph stays below cosine {LEAST_COSINE} to the model itself")


def agreement(target: Path, expected: np.ndarray) -> float:
    """The lowest cosine between the graph's vectors and the model's over `SAMPLES`."""
    from enrichment.encoder import GraphEncoder

    found = GraphEncoder("", target).encode(SAMPLES)
    return float((found * expected).sum(axis=1).min())


def _traced(model: Any) -> Any:
    import openvino
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            found = self.model(features)
            return found["sentence_embedding"], found["token_embeddings"]

    tokens = model.tokenizer(["two rows of", "example"], padding=True, return_tensors="pt")
    example = {name: tokens[name] for name in ("input_ids", "attention_mask")}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing warns of is what `agreement` checks
        return openvino.convert_model(Whole(), example_input=example)


def _save(graph: Any, path: Path, half: bool) -> None:
    import openvino

    openvino.save_model(graph, path, compress_to_fp16=half)


def _write_facts(target: Path, facts: dict[str, int], precision: str, dimensions: int) -> None:
    written = {**facts, "precision": precision, "dimensions": dimensions}
    (target / FACTS).write_text(json.dumps(written), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
