"""A station asks when people are free; an answer becomes dated exceptions, and a later one takes its place."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DayPart, ExceptionKind, MessageKind
from tenants.errors import ConflictError, InvalidError
from tenants.models import (
    AvailabilityException,
    AvailabilityInvitation,
    AvailabilityRequest,
    County,
    Message,
    Person,
    Township,
)
from tenants.queries import availability_requests as queries
from tenants.services import availability, availability_requests
from tests import drafts
from tests.drafts import STAFF, VOLUNTEER
from tests.world import World
from weibao.planning.clock import clock_for
from weibao.planning.people import availability as windows

TODAY = drafts.today()
FIRST = TODAY + timedelta(days=7)
MORNING, AFTERNOON, EVENING = DayPart


def ask(session: Session, world: World, *, first: date = FIRST, days: int = 3) -> AvailabilityRequest:
    people = [world.first.people[VOLUNTEER], world.first.people[STAFF]]
    return availability_requests.ask(
        session, world.head, people, from_day=first, to_day=first + timedelta(days=days - 1), answer_by=first,
        today=TODAY,
    )  # fmt: skip


def of_volunteer(request: AvailabilityRequest, world: World) -> AvailabilityInvitation:
    return next(one for one in request.invitations if one.person_id == world.first.people[VOLUNTEER])


def answer(session: Session, world: World, invitation: AvailabilityInvitation, *free: tuple[date, DayPart]) -> None:
    actor = Actor(county_id=world.county, township_id=world.first.township, person_id=invitation.person_id)
    availability_requests.answer(session, actor, invitation, set(free), TODAY)


def rows(session: Session) -> set[tuple[ExceptionKind, int, int, int, int]]:
    """The exceptions with days counted from the first one asked for."""
    found = session.scalars(select(AvailabilityException)).all()
    return {(r.kind, (r.from_day - FIRST).days, (r.to_day - FIRST).days, r.from_minute, r.to_minute) for r in found}


def test_each_person_is_told_their_own_link_and_no_secret_is_kept(station: Session, world: World) -> None:
    request = ask(station, world)
    told = station.scalars(select(Message).where(Message.kind == MessageKind.AVAILABILITY_ASKED)).all()
    assert {message.facts["invitation"] for message in told} == {one.id for one in request.invitations}
    assert {*told[0].facts} == {"from", "to", "by", "invitation", "serial"}


def test_answer_is_what_plans_use_and_a_new_one_takes_its_place(station: Session, world: World) -> None:
    invitation = of_volunteer(ask(station, world), world)
    answer(station, world, invitation, (FIRST, MORNING), (FIRST, EVENING))
    person = station.get_one(Person, (world.first.township, invitation.person_id))
    township = station.get_one(Township, world.first.township)
    clock = clock_for(station, station.get_one(County, township.county_id), FIRST, 3)
    # The week says 8 to 20 daily: the morning and the evening of the first day are left, the evening to 21.
    assert windows(person, clock) == ((480, 720), (1080, 1260))
    answer(station, world, invitation)
    assert rows(station) == {(ExceptionKind.AWAY, 0, 2, 0, 1440)}
    assert invitation.answers == 2


def test_exceptions_entered_by_hand_stay(station: Session, world: World) -> None:
    invitation = of_volunteer(ask(station, world), world)
    person = station.get_one(Person, (world.first.township, invitation.person_id))
    availability.add_exception(station, world.head, person, kind=ExceptionKind.AWAY, from_day=FIRST, to_day=FIRST)
    answer(station, world, invitation, *((FIRST + timedelta(days=n), part) for n in range(3) for part in DayPart))
    assert (ExceptionKind.AWAY, 0, 0, 0, 1440) in rows(station)


def test_later_question_over_the_same_days_takes_them_and_leaves_the_others(station: Session, world: World) -> None:
    old = ask(station, world)
    answer(station, world, of_volunteer(old, world))
    availability_requests.close(station, world.head, old)
    new = ask(station, world, first=FIRST + timedelta(days=2), days=1)
    answer(station, world, of_volunteer(new, world), *((FIRST + timedelta(days=2), part) for part in DayPart))
    assert rows(station) == {(ExceptionKind.AWAY, 0, 1, 0, 1440), (ExceptionKind.EXTRA, 2, 2, 480, 1260)}


def test_half_day_outside_of_the_period_and_a_flood_of_answers_are_refused(station: Session, world: World) -> None:
    invitation = of_volunteer(ask(station, world), world)
    with pytest.raises(InvalidError):
        answer(station, world, invitation, (FIRST + timedelta(days=3), MORNING))
    invitation.answers = availability_requests.MAX_ANSWERS
    with pytest.raises(InvalidError):
        answer(station, world, invitation)
    assert rows(station) == set()


def test_they_are_reminded_once_a_day_and_only_who_is_silent(station: Session, world: World) -> None:
    request = ask(station, world)
    answer(station, world, of_volunteer(request, world))
    assert availability_requests.remind(station, world.head, request, TODAY) == 1
    with pytest.raises(ConflictError):
        availability_requests.remind(station, world.head, request, TODAY)
    assert availability_requests.remind(station, world.head, request, TODAY + timedelta(days=1)) == 1
    with pytest.raises(ConflictError):
        availability_requests.remind(station, world.head, request, FIRST + timedelta(days=1))


@pytest.mark.parametrize(
    ("first", "days", "by", "field"),
    [(-1, 3, 0, "from_day"), (7, 32, 0, "to_day"), (7, 0, 0, "to_day"), (7, 3, 10, "answer_by"),
     (7, 3, -1, "answer_by"), (400, 3, 1, "from_day")],
)  # fmt: skip
def test_days_that_do_not_fit_are_refused_at_their_field(
    station: Session, world: World, first: int, days: int, by: int, field: str
) -> None:
    start = TODAY + timedelta(days=first)
    with pytest.raises(InvalidError) as refused:
        availability_requests.ask(
            station, world.head, [world.first.people[VOLUNTEER]], from_day=start,
            to_day=start + timedelta(days=days - 1), answer_by=TODAY + timedelta(days=by), today=TODAY,
        )  # fmt: skip
    assert refused.value.field == field


def test_nobody_and_somebody_of_elsewhere_cannot_be_asked(station: Session, world: World) -> None:
    for people in ([], [world.second.people[VOLUNTEER]]):
        with pytest.raises(InvalidError):
            availability_requests.ask(
                station, world.head, people, from_day=FIRST, to_day=FIRST, answer_by=FIRST, today=TODAY
            )


def test_two_open_questions_do_not_overlap(station: Session, world: World) -> None:
    ask(station, world)
    with pytest.raises(ConflictError):
        ask(station, world, first=FIRST + timedelta(days=2))


def test_link_lives_until_it_is_replaced_stopped_closed_or_past_its_day(session: Session, world: World) -> None:
    request = ask(session, world)
    one, two = request.invitations
    found = queries.invited_by(session, one.id, 1)
    assert found is not None
    assert (found.township_id, found.person_id) == (world.first.township, one.person_id)
    availability_requests.renew(session, world.head, one)
    assert queries.invited_by(session, one.id, 1) is None
    assert queries.invited_by(session, one.id, 2) is not None
    availability_requests.revoke(session, world.head, one)
    assert queries.invited_by(session, one.id, 2) is None
    assert queries.invited_by(session, two.id, 1) is not None
    request.answer_by = TODAY - timedelta(days=1)
    session.flush()
    assert queries.invited_by(session, two.id, 1) is None
    request.answer_by = TODAY
    availability_requests.close(session, world.head, request)
    assert queries.invited_by(session, two.id, 1) is None
    assert queries.invited_by(session, "a" * 26, 1) is None
