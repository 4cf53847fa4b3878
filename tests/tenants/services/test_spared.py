"""A visit that was made early: its team is not sent there a second time, and has it again when the record goes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DutyState, MessageKind, PersonKind, VisitState
from tenants.models import Account, Child, Duty, Message, Visit, utc_now
from tenants.queries import duties
from tenants.services import visits
from tests import drafts
from tests.duties import HOUR, add_visit, give, soon
from tests.world import World

DIRECTOR, VOLUNTEER, WORKER = PersonKind.CHILD_DIRECTOR, PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER
CANCELLED, CONFIRMED = DutyState.CANCELLED, DutyState.CONFIRMED


@pytest.fixture
def visit(session: Session, world: World) -> Visit:
    return session.get_one(Visit, (world.first.township, add_visit(session, world.first, 0)))


def team(session: Session, world: World, visit: Visit, **facts: object) -> list[str]:
    """The worker and the volunteer are to make it."""
    return [give(session, world.first, WORKER, visit=visit.id, **facts),
            give(session, world.first, VOLUNTEER, visit=visit.id, role="companion", **facts)]  # fmt: skip


def by(world: World, kind: PersonKind = DIRECTOR) -> Actor:
    return replace(world.head, role=AccountRole.CHILD_DIRECTOR, person_id=world.first.people[kind])


def record(session: Session, world: World, visit: Visit, who: Actor | None = None) -> None:
    visits.record_done(session, who or by(world), visit, drafts.today())


def take_back(session: Session, world: World, visit: Visit) -> None:
    child = session.get_one(Child, (visit.township_id, visit.child_id))
    visits.take_back(session, world.head, child, visit.id)


def states(session: Session, ids: list[str]) -> list[DutyState]:
    session.flush()
    rows = {duty.id: duty.state for duty in session.scalars(select(Duty))}
    return [rows[duty] for duty in ids]


def told(session: Session, world: World, kind: MessageKind) -> set[str]:
    query = select(Account.person_id).join(Message, Message.account_id == Account.id).where(Message.kind == kind)
    people = {person: kind.value for kind, person in world.first.people.items()}
    return {people[person] for person in session.scalars(query) if person in people}


def test_the_coming_duties_of_a_visit_made_early_are_called_off_and_told(
    session: Session, world: World, visit: Visit
) -> None:
    ids = team(session, world, visit)

    record(session, world, visit)

    assert states(session, ids) == [CANCELLED, CANCELLED]
    assert told(session, world, MessageKind.DUTY_CALLED_OFF) == {"social_worker", "volunteer"}
    coming = duties.coming(session, world.first.people[WORKER], utc_now())
    assert [duty.is_cancelled for duty in coming] == [True]


def test_what_has_begun_stays(session: Session, world: World, visit: Visit) -> None:
    ids = team(session, world, visit, starts_at=utc_now() - HOUR / 2)
    record(session, world, visit)
    assert states(session, ids) == [CONFIRMED, CONFIRMED]


def later_today() -> object:
    """A time that is to come and of today; on the last minutes of a day there is none."""
    moment = utc_now() + timedelta(minutes=2)
    if moment.astimezone(drafts.CHINA).date() != drafts.today():
        pytest.skip("the day is nearly over")
    return moment


def test_todays_duty_stays_with_whoever_of_its_team_records_it_a_little_early(
    session: Session, world: World, visit: Visit
) -> None:
    ids = team(session, world, visit, starts_at=later_today())
    record(session, world, visit, by(world, WORKER))
    assert states(session, ids) == [CONFIRMED, CONFIRMED]


def test_todays_duty_goes_when_somebody_else_has_been_there(session: Session, world: World, visit: Visit) -> None:
    ids = team(session, world, visit, starts_at=later_today())
    record(session, world, visit)
    assert states(session, ids) == [CANCELLED, CANCELLED]


def test_a_record_that_is_taken_back_gives_the_duties_back_and_says_so(
    session: Session, world: World, visit: Visit
) -> None:
    ids = team(session, world, visit)
    dropped = give(session, world.first, DIRECTOR, visit=visit.id, state=CANCELLED)  # by a publication, before
    record(session, world, visit)

    take_back(session, world, visit)

    assert visit.state is VisitState.DUE
    assert states(session, [*ids, dropped]) == [CONFIRMED, CONFIRMED, CANCELLED]
    assert told(session, world, MessageKind.DUTIES_RETURNED) == {"social_worker", "volunteer"}


def test_whoever_has_another_duty_by_then_is_not_given_it_back(session: Session, world: World, visit: Visit) -> None:
    ids = team(session, world, visit)
    record(session, world, visit)
    give(session, world.first, VOLUNTEER, activity=world.first.activity, role="helper", starts_at=soon())

    take_back(session, world, visit)

    assert states(session, ids) == [CONFIRMED, CANCELLED]
    assert told(session, world, MessageKind.DUTIES_RETURNED) == {"social_worker"}


def test_what_a_first_record_ended_is_not_given_back_by_the_second_ones_end(
    session: Session, world: World, visit: Visit
) -> None:
    ids = team(session, world, visit)
    record(session, world, visit)
    take_back(session, world, visit)
    session.get_one(Duty, (visit.township_id, ids[1])).state = CANCELLED  # declined meanwhile
    record(session, world, visit)
    take_back(session, world, visit)
    assert states(session, ids) == [CONFIRMED, CANCELLED]
