"""The county opens a child's file on a stated purpose; the township reads who did so, when and why.

What an officer types as the reason may name the child: it is sealed in a row that goes with the file, and the log keeps
that row's id. Source: Personal Information Protection Law, art. 6 and 28 (stated purpose, least data). Identity stays
with the township.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, Shown
from tenants.enums import Purpose
from tenants.errors import ForbiddenError, InvalidError
from tenants.fields import Fact, Reach, reach
from tenants.models import AuditEntry, Child, FileOpening, new_id
from tenants.services import audit_log

MOST_WORDS = 200
OPENING = "opening"
"""What a line of the log calls the row with the reason."""


def place_of(row: FileOpening) -> Place:
    """Where the sealed reason belongs."""
    return Place(table="file_opening", column="reason_sealed", tenant=row.township_id, row=row.id)


def open_file(
    session: Session, actor: Actor, keyring: Keyring, township_id: str, case_code: str, *, purpose: Purpose, words: str
) -> Child:
    """The file of a case code in a township of the officer's county; the reading is written down first.

    Raises:
        ForbiddenError: the actor's role reads no file on a purpose.
        InvalidError: the township has no such file, or the reason is missing or longer than 200 characters.

    """
    if reach(actor.role, Fact.PSEUDONYM) is not Reach.ON_PURPOSE:
        raise ForbiddenError("only the county opens files of townships")
    reason = words.strip()
    if not 1 <= len(reason) <= MOST_WORDS:
        raise InvalidError("State the reason in 1 to 200 characters.", field="words")
    named = Child.township_id == township_id, Child.case_code == case_code.strip(), Child.erased_on.is_(None)
    query = select(Child).where(*named).options(selectinload(Child.categories), selectinload(Child.risks))
    child = session.scalar(query)
    if child is None:
        raise InvalidError("This township has no file with this code.", field="case_code")
    facts = {"purpose": purpose.value, OPENING: _keep(session, actor, keyring, child, reason).id}
    audit_log.record(
        session, actor, "child.county_read", "child", child.id, details=facts, township_id=child.township_id
    )
    return child


def _keep(session: Session, actor: Actor, keyring: Keyring, child: Child, reason: str) -> FileOpening:
    row = FileOpening(id=new_id(), county_id=actor.county_id, township_id=child.township_id, child_id=child.id)
    row.reason_sealed = keyring.seal(reason, place_of(row))
    session.add(row)
    session.flush()
    return row


def reasons(session: Session, keyring: Keyring, lines: Iterable[AuditEntry]) -> dict[str, Shown]:
    """The reasons that lines of the log point to, by the id that they hold; an erased one is not among them."""
    wanted = {line.details[OPENING] for line in lines if OPENING in line.details}
    rows = session.scalars(select(FileOpening).where(FileOpening.id.in_(wanted))) if wanted else ()
    return {row.id: keyring.shown(row.reason_sealed, place_of(row)) for row in rows}


def reseal(session: Session, keyring: Keyring, child: Child) -> bool:
    """Seal a child's reasons that are under an older key anew; returns whether any was."""
    mine = FileOpening.township_id == child.township_id, FileOpening.child_id == child.id
    rows = session.scalars(select(FileOpening).where(*mine))
    return sum(keyring.reseal(row, "reason_sealed", place_of(row)) for row in rows) > 0
