"""How many items stand behind each value one could filter by. Items are counted, never passages."""

from collections.abc import Sequence

from config.taxonomy import Taxonomy
from index.conditions import FIRST, Conditions, Ids
from index.engine import Engine
from index.filters import FIELDS, conditions, without
from index.ranking import Candidate
from index.values import Facet, FacetName, FacetValue, Filters


def over_all(groups: Sequence[str] | None, filters: Filters, name: FacetName) -> Conditions:
    """Every item that meets the other filters; exact."""
    return (*conditions(groups, without(filters, name)), FIRST)


def over_ranked(candidates: Sequence[Candidate]) -> Conditions:
    """The items a ranking found: what a text does not find, a facet does not promise."""
    return (Ids(frozenset(candidate.of for candidate in candidates)),)


def facet(
    engine: Engine, name: FacetName, where: Conditions, limit: int, taxonomy: Taxonomy
) -> Facet:
    counts = engine.facet(FIELDS[name], where, limit)
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return Facet(name, tuple(FacetValue(v, label(name, v, taxonomy), n) for v, n in ordered))


def label(name: FacetName, value: str, taxonomy: Taxonomy) -> str:
    skill = taxonomy.get(value) if name is FacetName.SKILL else None
    return skill.label if skill else value
