"""Keep the county's holidays and school terms, in versions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_table",
        sa.Column(
            "subject", sa.Enum("holidays", "terms", name="subject", native_enum=False, length=32), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_calendar_table_number")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_calendar_table_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_calendar_table")),
        sa.UniqueConstraint(
            "county_id", "subject", "year", "number", name=op.f("uq_calendar_table_county_id_subject_year_number")
        ),
    )
    op.create_table(
        "calendar_span",
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "make_up", "term", "winter", "summer", name="spankind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_calendar_span_days")),
        sa.ForeignKeyConstraint(
            ["county_id", "table_id"],
            ["calendar_table.county_id", "calendar_table.id"],
            name=op.f("fk_calendar_span_county_id_table_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_calendar_span_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_calendar_span")),
    )


def downgrade() -> None:
    op.drop_table("calendar_span")
    op.drop_table("calendar_table")
