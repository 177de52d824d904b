"""The encoder of queries: the same vectors as the encoder of many texts, near enough."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from catalogue.errors import BadConfig, NeedsPerson
from enrichment import export_query
from enrichment.encoder import Encoder, GraphEncoder, TextEncoder, Tokens
from enrichment.model_files import model_folder, revision
from enrichment.query_encoder import QueryEncoder, load_query_encoder, session, vector

TEXTS = ["maintain software packages", "", "Über Straße 数据 🚀", "long text " * 500, "a"]


@pytest.fixture(scope="session")
def asking(kept: Path) -> Encoder:
    return load_query_encoder("all-MiniLM-L6-v2", kept)


def test_vectors_are_those_of_the_encoder_of_many_texts(
    asking: Encoder, encoder: TextEncoder
) -> None:
    assert isinstance(asking, QueryEncoder)
    assert (asking.id, asking.dimensions) == (encoder.id, encoder.dimensions)
    found = asking.encode(TEXTS)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert (found * encoder.encode(TEXTS)).sum(axis=1).min() >= 0.998


def test_other_texts_get_other_vectors(asking: Encoder) -> None:
    one, like, unlike = asking.encode(["weld metal parts", "metal parts", "feed the tigers"])
    assert one @ like > one @ unlike + 0.2


def test_no_texts_no_rows(asking: Encoder) -> None:
    assert asking.encode([]).shape == (0, asking.dimensions)


def test_threads_do_not_mix(asking: Encoder) -> None:
    texts = [f"text number {n} about {'tools ' * (n % 7)}" for n in range(32)]
    with ThreadPoolExecutor(8) as pool:
        found = np.stack([row[0] for row in pool.map(lambda t: asking.encode([t]), texts)])
    assert np.array_equal(found, asking.encode(texts))


@pytest.mark.slow
def test_it_needs_neither_torch_nor_the_graph_for_many_texts(asking: Encoder, kept: Path) -> None:
    code = (
        "import sys; from pathlib import Path; "
        "from enrichment.query_encoder import load_query_encoder; "
        f"load_query_encoder('all-MiniLM-L6-v2', Path({str(kept)!r})).encode(['x']); "
        "print(sorted({'torch', 'transformers', 'openvino', 'onnx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="no such model"):
        load_query_encoder("no such model!", tmp_path)


def test_a_model_without_a_query_graph_encodes_queries_as_other_texts(
    encoder: TextEncoder, kept: Path, tmp_path: Path
) -> None:
    made = encoder.id.split("@")[1]
    none = f"{revision(model_folder('all-MiniLM-L6-v2'))}-query-{export_query.VERSION}"
    (tmp_path / "encoders" / none).mkdir(parents=True)
    (tmp_path / "encoders" / made).symlink_to(kept / "encoders" / made)
    (tmp_path / "encoders" / none / export_query.WHY_NOT).write_text("Inexact: below")
    assert isinstance(load_query_encoder("all-MiniLM-L6-v2", tmp_path), GraphEncoder)


class AnotherModel:
    """Reads texts as the real one would, and means something else by them."""

    max_seq_length = 256

    def __init__(self, encoder: TextEncoder, tokens: Tokens) -> None:
        self._encoder = encoder
        self._tokens = tokens

    def encode(self, texts: Sequence[str], *, normalize_embeddings: bool) -> np.ndarray:
        return self._encoder.encode([f"{text} tigers" for text in texts])

    def tokenizer(self, texts: Sequence[str], **_: object) -> dict[str, list[list[int]]]:
        return {"input_ids": self._tokens.rows(texts)}


@pytest.mark.slow
def test_disagreement_with_the_model_is_seen(
    asking: Encoder, encoder: TextEncoder, kept: Path
) -> None:
    folder = kept / "encoders" / encoder.id.split("@")[1]
    made = kept / "encoders" / f"{folder.name.split('-')[0]}-query-{export_query.VERSION}"
    other = AnotherModel(encoder, Tokens(folder))
    assert export_query.agreement(other, made) < 0.9
    opened = session(made)
    assert vector(opened, Tokens(folder).rows(["x"])[0]).shape == (asking.dimensions,)


@pytest.mark.slow
def test_what_the_exporter_stumbles_over_is_kept_as_the_reason(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "modules.json").write_text('[{"type": "no.such.Module"}]')
    export_query.main(tmp_path / "model", tmp_path / "target")
    assert [path.name for path in (tmp_path / "target").iterdir()] == [export_query.WHY_NOT]


@pytest.mark.slow
def test_a_model_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(NeedsPerson, match="cannot be prepared"):
        load_query_encoder(str(tmp_path), tmp_path / "cache")
