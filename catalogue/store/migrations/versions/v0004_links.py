"""What checking the items' links said."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column(
            "item", sa.Integer, sa.ForeignKey("items.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("rest_hash", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("checked", MOMENT, nullable=False),
        sa.Column("next_check", MOMENT, nullable=False),
    )
