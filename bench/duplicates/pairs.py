"""Precision and recall on labelled pairs, through the product's own catalogue and rules."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.duplicates.catalogues import drafts
from bench.figures import Figure
from bench.real_sources import ABSENT, present
from bench.room import Room
from bench.synthetic import grouped
from catalogue.model import Draft, Enrichment, ItemKey
from catalogue.records import Arrival, Batch, Enriched, Source
from catalogue.store import Catalogue
from catalogue.works import Relation
from enrichment.language import language
from flows.duplicates import find_all

LABELS = Path(__file__).parent / "labels.csv"
DIFFERENT = "different"
TOGETHER = 500  # items a transaction


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two items and what a person says of them: same, translation or different."""

    half: str
    one: ItemKey
    other: ItemKey
    verdict: str


def measure(room: Room) -> Iterator[Figure]:
    if not present():
        yield Figure("duplicates", "labelled pairs", 0, "pairs", note=ABSENT)
        return
    pairs = read_labels()
    with Catalogue.open(f"sqlite:///{room.folder}/pairs.db") as catalogue:
        fill(catalogue, drafts())
        find_all(catalogue)
        found = [verdict(catalogue, pair) for pair in pairs]
    yield Figure("duplicates", "labelled pairs", len(pairs), "pairs", least=200)
    for half in ("tuning", "reporting"):
        counts = Counter(
            (pair.verdict, said)
            for pair, said in zip(pairs, found, strict=True)
            if pair.half == half
        )
        for relation in Relation:
            yield from scores(half, relation, counts)


def read_labels() -> list[Labelled]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [
            Labelled(
                row["half"],
                ItemKey(row["source"], row["first"]),
                ItemKey(row["source"], row["second"]),
                row["verdict"],
            )
            for row in csv.DictReader(file)
        ]


def scores(
    half: str, relation: Relation, counts: Mapping[tuple[str, str], int]
) -> Iterator[Figure]:
    right = counts.get((relation, relation), 0)
    said = sum(count for (_, found), count in counts.items() if found == relation)
    true = sum(count for (labelled, _), count in counts.items() if labelled == relation)
    note = f"{right} of {said} pairs found"
    yield Figure("duplicates", f"precision, {relation}, {half} half", right / said, "", note=note)
    note = f"{right} of {true} pairs labelled"
    yield Figure("duplicates", f"recall, {relation}, {half} half", right / true, "", note=note)


def fill(catalogue: Catalogue, found: Mapping[ItemKey, Draft]) -> None:
    """Stores items as if enriched: of that, duplicates need only the language."""
    by_source: dict[str, list[Arrival]] = {}
    for key, draft in found.items():
        by_source.setdefault(key.source, []).append(Arrival(key.key, {}, draft))
    for source, arrivals in by_source.items():
        catalogue.sources.register(Source(source, "table"))
        run = catalogue.runs.start(source).id
        for numbers in grouped(range(len(arrivals)), TOGETHER):
            some = tuple(arrivals[number] for number in numbers)
            catalogue.intake.commit(source, run, Batch(some), {})
    while items := catalogue.items.to_enrich("bench", TOGETHER):
        concluded = [Enriched(item.id, item.model_hash, enrichment(item.draft)) for item in items]
        catalogue.items.enriched_all(concluded)


def enrichment(draft: Draft) -> Enrichment:
    sample = "\n".join([draft.title, draft.summary, *(part.text for part in draft.parts[:20])])
    return Enrichment("bench", language(draft.language, sample), None, None, (), ())


def verdict(catalogue: Catalogue, pair: Labelled) -> str:
    """What the catalogue says of the two: members of one work, of two that are translations."""
    own = catalogue.works.of(pair.one).items
    if pair.other in {item.key for item in own}:
        return Relation.SAME
    other = catalogue.works.of(pair.other).items[0].key
    translated = {item.key for item in catalogue.works.translations(pair.one)}
    return Relation.TRANSLATION if other in translated else DIFFERENT
