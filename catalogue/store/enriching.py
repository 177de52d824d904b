"""Storing what the machine concluded, within the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalogue import wire
from catalogue.model import Stage
from catalogue.records import Enriched
from catalogue.store import failures
from catalogue.store.rows import chunks
from catalogue.store.schema import enrichments, items, tags
from catalogue.store.sequence import take
from catalogue.store.upsert import upsert


def store(conn: Connection, results: Sequence[Enriched], now: datetime) -> frozenset[int]:
    """Stores those whose text still stands, with new numbers; their ids."""
    current = _current(conn, results)
    if not current:
        return frozenset()
    ids = [one.item_id for one in current]
    _conclude(conn, current, now)
    upsert(conn, enrichments, [_texts(one) for one in current])
    for chunk in chunks(ids):
        conn.execute(delete(tags).where(tags.c.item.in_(chunk)))
    judged = [row for one in current for row in _tags(one)]
    if judged:
        conn.execute(insert(tags), judged)
    return frozenset(ids)


def _current(conn: Connection, results: Sequence[Enriched]) -> list[Enriched]:
    latest = {one.item_id: one for one in results}
    current = []
    query = select(items.c.id, items.c.source, items.c.key, items.c.model_hash)
    for chunk in chunks(latest):
        for row in conn.execute(query.where(items.c.id.in_(chunk)).order_by(items.c.id)).all():
            if row.model_hash == latest[row.id].model_hash:
                current.append(latest[row.id])
                failures.resolve(conn, row.source, [row.key], (Stage.ENRICH,))
    return current


def _conclude(conn: Connection, current: list[Enriched], now: datetime) -> None:
    rows = [
        {
            "which": one.item_id,
            "sequence": number,
            "last_changed": now,
            "enriched_version": one.enrichment.version,
            "enriched_hash": one.model_hash,
            "language": one.enrichment.language,
            "level": one.enrichment.level,
            "duration": one.enrichment.duration,
        }
        for one, number in zip(current, take(conn, len(current)), strict=True)
    ]
    conn.execute(update(items).where(items.c.id == bindparam("which")), rows)


def _texts(one: Enriched) -> dict[str, Any]:
    passages = one.enrichment.passages
    written = wire.write_passages(passages)
    return {"item": one.item_id, "count": len(passages), "passages": written}


def _tags(one: Enriched) -> list[dict[str, Any]]:
    return [
        {
            "item": one.item_id,
            "skill": tag.skill,
            "probability": tag.probability,
            "method": tag.method,
            "evidence": wire.write_evidence(tag.evidence),
        }
        for tag in one.enrichment.tags
    ]
