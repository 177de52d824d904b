"""The first tables. Written out, because a migration must not change with the schema."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sources()
    _items()
    _people()
    _work()
    _keep_reviews()
    first = {"epoch": uuid.uuid4().hex}
    op.execute(
        sa.text("INSERT INTO counter (id, epoch, last) VALUES (1, :epoch, 0)").bindparams(**first)
    )


def _sources() -> None:
    op.create_table(
        "counter",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False
        ),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("connector", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("publish", sa.Boolean, nullable=False),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("approved_fingerprint", sa.Text),
    )
    op.create_table(
        "holds",
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), primary_key=True),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("live", sa.Integer, nullable=False),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("model_hash", sa.Text, nullable=False),
        sa.Column("rest_hash", sa.Text, nullable=False),
        sa.Column("payload_hash", sa.Text, nullable=False),
        sa.Column("enriched_version", sa.Text),
        sa.Column("enriched_hash", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("level", sa.Text),
        sa.Column("duration", sa.Integer),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_changed", MOMENT, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.UniqueConstraint("source", "key"),
    )
    op.create_table(
        "bodies",
        sa.Column(
            "item", sa.Integer, sa.ForeignKey("items.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("parts", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "enrichments",
        sa.Column(
            "item", sa.Integer, sa.ForeignKey("items.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("passages", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "machine_tags",
        sa.Column(
            "item", sa.Integer, sa.ForeignKey("items.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("skill", sa.Text, primary_key=True),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
    )
    op.create_index("machine_tags_skill", "machine_tags", ["skill"])


def _people() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("skill", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("reviews_item", "reviews", ["source", "key"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("decisions_item", "decisions", ["source", "key"])


def _work() -> None:
    op.create_table(
        "failures",
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("stage", sa.Text, primary_key=True),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("payload", sa.LargeBinary),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("ended", MOMENT),
        sa.Column("counters", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
    )
    op.create_index("runs_source", "runs", ["source", "id"])
    op.create_table(
        "encoders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "embeddings",
        sa.Column(
            "encoder",
            sa.Integer,
            sa.ForeignKey("encoders.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("text_hash", sa.Text, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("groups", sa.Text, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
    )


def _keep_reviews() -> None:
    """Makes the database itself refuse to change or forget what a person said."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER reviews_no_{verb.lower()} BEFORE {verb} ON reviews "
                "BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION reviews_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'reviews are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER reviews_append_only BEFORE UPDATE OR DELETE ON reviews "
        "FOR EACH ROW EXECUTE FUNCTION reviews_append_only()"
    )
