"""Duplicates: fingerprints, the marks they meet under, relations, works, and people's word."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _prints()
    _relations()
    op.create_table(
        "work_reviews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("other_source", sa.Text, nullable=False),
        sa.Column("other_key", sa.Text, nullable=False),
        sa.Column("same", sa.Boolean, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    _keep_work_reviews()


def _item(name: str) -> "sa.Column[int]":
    return sa.Column(
        name, sa.Integer, sa.ForeignKey("items.id"), primary_key=True, autoincrement=False
    )


def _prints() -> None:
    op.create_table(
        "fingerprints",
        _item("item"),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("model_hash", sa.Text, nullable=False),
        sa.Column("rest_hash", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("print", sa.LargeBinary, nullable=False),
        sa.Column("marks", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("mark", sa.BigInteger, primary_key=True, autoincrement=False),
        _item("item"),
        sqlite_with_rowid=False,
    )


def _relations() -> None:
    op.create_table(
        "relations",
        _item("first"),
        _item("second"),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("relations_second", "relations", ["second"])
    op.create_table(
        "works",
        _item("item"),
        sa.Column("leader", sa.Integer, sa.ForeignKey("items.id"), nullable=False),
    )
    op.create_index("works_leader", "works", ["leader"])


def _keep_work_reviews() -> None:
    """As with reviews of skills: the database itself refuses to change or forget them."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER work_reviews_no_{verb.lower()} BEFORE {verb} ON work_reviews "
                "BEGIN SELECT RAISE(ABORT, 'reviews of works are append-only'); END"
            )
        return
    op.execute(  # the function is that of reviews
        "CREATE TRIGGER work_reviews_append_only BEFORE UPDATE OR DELETE ON work_reviews "
        "FOR EACH ROW EXECUTE FUNCTION reviews_append_only()"
    )
