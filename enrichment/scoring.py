"""The probability that a sentence speaks of a skill: a logistic combination of few features.

The coefficients lie in data/tagging.json, which says what they were fitted on and how well they
did on what they had not seen. `python -m enrichment.fit` writes it anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from enrichment.lexicon import Mention

FEATURES = (
    "constant",
    "near",
    "behind the nearest skill",
    "near above 0.6",
    "label of several words",
    "alternative of several words",
    "label of one word",
    "alternative of one word",
    "telling words",
    "shared with other skills",
    "said of the label",
    "near as a whole",
)
_NEAR = 0.6  # a random run of words comes this near to some skill
_MOST_TELLING = 3.0
_FINE = 5.0  # so that the fit's ridge lets as small a range weigh as much as others


@dataclass(frozen=True, slots=True)
class Coefficients:
    """One weight per feature, and what they are: `version` changes with any of them."""

    version: str
    weights: NDArray[np.float64]

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, len(FEATURES)) to (n,)."""
        return sigmoid(features @ self.weights)


def features(
    near: float, nearest: float, mention: Mention | None, said: float, whole: float
) -> list[float]:
    """`near` is how near the sentence comes to the skill, `nearest` to its nearest skill, `said`
    the share of the skill's label that its words are, `whole` how near all of it together comes.
    """
    common = [1.0, near, near - nearest, 10 * max(near - _NEAR, 0.0)]
    if mention is None:
        return [*common, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, said, _FINE * whole]
    kind = (0 if mention.preferred else 1) + (0 if mention.words > 1 else 2)
    named = [float(kind == one) for one in range(4)]
    telling = min(mention.weight, _MOST_TELLING)
    return [*common, *named, telling, float(mention.shared - 1), said, _FINE * whole]


def read_coefficients(text: str | None = None) -> Coefficients:
    """Those in `text` (JSON), or the ones shipped."""
    text = text or (files(__package__) / "data" / "tagging.json").read_text(encoding="utf-8")
    written = json.loads(text)
    weights: Mapping[str, float] = written["weights"]
    return Coefficients(written["version"], np.array([weights[name] for name in FEATURES]))


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result


def logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))
