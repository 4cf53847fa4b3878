"""What was written of a visit that was made: sealed, and read by every page through this module alone."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring, Place, Shown
from tenants.models import Child, Visit


def place_of(visit: Visit) -> Place:
    """Where the sealed note belongs."""
    return Place(table="visit", column="note_sealed", tenant=visit.township_id, row=visit.id)


def keep(session: Session, keyring: Keyring | None, visit: Visit, note: str) -> None:
    """Seal a visit's note in place of the one before; an empty one is none, and needs no keys.

    Raises:
        ValueError: there is a note and no keyring.

    """
    text = note.strip()
    if text and keyring is None:
        raise ValueError("a note is kept under keys, or not at all")
    session.flush()  # a new visit has its id from here on
    visit.note_sealed = keyring.seal(text, place_of(visit)) if text and keyring else None
    session.flush()


def note_of(keyring: Keyring, visit: Visit) -> Shown:
    """The note as it was written; empty for none."""
    return keyring.shown(visit.note_sealed, place_of(visit))


def notes_of(keyring: Keyring, visits: Iterable[Visit]) -> dict[str, Shown]:
    """The notes of some visits by the visit's id; those without one are left out."""
    return {visit.id: note_of(keyring, visit) for visit in visits if visit.note_sealed}


def reseal(session: Session, keyring: Keyring, child: Child) -> bool:
    """Seal a child's notes that are under an older key anew; returns whether any was."""
    mine = select(Visit).where(Visit.township_id == child.township_id, Visit.child_id == child.id)
    visits = session.scalars(mine.where(Visit.note_sealed.is_not(None)))
    return sum(keyring.reseal(visit, "note_sealed", place_of(visit)) for visit in visits) > 0
