"""Locks between processes that no death of a process can leave behind."""

import fcntl
import hashlib
import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, text

from catalogue.errors import Busy, NeedsPerson
from catalogue.store.database import Database
from catalogue.store.explain import explained


@contextmanager
def lock(database: Database, name: str) -> Iterator[None]:
    """Holds the lock `name` of this catalogue; raises Busy saying who holds it."""
    with ExitStack() as held:
        with explained(database.engine.url):  # not the caller's own errors
            if database.path:
                folder = database.path.with_name(database.path.name + ".locks")
                held.enter_context(_file_lock(folder, name))
            else:
                held.enter_context(_advisory_lock(database.engine, name))
        yield


@contextmanager
def _file_lock(folder: Path, name: str) -> Iterator[None]:
    try:
        folder.mkdir(exist_ok=True)
        handle = (folder / _file_name(name)).open("a+")
    except PermissionError as error:
        raise NeedsPerson(f"cannot lock {name} in {folder}: {error.strerror}") from error
    with handle:
        _claim(handle, name)
        yield


def _claim(handle: IO[str], name: str) -> None:
    # flock belongs to the open file: the kernel frees it when the process ends, and two threads
    # of one process exclude each other as well.
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        raise _busy(name, handle.read(200)) from None
    handle.truncate(0)
    handle.write(_me())
    handle.flush()


def _file_name(name: str) -> str:
    """Readable, and another one for each name."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{re.sub(r'[^a-zA-Z0-9]+', '-', name)[:60]}-{digest}"


@contextmanager
def _advisory_lock(engine: Engine, name: str) -> Iterator[None]:
    # A session's lock: PostgreSQL frees it when the connection ends. It takes a connection of its
    # own, without a transaction, for as long as it is held.
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)
    key = {"a": _CLASS, "b": number}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("SELECT set_config('application_name', :me, false)"), {"me": _me()})
        try:
            if not conn.execute(text("SELECT pg_try_advisory_lock(:a, :b)"), key).scalar():
                raise _busy(name, str(conn.execute(_HOLDER, key).scalar() or ""))
            yield
        finally:
            conn.invalidate()  # closing the session is the one release that cannot fail


_CLASS = 7_310_588  # sets our locks apart from those of other programs in the same database
_HOLDER = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND classid = CAST(CAST(:a AS bigint) AS oid) "
    "AND objid = CAST((CAST(:b AS bigint) & 4294967295) AS oid)"
)


def _me() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


def _busy(name: str, holder: str) -> Busy:
    return Busy(f"{name} is in use by {holder or 'another process'}; wait until it ends, or end it")
