"""Two people decide; what was posted otherwise meanwhile is noticed; a run that died is taken up again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, AllocationState
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import AuditEntry, StaffAllocation, StaffMember, StaffPosting, utc_now
from tenants.queries import staffing as queries
from tenants.queries.due import county_today
from tenants.services import allocations, audit_log
from tenants.services.allocations import Move, Reading, Wishes
from tests.staff import officer, register, weights
from tests.world import World


@pytest.fixture
def desk(session: Session, world: World) -> Session:
    """A session that sees everything, with both townships' workers in the register."""
    for place in (world.first, world.second):
        register(session, world.county, place)
    return session


def ask(session: Session, world: World, *, days: int = 10, title: str = "甲案") -> StaffAllocation:
    today = county_today(session, world.county)
    staff = [{"id": one.id, "current": one.township_id} for one in queries.register(session)]
    reading = Reading(problem={"staff": staff, "townships": []}, excluded=(), weights=weights(session, world.county))
    day = today + timedelta(days=days)
    return allocations.ask(
        session, officer(session, world), title=title, moves_on=day, today=today, wishes=Wishes(), reading=reading
    )


def ready(session: Session, world: World) -> StaffAllocation:
    row = ask(session, world)
    allocations.keep(row, {"points": [{}, {}], "complete": True})
    return row


def proposed(session: Session, world: World) -> StaffAllocation:
    row = ready(session, world)
    today = county_today(session, world.county)
    allocations.propose(session, officer(session, world), row, "儿童增多", today)
    return row


def swap(session: Session, world: World) -> Move:
    """The first township's worker goes to the second one."""
    staff = next(s for s in session.query(StaffMember) if s.township_id == world.first.township)
    return Move(
        staff_id=staff.id, from_township_id=world.first.township, to_township_id=world.second.township, facts={}
    )


def test_whoever_proposed_cannot_approve_or_reject(desk: Session, world: World) -> None:
    row, today = proposed(desk, world), county_today(desk, world.county)
    for verb in (
        lambda who: allocations.approve(desk, who, row, [], today),
        lambda who: allocations.reject(desk, who, row, "x"),
    ):
        with pytest.raises(ForbiddenError, match="Two people decide"):
            verb(officer(desk, world))
    assert row.state is AllocationState.PROPOSED


def test_an_officer_whom_the_first_has_let_in_of_late_is_no_second(desk: Session, world: World) -> None:
    row, today = proposed(desk, world), county_today(desk, world.county)
    first, second = officer(desk, world), officer(desk, world, "second")
    audit_log.record(desk, first, "account.recover", "account", second.account_id)
    for verb in (
        lambda: allocations.approve(desk, second, row, [], today),
        lambda: allocations.reject(desk, second, row, "x"),
    ):
        with pytest.raises(ConflictError, match="one-time link"):
            verb()
    assert row.state is AllocationState.PROPOSED


def test_second_officer_approves_and_each_move_becomes_a_posting(desk: Session, world: World) -> None:
    row, today = proposed(desk, world), county_today(desk, world.county)
    second = officer(desk, world, "county2")
    postings = allocations.approve(desk, second, row, [swap(desk, world)], today)
    assert [(p.from_township_id, p.to_township_id, p.from_day) for p in postings] == [
        (world.first.township, world.second.township, row.moves_on)
    ]
    assert (row.state, row.decided_by) == (AllocationState.APPROVED, second.account_id)


def test_database_itself_refuses_one_person_for_both_steps(desk: Session, world: World) -> None:
    row = proposed(desk, world)
    row.decided_by = row.proposed_by
    with pytest.raises(Exception, match="two_people"):
        desk.flush()
    desk.rollback()


def test_worker_posted_otherwise_meanwhile_stops_the_approval(desk: Session, world: World) -> None:
    row, move, today = proposed(desk, world), swap(desk, world), county_today(desk, world.county)
    second = officer(desk, world, "county2")
    desk.get_one(StaffMember, (world.county, move.staff_id)).township_id = None
    desk.get_one(StaffMember, (world.county, move.staff_id)).person_id = None
    desk.flush()
    with pytest.raises(ConflictError, match="posted otherwise"):
        allocations.approve(desk, second, row, [move], today)


def test_worker_with_a_posting_ahead_stops_a_second_approval(desk: Session, world: World) -> None:
    today, move, second = county_today(desk, world.county), swap(desk, world), officer(desk, world, "county2")
    allocations.approve(desk, second, proposed(desk, world), [move], today)
    with pytest.raises(ConflictError, match="posted otherwise"):
        allocations.approve(desk, second, proposed(desk, world), [move], today)
    assert desk.query(StaffPosting).count() == 1


def test_decision_about_others_makes_a_proposal_stale(desk: Session, world: World) -> None:
    """Two proposals worked out from the same posts: the first one's move changes the loads that the second tells."""
    today, move, second = county_today(desk, world.county), swap(desk, world), officer(desk, world, "county2")
    one, other = proposed(desk, world), proposed(desk, world)
    allocations.approve(desk, second, one, [move], today)
    assert queries.displaced(desk, other) == {move.staff_id}
    with pytest.raises(ConflictError, match="posted otherwise"):
        allocations.approve(desk, second, other, [], today)


def test_move_decided_for_a_later_day_makes_no_proposal_stale(desk: Session, world: World) -> None:
    today, second = county_today(desk, world.county), officer(desk, world, "county2")
    one, other = proposed(desk, world), proposed(desk, world)
    one.moves_on = other.moves_on + timedelta(days=1)
    allocations.approve(desk, second, one, [swap(desk, world)], today)
    assert queries.displaced(desk, other) == set()


def test_worker_taken_in_or_gone_since_makes_a_proposal_stale(desk: Session, world: World) -> None:
    row, member = proposed(desk, world), swap(desk, world).staff_id
    row.problem = {**row.problem, "staff": [one for one in row.problem["staff"] if one["id"] != member]}
    assert queries.displaced(desk, row) == {member}
    row.excluded = [{"staff": member, "why": "no_contract"}]
    assert queries.displaced(desk, row) == set()
    (other,) = [one["id"] for one in row.problem["staff"]]
    desk.get_one(StaffMember, (world.county, other)).left = True
    desk.flush()
    assert queries.displaced(desk, row) == {other}


def test_rejected_and_withdrawn_proposals_post_nobody(desk: Session, world: World) -> None:
    first, second = proposed(desk, world), proposed(desk, world)
    allocations.reject(desk, officer(desk, world, "county2"), first, "先等新合同")
    line = desk.scalars(select(AuditEntry).where(AuditEntry.action == "allocation.reject")).one()
    assert line.details == {"proposed_by": first.proposed_by}
    allocations.withdraw(desk, officer(desk, world), second)
    assert (first.state, second.state) == (AllocationState.REJECTED, AllocationState.READY)
    assert desk.query(StaffPosting).count() == 0


def test_township_moves_nobody(desk: Session, world: World) -> None:
    head = Actor(county_id=world.county, township_id=world.first.township, role=AccountRole.STATION_HEAD)
    row, today = proposed(desk, world), county_today(desk, world.county)
    with pytest.raises(ForbiddenError, match="Only the county"):
        allocations.approve(desk, head, row, [], today)


def test_faults_of_a_question_are_named_by_their_field(desk: Session, world: World) -> None:
    for call, field in (
        (lambda: ask(desk, world, title=" "), "title"),
        (lambda: ask(desk, world, days=-1), "moves_on"),
        (lambda: Wishes(min_staff=3, max_staff=2), "max_staff"),
        (lambda: Wishes(max_moves=-1), "max_moves"),
        (lambda: allocations.propose(desk, officer(desk, world), ready(desk, world), " ", utc_now().date()), "reason"),
        (lambda: allocations.choose(desk, officer(desk, world), ready(desk, world), 2), "chosen"),
    ):
        with pytest.raises(InvalidError) as caught:
            call()
        assert caught.value.field == field


def test_proposal_whose_day_has_passed_is_neither_proposed_nor_approved(desk: Session, world: World) -> None:
    row, later = proposed(desk, world), county_today(desk, world.county) + timedelta(days=11)
    with pytest.raises(ConflictError, match="has passed"):
        allocations.approve(desk, officer(desk, world, "county2"), row, [], later)
    with pytest.raises(ConflictError, match="has passed"):
        allocations.propose(desk, officer(desk, world), ready(desk, world), "x", later)


def test_run_that_never_came_back_is_claimed_again_three_times_and_then_fails(desk: Session, world: World) -> None:
    row = ask(desk, world)
    for attempt in (1, 2, 3):
        assert allocations.claim(desk) is row
        assert (row.state, row.attempts) == (AllocationState.RUNNING, attempt)
        assert allocations.claim(desk) is None
        row.claimed_until = utc_now() - timedelta(seconds=1)
        desk.flush()
    assert allocations.claim(desk) is None
    assert row.state is AllocationState.FAILED


def test_what_is_proposed_or_decided_is_not_thrown_away(desk: Session, world: World) -> None:
    with pytest.raises(ConflictError, match="is kept"):
        allocations.discard(desk, officer(desk, world), proposed(desk, world))
    row = ready(desk, world)
    allocations.discard(desk, officer(desk, world), row)
    assert desk.get(StaffAllocation, (world.county, row.id)) is None
