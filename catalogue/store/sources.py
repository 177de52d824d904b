"""The sources: what they are, how far they were read, who approved them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from catalogue.errors import NotFound
from catalogue.model import Cursor
from catalogue.records import Decision, Hold, Source
from catalogue.store import failures, holds, locks
from catalogue.store.database import Database
from catalogue.store.decisions import record
from catalogue.store.schema import items, sources
from catalogue.store.sequence import renumber


@dataclass(frozen=True, slots=True)
class Sources:
    database: Database

    def register(self, source: Source) -> None:
        """Adds the source or brings it up to date.

        Where something changed that its items show, they get new sequence numbers. A new
        fingerprint empties the cursor: it was made under other settings. What could not be
        fetched is forgotten with it: the source shows it again, or has it no more.
        """
        with self.database.change() as conn:
            row = conn.execute(select(sources).where(sources.c.name == source.name)).first()
            values = asdict(source)
            if row is None:
                conn.execute(sources.insert().values(cursor={}, **values))
                return
            before = _source(row)
            if before == source:
                return
            if before.fingerprint != source.fingerprint:
                values["cursor"] = {}
                failures.forget_unfetched(conn, source.name)
            conn.execute(update(sources).where(sources.c.name == source.name).values(**values))
            if _shown(before) != _shown(source):
                ids = conn.scalars(select(items.c.id).where(items.c.source == source.name)).all()
                renumber(conn, ids, self.database.clock())

    def get(self, name: str) -> Source:
        """Raises NotFound."""
        with self.database.read() as conn:
            return _source(find(conn, name))

    def all(self) -> list[Source]:
        with self.database.read() as conn:
            return [_source(row) for row in conn.execute(select(sources).order_by(sources.c.name))]

    def cursor(self, name: str) -> Cursor:
        with self.database.read() as conn:
            cursor: Cursor = find(conn, name).cursor
            return cursor

    def reset_cursor(self, name: str) -> None:
        """The next run reads the source from the beginning."""
        with self.database.write() as conn:
            find(conn, name)
            conn.execute(update(sources).where(sources.c.name == name).values(cursor={}))

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Keeps every other process and thread from reading the source. Raises Busy, saying who.

        The lock ends with its process, however that ends.
        """
        with locks.lock(self.database, f"source {name}"):
            yield

    def approved(self, name: str) -> bool:
        """Whether a person approved the source with the settings it has now."""
        with self.database.read() as conn:
            row = find(conn, name)
            return bool(row.approved_fingerprint == row.fingerprint)

    def approve(self, name: str, who: str) -> None:
        """With other settings the approval lapses, and new items wait for a person."""
        with self.database.write() as conn:
            now = find(conn, name).fingerprint
            chosen = update(sources).where(sources.c.name == name)
            conn.execute(chosen.values(approved_fingerprint=now))
            record(conn, Decision(name, "", "approve source", who, self.database.clock()))

    def held(self, name: str) -> Hold | None:
        with self.database.read() as conn:
            return holds.find(conn, name)

    def approve_hold(self, name: str, who: str) -> int:
        """Lets the held items go; the number of them. Raises NotFound where nothing is held."""
        with self.database.change() as conn:
            return holds.approve(conn, name, who, self.database.clock())

    def dismiss_hold(self, name: str, who: str) -> None:
        """Keeps the held items. The next complete listing that lacks them is held again."""
        with self.database.change() as conn:
            holds.dismiss(conn, name, who, self.database.clock())


def find(conn: Connection, name: str) -> Row[Any]:
    row = conn.execute(select(sources).where(sources.c.name == name)).first()
    if row is None:
        raise NotFound(f"there is no source {name!r} in the catalogue")
    return row


def publishes(row: Row[Any]) -> bool:
    """Whether the source's new items are published at once: not once its approval has lapsed."""
    return bool(row.publish) and row.approved_fingerprint in (None, row.fingerprint)


def _source(row: Row[Any]) -> Source:
    names = Source.__dataclass_fields__
    known = {name: value for name, value in row._mapping.items() if name in names}
    return Source(**known | {"visibility": tuple(row.visibility)})


def _shown(source: Source) -> Source:
    """What of a source shows in its items."""
    return replace(source, connector="", owner="", fingerprint="", publish=True)
