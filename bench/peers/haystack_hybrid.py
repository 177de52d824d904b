"""Haystack's documents in memory, by words and by meaning, their ranks joined.

Run by its own Python, never imported. Standard input and output are as bench.peer_retrieval has
them. The names it lacks types for are Haystack's own.
"""

# mypy: disable-error-code="import-not-found,unused-ignore"
import json
import sys
from contextlib import redirect_stdout
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from bench.timing import answers, timed


def main() -> None:
    asked = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        store = InMemoryDocumentStore()
        how = {"model": asked["model"], "device": ComponentDevice.from_str("cpu")}
        embedder = SentenceTransformersDocumentEmbedder(progress_bar=False, **how)
        embedder.warm_up()

        def index() -> None:
            documents = [Document(id=id, content=text) for id, text in asked["documents"]]
            store.write_documents(embedder.run(documents)["documents"])

        _, indexing = timed(index)
        pipeline = hybrid(store, SentenceTransformersTextEmbedder(progress_bar=False, **how))

        def ranker(text: str, limit: int) -> list[str]:
            by_words = {"query": text, "top_k": limit}
            given = {"words": by_words, "text": {"text": text}, "meaning": {"top_k": limit}}
            joined = pipeline.run({**given, "joined": {"top_k": limit}})["joined"]
            return [document.id for document in joined["documents"]]

        rankings, times = answers(ranker, asked["queries"], asked["depth"])
    json.dump({"indexing": indexing, "rankings": rankings, "times": times}, sys.stdout)


def hybrid(store: Any, embedder: Any) -> Any:
    pipeline = Pipeline()
    pipeline.add_component("words", InMemoryBM25Retriever(store))
    pipeline.add_component("text", embedder)
    pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("text.embedding", "meaning.query_embedding")
    pipeline.connect("words", "joined")
    pipeline.connect("meaning", "joined")
    pipeline.warm_up()
    return pipeline


if __name__ == "__main__":
    main()
