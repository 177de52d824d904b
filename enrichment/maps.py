"""What takes the context off a stretch of text: maps learned by `enrichment.fit_linker`."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from enrichment.encoder import Encoder, Vectors


@dataclass(frozen=True, slots=True)
class Maps:
    """Linear maps (dimensions, dimensions) of stretches of text and of skills. Read-only."""

    version: str
    text: Vectors
    skill: Vectors


def read_maps(encoder: Encoder) -> Maps:
    """Those learned for this encoder; for another one, maps that change nothing."""
    with np.load(str(files(__package__) / "data" / "linker.npz")) as kept:
        if str(kept["encoder"]) == encoder.id:
            text, skill = (kept[name].astype(np.float32) for name in ("text", "skill"))
            return Maps(str(kept["version"]), text, skill)
    same = np.eye(encoder.dimensions, dtype=np.float32)
    return Maps("none", same, same)
