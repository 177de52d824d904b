"""Turns a sentence-transformers model into a small checked graph for single short texts.

`python -m enrichment.export_query FOLDER TARGET`, in a process of its own like `enrichment.export`,
whose tokeniser and facts it shares. Weights are kept in 8 bits, a scale for every 32 of them, where
that agrees with the model. A query reads all of them once, which is much of what it costs.
"""

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from enrichment.export import LEAST_COSINE, SAMPLES, THREADS, Inexact, write_once

VERSION = 1  # raise it when the graph changes; vectors stay those of `enrichment.export`
GRAPH = "query.onnx"
WEIGHTS = "query.weights"
PLAIN = "plain.onnx"  # before anything is fused
WHY_NOT = "why-not.txt"
IDS, MASK = "input_ids", "attention_mask"
_OPSET = 17
_BITS, _BLOCK = 8, 32
_INT8 = 4  # "accuracy level": activations are multiplied in 8 bits too, a scale for every block
_MAPPED = 1024  # bytes from which a tensor lies in a file that is mapped, not read into memory


def main(folder: Path, target: Path) -> None:
    """Put the query graph of the model in `folder` at `target`, whole or not at all.

    Of a model that has none, the reason: its queries are encoded as its other texts are.
    """
    write_once(target, lambda part: _export_or_say(folder, part))


def _export_or_say(folder: Path, target: Path) -> None:
    try:
        export(folder, target)
    except (OSError, MemoryError):  # nothing that is wrong with the model
        raise
    except Exception as error:  # exporters raise whatever they stumble over
        for half in (GRAPH, WEIGHTS, PLAIN):
            (target / half).unlink(missing_ok=True)
        (target / WHY_NOT).write_text(f"{type(error).__name__}: {error}", encoding="utf-8")


def export(folder: Path, target: Path) -> None:
    """Write the graph into the folder `target`; Inexact if it computes something else."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(THREADS)
    logging.disable(logging.INFO)  # the quantiser tells of every node
    # Attention written out is what the fusions below look for.
    spelt_out = {"attn_implementation": "eager"}
    model = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, model_kwargs=spelt_out
    ).eval()
    plain = target / PLAIN
    _trace(model, plain)
    fused = _fused(plain, model[0].auto_model.config)
    plain.unlink()
    _halved_tables(fused)
    for made in (_eight_bits, _as_it_is):
        _save(made(fused), target)
        if agreement(model, target) >= LEAST_COSINE:
            return
    raise Inexact(f"the query graph stays below cosine {LEAST_COSINE} to the model itself")


def agreement(model: Any, target: Path) -> float:
    """The lowest cosine between the graph's vectors and the model's over `SAMPLES`."""
    from enrichment.query_encoder import session, vector

    expected = np.asarray(model.encode(list(SAMPLES), normalize_embeddings=True))
    opened = session(target)
    rows = model.tokenizer(list(SAMPLES), truncation=True, max_length=model.max_seq_length)
    found = np.stack([vector(opened, ids) for ids in rows["input_ids"]])
    return float((found * expected).sum(axis=1).min())


def _trace(model: Any, path: Path) -> None:
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.model({IDS: input_ids, MASK: attention_mask})["sentence_embedding"]

    tokens = model.tokenizer(["two rows of", "example"], padding=True, return_tensors="pt")
    wide = {0: "texts", 1: "pieces"}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing warns of is what `agreement` checks
        torch.onnx.export(
            Whole(),
            (tokens[IDS], tokens[MASK]),
            str(path),
            input_names=[IDS, MASK],
            output_names=["vector"],
            dynamic_axes={IDS: wide, MASK: wide, "vector": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,  # its graphs are not those that the fusions know
        )


def _fused(path: Path, facts: Any) -> Any:
    """The graph with attention, its norms and its biases as one node each, where known as such."""
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    heads, width = (getattr(facts, name, 0) for name in ("num_attention_heads", "hidden_size"))
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # it takes no table of halves
    return optimize_model(
        str(path), "bert", heads, width, optimization_options=options, opt_level=0
    ).model


def _halved_tables(graph: Any) -> None:
    """Keep the tables that rows are looked up in, most of them words', in 16 bits a number."""
    from onnx import TensorProto, helper, numpy_helper

    tables = {node.input[0] for node in graph.graph.node if node.op_type == "Gather"}
    for stored in list(graph.graph.initializer):
        if stored.name in tables and stored.data_type == TensorProto.FLOAT:
            half = numpy_helper.to_array(stored).astype(np.float16)
            stored.CopyFrom(numpy_helper.from_array(half, stored.name))
    for place, node in reversed(list(enumerate(graph.graph.node))):
        if node.op_type == "Gather" and _is_half(graph, node.input[0]):
            exact = node.output[0]
            node.output[0] = f"{exact}_half"
            cast = helper.make_node("Cast", [node.output[0]], [exact], to=TensorProto.FLOAT)
            graph.graph.node.insert(place + 1, cast)


def _is_half(graph: Any, name: str) -> bool:
    from onnx import TensorProto

    stored = (one for one in graph.graph.initializer if one.name == name)
    return any(one.data_type == TensorProto.FLOAT16 for one in stored)


def _eight_bits(graph: Any) -> Any:
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    own = onnx.ModelProto()
    own.CopyFrom(graph)
    quantiser = MatMulNBitsQuantizer(
        own, bits=_BITS, block_size=_BLOCK, is_symmetric=True, accuracy_level=_INT8
    )
    quantiser.process()
    return quantiser.model.model


def _as_it_is(graph: Any) -> Any:
    return graph


def _save(graph: Any, target: Path) -> None:
    import onnx

    (target / WEIGHTS).unlink(missing_ok=True)  # it would be written on to
    onnx.save_model(
        graph,
        str(target / GRAPH),
        save_as_external_data=True,
        location=WEIGHTS,
        size_threshold=_MAPPED,
        convert_attribute=False,
    )


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
