"""Lend people to a neighbouring township; nobody is in two places at once, whichever township they are planned in."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OVERLAP = "ex_duty_one_place_at_a_time"
_STATES = ("asked", "offered", "waiting", "agreed", "declined", "withdrawn", "ended")
_PARTIES = ("lender", "borrower", "person", "county", "program")
_KINDS = ("volunteer", "social_worker", "child_director", "station_staff")


def _same_time(*, everywhere: bool) -> str:
    here = "" if everywhere else "d.township_id = new.township_id and "
    return (
        f"select 1 from duty d where {here}d.person_id = new.person_id and d.id <> new.id "  # noqa: S608 -- ours
        "and d.state = 'confirmed' and d.starts_at < new.ends_at and new.starts_at < d.ends_at"
    )


def keep_apart(*, everywhere: bool = True) -> None:
    """Refuse two confirmed duties of one person at one time, in whichever townships, by the database itself."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(
                f"create trigger {OVERLAP}_{verb} before {verb} on duty when new.state = 'confirmed' "
                f"and exists ({_same_time(everywhere=everywhere)}) begin select raise(abort, '{OVERLAP}'); end"
            )
    elif _has_gist():
        here = "" if everywhere else "township_id with =, "
        op.execute(
            f"alter table duty add constraint {OVERLAP} exclude using gist "
            f"({here}person_id with =, tstzrange(starts_at, ends_at) with &&) where (state = 'confirmed')"
        )
    else:
        trigger_instead(everywhere=everywhere)


def trigger_instead(*, everywhere: bool = True) -> None:
    """The same on a PostgreSQL without btree_gist.

    The function sees the duties of both townships, which the session that books does not, and tells nothing of them.
    """
    key = "0, hashtext(new.person_id)" if everywhere else "hashtext(new.township_id), hashtext(new.person_id)"
    sees = "set weibao.everything = 'on'" if everywhere else ""
    op.execute(f"""
create or replace function {OVERLAP}() returns trigger language plpgsql {sees} as $$
begin
  if new.state = 'confirmed' then
    perform pg_advisory_xact_lock({key});
    if exists ({_same_time(everywhere=everywhere)}) then
      raise exclusion_violation using message = '{OVERLAP}', constraint = '{OVERLAP}';
    end if;
  end if;
  return new;
end $$
""")
    op.execute(f"create trigger {OVERLAP} before insert or update on duty for each row execute function {OVERLAP}()")


def take_off() -> None:
    """Take the lock off, to put on another one."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"drop trigger if exists {OVERLAP}_{verb}")
    else:
        op.execute(f"alter table duty drop constraint if exists {OVERLAP}")
        op.execute(f"drop trigger if exists {OVERLAP} on duty")
        op.execute(f"drop function if exists {OVERLAP}()")


def _has_gist() -> bool:
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("create extension if not exists btree_gist"))
    except sa.exc.DBAPIError:
        return False
    return True


def upgrade() -> None:
    op.add_column("person", sa.Column("guest", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("availability_exception", sa.Column("lending_id", sa.String(length=26), nullable=True))
    op.create_table(
        "lending",
        sa.Column("lender_name", sa.String(length=60), nullable=False),
        sa.Column("lender_name_en", sa.String(length=80), nullable=False),
        sa.Column("borrower_name", sa.String(length=60), nullable=False),
        sa.Column("borrower_name_en", sa.String(length=80), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, name="lendingstate", native_enum=False, length=32), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Enum(*_KINDS, name="personkind", native_enum=False, length=32), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("purchased", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("borrower_by", sa.String(length=60), nullable=False),
        sa.Column("borrower_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lender_by", sa.String(length=60), nullable=False),
        sa.Column("lender_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_by", sa.String(length=60), nullable=False),
        sa.Column("person_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_by", sa.String(length=60), nullable=False),
        sa.Column("county_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_party", sa.Enum(*_PARTIES, name="lendingparty", native_enum=False, length=32), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(length=200), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("lender_id", sa.String(length=26), nullable=False),
        sa.Column("borrower_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("lender_id <> borrower_id", name=op.f("ck_lending_two_townships")),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_lending_days")),
        sa.CheckConstraint(
            "0 <= from_minute and from_minute < to_minute and to_minute <= 1440", name=op.f("ck_lending_minutes")
        ),
        sa.CheckConstraint(
            "state <> 'agreed' or (person_id is not null and lender_at is not null and borrower_at is not null "
            "and (county_at is not null or not purchased) and (person_at is not null or kind <> 'volunteer'))",
            name=op.f("ck_lending_consents"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "lender_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_lending_county_id_lender_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "borrower_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_lending_county_id_borrower_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_lending_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_lending")),
    )
    op.create_index("ix_lending_lender", "lending", ["lender_id", "state"])
    op.create_index("ix_lending_borrower", "lending", ["borrower_id", "state"])
    op.create_index("ix_duty_holder_starts", "duty", ["person_id", "starts_at"])
    take_off()
    keep_apart()


def downgrade() -> None:
    take_off()
    keep_apart(everywhere=False)
    op.drop_index("ix_duty_holder_starts", table_name="duty")
    op.drop_index("ix_lending_borrower", table_name="lending")
    op.drop_index("ix_lending_lender", table_name="lending")
    op.drop_table("lending")
    op.drop_column("availability_exception", "lending_id")
    op.drop_column("person", "guest")
