"""A bad result: barred in the whole county at once, out of every roster, and back only by the county."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DutyState, VettingResult
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, AuditEntry, Bar, Duty, Person, Roster, RosterEdit, new_id
from tenants.queries import bars, freed
from tenants.queries.people import VettingState, vetting_state
from tenants.services import accounts, barring, people
from tests import drafts, duties
from tests.drafts import DIRECTOR, VOLUNTEER
from tests.world import Place, World


def county(world: World) -> Actor:
    return Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)


def volunteer(session: Session, place: Place) -> Person:
    return session.get_one(Person, (place.township, place.people[VOLUNTEER]))


def known_elsewhere(session: Session, world: World, *, phone: str = "+86 138-0000-0000") -> Person:
    """The neighbour's volunteer is the first township's, with the number written otherwise."""
    mine, other = volunteer(session, world.first), volunteer(session, world.second)
    mine.phone, other.phone, other.name = "13800000000", phone, mine.name.replace(" ", "  ")
    session.flush()
    return other


def bar(session: Session, world: World) -> Bar:
    return barring.bar(session, world.head, volunteer(session, world.first), drafts.today(), "检函9号")


def test_a_bad_result_bars_the_same_person_in_every_township_of_the_county(session: Session, world: World) -> None:
    other = known_elsewhere(session, world)
    stranger = volunteer(session, world.foreign)
    stranger.name, stranger.phone = volunteer(session, world.first).name, "13800000000"
    held = bar(session, world)
    states = {
        place.canary: vetting_state(volunteer(session, place), drafts.today())
        for place in (world.first, world.second, world.foreign)
    }
    assert states == {
        world.first.canary: VettingState.BARRED,
        world.second.canary: VettingState.BARRED,
        world.foreign.canary: VettingState.VALID,
    }
    assert [check.reference for check in other.vettings if check.bar_id == held.id] == [""]
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "bar.begin"))
    assert {line.township_id for line in lines} == {world.first.township, world.second.township}


def test_only_the_name_in_common_is_left_to_the_county(session: Session, world: World) -> None:
    other = known_elsewhere(session, world, phone="13900000000")
    held = bar(session, world)
    assert not bars.is_barred(other)
    assert [(row.id, place.id) for row, place in bars.namesakes(session, held)] == [(other.id, world.second.township)]
    barring.extend(session, county(world), held, other.id)
    assert bars.is_barred(other)
    with pytest.raises(InvalidError):
        barring.extend(session, county(world), held, world.second.people[DIRECTOR])


def test_duties_are_cancelled_and_team_mates_hear_of_it(session: Session, world: World) -> None:
    other, visit = known_elsewhere(session, world), duties.add_visit(session, world.first)
    lost = duties.give(session, world.first, VOLUNTEER, visit=visit)
    past = duties.give(session, world.first, VOLUNTEER, activity=world.first.activity, starts_at=duties.soon(days=-3))
    mate = duties.give(session, world.first, DIRECTOR, visit=visit)
    there = duties.give(session, world.second, VOLUNTEER, activity=world.second.activity)
    bar(session, world)
    held = {row.id: (row.state, row.sequence) for row in session.scalars(select(Duty))}
    assert held == {
        lost: (DutyState.CANCELLED, 1),
        past: (DutyState.CONFIRMED, 0),
        mate: (DutyState.CONFIRMED, 1),
        there: (DutyState.CANCELLED, 1),
    }
    assert bars.is_barred(other)


def test_drafts_lose_the_person_and_a_task_that_lacks_somebody_is_open(session: Session, world: World) -> None:
    roster = drafts.begin(session, world)
    visit = drafts.due_visit(session, world)
    start = drafts.at(drafts.today() + timedelta(days=3), 10)
    drafts.keep(
        session, world, roster, drafts.activity_task(session, world),
        drafts.visit_task(world, visit, start, DIRECTOR, VOLUNTEER),
    )  # fmt: skip
    revision = roster.revision
    bar(session, world)
    session.expire_all()
    roster = session.get_one(Roster, (world.first.township, roster.id))
    seats = {row.task_id: [seat.person_id for seat in row.seats] for row in roster.assignments}
    assert seats == {visit: [world.first.people[DIRECTOR]]}  # the activity asks for one helper at least
    assert [row.task_id for row in roster.unserved] == [world.first.activity]
    assert roster.revision == revision + 1
    edit = session.scalars(select(RosterEdit).where(RosterEdit.action == "roster.left")).one()
    assert edit.details == {"person": world.first.people[VOLUNTEER], "tasks": 2}


def test_the_station_sees_what_fell_open(session: Session, world: World) -> None:
    start = duties.soon()
    visit = duties.add_visit(session, world.first)
    duties.give(session, world.first, DIRECTOR, activity=world.first.activity, starts_at=start)
    duties.give(session, world.first, VOLUNTEER, activity=world.first.activity, role="helper", starts_at=start)
    later = start + timedelta(hours=2)
    duties.give(session, world.first, DIRECTOR, visit=visit, starts_at=later)
    duties.give(session, world.first, VOLUNTEER, visit=visit, role="companion", starts_at=later)
    bar(session, world)
    places = freed.freed(session, start - timedelta(days=1))
    assert [(place.task_id, place.missing) for place in places] == [(world.first.activity, 1)]


def test_accounts_are_closed_and_stay_closed(session: Session, world: World) -> None:
    bar(session, world)
    query = select(Account).where(Account.person_id == world.first.people[VOLUNTEER])
    account = session.scalars(query).one()
    assert account.disabled
    with pytest.raises(ForbiddenError):
        accounts.set_disabled(session, world.head, account, disabled=False)
    with pytest.raises(ForbiddenError):
        accounts.create_account(
            session, world.head, username="again", password=None, role=AccountRole.VOLUNTEER, display_name="again",
            township_id=world.first.township, person_id=account.person_id,
        )  # fmt: skip


def test_somebody_who_is_entered_or_renamed_later_is_known(session: Session, world: World) -> None:
    known_elsewhere(session, world, phone="13900000000")
    bar(session, world)
    neighbour = replace(world.head, township_id=world.second.township)
    barred = volunteer(session, world.first)
    facts = people.PersonFacts(name=barred.name, kind=VOLUNTEER, phone="138 0000 0000")
    assert bars.is_barred(people.create(session, neighbour, facts))
    other = volunteer(session, world.second)
    people.edit(session, neighbour, other, replace(facts, phone="13800000000"))
    assert bars.is_barred(other)
    clear = people.create(session, neighbour, replace(facts, phone="13700000000"))
    assert not bars.is_barred(clear)


def test_the_station_cannot_undo_it(session: Session, world: World) -> None:
    held = bar(session, world)
    person = volunteer(session, world.first)
    (check,) = [check for check in person.vettings if check.bar_id == held.id]
    with pytest.raises(ForbiddenError):
        people.remove_check(session, world.head, person, check.id)
    with pytest.raises(ForbiddenError):
        barring.lift(session, world.head, held, "a mistake in the name")
    day = drafts.today()
    people.add_check(
        session, world.head, person, checked_on=day, valid_through=day + timedelta(days=300),
        result=VettingResult.CLEAR,
    )  # fmt: skip
    assert bars.is_barred(person)


def test_the_county_lifts_it_everywhere_with_a_reason(session: Session, world: World) -> None:
    other = known_elsewhere(session, world)
    lost = duties.give(session, world.first, VOLUNTEER, activity=world.first.activity)
    held = bar(session, world)
    with pytest.raises(InvalidError) as caught:
        barring.lift(session, county(world), held, "oops")
    assert caught.value.field == "reason"
    barring.lift(session, county(world), held, "检察机关更正：同名误报")
    mine = volunteer(session, world.first)
    assert [vetting_state(row, drafts.today()) for row in (mine, other)] == [VettingState.VALID] * 2
    assert session.get_one(Duty, (world.first.township, lost)).state is DutyState.CANCELLED
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "bar.lift"))
    assert {line.township_id for line in lines} == {world.first.township, world.second.township}
    with pytest.raises(ConflictError):
        barring.lift(session, county(world), held, "检察机关更正：同名误报")


def test_only_a_head_or_the_county_enters_a_bad_result(session: Session, world: World) -> None:
    staff = replace(world.head, role=AccountRole.STATION_STAFF, account_id=new_id())
    with pytest.raises(ForbiddenError) as caught:
        barring.bar(session, staff, volunteer(session, world.first), drafts.today())
    assert caught.value.field == "result"
    bar(session, world)
    with pytest.raises(ConflictError):
        bar(session, world)
