"""The door to the database: connections, transactions, and what its errors mean to the caller."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from catalogue.errors import BadConfig
from catalogue.store import schema
from catalogue.store.explain import explained
from catalogue.store.migrate import is_current, migrate

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
        with explained(self.engine.url), self.engine.connect() as conn:
            yield conn.execution_options(**level)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write, but changes no item."""
        with explained(self.engine.url), self.engine.connect() as conn:
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


def open_database(url: str, clock: Clock = utc_now) -> Database:
    """Opens, makes or migrates the database at `url`: `sqlite:///PATH` or `postgresql://…`."""
    parsed = _parse(url)
    database = Database(_sqlite(parsed) if _is_sqlite(parsed) else _postgres(parsed), clock)
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.engine.dispose()
        raise
    return database


def _bring_up_to_date(database: Database) -> None:
    with database.read() as conn:  # nearly always all there is to do, and it waits for no writer
        if is_current(conn):
            return
    with database.write() as conn:
        if not database.path:
            conn.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        migrate(conn)


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
    _write_ahead(connection)
    # NORMAL survives kill -9 but may forget the last commits in a power cut. An index that has
    # already followed them would then miss the changes that get the same numbers again.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    # Of connections that turn the same new file to WAL at once, SQLite refuses all but one
    # without waiting, whatever the timeout: each reads the file and would wait for the others.
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


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
