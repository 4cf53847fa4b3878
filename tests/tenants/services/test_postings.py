"""A posting reaches both townships and the worker; on its day the worker serves there, and only there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, MessageKind, PersonKind
from tenants.models import Account, AuditEntry, Duty, Message, Person, PostingNotice, StaffMember, StaffPosting, new_id
from tenants.queries import bars
from tenants.queries.due import county_today
from tenants.services import barring, postings
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


def barred_at_home(session: Session, world: World, staff: StaffMember) -> Person:
    """The first township's head enters a bad result against the worker."""
    old = session.get_one(Person, (world.first.township, staff.person_id))
    barring.bar(session, world.head, old, county_today(session, world.county))
    return old


@pytest.mark.parametrize("telephones", [(None, None), ("13800000000", "13900000000")])
def test_whoever_is_barred_is_barred_where_they_are_posted_to_whatever_their_telephone(
    session: Session, world: World, staff: StaffMember, telephones: tuple[str | None, str | None]
) -> None:
    old = session.get_one(Person, (world.first.township, staff.person_id))
    old.phone = telephones[0]
    new = person(session, post_to(session, world, staff, world.second, days=10))
    new.phone = telephones[1]
    session.flush()
    barred_at_home(session, world, staff)
    assert bars.is_barred(new)
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "bar.begin"))
    assert {line.township_id for line in lines} == {world.first.township, world.second.township}


def test_whoever_is_barred_where_they_serve_is_barred_where_they_served(
    session: Session, world: World, staff: StaffMember
) -> None:
    old = session.get_one(Person, (world.first.township, staff.person_id))
    new = person(session, post_to(session, world, staff, world.second, days=0))
    old.phone, new.phone = None, "13900000000"
    barring.bar(session, replace(world.head, township_id=world.second.township), new, date(2026, 1, 1))
    assert bars.is_barred(old)


def test_a_posting_of_somebody_who_is_barred_stops_and_the_county_and_both_stations_hear_of_it(
    session: Session, world: World, staff: StaffMember
) -> None:
    posting = post_to(session, world, staff, world.second, days=10)
    old, new = barred_at_home(session, world, staff), person(session, posting)
    posting.from_day = county_today(session, world.county)
    assert postings.settle(session) == 1
    assert (staff.township_id, posting.begun_at, new.active) == (world.first.township, None, False)
    assert posting.stopped_at is not None
    assert away(session, old) == set()
    assert session.scalars(select(PostingNotice)).all() == []
    messages = session.scalars(select(Message).where(Message.kind == MessageKind.POSTING_STOPPED)).all()
    told = {session.get_one(Account, (m.county_id, m.account_id)).username for m in messages}
    assert told == {
        "county", "station_head-alpha", "station_staff-alpha", "station_head-beta", "station_staff-beta",
    }  # fmt: skip
    assert "bar" not in str([message.facts for message in messages]).lower()
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "posting.stop"))
    assert {line.township_id for line in lines} == {world.first.township, world.second.township}
    assert postings.settle(session) == 0


def test_a_row_that_was_not_known_when_the_result_came_is_barred_on_the_day(
    session: Session, world: World, staff: StaffMember
) -> None:
    """As in a database of before: the new row kept its good check, since nothing tied the two."""
    posting = post_to(session, world, staff, world.second, days=10)
    kept = posting.to_person_id
    person(session, posting).phone, posting.to_person_id = "13900000000", None
    session.flush()
    barred_at_home(session, world, staff)
    posting.to_person_id, posting.from_day = kept, county_today(session, world.county)
    session.flush()
    assert not bars.is_barred(person(session, posting))
    postings.settle(session)
    assert bars.is_barred(person(session, posting))
    assert posting.stopped_at is not None


def test_whoever_is_barred_is_announced_nowhere_but_can_be_taken_off_their_post(
    session: Session, world: World, staff: StaffMember
) -> None:
    barred_at_home(session, world, staff)
    posting = post_to(session, world, staff, world.second, days=0)
    assert (posting.announced_at, posting.to_person_id, posting.begun_at) == (None, None, None)
    assert posting.stopped_at is not None
    assert session.scalars(select(PostingNotice)).all() == []
    off = post_to(session, world, staff, None, days=0)
    assert (off.stopped_at, staff.township_id) == (None, None)
