"""The roster that is over: who held the activities and made the visits of the past four weeks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from tenants.calendar import DayKind
from tenants.enums import ActivityState, RosterState, Society, VisitState
from tenants.models import ActivityRecord, Assignment, Attendance, Duty, Roster, Seat, Visit
from weibao.demo.activities import Held
from weibao.demo.people import Cast, Member
from weibao.demo.rows import Ground, seeded_id

DAYS = 28
_VISIT_START = {DayKind.SCHOOL: 990, DayKind.FREE: 570}  # 16:30 and 09:30


@dataclass(frozen=True, kw_only=True)
class _Past:
    """The roster being written; ``busy`` holds whoever has something on a day already: one task a day is enough."""

    ground: Ground
    cast: Cast
    roster: Roster
    busy: set[tuple[str, date]] = field(default_factory=set)
    attended: list[Attendance] = field(default_factory=list)
    records: list[ActivityRecord] = field(default_factory=list)

    def team(self, roles: Sequence[dict[str, Any]], day: date, begin: int, end: int) -> list[tuple[Member, str]] | None:
        """Somebody for each place that a role needs; None where one stays empty."""
        team: list[tuple[Member, str]] = []
        for role in roles:
            able = [m for m in self.cast.everybody if self._can(m, role, day, begin, end)]
            able = [m for m in able if m not in [member for member, _ in team]]
            if len(able) < role["min"]:
                return None
            team += [(member, role["id"]) for member in self.ground.rng.sample(able, role["min"])]
        return team

    def _can(self, member: Member, role: dict[str, Any], day: date, begin: int, end: int) -> bool:
        fits = member.person.kind.value in role["kinds"] and set(role["skills"]) <= member.skills
        free = (member.person.id, day) not in self.busy and member.is_free(day.weekday(), begin - 30, end + 30)
        return fits and member.cleared and free

    def keep(self, team: Sequence[tuple[Member, str]], starts_at: datetime, minutes: int, task: dict[str, str]) -> None:
        """Write the assignment, its seats and the duties."""
        add, told = self.ground.add, self.ground.at(self.ground.day(-DAYS - 3), 600)
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
        assignment = add(Assignment, roster_id=self.roster.id, **times, **task)
        for member, role in team:
            person_id = member.person.id
            self.busy.add((person_id, starts_at.date()))
            add(Seat, assignment_id=assignment.id, person_id=person_id, role=role)
            duty = add(
                Duty, person_id=person_id, role=role, version=1, created_at=told, changed_at=told, **times, **task
            )
            self._attend(duty, minutes)

    def _attend(self, duty: Duty, minutes: int) -> None:
        """They checked in and out; what is a week old has been approved. Drawn apart, so that nothing else differs."""
        chance = Random(duty.id)  # noqa: S311 -- invented people need no secrecy
        late, over = chance.choice((-8, -4, -1, 0, 2, 14)), chance.choice((0, 3, 5, 12))
        left = duty.ends_at + timedelta(minutes=over)
        row = Attendance(
            township_id=duty.township_id,
            id=seeded_id(chance),
            duty_id=duty.id,
            arrived_at=duty.starts_at + timedelta(minutes=late),
            left_at=left,
            at_door=bool(duty.activity_id) and chance.random() < 0.7,
            minutes=minutes + over - max(0, late),
            created_at=left,
            approved_at=self.ground.at(self.ground.day(-6), 600) if left.date() < self.ground.day(-7) else None,
        )
        self.attended.append(row)


def add_history(ground: Ground, cast: Cast, activities: Sequence[Held]) -> None:
    """Publish version 1 of the township's rosters, all of it in the past."""
    told = ground.at(ground.day(-DAYS - 3), 600)
    roster = ground.add(
        Roster,
        starts_on=ground.day(-DAYS),
        days=DAYS,
        state=RosterState.PUBLISHED,
        version=1,
        created_at=told,
        published_at=told,
    )
    past = _Past(ground=ground, cast=cast, roster=roster)
    for held in activities:
        if held.activity.state is ActivityState.HELD:
            _add_held(past, held)
            record = _record(held)
            past.records.extend([record] if record else [])
    for visit in _visits_done(ground):
        _add_visit(past, visit)
    ground.session.flush()
    ground.session.add_all([*past.attended, *past.records])


def _add_held(past: _Past, held: Held) -> None:
    activity = held.activity
    day, begin = activity.starts_at.date(), activity.starts_at.hour * 60 + activity.starts_at.minute
    team = past.team(held.roles, day, begin, begin + held.template.minutes)
    if team:
        past.keep(team, activity.starts_at, held.template.minutes, {"activity_id": activity.id})


def _record(held: Held) -> ActivityRecord | None:
    """Who came; one in eight has not been recorded yet. Drawn apart, so that nothing else differs."""
    activity, chance = held.activity, Random(held.activity.id)  # noqa: S311 -- invented people need no secrecy
    if chance.random() < 1 / 8:
        return None
    children = round(activity.children_expected * chance.uniform(0.6, 1.1))
    helping = [society for society in Society if chance.random() < 0.4]
    return ActivityRecord(
        township_id=activity.township_id,
        id=seeded_id(chance),
        activity_id=activity.id,
        children=children,
        guardians=round(children * chance.uniform(0.1, 0.5)),
        others=chance.randrange(4),
        societies=[society.value for society in helping or [Society.VOLUNTEER]],
        recorded_at=activity.ends_at + timedelta(minutes=chance.randrange(10, 300)),
    )


def _visits_done(ground: Ground) -> list[Visit]:
    query = select(Visit).where(
        Visit.township_id == ground.township.id,
        Visit.state == VisitState.DONE,
        Visit.done_on >= ground.day(-DAYS),
    )
    return list(ground.session.scalars(query.order_by(Visit.done_on, Visit.id)))


def _add_visit(past: _Past, visit: Visit) -> None:
    day = visit.done_on or past.ground.today
    begin = _VISIT_START[past.ground.calendar.kind(day)]
    team = past.team(visit.roles, day, begin, begin + visit.minutes)
    if team:
        past.keep(team, past.ground.at(day, begin), visit.minutes, {"visit_id": visit.id})
