"""Certificates of the hours served."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("head", sa.String(length=60), nullable=False),
        sa.Column("handler", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(length=26), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(issued_at is null) = (number is null)", name=op.f("ck_certificate_issued")),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_certificate_days")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_certificate_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_certificate_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("township_id", "number", name=op.f("uq_certificate_township_id_number")),
    )


def downgrade() -> None:

    op.drop_table("certificate")
