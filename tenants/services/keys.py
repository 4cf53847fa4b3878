"""Rotate the keys: seal what is under an older key anew, a few rows at a time, while the program runs."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring
from tenants.models import Account, Attendance, Child, Concern, SheetUpload
from tenants.services import (
    attendance,
    concerns,
    county_files,
    day_needs,
    identities,
    photos,
    second_factor,
    uploads,
    visit_notes,
)

BATCH = 100


def batches(session: Session) -> Iterator[list[tuple[str, str]]]:
    """Keys of all children, in batches. Takes a system session."""
    keys = [(row.township_id, row.id) for row in session.execute(select(Child.township_id, Child.id))]
    for begin in range(0, len(keys), BATCH):
        yield keys[begin : begin + BATCH]


def reseal_children(session: Session, keyring: Keyring, keys: list[tuple[str, str]]) -> int:
    """Reseal a batch under row locks; returns how many rows changed."""
    changed = 0
    for key in keys:
        child = session.get(Child, key, with_for_update=True)
        if child is not None:
            changed += any(
                [
                    identities.reseal(keyring, child),
                    day_needs.reseal(session, keyring, child),
                    visit_notes.reseal(session, keyring, child),
                    county_files.reseal(session, keyring, child),
                ]
            )
    return changed


def reseal_accounts(session: Session, keyring: Keyring) -> int:
    """Reseal the second factors; returns how many changed."""
    accounts = session.scalars(select(Account).where(Account.totp_sealed.is_not(None)).with_for_update())
    return sum(second_factor.reseal(account, keyring) for account in accounts)


def reseal_texts(session: Session, keyring: Keyring) -> int:
    """Reseal concerns, notes and photos; returns how many changed."""
    texts = session.scalars(select(Concern).with_for_update())
    changed = sum(concerns.reseal(keyring, concern) for concern in texts)
    notes = session.scalars(select(Attendance).where(Attendance.note_sealed.is_not(None)).with_for_update())
    changed += sum(attendance.reseal(keyring, row) for row in notes)
    return changed + photos.reseal(session, keyring)


def reseal_uploads(session: Session, keyring: Keyring) -> int:
    """Reseal the files that wait to be taken in; returns how many changed."""
    return sum(uploads.reseal(keyring, row) for row in session.scalars(select(SheetUpload).with_for_update()))
