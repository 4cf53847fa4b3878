"""A posting reaches both townships and the worker; on its day the worker serves there, and only there."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, PersonKind
from tenants.models import Account, Duty, Message, Person, PostingNotice, StaffMember, StaffPosting, new_id
from tenants.queries.due import county_today
from tenants.services import postings
from tests.duties import add_visit, give, soon
from tests.staff import contract, newcomer, register, waiting
from tests.world import Place, World


@pytest.fixture
def staff(session: Session, world: World) -> StaffMember:
    """The first township's worker, in the register."""
    return session.get_one(StaffMember, (world.county, register(session, world.county, world.first)))


def post_to(session: Session, world: World, staff: StaffMember, place: Place | None, *, days: int) -> StaffPosting:
    row = StaffPosting(
        county_id=world.county, id=new_id(), staff_id=staff.id, allocation_id=waiting(session, world.county),
        from_township_id=staff.township_id, from_person_id=staff.person_id,
        to_township_id=place.township if place else None,
        from_day=county_today(session, world.county) + timedelta(days=days), facts={},
    )  # fmt: skip
    session.add(row)
    session.flush()
    postings.settle(session)
    return row


def person(session: Session, posting: StaffPosting) -> Person:
    return session.get_one(Person, (posting.to_township_id, posting.to_person_id))


def away(session: Session, one: Person) -> set[tuple[date, date]]:
    session.refresh(one)
    return {(row.from_day, row.to_day) for row in one.exceptions}


def test_both_townships_are_told_and_nothing_changes_before_the_day(
    session: Session, world: World, staff: StaffMember
) -> None:
    posting = post_to(session, world, staff, world.second, days=10)
    told = {n.township_id: (n.arrives, n.other_township) for n in session.scalars(select(PostingNotice))}
    assert told == {world.first.township: (False, "乙镇"), world.second.township: (True, "甲镇")}
    old, new, today = (
        session.get_one(Person, (world.first.township, staff.person_id)),
        person(session, posting),
        county_today(session, world.county),
    )
    assert away(session, old) == {(posting.from_day, postings.FOR_GOOD)}
    assert away(session, new) == {(today, posting.from_day - timedelta(days=1))}
    assert (old.active, new.active, new.dedicated, new.name) == (True, True, True, old.name)
    assert (staff.township_id, posting.begun_at) == (world.first.township, None)
    assert postings.settle(session) == 0


def test_messages_reach_both_stations_the_worker_and_whoever_shares_a_team(
    session: Session, world: World, staff: StaffMember
) -> None:
    """The volunteer is on a visit with the worker after the day, the child director on one before it."""
    after, before = add_visit(session, world.first, 0), add_visit(session, world.first, 1)
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=after, starts_at=soon(days=12))
    give(session, world.first, PersonKind.VOLUNTEER, visit=after, starts_at=soon(days=12))
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=before, starts_at=soon(days=8))
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=before, starts_at=soon(days=8))
    post_to(session, world, staff, world.second, days=10)
    told = {session.get_one(Account, (m.county_id, m.account_id)).username for m in session.scalars(select(Message))}
    assert told == {
        "station_head-alpha", "station_staff-alpha", "social_worker-alpha", "volunteer-alpha", "station_head-beta",
        "station_staff-beta",
    }  # fmt: skip
    facts = [message.facts for message in session.scalars(select(Message))]
    assert {(one["old"], one["new"]) for one in facts} == {("甲镇", "乙镇")}


def test_worker_brings_skills_checks_and_availability(session: Session, world: World, staff: StaffMember) -> None:
    new = person(session, post_to(session, world, staff, world.second, days=10))
    session.refresh(new)
    old = session.get_one(Person, (world.first.township, staff.person_id))
    assert [s.skill for s in new.skills] == ["case_work"]
    assert [c.valid_through for c in new.vettings] == [c.valid_through for c in old.vettings]
    assert len(new.weekly) == 7


def test_on_the_day_the_worker_serves_there_with_their_log_in(
    session: Session, world: World, staff: StaffMember
) -> None:
    old_id = staff.person_id
    posting = post_to(session, world, staff, world.second, days=0)
    assert (staff.township_id, staff.person_id) == (world.second.township, posting.to_person_id)
    assert session.get_one(Person, (world.first.township, old_id)).active is False
    username = world.first.usernames[AccountRole.SOCIAL_WORKER]
    account = session.scalars(select(Account).where(Account.username == username)).one()
    assert (account.township_id, account.person_id) == (world.second.township, posting.to_person_id)


def test_what_they_still_hold_after_the_day_is_called_off_and_told(
    session: Session, world: World, staff: StaffMember
) -> None:
    kept = give(
        session,
        world.first,
        PersonKind.SOCIAL_WORKER,
        visit=add_visit(session, world.first, 1),
        starts_at=soon(days=-2),
    )
    gone = give(session, world.first, PersonKind.SOCIAL_WORKER, visit=add_visit(session, world.first, 2))
    post_to(session, world, staff, world.second, days=0)
    states = {duty.id: (duty.state, duty.sequence) for duty in session.scalars(select(Duty))}
    assert states == {kept: (DutyState.CONFIRMED, 0), gone: (DutyState.CANCELLED, 1)}


def test_newcomer_is_entered_with_the_skills_of_the_register(session: Session, world: World) -> None:
    made = newcomer(session, world.county, contract(session, world.county), skills=["law"])
    posting = post_to(session, world, session.get_one(StaffMember, (world.county, made)), world.second, days=3)
    new = person(session, posting)
    session.refresh(new)
    assert (new.name, [s.skill for s in new.skills], new.kind) == ("新人", ["law"], PersonKind.SOCIAL_WORKER)
    assert session.scalars(select(PostingNotice.other_township)).all() == [""]


def test_whoever_comes_back_is_the_person_they_were(session: Session, world: World, staff: StaffMember) -> None:
    first_id = staff.person_id
    post_to(session, world, staff, world.second, days=0)
    back = post_to(session, world, staff, world.first, days=0)
    assert back.to_person_id == first_id
    again = person(session, back)
    assert again.active is True
    assert all(last != postings.FOR_GOOD for _, last in away(session, again))


def test_worker_taken_off_the_posts_has_no_township_and_no_log_in(
    session: Session, world: World, staff: StaffMember
) -> None:
    post_to(session, world, staff, None, days=0)
    username = world.first.usernames[AccountRole.SOCIAL_WORKER]
    assert session.scalars(select(Account).where(Account.username == username)).one().disabled is True
    assert (staff.township_id, staff.person_id) == (None, None)
