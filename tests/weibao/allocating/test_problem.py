"""Live rows become the problem that the county means, as of the day of the moves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, ChildCategory, ExceptionKind, PersonKind, RiskLevel
from tenants.errors import InvalidError
from tenants.models import (
    AvailabilityException,
    Person,
    StaffMember,
    StaffPosting,
)
from tenants.queries.due import county_today
from tenants.scope import Scope
from tenants.services import barring
from tenants.services.allocations import Wishes
from tests.staff import add_child, contract, newcomer, register, waiting, weights
from tests.world import Place, World
from weibao import allocating
from weibao.allocating import Outlook, Side
from weibao.db import session_for


@pytest.fixture
def desk(session: Session, world: World) -> Session:
    """Everything, with both townships' workers in the register."""
    for place in (world.first, world.second):
        register(session, world.county, place)
    return session


def read(session: Session, world: World, *, days: int = 1, wishes: Wishes | None = None):
    """What a county officer's session reads."""
    session.commit()
    townships = frozenset({world.first.township, world.second.township})
    scope = Scope.of_county(world.county, townships, reason="test")
    with session_for(scope, reading=True) as own:
        day = county_today(own, world.county) + timedelta(days=days)
        return allocating.read(own, world.county, day=day, wishes=wishes or Wishes(), name="p")


def worker_of(session: Session, place: Place) -> StaffMember:
    return session.query(StaffMember).filter_by(township_id=place.township).one()


def test_children_count_by_category_and_risk_with_the_decided_weights(desk: Session, world: World) -> None:
    """Four files each: orphans at high and low, left-behind ones at medium and high risk: 6 + 1 + 3 + 6."""
    problem = allocating.of_json(read(desk, world).problem)
    assert [dict(t.children) for t in problem.townships] == 2 * [
        {"left_behind/high": 1, "left_behind/medium": 1, "scattered_orphan/high": 1, "scattered_orphan/low": 1}
    ] or problem.demand
    assert problem.demand == (16, 16)


def test_child_in_several_categories_counts_once_and_only_from_its_day(desk: Session, world: World) -> None:
    add_child(desk, world.first, ChildCategory.DISABLED, ChildCategory.LEFT_BEHIND, risk=RiskLevel.HIGH)
    assert allocating.of_json(read(desk, world, days=19).problem).demand == (16, 16)
    problem = allocating.of_json(read(desk, world, days=20).problem)
    assert sorted(problem.demand) == [16, 22]


def test_child_who_is_not_assessed_weighs_as_the_table_says(desk: Session, world: World) -> None:
    add_child(desk, world.first, ChildCategory.DISABLED)
    assert sorted(allocating.of_json(read(desk, world, days=20).problem).demand) == [16, 19]


def test_no_case_code_pseudonym_or_name_goes_across(desk: Session, world: World) -> None:
    text = str(read(desk, world).problem)
    assert not any(word in text for word in ("PSEUDONYM", "C-00", "CANARY", "镇"))


def test_nobody_without_a_contract_or_on_long_leave_is_counted(desk: Session, world: World) -> None:
    ended, away = worker_of(desk, world.first), worker_of(desk, world.second)
    today = county_today(desk, world.county)
    ended.contracts[0].to_day = today
    leave = AvailabilityException(
        township_id=away.township_id, person_id=away.person_id, kind=ExceptionKind.AWAY, from_day=today,
        to_day=today + timedelta(days=27),
    )  # fmt: skip
    desk.add(leave)
    newcomer(desk, world.county, contract(desk, world.county))
    reading = read(desk, world)
    assert {(one["staff"], one["why"]) for one in reading.excluded} == {
        (ended.id, "no_contract"), (away.id, "on_leave"),
    }  # fmt: skip
    leave.to_day = today + timedelta(days=26)  # 27 days: no long leave
    assert [one["why"] for one in read(desk, world).excluded] == ["no_contract"]


def test_whoever_is_barred_is_proposed_nowhere_until_the_bar_is_lifted(desk: Session, world: World) -> None:
    barred = worker_of(desk, world.first)
    person = desk.get_one(Person, (barred.township_id, barred.person_id))
    held = barring.bar(desk, world.head, person, county_today(desk, world.county), "检函9号")
    reading = read(desk, world)
    assert reading.excluded == [{"staff": barred.id, "why": "barred"}]
    assert barred.id not in {worker.id for worker in allocating.of_json(reading.problem).staff}
    officer = Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)
    barring.lift(desk, officer, held, "核查后确认是同名的另一个人")
    assert read(desk, world).excluded == []


@pytest.mark.parametrize(
    ("spans", "long"),
    [
        ([(0, 13), (14, 27)], True),  # prolonged without a gap
        ([(0, 13), (15, 28)], False),  # a day between
        ([(-20, 5), (3, 10)], True),  # entered twice in part
        ([(-40, -2), (0, 13)], False),  # a long one that is over
        ([(-40, -1)], False),
        ([(2, 40)], False),  # read for tomorrow, before it begins
    ],
)
def test_leave_that_is_prolonged_is_one_leave(
    desk: Session, world: World, spans: list[tuple[int, int]], long: bool
) -> None:
    away, today = worker_of(desk, world.second), county_today(desk, world.county)
    for first, last in spans:
        desk.add(
            AvailabilityException(
                township_id=away.township_id, person_id=away.person_id, kind=ExceptionKind.AWAY,
                from_day=today + timedelta(days=first), to_day=today + timedelta(days=last),
            )
        )  # fmt: skip
    assert [one["why"] for one in read(desk, world).excluded] == (["on_leave"] if long else [])


def test_pins_and_bars_hold_in_the_problem(desk: Session, world: World) -> None:
    one, two = worker_of(desk, world.first), worker_of(desk, world.second)
    wishes = Wishes(pins={one.id: world.first.township, two.id: world.first.township})
    staff = {w.id: w for w in allocating.of_json(read(desk, world, wishes=wishes).problem).staff}
    assert staff[one.id].movable is False
    assert staff[two.id].barred == {world.second.township}
    wishes = Wishes(bars={one.id: frozenset({world.second.township})})
    staff = {w.id: w for w in allocating.of_json(read(desk, world, wishes=wishes).problem).staff}
    assert (staff[one.id].movable, staff[one.id].barred) == (True, {world.second.township})


def test_worker_who_is_posted_ahead_stands_there_from_that_day(desk: Session, world: World) -> None:
    one = worker_of(desk, world.first)
    today = county_today(desk, world.county)
    desk.add(
        StaffPosting(
            county_id=world.county, staff_id=one.id, allocation_id=waiting(desk, world.county),
            from_township_id=one.township_id, from_person_id=one.person_id, to_township_id=world.second.township,
            to_person_id=world.second.people[PersonKind.VOLUNTEER], from_day=today + timedelta(days=5), facts={},
        )
    )  # fmt: skip
    for days, place in ((4, world.first), (5, world.second)):
        staff = {w.id: w for w in allocating.of_json(read(desk, world, days=days).problem).staff}
        assert staff[one.id].current == place.township


def test_ways_begin_at_home(desk: Session, world: World) -> None:
    """A home on the seat of the townships is no way at all; without one a newcomer has no way either."""
    made = newcomer(desk, world.county, contract(desk, world.county), home_lat=35.6, home_lon=112.4)
    problem = allocating.of_json(read(desk, world).problem)
    row = next(i for i, worker in enumerate(problem.staff) if worker.id == made)
    assert problem.commute_minutes[row] == (35, 35)  # 11.1 km by 1.4 at 30 km/h: 31 minutes, in steps of five


def test_what_hinders_is_said_in_words(session: Session, world: World) -> None:
    with pytest.raises(InvalidError, match="No table of weights"):
        read(session, world)
    weights(session, world.county)
    with pytest.raises(InvalidError, match="Nobody of the register"):
        read(session, world)
    register(session, world.county, world.first)
    far = newcomer(session, world.county, contract(session, world.county), home_lat=36.5, home_lon=112.4)
    with pytest.raises(InvalidError, match="beyond the limit"):
        read(session, world, wishes=Wishes(max_commute=30, pins={far: world.first.township}))
    one = worker_of(session, world.first)
    with pytest.raises(InvalidError, match="limit of moves"):
        read(session, world, wishes=Wishes(max_moves=0, bars={one.id: frozenset({world.first.township})}))


def test_outlook_tells_loads_baselines_and_moves(desk: Session, world: World) -> None:
    """Both workers stand in one township, the other has none: one move evens 16 and 16."""
    two = worker_of(desk, world.second)
    two.township_id, two.person_id = world.first.township, world.first.people[PersonKind.VOLUNTEER]
    problem = allocating.of_json(read(desk, world).problem)
    outlook = Outlook(problem, {w.id: w.current for w in problem.staff} | {two.id: world.second.township})
    lines = {load.township: load for load in outlook.loads}
    first, second = lines[world.first.township], lines[world.second.township]
    assert (first.staff_now, first.remainder, first.webster, first.staff_then) == (2, 1, 1, 1)
    assert (second.staff_now, second.now, second.then) == (0, None, 16.0)
    (move,) = outlook.moves
    assert (move.staff_id, move.from_township_id, move.to_township_id) == (
        two.id, world.first.township, world.second.township,
    )  # fmt: skip
    assert move.facts["to"] == {"demand": 16, "staff": [0, 1]}
    assert (outlook.score_today.peak, outlook.score_today.moves) == (3200, 0)
    even, today = Side(peak=16.0, uneven=0.0, leavers=1), Side(peak=None, uneven=None, leavers=0)
    assert outlook.sides == {"staff_now": today, "remainder": even, "webster": even, "staff_then": even}


def test_what_an_allocation_comes_to_stands_beside_the_baselines(desk: Session, world: World) -> None:
    """Weights 48 and 16 for four workers: 3 and 1 are even; 2 and 2 are 24² * 2 + 8² * 2 = 1280 to 1024."""
    problem = allocating.of_json(read(desk, world).problem)
    first, second = problem.townships
    more = [replace(worker, id=f"{worker.id}-2") for worker in problem.staff]
    wider = replace(
        problem,
        townships=(replace(first, children={key: 3 * n for key, n in first.children.items()}), second),
        staff=(*problem.staff, *more),
        commute_minutes=problem.commute_minutes * 2,
    )
    outlook = Outlook(wider, {worker.id: worker.current for worker in wider.staff})
    assert outlook.sides["staff_now"] == Side(peak=24.0, uneven=0.25, leavers=0)
    assert outlook.sides["webster"] == Side(peak=16.0, uneven=0.0, leavers=1)
