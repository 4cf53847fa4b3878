from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyState, PersonKind, VisitState
from tenants.models import Activity, Child, Duty, Person, Visit
from tenants.services import activities, calling_off, children, people, visits
from tests.duties import add_visit, give, soon
from tests.world import World

VOLUNTEER, WORKER = PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER
CANCELLED, CONFIRMED = DutyState.CANCELLED, DutyState.CONFIRMED


def facts(session: Session, ids: list[str]) -> list[tuple[DutyState, int]]:
    session.flush()
    rows = {duty.id: (duty.state, duty.sequence) for duty in session.scalars(select(Duty))}
    return [rows[duty_id] for duty_id in ids]


def test_duties_of_what_is_called_off_are_cancelled_and_no_others(session: Session, world: World) -> None:
    place = world.first
    void, stands = add_visit(session, place, 0), add_visit(session, place, 1)
    session.get_one(Visit, (place.township, void)).state = VisitState.CANCELLED
    ids = [
        give(session, place, VOLUNTEER, visit=void, role="companion"),
        give(session, place, WORKER, visit=void, starts_at=soon(days=-2)),  # begun already: history
        give(session, place, WORKER, visit=stands),
        give(session, place, VOLUNTEER, activity=place.activity, role="helper"),
    ]

    assert [duty.id for duty in calling_off.call_off(session)] == ids[:1]
    assert calling_off.call_off(session) == []

    assert facts(session, ids) == [(CANCELLED, 1), (CONFIRMED, 0), (CONFIRMED, 0), (CONFIRMED, 0)]


def test_calling_an_activity_off_tells_the_calendars_at_once(session: Session, world: World) -> None:
    place = world.first
    ids = [
        give(session, place, VOLUNTEER, activity=place.activity, role="helper"),
        give(session, world.second, VOLUNTEER, activity=world.second.activity, role="helper"),
    ]
    changed = session.get_one(Duty, (place.township, ids[0])).changed_at

    activities.set_cancelled(session, world.head, session.get_one(Activity, (place.township, place.activity)), True)

    assert facts(session, ids) == [(CANCELLED, 1), (CONFIRMED, 0)]
    assert session.get_one(Duty, (place.township, ids[0])).changed_at > changed
    assert session.get_one(Activity, (place.township, place.activity)).state is ActivityState.CANCELLED


def test_renaming_an_activity_raises_the_sequence_of_its_coming_duties(session: Session, world: World) -> None:
    place = world.first
    activity = session.get_one(Activity, (place.township, place.activity))
    ids = [
        give(session, place, VOLUNTEER, activity=place.activity, role="helper"),
        give(session, place, WORKER, visit=add_visit(session, place)),
    ]
    wanted = activities.facts_of(activity, ZoneInfo("Asia/Shanghai"))
    activities.edit(session, world.head, activity, wanted)
    assert facts(session, ids) == [(CONFIRMED, 0), (CONFIRMED, 0)]

    wanted = activities.facts_of(activity, ZoneInfo("Asia/Shanghai"))
    object.__setattr__(wanted, "title", "剪纸")
    activities.edit(session, world.head, activity, wanted)

    assert facts(session, ids) == [(CONFIRMED, 1), (CONFIRMED, 0)]


def test_renaming_a_person_reaches_the_calendars_of_every_coming_team_of_theirs(session: Session, world: World) -> None:
    place = world.first
    shared, alone = add_visit(session, place, 0), add_visit(session, place, 1)
    ids = [
        give(session, place, VOLUNTEER, visit=shared, role="companion"),
        give(session, place, WORKER, visit=shared),
        give(session, place, WORKER, visit=alone, starts_at=soon(days=9)),
        give(session, place, VOLUNTEER, visit=add_visit(session, place, 2), starts_at=soon(days=-2)),
    ]
    person = session.get_one(Person, (place.township, place.people[VOLUNTEER]))
    known = people.facts_of(person)
    people.edit(session, world.head, person, known)
    assert [sequence for _, sequence in facts(session, ids)] == [0, 0, 0, 0]

    people.edit(session, world.head, person, replace(known, name="改名"))

    assert [sequence for _, sequence in facts(session, ids)] == [1, 1, 0, 0]


def test_a_new_case_code_or_village_of_a_child_reaches_the_calendars_of_its_visitors(
    session: Session, world: World
) -> None:
    place = world.first
    ids = [
        give(session, place, WORKER, visit=add_visit(session, place, child), starts_at=soon(days=1 + child))
        for child in (0, 1)
    ]
    child = session.get_one(Child, (place.township, place.children[0]))
    known = children.facts_of(child)
    children.edit(session, world.head, child, replace(known, pseudonym="小树"))
    assert [sequence for _, sequence in facts(session, ids)] == [0, 0]

    children.edit(session, world.head, child, replace(known, case_code="C-900"))
    children.edit(session, world.head, child, replace(known, case_code="C-900", village_id=place.villages[1]))

    assert [sequence for _, sequence in facts(session, ids)] == [2, 0]


def test_closing_a_childs_file_cancels_the_duty_of_its_visit(session: Session, world: World) -> None:
    place = world.first
    duty = give(session, place, WORKER, visit=add_visit(session, place, 0))
    session.get_one(Child, (place.township, place.children[0])).closed_on = date(2026, 1, 1)
    session.flush()

    visits.refresh_due(session, world.head, datetime.now(UTC).date())

    assert facts(session, [duty]) == [(CANCELLED, 1)]
