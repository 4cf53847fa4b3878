"""Rows of people -> scheduling.Person: checks, free windows, recent load, wishes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from scheduling import problem as p
from tenants.enums import DutyAnswer, DutyState, PersonKind, VettingResult
from tenants.models import Activity, Duty, Person, Vetting, VettingRequest, Wish
from tenants.queries.people import free_on
from tenants.queries.wishes import lasting
from weibao.planning.clock import Clock
from weibao.planning.lent import week_limits
from weibao.planning.roads import SEAT

RECENT_DAYS = 90
Span = tuple[int, int]


def people_of(session: Session, clock: Clock, tasks: Collection[p.Task]) -> tuple[p.Person, ...]:
    """Everybody active; wishes are kept for ``tasks`` alone, since many are for later periods."""
    loads = (Person.skills, Person.vettings, Person.weekly, Person.exceptions, Person.lasting_wishes)
    rows = session.scalars(
        select(Person).where(Person.active).options(*(selectinload(part) for part in loads)).order_by(Person.id)
    ).all()
    recent, wishes, unchecked = _recent(session, clock), _wishes(session, clock, rows, tasks), newcomers(session)
    people = (
        p.Person(
            id=row.id,
            name=row.id,
            kind=p.PersonKind(row.kind.value),
            gender=row.gender.value if row.gender else None,
            base=row.base_village_id or SEAT,
            skills=frozenset(skill.skill for skill in row.skills),
            vetted_through=vetted_through(row, clock),
            availability=() if row.id in unchecked else availability(row, clock),
            max_minutes_per_day=row.max_minutes_per_day,
            max_minutes_per_week=row.max_minutes_per_week,
            max_tasks_per_day=row.max_tasks_per_day,
            recent_tasks=recent.get(row.id, 0),
            dedicated=row.dedicated,
            wants=frozenset(wishes[row.id, True]),
            avoids=frozenset(wishes[row.id, False]),
        )
        for row in rows
    )
    lent = week_limits(session, clock, rows)
    return tuple(lent[person.id].on(person) if person.id in lent else person for person in people)


def newcomers(session: Session) -> frozenset[str]:
    """Volunteers whose first check was asked for and is not in: they are given nothing, not even without children."""
    asked = select(VettingRequest.person_id).where(VettingRequest.answered_on.is_(None))
    checked = select(Vetting.person_id)
    wanted = Person.kind == PersonKind.VOLUNTEER, Person.id.in_(asked), Person.id.not_in(checked)
    return frozenset(session.scalars(select(Person.id).where(*wanted)))


def vetted_through(person: Person, clock: Clock) -> int | None:
    """Last day index of the person's valid check; None where there is none, or where one came back barred.

    A period that has begun counts a check that was made since: what lies behind is not planned any more.
    """
    if any(check.result == VettingResult.BARRED for check in person.vettings):
        return None
    known = max(clock.start, datetime.now(clock.zone).date())
    clear = (check for check in person.vettings if check.result == VettingResult.CLEAR)
    days = [clock.day(check.valid_through) for check in clear if check.checked_on <= known]
    last = max(days, default=-1)
    return None if last < 0 else min(last, clock.days - 1)


def availability(person: Person, clock: Clock) -> tuple[Span, ...]:
    """The person's free windows in the period: the week, plus extra, less away; disjoint and sorted."""
    spans: list[Span] = []
    for index in range(clock.days):
        free = free_on(person, clock.start + timedelta(days=index))
        spans += [(index * p.DAY + a, index * p.DAY + b) for a, b in free]
    return tuple(spans)


def _recent(session: Session, clock: Clock) -> dict[str, int]:
    until = clock.moment(0)
    rows = session.execute(
        select(Duty.person_id, func.count(Duty.id))
        .where(
            Duty.state == DutyState.CONFIRMED,
            Duty.starts_at < until,
            Duty.starts_at >= until - timedelta(days=RECENT_DAYS),
        )
        .group_by(Duty.person_id)
    )
    return dict(rows.all())


def _wishes(
    session: Session, clock: Clock, people: Iterable[Person], tasks: Collection[p.Task]
) -> dict[tuple[str, bool], list[str]]:
    """Tasks that people want (True) or avoid (False); each stands in one of the two at most.

    A word on one task goes before a lasting wish; what somebody has declined is avoided whatever they wished for, so
    that a plan asks others first.
    """
    words = _lasting_words(session, clock, people, tasks) | _words(session, {task.id for task in tasks})
    wishes: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for (person, task), wants in words.items():
        wishes[person, wants].append(task)
    return wishes


def _words(session: Session, tasks: Collection[str]) -> dict[tuple[str, str], bool]:
    """By person and task: what was said of that one activity, or that the duty was declined."""
    words = {(wish.person_id, wish.activity_id): wish.wants for wish in session.scalars(select(Wish))}
    for duty in session.scalars(select(Duty).where(Duty.answer == DutyAnswer.DECLINED)):
        words[duty.person_id, duty.task_id] = False
    return {(person, task): wants for (person, task), wants in words.items() if task in tasks}


def _lasting_words(
    session: Session, clock: Clock, people: Iterable[Person], tasks: Collection[p.Task]
) -> dict[tuple[str, str], bool]:
    """The same by lasting wishes, for the tasks that have a role for the person's post: no other can be theirs."""
    span = Activity.starts_at >= clock.moment(0), Activity.starts_at < clock.moment(clock.days * p.DAY)
    kinds = dict(session.execute(select(Activity.id, Activity.kind).where(*span)).all())
    words: dict[tuple[str, str], bool] = {}
    for person in (person for person in people if person.lasting_wishes):
        wishes, post = lasting(person.lasting_wishes), p.PersonKind(person.kind.value)
        for task in (task for task in tasks if any(post in role.kinds for role in task.roles)):
            word = wishes.word(kinds.get(task.id), task.place)
            if word is not None:
                words[person.id, task.id] = word
    return words
