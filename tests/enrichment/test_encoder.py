"""The encoder's contract, on the real one and on its stand-in."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from catalogue.errors import BadConfig, NeedsPerson
from enrichment import export
from enrichment.encoder import GraphEncoder, TextEncoder, batches, load_encoder
from enrichment.model_files import model_folder, revision
from tests.enrichment.encoders import WordEncoder

TEXTS = ["maintain software packages", "", "Über Straße 数据 🚀", "long text " * 500, "a"]


@pytest.fixture(params=["words", "real"])
def either(request: pytest.FixtureRequest) -> TextEncoder:
    if request.param == "words":
        return WordEncoder()
    found: TextEncoder = request.getfixturevalue("encoder")
    return found


def test_rows_of_length_one_in_the_order_of_the_texts(either: TextEncoder) -> None:
    found = either.encode(TEXTS)
    assert found.shape == (len(TEXTS), either.dimensions)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    backwards = either.encode(TEXTS[::-1])[::-1]
    assert (found * backwards).sum(axis=1).min() > 0.9999


def test_no_texts_no_rows(either: TextEncoder) -> None:
    assert either.encode([]).shape == (0, either.dimensions)


def test_near_in_words_is_near_in_vectors(either: TextEncoder) -> None:
    one, like, unlike = either.encode(["weld metal parts", "metal parts", "feed the tigers"])
    assert one @ like > one @ unlike + 0.2


def test_of_a_longer_text_only_the_beginning_is_read(either: TextEncoder) -> None:
    start = "safety first " * 300
    one, other = either.encode([start + "and then tigers", start + "and then accounting"])
    assert one @ other > 0.9999


def test_a_text_is_read_piece_by_piece_in_its_place(either: TextEncoder) -> None:
    found = dict(either.read(TEXTS))
    assert sorted(found) == list(range(len(TEXTS)))
    vectors = either.encode(TEXTS)
    for position, reading in found.items():
        text = TEXTS[position]
        assert float(reading.vector @ vectors[position]) > 0.9999
        assert reading.pieces.shape == (len(reading.places), either.dimensions)
        assert (np.diff(reading.places[:, 0]) >= 0).all()
        assert all(text[start:end].strip() for start, end in reading.places)
    assert "".join(TEXTS[0][a:b] for a, b in found[0].places) == TEXTS[0].replace(" ", "")
    assert len(found[1].pieces) == 0


def test_pieces_are_counted_beyond_the_limit(either: TextEncoder) -> None:
    assert either.count(["", "word", "word " * 1000]) == [0, 1, 1000]
    assert 0 < either.max_pieces < 1000


def test_threads_do_not_mix(either: TextEncoder) -> None:
    texts = [f"text number {n} about {'tools ' * (n % 7)}" for n in range(48)]
    alone = either.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        found = np.stack([row[0] for row in pool.map(lambda t: either.encode([t]), texts)])
    assert (alone * found).sum(axis=1).min() > 0.9999


def test_like_lengths_meet_within_the_budget() -> None:
    lengths = [5, 100, 7, 2000, 6, 90, 1]
    groups = list(batches(lengths, 200))
    assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
    padded = [max(lengths[i] for i in group) * len(group) for group in groups]
    assert all(size <= 200 or len(g) == 1 for size, g in zip(padded, groups, strict=True))
    assert groups[1] == [1, 5]
    assert list(batches([], 10)) == []


def test_the_id_names_model_and_revision(encoder: TextEncoder) -> None:
    folder = model_folder("all-MiniLM-L6-v2")
    assert encoder.id == f"all-MiniLM-L6-v2@{revision(folder)}-{export.VERSION}"


def test_the_revision_is_the_content(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "onnx").mkdir(parents=True)
        (tmp_path / name / "config.json").write_text("{}")
    one, two = tmp_path / "one", tmp_path / "two"
    (two / "README.md").write_text("about")
    (two / "onnx" / "model.bin").write_text("another graph")
    assert revision(one) == revision(two)
    (two / "config.json").write_text("{ }")
    assert revision(one) != revision(two)


def test_an_unknown_model_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"no model .no such model!.*folder"):
        load_encoder("no such model!", tmp_path)


@pytest.mark.slow
def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(NeedsPerson, match="cannot be prepared"):
        load_encoder(str(tmp_path), tmp_path / "cache")
    assert not [p for p in (tmp_path / "cache" / "encoders").iterdir() if p.suffix == ""]


@pytest.mark.slow
def test_disagreement_is_seen(encoder: TextEncoder, kept: Path) -> None:
    target = kept / "encoders" / encoder.id.split("@")[1]
    expected = encoder.encode(export.SAMPLES)
    assert export.agreement(target, expected) > 0.999
    assert export.agreement(target, expected[::-1]) < 0.9


def test_a_graph_of_less_than_the_model_is_refused_by_its_cosine(
    encoder: TextEncoder, kept: Path, tmp_path: Path
) -> None:
    """A tokeniser that cuts too early is the kind of mistake the check is there for."""
    spoilt = tmp_path / "spoilt"
    shutil.copytree(kept / "encoders" / encoder.id.split("@")[1], spoilt)
    facts = json.loads((spoilt / export.FACTS).read_text())
    (spoilt / export.FACTS).write_text(json.dumps(facts | {"max_tokens": 6}))
    assert export.agreement(spoilt, encoder.encode(export.SAMPLES)) < export.LEAST_COSINE
    assert GraphEncoder("spoilt", spoilt).max_pieces == 4


@pytest.mark.slow
def test_loading_it_imports_no_torch(encoder: TextEncoder, kept: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from enrichment.encoder import load_encoder; "
        f"load_encoder('all-MiniLM-L6-v2', Path({str(kept)!r})).encode(['x']); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_it_agrees_with_sentence_transformers_on_other_texts(
    encoder: TextEncoder, tmp_path: Path
) -> None:
    texts = [f"{n} {'words about tools, tigers and taxes. ' * (n % 40)}" for n in range(64)]
    code = (
        "import json, sys, numpy; from sentence_transformers import SentenceTransformer; "
        "m = SentenceTransformer(sys.argv[1], device='cpu'); "
        "numpy.save(sys.argv[2], m.encode(json.load(sys.stdin)))"
    )
    out = tmp_path / "expected.npy"
    command = [sys.executable, "-c", code, str(model_folder("all-MiniLM-L6-v2")), str(out)]
    subprocess.run(command, input=json.dumps(texts), text=True, check=True, capture_output=True)
    assert (np.load(out) * encoder.encode(texts)).sum(axis=1).min() >= export.LEAST_COSINE


@pytest.mark.slow
def test_a_killed_export_leaves_nothing_half(tmp_path: Path) -> None:
    folder = model_folder("all-MiniLM-L6-v2")
    target = tmp_path / "encoders" / f"{revision(folder)}-{export.VERSION}"
    command = [sys.executable, "-m", "enrichment.export", str(folder), str(target)]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    part = target.with_suffix(".part") / export.TOKENS
    while not part.exists():
        assert child.poll() is None
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not target.exists()
    assert load_encoder("all-MiniLM-L6-v2", tmp_path).encode(["x"]).shape == (1, 384)
    assert not target.with_suffix(".part").exists()
