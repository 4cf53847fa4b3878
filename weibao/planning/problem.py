"""A draft's whole planning problem."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling import limits
from scheduling import problem as p
from tenants.enums import DutyState
from tenants.errors import InvalidError
from tenants.models import Duty, Roster
from weibao.planning.adults import minors_of, with_ages
from weibao.planning.clock import Clock, clock_of, county_of
from weibao.planning.people import people_of
from weibao.planning.roads import places_of
from weibao.planning.tasks import tasks_of

TOO_LARGE = "this period holds more tasks, people or places than can be planned at once: choose a shorter one"


def build_problem(session: Session, roster: Roster, *, weights: p.Weights | None = None) -> p.Problem:
    """The planning problem of a draft: everything due in its period, everybody active, its pins, what is published.

    Parameters
    ----------
    session : scoped to the roster's township.
    roster : the draft; its pinned times and seats become pins.
    weights : soft costs; the scheduler's own when None.

    Raises
    ------
    InvalidError
        The period holds more than the scheduler takes (scheduling/limits.py); nothing is built then.

    """
    county, clock = county_of(session, roster.township_id), clock_of(session, roster)
    tasks = tasks_of(session, county, clock)
    people = people_of(session, clock, tasks)
    tasks, people = with_ages(tasks, people, minors_of(session, clock), clock)
    places, matrix = places_of(session, county, roster.township_id)
    _need_size(len(tasks), len(people), len(places))
    known = {task.id for task in tasks}, {person.id for person in people}
    return p.Problem(
        id=f"{roster.id}-{roster.revision}",
        horizon=p.Horizon(start=roster.starts_on.isoformat(), days=roster.days, timezone=county.timezone),
        places=places,
        travel_minutes=matrix,
        people=people,
        tasks=tasks,
        pins=_pins(roster, clock, *known),
        published=_published(session, clock, *known),
        weights=weights or p.Weights(),
    )


def _need_size(tasks: int, people: int, places: int) -> None:
    counts = (tasks, limits.MAX_TASKS), (people, limits.MAX_PEOPLE), (places, limits.MAX_PLACES)
    if any(count > most for count, most in counts):
        raise InvalidError(TOO_LARGE)


def _pins(roster: Roster, clock: Clock, tasks: set[str], people: set[str]) -> tuple[p.Pin, ...]:
    pins = []
    for assignment in roster.assignments:
        seats = tuple(
            p.Seat(person=s.person_id, role=s.role) for s in assignment.seats if s.pinned and s.person_id in people
        )
        if assignment.task_id in tasks and (seats or assignment.time_pinned):
            start = clock.minute(assignment.starts_at) if assignment.time_pinned else None
            pins.append(p.Pin(task=assignment.task_id, start=start, people=seats))
    return tuple(pins)


def _published(session: Session, clock: Clock, tasks: set[str], people: set[str]) -> tuple[p.Assignment, ...]:
    teams: dict[str, list[p.Seat]] = defaultdict(list)
    starts: dict[str, int] = {}
    query = select(Duty).where(
        Duty.state == DutyState.CONFIRMED,
        Duty.starts_at >= clock.moment(0),
        Duty.starts_at < clock.moment(clock.days * p.DAY),
    )
    for duty in session.scalars(query.order_by(Duty.id)):
        if duty.task_id in tasks and duty.person_id in people:
            teams[duty.task_id].append(p.Seat(person=duty.person_id, role=duty.role))
            starts[duty.task_id] = clock.minute(duty.starts_at)
    return tuple(
        p.Assignment(task=task, start=starts[task], people=tuple(sorted(team))) for task, team in teams.items()
    )
