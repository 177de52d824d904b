"""The tables as they are after the newest migration."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)

from catalogue.store.columns import Key, Moment, Packed, Structure, Words

metadata = MetaData()

# One row: who this catalogue is, and the number of its latest change. The epoch is renewed when
# a backup is restored, because then numbers that followers have already seen are given again.
counter = Table(
    "counter",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("epoch", Words, nullable=False),
    Column("last", BigInteger, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", Words, primary_key=True),
    Column("connector", Words, nullable=False),
    Column("owner", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("publish", Boolean, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("visibility", Structure, nullable=False),
    Column("language", Words),
    Column("provider", Words, nullable=False),
    Column("cursor", Structure, nullable=False),
    Column("approved_fingerprint", Words),
)

holds = Table(
    "holds",
    metadata,
    Column("source", Words, ForeignKey("sources.name"), primary_key=True),
    Column("keys", Packed, nullable=False),
    Column("since", Moment, nullable=False),
    Column("live", Integer, nullable=False),
)

# `enriched_version` is the version whose conclusions fit the text as it stands; null where there
# are none or the text has changed since. `enriched_hash` is the hash of the text they came from.
# `filtered` is why the source's filter leaves the item out; empty where it does not.
items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, ForeignKey("sources.name"), nullable=False),
    Column("key", Key, nullable=False),
    Column("state", Words, nullable=False),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("model_hash", Words, nullable=False),
    Column("rest_hash", Words, nullable=False),
    Column("payload_hash", Words, nullable=False),
    Column("enriched_version", Words),
    Column("enriched_hash", Words),
    Column("language", Words),
    Column("level", Words),
    Column("duration", Integer),
    Column("first_seen", Moment, nullable=False),
    Column("last_changed", Moment, nullable=False),
    Column("draft", Structure, nullable=False),
    Column("filtered", Words, nullable=False, server_default=""),
    UniqueConstraint("source", "key"),
)

# Long texts lie apart, so that listing items and following changes do not read them.
bodies = Table(
    "bodies",
    metadata,
    Column("item", Integer, ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("parts", Packed, nullable=False),
    Column("payload", Packed, nullable=False),
)

enrichments = Table(
    "enrichments",
    metadata,
    Column("item", Integer, ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("passages", Packed, nullable=False),
)

tags = Table(
    "machine_tags",
    metadata,
    Column("item", Integer, ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("skill", Words, primary_key=True),
    Column("probability", Float, nullable=False),
    Column("method", Words, nullable=False),
    Column("evidence", Structure, nullable=False),
    Index("machine_tags_skill", "skill"),
)

# Append-only by trigger, and keyed by the item's name, so that nothing a machine does reaches it.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, nullable=False),
    Column("key", Key, nullable=False),
    Column("skill", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("who", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("reviews_item", "source", "key"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, nullable=False),
    Column("key", Key, nullable=False),
    Column("action", Words, nullable=False),
    Column("who", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("decisions_item", "source", "key"),
)

failures = Table(
    "failures",
    metadata,
    Column("source", Words, ForeignKey("sources.name"), primary_key=True),
    Column("key", Key, primary_key=True),
    Column("stage", Words, primary_key=True),
    Column("error", Words, nullable=False),
    Column("message", Words, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("payload", Packed),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("counters", Structure, nullable=False),
    Column("message", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", Words, nullable=False),
    Index("runs_source", "source", "id"),
)

encoders = Table(
    "encoders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("encoder", Integer, ForeignKey("encoders.id"), primary_key=True, autoincrement=False),
    Column("text_hash", Words, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("name", Words, primary_key=True),
    Column("hash", Words, nullable=False, unique=True),
    Column("groups", Structure, nullable=False),
    Column("created", Moment, nullable=False),
)

# `rest_hash` is the item's when the link was checked: where it is another now, so may the link be.
links = Table(
    "links",
    metadata,
    Column("item", Integer, ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("url", Words, nullable=False),
    Column("rest_hash", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("reason", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("checked", Moment, nullable=False),
    Column("next_check", Moment, nullable=False),
)
