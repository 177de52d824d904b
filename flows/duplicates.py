"""Find which items are the same work, or its translation: only what changed is looked at again."""

from collections.abc import Callable, Iterator

from catalogue.model import Item
from catalogue.store import Catalogue
from catalogue.works import Judgement, Printed
from enrichment import duplicates
from enrichment.clean import clean_draft
from enrichment.fingerprint import VERSION as PRINTS
from enrichment.fingerprint import Fingerprint, fingerprint

VERSION = f"{PRINTS}.{duplicates.RULES}"
# Items examined in one transaction: some 0.3 s in which nobody else writes.
BATCH = 128


def find_duplicates(catalogue: Catalogue, batch: int = BATCH) -> Iterator[tuple[int, int]]:
    """Examines all items that wait.

    Yields of each batch how many were looked at, and how many belong to another work than before.
    """
    yield 0, catalogue.works.drop_absent()
    after = 0
    while items := catalogue.works.waiting(VERSION, batch, after):
        after = items[-1].id
        prints = [printed(item) for item in items]
        yield len(items), catalogue.works.examine(VERSION, items, prints, comparing())


def printed(item: Item) -> Printed:
    made = fingerprint(clean_draft(item.draft))
    work = duplicates.Work.of(item.draft, item.language, made)
    return Printed(
        item.id, item.draft, item.language, made.packed(), frozenset(duplicates.marks(work))
    )


def comparing() -> Callable[[Printed, Printed], Judgement | None]:
    """Compares items as the catalogue keeps them, each unpacked once."""
    works: dict[int, duplicates.Work] = {}

    def work(one: Printed) -> duplicates.Work:
        if one.item not in works:
            unpacked = Fingerprint.unpacked(one.print)
            works[one.item] = duplicates.Work.of(one.draft, one.language, unpacked)
        return works[one.item]

    return lambda one, other: duplicates.compare(work(one), work(other))


def find_all(catalogue: Catalogue) -> tuple[int, int]:
    """Runs `find_duplicates` to its end: items looked at, and items whose work changed."""
    looked, changed = 0, 0
    for some, moved in find_duplicates(catalogue):
        looked, changed = looked + some, changed + moved
    return looked, changed
