"""Keep the county's purchased-service staff: contracts, proposals, postings, diversions."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_weights",
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_category_weights_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_category_weights")),
        sa.UniqueConstraint("county_id", "from_day", name=op.f("uq_category_weights_county_id_from_day")),
    )
    op.create_table(
        "service_contract",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("weekly_minutes", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_service_contract_days")),
        sa.CheckConstraint("weekly_minutes between 60 and 4200", name=op.f("ck_service_contract_weekly_minutes")),
        sa.CheckConstraint(
            "workers >= 0 and visits >= 0 and activities >= 0 and hours >= 0", name=op.f("ck_service_contract_bought")
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_service_contract_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_service_contract")),
        sa.UniqueConstraint("county_id", "number", name=op.f("uq_service_contract_county_id_number")),
    )
    op.create_table(
        "staff_allocation",
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "failed",
                "ready",
                "proposed",
                "approved",
                "rejected",
                name="allocationstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("moves_on", sa.Date(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("weights_source", sa.String(length=200), nullable=False),
        sa.Column("weights_from", sa.Date(), nullable=False),
        sa.Column("frontier", sa.JSON(), nullable=True),
        sa.Column("chosen", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=26), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> proposed_by", name=op.f("ck_staff_allocation_two_people")
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_staff_allocation_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_staff_allocation")),
    )
    op.create_index("ix_staff_allocation_state", "staff_allocation", ["state", "created_at"], unique=False)
    op.create_table(
        "diversion_attempt",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "roster", "activity", "register", "import", "return", name="diversionway", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("task_id", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_diversion_attempt_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_diversion_attempt_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_diversion_attempt")),
    )
    op.create_index("ix_diversion_attempt_at", "diversion_attempt", ["township_id", "at"], unique=False)
    op.create_table(
        "posting_notice",
        sa.Column("posting_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("arrives", sa.Boolean(), nullable=False),
        sa.Column("other_township", sa.String(length=60), nullable=False),
        sa.Column("other_township_en", sa.String(length=80), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_posting_notice_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_posting_notice_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_posting_notice")),
        sa.UniqueConstraint("township_id", "posting_id", name=op.f("uq_posting_notice_township_id_posting_id")),
    )
    op.create_table(
        "staff_member",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("home", sa.String(length=60), nullable=False),
        sa.Column("home_lat", sa.Double(), nullable=True),
        sa.Column("home_lon", sa.Double(), nullable=True),
        sa.Column("movable", sa.Boolean(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("contract_id", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=True),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "contract_id"],
            ["service_contract.county_id", "service_contract.id"],
            name=op.f("fk_staff_member_county_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_staff_member_county_id_township_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_staff_member_county_id")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_staff_member_township_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("township_id", "person_id", name=op.f("uq_staff_member_township_id_person_id")),
    )
    op.create_table(
        "staff_posting",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("allocation_id", sa.String(length=26), nullable=False),
        sa.Column("from_township_id", sa.String(length=26), nullable=True),
        sa.Column("from_person_id", sa.String(length=26), nullable=True),
        sa.Column("to_township_id", sa.String(length=26), nullable=True),
        sa.Column("to_person_id", sa.String(length=26), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "allocation_id"],
            ["staff_allocation.county_id", "staff_allocation.id"],
            name=op.f("fk_staff_posting_county_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "from_township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_staff_posting_county_id_from_township_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "staff_id"],
            ["staff_member.county_id", "staff_member.id"],
            name=op.f("fk_staff_posting_county_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "to_township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_staff_posting_county_id_to_township_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_staff_posting_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_staff_posting")),
        sa.UniqueConstraint(
            "county_id", "allocation_id", "staff_id", name=op.f("uq_staff_posting_county_id_allocation_id_staff_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("staff_posting")
    op.drop_table("staff_member")
    op.drop_table("posting_notice")
    op.drop_index("ix_diversion_attempt_at", table_name="diversion_attempt")
    op.drop_table("diversion_attempt")
    op.drop_index("ix_staff_allocation_state", table_name="staff_allocation")
    op.drop_table("staff_allocation")
    op.drop_table("service_contract")
    op.drop_table("category_weights")
