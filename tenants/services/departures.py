"""A purchased-service worker leaves the service: the county's act, which ends the post in the township too."""

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import MessageKind
from tenants.models import Person, StaffMember, StaffPosting, Township, utc_now
from tenants.queries.due import county_today
from tenants.services import audit_log, leaving, notices
from tenants.services.leaving import Span


def depart(session: Session, county_id: str, account_id: str | None, staff_id: str) -> None:
    """End the post of a worker whom the register has let go; for a system session, since the person is a township's.

    Their coming duties and their log-in end, the station is told, and they are purchased-service staff no longer, so
    that the township may enter them anew as whatever they are then. Without a post there is nothing to end.
    """
    staff = session.get_one(StaffMember, (county_id, staff_id), with_for_update=True)
    if not staff.left or staff.township_id is None or staff.person_id is None:
        return
    person = session.get_one(Person, (staff.township_id, staff.person_id))
    actor = Actor(county_id=county_id, account_id=account_id, township_id=person.township_id)
    _tell(session, county_id, person)
    leaving.leave_duties(session, person, Span.from_now())
    leaving.leave_exchange(session, person)
    leaving.leave_drafts(session, actor, person, Span.from_now())
    for account in notices.accounts_of(session, [person.id]):
        account.disabled = True
    person.active, person.dedicated = False, False
    session.add(_end_of_post(session, county_id, staff))
    staff.township_id = staff.person_id = None
    session.flush()
    audit_log.record(session, actor, "posting.left", "person", person.id, details={"staff": staff.id})


def _end_of_post(session: Session, county_id: str, staff: StaffMember) -> StaffPosting:
    """Where the worker stood until now, so that what they delivered stays the contract's."""
    now = utc_now()
    return StaffPosting(
        county_id=county_id,
        staff_id=staff.id,
        from_township_id=staff.township_id,
        from_person_id=staff.person_id,
        from_day=county_today(session, county_id),
        facts={},
        announced_at=now,
        begun_at=now,
    )


def _tell(session: Session, county_id: str, person: Person) -> None:
    place = session.get_one(Township, person.township_id)
    facts = {"old": place.name, "old_en": place.name_en, "new": "", "new_en": ""}
    facts |= notices.name_of(person) | {"day": county_today(session, county_id).isoformat()}
    told = [*notices.station_accounts(session, place.id), *notices.accounts_of(session, [person.id])]
    notices.tell(session, told, MessageKind.POSTING, facts)
