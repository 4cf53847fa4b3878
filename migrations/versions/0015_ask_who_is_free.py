"""Keep absences at short notice, questions who is free with their answers, and versions that were withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("availability_exception", sa.Column("invitation_id", sa.String(length=26), nullable=True))
    op.add_column("roster", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("roster", sa.Column("withdrawn_by", sa.String(length=26), nullable=True))
    op.add_column("roster", sa.Column("withdrawn_reason", sa.String(length=300), nullable=False, server_default=""))
    op.create_table(
        "absence",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("exception_id", sa.String(length=26), nullable=False),
        sa.Column("draft_id", sa.String(length=26), nullable=True),
        sa.Column("freed", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_absence_days")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_absence_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_absence_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person", "absence", ["township_id", "person_id", "to_day"])
    op.create_table(
        "availability_request",
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_availability_request_days")),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_availability_request_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_availability_request")),
    )
    op.create_table(
        "availability_invitation",
        sa.Column("request_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("free", sa.JSON(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "request_id"],
            ["availability_request.township_id", "availability_request.id"],
            name=op.f("fk_availability_invitation_township_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_availability_invitation_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_availability_invitation_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_availability_invitation")),
        sa.UniqueConstraint(
            "township_id",
            "request_id",
            "person_id",
            name=op.f("uq_availability_invitation_township_id_request_id_person_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("availability_invitation")
    op.drop_table("availability_request")
    op.drop_index("ix_absence_person", "absence")
    op.drop_table("absence")
    op.drop_column("roster", "withdrawn_reason")
    op.drop_column("roster", "withdrawn_by")
    op.drop_column("roster", "withdrawn_at")
    op.drop_column("availability_exception", "invitation_id")
