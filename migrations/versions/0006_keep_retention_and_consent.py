"""Keep retention periods, holds, disposals with their certificates, and guardians' consent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column(
            "category",
            sa.Enum(
                "left_behind",
                "in_difficulty",
                "disabled",
                "scattered_orphan",
                "de_facto_unsupported",
                name="childcategory",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("close_months", sa.Integer(), nullable=True),
        sa.Column("anonymise_months", sa.Integer(), nullable=True),
        sa.Column("erase_months", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "anonymise_months is null or anonymise_months between 0 and 600", name=op.f("ck_retention_rule_anonymise")
        ),
        sa.CheckConstraint(
            "close_months is null or close_months between 0 and 600", name=op.f("ck_retention_rule_close")
        ),
        sa.CheckConstraint(
            "erase_months is null or erase_months between 0 and 600", name=op.f("ck_retention_rule_erase")
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_retention_rule_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint("county_id", "category", name=op.f("uq_retention_rule_county_id_category")),
    )
    op.create_table(
        "disposal",
        sa.Column(
            "step",
            sa.Enum("close", "identity", "anonymise", "erase", name="disposalstep", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("proposed", "done", "declined", name="disposalstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.String(length=26), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("destroyed", sa.JSON(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(state = 'done') = (number is not null)", name=op.f("ck_disposal_numbered")),
        sa.CheckConstraint(
            "state <> 'done' or (decided_by is not null and decided_by <> proposed_by)",
            name=op.f("ck_disposal_two_people"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_disposal_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_disposal")),
        sa.UniqueConstraint("township_id", "number", name=op.f("uq_disposal_township_id_number")),
    )
    op.create_table(
        "consent",
        sa.Column("child_id", sa.String(length=26), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "file",
                "identity",
                "sharing",
                "activities",
                "pictures",
                name="consentpurpose",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column(
            "given_by",
            sa.Enum(
                "parent",
                "grandparent",
                "other_guardian",
                "committee",
                "child",
                name="consentgiver",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("giver_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("form_kept_at", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("withdrawn_on is null or given_on <= withdrawn_on", name=op.f("ck_consent_days")),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"], ["child.township_id", "child.id"], name=op.f("fk_consent_township_id_child_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_consent_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_consent")),
    )
    op.create_table(
        "disposal_file",
        sa.Column("disposal_id", sa.String(length=26), nullable=False),
        sa.Column("child_id", sa.String(length=26), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("waiting", "done", "held", "not_due", name="disposaloutcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"],
            ["child.township_id", "child.id"],
            name=op.f("fk_disposal_file_township_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "disposal_id"],
            ["disposal.township_id", "disposal.id"],
            name=op.f("fk_disposal_file_township_id_disposal_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_disposal_file_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_disposal_file")),
        sa.UniqueConstraint(
            "township_id", "disposal_id", "child_id", name=op.f("uq_disposal_file_township_id_disposal_id_child_id")
        ),
    )
    op.create_table(
        "hold",
        sa.Column("child_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("legal", "objection", "archive", name="holdkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.String(length=26), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"], ["child.township_id", "child.id"], name=op.f("fk_hold_township_id_child_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_hold_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_hold")),
    )
    op.add_column("child", sa.Column("anonymised_on", sa.Date(), nullable=True))
    op.add_column("child", sa.Column("erased_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("child", "erased_on")
    op.drop_column("child", "anonymised_on")
    op.drop_table("hold")
    op.drop_table("disposal_file")
    op.drop_table("consent")
    op.drop_table("disposal")
    op.drop_table("retention_rule")
