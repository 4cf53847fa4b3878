"""Ask the next people for a substitute when nobody has accepted in time, and say once that nobody is left."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("swap_request", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("swap_request", sa.Column("nobody_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("swap_request", "nobody_at")
    op.drop_column("swap_request", "next_at")
