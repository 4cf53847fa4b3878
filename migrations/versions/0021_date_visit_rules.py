"""Keep visit rules in versions, each from a day on."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visit_rule") as table:
        table.add_column(sa.Column("from_day", sa.Date(), server_default="2000-01-01", nullable=False))
        table.add_column(sa.Column("decided_by", sa.String(length=26), nullable=True))
        table.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint("uq_visit_rule_county_id_category_risk", type_="unique")
        table.create_unique_constraint(
            op.f("uq_visit_rule_county_id_category_risk_from_day"), ["county_id", "category", "risk", "from_day"]
        )


def downgrade() -> None:
    op.execute(
        "delete from visit_rule where exists (select 1 from visit_rule v where v.county_id = visit_rule.county_id "
        "and v.category = visit_rule.category and v.risk = visit_rule.risk and v.from_day > visit_rule.from_day)"
    )
    with op.batch_alter_table("visit_rule") as table:
        table.drop_constraint("uq_visit_rule_county_id_category_risk_from_day", type_="unique")
        table.create_unique_constraint(op.f("uq_visit_rule_county_id_category_risk"), ["county_id", "category", "risk"])
        table.drop_column("decided_at")
        table.drop_column("decided_by")
        table.drop_column("from_day")
