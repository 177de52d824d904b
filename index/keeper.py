"""Keeping a served index level with the catalogue, in a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from catalogue.errors import SkillshelfError
from index.live import MOST_EXACT, LiveIndex

# One cheap query a round; a review is found after half of it, on average.
INTERVAL_S = 0.5
# After an error: long enough not to fill the log, short enough to go on once the disk has room.
PAUSE_S = 10.0
# Between two looks at whether the index is outgrown; a build takes minutes.
RENEW_S = 30.0
# Changes followed in one go, between which a newer generation would be noticed.
STEP = 512

log = logging.getLogger(__name__)


@contextmanager
def kept(
    index: LiveIndex,
    rebuild: Callable[[], None],
    interval: float = INTERVAL_S,
    look_after: float = RENEW_S,
    most_exact: int = MOST_EXACT,
) -> Iterator[None]:
    """Follow the catalogue while the block runs, and `rebuild` the index once it is outgrown.

    `rebuild` builds the next generation in another process and returns when that ends; where the
    block ends earlier, nobody waits for it.
    """
    ending = threading.Event()
    thread = threading.Thread(target=_keep, args=(index, ending, interval), name="keeper")
    renewing = (index, rebuild, ending, look_after, most_exact)
    threading.Thread(target=_renew, args=renewing, name="renewer", daemon=True).start()
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _renew(
    index: LiveIndex,
    rebuild: Callable[[], None],
    ending: threading.Event,
    interval: float,
    most_exact: int,
) -> None:
    replaced = ""  # its successor is built, and will be adopted at the next refresh
    while not ending.wait(interval):
        try:
            if index.name != replaced and index.outgrown(most_exact):
                name = index.name
                rebuild()
                replaced = name
        except SkillshelfError as error:
            log.error("%s", error)
        except Exception:  # the old generation goes on answering
            log.exception("rebuilding the index failed")


def _keep(index: LiveIndex, ending: threading.Event, interval: float) -> None:
    pause = 0.0
    while not ending.wait(pause):
        try:
            pause = 0.0 if index.refresh(STEP) else interval
        except SkillshelfError as error:
            log.error("%s", error)
            pause = PAUSE_S
        except Exception:  # the server goes on answering from what it has
            log.exception("following the catalogue failed")
            pause = PAUSE_S
