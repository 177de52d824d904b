"""Keeping a served index level with the catalogue, in a thread of its own."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from catalogue.errors import SkillshelfError
from index.live import LiveIndex

# One cheap query a round; a review is found after half of it, on average.
INTERVAL_S = 0.5
# After an error: long enough not to fill the log, short enough to go on once the disk has room.
PAUSE_S = 10.0
# Changes followed in one go, between which a newer generation would be noticed.
STEP = 512

log = logging.getLogger(__name__)


@contextmanager
def kept(index: LiveIndex, interval: float = INTERVAL_S) -> Iterator[None]:
    """Follow the catalogue while the block runs."""
    ending = threading.Event()
    thread = threading.Thread(target=_keep, args=(index, ending, interval), name="keeper")
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


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
