"""From passages to their item: how likely the whole teaches what some of it speaks of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from enrichment.scoring import logit

# What several passages say adds up, but they are no independent witnesses.
_WITNESSES = (1.0, 0.3, 0.1)
# Of a hundred passages one will name nearly anything: evidence in a small share of them weighs
# less. At 0.5 a skill of probability 0.85 in 1 of 10 passages comes to 0.64, in 1 of 100 to 0.36.
_DILUTION = 0.5


@dataclass(frozen=True, slots=True)
class Sighting:
    """A skill in passage number `passage`: 0 is the summary, None the title alone."""

    passage: int | None
    probability: float


def item_probability(sightings: Sequence[Sighting], passages: int) -> float:
    """The probability for an item of so many passages; 0 if nothing was seen.

    Title and summary speak of the whole item, so what they say is not diluted.
    """
    own = max((one.probability for one in sightings if not one.passage), default=0.0)
    inside = [one.probability for one in sightings if one.passage is not None]
    return max(own, _spread(sorted(inside, reverse=True), passages))


def _spread(found: Sequence[float], passages: int) -> float:
    """What passages say together; `found` has the surest first."""
    if not found:
        return 0.0
    together = 1 - math.prod(1 - w * p for w, p in zip(_WITNESSES, found, strict=False))
    support = sum(found) / found[0]
    spread = logit(together) - _DILUTION * math.log(max(passages / support, 1.0))
    return 1 / (1 + math.exp(-spread))
