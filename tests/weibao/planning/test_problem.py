"""A draft's problem: what is published, what is pinned, and the way back into rows."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.audit import hard_violations
from scheduling.problem import DAY, Pin, Seat, Weights
from scheduling.roster import Reason, ReasonCode, Roster, Score, Status, Unserved
from tenants.enums import DutyState
from tenants.models import Person, Village
from tenants.services import publishing, rosters
from tests.drafts import DIRECTOR, VOLUNTEER, WORKER, activity_task, at, begin, due_visit, keep, visit_task
from tests.duties import give
from tests.world import World
from weibao.planning import assignments_of, build_problem, clock_of, open_draft, plan_of


def test_what_people_hold_in_the_period_is_published(station: Session, world: World) -> None:
    roster, visit = begin(station, world), due_visit(station, world)
    start = at(roster.starts_on + timedelta(days=1), 17)
    keep(station, world, roster, visit_task(world, visit, start, DIRECTOR, WORKER))
    publishing.publish(station, world.head, roster)
    cancelled = due_visit(station, world, 1)
    give(station, world.first, VOLUNTEER, visit=cancelled, starts_at=start, state=DutyState.CANCELLED)
    (row,) = build_problem(station, roster).published
    people = world.first.people
    assert (row.task, row.start) == (visit, DAY + 17 * 60)
    assert set(row.people) == {Seat(person=people[kind], role="lead") for kind in (DIRECTOR, WORKER)}


def test_pins_of_time_and_of_people_go_together(station: Session, world: World) -> None:
    roster = begin(station, world)
    times, seats, free = (due_visit(station, world, child) for child in range(3))
    start = at(roster.starts_on, 17)
    keep(station, world, roster, *(visit_task(world, visit, start) for visit in (times, seats, free)))
    rosters.pin_time(station, world.head, roster, times, pinned=True)
    director = world.first.people[DIRECTOR]
    rosters.pin_seat(station, world.head, roster, seats, director, pinned=True)
    assert {pin.task: pin for pin in build_problem(station, roster).pins} == {
        times: Pin(task=times, start=17 * 60),
        seats: Pin(task=seats, people=(Seat(person=director, role="lead"),)),
    }


def test_rows_and_the_schedulers_form_say_the_same(station: Session, world: World) -> None:
    roster, visit, left = begin(station, world), due_visit(station, world, 0), due_visit(station, world, 1)
    keep(station, world, roster, visit_task(world, visit, at(roster.starts_on, 17)), activity_task(station, world))
    problem, clock = build_problem(station, roster), clock_of(station, roster)
    rows = assignments_of(roster, problem, clock)
    found = Roster(
        problem=problem.id,
        assignments=rows,
        unserved=(Unserved(task=left, reasons=(Reason(code=ReasonCode.COMPETING, instead=(visit,)),)),),
        score=Score(medium=10, soft=5),
        bound=Score(medium=10, soft=5),
        status=Status.OPTIMAL,
        seconds=0.1,
    )
    rosters.keep_plan(station, world.head, roster, plan_of(problem, found, clock))
    station.expire_all()
    assert set(assignments_of(roster, problem, clock)) == set(rows)
    assert [u.reasons for u in roster.unserved] == [[{"code": "competing", "role": None, "instead": [visit]}]]
    assert (roster.bound_medium, roster.bound_soft, roster.optimal) == (10, 5, True)


def test_travel_is_rounded_up_to_five_minutes_and_zero_at_home(station: Session, world: World) -> None:
    problem = build_problem(station, begin(station, world))
    minutes = {m for row in problem.travel_minutes for m in row}
    assert {m % 5 for m in minutes} == {0}
    assert all(problem.travel(place.id, place.id) == 0 for place in problem.places)
    assert problem.travel(world.first.villages[0], world.first.villages[1]) > 0


def test_whoever_has_no_base_village_starts_at_the_seat(station: Session, world: World) -> None:
    person = station.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    person.base_village_id = None
    problem = build_problem(station, begin(station, world))
    assert problem.person_of[person.id].base == "seat"
    assert len(problem.places) == 1 + len(station.scalars(select(Village)).all())


def test_a_draft_shows_what_it_breaks_today(station: Session, world: World) -> None:
    """Planned at 17:00, the visit is now to be at 08:00, before the families' hours: one rule is broken."""
    roster, visit = begin(station, world), due_visit(station, world)
    keep(station, world, roster, visit_task(world, visit, at(roster.starts_on, 8, 30)))
    draft = open_draft(station, roster)
    assert [violation.rule.value for violation in draft.violations] == ["R1_window"]
    assert draft.violations == hard_violations(draft.problem, draft.rows)
    assert {task.id for task in draft.open_tasks} == set(draft.problem.task_of) - {visit}
    assert draft.problem.weights == Weights()
