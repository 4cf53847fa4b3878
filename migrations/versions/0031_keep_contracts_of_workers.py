"""A worker serves under several contracts, one after the other; where they stood when they left is kept.

Where whoever left before stood is not known any more: what they delivered stays unknown, as it was.
"""

import base64
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STAFF = sa.table("staff_member", *(sa.column(name, sa.String) for name in ("county_id", "id", "contract_id")))
UNDER = sa.table(
    "staff_contract", *(sa.column(name, sa.String) for name in ("county_id", "id", "staff_id", "contract_id"))
)
CONTRACT = sa.table(
    "service_contract",
    sa.column("county_id", sa.String),
    sa.column("id", sa.String),
    sa.column("from_day", sa.Date),
)
POSTING = sa.table("staff_posting", sa.column("allocation_id", sa.String))


def upgrade() -> None:
    op.create_table(
        "staff_contract",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("contract_id", sa.String(length=26), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_staff_contract_county_id")),
        sa.ForeignKeyConstraint(
            ["county_id", "contract_id"],
            ["service_contract.county_id", "service_contract.id"],
            name=op.f("fk_staff_contract_county_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "staff_id"],
            ["staff_member.county_id", "staff_member.id"],
            name=op.f("fk_staff_contract_county_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_staff_contract")),
        sa.UniqueConstraint(
            "county_id", "staff_id", "contract_id", name=op.f("uq_staff_contract_county_id_staff_id_contract_id")
        ),
    )
    held = sa.select(STAFF.c.county_id, STAFF.c.id, STAFF.c.contract_id).where(STAFF.c.contract_id.is_not(None))
    rows = [
        {"county_id": row.county_id, "id": _new_id(), "staff_id": row.id, "contract_id": row.contract_id}
        for row in op.get_bind().execute(held)
    ]
    if rows:
        op.bulk_insert(UNDER, rows)
    with op.batch_alter_table("staff_member") as table:
        table.drop_constraint(op.f("fk_staff_member_county_id_contract_id"), type_="foreignkey")
        table.drop_column("contract_id")
    with op.batch_alter_table("staff_posting") as table:
        table.alter_column("allocation_id", existing_type=sa.String(length=26), nullable=True)


def downgrade() -> None:
    op.get_bind().execute(sa.delete(POSTING).where(POSTING.c.allocation_id.is_(None)))
    with op.batch_alter_table("staff_posting") as table:
        table.alter_column("allocation_id", existing_type=sa.String(length=26), nullable=False)
    with op.batch_alter_table("staff_member") as table:
        table.add_column(sa.Column("contract_id", sa.String(length=26), nullable=True))
        table.create_foreign_key(
            op.f("fk_staff_member_county_id_contract_id"),
            "service_contract",
            ["county_id", "contract_id"],
            ["county_id", "id"],
        )
    _keep_the_last()
    op.drop_table("staff_contract")


def _keep_the_last() -> None:
    """Of several contracts of a worker, the one that begins last."""
    join = sa.and_(CONTRACT.c.county_id == UNDER.c.county_id, CONTRACT.c.id == UNDER.c.contract_id)
    rows = sa.select(UNDER.c.county_id, UNDER.c.staff_id, UNDER.c.contract_id).join(CONTRACT, join)
    for row in op.get_bind().execute(rows.order_by(CONTRACT.c.from_day)).all():
        mine = STAFF.c.county_id == row.county_id, STAFF.c.id == row.staff_id
        op.get_bind().execute(sa.update(STAFF).where(*mine).values(contract_id=row.contract_id))


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
