"""The one sequence of all changes to items. Numbers are given in commit order, never twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from catalogue.store.schema import counter, items


def take(conn: Connection, count: int) -> range:
    """The next `count` numbers, within a transaction of `Database.change`."""
    bumped = update(counter).values(last=counter.c.last + count).returning(counter.c.last)
    last = int(conn.execute(bumped).scalar_one())
    return range(last - count + 1, last + 1)


def renumber(conn: Connection, ids: Iterable[int], now: datetime, **values: object) -> None:
    """Gives each of these items the next number, and sets `values` on them."""
    chosen: Sequence[int] = list(ids)
    if not chosen:
        return
    one = items.update().where(items.c.id == bindparam("which"))
    one = one.values(sequence=bindparam("number"), last_changed=now, **values)
    numbers = take(conn, len(chosen))
    conn.execute(one, [{"which": i, "number": n} for i, n in zip(chosen, numbers, strict=True)])
