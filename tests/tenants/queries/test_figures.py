"""Figures of a township's weeks, worked out by hand."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind, VisitState
from tenants.models import Attendance, Duty, Visit
from tenants.queries import figures
from tenants.queries.figures import Weeks
from tests.duties import add_visit, give
from tests.world import World

CHINA = ZoneInfo("Asia/Shanghai")
DIRECTOR, WORKER, VOLUNTEER = PersonKind.CHILD_DIRECTOR, PersonKind.SOCIAL_WORKER, PersonKind.VOLUNTEER
MONDAY = date(2026, 3, 2)
WEEKS = Weeks(first=MONDAY, number=2)


def on(offset: int) -> date:
    """A day by its distance from the first Monday."""
    return MONDAY + timedelta(days=offset)


def at(offset: int, hour: int = 9) -> datetime:
    return datetime.combine(on(offset), time(hour), tzinfo=CHINA)


def visit(session: Session, world: World, child: int, due: int, done: int | None = None, **changes: object) -> str:
    """A visit of the first township's child, due and done on days by their distance from the first Monday."""
    row = session.get_one(Visit, (world.first.township, add_visit(session, world.first, child)))
    row.due_on, row.done_on = on(due), None if done is None else on(done)
    row.state = VisitState.DUE if done is None else VisitState.DONE
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()
    return row.id


def test_weeks_are_whole_and_begin_on_a_monday() -> None:
    weeks = Weeks.over(date(2026, 3, 4), date(2026, 3, 9))
    assert (weeks.first, weeks.number, weeks.last, list(weeks)) == (MONDAY, 2, on(13), [on(0), on(7)])
    assert (weeks.as_of(on(5)), weeks.as_of(on(50))) == (on(5), on(13))


def test_a_village_counts_visits_done_still_due_and_overdue(session: Session, world: World) -> None:
    """Children 0 and 3 live in the first village, child 1 in the second, child 2 in the third; today is Wednesday."""
    visit(session, world, 0, due=-3, done=1)  # done in these weeks, though late
    visit(session, world, 3, due=-1)  # overdue
    visit(session, world, 3, due=4)  # still due
    visit(session, world, 1, due=-20, done=-15)  # done before these weeks
    visit(session, world, 1, due=1, state=VisitState.CANCELLED)
    visit(session, world, 2, due=2)  # due today: not late yet
    add_visit(session, world.second, 0, due_in=-3000)  # the neighbour's
    session.commit()
    rows = {row.village.id: (row.done, row.due, row.overdue) for row in in_township(session, world)}
    assert [rows[village] for village in world.first.villages] == [(1, 1, 1), (0, 0, 0), (0, 1, 0)]


def in_township(session: Session, world: World) -> list[figures.VillageVisits]:
    own = set(world.first.villages)
    return [row for row in figures.village_visits(session, WEEKS, on(2)) if row.village.id in own]


def test_overdue_visits_are_counted_at_each_weeks_end_and_today(station: Session, world: World) -> None:
    """The first Sunday is day 6, the second day 13; today is day 9, a Wednesday."""
    visit(station, world, 0, due=-5, done=8)  # late on day 6, not on day 9
    visit(station, world, 1, due=2)  # late on both
    visit(station, world, 2, due=3, done=3)  # never late
    visit(station, world, 3, due=6)  # due on the Sunday itself: late on day 9 alone
    visit(station, world, 3, due=1, state=VisitState.CANCELLED)
    three = Weeks(first=MONDAY, number=3)
    assert figures.overdue_by_week(station, three, on(9)) == [(on(6), 2), (on(9), 2)]
    assert figures.overdue_by_week(station, three, on(-1)) == []


def test_duties_of_the_weeks_are_held_by_whoever_came(station: Session, world: World) -> None:
    ids = [visit(station, world, child, due=child, done=child) for child in range(4)]
    give(station, world.first, DIRECTOR, visit=ids[0], starts_at=at(0))
    give(station, world.first, DIRECTOR, visit=ids[1], starts_at=at(13, 23))  # the last evening, by the county's clock
    give(station, world.first, DIRECTOR, visit=ids[2], starts_at=at(14, 0))  # after it
    give(station, world.first, WORKER, visit=ids[2], starts_at=at(2), state=DutyState.CANCELLED)
    missed = give(station, world.first, VOLUNTEER, activity=world.first.activity, starts_at=at(3))
    station.add(Attendance(township_id=world.first.township, duty_id=missed, no_show=True))
    station.flush()
    held = figures.held_duties(station, WEEKS, CHINA)
    director, villages = world.first.people[DIRECTOR], world.first.villages
    assert [(row.person_id, row.minutes, row.village_id) for row in held] == [
        (director, 60, villages[0]),
        (director, 60, villages[1]),
    ]


def test_a_household_is_known_to_the_named_the_director_and_who_came_before(station: Session, world: World) -> None:
    """Child 2 lives in the third village, where the director of the first is named as familiar."""
    first = visit(station, world, 2, due=0, done=0)
    second = visit(station, world, 2, due=3, done=3)
    third = visit(station, world, 2, due=6, done=6)
    visit(station, world, 2, due=9, done=9)  # nobody's duty: it is not known who came
    other = visit(station, world, 1, due=1, done=1)
    give(station, world.first, VOLUNTEER, visit=first, starts_at=at(0))  # a stranger
    give(station, world.first, VOLUNTEER, visit=second, starts_at=at(3))  # came before
    give(station, world.first, WORKER, visit=third, starts_at=at(6))  # a stranger ...
    give(station, world.first, DIRECTOR, visit=third, starts_at=at(6))  # ... with one who is named
    give(station, world.first, WORKER, visit=other, starts_at=at(1))
    rows = figures.households(station, WEEKS)
    assert [(row.case_code, row.visits, row.known, row.faces, row.untold) for row in rows] == [
        ("C-002", 3, 2, 3, 1),
        ("C-001", 1, 0, 1, 0),
    ]


def test_an_earlier_visit_counts_as_known_though_it_lies_before_the_weeks(station: Session, world: World) -> None:
    before = visit(station, world, 1, due=-7, done=-7)
    now = visit(station, world, 1, due=1, done=1)
    for one, day in ((before, -7), (now, 1)):
        give(station, world.first, VOLUNTEER, visit=one, starts_at=at(day))
    (row,) = figures.households(station, WEEKS)
    assert (row.visits, row.known, row.faces) == (1, 1, 1)


@pytest.mark.parametrize("many", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_rows(station: Session, world: World, many: int) -> None:
    for child in range(many):
        row = visit(station, world, child, due=child, done=child)
        give(station, world.first, DIRECTOR, visit=row, starts_at=at(child))
    asked: list[str] = []
    engine = station.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    figures.village_visits(station, WEEKS, on(2))
    figures.overdue_by_week(station, WEEKS, on(2))
    held = figures.held_duties(station, WEEKS, CHINA)
    figures.members(station, {row.person_id for row in held})
    figures.households(station, WEEKS)
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 9
    assert station.query(Duty).count() == many
