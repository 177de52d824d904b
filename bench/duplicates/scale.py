"""What finding duplicates costs with 100,000 items, some of them copies of others."""

import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.room import Room
from bench.synthetic import Author, grouped
from catalogue.model import Draft, Enrichment, Part
from catalogue.records import Arrival, Batch, Enriched, Source
from catalogue.store import Catalogue
from config.settings import Settings
from config.taxonomy import load_taxonomy
from flows.duplicates import find_all

SOURCE = "synthetic"
ITEMS, FEW = 100_000, 1_000
PARTS = 4  # of 90 words
COPIES = 20  # one item in so many is a dented copy of the one before
DENTED = 30  # one word in so many
CHANGED = 100
TOGETHER = 1_000


def measure(room: Room) -> Iterator[Figure]:
    count = room.size(ITEMS, FEW)
    file = room.folder / "scale.db"
    with Catalogue.open(f"sqlite:///{file}") as catalogue:
        catalogue.sources.register(Source(SOURCE, "table"))
        drafts = written(count)
        fill(catalogue, drafts)
        before, memory = size(file), peak()
        start, worked = time.perf_counter(), time.process_time()
        find_all(catalogue)
        taken, worked = time.perf_counter() - start, time.process_time() - worked
        works, _ = catalogue.works.count()
        yield Figure("duplicates", "items looked at", count, "items")
        yield Figure("duplicates", "looking at all", taken, "s")
        yield Figure("duplicates", "items a second", count / taken, "items/s")
        yield Figure("duplicates", "processor time by item", 1000 * worked / count, "ms")
        yield Figure("duplicates", "memory beyond the catalogue's", peak() - memory, "MiB")
        stored = (size(file) - before) / count
        yield Figure("duplicates", "stored by item", stored, "bytes")
        planted = sum(1 for number in range(count) if copied(number))
        yield Figure("duplicates", "copies found, of those planted", works / planted, "")
        yield from changes(catalogue, drafts)


def changes(catalogue: Catalogue, drafts: list[Draft]) -> Iterator[Figure]:
    """What a day's changes cost, and a day without any."""
    start = time.perf_counter()
    find_all(catalogue)
    yield Figure("duplicates", "looking again, nothing new", time.perf_counter() - start, "s")
    some = drafts[:CHANGED]
    fill(catalogue, [Draft(f"{one.title} anew", one.url, parts=one.parts) for one in some])
    start = time.perf_counter()
    find_all(catalogue)
    taken = time.perf_counter() - start
    yield Figure("duplicates", f"looking again, {CHANGED} changed", taken, "s")


def copied(number: int) -> bool:
    return number % COPIES == COPIES - 1


def written(count: int) -> list[Draft]:
    author = Author.of(load_taxonomy(Settings().taxonomy), seed=1)
    chance = random.Random(2)
    drafts: list[Draft] = []
    for number in range(count):
        if copied(number):
            drafts.append(dented(drafts[-1], number, chance))
            continue
        skill = chance.choice(author.skills)
        parts = tuple(Part(author.text(skill)) for _ in range(PARTS))
        title = f"{skill.label.capitalize()} by hand"
        drafts.append(Draft(title, address(number), language="en", parts=parts))
    return drafts


def dented(draft: Draft, number: int, chance: random.Random) -> Draft:
    words = " ".join(part.text for part in draft.parts).split()
    for place in chance.sample(range(len(words)), len(words) // DENTED):
        words[place] = "dented"
    title = f"{draft.title} (PDF)"
    return Draft(title, address(number), language="en", parts=(Part(" ".join(words)),))


def address(number: int) -> str:
    return f"https://learn.example/{number}"


def fill(catalogue: Catalogue, drafts: list[Draft]) -> None:
    run = catalogue.runs.start(SOURCE).id
    for numbers in grouped(range(len(drafts)), TOGETHER):
        some = [drafts[number] for number in numbers]
        found = tuple(Arrival(draft.url, {}, draft) for draft in some)
        catalogue.intake.commit(SOURCE, run, Batch(found), {})
        items = catalogue.items.to_enrich("bench", TOGETHER)
        done = Enrichment("bench", "en", None, None, (), ())
        catalogue.items.enriched_all([Enriched(i.id, i.model_hash, done) for i in items])


def size(file: Path) -> int:
    return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*"))


def peak() -> float:
    """MiB that this process ever held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
