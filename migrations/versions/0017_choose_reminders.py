"""Let the owner of a calendar address choose a reminder and the language."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_token", sa.Column("alarm_minutes", sa.Integer(), nullable=True))
    op.add_column("feed_token", sa.Column("language", sa.String(8), nullable=True))


def downgrade() -> None:
    op.drop_column("feed_token", "language")
    op.drop_column("feed_token", "alarm_minutes")
