"""Let a station mark what a visit's team needs on its day."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("day_facts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("visit", sa.Column("day_note_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("visit", "day_note_sealed")
    op.drop_column("visit", "day_facts")
