"""Keep why a proposal was rejected, and how many open files no category held when it was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_allocation", sa.Column("uncategorised", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "staff_allocation", sa.Column("decided_because", sa.String(length=500), server_default="", nullable=False)
    )


def downgrade() -> None:
    with op.batch_alter_table("staff_allocation") as table:
        table.drop_column("decided_because")
        table.drop_column("uncategorised")
