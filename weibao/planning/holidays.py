"""Propose dates for a holiday's activities, and say who is there for them: able, free and vetted, against the need.

Each activity is looked at with everybody who could take part alone (``scheduling.eligibility``); activities at the same
time are then held against the same people. The scheduler has the last word: it knows limits, journeys and wishes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from scheduling import problem as p
from scheduling.eligibility import fits_role, start_ranges
from tenants.calendar import NO_SCHOOL, Span, SpanKind
from tenants.enums import ActivityState
from tenants.models import Activity, ActivityTemplate, Home
from tenants.queries.activities import between
from weibao.planning.clock import Clock, clock_for, county_of
from weibao.planning.people import people_of
from weibao.planning.roads import places_of
from weibao.planning.tasks import as_role, roles_in

Taken = tuple[str, date, int, int, tuple[p.Role, ...]]
"""Home, day, first and last minute of the day, and roles of an activity that is there already."""
MARGIN = 30
"""Minutes that people are held busy before and after an activity, for the way and for tidying up."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """An activity by a template at a home, on a day from a time on."""

    template_id: str
    home_id: str
    day: date
    start: time

    @property
    def minute(self) -> int:
        """The start, in minutes of the day."""
        return self.start.hour * 60 + self.start.minute


@dataclass(frozen=True, kw_only=True)
class RoleBalance:
    """People who could fill a role at an activity, and how many it and those at the same time need.

    ``unvetted`` counts those who could but for a valid criminal-record check.
    """

    role: str
    needed: int
    able: int
    unvetted: int

    @property
    def is_short(self) -> bool:
        """Whether fewer could than are needed."""
        return self.able < self.needed


@dataclass(frozen=True, kw_only=True)
class SlotBalance:
    """One proposed activity and its roles; ``clash``: the home has something else at the time."""

    slot: Slot
    roles: tuple[RoleBalance, ...]
    clash: bool

    @property
    def short(self) -> tuple[str, ...]:
        """The roles that too few could fill."""
        return tuple(role.role for role in self.roles if role.is_short)


@dataclass(kw_only=True)
class HolidayDesk:
    """What a holiday is planned with: the township's people, places, templates and homes, in the holiday's days."""

    clock: Clock
    problem: p.Problem
    templates: Mapping[str, ActivityTemplate]
    homes: Mapping[str, Home]
    taken: Sequence[Taken]

    def __post_init__(self) -> None:
        """People of each day, and answers already worked out."""
        self._people: dict[int, list[p.Person]] = {}
        self._able: dict[tuple[object, ...], frozenset[str]] = {}

    def on(self, day: int) -> list[p.Person]:
        """Everybody who is free at some time of a day, with that day's availability alone."""
        if day not in self._people:
            spans = {person.id: _of_day(person, day) for person in self.problem.people}
            self._people[day] = [replace(x, availability=spans[x.id]) for x in self.problem.people if spans[x.id]]
        return self._people[day]

    def able(self, slot: Slot, role: p.Role, *, vetted: bool = True) -> frozenset[str]:
        """Who could fill a role at an activity; with ``vetted`` False also those without a valid check."""
        template, day = self.templates[slot.template_id], self.clock.day(slot.day)
        village = self.homes[slot.home_id].village_id
        key = (template.id, village, day, slot.minute, role, vetted)
        if key not in self._able:
            task = _task(template, village, day, slot.minute, checked=vetted)
            found = (x for x in self.on(day) if fits_role(x, role) and start_ranges(self.problem, task, x))
            self._able[key] = frozenset(person.id for person in found)
        return self._able[key]

    def roles(self, template_id: str) -> tuple[p.Role, ...]:
        """A template's roles."""
        return tuple(as_role(role) for role in self.templates[template_id].roles)

    def balance(self, slots: Sequence[Slot]) -> list[SlotBalance]:
        """Each activity held against those at the same time, and against what the homes have already."""
        return [self.beside(slot, [other for other in slots if other is not slot]) for slot in slots]

    def beside(self, slot: Slot, others: Sequence[Slot]) -> SlotBalance:
        """One activity held against others."""
        beside = [other for other in others if self._overlap(slot, other)]
        roles = tuple(
            RoleBalance(
                role=role.id,
                needed=role.min + self._competing(role, slot, beside),
                able=len(self.able(slot, role)),
                unvetted=len(self.able(slot, role, vetted=False)) - len(self.able(slot, role)),
            )
            for role in self.roles(slot.template_id)
        )
        return SlotBalance(slot=slot, roles=roles, clash=self._clashes(slot, beside))

    def _competing(self, role: p.Role, slot: Slot, beside: Sequence[Slot]) -> int:
        """How many of the same kind of people others need at the time."""
        mine = self._minutes(slot)
        asked = [other for one in beside for other in self.roles(one.template_id)]
        asked += [
            other
            for _home, day, begin, end, roles in self.taken
            if day == slot.day and begin < mine[1] and mine[0] < end
            for other in roles
        ]
        return sum(other.min for other in asked if other.kinds & role.kinds and other.skills == role.skills)

    def _clashes(self, slot: Slot, beside: Sequence[Slot]) -> bool:
        begin, end = self._minutes(slot, margin=0)
        held = any(
            home == slot.home_id and day == slot.day and opens < end and begin < closes
            for home, day, opens, closes, _roles in self.taken
        )
        return held or any(other.home_id == slot.home_id for other in beside)

    def _minutes(self, slot: Slot, *, margin: int = MARGIN) -> tuple[int, int]:
        return slot.minute - margin, slot.minute + self.templates[slot.template_id].minutes + margin

    def _overlap(self, slot: Slot, other: Slot) -> bool:
        (begin, end), (opens, closes) = self._minutes(slot), self._minutes(other, margin=0)
        return slot.day == other.day and opens < end and begin < closes


def holiday_desk(
    session: Session, township_id: str, span: Span, templates: Sequence[ActivityTemplate], homes: Sequence[Home]
) -> HolidayDesk:
    """What a holiday is planned with; ``span`` may be longer than a draft can be."""
    county = county_of(session, township_id)
    clock = clock_for(session, county, span.first, span.days)
    places, matrix = places_of(session, county, township_id)
    horizon = p.Horizon(start=span.first.isoformat(), days=span.days, timezone=county.timezone)
    problem = p.Problem(
        id="holiday",
        horizon=horizon,
        places=places,
        travel_minutes=matrix,
        people=people_of(session, clock, ()),
        tasks=(),
    )
    return HolidayDesk(
        clock=clock,
        problem=problem,
        templates={row.id: row for row in templates},
        homes={row.id: row for row in homes},
        taken=_taken(session, clock),
    )


def _taken(session: Session, clock: Clock) -> list[Taken]:
    rows = between(session, clock.moment(0), clock.moment(clock.days * p.DAY))
    return [_one_taken(row, clock) for row in rows if row.state is ActivityState.PLANNED]


def _one_taken(row: Activity, clock: Clock) -> Taken:
    begin, end = clock.minute(row.starts_at), clock.minute(row.ends_at)
    day = clock.start + timedelta(days=begin // p.DAY)
    return row.home_id, day, begin % p.DAY, begin % p.DAY + end - begin, roles_in(row)


def _of_day(person: p.Person, day: int) -> tuple[tuple[int, int], ...]:
    return tuple(span for span in person.availability if span[0] // p.DAY == day)


def _task(template: ActivityTemplate, village: str, day: int, minute: int, *, checked: bool) -> p.Task:
    begin = day * p.DAY + minute
    return p.Task(
        id=template.id,
        name=template.id,
        kind=p.TaskKind.ACTIVITY,
        service=p.Service(template.service.value),
        place=village,
        minutes=template.minutes,
        windows=((begin, begin + template.minutes),),
        priority=p.Priority(template.priority.value),
        with_children=template.with_children and checked,
        roles=tuple(as_role(role) for role in template.roles),
    )


def open_days(
    desk: HolidayDesk, span: Span, *, earliest: date, weekdays: frozenset[int], festivals: bool
) -> list[date]:
    """Days of a holiday on which activities are proposed.

    Parameters
    ----------
    earliest : no day before it.
    weekdays : 0 is Monday.
    festivals : also on statutory holidays; those of a short holiday always count.

    """
    calendar = desk.clock.calendar
    days = [day for day in span if day >= earliest and day.weekday() in weekdays and calendar.is_free(day)]
    if festivals or span.kind not in NO_SCHOOL:
        return days
    return [day for day in days if not any(one.kind is SpanKind.HOLIDAY for one in calendar.spans_on(day))]


def propose(
    desk: HolidayDesk, days: Sequence[date], templates: Sequence[str], numbers: Mapping[str, int]
) -> list[Slot]:
    """Dates for a number of activities at each home, spread over the days, where people are there for them.

    The templates take turns, so that each home has different ones and the township all of them. A home has one
    activity a day at most; where no day is left for it, fewer are proposed.

    Parameters
    ----------
    days : on which activities may be.
    templates : ids, in the order of their turns.
    numbers : how many activities by home id.

    """
    slots: list[Slot] = []
    turns = [
        (home, number, turn)
        for turn in range(max(numbers.values(), default=0))
        for home, number in numbers.items()
        if turn < number
    ]
    place = {home: index for index, home in enumerate(numbers)}
    for home, number, turn in turns:
        template = templates[(place[home] + turn) % len(templates)]
        ideal = (turn + (place[home] % 5 + 0.5) / 5) / number * len(days)
        best = _best(desk, slots, days, template, home, ideal)
        if best is not None:
            slots.append(best)
    return sorted(slots, key=lambda slot: (slot.day, slot.start, place[slot.home_id]))


def _best(
    desk: HolidayDesk, slots: Sequence[Slot], days: Sequence[date], template: str, home: str, ideal: float
) -> Slot | None:
    """The day with the fewest people missing, then the nearest to where it would stand if all were spread evenly."""
    busy = {slot.day for slot in slots if slot.home_id == home}
    on_day: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        on_day[slot.day].append(slot)
    found: list[tuple[int, float, int, Slot]] = []
    for index, day in enumerate(days):
        if day in busy:
            continue
        slot = Slot(template_id=template, home_id=home, day=day, start=desk.templates[template].start)
        balance = desk.beside(slot, on_day[day])
        missing = sum(max(0, role.needed - role.able) for role in balance.roles) + 100 * balance.clash
        found.append((missing, abs(index + 0.5 - ideal) + len(on_day[day]), index, slot))
    return min(found, key=lambda one: one[:3])[3] if found else None
