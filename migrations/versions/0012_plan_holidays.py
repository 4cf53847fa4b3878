"""Keep activity templates and planned holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_template",
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "moral_practice",
                "protection_knowledge",
                "parents_school",
                "safety",
                "arts",
                "sports",
                "tutoring",
                name="activitykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "service",
            sa.Enum("child_protection", "social_work", "other", name="service", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum("critical", "high", "normal", "low", name="priority", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("with_children", sa.Boolean(), nullable=False),
        sa.Column("children_expected", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("minutes between 15 and 480", name=op.f("ck_activity_template_minutes")),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_template_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_template")),
    )
    op.create_table(
        "holiday_plan",
        sa.Column(
            "kind",
            sa.Enum("holiday", "make_up", "term", "winter", "summer", name="spankind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("draft_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_holiday_plan_days")),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_holiday_plan_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_holiday_plan")),
    )
    op.create_table(
        "holiday_plan_activity",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_holiday_plan_activity_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "plan_id"],
            ["holiday_plan.township_id", "holiday_plan.id"],
            name=op.f("fk_holiday_plan_activity_township_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_holiday_plan_activity_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_holiday_plan_activity")),
        sa.UniqueConstraint(
            "township_id", "activity_id", name=op.f("uq_holiday_plan_activity_township_id_activity_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("holiday_plan_activity")
    op.drop_table("holiday_plan")
    op.drop_table("activity_template")
