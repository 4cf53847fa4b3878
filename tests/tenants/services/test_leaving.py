"""Somebody who may not go on: their duties, searches, questions and wishes end, and the station hears of it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import (
    AccountRole,
    AskState,
    DeclineReason,
    DutyState,
    MessageKind,
    PersonKind,
    SignUpMode,
    SignUpState,
    SwapState,
    VettingResult,
)
from tenants.models import Account, Activity, Duty, Message, Person, SignUp, SwapAsk, SwapRequest
from tenants.services import barring, lapses, sign_ups, swaps
from tests import drafts, duties
from tests.drafts import DIRECTOR, VOLUNTEER
from tests.world import World

WORKER = PersonKind.SOCIAL_WORKER


def actor(world: World) -> Actor:
    return Actor(county_id=world.county, township_id=world.first.township)


def person(session: Session, world: World, kind: PersonKind) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[kind]))


def told(session: Session, kind: MessageKind) -> list[tuple[AccountRole, dict[str, object]]]:
    query = select(Account.role, Message.facts).join(Account, Account.id == Message.account_id)
    rows = session.execute(query.where(Message.kind == kind).order_by(Account.role))
    return [(role, facts) for role, facts in rows]


def test_the_search_for_a_barred_persons_substitute_ends_with_the_duty(session: Session, world: World) -> None:
    duty_id = duties.give(session, world.first, VOLUNTEER, visit=duties.add_visit(session, world.first))
    duty = session.get_one(Duty, (world.first.township, duty_id))
    swap = swaps.begin(session, actor(world), duty, DeclineReason.WORK, [world.first.people[DIRECTOR]])
    barring.bar(session, world.head, person(session, world, VOLUNTEER), drafts.today())
    session.expire_all()
    assert session.get_one(SwapRequest, (swap.township_id, swap.id)).state is SwapState.WITHDRAWN
    assert session.get_one(Duty, (duty.township_id, duty_id)).state is DutyState.CANCELLED


def test_a_barred_person_is_asked_for_nothing_and_wishes_for_nothing_any_more(session: Session, world: World) -> None:
    first = world.first
    duty_id = duties.give(session, first, DIRECTOR, visit=duties.add_visit(session, first))
    duty = session.get_one(Duty, (first.township, duty_id))
    asked = [first.people[VOLUNTEER], first.people[WORKER]]
    swap = swaps.begin(session, actor(world), duty, DeclineReason.WORK, asked)
    activity = session.get_one(Activity, (first.township, first.activity))
    wish = sign_ups.ask(
        session, actor(world), first.people[VOLUNTEER], activity, "helper", mode=SignUpMode.APPROVAL, free=True
    )
    barring.bar(session, world.head, person(session, world, VOLUNTEER), drafts.today())
    session.expire_all()
    asks = {ask.person_id: ask.state for ask in session.scalars(select(SwapAsk).where(SwapAsk.swap_id == swap.id))}
    assert asks == {first.people[VOLUNTEER]: AskState.REFUSED, first.people[WORKER]: AskState.ASKED}
    assert session.get_one(SwapRequest, (swap.township_id, swap.id)).state is SwapState.OPEN
    assert session.get_one(SignUp, (wish.township_id, wish.id)).state is SignUpState.WITHDRAWN


def test_the_station_hears_how_many_places_are_open_and_not_why(session: Session, world: World) -> None:
    duties.give(session, world.first, VOLUNTEER, visit=duties.add_visit(session, world.first))
    barring.bar(session, world.head, person(session, world, VOLUNTEER), drafts.today(), "检函9号")
    heard = told(session, MessageKind.PLACES_OPEN)
    assert [role for role, _facts in heard] == [AccountRole.STATION_HEAD, AccountRole.STATION_STAFF]
    assert {frozenset(facts) for _role, facts in heard} == {frozenset({"name", "name_en", "number"})}
    assert {facts["number"] for _role, facts in heard} == {1}


def test_nobody_is_told_of_a_barred_person_who_held_nothing(session: Session, world: World) -> None:
    barring.bar(session, world.head, person(session, world, VOLUNTEER), drafts.today())
    assert told(session, MessageKind.PLACES_OPEN) == []


def test_holder_and_station_hear_that_a_check_has_ended(session: Session, world: World) -> None:
    duties.give(session, world.first, VOLUNTEER, visit=duties.add_visit(session, world.first))
    for check in person(session, world, VOLUNTEER).vettings:
        check.result, check.valid_through = VettingResult.CLEAR, drafts.today() - timedelta(days=1)
    session.flush()
    assert lapses.drop_lapsed(session, actor(world)) == 1
    assert [role for role, _facts in told(session, MessageKind.CHECK_ENDED)] == [AccountRole.VOLUNTEER]
    assert len(told(session, MessageKind.PLACES_OPEN)) == 2
