"""Give calendar addresses to Children's Homes and to whole townships; count the changes of activities."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ONE_OWNER = "ck_feed_token_one_owner"
HOME = "fk_feed_token_township_id_home_id"


def upgrade() -> None:
    with op.batch_alter_table("feed_token") as table:
        table.add_column(sa.Column("home_id", sa.String(length=26), nullable=True))
        table.add_column(sa.Column("whole_township", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.alter_column("person_id", existing_type=sa.String(length=26), nullable=True)
        table.create_check_constraint(op.f(ONE_OWNER), "(person_id is null) <> (home_id is null)")
        table.create_foreign_key(op.f(HOME), "home", ["township_id", "home_id"], ["township_id", "id"])
    times = ("created_at", "changed_at")
    op.add_column("activity", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
    for name in times:
        op.add_column("activity", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("update activity set created_at = current_timestamp, changed_at = current_timestamp")
    with op.batch_alter_table("activity") as table:
        for name in times:
            table.alter_column(name, existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("activity") as table:
        for name in ("changed_at", "created_at", "sequence"):
            table.drop_column(name)
    op.execute("delete from feed_token where person_id is null")
    with op.batch_alter_table("feed_token") as table:
        table.drop_constraint(op.f(HOME), type_="foreignkey")
        table.drop_constraint(op.f(ONE_OWNER), type_="check")
        table.alter_column("person_id", existing_type=sa.String(length=26), nullable=False)
        table.drop_column("whole_township")
        table.drop_column("home_id")
