"""Skills near a text in meaning."""

from collections.abc import Callable, Sequence

import numpy as np

from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import Encoder, Vectors

# Seen with all-MiniLM-L6-v2 on ESCO: the nearest skill to nonsense ("asdf", "lorem ipsum", "42")
# lies at 0.38 to 0.44, to wants in plain words at 0.54 and above.
NEAR = 0.47


def nearest_skills(
    taxonomy: Taxonomy, vectors: Vectors, encoder: Encoder
) -> Callable[[str, int], Sequence[tuple[Skill, float]]]:
    """A function from a text to its nearest skills with their cosines, nearest first.

    What is not near at all is left out, so nonsense has no nearest skill.
    `vectors` has one row a skill, in the taxonomy's order.
    """
    skills = list(taxonomy)

    def near(text: str, limit: int) -> Sequence[tuple[Skill, float]]:
        scores = vectors @ encoder.encode([text])[0]
        best = np.argsort(-scores)[:limit]
        return [(skills[i], float(scores[i])) for i in best if scores[i] >= NEAR]

    return near
