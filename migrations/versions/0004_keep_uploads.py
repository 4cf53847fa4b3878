"""Keep spreadsheets that were sent until they are confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("people", "availability", "homes", "activities", "children")


def upgrade() -> None:
    op.create_table(
        "sheet_upload",
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="sheetkind", native_enum=False, length=32), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_sheet_upload_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_sheet_upload")),
    )
    op.create_index("ix_sheet_upload_expires_at", "sheet_upload", ["township_id", "expires_at"])


def downgrade() -> None:
    op.drop_index("ix_sheet_upload_expires_at", table_name="sheet_upload")
    op.drop_table("sheet_upload")
