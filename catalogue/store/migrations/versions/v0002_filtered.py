"""Items that their source's filter leaves out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("items", sa.Column("filtered", sa.Text, nullable=False, server_default=""))
