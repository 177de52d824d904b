"""The items, their enrichment and their life."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from catalogue.decide import PRESENT
from catalogue.errors import NotFound
from catalogue.model import Draft, Enrichment, Item, ItemKey, Passage, Payload, State
from catalogue.records import Decision, Enriched, Unmapped
from catalogue.store import enriching, unmapped
from catalogue.store.database import Database
from catalogue.store.decisions import record
from catalogue.store.rows import read_items, read_passages, select_items
from catalogue.store.schema import bodies, items
from catalogue.store.sequence import renumber


@dataclass(frozen=True, slots=True)
class Items:
    database: Database

    def get(self, key: ItemKey) -> Item:
        """The item without its parts. Raises NotFound."""
        return self._one(_named(key), f"{key.key!r} of {key.source}")

    def find(self, item_id: int) -> Item:
        """The item without its parts. Raises NotFound."""
        return self._one(items.c.id == item_id, str(item_id))

    def draft_with_parts(self, key: ItemKey) -> Draft:
        with self.database.read() as conn:
            rows = [_row(conn, key)]
            return read_items(conn, rows, with_parts=True)[0].draft

    def payload(self, key: ItemKey) -> Payload:
        """The item as its source last gave it."""
        with self.database.read() as conn:
            mine = bodies.c.item == _row(conn, key).id
            payload: Payload = conn.execute(select(bodies.c.payload).where(mine)).scalar_one()
            return payload

    def passages(self, key: ItemKey) -> tuple[Passage, ...]:
        with self.database.read() as conn:
            item = _row(conn, key).id
            return read_passages(conn, [item]).get(item, ())

    def page(
        self,
        source: str | None = None,
        states: Collection[State] | None = None,
        after_id: int = 0,
        limit: int = 100,
    ) -> list[Item]:
        """Items in the order they first came, from after `after_id`; without their parts."""
        query = select_items().where(items.c.id > after_id)
        if source is not None:
            query = query.where(items.c.source == source)
        if states is not None:
            query = query.where(items.c.state.in_(states))
        return self._some(query.order_by(items.c.id).limit(limit))

    def to_enrich(
        self, version: str, limit: int, source: str | None = None, after_id: int = 0
    ) -> list[Item]:
        """Present items whose text has not been through this version, with their parts.

        Pass the last one's id as `after_id` to get past those that fail.
        """
        query = select_items().where(items.c.id > after_id, _waits(version, source))
        return self._some(query.order_by(items.c.id).limit(limit), with_parts=True)

    def count_to_enrich(self, version: str, source: str | None = None) -> int:
        """How many items `to_enrich` would give in all."""
        query = select(func.count()).select_from(items).where(_waits(version, source))
        with self.database.read() as conn:
            return int(conn.execute(query).scalar_one())

    def enriched(self, item_id: int, model_hash: str, enrichment: Enrichment) -> bool:
        """Stores the enrichment; False where the item's text has changed since it was read."""
        return bool(self.enriched_all([Enriched(item_id, model_hash, enrichment)]))

    def enriched_all(self, results: Iterable[Enriched]) -> frozenset[int]:
        """Stores enrichments in one transaction; the ids of those whose text still stands."""
        chosen = list(results)
        with self.database.change() as conn:
            return enriching.store(conn, chosen, self.database.clock())

    def set_state(self, key: ItemKey, state: State, who: str) -> Item:
        """A person decides on an item's life; who and when are kept."""
        with self.database.change() as conn:
            now = self.database.clock()
            if _row(conn, key).state != state:
                renumber(conn, [_row(conn, key).id], now, state=state)
                record(conn, Decision(key.source, key.key, f"{state}", who, now))
            return read_items(conn, [_row(conn, key)])[0]

    def approve(self, key: ItemKey, who: str) -> Item:
        """Publishes an item that waited for a person."""
        return self.set_state(key, State.PUBLISHED, who)

    def restore(self, key: ItemKey, who: str) -> Item:
        """Publishes an item that had gone, was retired or suppressed."""
        return self.set_state(key, State.PUBLISHED, who)

    def counts(self) -> Mapping[str, Mapping[State, int]]:
        """Items per source and state without those filtered; a source without any is missing."""
        let_in = (items.c.filtered == "") | (items.c.state == State.GONE)
        query = select(items.c.source, items.c.state, func.count()).where(let_in)
        found: dict[str, dict[State, int]] = {}
        with self.database.read() as conn:
            for source, state, count in conn.execute(query.group_by(items.c.source, items.c.state)):
                found.setdefault(source, {})[State(state)] = count
        return found

    def left_out(self) -> Mapping[str, int]:
        """How many items each source's filter leaves out; a source without any is missing."""
        query = select(items.c.source, func.count()).where(
            items.c.filtered != "", items.c.state != State.GONE
        )
        with self.database.read() as conn:
            return dict(conn.execute(query.group_by(items.c.source)).tuples().all())

    def unmapped(self, source: str | None = None) -> list[Unmapped]:
        """Words that no vocabulary of ours knows, those of the most items first."""
        with self.database.read() as conn:
            return unmapped.count(conn, source)

    def _one(self, condition: ColumnElement[bool], name: str) -> Item:
        found = self._some(select_items().where(condition))
        if not found:
            raise NotFound(f"there is no item {name}")
        return found[0]

    def _some(self, query: Select[Any], *, with_parts: bool = False) -> list[Item]:
        with self.database.read() as conn:
            return read_items(conn, conn.execute(query).all(), with_parts=with_parts)


def _named(key: ItemKey) -> ColumnElement[bool]:
    return (items.c.source == key.source) & (items.c.key == key.key)


def _row(conn: Connection, key: ItemKey) -> Row[Any]:
    row = conn.execute(select_items().where(_named(key))).first()
    if row is None:
        raise NotFound(f"there is no item {key.key!r} of {key.source}")
    return row


def _waits(version: str, source: str | None) -> ColumnElement[bool]:
    done = items.c.enriched_version
    waits = items.c.state.in_(PRESENT) & (items.c.filtered == "")
    waits &= or_(done.is_(None), done != version)
    return waits if source is None else waits & (items.c.source == source)
