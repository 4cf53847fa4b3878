"""People's free time, checks and recent load on their way to the scheduler."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from scheduling.problem import DAY
from tenants.enums import ActivityKind, DutyAnswer, DutyState, ExceptionKind, PersonKind, VettingResult
from tenants.models import AvailabilityException, Duty, LastingWish, Person, Vetting, WeeklyAvailability, Wish
from tenants.services import wishes
from tests.drafts import DIRECTOR, VOLUNTEER, begin, due_visit
from tests.duties import add_visit, give
from tests.world import World
from weibao.planning import Clock, build_problem
from weibao.planning.people import availability, vetted_through

MONDAY = date(2026, 12, 7)
WEEK = Clock(start=MONDAY, days=7, zone=ZoneInfo("Asia/Shanghai"))
CLEAR, BARRED = VettingResult.CLEAR, VettingResult.BARRED
Spans = list[tuple[int, int]]


def free(*spans: tuple[int, int, int], exceptions: list[AvailabilityException] | None = None) -> Spans:
    """The free windows of somebody with these weekly spans (weekday, from hour, to hour)."""
    person = Person(kind=PersonKind.VOLUNTEER, name="甲")
    person.weekly = [WeeklyAvailability(weekday=day, from_minute=60 * a, to_minute=60 * b) for day, a, b in spans]
    person.exceptions = exceptions or []
    return list(availability(person, WEEK))


def away(first: int, last: int, begin: int = 0, end: int = 24, *, extra: bool = False) -> AvailabilityException:
    return AvailabilityException(
        kind=ExceptionKind.EXTRA if extra else ExceptionKind.AWAY,
        from_day=MONDAY + timedelta(days=first),
        to_day=MONDAY + timedelta(days=last),
        from_minute=60 * begin,
        to_minute=60 * end,
    )


def hours(day: int, begin: int, end: int) -> tuple[int, int]:
    return DAY * day + 60 * begin, DAY * day + 60 * end


def wish(
    session: Session, world: World, post: PersonKind, *,
    kind: ActivityKind | None = None, village: int | None = None, wants: bool = True,
) -> None:  # fmt: skip
    """A lasting wish of somebody of the first township, for a kind or the village by number."""
    first = world.first
    at = None if village is None else first.villages[village]
    session.add(
        LastingWish(township_id=first.township, person_id=first.people[post], kind=kind, village_id=at, wants=wants)
    )
    session.flush()


def test_weekly_time_falls_on_its_weekdays() -> None:
    assert free((5, 9, 12), (1, 18, 20)) == [hours(1, 18, 20), hours(5, 9, 12)]


def test_being_away_takes_the_days_out() -> None:
    assert free((1, 9, 12), (5, 9, 12), exceptions=[away(1, 3)]) == [hours(5, 9, 12)]


def test_being_away_for_some_hours_leaves_the_time_on_both_sides() -> None:
    assert free((5, 8, 20), exceptions=[away(5, 5, 11, 13)]) == [hours(5, 8, 11), hours(5, 13, 20)]


def test_extra_time_joins_what_it_touches() -> None:
    assert free((5, 9, 12), exceptions=[away(5, 5, 12, 15, extra=True)]) == [hours(5, 9, 15)]


def test_being_away_wins_over_extra_time() -> None:
    assert free(exceptions=[away(2, 2, 9, 12, extra=True), away(2, 2, 10, 24)]) == [hours(2, 9, 10)]


@pytest.mark.parametrize(
    ("checks", "last"),
    [
        ([], None),
        ([(-30, 335, CLEAR)], 6),
        ([(-300, 3, CLEAR)], 3),
        ([(-300, 0, CLEAR)], 0),
        ([(-300, -1, CLEAR)], None),
        ([(-300, 2, CLEAR), (-2, 300, CLEAR)], 6),
        ([(2, 300, CLEAR)], None),
        ([(-300, 300, CLEAR), (-2, 300, BARRED)], None),
    ],
)
def test_a_check_counts_through_its_last_day(checks: list[tuple[int, int, VettingResult]], last: int | None) -> None:
    person = Person(kind=PersonKind.VOLUNTEER, name="甲")
    person.vettings = [
        Vetting(checked_on=MONDAY + timedelta(days=a), valid_through=MONDAY + timedelta(days=b), result=result)
        for a, b, result in checks
    ]
    assert vetted_through(person, WEEK) == last


def test_recent_load_counts_ninety_days_of_held_duties(station: Session, world: World) -> None:
    """Three duties: one 10 days ago counts; one 100 days ago and a cancelled one do not."""
    roster, now = begin(station, world), datetime.now(UTC)
    for child, (days, state) in enumerate(
        [(10, DutyState.CONFIRMED), (100, DutyState.CONFIRMED), (10, DutyState.CANCELLED)]
    ):
        visit = add_visit(station, world.first, child, done_ago=days, due_in=-200)
        give(station, world.first, VOLUNTEER, visit=visit, starts_at=now - timedelta(days=days), state=state)
    assert build_problem(station, roster).person_of[world.first.people[VOLUNTEER]].recent_tasks == 1


def test_wishes_go_to_the_scheduler_by_the_activitys_id(station: Session, world: World) -> None:
    first = world.first
    station.add(
        Wish(township_id=first.township, person_id=first.people[VOLUNTEER], activity_id=first.activity, wants=True)
    )
    station.flush()
    person = build_problem(station, begin(station, world)).person_of[first.people[VOLUNTEER]]
    assert (person.wants, person.avoids) == ({first.activity}, frozenset())


def test_lasting_wishes_become_the_tasks_of_the_period(station: Session, world: World) -> None:
    """Two volunteers' roles are at the activity in village 0 alone; child 1 is visited in village 1 by directors."""
    first = world.first
    roster = begin(station, world)
    visit = due_visit(station, world, 1)
    wish(station, world, VOLUNTEER, kind=ActivityKind.ARTS)
    wish(station, world, VOLUNTEER, village=1)
    wish(station, world, DIRECTOR, village=1, wants=False)
    wish(station, world, DIRECTOR, kind=ActivityKind.SPORTS, wants=False)
    problem = build_problem(station, roster)
    volunteer, director = (problem.person_of[first.people[kind]] for kind in (VOLUNTEER, DIRECTOR))
    assert (volunteer.wants, volunteer.avoids) == ({first.activity}, frozenset())  # no visit has a role for them
    assert (director.wants, director.avoids) == (frozenset(), {visit})


@pytest.mark.parametrize("wants", [True, False])
def test_word_on_one_activity_goes_before_a_lasting_wish(station: Session, world: World, wants: bool) -> None:
    first = world.first
    said = Wish(township_id=first.township, person_id=first.people[VOLUNTEER], activity_id=first.activity, wants=wants)
    station.add(said)
    wish(station, world, VOLUNTEER, kind=ActivityKind.ARTS, wants=not wants)
    person = build_problem(station, begin(station, world)).person_of[first.people[VOLUNTEER]]
    assert (person.wants, person.avoids) == (({first.activity}, set()) if wants else (set(), {first.activity}))


def test_declined_duty_is_avoided_whatever_was_wished_for(station: Session, world: World) -> None:
    first = world.first
    wish(station, world, VOLUNTEER, kind=ActivityKind.ARTS)
    held = give(station, first, VOLUNTEER, activity=first.activity, role="helper", state=DutyState.CANCELLED)
    station.get_one(Duty, (first.township, held)).answer = DutyAnswer.DECLINED
    station.flush()
    person = build_problem(station, begin(station, world)).person_of[first.people[VOLUNTEER]]
    assert (person.wants, person.avoids) == (frozenset(), {first.activity})


def test_skill_in_ones_own_word_qualifies_for_nothing(station: Session, world: World) -> None:
    first = world.first
    row = station.get_one(Person, (first.township, first.people[VOLUNTEER]))
    wishes.state_skills(station, world.head, row, {"arts"})
    roster = begin(station, world)
    assert build_problem(station, roster).person_of[row.id].skills == frozenset()
    wishes.take_skill(station, world.head, row, "arts")
    assert build_problem(station, roster).person_of[row.id].skills == {"arts"}


def test_whoever_no_longer_takes_part_is_left_out(station: Session, world: World) -> None:
    first = world.first
    station.get_one(Person, (first.township, first.people[VOLUNTEER])).active = False
    problem = build_problem(station, begin(station, world))
    assert {person.kind.value for person in problem.people} == {"social_worker", "child_director", "station_staff"}
