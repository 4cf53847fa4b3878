"""Seal the notes of visits, which lay in clear; keep when a posting was stopped, since its worker is barred."""

import sqlalchemy as sa
from alembic import op

from tenants.crypto import Keyring, Place

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

VISIT = sa.table(
    "visit",
    sa.column("township_id", sa.String),
    sa.column("id", sa.String),
    sa.column("note", sa.String),
    sa.column("note_sealed", sa.LargeBinary),
)
CLEAR, SEALED = VISIT.c.note, VISIT.c.note_sealed


def upgrade() -> None:
    rows = _rows(CLEAR, CLEAR != "")
    sealed = [_keyring().seal(row.note, _place(row)) for row in rows]  # before anything is changed
    op.add_column("visit", sa.Column("note_sealed", sa.LargeBinary(), nullable=True))
    for row, value in zip(rows, sealed, strict=True):
        _write(row, {SEALED: value, CLEAR: ""})
    op.drop_column("visit", "note")
    op.add_column("staff_posting", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    rows = _rows(SEALED, SEALED.is_not(None))
    notes = [_keyring().open(row.note_sealed, _place(row)) for row in rows]
    with op.batch_alter_table("staff_posting") as table:
        table.drop_column("stopped_at")
    op.add_column("visit", sa.Column("note", sa.String(length=500), nullable=False, server_default=""))
    for row, value in zip(rows, notes, strict=True):
        _write(row, {CLEAR: value})
    op.drop_column("visit", "note_sealed")


def _rows(note: sa.ColumnElement, condition: sa.ColumnElement[bool]) -> list[sa.Row]:
    return list(op.get_bind().execute(sa.select(VISIT.c.township_id, VISIT.c.id, note).where(condition)))


def _write(row: sa.Row, values: dict) -> None:
    mine = VISIT.c.township_id == row.township_id, VISIT.c.id == row.id
    op.get_bind().execute(sa.update(VISIT).where(*mine).values(values))


def _place(row: sa.Row) -> Place:
    return Place(table="visit", column="note_sealed", tenant=row.township_id, row=row.id)


def _keyring() -> Keyring:
    """The keys in the settings; a database without a note needs none."""
    keyring = op.get_context().config.attributes.get("keyring")
    if keyring is None:
        raise RuntimeError("visits have notes: give schema.upgrade and schema.downgrade the keyring that seals them")
    return keyring
