"""The register holds each worker once, from the approval of a move to its day and after."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.errors import ConflictError
from tenants.models import Person, StaffMember, StaffPosting
from tenants.queries import staffing as queries
from tenants.queries.due import county_today
from tenants.services import postings, staffing
from tests.staff import contract, officer, register, waiting
from tests.world import World


@pytest.fixture
def coming(session: Session, world: World) -> StaffPosting:
    """Both workers are registered; the first one's move to the second township is decided for a coming day."""
    staff = session.get_one(StaffMember, (world.county, register(session, world.county, world.first)))
    register(session, world.county, world.second)
    row = StaffPosting(
        county_id=world.county, staff_id=staff.id, allocation_id=waiting(session, world.county),
        from_township_id=staff.township_id, from_person_id=staff.person_id, to_township_id=world.second.township,
        from_day=county_today(session, world.county) + timedelta(days=10), facts={},
    )  # fmt: skip
    session.add(row)
    session.flush()
    postings.settle(session)
    return row


def entered(session: Session, posting: StaffPosting) -> Person:
    """The worker as the new township has them."""
    return session.get_one(Person, (posting.to_township_id, posting.to_person_id))


def strangers(session: Session, world: World) -> list[Person]:
    """Whom the county would be invited to take in."""
    places = {world.first.township, world.second.township}
    return [one for one in queries.unregistered(session) if one.township_id in places]


def test_worker_with_a_coming_post_is_no_stranger_to_the_register(
    session: Session, world: World, coming: StaffPosting
) -> None:
    assert entered(session, coming).dedicated is True
    assert strangers(session, world) == []


def test_worker_with_a_coming_post_is_not_taken_in_a_second_time(
    session: Session, world: World, coming: StaffPosting
) -> None:
    terms = contract(session, world.county)
    assert staffing.take_in(session, officer(session, world), [entered(session, coming)], terms) == 0
    assert len(queries.register(session)) == 2


def test_worker_with_a_coming_post_is_not_released(session: Session, world: World, coming: StaffPosting) -> None:
    with pytest.raises(ConflictError, match="The register holds"):
        staffing.release(session, world.county, None, coming.to_person_id or "")
    assert entered(session, coming).dedicated is True


def test_stranger_is_taken_in_once(session: Session, world: World) -> None:
    register(session, world.county, world.first)
    (stranger,) = strangers(session, world)
    actor, terms = officer(session, world), contract(session, world.county)
    assert [staffing.take_in(session, actor, [stranger], terms) for _ in range(2)] == [1, 0]
