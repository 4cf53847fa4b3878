"""The worker between publications: the next are asked in time, and whoever waits has a place however it comes free."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.problem import Weights
from tenants.enums import DeclineReason, DutyState, MessageKind, RosterState, SignUpMode, SignUpState, SwapState
from tenants.models import AuditEntry, Duty, Person, Roster, SignUp, SwapRequest, utc_now
from tenants.scope import Scope
from tenants.services import absences, barring, lapses, publishing, sign_ups, swaps, withdrawals
from tests import drafts
from tests.drafts import STAFF, VOLUNTEER
from tests.duties import add_visit, give
from tests.exchange import actor, another, helper, mode, the_activity, told, uncheck
from tests.world import World
from weibao import exchange, exchange_jobs
from weibao.db import session_for

WHY = DeclineReason.ILLNESS


@pytest.fixture
def s(station: Session) -> Session:
    """The first township's session."""
    return station


def settle(app: Flask, session: Session) -> int:
    """Let the worker have its turn, once what the test has done is in."""
    session.commit()
    done = exchange_jobs.settle(app)
    session.expire_all()
    return done


# The next ones are asked


def searching(session: Session, world: World, others: int) -> SwapRequest:
    """The volunteer looks for a substitute; a member of the staff and some others fit."""
    for number in range(others):
        another(session, world, f"v{number}")
    return exchange.look_for_substitute(session, actor(world), helper(session, world), WHY)


def time_is_up(swap: SwapRequest) -> None:
    swap.next_at = utc_now() - timedelta(seconds=1)


def test_the_next_people_are_asked_when_nobody_has_accepted_in_time(app: Flask, s: Session, world: World) -> None:
    swap = searching(s, world, 7)
    first = {ask.person_id for ask in swap.asks}
    assert len(first) == swaps.WAVE
    assert settle(app, s) == 0

    time_is_up(swap)
    assert settle(app, s) == 3

    assert first < {ask.person_id for ask in swap.asks}
    assert len(swap.asks) == 8
    assert len(told(s, MessageKind.SWAP_ASKED)) == 9  # of the staff both the head and their colleague hold an account
    assert swap.next_at is not None
    assert swap.next_at > utc_now()
    assert settle(app, s) == 0
    lines = s.scalars(select(AuditEntry.details).where(AuditEntry.action == "swap.ask")).all()
    assert lines == [{"asked": 3}]


def test_of_two_workers_one_asks_the_next_ones(app: Flask, s: Session, world: World) -> None:
    swap = searching(s, world, 15)
    time_is_up(swap)
    s.commit()
    workers = [threading.Thread(target=exchange_jobs.settle, args=(app,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    s.expire_all()
    assert len(swap.asks) == 2 * swaps.WAVE


def test_a_search_from_before_there_was_a_time_goes_on(app: Flask, s: Session, world: World) -> None:
    swap = searching(s, world, 5)
    swap.next_at = None
    assert settle(app, s) == 1


def test_that_nobody_is_left_is_told_once_until_somebody_can_be_asked_again(
    app: Flask, s: Session, world: World
) -> None:
    swap = searching(s, world, 0)
    concerned = ["station_head-alpha", "station_staff-alpha", "volunteer-alpha"]
    for _ in range(2):
        time_is_up(swap)
        assert settle(app, s) == 0
        assert told(s, MessageKind.SWAP_NOBODY) == concerned
    another(s, world, "newcomer")
    time_is_up(swap)
    assert settle(app, s) == 1
    assert told(s, MessageKind.SWAP_ASKED) == ["newcomer", "station_head-alpha", "station_staff-alpha"]
    time_is_up(swap)
    settle(app, s)
    assert told(s, MessageKind.SWAP_NOBODY) == sorted(2 * concerned)


@pytest.mark.parametrize("state", [SwapState.TAKEN, SwapState.WITHDRAWN])
def test_a_search_that_has_ended_asks_nobody(app: Flask, s: Session, world: World, state: SwapState) -> None:
    swap = searching(s, world, 7)
    time_is_up(swap)
    swap.state = state
    assert settle(app, s) == 0


# The waiting list


@pytest.fixture
def queue(s: Session, world: World) -> list[SignUp]:
    """The volunteer and one of the staff hold the two places of a published roster; "third" and "fourth" wait."""
    mode(s, world, SignUpMode.AT_ONCE)
    draft = drafts.begin(s, world)
    drafts.keep(s, world, draft, drafts.activity_task(s, world))
    publishing.publish(s, world.head, draft)
    helper(s, world, world.first.people[STAFF])
    wishes = [wait(s, world, name) for name in ("third", "fourth")]
    assert [wish.state for wish in wishes] == [SignUpState.WAITING] * 2
    return wishes


def wait(session: Session, world: World, name: str) -> SignUp:
    person = another(session, world, name)
    return exchange.sign_up(session, actor(world, person), person, world.first.activity, "helper")


def helpers(session: Session) -> set[str]:
    query = select(Person.name).join(Duty, Duty.person_id == Person.id)
    return set(session.scalars(query.where(Duty.role == "helper", Duty.state == DutyState.CONFIRMED)))


def volunteer(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))


def absence(session: Session, world: World) -> None:
    today = drafts.today()
    absences.begin(
        session, world.head, volunteer(session, world), from_day=today, to_day=today + timedelta(days=13), today=today,
        weights=asdict(Weights()),
    )  # fmt: skip


def lapse(session: Session, world: World) -> None:
    (check,) = volunteer(session, world).vettings
    check.valid_through = drafts.today() - timedelta(days=1)
    session.flush()
    assert lapses.drop_lapsed(session, actor(world)) == 1


def bar(session: Session, world: World) -> None:
    session.commit()
    with session_for(Scope.of_system(reason="test")) as county:
        barring.bar(county, world.head, volunteer(county, world), drafts.today(), "检函9号")


def withdrawal(session: Session, world: World) -> None:
    version = session.scalars(select(Roster).where(Roster.state == RosterState.PUBLISHED)).one()
    withdrawals.withdraw(session, world.head, version, "wrong week")


def publication(session: Session, world: World) -> None:
    draft = session.scalars(select(Roster).where(Roster.state == RosterState.DRAFT)).one()
    visit = drafts.visit_task(world, drafts.due_visit(session, world), drafts.at(draft.starts_on, 17))
    drafts.keep(session, world, draft, visit)
    publishing.publish(session, world.head, draft)


def greater_team(session: Session, world: World) -> None:
    next(row for row in the_activity(session, world).roles if row.role == "helper").maximum = 3


def leave(session: Session, world: World) -> None:
    """The volunteer's duty is cancelled by a way that knows of no waiting list."""
    held = select(Duty).where(Duty.person_id == world.first.people[VOLUNTEER], Duty.activity_id.is_not(None))
    session.scalars(held).one().state = DutyState.CANCELLED


@pytest.mark.parametrize(
    ("frees", "come_up"),
    [
        (absence, 1),
        (lapse, 1),
        (bar, 1),
        (withdrawal, 2),
        (publication, 2),
        (greater_team, 1),
        (leave, 1),
    ],
)
def test_whoever_waits_longest_has_the_place_however_it_came_free(
    app: Flask, s: Session, world: World, queue: list[SignUp], frees: Callable[[Session, World], None], come_up: int
) -> None:
    frees(s, world)
    assert settle(app, s) == come_up
    assert [wish.state for wish in queue[:come_up]] == [SignUpState.ACCEPTED] * come_up
    assert [wish.state for wish in queue[come_up:]] == [SignUpState.WAITING] * (2 - come_up)
    assert helpers(s) & {"third", "fourth"} == set(["third", "fourth"][:come_up])
    assert told(s, MessageKind.SIGN_UP_ACCEPTED) == sorted(["third", "fourth"][:come_up])
    assert settle(app, s) == 0


def test_whoever_no_longer_fits_is_passed_over(app: Flask, s: Session, world: World, queue: list[SignUp]) -> None:
    uncheck(s, world, queue[0].person_id)
    leave(s, world)
    assert settle(app, s) == 1
    assert [wish.state for wish in queue] == [SignUpState.WAITING, SignUpState.ACCEPTED]


def test_nobody_comes_up_into_two_places_at_once(app: Flask, s: Session, world: World, queue: list[SignUp]) -> None:
    activity = the_activity(s, world)
    give(s, world.first, VOLUNTEER, visit=add_visit(s, world.first), starts_at=activity.starts_at + timedelta(days=9))
    other = s.scalars(select(Duty).where(Duty.visit_id.is_not(None))).one()
    other.person_id, other.starts_at, other.ends_at = queue[0].person_id, activity.starts_at, activity.ends_at
    leave(s, world)
    assert settle(app, s) == 1
    assert [wish.state for wish in queue] == [SignUpState.WAITING, SignUpState.ACCEPTED]


def test_one_free_place_is_given_once_by_many_workers(
    app: Flask, s: Session, world: World, queue: list[SignUp]
) -> None:
    leave(s, world)
    s.commit()
    workers = [threading.Thread(target=exchange_jobs.settle, args=(app,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    s.expire_all()
    assert [wish.state for wish in queue] == [SignUpState.ACCEPTED, SignUpState.WAITING]
    assert len(helpers(s)) == 2


def test_a_free_place_belongs_to_those_who_wait_and_fit(
    app: Flask, s: Session, world: World, queue: list[SignUp]
) -> None:
    leave(s, world)  # the worker has not come by yet
    assert wait(s, world, "quick").state is SignUpState.WAITING
    assert [place.free for place in exchange.open_places(s, another(s, world, "looks"), world.first.township)] == [0]
    assert settle(app, s) == 1
    assert queue[0].state is SignUpState.ACCEPTED
    for wish in queue:
        uncheck(s, world, wish.person_id)
    greater_team(s, world)
    s.scalars(
        select(SignUp).join(Person, Person.id == SignUp.person_id).where(Person.name == "quick")
    ).one().state = SignUpState.WITHDRAWN
    assert wait(s, world, "late").state is SignUpState.ACCEPTED  # who waits does not fit, so the place is free


@pytest.fixture
def asking(s: Session, world: World) -> list[SignUp]:
    """The station approves sign-ups: one place is held, "first" asks for the other, "third" and "fourth" wait."""
    helper(s, world)
    first = wait(s, world, "first")
    held = helper(s, world, world.first.people[STAFF])
    rest = [wait(s, world, name) for name in ("third", "fourth")]
    held.state = DutyState.CANCELLED
    assert [wish.state for wish in (first, *rest)] == [SignUpState.REQUESTED, SignUpState.WAITING, SignUpState.WAITING]
    return [first, *rest]


def refused(session: Session, world: World, wish: SignUp) -> None:
    sign_ups.refuse(session, world.head, wish)


def taken_back(session: Session, world: World, wish: SignUp) -> None:
    sign_ups.withdraw(session, actor(world), wish.person_id, wish.id)


@pytest.mark.parametrize("frees", [refused, taken_back])
def test_with_approval_the_next_is_put_before_the_station_and_both_are_told(
    app: Flask, s: Session, world: World, asking: list[SignUp], frees: Callable[[Session, World, SignUp], None]
) -> None:
    first, third, fourth = asking
    assert settle(app, s) == 0  # the place waits for the station's word
    requests = len(told(s, MessageKind.SIGN_UP_REQUESTED))
    frees(s, world, first)
    assert settle(app, s) == 1
    assert (third.state, fourth.state) == (SignUpState.REQUESTED, SignUpState.WAITING)
    assert told(s, MessageKind.SIGN_UP_CAME_UP) == ["third"]
    assert len(told(s, MessageKind.SIGN_UP_REQUESTED)) == requests + 2
    assert settle(app, s) == 0
    exchange.approve(s, world.head, third.id)
    assert told(s, MessageKind.SIGN_UP_ACCEPTED) == ["third"]


# The worker itself


def test_a_fault_in_one_does_not_keep_the_others_waiting(
    app: Flask, s: Session, world: World, queue: list[SignUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = s.scalars(select(Duty).where(Duty.person_id == world.first.people[STAFF])).one()
    time_is_up(exchange.look_for_substitute(s, actor(world), held, WHY))
    leave(s, world)

    def burst(*_args: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(exchange, "ask_next", burst)
    assert settle(app, s) == 1
