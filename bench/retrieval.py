"""`python -m bench retrieval`: how well search finds what people judged relevant.

Each data set goes the product's own way: into a catalogue, enriched, followed into the embedded
index, asked through the searcher. Beside it, over the same passages and vectors: BM25 alone,
meaning alone, and plain reciprocal rank fusion of the two. `--peer` adds what one would otherwise
take, and the seconds that indexing took: of the product storing, encoding, tagging and building.
In brackets stands what the processors worked.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.baselines import CONSTANTS, plain
from bench.beir import Dataset, Document, read_dataset
from bench.figures import this_machine
from bench.ir import ndcg, recall, reciprocal_rank
from bench.peer_retrieval import PEERS, told
from bench.room import prepare
from bench.timing import Ranker, Ranking, Spent, answers, timed
from catalogue.errors import NeedsPerson
from catalogue.model import Draft
from catalogue.records import Arrival, Batch, Source
from config.settings import load_settings
from flows.enrich import enrich
from flows.rebuild import rebuild
from flows.workshop import Workshop
from index.search import SearchRequest
from verbs.serving import services

SMOKE = Path(__file__).parent / "smoke"
OURS = "skillshelf"
SOURCE = "judged"
PARTS = ("all", "tuning", "held-out")
DEPTH, DEEP = 10, 50
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Score:
    """One system on one data set, the mean over its queries; times are of one query, encoded.

    `indexing` is what making everything anew took, where that was asked for.
    """

    dataset: str
    system: str
    ndcg_at_10: float
    recall_at_50: float
    mrr_at_10: float
    p50_ms: float
    p95_ms: float
    processor_ms: float
    queries: int
    documents: int
    indexing: Spent | None = None


def main(arguments: Sequence[str] | None = None) -> None:
    asked = parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    with _folder(asked.cache) as cache:
        prepare(cache)
        scores = [
            score
            for folder in asked.dataset or [SMOKE]
            for score in measured(half(folder, asked), cache, console, peers=asked.peer)
        ]
    Console(width=None if Console().is_terminal else 140).print(as_table(scores))
    if asked.json:
        write_json(asked.json, scores)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench retrieval", description=__doc__)
    add = parser.add_argument
    add("--dataset", type=Path, nargs="+", metavar="DIR", help="BEIR layout; default: a small one")
    add("--limit", type=int, metavar="N", help="the first N queries only")
    add("--part", choices=PARTS, default="all", help="half of the queries, by a hash of their ids")
    names = " and ".join(peer.name for peer in PEERS)
    add("--peer", action="store_true", help=f"also {names}, installed when first asked for")
    add("--json", type=Path, metavar="FILE", help="write the figures there too")
    add("--cache", type=Path, metavar="FOLDER", help="keep model, catalogues and vectors here")
    return parser


def part(id: str) -> str:
    """The half of a data set's queries that this one belongs to: always the same one."""
    return PARTS[1 + hashlib.sha256(id.encode()).digest()[0] % 2]


def half(folder: Path, asked: argparse.Namespace) -> Dataset:
    dataset = read_dataset(folder, asked.limit)
    queries = {id: q for id, q in dataset.queries.items() if asked.part in ("all", part(id))}
    return replace(dataset, queries=queries)


def measured(dataset: Dataset, cache: Path, console: Console, *, peers: bool) -> Iterator[Score]:
    scores = own(dataset, cache, fresh=peers)
    for score in chain(scores, beside(dataset, cache, console) if peers else ()):
        told = f"{dataset.name}: {score.system}: nDCG@10 {score.ndcg_at_10:.4f}"
        console.print(told, markup=False)
        yield score


def own(dataset: Dataset, cache: Path, *, fresh: bool) -> Iterator[Score]:
    with shelved(dataset, cache, fresh=fresh) as shop:
        documents, indexing = timed(lambda: filled(shop, dataset))
        queries = list(dataset.queries.values())
        for system, ranker in rankers(shop):
            score = scored(dataset, system, *answers(ranker, queries, DEEP), documents)
            yield replace(score, indexing=indexing if fresh and system == OURS else None)


def beside(dataset: Dataset, cache: Path, console: Console) -> Iterator[Score]:
    """A peer that cannot be installed here is told of, and passed over."""
    documents = sum(1 for _ in dataset.documents())
    for peer in PEERS:
        try:
            found = told(peer, dataset, DEEP, cache, console)
        except NeedsPerson as error:
            console.print(str(error), markup=False)
            continue
        score = scored(dataset, peer.name, found.rankings, found.times, documents)
        yield replace(score, indexing=found.indexing)


@contextmanager
def shelved(dataset: Dataset, cache: Path, *, fresh: bool) -> Iterator[Workshop]:
    """A home for this corpus below `cache`. Its index is made anew, as this code makes it; what
    is known of the texts too, if `fresh`.
    """
    content = hashlib.sha256(dataset.corpus.read_bytes()).hexdigest()[:12]
    home = cache / "retrieval" / content
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "cache").exists():
        (home / "cache").symlink_to(cache)
    settings = load_settings(home, {})
    shutil.rmtree(settings.index_path, ignore_errors=True)
    with Workshop(settings) as shop:
        yield shop


def filled(shop: Workshop, dataset: Dataset) -> int:
    """Put the corpus in, enrich and index it; the number of documents."""
    stored = shop.catalogue
    stored.sources.register(Source(SOURCE, "table"))
    run = stored.runs.start(SOURCE).id
    documents, number = dataset.documents(), 0
    while some := tuple(islice(documents, TOGETHER)):
        found = tuple(Arrival(one.id, {"id": one.id}, draft(one)) for one in some)
        stored.intake.commit(SOURCE, run, Batch(found), {})
        number += len(some)
    for _ in enrich(stored, shop.enricher):
        pass
    rebuild(shop)
    return number


def draft(document: Document) -> Draft:
    """As a table's row with a title and a description becomes one."""
    url = f"https://documents.example/{document.id}"
    return Draft(document.title or document.text[:80], url, summary=document.text)


def rankers(shop: Workshop) -> Iterator[tuple[str, Ranker]]:
    with services(shop) as handed:

        def ours(text: str, limit: int) -> list[str]:
            found = handed.searcher.search(SearchRequest(groups=None, text=text, limit=limit))
            return [hit.item.key for hit in found.hits]

        yield OURS, ours
    with tempfile.TemporaryDirectory(prefix="skillshelf-plain-") as folder:
        beside = plain(shop.catalogue, shop.encoder, Path(folder))
        yield "BM25", beside.by_words
        yield "dense", beside.by_meaning
        for constant in CONSTANTS:
            yield f"fusion, k={constant}", partial(beside.fused, constant=constant)


def scored(
    dataset: Dataset,
    system: str,
    rankings: Sequence[Ranking],
    times: Sequence[Spent],
    documents: int,
) -> Score:
    rows = list[tuple[float, float, float]]()
    for id, ranking in zip(dataset.queries, rankings, strict=True):
        gains = dataset.judgements[id]
        row = (ndcg(ranking, gains, DEPTH), recall(ranking, gains, DEEP))
        rows.append((*row, reciprocal_rank(ranking, gains, DEPTH)))
    good, deep, first = (float(mean) for mean in np.mean(rows, axis=0))
    seconds, worked = np.transpose(times)
    p50, p95 = (1000 * float(np.percentile(seconds, percent)) for percent in (50, 95))
    processor = 1000 * float(np.mean(worked))
    name = dataset.name
    return Score(name, system, good, deep, first, p50, p95, processor, len(rows), documents)


def as_table(scores: Sequence[Score]) -> Table:
    names = ("data set", "system", "nDCG@10", "recall@50", "MRR@10", "p50 ms", "p95 ms")
    more = ("processor ms", "queries", "indexing s")
    table = Table(*names, *more, title=str(this_machine()))
    for s in scores:
        quality = [f"{value:.3f}" for value in (s.ndcg_at_10, s.recall_at_50, s.mrr_at_10)]
        times = [f"{value:.1f}" for value in (s.p50_ms, s.p95_ms, s.processor_ms)]
        indexing = f"{s.indexing.seconds:.0f} ({s.indexing.processor:.0f})" if s.indexing else ""
        row = (s.dataset, s.system, *quality, *times, str(s.queries), indexing)
        table.add_row(*row, style="bold" if s.system == OURS else None)
    return table


def write_json(path: Path, scores: Sequence[Score]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [{**asdict(one), "indexing": one.indexing and one.indexing._asdict()} for one in scores]
    found = {"machine": str(this_machine()), "at": at, "scores": rows}
    path.write_text(json.dumps(found, indent=1) + "\n")


@contextmanager
def _folder(cache: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="skillshelf-bench-") as folder:
        kept = (cache or Path(folder)).absolute()
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


if __name__ == "__main__":
    main()
