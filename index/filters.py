"""From what a caller asks for to conditions on points. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from index.conditions import AnyOf, Condition, Conditions, Either, Since, Teaches, Within
from index.points import ALIVE, DEAD, FREE, PAID, TAUGHT
from index.values import FacetName, Filters, SkillMatch

EVERYONE = "public"
FIELDS: dict[FacetName, str] = {
    FacetName.SKILL: TAUGHT,
    FacetName.KIND: "kind",
    FacetName.LEVEL: "level",
    FacetName.LANGUAGE: "languages",
    FacetName.PROVIDER: "provider",
    FacetName.SOURCE: "source",
    FacetName.DELIVERY: "delivery",
    FacetName.FREE: "free",
}


def conditions(groups: Sequence[str] | None, filters: Filters) -> Conditions:
    """Never without the one on who may see the item, unless `groups` is None: the operator."""
    wanted: list[Condition] = []
    if groups is not None:
        wanted.append(AnyOf("groups", tuple(sorted({*groups, EVERYONE}))))
    wanted += _values(filters)
    wanted += _skills(filters)
    if filters.max_duration is not None:
        wanted.append(Within("duration", high=filters.max_duration))
    if filters.published_since is not None:
        wanted.append(Since("published", filters.published_since))
    if filters.updated_since is not None:
        wanted.append(Since("updated", filters.updated_since))
    return tuple(wanted)


def without(filters: Filters, facet: FacetName) -> Filters:
    """The filters a facet is counted under: all but its own."""
    match facet:
        case FacetName.SKILL:
            return replace(filters, skills=())
        case FacetName.KIND:
            return replace(filters, kinds=())
        case FacetName.LEVEL:
            return replace(filters, levels=())
        case FacetName.LANGUAGE:
            return replace(filters, languages=())
        case FacetName.PROVIDER:
            return replace(filters, providers=())
        case FacetName.SOURCE:
            return replace(filters, sources=())
        case FacetName.DELIVERY:
            return replace(filters, deliveries=())
        case FacetName.FREE:
            return replace(filters, free=None)


def _values(filters: Filters) -> list[Condition]:
    link = {True: (DEAD,), False: (ALIVE,), None: ()}[filters.dead]
    free = {True: (FREE,), False: (PAID,), None: ()}[filters.free]
    by_field: dict[str, tuple[str, ...]] = {
        "kind": tuple(kind.value for kind in filters.kinds),
        "level": tuple(level.value for level in filters.levels),
        "languages": tuple(tag.lower() for tag in filters.languages),
        "provider": filters.providers,
        "source": filters.sources,
        "delivery": tuple(delivery.value for delivery in filters.deliveries),
        "free": free,
        "link": link,
    }
    return [AnyOf(field, values) for field, values in by_field.items() if values]


def _skills(filters: Filters) -> list[Condition]:
    """A bound on the probability must hold for the very tag that names the skill: nested."""
    if not filters.skills:
        return []
    if filters.min_probability > 0:
        each: list[Condition] = [Teaches(s, filters.min_probability) for s in filters.skills]
    elif filters.skill_match is SkillMatch.ANY:
        return [AnyOf(TAUGHT, filters.skills)]
    else:
        each = [AnyOf(TAUGHT, (skill,)) for skill in filters.skills]
    if filters.skill_match is SkillMatch.ALL:
        return each
    return [Either(tuple((one,) for one in each))]
