"""Bring the index level with the catalogue from a process that does not serve."""

from catalogue.errors import Busy
from flows.progress import Progress, silent
from flows.rebuild import rebuild_apart
from flows.workshop import Workshop

STEP = 256


def publish(shop: Workshop, progress: Progress = silent) -> bool:
    """Follow the catalogue to its end; false where a serving process does that by itself."""
    try:
        index = shop.open_index()
    except Busy:
        return False
    with index:
        done = 0
        while applied := index.refresh(STEP):
            done += applied
            progress("index", "publish", done, None)
        if index.outgrown():
            progress("index", "optimise", 0, 1)
            rebuild_apart(shop.settings)
            index.refresh()
            progress("index", "optimise", 1, 1)
    return True
