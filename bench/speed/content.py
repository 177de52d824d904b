"""As many items as asked for, of real texts put together anew, and vectors and tags drawn for them.

Each item takes the place of a course: a title and description, and up to two units, each with
another real description. Item n is the same whenever it is asked for.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench import synthetic
from bench.beir import read_dataset
from bench.real_sources import present, read_rows
from bench.retrieval import SMOKE
from catalogue.model import Draft, Item, Kind, Locator, Part, Place
from catalogue.records import Arrival, Batch, Enriched, Source
from config.taxonomy import SkillId
from connectors.extract import plain
from enrichment.clean import clean_draft
from enrichment.encoder import Pieces, Vectors
from enrichment.passages import split
from enrichment.skill_vectors import skill_vectors
from flows.workshop import Workshop

SOURCE = "many"
MOST_UNITS = 2
TOGETHER = 200  # items a transaction
DRAWN = "drawn"  # the version of enrichments that no model made: all items wait for a real one


@dataclass(frozen=True, slots=True)
class Text:
    """A description with its title, as people wrote them."""

    title: str
    words: str
    subjects: tuple[str, ...] = ()


def texts() -> list[Text]:
    """Those of OER Commons in English; without the folder of data the dozen of the smoke set."""
    if not present():
        documents = read_dataset(SMOKE).documents()
        return [Text(document.title, document.text) for document in documents]
    return [
        Text(row["NAME"], plain(row["TEACHER_OVERVIEW"]), tuple(row["SUBJECTS"].split("|")))
        for row in read_rows()
        if row["NAME"] and row["TEACHER_OVERVIEW"] and row["LANGUAGES"] == "en"
    ]


def draft(pool: Sequence[Text], number: int) -> Draft:
    chance = random.Random(number)
    own, *units = chance.choices(pool, k=1 + chance.randint(0, MOST_UNITS))
    return Draft(
        title=f"{own.title} {number}",
        url=f"https://learn.example/{number}",
        kind=Kind.COURSE,
        summary=own.words,
        language="en",
        provider=f"Provider {chance.randrange(40)}",
        subjects=own.subjects,
        parts=tuple(
            Part(unit.words, Locator(Place.UNIT, str(place)), unit.title)
            for place, unit in enumerate(units, 1)
        ),
    )


def store(shop: Workshop, items: int) -> None:
    """Put the first `items` into the catalogue; nothing is known of them yet."""
    pool, stored = texts(), shop.catalogue
    stored.sources.register(Source(SOURCE, "table"))
    run = stored.runs.start(SOURCE).id
    for numbers in synthetic.grouped(range(items), TOGETHER):
        found = (Arrival(str(n), {"number": n}, draft(pool, n)) for n in numbers)
        stored.intake.commit(SOURCE, run, Batch(tuple(found)), {})


def draw(shop: Workshop) -> None:
    """Give every item its passages, with vectors near skills drawn for them, and these as tags.

    A passage that was encoded before keeps its vector.
    """
    stored, drawing, after = shop.catalogue, _Drawing.of(shop), 0
    while items := stored.items.to_enrich(DRAWN, TOGETHER, SOURCE, after_id=after):
        after = items[-1].id
        vectors = dict[str, Vectors]()
        done = [drawing.enriched(item, vectors) for item in items]
        stored.embeddings.put(shop.encoder.id, vectors)
        stored.items.enriched_all(done)


@dataclass(frozen=True, slots=True)
class _Drawing:
    pieces: Pieces
    skills: Sequence[SkillId]
    centres: Vectors
    chance: np.random.Generator

    @classmethod
    def of(cls, shop: Workshop) -> "_Drawing":
        centres = skill_vectors(shop.taxonomy, shop.encoder, shop.settings.cache_path)
        return cls(shop.encoder, tuple(shop.taxonomy.skills), centres, np.random.default_rng(1))

    def enriched(self, item: Item, vectors: dict[str, Vectors]) -> Enriched:
        """Puts the passages' vectors into `vectors`."""
        passages = split(clean_draft(item.draft), self.pieces)
        about = self.chance.integers(len(self.skills), size=len(passages)).tolist()
        rows = synthetic.near(self.centres[about], self.chance)
        vectors.update({p.text_hash: row for p, row in zip(passages, rows, strict=True)})
        tags = [self.skills[each] for each in about[: len(synthetic.SURENESS)]]
        concluded = synthetic.enrichment(DRAWN, item, passages, tags)
        return Enriched(item.id, item.model_hash, concluded)


def grouped(pool: Sequence[Text], items: int, size: int) -> Iterator[list[Draft]]:
    """The first `items`, `size` at a time."""
    for numbers in synthetic.grouped(range(items), size):
        yield [draft(pool, number) for number in numbers]
