"""What a database's errors mean to the caller."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from catalogue.errors import BadConfig, Busy, NeedsPerson, SkillshelfError, TryLater

_Meaning = tuple[type[SkillshelfError], str]

_SQLITE: dict[int, _Meaning] = {
    sqlite3.SQLITE_FULL: (NeedsPerson, "the disk is full; free some space and run again"),
    sqlite3.SQLITE_IOERR: (NeedsPerson, "the disk fails or is full; nothing was stored"),
    sqlite3.SQLITE_READONLY: (NeedsPerson, "it cannot be written; check its owner and mode"),
    sqlite3.SQLITE_CANTOPEN: (BadConfig, "it cannot be opened; check its folder's owner and mode"),
    sqlite3.SQLITE_NOTADB: (BadConfig, "it is not a catalogue; name another file"),
    sqlite3.SQLITE_CORRUPT: (NeedsPerson, "it is damaged; restore a backup"),
    sqlite3.SQLITE_BUSY: (Busy, "another process has been writing for too long"),
}
# By SQLSTATE, or its class.
_POSTGRES: dict[str, _Meaning] = {
    "53100": (NeedsPerson, "its disk is full; free some space and run again"),
    "42501": (BadConfig, "the user of database_url lacks rights in it"),
    "28": (BadConfig, "it refuses the user or password of database_url"),
    "3D": (BadConfig, "there is no such database; create it first"),
    "40": (TryLater, "two writers met; nothing of this one was stored"),
    "53": (TryLater, "it has too many connections or too little memory"),
    "57": (TryLater, "it is shutting down or was told to stop this"),
}
_UNREACHABLE: _Meaning = (TryLater, "it does not answer, or the connection broke")


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Raises the product's error in place of the database's, with the place and the remedy.

    An error that means a defect of this product is left as it is.
    """
    try:
        yield
    except DBAPIError as error:
        meaning = _meaning(error.orig)
        if meaning is None:
            raise
        raise meaning[0](f"catalogue {_place(url)}: {meaning[1]}") from error
    except sqlite3.Error as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning[0](f"catalogue {_place(url)}: {meaning[1]}") from error
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise NeedsPerson(f"catalogue {_place(url)}: {_SQLITE[sqlite3.SQLITE_FULL][1]}") from error


def _place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database} at {url.host or url.query.get('host') or 'localhost'}"


def _meaning(error: BaseException | None) -> _Meaning | None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)  # the low byte is the class: sqlite.org/rescode.html
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    # psycopg gives no SQLSTATE where the server could not be asked.
    return _UNREACHABLE if type(error).__name__ == "OperationalError" else None
