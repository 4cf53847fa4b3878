"""Keep photos of activities, each with the reason why it may be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_photo",
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column(
            "ground",
            sa.Enum("consented", "nobody_recognisable", name="photoground", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_activity_photo_size")),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_activity_photo_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_photo_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_photo")),
    )
    op.create_index("ix_activity_photo_activity", "activity_photo", ["township_id", "activity_id"])


def downgrade() -> None:
    op.drop_index("ix_activity_photo_activity", table_name="activity_photo")
    op.drop_table("activity_photo")
