"""Create the house: every table of the first release, and an audit log that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "county",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("road_detour", sa.Double(), nullable=False),
        sa.Column("road_kmh", sa.Double(), nullable=False),
        sa.Column("visit_hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_audit_entry_county_id")),
        sa.PrimaryKeyConstraint("county_id", "number", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "audit_head",
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_audit_head_county_id")),
        sa.PrimaryKeyConstraint("county_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "township",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("xiang", "zhen", "jiedao", name="townshipkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("safety_phone", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_township_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_township")),
        sa.UniqueConstraint("county_id", "id", name=op.f("uq_township_county_id_id")),
        sa.UniqueConstraint("county_id", "name", name=op.f("uq_township_county_id_name")),
    )
    op.create_table(
        "visit_rule",
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
        sa.Column(
            "risk", sa.Enum("high", "medium", "low", name="risklevel", native_enum=False, length=32), nullable=False
        ),
        sa.Column("interval_days", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum("critical", "high", "normal", "low", name="priority", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "service",
            sa.Enum("child_protection", "social_work", "other", name="service", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "known_by",
            sa.Enum("nobody", "village_director", "named", name="familiarity", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("interval_days between 1 and 366", name=op.f("ck_visit_rule_interval")),
        sa.CheckConstraint("minutes between 10 and 480", name=op.f("ck_visit_rule_minutes")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_visit_rule_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_visit_rule")),
        sa.UniqueConstraint("county_id", "category", "risk", name=op.f("uq_visit_rule_county_id_category_risk")),
    )
    op.create_table(
        "roster",
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.Enum("draft", "published", name="rosterstate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=26), nullable=True),
        sa.Column("score_medium", sa.Integer(), nullable=True),
        sa.Column("score_soft", sa.Integer(), nullable=True),
        sa.Column("bound_medium", sa.Integer(), nullable=True),
        sa.Column("bound_soft", sa.Integer(), nullable=True),
        sa.Column("optimal", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(state = 'published') = (version is not null)", name=op.f("ck_roster_version")),
        sa.CheckConstraint("days between 1 and 62", name=op.f("ck_roster_days")),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_roster_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_roster")),
        sa.UniqueConstraint("township_id", "version", name=op.f("uq_roster_township_id_version")),
    )
    op.create_table(
        "village",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "kind", sa.Enum("village", "community", name="villagekind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_village_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_village")),
        sa.UniqueConstraint("township_id", "name", name=op.f("uq_village_township_id_name")),
    )
    op.create_table(
        "child",
        sa.Column("case_code", sa.String(length=20), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("village_id", sa.String(length=26), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("gender", sa.Enum("female", "male", name="gender", native_enum=False, length=32), nullable=True),
        sa.Column(
            "needs_gender", sa.Enum("female", "male", name="gender", native_enum=False, length=32), nullable=True
        ),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_child_township_id_village_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_child_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_child")),
        sa.UniqueConstraint("township_id", "case_code", name=op.f("uq_child_township_id_case_code")),
    )
    op.create_table(
        "home",
        sa.Column("village_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("opening_hours", sa.String(length=200), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_home_township_id_village_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_home_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_home")),
        sa.UniqueConstraint("township_id", "village_id", name=op.f("uq_home_township_id_village_id")),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "volunteer",
                "social_worker",
                "child_director",
                "station_staff",
                name="personkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("gender", sa.Enum("female", "male", name="gender", native_enum=False, length=32), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("base_village_id", sa.String(length=26), nullable=True),
        sa.Column("dedicated", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("max_minutes_per_day", sa.Integer(), nullable=True),
        sa.Column("max_minutes_per_week", sa.Integer(), nullable=True),
        sa.Column("max_tasks_per_day", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "max_minutes_per_day is null or max_minutes_per_day > 0", name=op.f("ck_person_day_minutes")
        ),
        sa.CheckConstraint(
            "max_minutes_per_week is null or max_minutes_per_week > 0", name=op.f("ck_person_week_minutes")
        ),
        sa.CheckConstraint("max_tasks_per_day is null or max_tasks_per_day > 0", name=op.f("ck_person_day_tasks")),
        sa.ForeignKeyConstraint(
            ["township_id", "base_village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_person_township_id_base_village_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_person_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "roster_edit",
        sa.Column("roster_id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "roster_id"],
            ["roster.township_id", "roster.id"],
            name=op.f("fk_roster_edit_township_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_roster_edit_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_roster_edit")),
        sa.UniqueConstraint(
            "township_id", "roster_id", "revision", name=op.f("uq_roster_edit_township_id_roster_id_revision")
        ),
    )
    op.create_table(
        "solve_run",
        sa.Column("roster_id", sa.String(length=26), nullable=False),
        sa.Column("roster_revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "running", "done", "stopped", "failed", name="runstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("stop_requested", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("seconds between 1 and 3600", name=op.f("ck_solve_run_seconds")),
        sa.ForeignKeyConstraint(
            ["township_id", "roster_id"],
            ["roster.township_id", "roster.id"],
            name=op.f("fk_solve_run_township_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_solve_run_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_solve_run")),
    )
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.create_index("ix_solve_run_state", ["state", "created_at"], unique=False)

    op.create_table(
        "account",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "county_officer",
                "station_head",
                "station_staff",
                "social_worker",
                "child_director",
                "volunteer",
                name="accountrole",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("township_id", sa.String(length=26), nullable=True),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(role = 'county_officer') = (township_id is null)", name=op.f("ck_account_township")),
        sa.ForeignKeyConstraint(
            ["county_id", "township_id"],
            ["township.county_id", "township.id"],
            name=op.f("fk_account_county_id_township_id"),
        ),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_account_county_id")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_account_township_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "activity",
        sa.Column("home_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "moral_practice",
                "protection_knowledge",
                "parents_school",
                "safety",
                "arts",
                "sports",
                "tutoring",
                name="activitykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "service",
            sa.Enum("child_protection", "social_work", "other", name="service", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum("critical", "high", "normal", "low", name="priority", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("with_children", sa.Boolean(), nullable=False),
        sa.Column("children_expected", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "held", "cancelled", name="activitystate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_activity_times")),
        sa.ForeignKeyConstraint(
            ["township_id", "home_id"], ["home.township_id", "home.id"], name=op.f("fk_activity_township_id_home_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_starts", ["township_id", "starts_at"], unique=False)

    op.create_table(
        "availability_exception",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.Enum("away", "extra", name="exceptionkind", native_enum=False, length=32), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "0 <= from_minute and from_minute < to_minute and to_minute <= 1440",
            name=op.f("ck_availability_exception_minutes"),
        ),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_availability_exception_days")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_availability_exception_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_availability_exception_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_availability_exception")),
    )
    op.create_table(
        "child_category",
        sa.Column("child_id", sa.String(length=26), nullable=False),
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
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("to_day is null or from_day <= to_day", name=op.f("ck_child_category_days")),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"],
            ["child.township_id", "child.id"],
            name=op.f("fk_child_category_township_id_child_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_child_category_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_child_category")),
    )
    op.create_table(
        "child_risk",
        sa.Column("child_id", sa.String(length=26), nullable=False),
        sa.Column(
            "level", sa.Enum("high", "medium", "low", name="risklevel", native_enum=False, length=32), nullable=False
        ),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"],
            ["child.township_id", "child.id"],
            name=op.f("fk_child_risk_township_id_child_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_child_risk_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_child_risk")),
        sa.UniqueConstraint(
            "township_id", "child_id", "from_day", name=op.f("uq_child_risk_township_id_child_id_from_day")
        ),
    )
    op.create_table(
        "familiar_person",
        sa.Column("child_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"],
            ["child.township_id", "child.id"],
            name=op.f("fk_familiar_person_township_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_familiar_person_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_familiar_person_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_familiar_person")),
        sa.UniqueConstraint(
            "township_id", "child_id", "person_id", name=op.f("uq_familiar_person_township_id_child_id_person_id")
        ),
    )
    op.create_table(
        "feed_token",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_feed_token_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_feed_token_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_token_hash")),
    )
    op.create_table(
        "person_skill",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_person_skill_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_person_skill_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_person_skill")),
        sa.UniqueConstraint(
            "township_id", "person_id", "skill", name=op.f("uq_person_skill_township_id_person_id_skill")
        ),
    )
    op.create_table(
        "vetting",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_through", sa.Date(), nullable=False),
        sa.Column(
            "result", sa.Enum("clear", "barred", name="vettingresult", native_enum=False, length=32), nullable=False
        ),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("valid_through >= checked_on", name=op.f("ck_vetting_valid_through")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_vetting_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_vetting_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_vetting")),
    )
    op.create_table(
        "visit",
        sa.Column("child_id", sa.String(length=26), nullable=False),
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
        sa.Column(
            "risk", sa.Enum("high", "medium", "low", name="risklevel", native_enum=False, length=32), nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum("critical", "high", "normal", "low", name="priority", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "service",
            sa.Enum("child_protection", "social_work", "other", name="service", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "known_by",
            sa.Enum("nobody", "village_director", "named", name="familiarity", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "needs_gender", sa.Enum("female", "male", name="gender", native_enum=False, length=32), nullable=True
        ),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "done", "cancelled", name="visitstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "child_id"], ["child.township_id", "child.id"], name=op.f("fk_visit_township_id_child_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_visit_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_visit")),
        sa.UniqueConstraint("township_id", "child_id", "due_on", name=op.f("uq_visit_township_id_child_id_due_on")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_due", ["township_id", "state", "due_on"], unique=False)

    op.create_table(
        "weekly_availability",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "0 <= from_minute and from_minute < to_minute and to_minute <= 1440",
            name=op.f("ck_weekly_availability_minutes"),
        ),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_weekly_availability_weekday")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_weekly_availability_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_weekly_availability_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_weekly_availability")),
    )
    op.create_table(
        "activity_role",
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "0 <= minimum and minimum <= maximum and maximum > 0", name=op.f("ck_activity_role_numbers")
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_activity_role_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_activity_role_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_activity_role")),
        sa.UniqueConstraint(
            "township_id", "activity_id", "role", name=op.f("uq_activity_role_township_id_activity_id_role")
        ),
    )
    op.create_table(
        "assignment",
        sa.Column("roster_id", sa.String(length=26), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_pinned", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=True),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(visit_id is null) <> (activity_id is null)", name=op.f("ck_assignment_one_task")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_assignment_times")),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_assignment_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "roster_id"],
            ["roster.township_id", "roster.id"],
            name=op.f("fk_assignment_township_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "visit_id"],
            ["visit.township_id", "visit.id"],
            name=op.f("fk_assignment_township_id_visit_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_assignment_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "township_id", "roster_id", "activity_id", name=op.f("uq_assignment_township_id_roster_id_activity_id")
        ),
        sa.UniqueConstraint(
            "township_id", "roster_id", "visit_id", name=op.f("uq_assignment_township_id_roster_id_visit_id")
        ),
    )
    op.create_table(
        "duty",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state", sa.Enum("confirmed", "cancelled", name="dutystate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=True),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(visit_id is null) <> (activity_id is null)", name=op.f("ck_duty_one_task")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_duty_times")),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_duty_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_duty_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "visit_id"], ["visit.township_id", "visit.id"], name=op.f("fk_duty_township_id_visit_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_duty_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_duty")),
        sa.UniqueConstraint(
            "township_id", "person_id", "activity_id", name=op.f("uq_duty_township_id_person_id_activity_id")
        ),
        sa.UniqueConstraint(
            "township_id", "person_id", "visit_id", name=op.f("uq_duty_township_id_person_id_visit_id")
        ),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_person_starts", ["township_id", "person_id", "starts_at"], unique=False)

    op.create_table(
        "unserved_task",
        sa.Column("roster_id", sa.String(length=26), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=True),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(visit_id is null) <> (activity_id is null)", name=op.f("ck_unserved_task_one_task")),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_unserved_task_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "roster_id"],
            ["roster.township_id", "roster.id"],
            name=op.f("fk_unserved_task_township_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "visit_id"],
            ["visit.township_id", "visit.id"],
            name=op.f("fk_unserved_task_township_id_visit_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_unserved_task_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_unserved_task")),
    )
    op.create_table(
        "wish",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "activity_id"],
            ["activity.township_id", "activity.id"],
            name=op.f("fk_wish_township_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_wish_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_wish_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_wish")),
        sa.UniqueConstraint(
            "township_id", "person_id", "activity_id", name=op.f("uq_wish_township_id_person_id_activity_id")
        ),
    )
    op.create_table(
        "seat",
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "assignment_id"],
            ["assignment.township_id", "assignment.id"],
            name=op.f("fk_seat_township_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_seat_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_seat_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_seat")),
        sa.UniqueConstraint(
            "township_id", "assignment_id", "person_id", name=op.f("uq_seat_township_id_assignment_id_person_id")
        ),
    )

    _make_audit_append_only()


def downgrade() -> None:
    _drop_audit_guard()
    op.drop_table("seat")
    op.drop_table("wish")
    op.drop_table("unserved_task")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_person_starts")

    op.drop_table("duty")
    op.drop_table("assignment")
    op.drop_table("activity_role")
    op.drop_table("weekly_availability")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_due")

    op.drop_table("visit")
    op.drop_table("vetting")
    op.drop_table("person_skill")
    op.drop_table("feed_token")
    op.drop_table("familiar_person")
    op.drop_table("child_risk")
    op.drop_table("child_category")
    op.drop_table("availability_exception")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_starts")

    op.drop_table("activity")
    op.drop_table("account")
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.drop_index("ix_solve_run_state")

    op.drop_table("solve_run")
    op.drop_table("roster_edit")
    op.drop_table("person")
    op.drop_table("home")
    op.drop_table("child")
    op.drop_table("village")
    op.drop_table("roster")
    op.drop_table("visit_rule")
    op.drop_table("township")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.drop_table("county")


def _make_audit_append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger audit_entry_no_{verb} before {verb} on audit_entry "
                "begin select raise(abort, 'the audit log only grows'); end"
            )
        return
    op.execute(
        "create function audit_entry_only_grows() returns trigger language plpgsql as "
        "$$ begin raise exception 'the audit log only grows'; end $$"
    )
    op.execute(
        "create trigger audit_entry_only_grows before update or delete or truncate on audit_entry "
        "for each statement execute function audit_entry_only_grows()"
    )


def _drop_audit_guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger audit_entry_only_grows on audit_entry")
        op.execute("drop function audit_entry_only_grows()")
