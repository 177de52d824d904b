"""How many items stand behind each value one could filter by. Items are counted, never passages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from config.taxonomy import Taxonomy
from index.conditions import FIRST, Conditions
from index.engine import Engine
from index.filters import FIELDS
from index.ranking import Candidate
from index.values import Facet, FacetName, FacetValue

Counts = Iterable[tuple[str, int]]


def over_all(engine: Engine, name: FacetName, where: Conditions, limit: int) -> Counts:
    """Exact, over everything that meets the conditions."""
    return engine.facet(FIELDS[name], (*where, FIRST), limit)


def over_ranked(candidates: Sequence[Candidate], name: FacetName, limit: int) -> Counts:
    """Over the items a ranking found: what a text does not find, a facet does not promise."""
    values = (value for each in candidates for value in _listed(each.payload.get(FIELDS[name])))
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def facet(name: FacetName, counts: Counts, taxonomy: Taxonomy) -> Facet:
    return Facet(name, tuple(FacetValue(v, label(name, v, taxonomy), n) for v, n in counts))


def label(name: FacetName, value: str, taxonomy: Taxonomy) -> str:
    skill = taxonomy.get(value) if name is FacetName.SKILL else None
    return skill.label if skill else value


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
