"""Insert or update, in the one form that SQLite and PostgreSQL share."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def upsert(conn: Connection, table: Table, rows: Sequence[Row], **updates: Any) -> None:
    """Inserts the rows; where the primary key stands already, sets the row's other columns.

    `updates` replace what a column is set to then; `column=None` keeps what stands.
    """
    if not rows:
        return
    statement = _insert(conn, table)
    names = [column.name for column in table.primary_key]
    fresh = {n: statement.excluded[n] for n in rows[0] if n not in names} | updates
    kept = {name: value for name, value in fresh.items() if value is not None}
    conn.execute(statement.on_conflict_do_update(index_elements=names, set_=kept), list(rows))


def insert_missing(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts the rows whose unique columns are not there yet."""
    if rows:
        conn.execute(_insert(conn, table).on_conflict_do_nothing(), list(rows))


def _insert(conn: Connection, table: Table) -> Any:
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(table)
