"""The tables of duplicates, as they are after the newest migration."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from catalogue.store.columns import Key, Moment, Words
from catalogue.store.schema import metadata


def _item(name: str) -> Column[int]:
    return Column(name, Integer, ForeignKey("items.id"), primary_key=True, autoincrement=False)


# What an item's text boiled down to, and of which text, other facts and state of it. `marks` are
# those of the item in the table below, 8 bytes each, so that they are found again to be removed.
fingerprints = Table(
    "fingerprints",
    metadata,
    _item("item"),
    Column("version", Words, nullable=False),
    Column("model_hash", Words, nullable=False),
    Column("rest_hash", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("print", LargeBinary, nullable=False),
    Column("marks", LargeBinary, nullable=False),
)

# Without row ids SQLite keeps one tree instead of two: at 100,000 items 76 MB less.
marks = Table(
    "marks",
    metadata,
    Column("mark", BigInteger, primary_key=True, autoincrement=False),
    _item("item"),
    sqlite_with_rowid=False,
)

relations = Table(
    "relations",
    metadata,
    _item("first"),
    _item("second"),
    Column("relation", Words, nullable=False),
    Column("score", Float, nullable=False),
    Column("reason", Words, nullable=False),
    Index("relations_second", "second"),
)

# Items that are the same work as another, and the one that stands for it (which is here as well).
works = Table(
    "works",
    metadata,
    _item("item"),
    Column("leader", Integer, ForeignKey("items.id"), nullable=False),
    Index("works_leader", "leader"),
)

# Append-only by trigger, and keyed by the items' names, like reviews.
work_reviews = Table(
    "work_reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, nullable=False),
    Column("key", Key, nullable=False),
    Column("other_source", Words, nullable=False),
    Column("other_key", Key, nullable=False),
    Column("same", Boolean, nullable=False),
    Column("who", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
