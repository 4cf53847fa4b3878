"""Keep what was sent until it is confirmed: sealed, bound to its township, for a day."""

import zlib
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, SealError
from tenants.enums import SheetKind
from tenants.errors import ForbiddenError, NotFoundError
from tenants.models import SheetUpload, utc_now
from tenants.models.base import new_id
from tenants.services import audit_log

KEPT = timedelta(hours=24)
MOST_WAITING = 10
NAME_LENGTH = 120
MOST_OPENED = 32 * 1024 * 1024


def keep(
    session: Session, actor: Actor, keyring: Keyring, *, kind: SheetKind, file_name: str, content: bytes
) -> SheetUpload:
    """Keep a file's content; what has expired goes, and of many that wait the oldest."""
    if actor.township_id is None:
        raise ForbiddenError("Files are taken in by a township's station.")
    _sweep(session)
    upload = SheetUpload(
        township_id=actor.township_id,
        id=new_id(),
        kind=kind,
        file_name=file_name.strip()[-NAME_LENGTH:],
        account_id=actor.account_id,
        expires_at=utc_now() + KEPT,
    )
    upload.sealed = keyring.seal_bytes(zlib.compress(content), _place(upload))
    session.add(upload)
    session.flush()
    audit_log.record(session, actor, "sheet.upload", "sheet", upload.id, details={"kind": kind.value})
    return upload


def one(session: Session, upload_id: str) -> SheetUpload:
    """A file that waits.

    Raises:
        NotFoundError: there is none in the session's scope, or its day is over.

    """
    upload = session.scalar(
        select(SheetUpload).where(SheetUpload.id == upload_id, SheetUpload.expires_at > utc_now())
    )  # fmt: skip
    if upload is None:
        raise NotFoundError("no such file")
    return upload


def waiting(session: Session) -> list[SheetUpload]:
    """The files that wait, the newest first."""
    query = select(SheetUpload).where(SheetUpload.expires_at > utc_now())
    return list(session.scalars(query.order_by(SheetUpload.created_at.desc())))


def content_of(keyring: Keyring, upload: SheetUpload) -> bytes:
    """What was kept.

    Raises:
        NotFoundError: it does not open under the keys in the settings any more; it has to be sent again.

    """
    try:
        opened = keyring.open_bytes(upload.sealed, _place(upload))
    except SealError:
        raise NotFoundError("no such file") from None
    return zlib.decompressobj().decompress(opened, MOST_OPENED)


def looked_at(session: Session, actor: Actor, upload: SheetUpload, *, rows: int, problems: int) -> None:
    """Write down that a file was held against what is there."""
    facts = {"kind": upload.kind.value, "rows": rows, "problems": problems}
    audit_log.record(session, actor, "sheet.preview", "sheet", upload.id, details=facts)


def taken(session: Session, actor: Actor, upload: SheetUpload, *, added: int, changed: int) -> None:
    """A file has been taken in: its content is dropped."""
    facts = {"kind": upload.kind.value, "added": added, "changed": changed}
    audit_log.record(session, actor, "sheet.import", "sheet", upload.id, details=facts)
    session.delete(upload)
    session.flush()


def discard(session: Session, actor: Actor, upload: SheetUpload) -> None:
    """Drop a file unused."""
    audit_log.record(session, actor, "sheet.discard", "sheet", upload.id, details={"kind": upload.kind.value})
    session.delete(upload)
    session.flush()


def _sweep(session: Session) -> None:
    session.execute(delete(SheetUpload).where(SheetUpload.expires_at <= utc_now()))
    for upload in waiting(session)[MOST_WAITING - 1 :]:
        session.delete(upload)
    session.flush()


def _place(upload: SheetUpload) -> Place:
    return Place(table="sheet_upload", column="sealed", tenant=upload.township_id, row=upload.id)


def reseal(keyring: Keyring, upload: SheetUpload) -> bool:
    """Seal the content anew if it is under an older key; returns whether it was."""
    return keyring.reseal(upload, "sealed", _place(upload))
