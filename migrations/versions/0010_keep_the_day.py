"""Keep who came to what, and concerns about a child, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("duty_id", sa.String(length=26), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_door", sa.Boolean(), nullable=False),
        sa.Column("no_show", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=26), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("left_at is null or arrived_at <= left_at", name=op.f("ck_attendance_times")),
        sa.CheckConstraint("minutes is null or minutes between 0 and 1440", name=op.f("ck_attendance_minutes")),
        sa.ForeignKeyConstraint(
            ["township_id", "duty_id"], ["duty.township_id", "duty.id"], name=op.f("fk_attendance_township_id_duty_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_attendance_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("township_id", "duty_id", name=op.f("uq_attendance_township_id_duty_id")),
    )
    op.create_table(
        "concern",
        sa.Column("village_id", sa.String(length=26), nullable=False),
        sa.Column("duty_id", sa.String(length=26), nullable=True),
        sa.Column("raised_by", sa.String(length=26), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=26), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=26), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "reported", "referred", "followed_up", "unfounded", name="concernoutcome", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(closed_at is null) = (outcome is null)", name=op.f("ck_concern_closed")),
        sa.ForeignKeyConstraint(
            ["township_id", "duty_id"], ["duty.township_id", "duty.id"], name=op.f("fk_concern_township_id_duty_id")
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_concern_township_id_village_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_concern_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_concern")),
    )
    op.create_index("ix_concern_created", "concern", ["township_id", "created_at"], unique=False)
    op.create_table(
        "concern_reading",
        sa.Column("concern_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "concern_id"],
            ["concern.township_id", "concern.id"],
            name=op.f("fk_concern_reading_township_id_concern_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_concern_reading_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_concern_reading")),
        sa.UniqueConstraint(
            "township_id", "concern_id", "account_id", name=op.f("uq_concern_reading_township_id_concern_id_account_id")
        ),
    )
    op.add_column("home", sa.Column("door_code", sa.String(length=26), nullable=True))


def downgrade() -> None:

    op.drop_column("home", "door_code")
    op.drop_table("concern_reading")
    op.drop_index("ix_concern_created", table_name="concern")
    op.drop_table("concern")
    op.drop_table("attendance")
