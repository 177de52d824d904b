"""Items that wait for repair: a work queue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from catalogue.errors import NotFound
from catalogue.model import Failure, ItemKey, Payload, Stage
from catalogue.records import ItemFailure
from catalogue.store.columns import storable_key
from catalogue.store.database import Database
from catalogue.store.rows import chunks
from catalogue.store.schema import failures
from catalogue.store.upsert import upsert

_READING = (Stage.FETCH, Stage.READ)


@dataclass(frozen=True, slots=True)
class Failures:
    database: Database

    def list(self, source: str | None = None, stage: Stage | None = None) -> list[Failure]:
        """Latest first."""
        query = select(failures).order_by(failures.c.last_seen.desc(), failures.c.key)
        if source is not None:
            query = query.where(failures.c.source == source)
        if stage is not None:
            query = query.where(failures.c.stage == stage)
        with self.database.read() as conn:
            return [_failure(row) for row in conn.execute(query)]

    def record(self, source: str, found: Collection[ItemFailure]) -> None:
        """Adds the failures; one that stands already counts another attempt."""
        with self.database.write() as conn:
            record(conn, source, found, self.database.clock())

    def resolve(self, item: ItemKey, stage: Stage) -> None:
        with self.database.write() as conn:
            resolve(conn, item.source, [item.key], (stage,))

    def payload(self, item: ItemKey) -> Payload:
        """What was fetched of an item that could not be read. Raises NotFound."""
        mine = (failures.c.source == item.source) & (failures.c.key == item.key)
        query = select(failures.c.payload).where(mine, failures.c.payload.is_not(None))
        with self.database.read() as conn:
            payload: Payload | None = conn.execute(query).scalar()
        if payload is None:
            raise NotFound(f"nothing was fetched of {item.key!r} of {item.source}")
        return payload

    def count(self, source: str | None = None) -> int:
        query = select(func.count()).select_from(failures)
        if source is not None:
            query = query.where(failures.c.source == source)
        with self.database.read() as conn:
            return int(conn.execute(query).scalar_one())


def record(conn: Connection, source: str, found: Collection[ItemFailure], now: datetime) -> None:
    """Within the caller's transaction."""
    latest = {(storable_key(one.key), one.stage): one for one in found}
    rows = [
        {
            "source": source,
            "key": key,
            "stage": stage,
            "error": one.error,
            "message": one.message,
            "first_seen": now,
            "last_seen": now,
            "attempts": 1,
            "payload": None if one.payload is None else dict(one.payload),
        }
        for (key, stage), one in sorted(
            latest.items(), key=_name
        )  # one order, so that writers queue up
    ]
    again = failures.c.attempts + 1
    upsert(conn, failures, rows, first_seen=None, attempts=again)


def resolve(
    conn: Connection, source: str, keys: Collection[str], stages: Collection[Stage]
) -> None:
    for chunk in chunks(keys):
        waiting = (failures.c.source == source) & failures.c.stage.in_(stages)
        conn.execute(delete(failures).where(waiting, failures.c.key.in_(chunk)))


def resolve_unseen(conn: Connection, source: str, seen: Collection[str]) -> None:
    """A complete listing did not show these: there is nothing left to repair."""
    mine = select(failures.c.key).where(failures.c.source == source)
    resolve(conn, source, set(conn.scalars(mine)).difference(seen), tuple(Stage))


def forget_unfetched(conn: Connection, source: str) -> None:
    mine = (failures.c.source == source) & (failures.c.stage == Stage.FETCH)
    conn.execute(delete(failures).where(mine))


def resolve_read(conn: Connection, source: str, keys: Collection[str]) -> None:
    """These items have been fetched and read."""
    resolve(conn, source, keys, _READING)


def _name(entry: tuple[tuple[str, Stage], ItemFailure]) -> tuple[str, Stage]:
    return entry[0]


def _failure(row: Row[Any]) -> Failure:
    return Failure(
        ItemKey(row.source, row.key),
        Stage(row.stage),
        row.error,
        row.message,
        row.first_seen,
        row.last_seen,
        row.attempts,
    )
