"""Edits: told to whoever comes late, and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.errors import ConflictError
from tenants.models import Roster
from tenants.services import edits, rosters
from tenants.services.rosters import OpenTask, PlannedTask, Standing
from tests.drafts import DIRECTOR, WORKER, at, begin, due_visit, keep, today, visit_task
from tests.world import World


def state(roster: Roster) -> tuple[object, ...]:
    rows = [
        (
            r.task_id,
            r.starts_at,
            r.ends_at,
            r.time_pinned,
            r.by_hand,
            [(s.person_id, s.role, s.pinned) for s in r.seats],
        )
        for r in roster.assignments
    ]
    score = roster.score_medium, roster.score_soft, roster.bound_medium, roster.bound_soft
    return sorted(rows), [(u.task_id, u.reasons) for u in roster.unserved], score


def change(session: Session, world: World, roster: Roster, task: str, wanted: PlannedTask | None) -> None:
    left = () if wanted else (OpenTask(visit_id=task, activity_id=None, reasons=[]),)
    standing = Standing(unserved=left, medium=5, soft=6)
    rosters.change_task(session, world.head, roster, task, wanted, standing, action="roster.replace", details={})
    session.expire_all()


def planned(session: Session, world: World) -> tuple[Roster, str]:
    roster, visit = begin(session, world), due_visit(session, world)
    other = due_visit(session, world, 1)
    keep(session, world, roster, visit_task(world, visit, at(today() + timedelta(days=2), 17)), left=(other,))
    return roster, visit


def test_changes_are_taken_back_one_after_the_other(station: Session, world: World) -> None:
    roster, visit = planned(station, world)
    states = [state(roster)]
    rosters.pin_seat(station, world.head, roster, visit, world.first.people[DIRECTOR], pinned=True)
    states.append(state(roster))
    change(station, world, roster, visit, visit_task(world, visit, at(today() + timedelta(days=3), 17), WORKER))
    states.append(state(roster))
    change(station, world, roster, visit, None)
    for before in reversed(states):
        edits.undo(station, world.head, roster)
        station.expire_all()
        assert state(roster) == before
    with pytest.raises(ConflictError):
        edits.undo(station, world.head, roster)


def test_a_plan_is_not_taken_back(station: Session, world: World) -> None:
    roster, visit = planned(station, world)
    change(station, world, roster, visit, None)
    keep(station, world, roster)
    assert edits.last_undoable(roster) is None


def test_what_happened_since_a_revision_is_told_in_order(station: Session, world: World) -> None:
    roster, visit = planned(station, world)
    seen = roster.revision
    change(station, world, roster, visit, None)
    edits.undo(station, world.head, roster)
    found = edits.since(station, roster.id, seen)
    assert [(edit.action, edit.revision - seen) for edit in found] == [("roster.replace", 1), ("roster.undo", 2)]
    assert edits.since(station, roster.id, roster.revision) == []


def edited(session: Session, world: World) -> tuple[Roster, str, list[tuple[object, ...]]]:
    """A draft that was changed twice by hand, and how it stood before, between and after."""
    roster, visit = planned(session, world)
    states = [state(roster)]
    change(session, world, roster, visit, visit_task(world, visit, at(today() + timedelta(days=3), 17), WORKER))
    states.append(state(roster))
    change(session, world, roster, visit, None)
    return roster, visit, [*states, state(roster)]


def test_what_was_taken_back_is_made_again_step_by_step(station: Session, world: World) -> None:
    roster, _visit, states = edited(station, world)
    for _round in range(2):
        for before in reversed(states[:-1]):
            edits.undo(station, world.head, roster)
            station.expire_all()
            assert state(roster) == before
        for after in states[1:]:
            edits.redo(station, world.head, roster)
            station.expire_all()
            assert state(roster) == after
    with pytest.raises(ConflictError, match="no change to make again"):
        edits.redo(station, world.head, roster)


def test_a_new_change_drops_what_could_be_made_again(station: Session, world: World) -> None:
    roster, visit, _states = edited(station, world)
    edits.undo(station, world.head, roster)
    assert edits.last_redoable(roster) is not None
    rosters.pin_time(station, world.head, roster, visit, pinned=True)
    assert edits.last_redoable(roster) is None


def test_another_change_than_the_one_that_is_meant_is_not_taken_back(station: Session, world: World) -> None:
    roster, _visit, states = edited(station, world)
    meant = edits.last_undoable(roster)
    assert meant is not None
    rosters.pin_everything(station, world.head, roster, pinned=True)
    with pytest.raises(ConflictError, match="somebody else has changed the draft since"):
        edits.undo(station, world.head, roster, revision=meant.revision)
    assert state(roster) == states[-1]


def test_what_people_have_settled_among_themselves_is_not_taken_back(station: Session, world: World) -> None:
    roster, visit = planned(station, world)
    change(station, world, roster, visit, visit_task(world, visit, at(today() + timedelta(days=3), 17), WORKER))
    edits.note(station, world.head, roster, edits.FOLLOWED, {"task": visit, "person": None, "by": None})
    station.expire_all()
    assert edits.last_undoable(roster) is None


def test_a_change_of_an_earlier_release_is_taken_back(station: Session, world: World) -> None:
    roster, visit, states = edited(station, world)
    edit = edits.last_undoable(roster)
    assert edit is not None
    assert edit.before is not None
    rows = edit.before["rows"]
    edit.before = {**{key: edit.before[key] for key in ("unserved", "score")}, "task": visit, "row": rows[visit]}
    edits.undo(station, world.head, roster)
    station.expire_all()
    assert state(roster) == states[1]


def test_two_tasks_are_changed_in_one_edit(station: Session, world: World) -> None:
    roster, visit = planned(station, world)
    other, before, day = due_visit(station, world, 1), state(roster), at(today() + timedelta(days=3), 17)
    wanted = {visit: None, other: visit_task(world, other, day, WORKER)}
    facts = {"task": visit, "other": other}
    standing = Standing(unserved=(), medium=5, soft=6)
    rosters.change_tasks(station, world.head, roster, wanted, standing, action="roster.fix", details=facts)
    station.expire_all()
    assert [row.task_id for row in roster.assignments] == [other]
    edits.undo(station, world.head, roster)
    station.expire_all()
    assert state(roster) == before
