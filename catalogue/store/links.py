"""The items' links: which are to be checked, and what checking them said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from catalogue import wire
from catalogue.decide import PRESENT
from catalogue.links import Checked, DueLink, Link, LinkStatus, concluded, next_check
from catalogue.model import ItemKey
from catalogue.store import grouping
from catalogue.store.database import Database
from catalogue.store.rows import chunks
from catalogue.store.schema import items, links
from catalogue.store.sequence import renumber
from catalogue.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Links:
    database: Database

    def due(self, limit: int, after_id: int = 0) -> list[DueLink]:
        """Present items whose link was not checked yet, or not for long, or is another one now."""
        now = self.database.clock()
        wanted = or_(
            links.c.item.is_(None),
            links.c.next_check <= now,
            links.c.rest_hash != items.c.rest_hash,
        )
        here = and_(items.c.state.in_(PRESENT), items.c.filtered == "", items.c.id > after_id)
        query = select(items.c.id, items.c.source, items.c.key, items.c.draft)
        query = query.outerjoin(links, links.c.item == items.c.id).where(here, wanted)
        with self.database.read() as conn:
            rows = conn.execute(query.order_by(items.c.id).limit(limit))
            return [
                DueLink(row.id, ItemKey(row.source, row.key), wire.read_draft(row.draft).url)
                for row in rows
            ]

    def record(self, checks: Sequence[Checked]) -> int:
        """Stores what was found; how many items' links died or came back to life.

        Those items get new numbers, so that search learns of it.
        """
        with self.database.change() as conn:
            now = self.database.clock()
            before = _read(conn, [check.due.item for check in checks])
            hashes = _hashes(conn, [check.due.item for check in checks])
            after = {
                check.due.item: concluded(before.get(check.due.item), check, now)
                for check in checks
            }
            rows = [_columns(item, link, hashes[item]) for item, link in after.items()]
            upsert(conn, links, rows)
            turned = [i for i, link in after.items() if _is_dead(link) != _is_dead(before.get(i))]
            renumber(conn, sorted(turned), now)
            grouping.regroup(conn, turned, now)  # what stands for a work should open
            return len(turned)

    def of(self, key: ItemKey) -> Link | None:
        """What is known of an item's link; None where it was never checked."""
        with self.database.read() as conn:
            mine = and_(items.c.source == key.source, items.c.key == key.key)
            row = conn.execute(_query().where(mine)).first()
            return None if row is None else _link(row)

    def failing(self, source: str | None = None, *, dead: bool = True) -> Sequence[Link]:
        """Dead links, or with `dead=False` also those on their way there; longest so first."""
        statuses = [LinkStatus.DEAD] if dead else [LinkStatus.DEAD, LinkStatus.FAILING]
        query = _query().where(links.c.status.in_(statuses), items.c.state.in_(PRESENT))
        if source is not None:
            query = query.where(items.c.source == source)
        with self.database.read() as conn:
            return [_link(row) for row in conn.execute(query.order_by(links.c.since, items.c.id))]


def _is_dead(link: Link | None) -> bool:
    return link is not None and link.status is LinkStatus.DEAD


def _query() -> Any:
    return select(links, items.c.source, items.c.key).join(items, items.c.id == links.c.item)


def _read(conn: Connection, ids: Sequence[int]) -> Mapping[int, Link]:
    return {
        row.item: _link(row)
        for chunk in chunks(ids)
        for row in conn.execute(_query().where(links.c.item.in_(chunk)))
    }


def _hashes(conn: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    query = select(items.c.id, items.c.rest_hash)
    return {
        row.id: row.rest_hash
        for chunk in chunks(ids)
        for row in conn.execute(query.where(items.c.id.in_(chunk)))
    }


def _link(row: Row[Any]) -> Link:
    key, status = ItemKey(row.source, row.key), LinkStatus(row.status)
    return Link(key, row.url, status, row.failures, row.reason, row.since, row.checked)


def _columns(item: int, link: Link, rest_hash: str) -> dict[str, Any]:
    return {
        "item": item,
        "url": link.url,
        "rest_hash": rest_hash,
        "status": link.status,
        "failures": link.failures,
        "reason": link.reason,
        "since": link.since,
        "checked": link.checked,
        "next_check": next_check(link),
    }
