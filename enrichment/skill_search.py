"""Skills near a text in meaning."""

from collections.abc import Callable, Sequence

import numpy as np

from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import Encoder, Vectors


def nearest_skills(
    taxonomy: Taxonomy, vectors: Vectors, encoder: Encoder
) -> Callable[[str, int], Sequence[tuple[Skill, float]]]:
    """A function from a text to its nearest skills with their cosines, nearest first.

    `vectors` has one row a skill, in the taxonomy's order.
    """
    skills = list(taxonomy)

    def near(text: str, limit: int) -> Sequence[tuple[Skill, float]]:
        scores = vectors @ encoder.encode([text])[0]
        best = np.argsort(-scores)[:limit]
        return [(skills[i], float(scores[i])) for i in best]

    return near
