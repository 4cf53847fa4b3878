"""Bar somebody everywhere in a county, and keep what was asked of the police or procurate."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bar",
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=26), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=26), nullable=True),
        sa.Column("lifted_reason", sa.String(length=300), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_bar_county_id")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"], ["person.township_id", "person.id"], name=op.f("fk_bar_township_id_person_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_bar")),
    )
    op.create_index("ix_bar_identity", "bar", ["county_id", "identity"], unique=False)
    op.create_table(
        "vetting_request",
        sa.Column("batch", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_vetting_request_township_id")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_vetting_request_township_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_vetting_request")),
        sa.UniqueConstraint(
            "township_id", "batch", "person_id", name=op.f("uq_vetting_request_township_id_batch_person_id")
        ),
    )
    op.create_index("ix_vetting_request_person", "vetting_request", ["township_id", "person_id"], unique=False)
    with op.batch_alter_table("vetting") as table:
        table.add_column(sa.Column("bar_id", sa.String(length=26), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("vetting") as table:
        table.drop_column("bar_id")
    op.drop_table("vetting_request")
    op.drop_table("bar")
