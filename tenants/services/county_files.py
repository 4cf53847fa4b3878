"""The county opens a child's file on a stated purpose; the township reads who did so, when and why.

Source: Personal Information Protection Law, art. 6 and 28 (stated purpose, least data). Identity stays with the
township.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import Purpose
from tenants.errors import ForbiddenError, InvalidError
from tenants.fields import Fact, Reach, reach
from tenants.models import Child
from tenants.services import audit_log

MOST_WORDS = 200


def open_file(
    session: Session, actor: Actor, township_id: str, case_code: str, *, purpose: Purpose, words: str
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
    facts = {"purpose": purpose.value, "words": reason}
    audit_log.record(
        session, actor, "child.county_read", "child", child.id, details=facts, township_id=child.township_id
    )
    return child
