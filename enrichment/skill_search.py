"""Skills near a text in meaning, and those that a question means."""

from collections.abc import Callable, Sequence

import numpy as np

from config.taxonomy import Skill, SkillId, Taxonomy, folded
from enrichment.encoder import Encoder, Vectors
from enrichment.words import tokens

# Seen with all-MiniLM-L6-v2 on ESCO: the nearest skill to nonsense ("asdf", "lorem ipsum", "42")
# lies at 0.38 to 0.44, to wants in plain words at 0.54 and above.
NEAR = 0.47
# A question means a skill that it does not name only where they are nearer than most neighbours
# are: at 0.6 "give presentations" means "give live presentation", "cook" not yet "bake goods".
SAME = 0.6
MOST_MEANT = 3
LONGEST = 8  # words of a question that may be a skill's name or a paraphrase of one
SHARED = 3  # a word that stands for more skills than this names none of them


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


def meant_skills(
    taxonomy: Taxonomy, vectors: Vectors
) -> Callable[[str, Vectors], Sequence[tuple[SkillId, float]]]:
    """A function from a question and its vector to the skills it means, surest first.

    A label or alternative label that is the whole question is certain (1), one that stands in it
    nearly so (0.8); a skill that is only near in meaning counts as much as it is near. Longer
    questions mean no one skill.
    """
    ids = [skill.id for skill in taxonomy]

    def meant(text: str, vector: Vectors) -> Sequence[tuple[SkillId, float]]:
        words = [word for word, _, _ in tokens(text)]
        if not words or len(words) > LONGEST:
            return ()
        named = _named(taxonomy, text, words)
        if named:
            return named[:MOST_MEANT]
        scores = vectors @ vector
        best = np.argpartition(-scores, min(MOST_MEANT, len(ids) - 1))[:MOST_MEANT]
        near = [(ids[i], float(scores[i])) for i in best if scores[i] >= SAME]
        return sorted(near, key=lambda pair: -pair[1])

    return meant


def _named(taxonomy: Taxonomy, text: str, words: Sequence[str]) -> list[tuple[SkillId, float]]:
    """The skills that the whole text names, else those of its longest part that names any."""
    if whole := _called(taxonomy, text.strip()):
        return [(skill, 1.0) for skill in whole]
    for length in range(len(words) - 1, 1, -1):
        for start in range(len(words) - length + 1):
            if part := _called(taxonomy, " ".join(words[start : start + length])):
                return [(skill, 0.8) for skill in part]
    return []


def _called(taxonomy: Taxonomy, text: str) -> Sequence[SkillId]:
    """Skills with this label; those with this alternative label, if they are few."""
    found = taxonomy.labelled(text)
    labelled = [s for s in found if folded(taxonomy.skills[s].label) == folded(text)]
    return labelled or (found if len(found) <= SHARED else ())
