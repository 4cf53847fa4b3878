"""Keep series, rooms and equipment, enrolments with consent, and what came of an activity."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_series",
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("only_free", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("every between 1 and 8", name=op.f("ck_activity_series_every")),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_series_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_series")),
    )
    op.create_table(
        "resource",
        sa.Column(
            "kind", sa.Enum("room", "equipment", name="resourcekind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("home_id", sa.String(length=26), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("kind <> 'room' or home_id is not null", name=op.f("ck_resource_room")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_resource_quantity")),
        sa.ForeignKeyConstraint(
            ["township_id", "home_id"], ["home.township_id", "home.id"], name=op.f("fk_resource_township_id_home_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_resource_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_resource")),
    )
    op.create_table(
        "activity_record",
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("guardians", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("societies", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("children >= 0 and guardians >= 0 and others >= 0", name=op.f("ck_activity_record_heads")),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_activity_record_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_record_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_record")),
        sa.UniqueConstraint("township_id", "activity_id", name=op.f("uq_activity_record_township_id_activity_id")),
    )
    op.create_table(
        "activity_resource",
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("resource_id", sa.String(length=26), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_activity_resource_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "resource_id"],
            ["resource.township_id", "resource.id"],
            name=op.f("fk_activity_resource_township_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_resource_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_resource")),
        sa.UniqueConstraint(
            "township_id",
            "activity_id",
            "resource_id",
            name=op.f("uq_activity_resource_township_id_activity_id_resource_id"),
        ),
    )
    op.create_table(
        "activity_series_member",
        sa.Column("series_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_activity_series_member_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "series_id"],
            ["activity_series.township_id", "activity_series.id"],
            name=op.f("fk_activity_series_member_township_id_series_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_series_member_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_series_member")),
        sa.UniqueConstraint(
            "township_id", "activity_id", name=op.f("uq_activity_series_member_township_id_activity_id")
        ),
    )
    op.create_table(
        "enrolment",
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("child_id", sa.String(length=26), nullable=False),
        sa.Column(
            "consent",
            sa.Enum("written", "message", "spoken", name="consentkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_enrolment_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"],
            ["child.township_id", "child.id"],
            name=op.f("fk_enrolment_township_id_child_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_enrolment_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "township_id", "activity_id", "child_id", name=op.f("uq_enrolment_township_id_activity_id_child_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("enrolment")
    op.drop_table("activity_series_member")
    op.drop_table("activity_resource")
    op.drop_table("activity_record")
    op.drop_table("resource")
    op.drop_table("activity_series")
