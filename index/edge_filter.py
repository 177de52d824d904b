"""Conditions as Qdrant Edge takes them."""

from collections.abc import Mapping
from typing import Any

import qdrant_edge as edge

from index import conditions as c
from index.conditions import Condition, Conditions
from index.engine import Signal


def to_filter(where: Conditions) -> Any:
    return edge.Filter(must=[_TRANSLATE[type(one)](one) for one in where]) if where else None


def _any_of(one: c.AnyOf) -> Any:
    return edge.FieldCondition(one.field, match=edge.MatchAny(list(one.values)))  # type: ignore[arg-type]


def _ids(one: c.Ids) -> Any:
    return edge.HasIdCondition(set(one.ids))


def _within(one: c.Within) -> Any:
    within = edge.RangeFloat(gte=one.low, lte=one.high, lt=one.below)
    return edge.FieldCondition(one.field, range=within)


def _since(one: c.Since) -> Any:
    return edge.FieldCondition(one.field, range=edge.RangeDateTime(gte=one.moment.isoformat()))


def _teaches(one: c.Teaches) -> Any:
    skill = edge.FieldCondition("skill", match=edge.MatchValue(one.skill))
    sure = edge.FieldCondition("probability", range=edge.RangeFloat(gte=one.probability))
    return edge.NestedCondition("tags", edge.Filter(must=[skill, sure]))


def _either(one: c.Either) -> Any:
    return edge.Filter(should=[to_filter(alternative) for alternative in one.alternatives])


def _embedded(one: c.Embedded) -> Any:
    has = edge.HasVectorCondition(Signal.MEANING.value)
    return has if one.present else edge.Filter(must_not=[has])


_TRANSLATE: Mapping[type[Condition], Any] = {
    c.AnyOf: _any_of,
    c.Ids: _ids,
    c.Within: _within,
    c.Since: _since,
    c.Teaches: _teaches,
    c.Either: _either,
    c.Embedded: _embedded,
}
