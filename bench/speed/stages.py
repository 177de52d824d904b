"""The measured process of one stage: `python -m bench.speed.stages STAGE ITEMS SECONDS`.

Works on the home folder that the environment names, and answers in JSON what it did. What a
process has to load before the first item is loaded before anything is timed.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import TypeVar

from bench.latency import Latencies
from bench.linked import Forgetful
from bench.speed import content
from bench.speed.rows import Done
from bench.synthetic import Author
from bench.timing import WARM, Spent, timed
from bench.watched import WatchedWorkshop
from config.settings import load_settings
from enrichment.clean import clean_draft
from enrichment.passages import split
from flows.enrich import BATCH, enrich
from flows.publish import STEP
from index.generations import choose
from index.search import SearchRequest
from verbs.serving import services

QUESTIONS = 1_000
HITS = 20

T = TypeVar("T")


def encoding(shop: WatchedWorkshop, items: int, seconds: float) -> Done:
    """Texts cleaned, cut into passages and encoded."""
    pool, encoder = content.texts(), shop.encoder
    encoder.encode(["warm"])

    def batches() -> Iterator[tuple[int, int]]:
        for drafts in content.grouped(pool, items, BATCH):
            passages = [one for draft in drafts for one in split(clean_draft(draft), encoder)]
            encoder.encode([one.embedded_text for one in passages])
            yield len(drafts), len(passages)

    done, took = timed(lambda: list(in_time(batches(), seconds)))
    return Done(*took, *map(sum, zip(*done, strict=True)))


def tagging(shop: WatchedWorkshop, items: int, seconds: float) -> Done:
    """All of enriching but the encoder: texts linked and tagged, and what is concluded stored."""
    enricher, encoder = shop.enricher, shop.timed
    list(enricher.enrich([content.draft(content.texts(), 0)], Forgetful()))
    before = Spent(encoder.seconds, encoder.processor)
    done, took = timed(lambda: list(in_time(enrich(shop.catalogue, enricher), seconds)))
    wall = took.seconds - (encoder.seconds - before.seconds)
    processor = took.processor - (encoder.processor - before.processor)
    tagged = sum(one.tagged for one in done)
    # Of each item its headline is read beside its parts.
    return Done(wall, processor, tagged, sum(one.encoded for one in done) - tagged)


def indexing(shop: WatchedWorkshop, items: int, seconds: float) -> Done:
    """All that the catalogue holds published into an empty index, however long it takes."""
    with shop.open_index() as index:
        applied, took = timed(lambda: sum(iter(lambda: index.refresh(STEP), 0)))
        with index.reading() as engine:
            parts = engine.count(())
    return Done(*took, applied, parts)


def optimising(shop: WatchedWorkshop, items: int, seconds: float) -> Done:
    """What was published brought into the shape that is searched fastest."""
    name = choose(shop.depot.ready(), shop.identity)
    assert name is not None
    engine = shop.depot.open(name)
    try:
        _, took = timed(engine.optimise)
        engine.flush()
        return Done(*took, items, engine.count(()))
    finally:
        engine.close()


def searching(shop: WatchedWorkshop, items: int, seconds: float) -> Done:
    """Questions asked one after another, none twice, each corrected, encoded and ranked."""
    author = Author.of(shop.taxonomy, seed=3)
    asked = dict.fromkeys(author.question() for _ in range(WARM + QUESTIONS))
    with services(shop) as handed:

        def took(text: str) -> Spent:
            request = SearchRequest(groups=None, text=text, limit=HITS)
            return timed(lambda: handed.searcher.search(request))[1]

        answered = map(took, asked)
        list(islice(answered, WARM))
        times = list(in_time(answered, seconds))
    wall, processor = (sum(column) for column in zip(*times, strict=True))
    found = Latencies([1000 * one.seconds for one in times])
    p50, p95 = found.percentile(50), found.percentile(95)
    return Done(wall, processor, questions=len(times), p50_ms=p50, p95_ms=p95)


def in_time(some: Iterable[T], seconds: float) -> Iterator[T]:
    """As many as come before the seconds are over, and the one that was begun."""
    end = time.monotonic() + seconds
    for one in some:
        yield one
        if time.monotonic() > end:
            return


Stage = Callable[[WatchedWorkshop, int, float], Done]
STAGES: Mapping[str, Stage] = {
    stage.__name__: stage for stage in (encoding, tagging, indexing, optimising, searching)
}


def main() -> None:
    stage, items, seconds = sys.argv[1:]
    with WatchedWorkshop(load_settings()) as shop:
        done = STAGES[stage](shop, int(items), float(seconds))
    print(json.dumps(asdict(done)))


if __name__ == "__main__":
    main()
