"""Whether the index holds exactly what the catalogue says; and making it so."""

from flows.workshop import Workshop
from index import verify as points
from index.generations import Generation
from index.verify import Difference


def verify(shop: Workshop, *, repair: bool = False) -> Difference:
    """Follow to the end, then account for every point. With `repair`, what remains is after it.

    Raises Busy where another process holds the index, and WrongIndex.
    """
    stored = shop.catalogue
    with shop.open_index() as index:
        index.refresh()
        with index.reading() as engine:
            found = points.verify(stored.changes, engine)
            if repair and not found.agrees:
                generation = Generation(index.name, engine, shop.identity)
                points.repair(stored.changes, stored.embeddings, generation, found)
                found = points.verify(stored.changes, engine)
    return found
