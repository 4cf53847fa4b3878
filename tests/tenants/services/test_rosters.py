"""Drafts: their period, what they keep when planned again, changes by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import AuditEntry, Roster, SolveRun
from tenants.scope import Scope
from tenants.services import rosters, runs
from tenants.services.rosters import OpenTask, PlannedSeat, PlannedTask, Standing
from tests.drafts import DIRECTOR, VOLUNTEER, WORKER, activity_task, at, begin, due_visit, keep, today, visit_task
from tests.duties import give
from tests.world import World
from weibao.db import session_for

SAME = Standing(unserved=(), medium=3, soft=7)


def test_a_draft_cannot_begin_in_the_past(station: Session, world: World) -> None:
    with pytest.raises(InvalidError) as caught:
        begin(station, world, starts_in=-1)
    assert caught.value.field == "starts_on"


@pytest.mark.parametrize("days", [0, 32])
def test_a_draft_is_one_to_thirty_one_days_long(station: Session, world: World, days: int) -> None:
    with pytest.raises(InvalidError) as caught:
        begin(station, world, days=days)
    assert caught.value.field == "days"


def test_two_drafts_share_no_day_but_may_touch(station: Session, world: World) -> None:
    begin(station, world, starts_in=3, days=3)
    with pytest.raises(ConflictError):
        begin(station, world, starts_in=1, days=3)
    assert begin(station, world, starts_in=1, days=2).days == 2


def test_another_townships_draft_is_not_found(station: Session, world: World) -> None:
    roster = begin(station, world)
    station.commit()
    scope = Scope.of_township(world.county, world.second.township, reason="test")
    with session_for(scope) as neighbour, pytest.raises(NotFoundError):
        rosters.draft(neighbour, roster.id)


def test_a_draft_is_not_given_to_whoever_saw_an_older_revision(station: Session, world: World) -> None:
    roster = begin(station, world)
    seen = roster.revision
    keep(station, world, roster)
    with pytest.raises(ConflictError) as caught:
        rosters.draft(station, roster.id, revision=seen)
    assert caught.value.field == "revision"
    assert rosters.draft(station, roster.id, revision=seen + 1) is roster


def test_planning_again_keeps_the_pins_of_what_stays(station: Session, world: World) -> None:
    roster, day = begin(station, world), today() + timedelta(days=2)
    kept, moved = due_visit(station, world, 0), due_visit(station, world, 1)
    keep(station, world, roster, *(visit_task(world, visit, at(day, 17)) for visit in (kept, moved)))
    rosters.pin_time(station, world.head, roster, kept, pinned=True)
    rosters.pin_seat(station, world.head, roster, kept, world.first.people[DIRECTOR], pinned=True)
    tasks = visit_task(world, kept, at(day, 17)), visit_task(world, moved, at(day, 18), WORKER)
    keep(station, world, roster, *tasks)
    rows = {row.task_id: row for row in roster.assignments}
    assert (rows[kept].time_pinned, [seat.pinned for seat in rows[kept].seats]) == (True, [True])
    assert (rows[moved].time_pinned, [seat.pinned for seat in rows[moved].seats]) == (False, [False])


def test_planning_again_keeps_what_is_held_and_has_begun(station: Session, world: World) -> None:
    """A visit that people hold and that begins within the hour is no task any more; its row stays, others go."""
    roster, soon = begin(station, world), at(today(), 0) + timedelta(days=1)
    held, idle = due_visit(station, world, 0), due_visit(station, world, 1)
    keep(station, world, roster, visit_task(world, held, soon), visit_task(world, idle, soon))
    for row in roster.assignments:
        row.starts_at -= timedelta(days=1)
    give(station, world.first, DIRECTOR, visit=held, starts_at=soon - timedelta(days=1))
    keep(station, world, roster)
    assert [row.task_id for row in roster.assignments] == [held]


def put_in(world: World, session: Session, roster: Roster, task: PlannedTask) -> None:
    rosters.change_task(
        session, world.head, roster, task.task_id, task, SAME, action="roster.put_in", details={"people": []}
    )  # fmt: skip


def test_a_task_put_in_by_hand_is_pinned_and_marked(station: Session, world: World) -> None:
    roster, visit = begin(station, world), due_visit(station, world)
    put_in(world, station, roster, visit_task(world, visit, at(today() + timedelta(days=2), 17)))
    (row,) = roster.assignments
    assert (row.by_hand, row.time_pinned, row.seats[0].pinned) == (True, True, True)
    assert (roster.score_medium, roster.score_soft, roster.bound_medium) == (3, 7, None)


def test_whoever_joins_by_hand_is_pinned_and_the_others_stay_as_they_were(station: Session, world: World) -> None:
    roster = begin(station, world)
    task = activity_task(station, world)
    keep(station, world, roster, task)
    wanted = PlannedTask(
        visit_id=None, activity_id=task.activity_id, starts_at=task.starts_at, ends_at=task.ends_at,
        seats=(task.seats[0], PlannedSeat(person_id=world.first.people[WORKER], role="helper")),
    )  # fmt: skip
    rosters.change_task(
        station, world.head, roster, task.task_id, wanted, SAME, action="roster.replace", details={}
    )  # fmt: skip
    (row,) = roster.assignments
    people = world.first.people
    assert {(seat.person_id, seat.pinned) for seat in row.seats} == {(people[DIRECTOR], False), (people[WORKER], True)}
    assert (row.by_hand, row.time_pinned) == (True, False)


def test_somebody_can_change_role_on_the_same_team(station: Session, world: World) -> None:
    roster = begin(station, world)
    task = activity_task(station, world)
    keep(station, world, roster, task)
    people = world.first.people
    seats = (
        PlannedSeat(person_id=people[VOLUNTEER], role="lead"), PlannedSeat(person_id=people[DIRECTOR], role="helper"),
    )  # fmt: skip
    wanted = PlannedTask(
        visit_id=None, activity_id=task.activity_id, starts_at=task.starts_at, ends_at=task.ends_at, seats=seats
    )
    rosters.change_task(station, world.head, roster, task.task_id, wanted, SAME, action="roster.swap", details={})
    station.expire_all()
    assert {(seat.person_id, seat.role) for seat in roster.assignments[0].seats} == {
        (people[VOLUNTEER], "lead"), (people[DIRECTOR], "helper"),
    }  # fmt: skip


def test_a_task_taken_out_stands_among_the_open_ones(station: Session, world: World) -> None:
    roster, visit = begin(station, world), due_visit(station, world)
    keep(station, world, roster, visit_task(world, visit, at(today() + timedelta(days=2), 17)))
    left = Standing(unserved=(OpenTask(visit_id=visit, activity_id=None, reasons=[]),), medium=10, soft=0)
    rosters.change_task(station, world.head, roster, visit, None, left, action="roster.unassign", details={})
    station.expire_all()
    assert (roster.assignments, [u.visit_id for u in roster.unserved]) == ([], [visit])


def test_pins_are_set_on_some_tasks_or_all(station: Session, world: World) -> None:
    roster, day = begin(station, world), today() + timedelta(days=2)
    one, two = due_visit(station, world, 0), due_visit(station, world, 1)
    keep(station, world, roster, visit_task(world, one, at(day, 17)), visit_task(world, two, at(day, 18)))

    def pinned() -> set[str]:
        return {row.task_id for row in roster.assignments if row.time_pinned and row.seats[0].pinned}

    rosters.pin_everything(station, world.head, roster, pinned=True)
    assert pinned() == {one, two}
    rosters.pin_everything(station, world.head, roster, pinned=False, task_ids=[one])
    assert pinned() == {two}


def test_a_pin_needs_a_task_and_a_person_that_are_there(station: Session, world: World) -> None:
    roster, visit = begin(station, world), due_visit(station, world)
    keep(station, world, roster, visit_task(world, visit, at(today() + timedelta(days=2), 17)))
    with pytest.raises(NotFoundError):
        rosters.pin_time(station, world.head, roster, "nothing", pinned=True)
    with pytest.raises(NotFoundError):
        rosters.pin_seat(station, world.head, roster, visit, world.first.people[VOLUNTEER], pinned=True)


def test_nothing_is_changed_while_the_draft_is_being_planned(station: Session, world: World) -> None:
    roster, visit = begin(station, world), due_visit(station, world)
    task = visit_task(world, visit, at(today() + timedelta(days=2), 17))
    keep(station, world, roster, task)
    runs.ask(station, world.head, roster, seconds=10, seed=1, weights={})
    with pytest.raises(ConflictError):
        put_in(world, station, roster, task)
    with pytest.raises(ConflictError):
        rosters.pin_everything(station, world.head, roster, pinned=True)
    with pytest.raises(ConflictError):
        rosters.throw_away(station, world.head, roster)


def test_a_draft_is_thrown_away_with_its_runs_and_edits(station: Session, world: World) -> None:
    roster = begin(station, world)
    keep(station, world, roster)
    run = runs.ask(station, world.head, roster, seconds=10, seed=1, weights={})
    runs.finish(run)
    rosters.throw_away(station, world.head, roster)
    assert station.scalars(select(Roster)).all() == []
    assert station.scalars(select(SolveRun)).all() == []
    assert station.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()[-1] == "roster.throw_away"
