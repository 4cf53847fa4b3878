"""Writes to a village's Children's Home (notice 2.3, 3.1)."""

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import InvalidError
from tenants.models import Home, Village
from tenants.services import audit_log

HOURS_LENGTH = 200


def save(session: Session, actor: Actor, village: Village, *, opening_hours: str, opened: bool) -> Home:
    """Set a village's home up, or change its opening hours and whether it is open.

    Raises:
        InvalidError: an open home has no opening hours (they hang outside its door), or the text is too long.

    """
    hours = opening_hours.strip()
    if opened and not hours:
        raise InvalidError("An open home states its opening hours.", field="opening_hours")
    if len(hours) > HOURS_LENGTH:
        raise InvalidError("The opening hours may have 200 characters at most.", field="opening_hours")
    home = village.home
    if home is None:
        home = Home(township_id=village.township_id, village_id=village.id, name=f"{village.name}儿童之家")
        session.add(home)
    home.opening_hours, home.opened = hours, opened
    session.flush()
    audit_log.record(session, actor, "home.save", "home", home.id, details={"village": village.id})
    return home
