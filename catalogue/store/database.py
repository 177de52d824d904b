"""The door to the database: connections, transactions, and what its errors mean to the caller."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from catalogue.errors import BadConfig, Busy, NeedsPerson, SkillshelfError, TryLater
from catalogue.store import schema
from catalogue.store.migrate import migrate

Clock = Callable[[], datetime]
_BUSY_MS = 30_000
_MIGRATION_LOCK = 7_310_587  # any number, the same in every process


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Database:
    """One catalogue's database. Reads see one moment; writes are all or nothing."""

    engine: Engine
    clock: Clock = utc_now

    @property
    def path(self) -> Path | None:
        """The file, where the database is one."""
        return Path(str(self.engine.url.database)) if _is_sqlite(self.engine.url) else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction in which every statement sees the same moment."""
        level: dict[str, Any] = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        with self._explained(), self.engine.connect() as conn:
            yield conn.execution_options(**level)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write, but changes no item."""
        with self._explained(), self.engine.connect() as conn:
            conn.execution_options(writes=True)
            with conn.begin():
                yield conn

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """A transaction that may change items.

        It takes the counter before anything else and keeps it to the end: so changes commit in
        the order of their numbers, and two writers cannot wait for each other's rows.
        """
        with self.write() as conn:
            conn.execute(select(schema.counter.c.last).with_for_update())
            yield conn

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _explain(error, self.engine.url) from error


def open_database(url: str, clock: Clock = utc_now) -> Database:
    """Opens, makes or migrates the database at `url`: `sqlite:///PATH` or `postgresql://…`."""
    parsed = _parse(url)
    database = Database(_sqlite(parsed) if _is_sqlite(parsed) else _postgres(parsed), clock)
    with database.write() as conn:
        if not database.path:
            conn.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        migrate(conn)
    return database


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise BadConfig("database_url: use sqlite:///PATH or postgresql://USER@HOST/DATABASE")
    if _is_sqlite(parsed) and parsed.database in {None, "", ":memory:"}:
        raise BadConfig(
            "database_url: name a file, as in sqlite:////var/lib/skillshelf/catalogue.db"
        )
    return parsed if _is_sqlite(parsed) else parsed.set(drivername="postgresql+psycopg")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _sqlite(url: URL) -> Engine:
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(f"cannot make the folder of {url.database}: {error.strerror}") from error
    engine = create_engine(url, pool_size=8, max_overflow=64)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    # NORMAL survives kill -9 but may forget the last commits in a power cut. An index that has
    # already followed them would then miss the changes that get the same numbers again.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(conn: Connection) -> None:
    # A reader that turns writer is refused at once when another has written meanwhile
    # (SQLITE_BUSY_SNAPSHOT), whatever the timeout; so writers say so from the start.
    writes = conn.get_execution_options().get("writes", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(url: URL) -> Engine:
    try:
        return create_engine(url, pool_size=8, max_overflow=32, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise BadConfig(
            "PostgreSQL needs its driver: pip install 'skillshelf[postgres]'"
        ) from error


_SQLITE = {
    sqlite3.SQLITE_FULL: (NeedsPerson, "the disk is full; free some space and run again"),
    sqlite3.SQLITE_IOERR: (NeedsPerson, "the disk fails or is full; nothing was stored"),
    sqlite3.SQLITE_READONLY: (NeedsPerson, "it cannot be written; check its owner and mode"),
    sqlite3.SQLITE_CANTOPEN: (BadConfig, "it cannot be opened; check that the folder exists"),
    sqlite3.SQLITE_NOTADB: (BadConfig, "it is not a catalogue; name another file"),
    sqlite3.SQLITE_CORRUPT: (NeedsPerson, "it is damaged; restore a backup"),
    sqlite3.SQLITE_BUSY: (Busy, "another process has been writing for too long"),
}
_POSTGRES: dict[str, tuple[type[SkillshelfError], str]] = {
    "53100": (NeedsPerson, "its disk is full; free some space and run again"),
    "28": (BadConfig, "it refuses the user or password of database_url"),
    "3D": (BadConfig, "there is no such database; create it first"),
    "42501": (BadConfig, "the user of database_url lacks rights in it"),
    "": (TryLater, "it does not answer, or went away"),
}


def _explain(error: DBAPIError, url: URL) -> Exception:
    """The product's word for a database's error; the error itself where it is a defect of ours."""
    place = url.database if _is_sqlite(url) else f"{url.host or 'localhost'}/{url.database}"
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int) and code & 0xFF in _SQLITE:
        kind, remedy = _SQLITE[code & 0xFF]
        return kind(f"catalogue {place}: {remedy}")
    if _is_sqlite(url):
        return error
    state = getattr(error.orig, "sqlstate", None) or ""
    known = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if state == "" and not error.connection_invalidated and not _unreachable(error):
        known = None
    return known[0](f"catalogue {place}: {known[1]}") if known else error


def _unreachable(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "OperationalError"
