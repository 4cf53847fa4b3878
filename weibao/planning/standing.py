"""What people hold now as a problem and its rows, and who could take one place more of it.

The rules are the scheduler's own (eligibility, what lies in the way, the audit); none is written a second time here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduling import problem as p
from scheduling.audit import RuleId, hard_violations
from scheduling.duties import Duties
from scheduling.eligibility import fits_role, start_ranges, within
from scheduling.explain.change import Change, ChangeKind, apply_change
from tenants.enums import DutyState
from tenants.models import Child, Duty, Visit
from weibao.planning.adults import minors_of, with_ages
from weibao.planning.clock import Clock, county_of
from weibao.planning.months import full_months, month_at
from weibao.planning.people import people_of
from weibao.planning.roads import places_of
from weibao.planning.tasks import activity_task, coming_activities, directors_of, visit_task

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The tasks of some whole weeks at their fixed times: those that people hold, and the activities planned."""

    clock: Clock
    problem: p.Problem
    rows: tuple[p.Assignment, ...]
    full: frozenset[tuple[str, date]] = frozenset()
    """Who takes no more duties in which month (by its first day)."""

    @cached_property
    def row_of(self) -> dict[str, p.Assignment]:
        """Who is on each task that somebody holds."""
        return {row.task: row for row in self.rows}

    @cached_property
    def _duties(self) -> Duties:
        return Duties(self.problem, self.rows)

    def free_places(self, task_id: str) -> dict[str, int]:
        """How many more people each role of a task has room for."""
        team = self.row_of[task_id].people if task_id in self.row_of else ()
        held = [seat.role for seat in team]
        return {role.id: role.max - held.count(role.id) for role in self.problem.task_of[task_id].roles}

    def may_join(self, task_id: str, role_id: str, person_id: str) -> bool:
        """Whether somebody could take a place of a role beside what they hold, whether there is room or not."""
        task = self.problem.task_of.get(task_id)
        if task is None or not self._could(task, role_id, person_id):
            return False
        change = Change(kind=ChangeKind.ASSIGN, task=task_id, role=role_id, person=person_id, start=task.windows[0][0])
        return not self._breaks(change, person_id)

    def may_replace(self, task_id: str, person_id: str, by: str) -> bool:
        """Whether somebody could take another's place of a task: with the way, the check and the team's own rules."""
        row = self.row_of.get(task_id)
        seat = next((seat for seat in row.people if seat.person == person_id), None) if row else None
        if seat is None or not self._could(self.problem.task_of[task_id], seat.role, by):
            return False
        change = Change(kind=ChangeKind.REPLACE, task=task_id, person=person_id, by=by)
        return not self._breaks(change, by)

    def _breaks(self, change: Change, joins: str) -> bool:
        """Whether somebody's joining breaks a rule, but that on the team's size, which ``free_places`` tells.

        Rules bind one task's team or one person's tasks, so the task's row and those of whoever joins are all it takes.
        """
        near = tuple(row for row in self.rows if row.task == change.task or row.task in self._tasks_of[joins])
        new = hard_violations(self.problem, apply_change(self.problem, near, change))
        broken = Counter(new) - Counter(hard_violations(self.problem, near))
        return any(violation.rule is not RuleId.ROLE_COUNT for violation in broken)

    @cached_property
    def _tasks_of(self) -> dict[str, set[str]]:
        """The tasks that each person is on."""
        found = defaultdict[str, set[str]](set)
        for row in self.rows:
            for seat in row.people:
                found[seat.person].add(row.task)
        return found

    def _could(self, task: p.Task, role_id: str, person_id: str) -> bool:
        """The quick half of the question: the person alone, and what they hold."""
        person, role = self.problem.person_of.get(person_id), task.role_of.get(role_id)
        team = self.row_of[task.id].people if task.id in self.row_of else ()
        if person is None or role is None or any(seat.person == person_id for seat in team):
            return False
        start = task.windows[0][0]
        if (person_id, month_at(self.clock.moment(start), self.clock)) in self.full:
            return False
        able = fits_role(person, role) and within(start, start_ranges(self.problem, task, person))
        return able and not self._duties.in_the_way(person, task, start)


def standing_of_weeks(session: Session, township_id: str, first: datetime, last: datetime) -> Standing:
    """What a township's people hold in the weeks from that of ``first`` to that of ``last`` (aware).

    Weeks are whole ones from Monday, since limits count by the week.
    """
    county = county_of(session, township_id)
    zone = ZoneInfo(county.timezone)
    begin = first.astimezone(zone).date()
    start = begin - timedelta(days=begin.weekday())
    days = 7 * ((last.astimezone(zone).date() - start).days // 7 + 1)
    clock = Clock(start=start, days=days, zone=zone)
    held = _held(session, clock)
    tasks = {task.id: task for task in (*_visits(session, clock, held), *_activities(session, clock))}
    places, matrix = places_of(session, county, township_id)
    people = people_of(session, clock, tasks.values())
    asked, people = with_ages(tasks.values(), people, minors_of(session, clock), clock)
    known = {person.id for person in people}
    problem = p.Problem(
        id=f"{township_id}-{start.isoformat()}",
        horizon=p.Horizon(start=start.isoformat(), days=days, timezone=county.timezone),
        places=places,
        travel_minutes=matrix,
        people=people,
        tasks=asked,
    )
    rows = _rows(held, clock, tasks, known)
    return Standing(clock=clock, problem=problem, rows=rows, full=full_months(session, clock))


def _held(session: Session, clock: Clock) -> Sequence[Duty]:
    begin, end = clock.moment(0), clock.moment(clock.days * p.DAY)
    query = select(Duty).where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= begin, Duty.ends_at <= end)
    return session.scalars(query.order_by(Duty.starts_at, Duty.id)).all()


def _rows(held: Iterable[Duty], clock: Clock, tasks: Iterable[str], people: set[str]) -> tuple[p.Assignment, ...]:
    known, teams, starts = set(tasks), defaultdict[str, list[p.Seat]](list), dict[str, int]()
    for duty in held:
        if duty.task_id in known and duty.person_id in people:
            teams[duty.task_id].append(p.Seat(person=duty.person_id, role=duty.role))
            starts[duty.task_id] = clock.minute(duty.starts_at)
    return tuple(
        p.Assignment(task=task, start=starts[task], people=tuple(sorted(team))) for task, team in teams.items()
    )


def _visits(session: Session, clock: Clock, held: Iterable[Duty]) -> list[p.Task]:
    """Visits that somebody holds, each at its promised time."""
    times = {duty.visit_id: (clock.minute(duty.starts_at), clock.minute(duty.ends_at)) for duty in held}
    directors = directors_of(session)
    query = select(Visit).where(Visit.id.in_([key for key in times if key]))
    visits = session.scalars(query.options(selectinload(Visit.child).selectinload(Child.familiar)))
    return [
        replace(
            visit_task(visit, clock, [], directors[visit.child.village_id]),
            minutes=times[visit.id][1] - times[visit.id][0],
            windows=(times[visit.id],),
        )
        for visit in visits
    ]


def _activities(session: Session, clock: Clock) -> list[p.Task]:
    return [activity_task(activity, clock) for activity in coming_activities(session, clock) if activity.roles]
