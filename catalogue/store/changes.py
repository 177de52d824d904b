"""What followers of the catalogue read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select

from catalogue.decide import visible
from catalogue.model import LIVE, Change, Item, ItemKey, Passage
from catalogue.store.database import Database
from catalogue.store.rows import CHUNK, read_items, read_passages, select_items
from catalogue.store.schema import counter, enrichments, items


@dataclass(frozen=True, slots=True)
class Changes:
    database: Database

    def head(self) -> int:
        """The number of the latest change; 0 where there was none."""
        with self.database.read() as conn:
            return int(conn.execute(select(counter.c.last)).scalar_one())

    def epoch(self) -> str:
        """Names this history of numbers. A follower that knows another one starts from 0."""
        with self.database.read() as conn:
            return str(conn.execute(select(counter.c.epoch)).scalar_one())

    def after(self, sequence: int, limit: int) -> list[Change]:
        """Items changed after `sequence`, as they stand now, in the order of their numbers."""
        query = select_items().where(items.c.sequence > sequence)
        query = query.order_by(items.c.sequence).limit(limit)
        with self.database.read() as conn:
            rows = conn.execute(query).all()
            shown = [row for row in rows if _is_shown(row)]
            read = {item.id: item for item in read_items(conn, shown)}
            passages = read_passages(conn, read)
        return [_change(row, read.get(row.id), passages.get(row.id, ())) for row in rows]

    def live_passages(self) -> Iterator[tuple[ItemKey, int, int]]:
        """Every searchable item with its number of passages and its sequence number."""
        columns = (items.c.id, items.c.source, items.c.key, items.c.sequence, enrichments.c.count)
        query = select(*columns).join(enrichments, enrichments.c.item == items.c.id)
        query = query.where(_SHOWN).order_by(items.c.id).limit(CHUNK)
        last = 0
        while True:
            with self.database.read() as conn:
                rows = conn.execute(query.where(items.c.id > last)).all()
            for row in rows:
                yield ItemKey(row.source, row.key), row._mapping["count"], row.sequence
            if len(rows) < CHUNK:
                return
            last = rows[-1].id


_SHOWN: ColumnElement[bool] = and_(
    items.c.state.in_(LIVE), items.c.filtered == "", items.c.enriched_hash.is_not(None)
)


def _is_shown(row: Row[Any]) -> bool:
    return row.state in LIVE and not row.filtered and row.enriched_hash is not None


def _change(row: Row[Any], item: Item | None, passages: tuple[Passage, ...]) -> Change:
    key = ItemKey(row.source, row.key)
    if item is None:
        return Change(row.sequence, key)
    groups = visible(item.draft.visibility, tuple(row.visibility))
    return Change(row.sequence, key, item, passages, groups)
