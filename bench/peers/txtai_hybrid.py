"""txtai's hybrid search over given documents. Run by its own Python, never imported.

Standard input and output are as bench.peer_retrieval has them.
"""

import json
import sys
from contextlib import redirect_stdout

from txtai import Embeddings  # type: ignore[import-not-found,unused-ignore]

from bench.timing import answers, timed


def main() -> None:
    asked = json.load(sys.stdin)
    rows = [(id, text, None) for id, text in asked["documents"]]
    with redirect_stdout(sys.stderr):
        embeddings = Embeddings(path=asked["model"], hybrid=True, content=True, gpu=False)
        _, indexing = timed(lambda: embeddings.index(rows))

        def ranker(text: str, limit: int) -> list[str]:
            return [found["id"] for found in embeddings.search(text, limit)]

        rankings, times = answers(ranker, asked["queries"], asked["depth"])
    json.dump({"indexing": indexing, "rankings": rankings, "times": times}, sys.stdout)


if __name__ == "__main__":
    main()
