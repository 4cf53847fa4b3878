"""Keep why the county opened a file in a row of its own, sealed: the log's lines outlast a file's erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_opening",
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("child_id", sa.String(length=26), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"],
            ["child.township_id", "child.id"],
            name=op.f("fk_file_opening_township_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_file_opening_county_id_township_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_file_opening_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_file_opening")),
    )


def downgrade() -> None:
    op.drop_table("file_opening")
