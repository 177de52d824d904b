"""The skills of a taxonomy as what short stretches of text are compared with."""

import hashlib
from itertools import islice
from pathlib import Path

import numpy as np

from config.taxonomy import Taxonomy
from enrichment.encoder import Encoder, Vectors, unit
from enrichment.skill_vectors import Progress, encoded, kept, skill_vectors

# Alternatives read for each skill, of up to 36: the first ones are the commonest names.
ALTERNATIVES = 4


def skill_keys(
    taxonomy: Taxonomy, encoder: Encoder, cache: Path, progress: Progress | None = None
) -> Vectors:
    """(skills, dimensions), rows of length 1: between a skill's label and the mean of its names."""
    names = f"keys {ALTERNATIVES}\n{taxonomy.version}\n{encoder.id}"
    path = cache / "skills" / f"{hashlib.sha256(names.encode()).hexdigest()[:24]}.npy"
    return kept(path, lambda: _keys(taxonomy, encoder, cache, progress))


def _keys(taxonomy: Taxonomy, encoder: Encoder, cache: Path, progress: Progress | None) -> Vectors:
    labels = skill_vectors(taxonomy, encoder, cache)
    owners = list[int]()
    texts = list[str]()
    for number, skill in enumerate(taxonomy):
        for alternative in islice(skill.alternatives, ALTERNATIVES):
            owners.append(number)
            texts.append(alternative)
    total, count = np.zeros_like(labels), np.zeros((len(labels), 1), dtype=np.float32)
    np.add.at(total, owners, encoded(texts, encoder, progress))
    np.add.at(count, owners, 1.0)
    mean = np.where(count > 0, total / np.maximum(count, 1.0), labels)
    return unit(labels + unit(labels + mean))
