"""Lending across the border: who must agree, what the borrower sees, and that nobody is in two places at once."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduling import problem as p
from tenants.enums import (
    ActivityState,
    DiversionWay,
    DutyState,
    ExceptionKind,
    LendingParty,
    LendingState,
    MessageKind,
    PersonKind,
    Service,
    TownshipKind,
    VettingResult,
)
from tenants.errors import ConflictError, DiversionError, ForbiddenError, InvalidError, Named, NotFoundError
from tenants.models import (
    Account,
    Activity,
    AuditEntry,
    AvailabilityException,
    Duty,
    Lending,
    Message,
    Person,
    Seat,
    Township,
    Vetting,
    WeeklyAvailability,
)
from tenants.queries import lendings as queries
from tenants.queries import people
from tenants.scope import Scope
from tenants.services import barring, bookings, duties, lending_upkeep, lendings, publishing
from tenants.services.bookings import Place
from tenants.services.rosters import Plan, PlannedSeat, PlannedTask
from tests import drafts, lent
from tests.drafts import CHINA, VOLUNTEER, WORKER
from tests.duties import add_visit, give
from tests.lent import agreed, asked, head_of, need, officer, person_of
from tests.world import World
from weibao.db import session_for
from weibao.planning import build_problem
from weibao.planning.standing import standing_of_weeks

HOUR = timedelta(hours=1)


@pytest.fixture
def both(app: Flask, world: World) -> Iterator[Session]:
    """A session as the steps of a loan have it."""
    with app.app_context(), lent.between(world) as session:
        yield session


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(lent.day(), time(hour, minute), tzinfo=CHINA)


def guest(session: Session, world: World, kind: PersonKind = VOLUNTEER) -> Person | None:
    return session.get(Person, (world.first.township, world.second.people[kind]))


def home(session: Session, world: World, kind: PersonKind = VOLUNTEER) -> Person:
    return session.get_one(Person, (world.second.township, world.second.people[kind]))


def book_there(session: Session, world: World) -> str:
    """The borrower's station gives its guest a visit from nine to ten, in a session of its own; returns the visit."""
    visit = add_visit(session, world.first)
    session.commit()
    with session_for(Scope.of_township(world.county, world.first.township, reason="test")) as own:
        place = Place(visit_id=visit, activity_id=None, role="lead", starts_at=at(9), ends_at=at(10))
        bookings.book(own, world.second.people[VOLUNTEER], place)
    return visit


def told(session: Session, kind: MessageKind) -> list[str]:
    query = select(Account.username).join(Message, Message.account_id == Account.id).where(Message.kind == kind)
    return sorted(session.scalars(query))


def test_a_volunteer_is_lent_once_both_stations_and_they_themselves_have_agreed(both: Session, world: World) -> None:
    lending = asked(both, world)
    assert told(both, MessageKind.LENDING_ASKED) == ["station_head-beta", "station_staff-beta"]
    lendings.answer(both, head_of(world, world.second), "乙", lending, world.second.people[VOLUNTEER], told=False)
    assert lending.state is LendingState.WAITING
    assert guest(both, world) is None
    assert told(both, MessageKind.LENDING_CONSENT) == ["volunteer-beta"]
    lendings.consent(both, person_of(world, world.second, VOLUNTEER), "", lending)
    assert lending.state is LendingState.AGREED
    assert (lending.borrower_by, lending.lender_by, lending.person_by) == ("甲站长", "乙", "")
    assert "volunteer-beta" in told(both, MessageKind.LENDING_AGREED)


def test_staff_are_told_and_not_asked(both: Session, world: World) -> None:
    lending = agreed(both, world, PersonKind.CHILD_DIRECTOR)
    assert lending.state is LendingState.AGREED
    assert "child_director-beta" in told(both, MessageKind.LENDING_AGREED)


def test_purchased_staff_wait_for_the_county_which_alone_moves_them(both: Session, world: World) -> None:
    lending = asked(both, world, need(WORKER))
    lendings.answer(both, head_of(world, world.second), "乙", lending, world.second.people[WORKER], told=False)
    assert lending.state is LendingState.WAITING
    assert told(both, MessageKind.LENDING_CONSENT) == ["county"]
    with pytest.raises(ForbiddenError, match=r"notice 3\.2"):
        lendings.approve(both, head_of(world, world.first), "甲", lending)
    lendings.approve(both, officer(world), "县", lending)
    assert lending.state is LendingState.AGREED
    assert guest(both, world, WORKER).dedicated


def test_the_database_refuses_a_loan_without_the_words_it_needs(both: Session, world: World) -> None:
    lending = asked(both, world)
    lending.person_id, lending.lender_at = world.second.people[VOLUNTEER], lending.borrower_at
    lending.state = LendingState.AGREED
    with pytest.raises(IntegrityError, match="ck_lending_consents"):
        both.flush()
    both.rollback()


def test_lent_purchased_staff_do_no_other_work_in_the_borrowers_township(both: Session, world: World) -> None:
    agreed(both, world, WORKER)
    activity = both.get_one(Activity, (world.first.township, world.first.activity))
    activity.service = Service.OTHER
    both.flush()
    place = Place(visit_id=None, activity_id=activity.id, role="lead", starts_at=at(9), ends_at=at(10))
    with pytest.raises(DiversionError):
        bookings.book(both, world.second.people[WORKER], place)


def test_purchased_staff_are_not_lent_to_an_activity_that_is_other_work(both: Session, world: World) -> None:
    activity = both.get_one(Activity, (world.first.township, world.first.activity))
    activity.service = Service.OTHER
    wanted = lendings.Need(
        kind=WORKER, from_day=lent.day(), to_day=lent.day(), from_minute=0, to_minute=60, activity_id=activity.id
    )
    lending = asked(both, world, wanted)
    with pytest.raises(DiversionError, match="child protection") as caught:
        lendings.answer(both, head_of(world, world.second), "乙", lending, world.second.people[WORKER], told=False)
    assert (caught.value.way, caught.value.task_id) == (DiversionWay.LENDING, activity.id)


def test_the_guest_has_the_same_id_and_nothing_but_what_the_rota_needs(both: Session, world: World) -> None:
    at_home = home(both, world)
    at_home.vettings[0].reference = "SECRET-REFERENCE"
    at_home.exceptions.append(
        AvailabilityException(township_id=at_home.township_id, person_id=at_home.id, kind=ExceptionKind.AWAY,
                              from_day=lent.day() + timedelta(days=5), to_day=lent.day() + timedelta(days=5),
                              note="SECRET-NOTE")
    )  # fmt: skip
    both.flush()
    agreed(both, world)
    there = guest(both, world)
    assert (there.id, there.name, there.phone, there.kind) == (at_home.id, at_home.name, at_home.phone, at_home.kind)
    assert (there.weekly, there.base_village_id, there.guest) == ([], None, True)
    assert [row.reference for row in there.vettings] == [""]
    assert [(row.kind, row.from_day, row.from_minute, row.to_minute) for row in there.exceptions] == [
        (ExceptionKind.EXTRA, lent.day(), 480, 1080)
    ]


def test_the_lent_time_leaves_out_duties_at_home_with_the_way_and_is_away_there(both: Session, world: World) -> None:
    give(both, world.second, VOLUNTEER, visit=add_visit(both, world.second), starts_at=at(12))
    agreed(both, world)
    pieces = [(480, 660), (840, 1080)]  # the duty from 12 to 13, an hour of way on either side
    mine, there = home(both, world).exceptions, guest(both, world).exceptions
    assert {row.kind for row in mine} == {ExceptionKind.AWAY}
    assert {row.kind for row in there} == {ExceptionKind.EXTRA}
    for rows in (mine, there):
        assert sorted((row.from_minute, row.to_minute) for row in rows) == pieces


def test_the_lent_time_is_part_of_the_free_time_at_home(both: Session, world: World) -> None:
    at_home = home(both, world)
    at_home.weekly[:] = [
        WeeklyAvailability(township_id=at_home.township_id, weekday=lent.day().weekday(), from_minute=540,
                           to_minute=660)
    ]  # fmt: skip
    both.flush()
    agreed(both, world, days=3)
    rows = guest(both, world).exceptions
    assert [(row.from_day, row.from_minute, row.to_minute) for row in rows] == [(lent.day(), 540, 660)]


def test_only_who_fits_and_is_free_can_be_chosen(both: Session, world: World) -> None:
    lending = asked(both, world)
    everybody = [one.person.id for one in queries.candidates(both, lending, CHINA)]
    assert everybody == [world.second.people[VOLUNTEER]]
    give(both, world.second, VOLUNTEER, visit=add_visit(both, world.second), starts_at=at(9))
    for hour in range(10, 18):
        give(both, world.second, VOLUNTEER, visit=add_visit(both, world.second, due_in=hour), starts_at=at(hour))
    assert queries.candidates(both, lending, CHINA) == []
    with pytest.raises(InvalidError, match="not free"):
        lendings.answer(both, head_of(world, world.second), "乙", lending, world.second.people[VOLUNTEER], told=False)


def test_nobody_is_lent_beyond_the_last_day_of_their_check(both: Session, world: World) -> None:
    home(both, world).vettings[0].valid_through = lent.day() - timedelta(days=1)
    lending = asked(both, world)
    with pytest.raises(InvalidError, match="valid to the last day"):
        lendings.answer(both, head_of(world, world.second), "乙", lending, world.second.people[VOLUNTEER], told=False)


def test_nobody_is_lent_twice_on_one_day(both: Session, world: World) -> None:
    agreed(both, world)
    again = asked(both, world)
    with pytest.raises(ConflictError, match="already"):
        lendings.answer(both, head_of(world, world.second), "乙", again, world.second.people[VOLUNTEER], told=False)


def test_a_loan_for_an_activity_has_its_day_and_time_with_the_way(both: Session, world: World) -> None:
    activity = both.get_one(Activity, (world.first.township, world.first.activity))
    wanted = lendings.Need(
        kind=VOLUNTEER, from_day=lent.day(), to_day=lent.day(), from_minute=0, to_minute=60, activity_id=activity.id
    )
    lending = asked(both, world, wanted)
    day = activity.starts_at.astimezone(CHINA).date()
    assert (lending.from_day, lending.to_day, lending.from_minute, lending.to_minute) == (day, day, 480, 690)
    assert lending.title == activity.title


@pytest.mark.parametrize(
    ("change", "field"),
    [({"days": 15}, "to_day"), ({"days": 0}, "to_day"), ({"hours": (12, 12)}, "to_time")],
)
def test_days_and_times_are_held_to_their_bounds(
    both: Session, world: World, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        asked(both, world, need(**change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_an_offer_names_nobody_until_it_is_accepted_and_then_asks_the_volunteer(both: Session, world: World) -> None:
    person = world.second.people[VOLUNTEER]
    lending = lendings.offer(
        both, head_of(world, world.second), "乙", need(), person_id=person, borrower_id=world.first.township
    )
    facts = both.scalars(select(Message).where(Message.kind == MessageKind.LENDING_ASKED)).first().facts
    assert world.second.canary not in str({k: v for k, v in facts.items() if k not in {"lender", "lender_en"}})
    assert queries.of_person(both, world.second.township, person) == []
    lendings.accept(both, head_of(world, world.first), "甲", lending)
    assert lending.state is LendingState.WAITING
    lendings.consent(both, person_of(world, world.second, VOLUNTEER), "", lending)
    assert lending.state is LendingState.AGREED


def test_each_side_takes_its_own_steps_alone(both: Session, world: World) -> None:
    lending = asked(both, world)
    with pytest.raises(ForbiddenError):
        lendings.answer(both, head_of(world, world.first), "甲", lending, world.second.people[VOLUNTEER], told=False)
    with pytest.raises(NotFoundError):
        lendings.answer(both, head_of(world, world.second), "乙", lending, world.first.people[VOLUNTEER], told=False)
    with pytest.raises(ConflictError):
        lendings.accept(both, head_of(world, world.first), "甲", lending)


def test_the_station_speaks_for_a_volunteer_without_an_account_alone(both: Session, world: World) -> None:
    lending = asked(both, world)
    person = world.second.people[VOLUNTEER]
    lendings.answer(both, head_of(world, world.second), "乙", lending, person, told=True)
    assert lending.person_at is None  # they have an account, so they answer themselves
    with pytest.raises(ForbiddenError, match="themselves"):
        lendings.consent(both, head_of(world, world.second), "乙", lending)
    lendings.close(both, head_of(world, world.second), "乙", lending)
    both.scalars(select(Account).where(Account.person_id == person)).one().disabled = True
    both.flush()
    again = asked(both, world)
    with pytest.raises(InvalidError, match="ask them first"):
        lendings.answer(both, head_of(world, world.second), "乙", again, person, told=False)
    lendings.answer(both, head_of(world, world.second), "乙", again, person, told=True)
    assert (again.state, again.person_by) == (LendingState.AGREED, "乙")


@pytest.mark.parametrize(
    ("side", "state"),
    [("second", LendingState.DECLINED), ("first", LendingState.WITHDRAWN)],
)
def test_a_question_is_declined_by_who_is_asked_and_taken_back_by_who_asked(
    both: Session, world: World, side: str, state: LendingState
) -> None:
    lending = asked(both, world)
    lendings.close(both, head_of(world, getattr(world, side)), "丁", lending, "没有人")
    assert (lending.state, lending.closed_by, lending.closed_reason) == (state, "丁", "没有人")
    with pytest.raises(ConflictError):
        lendings.close(both, head_of(world, world.first), "甲", lending)


def test_a_volunteer_who_says_no_is_not_lent_and_not_named(both: Session, world: World) -> None:
    lending = asked(both, world)
    lendings.answer(both, head_of(world, world.second), "乙", lending, world.second.people[VOLUNTEER], told=False)
    lendings.close(both, person_of(world, world.second, VOLUNTEER), "volunteer CANARY-BETA", lending)
    assert (lending.state, lending.closed_party) == (LendingState.DECLINED, LendingParty.PERSON)
    query = select(Message.facts).join(Account, Account.id == Message.account_id)
    facts = both.scalars(query.where(Account.township_id == world.first.township)).all()
    assert facts
    assert not any(world.second.canary in str(one) for one in facts)
    assert world.second.canary not in str([getattr(lending, c.key) for c in Lending.__table__.columns])


def test_what_falls_open_at_the_end_is_told_to_both_sides(both: Session, world: World) -> None:
    lending = agreed(both, world)
    visit = book_there(both, world)
    lendings.close(both, head_of(world, world.second), "乙", lending, "病了")
    duty = both.scalars(select(Duty).where(Duty.visit_id == visit)).one()
    assert (lending.state, lending.dropped, duty.state) == (LendingState.ENDED, 1, DutyState.CANCELLED)
    heard = set(told(both, MessageKind.LENDING_CLOSED))
    assert heard == {
        "station_head-alpha", "station_staff-alpha", "station_head-beta", "station_staff-beta", "volunteer-beta",
    }  # fmt: skip
    assert not guest(both, world).active
    assert home(both, world).exceptions == []


def test_the_lenders_drafts_do_without_the_person_in_the_lent_time(both: Session, world: World) -> None:
    switched = World(
        county=world.county, other_county=world.other_county, first=world.second, second=world.first,
        foreign=world.foreign,
    )  # fmt: skip
    with session_for(Scope.of_township(world.county, world.second.township, reason="test")) as own:
        draft = drafts.begin(own, switched)
        task = drafts.visit_task(switched, drafts.due_visit(own, switched), at(9), VOLUNTEER)
        drafts.keep(own, switched, draft, task)
    agreed(both, world)
    assert both.scalar(select(func.count(Seat.id))) == 0


def test_the_borrowers_scheduler_has_the_guest_in_the_lent_time_and_the_lenders_has_not(
    app: Flask, both: Session, world: World
) -> None:
    agreed(both, world)
    both.commit()
    person, switched = world.second.people[VOLUNTEER], {True: world.first, False: world.second}
    free = {}
    for borrows, place in switched.items():
        with session_for(Scope.of_township(world.county, place.township, reason="test")) as own:
            actor = head_of(world, place)
            roster = drafts.rosters.begin_draft(own, actor, starts_on=lent.day(), days=1, today=drafts.today())
            free[borrows] = build_problem(own, roster).person_of[person].availability
    assert free == {True: ((480, 1080),), False: ((1080, 1200),)}


def test_bookings_from_both_sides_at_once_never_put_the_person_in_two_places(
    app: Flask, session: Session, world: World
) -> None:
    """Two threads, one in each township, fight for the same hours of one person; each pair is won by one of them."""
    person = world.second.people[VOLUNTEER]
    with lent.between(world) as work:
        agreed(work, world)
    sides = {
        place.township: [add_visit(session, place, n % 4, due_in=n) for n in range(12)]
        for place in (world.first, world.second)
    }
    session.commit()
    meet, faults, won = threading.Barrier(2), list[BaseException](), list[str]()

    def fight(township: str) -> None:
        scope = Scope.of_township(world.county, township, reason="test")
        with app.app_context():
            for number, visit in enumerate(sides[township]):
                start = at(8) + number * HOUR / 2
                place = Place(visit_id=visit, activity_id=None, role="lead", starts_at=start, ends_at=start + HOUR / 2)
                meet.wait(timeout=60)
                try:
                    with suppress(ConflictError), session_for(scope) as own:
                        bookings.book(own, person, place)
                        won.append(visit)
                except Exception as error:
                    faults.append(error)

    threads = [threading.Thread(target=fight, args=(township,)) for township in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    held = session.execute(select(Duty.starts_at).where(Duty.person_id == person)).scalars().all()
    assert len(held) == len(set(held)) == 12


def test_the_database_refuses_an_overlap_across_the_border_that_neither_side_can_see(
    app: Flask, session: Session, world: World
) -> None:
    with lent.between(world) as work:
        agreed(work, world)
    give(session, world.second, VOLUNTEER, visit=add_visit(session, world.second), starts_at=at(9, 30))
    visit = add_visit(session, world.first)
    session.commit()
    with session_for(Scope.of_township(world.county, world.first.township, reason="test")) as own:
        assert own.scalars(select(Duty).where(Duty.person_id == world.second.people[VOLUNTEER])).all() == []
        place = Place(visit_id=visit, activity_id=None, role="lead", starts_at=at(9), ends_at=at(10))
        with pytest.raises(ConflictError, match="at the same time"):
            bookings.book(own, world.second.people[VOLUNTEER], place)


def test_publication_that_the_border_hides_an_overlap_from_names_the_person(
    app: Flask, session: Session, world: World
) -> None:
    with lent.between(world) as work:
        agreed(work, world)
    person, visit = world.second.people[VOLUNTEER], add_visit(session, world.first)
    give(session, world.second, VOLUNTEER, visit=add_visit(session, world.second), starts_at=at(9, 30))
    session.commit()
    with session_for(Scope.of_township(world.county, world.first.township, reason="test")) as own:
        roster = drafts.rosters.begin_draft(own, world.head, starts_on=lent.day(), days=1, today=drafts.today())
        seats = (PlannedSeat(person_id=person, role="lead"),)
        task = PlannedTask(visit_id=visit, activity_id=None, starts_at=at(9), ends_at=at(10), seats=seats)
        drafts.rosters.keep_plan(own, world.head, roster, Plan(tasks=(task,), unserved=(), medium=0, soft=0))
        guest = own.scalars(select(Person).where(Person.id == person)).one()
        named = Named(name=guest.name, name_en=guest.name_en)
        with pytest.raises(ConflictError, match="may lie in another township") as caught:
            publishing.publish(own, world.head, roster)
        assert caught.value.facts == {"name": named}
        own.rollback()


def test_a_third_township_and_another_county_see_no_loan(app: Flask, session: Session, world: World) -> None:
    with lent.between(world) as work:
        agreed(work, world)
    row = Township(county_id=world.county, name="丁镇", name_en="Ding", kind=TownshipKind.TOWN, lat=35, lon=112)
    session.add(row)
    session.commit()
    for county, township, count in (
        (world.county, world.first.township, 1),
        (world.county, world.second.township, 1),
        (world.county, row.id, 0),
        (world.other_county, world.foreign.township, 0),
    ):
        with session_for(Scope.of_township(county, township, reason="test")) as own:
            assert own.scalar(select(func.count()).select_from(Lending)) == count
            assert len(own.scalars(select(Lending)).all()) == count
            assert own.connection().execute(text("select count(*) from lending")).scalar() == count


def test_a_loan_that_is_over_ends_by_itself_and_an_old_question_is_taken_back(session: Session, world: World) -> None:
    with lent.between(world) as work:
        running, open_one = agreed(work, world), asked(work, world)
    for row in session.scalars(select(Lending)):
        row.from_day = row.to_day = drafts.today() - timedelta(days=1)
    session.flush()
    assert lending_upkeep.settle(session) == 2
    states = dict(session.execute(select(Lending.id, Lending.state)).all())
    assert states == {running.id: LendingState.ENDED, open_one.id: LendingState.WITHDRAWN}
    assert not guest(session, world).active
    assert lending_upkeep.settle(session) == 0


def test_a_guest_follows_what_changes_at_home(session: Session, world: World) -> None:
    with lent.between(world) as work:
        agreed(work, world)
    visit = book_there(session, world)
    at_home = home(session, world)
    at_home.phone = "13900001111"
    at_home.exceptions.append(
        AvailabilityException(township_id=at_home.township_id, person_id=at_home.id, kind=ExceptionKind.AWAY,
                              from_day=lent.day(), to_day=lent.day(), to_minute=720)
    )  # fmt: skip
    session.flush()
    assert lending_upkeep.settle(session) == 1
    there = guest(session, world)
    assert there.phone == "13900001111"
    assert [(row.from_minute, row.to_minute) for row in there.exceptions] == [(720, 1080)]
    assert session.scalars(select(Duty).where(Duty.visit_id == visit)).one().state is DutyState.CANCELLED
    assert "station_head-alpha" in told(session, MessageKind.PLACES_OPEN)


def test_the_person_is_told_of_new_duties_in_the_borrowers_township_once(session: Session, world: World) -> None:
    with lent.between(world) as work:
        agreed(work, world)
    assert lending_upkeep.settle(session) == 0
    book_there(session, world)
    assert lending_upkeep.settle(session) == 1
    assert lending_upkeep.settle(session) == 0
    assert told(session, MessageKind.LENT_DUTIES) == ["volunteer-beta"]


def test_somebody_barred_at_home_is_barred_where_they_are_lent_and_the_loan_ends(
    session: Session, world: World
) -> None:
    with lent.between(world) as work:
        agreed(work, world)
    at_home = home(session, world)
    at_home.phone = None  # so that the id alone tells who they are
    session.flush()
    barring.bar(session, head_of(world, world.second), at_home, drafts.today())
    assert any(row.result is VettingResult.BARRED for row in guest(session, world).vettings)
    lending_upkeep.settle(session)
    assert session.scalars(select(Lending)).one().state is LendingState.ENDED


def test_both_heads_read_each_step_in_their_own_log(both: Session, world: World) -> None:
    lending = agreed(both, world)
    query = select(AuditEntry.township_id, AuditEntry.action).where(AuditEntry.subject_id == lending.id)
    lines = both.execute(query.order_by(AuditEntry.number)).all()
    for place in (world.first, world.second):
        actions = [action for township, action in lines if township == place.township]
        assert actions == ["lending.ask", "lending.answer", "lending.consent", "lending.begin"]


def test_the_checks_of_a_guest_are_kept_at_home(station: Session, both: Session, world: World) -> None:
    agreed(both, world)
    both.commit()
    person = world.second.people[VOLUNTEER]
    assert people.guest(station, person) is not None
    with pytest.raises(NotFoundError):
        people.one(station, person)
    assert person not in {row.id for row in people.active_people(station)}
    assert station.scalar(select(func.count(Vetting.id)).where(Vetting.person_id == person)) == 1


def in_home_draft(world: World, days: int = 14) -> p.Person:
    """The lent volunteer as the lender's scheduler has them, in a draft from the lent day on."""
    person = world.second.people[VOLUNTEER]
    with session_for(Scope.of_township(world.county, world.second.township, reason="test")) as own:
        actor = head_of(world, world.second)
        roster = drafts.rosters.begin_draft(own, actor, starts_on=lent.day(), days=days, today=drafts.today())
        return build_problem(own, roster).person_of[person]


@pytest.mark.parametrize(
    ("limit", "left", "closed"), [(900, 300, False), (600, 600, True), (None, None, False)],
    ids=["more than is lent", "all of it is lent", "no limit"],
)  # fmt: skip
def test_the_lent_time_counts_in_the_weeks_hours_at_home(
    app: Flask, both: Session, world: World, limit: int | None, left: int | None, *, closed: bool
) -> None:
    """Lent from 8 to 18 on the first of fourteen days: a week that is used up takes nothing from the other."""
    home(both, world).max_minutes_per_week = limit
    agreed(both, world)
    both.commit()
    person = in_home_draft(world)
    weeks = {span[0] // (7 * 1440) for span in person.availability}
    assert (person.max_minutes_per_week, weeks) == (left, {1} if closed else {0, 1})


def test_the_lent_time_counts_as_well_when_somebody_is_given_a_duty_by_hand(
    app: Flask, both: Session, world: World
) -> None:
    """What is weighed by hand are whole weeks from Monday: the lent one is used up."""
    home(both, world).max_minutes_per_week = 600
    agreed(both, world)
    both.commit()
    person, township = world.second.people[VOLUNTEER], world.second.township
    with session_for(Scope.of_township(world.county, township, reason="test"), reading=True) as own:
        standing = standing_of_weeks(own, township, at(9), at(9) + timedelta(days=7))
    weeks = {span[0] // (7 * 1440) for span in standing.problem.person_of[person].availability}
    assert weeks == {1}


def test_a_loan_that_ended_early_counts_to_the_day_on_which_it_ended(app: Flask, both: Session, world: World) -> None:
    home(both, world).max_minutes_per_week = 900
    lending = agreed(both, world)
    lendings.close(both, head_of(world, world.first), "甲", lending)
    both.commit()
    assert in_home_draft(world).max_minutes_per_week == 900


def test_what_is_held_at_home_in_the_week_is_taken_off_the_guests_hours(both: Session, world: World) -> None:
    """Of ten hours a week one is held the day before, one eight days before: no week that touches the loan has both."""
    home(both, world).max_minutes_per_week = 600
    for child, days in enumerate((-1, -8)):
        visit = add_visit(both, world.second, child)
        give(both, world.second, VOLUNTEER, visit=visit, starts_at=at(9) + timedelta(days=days))
    agreed(both, world)
    assert guest(both, world).max_minutes_per_week == 540


def test_the_guests_hours_follow_what_is_held_at_home(session: Session, world: World) -> None:
    with lent.between(world) as work:
        home(work, world).max_minutes_per_week = 120
        agreed(work, world)
        assert guest(work, world).max_minutes_per_week == 120
    for child, hour in enumerate((6, 20)):
        visit = add_visit(session, world.second, child)
        give(session, world.second, VOLUNTEER, visit=visit, starts_at=at(hour) + timedelta(days=1))
    session.flush()
    lending_upkeep.settle(session)
    assert guest(session, world).max_minutes_per_week == 1  # none is no limit that the format knows


def lent_for_activity(world: World) -> None:
    with lent.between(world) as work:
        activity = work.get_one(Activity, (world.first.township, world.first.activity))
        wanted = lendings.Need(
            kind=VOLUNTEER, from_day=lent.day(), to_day=lent.day(), from_minute=0, to_minute=60,
            activity_id=activity.id,
        )  # fmt: skip
        lending = asked(work, world, wanted)
        volunteer = world.second.people[VOLUNTEER]
        lendings.answer(work, head_of(world, world.second), "乙", lending, volunteer, told=False)
        lendings.consent(work, person_of(world, world.second, VOLUNTEER), "", lending)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [(None, lending_upkeep.CALLED_OFF), (5, lending_upkeep.MOVED), (0, "")],
    ids=["called off", "moved away", "as it was"],
)
def test_the_person_hears_that_the_activity_they_are_lent_for_is_off_or_elsewhere_in_time(
    session: Session, world: World, hours: int | None, reason: str
) -> None:
    lent_for_activity(world)
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    if hours is None:
        activity.state = ActivityState.CANCELLED
    else:
        activity.starts_at, activity.ends_at = (one + hours * HOUR for one in (activity.starts_at, activity.ends_at))
    session.flush()
    lending_upkeep.settle(session)
    lending = session.scalars(select(Lending)).one()
    assert (lending.state is LendingState.ENDED, lending.closed_reason) == (bool(reason), reason)
    assert ("volunteer-beta" in told(session, MessageKind.LENDING_CLOSED)) is bool(reason)


def test_a_question_for_an_activity_that_is_called_off_is_taken_back(session: Session, world: World) -> None:
    with lent.between(world) as work:
        activity = world.first.activity
        wanted = lendings.Need(
            kind=VOLUNTEER, from_day=lent.day(), to_day=lent.day(), from_minute=0, to_minute=60, activity_id=activity
        )
        asked(work, world, wanted)
    session.get_one(Activity, (world.first.township, world.first.activity)).state = ActivityState.CANCELLED
    session.flush()
    lending_upkeep.settle(session)
    assert session.scalars(select(Lending)).one().state is LendingState.WITHDRAWN


def test_a_guest_is_told_what_has_become_of_their_duties(session: Session, world: World) -> None:
    """One that is new, then the same moved, then called off."""
    with lent.between(world) as work:
        agreed(work, world)
    visit = book_there(session, world)
    lending_upkeep.settle(session)
    duty = session.scalars(select(Duty).where(Duty.visit_id == visit)).one()
    duty.starts_at, duty.ends_at = duty.starts_at + HOUR, duty.ends_at + HOUR
    duties.touch(duty)
    session.flush()
    lending_upkeep.settle(session)
    duties.cancel(duty)
    session.flush()
    lending_upkeep.settle(session)
    query = select(Message).where(Message.kind == MessageKind.LENT_DUTIES).order_by(Message.created_at)
    facts = [message.facts for message in session.scalars(query)]
    assert [[one[key] for key in ("new", "moved", "off", "number")] for one in facts] == [
        [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 0]
    ]  # fmt: skip
