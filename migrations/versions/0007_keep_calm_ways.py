"""Keep the plans of a run that disturb fewer people."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("solve_run", sa.Column("calm", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("solve_run", sa.Column("ways", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("solve_run", "ways")
    op.drop_column("solve_run", "calm")
