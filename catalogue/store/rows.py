"""Rows read as values, in bulk: a fixed number of statements however many items."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, and_, case, select

from catalogue import wire
from catalogue.decide import effective
from catalogue.links import LinkStatus
from catalogue.model import (
    Draft,
    Item,
    ItemKey,
    Level,
    Method,
    Part,
    Passage,
    Review,
    State,
    Tag,
    Verdict,
)
from catalogue.store.schema import bodies, enrichments, items, links, reviews, sources, tags
from catalogue.store.works_schema import works

T = TypeVar("T")
_leaders = items.alias("leaders")
CHUNK = 1000  # keys in one statement; SQLite allows 32,766 variables, PostgreSQL 65,535


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def select_items() -> Select[Any]:
    """Items with what their source says for them, and who stands for their work."""
    chosen = select(
        items,
        sources.c.threshold,
        sources.c.visibility,
        sources.c.provider,
        sources.c.language.label("source_language"),
        _leaders.c.source.label("leader_source"),
        _leaders.c.key.label("leader_key"),
        case((links.c.status == LinkStatus.DEAD, links.c.since)).label("dead_since"),
    ).join(sources, sources.c.name == items.c.source)
    chosen = chosen.outerjoin(links, links.c.item == items.c.id)
    chosen = chosen.outerjoin(works, works.c.item == items.c.id)
    return chosen.outerjoin(_leaders, _leaders.c.id == works.c.leader)


def read_items(
    conn: Connection, rows: Sequence[Row[Any]], *, with_parts: bool = False
) -> list[Item]:
    ids = [row.id for row in rows]
    machine, people = _tags(conn, ids), _reviews(conn, ids)
    texts = _parts(conn, ids) if with_parts else {}
    return [_item(row, machine[row.id], people[row.id], texts.get(row.id, ())) for row in rows]


def _item(row: Row[Any], machine: list[Tag], people: list[Review], parts: tuple[Part, ...]) -> Item:
    draft = wire.read_draft(row.draft, parts)
    return Item(
        id=row.id,
        key=ItemKey(row.source, row.key),
        state=State(row.state),
        sequence=row.sequence,
        draft=_with_provider(draft, row.provider),
        first_seen=row.first_seen,
        last_changed=row.last_changed,
        language=row.language or draft.language or row.source_language,
        level=Level(row.level) if row.level else draft.level,
        duration=draft.duration if row.duration is None else row.duration,
        tags=effective(machine, people, row.threshold),
        model_hash=row.model_hash,
        filtered=row.filtered,
        represented_by=_leader(row),
        dead_since=row.dead_since,
    )


def _leader(row: Row[Any]) -> ItemKey | None:
    if row.leader_source is None:
        return None
    return ItemKey(row.leader_source, row.leader_key)


def _with_provider(draft: Draft, provider: str) -> Draft:
    return draft if draft.provider or not provider else replace(draft, provider=provider)


def read_passages(conn: Connection, ids: Iterable[int]) -> dict[int, tuple[Passage, ...]]:
    found = {}
    for chunk in chunks(ids):
        query = select(enrichments.c.item, enrichments.c.passages)
        for row in conn.execute(query.where(enrichments.c.item.in_(chunk))):
            found[row.item] = wire.read_passages(row.passages)
    return found


def _parts(conn: Connection, ids: Iterable[int]) -> dict[int, tuple[Part, ...]]:
    found = {}
    for chunk in chunks(ids):
        query = select(bodies.c.item, bodies.c.parts).where(bodies.c.item.in_(chunk))
        for row in conn.execute(query):
            found[row.item] = wire.read_parts(row.parts)
    return found


def _tags(conn: Connection, ids: Iterable[int]) -> Mapping[int, list[Tag]]:
    found: defaultdict[int, list[Tag]] = defaultdict(list)
    for chunk in chunks(ids):
        for row in conn.execute(select(tags).where(tags.c.item.in_(chunk))):
            evidence = wire.read_evidence(row.evidence)
            found[row.item].append(Tag(row.skill, row.probability, Method(row.method), evidence))
    return found


def _reviews(conn: Connection, ids: Iterable[int]) -> Mapping[int, list[Review]]:
    found: defaultdict[int, list[Review]] = defaultdict(list)
    same = and_(reviews.c.source == items.c.source, reviews.c.key == items.c.key)
    for chunk in chunks(ids):
        query = select(items.c.id.label("item"), reviews).join(items, same)
        query = query.where(items.c.id.in_(chunk)).order_by(reviews.c.id)
        for row in conn.execute(query):
            found[row.item].append(read_review(row))
    return found


def read_review(row: Row[Any]) -> Review:
    item = ItemKey(row.source, row.key)
    return Review(item, row.skill, Verdict(row.verdict), row.who, row.why, row.at)
