"""Keep what notice somebody needs, how many duties a month they wish and take, and the courses they have taken."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("notice_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("person", sa.Column("month_wish", sa.Integer(), nullable=True))
    op.add_column("person", sa.Column("month_most", sa.Integer(), nullable=True))
    op.create_table(
        "training",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("valid_through", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_training_hours")),
        sa.CheckConstraint("valid_through is null or valid_through >= day", name=op.f("ck_training_valid_through")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_training_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_training_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_training")),
    )
    op.create_index("ix_training_person", "training", ["township_id", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_training_person", table_name="training")
    op.drop_table("training")
    for column in ("month_most", "month_wish", "notice_days"):
        op.drop_column("person", column)
