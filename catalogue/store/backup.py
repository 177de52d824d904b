"""Copies of a whole catalogue. A backup is a catalogue in one SQLite file, whatever its origin."""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import (
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    make_url,
    select,
    text,
    update,
)

from catalogue.errors import BadConfig, NeedsPerson
from catalogue.model import Outcome
from catalogue.store.columns import Packed, Structure
from catalogue.store.database import Database, open_database
from catalogue.store.explain import explained
from catalogue.store.migrate import VERSION_TABLE, forget, migrate
from catalogue.store.schema import counter, metadata, runs

_ROWS = 500


def backup(url: str, path: Path) -> None:
    """Writes the catalogue at `url` to the new file `path`, as it is at one moment.

    Others may read and write meanwhile. Raises NeedsPerson where `path` exists.
    """
    if path.exists():
        raise NeedsPerson(f"{path} exists; name a new file for the backup")
    with _opened(url) as database, explained(database.engine.url):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.unfinished")
        unfinished.unlink(missing_ok=True)
        try:
            if database.path:
                _copy_file(database.path, unfinished)
            else:
                _copy_rows_to_file(database, unfinished)
            _settle(unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def restore(path: Path, url: str, *, replace: bool = False) -> None:
    """Fills the catalogue at `url` from a backup, all or nothing.

    The catalogue gets a new epoch, so that every follower reads it again. Raises BadConfig where
    `path` is no backup; NeedsPerson where the catalogue has something in it and `replace` is not
    given.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "catalogue.db"  # an older backup is migrated, and stays as it is
        _fetch(path, copy)
        with (
            _opened(f"sqlite:///{copy}") as source,
            _opened(url) as target,
            source.read() as rows,
            target.change() as conn,
        ):
            last = _make_room(conn, url, replace=replace)
            _copy_rows(rows, conn)
            _begin_epoch(conn, last)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.engine.dispose()


def _copy_file(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)  # all pages in one step: one moment, and writers go on beside it
        new.execute("PRAGMA journal_mode = DELETE")  # one file, readable from read-only media


def _copy_rows_to_file(database: Database, target: Path) -> None:
    with _opened(f"sqlite:///{target}") as file, database.read() as rows, file.change() as conn:
        conn.execute(delete(counter))
        _copy_rows(rows, conn)
    with closing(sqlite3.connect(target)) as finished:
        finished.execute("PRAGMA journal_mode = DELETE")


def _settle(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fetch(path: Path, copy: Path) -> None:
    if not path.is_file():
        raise BadConfig(f"there is no backup {path}")
    shutil.copyfile(path, copy)
    if not _is_whole(copy):
        raise BadConfig(f"{path} is not a whole backup of a catalogue")


def _is_whole(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as conn:
            conn.execute(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608
            return bool(conn.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _make_room(conn: Connection, url: str, *, replace: bool) -> int:
    """Empties the catalogue; the number of its latest change."""
    last = int(conn.execute(select(counter.c.last)).scalar_one())
    used = any(conn.execute(select(table).limit(1)).first() for table in _OWN)
    if used and not replace:
        raise NeedsPerson(f"the catalogue at {_shown(url)} is not empty; `--replace` overwrites it")
    if used:
        forget(conn)
        migrate(conn)
    conn.execute(delete(counter))
    return last


_OWN = [table for table in metadata.sorted_tables if table is not counter]


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in _as_stored().sorted_tables:
        rows = source.execution_options(yield_per=_ROWS).execute(select(table))
        for chunk in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in chunk])
        if target.dialect.name == "postgresql" and _numbers_itself(table):
            _number_on(target, table)


def _as_stored() -> MetaData:
    """The tables, with packed values left packed: a copy need not look into them."""
    stored = MetaData()
    for table in metadata.sorted_tables:
        for column in table.to_metadata(stored).columns:
            if isinstance(column.type, Packed | Structure):
                column.type = LargeBinary() if isinstance(column.type, Packed) else Text()
    return stored


def _numbers_itself(table: Table) -> bool:
    return table.autoincrement_column is not None


def _number_on(conn: Connection, table: Table) -> None:
    """Rows copied with their ids do not move PostgreSQL's own counter for new ones."""
    last = f"(SELECT max(id) FROM {table.name})"  # noqa: S608
    numbers = f"pg_get_serial_sequence('{table.name}', 'id')"
    conn.execute(text(f"SELECT setval({numbers}, coalesce({last}, 1), {last} IS NOT NULL)"))


def _begin_epoch(conn: Connection, last: int) -> None:
    restored = int(conn.execute(select(counter.c.last)).scalar_one())
    conn.execute(update(counter).values(epoch=uuid.uuid4().hex, last=max(last, restored)))
    left = update(runs).where(runs.c.outcome == Outcome.RUNNING)
    conn.execute(left.values(outcome=Outcome.CRASHED, message="was running when backed up"))
