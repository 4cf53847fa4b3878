"""Volunteers under 18 as the scheduler sees them: never the adult of a team.

The problem's format knows no ages, so the age is told as a skill: the roles that ask for an adult (``adults_only``) ask
for it, and whoever is 18 on the first day on which the task can be done has it. A problem without anybody under 18 is
left as it is.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling import problem as p
from scheduling.audit import RuleId, Violation
from tenants.ages import is_minor
from tenants.models import Person
from tenants.roles import adults_only
from weibao.planning.clock import Clock

AGE = "age:18:"
"""Begins the skill that stands for 18 years of age; the day's index follows."""


def is_age(skill: str) -> bool:
    """Whether a skill of a problem stands for an age."""
    return skill.startswith(AGE)


def minors_of(session: Session, clock: Clock) -> dict[str, date]:
    """The days of birth of the active people who are under 18 when the period begins, by id."""
    query = select(Person.id, Person.birth_date).where(Person.active, Person.birth_date.is_not(None))
    return {who: born for who, born in session.execute(query) if born is not None and is_minor(born, clock.start)}


def with_ages(
    tasks: Iterable[p.Task], people: Iterable[p.Person], minors: dict[str, date], clock: Clock
) -> tuple[tuple[p.Task, ...], tuple[p.Person, ...]]:
    """The tasks and people of a problem with the ages that the tasks ask for."""
    if not minors:
        return tuple(tasks), tuple(people)
    asking = tuple(_asking(task) for task in tasks)
    days = {_first_day(task) for task in asking}
    return asking, tuple(_aged(person, minors.get(person.id), days, clock) for person in people)


def _first_day(task: p.Task) -> int:
    return min((opens for opens, _closes in task.windows), default=0) // p.DAY


def _asking(task: p.Task) -> p.Task:
    grown = adults_only([(role.id, role.min) for role in task.roles])
    skill = f"{AGE}{_first_day(task)}"
    roles = (replace(role, skills=role.skills | {skill}) if role.id in grown else role for role in task.roles)
    return replace(task, roles=tuple(roles))


def _aged(person: p.Person, born: date | None, days: set[int], clock: Clock) -> p.Person:
    grown = {f"{AGE}{day}" for day in days if not is_minor(born, clock.start + timedelta(days=day))}
    return replace(person, skills=person.skills | grown)


def lacks_age(violation: Violation, problem: p.Problem) -> bool:
    """Whether somebody under 18 would fill an adult's place."""
    if violation.rule is not RuleId.SKILL:
        return False
    person, task = problem.person_of.get(violation.person or ""), problem.task_of.get(violation.task or "")
    role = task.role_of.get(violation.role or "") if task else None
    return person is not None and role is not None and any(is_age(skill) for skill in role.skills - person.skills)
