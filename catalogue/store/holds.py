"""Vanishings that wait for a person, within the caller's transaction."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from catalogue.decide import PRESENT
from catalogue.errors import NotFound
from catalogue.model import State
from catalogue.records import Decision, Hold
from catalogue.store.decisions import record
from catalogue.store.rows import chunks
from catalogue.store.schema import holds, items
from catalogue.store.sequence import renumber
from catalogue.store.upsert import upsert


def find(conn: Connection, source: str) -> Hold | None:
    row = conn.execute(select(holds).where(holds.c.source == source)).first()
    if row is None:
        return None
    return Hold(row.source, frozenset(row._mapping["keys"]), row.since, row.live)


def place(conn: Connection, hold: Hold) -> None:
    """Holds these keys, and no others of that source any more. The first date stands."""
    row = {"source": hold.source, "keys": sorted(hold.keys), "live": hold.live}
    upsert(conn, holds, [row | {"since": hold.since}], since=None)


def lift(conn: Connection, source: str) -> None:
    conn.execute(delete(holds).where(holds.c.source == source))


def release(conn: Connection, source: str, shown: Collection[str]) -> None:
    """Takes keys from the hold that the source has shown again."""
    hold = find(conn, source)
    if hold is None or hold.keys.isdisjoint(shown):
        return
    left = hold.keys.difference(shown)
    if left:
        place(conn, Hold(source, left, hold.since, hold.live))
    else:
        lift(conn, source)


def approve(conn: Connection, source: str, who: str, now: datetime) -> int:
    hold = _standing(conn, source)
    count = drop(conn, source, hold.keys, now)
    lift(conn, source)
    record(conn, Decision(source, "", f"let {count} vanished items go", who, now))
    return count


def dismiss(conn: Connection, source: str, who: str, now: datetime) -> None:
    hold = _standing(conn, source)
    lift(conn, source)
    record(conn, Decision(source, "", f"kept {len(hold.keys)} vanished items", who, now))


def drop(conn: Connection, source: str, keys: Collection[str], now: datetime) -> int:
    """Marks present items as gone; the number of them."""
    present = (items.c.source == source) & items.c.state.in_(PRESENT)
    count = 0
    for chunk in chunks(sorted(keys)):
        chosen = select(items.c.id).where(present, items.c.key.in_(chunk)).order_by(items.c.id)
        ids = conn.scalars(chosen).all()
        renumber(conn, ids, now, state=State.GONE)
        count += len(ids)
    return count


def _standing(conn: Connection, source: str) -> Hold:
    hold = find(conn, source)
    if hold is None:
        raise NotFound(f"nothing of source {source!r} is held")
    return hold
