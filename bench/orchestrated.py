"""The measured process of the orchestration: `python -m bench.orchestrated plainly|scheduled`.

It ingests the source `one`, which bears what comes once, then the source `rows`; answers in JSON.
"""

import json
import sys
import time
from collections.abc import Callable

from catalogue.errors import NotFound
from config.settings import load_settings
from flows.ingest import ingest
from flows.workshop import Workshop

ONE, ROWS = "one", "rows"


def main() -> None:
    began = time.perf_counter()
    run = way(sys.argv[1])
    imported = time.perf_counter()
    run(ONE)
    first = time.perf_counter()
    run(ROWS)
    rows = time.perf_counter()
    steps = {"import": imported - began, "first": first - imported, "rows": rows - first}
    print(json.dumps({**steps, "items": stored()}))


def way(name: str) -> Callable[[str], object]:
    if name == "plainly":
        return plainly
    from flows.scheduled import ingest_source

    return ingest_source


def plainly(source: str) -> None:
    with Workshop(load_settings()) as shop:
        ingest(shop, source)


def stored() -> int:
    """Items of `rows` that have got into the catalogue."""
    with Workshop(load_settings()) as shop:
        counts = shop.catalogue.items.counts().get(ROWS)
    if not counts:
        raise NotFound("nothing was ingested")
    return sum(counts.values())


if __name__ == "__main__":
    main()
