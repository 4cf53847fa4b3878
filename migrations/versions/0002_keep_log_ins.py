"""Keep log-ins on the server, and room for sealed identities."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "account_link",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("invitation", "recovery", name="linkpurpose", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id", "account_id"],
            ["account.county_id", "account.id"],
            name=op.f("fk_account_link_county_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    op.create_index(op.f("ix_account_link_account_id"), "account_link", ["account_id"], unique=False)

    op.create_table(
        "account_session",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id", "account_id"],
            ["account.county_id", "account.id"],
            name=op.f("fk_account_session_county_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"], unique=False)

    op.add_column("account", sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("account", sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("totp_last_step", sa.Integer(), nullable=True))

    op.add_column("child", sa.Column("name_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("child", sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("child", sa.Column("address_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("child", sa.Column("guardian_phone_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("child", sa.Column("id_number_index", sa.String(length=64), nullable=True))
    op.create_index("uq_child_id_number_index", "child", ["township_id", "id_number_index"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_child_id_number_index", table_name="child")
    op.drop_column("child", "id_number_index")
    op.drop_column("child", "guardian_phone_sealed")
    op.drop_column("child", "address_sealed")
    op.drop_column("child", "id_number_sealed")
    op.drop_column("child", "name_sealed")

    op.drop_column("account", "totp_last_step")
    op.drop_column("account", "totp_since")
    op.drop_column("account", "totp_sealed")

    op.drop_index(op.f("ix_account_session_account_id"), table_name="account_session")

    op.drop_table("account_session")
    op.drop_index(op.f("ix_account_link_account_id"), table_name="account_link")

    op.drop_table("account_link")
    op.drop_table("login_throttle")
