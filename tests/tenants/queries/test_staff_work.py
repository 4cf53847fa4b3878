"""What workers owe and did, and what contracts have bought: lent, posted, gone or under a new contract meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.calendar import CountyCalendar
from tenants.enums import ExceptionKind, PersonKind
from tenants.models import AvailabilityException, Duty, Person, ServiceContract, StaffMember, StaffPosting
from tenants.queries import staff_work
from tenants.queries.due import county_today, county_zone
from tenants.queries.staff_work import Delivered, Use
from tenants.services import departures, postings
from tests.duties import HOUR, add_visit, give, soon
from tests.staff import contract, register, serve_under, waiting
from tests.world import Place, World

WORKER = PersonKind.SOCIAL_WORKER
DAY = 480
"""A fifth of a contract's week, in minutes."""
AUTUMN = date(2025, 10, 15)
"""A Wednesday: the four weeks before it have 20 weekdays, six of them in the National Day holiday, and two make-up
days (Sunday 28 September, Saturday 11 October); State Council notice of 12 November 2024."""


@pytest.fixture
def staff(session: Session, world: World) -> StaffMember:
    """The first township's worker, under a contract since 2025."""
    row = session.get_one(StaffMember, (world.county, register(session, world.county, world.first)))
    row.contracts[0].from_day = date(2025, 1, 1)
    return row


def use(session: Session, world: World, staff: StaffMember, *, today: date, weeks: int = 4) -> Use:
    zone, calendar = county_zone(session, world.county), CountyCalendar()
    (found,) = staff_work.use_of_time(session, [staff], today=today, weeks=weeks, zone=zone, calendar=calendar)
    return found


def delivered(session: Session, world: World, *contracts: ServiceContract) -> list[Delivered]:
    zone = county_zone(session, world.county)
    return staff_work.deliveries(session, contracts, today=county_today(session, world.county), zone=zone)


def move(session: Session, world: World, staff: StaffMember, to: Place | None, day: date) -> StaffPosting:
    """A posting that was decided for a day, and begins if that has come."""
    row = StaffPosting(
        county_id=world.county, staff_id=staff.id, allocation_id=waiting(session, world.county), facts={},
        from_township_id=staff.township_id, from_person_id=staff.person_id,
        to_township_id=to.township if to else None, from_day=day,
    )  # fmt: skip
    session.add(row)
    session.flush()
    postings.settle(session)
    return row


def did(session: Session, place: Place, *, child: int, days_ago: int) -> None:
    """The place's worker made a visit of an hour."""
    visit = add_visit(session, place, child, due_in=-days_ago, done_ago=days_ago)
    give(session, place, WORKER, visit=visit, starts_at=soon(days=-days_ago))


def test_holidays_are_not_owed_and_make_up_days_are(session: Session, world: World, staff: StaffMember) -> None:
    assert use(session, world, staff, today=AUTUMN).owed == (20 - 6 + 2) * DAY


def test_leave_on_a_holiday_is_no_leave_and_on_a_make_up_day_is(
    session: Session, world: World, staff: StaffMember
) -> None:
    """From Saturday 27 September to Thursday 9 October: of these, 28 to 30 September and 9 October are worked."""
    session.add(
        AvailabilityException(
            township_id=staff.township_id, person_id=staff.person_id, kind=ExceptionKind.AWAY,
            from_day=date(2025, 9, 27), to_day=date(2025, 10, 9), from_minute=0, to_minute=1440,
        )
    )  # fmt: skip
    session.flush()
    assert use(session, world, staff, today=AUTUMN).owed == (16 - 4) * DAY


def test_the_way_to_a_new_post_is_no_leave(session: Session, world: World, staff: StaffMember) -> None:
    """Announced three weeks before the day: the new township sees the worker as away until then."""
    today, row = county_today(session, world.county), staff
    before = use(session, world, row, today=today + timedelta(days=21)).owed
    posting = move(session, world, row, world.second, today + timedelta(days=21))
    posting.from_day = today
    postings.settle(session)
    posting.from_day = today + timedelta(days=21)
    session.flush()
    assert row.township_id == world.second.township
    assert use(session, world, row, today=today + timedelta(days=21)).owed == before > 0


def test_days_without_a_post_owe_nothing(session: Session, world: World, staff: StaffMember) -> None:
    person = staff.person_id
    session.add(
        StaffPosting(
            county_id=world.county, staff_id=staff.id, allocation_id=waiting(session, world.county), facts={},
            to_township_id=staff.township_id, to_person_id=person, from_day=date(2025, 10, 13),
            begun_at=datetime.now(UTC),
        )
    )  # fmt: skip
    session.flush()
    assert use(session, world, staff, today=AUTUMN).owed == 2 * DAY


def test_time_in_a_township_that_borrows_the_worker_is_theirs(
    session: Session, world: World, staff: StaffMember
) -> None:
    """Whoever is lent is a guest under the same id; the row of the guest stands here without its loan."""
    place = world.second
    session.add(Person(township_id=place.township, id=staff.person_id, kind=WORKER, name="x", guest=True))
    visit, start = add_visit(session, place, due_in=-3, done_ago=3), soon(days=-3)
    session.flush()
    session.add(
        Duty(
            township_id=place.township, person_id=staff.person_id, visit_id=visit, role="lead", starts_at=start,
            ends_at=start + HOUR, version=1, changed_at=start, created_at=start,
        )
    )  # fmt: skip
    session.flush()
    assert use(session, world, staff, today=county_today(session, world.county)).child_protection == 60
    (one,) = delivered(session, world, staff.contracts[0])
    assert (one.visits, one.minutes) == (1, 60)


def test_what_somebody_delivered_before_they_left_stays_the_contracts(
    session: Session, world: World, staff: StaffMember
) -> None:
    did(session, world.first, child=0, days_ago=3)
    (held,) = staff.contracts
    staff.left = True
    departures.depart(session, world.county, None, staff.id)
    assert (staff.township_id, staff.person_id) == (None, None)
    (one,) = delivered(session, world, held)
    assert (one.workers, one.visits, one.minutes) == (0, 1, 60)


def test_contract_that_is_over_tells_who_served_on_its_last_day(
    session: Session, world: World, staff: StaffMember
) -> None:
    """It ended yesterday; one worker leaves today."""
    (held,) = staff.contracts
    held.to_day = county_today(session, world.county) - timedelta(days=1)
    staff.left = True
    departures.depart(session, world.county, None, staff.id)
    assert [one.workers for one in delivered(session, world, held)] == [1]


def test_each_contract_has_what_was_done_on_its_days(session: Session, world: World, staff: StaffMember) -> None:
    """The renewal began two days ago; what was done three days ago is the first contract's."""
    (old,) = staff.contracts
    today = county_today(session, world.county)
    new = session.get_one(ServiceContract, (world.county, contract(session, world.county, days=(-2, 300))))
    old.to_day = today - timedelta(days=3)
    serve_under(session, staff, old.id, new.id)
    for days_ago in (1, 3):
        did(session, world.first, child=days_ago, days_ago=days_ago)
    assert [(one.visits, one.minutes) for one in delivered(session, world, old, new)] == [(1, 60), (1, 60)]
    assert [staff.contract_on(today - timedelta(days=n)) for n in (3, 2)] == [old, new]
    assert use(session, world, staff, today=today).owed > 0


def test_of_two_contracts_that_hold_the_one_that_began_last_counts(
    session: Session, world: World, staff: StaffMember
) -> None:
    (old,) = staff.contracts
    new = session.get_one(ServiceContract, (world.county, contract(session, world.county, days=(-2, 300))))
    serve_under(session, staff, new.id, old.id)
    did(session, world.first, child=0, days_ago=1)
    assert [(one.visits, one.workers) for one in delivered(session, world, old, new)] == [(0, 0), (1, 1)]


def test_renewal_that_has_not_begun_tells_who_will_serve(session: Session, world: World, staff: StaffMember) -> None:
    (old,) = staff.contracts
    new = session.get_one(ServiceContract, (world.county, contract(session, world.county, days=(201, 400))))
    serve_under(session, staff, old.id, new.id)
    assert [one.workers for one in delivered(session, world, old, new)] == [1, 1]
