"""The serving process put together: catalogue, index, encoder and taxonomy behind the API."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from api.services import Services
from enrichment.skill_search import meant_skills, nearest_skills
from enrichment.skill_vectors import skill_vectors
from flows.rebuild import rebuild_apart
from flows.workshop import Workshop
from index.keeper import kept
from index.search import Searcher

# How long a thread may keep Python's lock while another one waits for it. A search waits some ten
# times, after each call that let go of it: beside a busy thread encoding a query took 15 ms with
# Python's own 5 ms, and 5 with this.
TURN_S = 0.0005

# Things made between two looks for what is no longer needed; one search makes thousands.
MADE = 50_000


@contextmanager
def services(shop: Workshop, url: str | None = None) -> Iterator[Services]:
    """Everything the application is handed; the index follows the catalogue meanwhile.

    Raises Busy where another process serves this home, and WrongIndex.
    """
    encoder, taxonomy = shop.query_encoder, shop.taxonomy

    def encode(text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = encoder.encode([text])[0]
        return vector

    def renew() -> None:
        rebuild_apart(shop.settings)

    with shop.open_index(url) as index, kept(index, renew):
        vectors = skill_vectors(taxonomy, encoder, shop.settings.cache_path)
        searcher = Searcher(index, encode, taxonomy, meant_skills(taxonomy, vectors))
        sys.setswitchinterval(TURN_S)
        # A second thread for products of vectors waits by spinning, on the core that others need.
        threadpool_limits(1, "blas")
        # What was loaded stays: looking through it again and again stopped every answer for 0.1 s.
        gc.freeze()
        gc.set_threshold(MADE)
        yield Services(
            settings=shop.settings,
            catalogue=shop.catalogue,
            searcher=searcher,
            watermark=searcher.watermark,
            taxonomy=taxonomy,
            skill_search=nearest_skills(taxonomy, vectors, encoder),
        )
