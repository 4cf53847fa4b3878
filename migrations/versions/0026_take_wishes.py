"""Let people say what they would gladly do, what they are able to do, and when they are free on holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KINDS = ("moral_practice", "protection_knowledge", "parents_school", "safety", "arts", "sports", "tutoring")


def upgrade() -> None:
    op.add_column("person", sa.Column("own_words", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("availability_exception", sa.Column("holiday", sa.String(length=30), nullable=True))
    op.create_table(
        "stated_skill",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_stated_skill_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_stated_skill_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_stated_skill")),
        sa.UniqueConstraint(
            "township_id", "person_id", "skill", name=op.f("uq_stated_skill_township_id_person_id_skill")
        ),
    )
    op.create_table(
        "lasting_wish",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.Enum(*_KINDS, name="activitykind", native_enum=False, length=32), nullable=True),
        sa.Column("village_id", sa.String(length=26), nullable=True),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(kind is null) <> (village_id is null)", name=op.f("ck_lasting_wish_one_thing")),
        sa.ForeignKeyConstraint(
            ["township_id", "person_id"],
            ["person.township_id", "person.id"],
            name=op.f("fk_lasting_wish_township_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id", "village_id"],
            ["village.township_id", "village.id"],
            name=op.f("fk_lasting_wish_township_id_village_id"),
        ),
        sa.ForeignKeyConstraint(["township_id"], ["township.id"], name=op.f("fk_lasting_wish_township_id")),
        sa.PrimaryKeyConstraint("township_id", "id", name=op.f("pk_lasting_wish")),
        sa.UniqueConstraint(
            "township_id", "person_id", "kind", name=op.f("uq_lasting_wish_township_id_person_id_kind")
        ),
        sa.UniqueConstraint(
            "township_id", "person_id", "village_id", name=op.f("uq_lasting_wish_township_id_person_id_village_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("lasting_wish")
    op.drop_table("stated_skill")
    op.drop_column("availability_exception", "holiday")
    op.drop_column("person", "own_words")
