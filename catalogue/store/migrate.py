"""Brings a database to the schema this version of the product works with."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from catalogue.errors import BadConfig
from catalogue.store.schema import metadata

HEAD = "0004"
VERSION_TABLE = "skillshelf_version"  # Alembic's default name may belong to a neighbour
_SCRIPTS = Path(__file__).parent / "migrations"


def version(conn: Connection) -> str | None:
    """The schema version of a database; None where it has none of our tables."""
    if not inspect(conn).has_table(VERSION_TABLE):
        return None
    found = conn.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return None if found is None else str(found)


def is_current(conn: Connection) -> bool:
    """Raises BadConfig where the database was written by a newer version of the product."""
    found = version(conn)
    if found is not None and found > HEAD:
        raise BadConfig(
            f"the catalogue has schema {found}, written by a newer Skillshelf; this one knows "
            f"{HEAD}. Upgrade Skillshelf, or point database_url at another catalogue"
        )
    return found == HEAD


def migrate(conn: Connection) -> None:
    """Runs the missing migrations within the caller's transaction."""
    if not is_current(conn):
        _upgrade(conn)


def forget(conn: Connection) -> None:
    """Drops every table of ours with all that is in them, within the caller's transaction."""
    metadata.drop_all(conn)
    conn.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    if conn.dialect.name == "postgresql":
        conn.execute(text("DROP FUNCTION reviews_append_only"))


def _upgrade(conn: Connection) -> None:
    # Alembic takes 0.2 s to import; an up-to-date catalogue opens without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
