"""Take in a visit record that a phone sends exactly once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_receipt",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "visit_id"],
            ["visit.township_id", "visit.id"],
            name=op.f("fk_visit_receipt_township_id_visit_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_visit_receipt_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_visit_receipt")),
        sa.UniqueConstraint(
            "township_id", "account_id", "key", name=op.f("uq_visit_receipt_township_id_account_id_key")
        ),
    )
    op.create_index("ix_visit_receipt_visit", "visit_receipt", ["township_id", "visit_id"])


def downgrade() -> None:
    op.drop_index("ix_visit_receipt_visit", table_name="visit_receipt")
    op.drop_table("visit_receipt")
