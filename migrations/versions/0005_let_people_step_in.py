"""Let people answer for their duties and step in for each other, and tell them; nobody is in two places at once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PHONES = '[["公安报警", "110"], ["医疗急救", "120"], ["青少年服务热线", "12355"]]'
OVERLAP = "ex_duty_one_place_at_a_time"
_SAME_TIME = (
    "select 1 from duty d where d.township_id = new.township_id and d.person_id = new.person_id and d.id <> new.id "
    "and d.state = 'confirmed' and d.starts_at < new.ends_at and new.starts_at < d.ends_at"
)
_NO_EXTENSION = f"""
create function {OVERLAP}() returns trigger language plpgsql as $$
begin
  if new.state = 'confirmed' then
    perform pg_advisory_xact_lock(hashtext(new.township_id), hashtext(new.person_id));
    if exists ({_SAME_TIME}) then
      raise exclusion_violation using message = '{OVERLAP}', constraint = '{OVERLAP}';
    end if;
  end if;
  return new;
end $$
"""
"""Where btree_gist is not to be had: whoever books takes the person's lock first, then looks."""


def keep_apart() -> None:
    """Refuse two confirmed duties of one person at one time, by the database itself."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(
                f"create trigger {OVERLAP}_{verb} before {verb} on duty when new.state = 'confirmed' "
                f"and exists ({_SAME_TIME}) begin select raise(abort, '{OVERLAP}'); end"
            )
    elif _has_gist():
        op.execute(
            f"alter table duty add constraint {OVERLAP} exclude using gist "
            "(township_id with =, person_id with =, tstzrange(starts_at, ends_at) with &&) where (state = 'confirmed')"
        )
    else:
        trigger_instead()


def trigger_instead() -> None:
    """The same on a PostgreSQL without btree_gist."""
    op.execute(_NO_EXTENSION)
    op.execute(f"create trigger {OVERLAP} before insert or update on duty for each row execute function {OVERLAP}()")


def _has_gist() -> bool:
    """Whether btree_gist is there or can be put there; any owner of a database may, since PostgreSQL 13."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("create extension if not exists btree_gist"))
    except sa.exc.DBAPIError:
        return False
    return True


def _refuse_overlaps() -> None:
    double = op.get_bind().scalar(
        sa.text(
            "select count(*) from duty a join duty b on a.township_id = b.township_id and a.person_id = b.person_id "
            "and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at "
            "where a.state = 'confirmed' and b.state = 'confirmed'"
        )
    )
    if double:
        raise RuntimeError(
            f"{double} pairs of duties put a person in two places at once: publish a roster without them"
        )


def upgrade() -> None:
    op.create_table(
        "station_setting",
        sa.Column("decline_hours", sa.Integer(), nullable=True),
        sa.Column(
            "sign_up",
            sa.Enum("off", "approval", "at_once", name="signupmode", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "decline_hours is null or decline_hours between 0 and 720", name=op.f("ck_station_setting_decline_hours")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_station_setting_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_station_setting")),
        sa.UniqueConstraint("township_id", name=op.f("uq_station_setting_township_id")),
    )
    op.create_table(
        "message",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roster_published",
                "duty_declined",
                "swap_asked",
                "swap_taken",
                "swap_nobody",
                "sign_up_requested",
                "sign_up_accepted",
                "sign_up_refused",
                name="messagekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "account_id"],
            ["account.county_id", "account.id"],
            name=op.f("fk_message_county_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_message_county_id_township_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_message_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_account", "message", ["county_id", "account_id", "created_at"], unique=False)
    op.create_table(
        "sign_up",
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "waiting",
                "accepted",
                "refused",
                "withdrawn",
                name="signupstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_sign_up_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_sign_up_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_sign_up_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_sign_up")),
    )
    op.create_index("ix_sign_up_state", "sign_up", ["township_id", "state", "created_at"], unique=False)
    op.create_index(
        "uq_sign_up_live",
        "sign_up",
        ["township_id", "activity_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state in ('requested', 'waiting')"),
        postgresql_where=sa.text("state in ('requested', 'waiting')"),
    )
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.Enum("email", "webhook", name="channel", native_enum=False, length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "uncertain",
                "skipped",
                name="deliverystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("batch", sa.String(length=26), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "account_id"],
            ["account.county_id", "account.id"],
            name=op.f("fk_delivery_county_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "message_id"],
            ["message.county_id", "message.id"],
            name=op.f("fk_delivery_county_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_delivery_county_id_township_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_delivery_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "county_id", "message_id", "channel", name=op.f("uq_delivery_county_id_message_id_channel")
        ),
    )
    op.create_index("ix_delivery_due", "delivery", ["state", "due_at"], unique=False)
    op.create_table(
        "swap_request",
        sa.Column("duty_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("illness", "work", "family", "travel", "other", name="declinereason", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "taken", "withdrawn", name="swapstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("taken_by", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "duty_id"],
            ["duty.township_id", "duty.id"],
            name=op.f("fk_swap_request_township_id_duty_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_swap_request_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_swap_request_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_swap_request")),
    )
    op.create_index(
        "uq_swap_request_open",
        "swap_request",
        ["township_id", "duty_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "swap_ask",
        sa.Column("swap_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column(
            "state",
            sa.Enum("asked", "refused", "accepted", name="askstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_swap_ask_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "swap_id"],
            ["swap_request.township_id", "swap_request.id"],
            name=op.f("fk_swap_ask_township_id_swap_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_swap_ask_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_swap_ask")),
        sa.UniqueConstraint(
            "township_id", "swap_id", "person_id", name=op.f("uq_swap_ask_township_id_swap_id_person_id")
        ),
    )
    op.create_index("ix_swap_ask_person", "swap_ask", ["township_id", "person_id", "asked_at"], unique=False)
    op.add_column("account", sa.Column("email", sa.String(length=200), nullable=True))
    op.add_column("account", sa.Column("digest", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("county", sa.Column("decline_hours", sa.Integer(), server_default="48", nullable=False))
    op.add_column("county", sa.Column("quiet_from", sa.Integer(), server_default="1320", nullable=False))
    op.add_column("county", sa.Column("quiet_until", sa.Integer(), server_default="420", nullable=False))
    op.add_column("county", sa.Column("safety_phones", sa.JSON(), server_default=_PHONES, nullable=False))
    op.add_column(
        "duty",
        sa.Column(
            "answer", sa.Enum("accepted", "declined", name="dutyanswer", native_enum=False, length=32), nullable=True
        ),
    )
    op.add_column("duty", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "duty",
        sa.Column(
            "decline_reason",
            sa.Enum("illness", "work", "family", "travel", "other", name="declinereason", native_enum=False, length=32),
            nullable=True,
        ),
    )

    _refuse_overlaps()
    keep_apart()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"drop trigger if exists {OVERLAP}_{verb}")
    else:
        op.execute(f"alter table duty drop constraint if exists {OVERLAP}")
        op.execute(f"drop trigger if exists {OVERLAP} on duty")
        op.execute(f"drop function if exists {OVERLAP}()")

    op.drop_column("duty", "decline_reason")
    op.drop_column("duty", "answered_at")
    op.drop_column("duty", "answer")
    op.drop_column("county", "safety_phones")
    op.drop_column("county", "quiet_until")
    op.drop_column("county", "quiet_from")
    op.drop_column("county", "decline_hours")
    op.drop_column("account", "digest")
    op.drop_column("account", "email")
    op.drop_index("ix_swap_ask_person", table_name="swap_ask")
    op.drop_table("swap_ask")
    op.drop_index(
        "uq_swap_request_open",
        table_name="swap_request",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("swap_request")
    op.drop_index("ix_delivery_due", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(
        "uq_sign_up_live",
        table_name="sign_up",
        sqlite_where=sa.text("state in ('requested', 'waiting')"),
        postgresql_where=sa.text("state in ('requested', 'waiting')"),
    )
    op.drop_index("ix_sign_up_state", table_name="sign_up")
    op.drop_table("sign_up")
    op.drop_index("ix_message_account", table_name="message")
    op.drop_table("message")
    op.drop_table("station_setting")
