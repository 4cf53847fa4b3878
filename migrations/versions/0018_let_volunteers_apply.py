"""Let people apply as volunteers on a page that the station opens, and know whose guardian has agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("station_setting", sa.Column("join_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("station_setting", sa.Column("join_words", sa.String(length=600), nullable=False, server_default=""))
    op.add_column("station_setting", sa.Column("join_age", sa.Integer(), nullable=False, server_default="16"))
    op.add_column("activity", sa.Column("open_to_public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("birth_date", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("guardian_name", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("person", sa.Column("guardian_phone", sa.String(length=30), nullable=False, server_default=""))
    op.add_column("person", sa.Column("guardian_agreed_on", sa.Date(), nullable=True))
    op.create_table(
        "volunteer_application",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("base_village_id", sa.String(length=26), nullable=True),
        sa.Column("page_village_id", sa.String(length=26), nullable=True),
        sa.Column("wishes", sa.String(length=500), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("guardian_name", sa.String(length=60), nullable=False),
        sa.Column("guardian_phone", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "approved", "declined", name="applicationstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "base_village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_volunteer_application_township_id_base_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "page_village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_volunteer_application_township_id_page_village_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_volunteer_application_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_volunteer_application")),
    )
    op.create_index("ix_volunteer_application_state", "volunteer_application", ["township_id", "state", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_volunteer_application_state", table_name="volunteer_application")
    op.drop_table("volunteer_application")
    for column in ("guardian_agreed_on", "guardian_phone", "guardian_name", "birth_date"):
        op.drop_column("person", column)
    op.drop_column("activity", "open_to_public")
    for column in ("join_age", "join_words", "join_open"):
        op.drop_column("station_setting", column)
