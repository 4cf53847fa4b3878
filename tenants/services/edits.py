"""The edits of a draft: noted one by one, told to whoever comes late, taken back and made again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import ConflictError
from tenants.models import Assignment, Roster, RosterEdit, Seat, UnservedTask
from tenants.services import audit_log, runs

UNDO = "roster.undo"
REDO = "roster.redo"
FOLLOWED = "roster.follow"
"""People have settled something among themselves; what stood before on that task cannot be taken back to."""
MADE_BY_PLAN = "roster.plan"
HOLIDAY_TAKEN_BACK = "roster.holiday_taken_back"
LEFT = "roster.left"
"""Somebody is not available any more; what stood before cannot be taken back to."""
PINS = frozenset({"roster.pin_time", "roster.pin_seat", "roster.pin_all"})
_NO_WAY_BACK = frozenset({MADE_BY_PLAN, HOLIDAY_TAKEN_BACK, LEFT})

_KEPT_BY_A_RUN = PINS | _NO_WAY_BACK | {FOLLOWED, REDO}
"""Planning again costs nobody work by these: pins hold, a plan is made anew, and the rest is not a planner's change.
A change that was made again stands in its own row."""


def note(
    session: Session,
    actor: Actor,
    roster: Roster,
    action: str,
    details: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
) -> None:
    """Raise the draft's revision and keep what was done; ``before`` (see ``snapshot``) lets it be taken back."""
    roster.revision += 1
    roster.edits.append(
        RosterEdit(
            township_id=roster.township_id,
            revision=roster.revision,
            action=action,
            details=details,
            before=before,
            account_id=actor.account_id,
        )
    )
    session.flush()
    plain = {key: value for key, value in details.items() if audit_log.is_plain(value)}  # a role may be anybody's word
    audit_log.record(session, actor, action, "roster", roster.id, details=plain)


def since(session: Session, roster_id: str, revision: int) -> Sequence[RosterEdit]:
    """What has happened to a draft after a revision, in order."""
    later = RosterEdit.revision > revision
    query = select(RosterEdit).where(RosterEdit.roster_id == roster_id, later).order_by(RosterEdit.revision)
    return session.scalars(query).all()


def holds_unpublished(session: Session, roster: Roster) -> bool:
    """Whether a draft holds a planner's change by hand that no version has, so that planning again could lose it."""
    query = select(Roster).where(Roster.draft_id == roster.id, Roster.withdrawn_at.is_(None))
    published = max((version.published_at for version in session.scalars(query) if version.published_at), default=None)
    later = [edit for edit in roster.edits if published is None or edit.created_at > published]
    mine = {edit.revision for edit in later if edit.action != UNDO}
    return any(
        edit.action not in _KEPT_BY_A_RUN and not edit.undone and edit.details.get("edit") not in mine for edit in later
    )


def last_undoable(roster: Roster) -> RosterEdit | None:
    """The last change by hand since the draft was planned that has not been taken back."""
    settled: set[str] = set()
    for edit in reversed(roster.edits):
        if edit.action in _NO_WAY_BACK:
            return None
        if edit.action == FOLLOWED:
            settled.add(edit.details["task"])
        elif edit.action != UNDO and edit.before is not None and not edit.undone:
            return None if settled & _rows_in(edit.before).keys() else edit
    return None


def last_redoable(roster: Roster) -> RosterEdit | None:
    """The last taking back that can itself be taken back; another change by hand or a plan leaves none."""
    settled: set[str] = set()
    for edit in reversed(roster.edits):
        if edit.action == FOLLOWED:
            settled.add(edit.details["task"])
        elif edit.action == UNDO and not edit.undone:
            return edit if edit.before is not None and not settled & _rows_in(edit.before).keys() else None
        elif edit.action not in {UNDO, REDO}:
            return None
    return None


def snapshot(roster: Roster, task_ids: Iterable[str]) -> dict[str, Any]:
    """What ``undo`` needs to put some tasks back: their rows, the open tasks, the score."""
    rows = {row.task_id: row for row in roster.assignments}
    return {
        "rows": {task: _row_out(rows[task]) if task in rows else None for task in task_ids},
        "unserved": [{"visit": u.visit_id, "activity": u.activity_id, "reasons": u.reasons} for u in roster.unserved],
        "score": [roster.score_medium, roster.score_soft, roster.bound_medium, roster.bound_soft, roster.optimal],
    }


def undo(session: Session, actor: Actor, roster: Roster, *, revision: int | None = None) -> RosterEdit:
    """Take back the last change by hand, and return it; ``revision`` is that of the change that is meant.

    Raises:
        ConflictError: there is none since the draft was planned, it is not the one that is meant, or the draft is
            being planned.

    """
    runs.refuse_while_planning(session, roster)
    edit = last_undoable(roster)
    if edit is None or edit.before is None:
        raise ConflictError("there is no change by hand to take back")
    _need_same(edit, revision)
    now = snapshot(roster, _rows_in(edit.before))
    _restore(session, roster, edit.before)
    edit.undone = True
    facts = {**edit.details, "undone": edit.action, "edit": edit.revision}
    note(session, actor, roster, UNDO, facts, before=now)
    return edit


def redo(session: Session, actor: Actor, roster: Roster, *, revision: int | None = None) -> RosterEdit:
    """Make again the change that was taken back last, and return it; ``revision`` is that of the taking back.

    Raises:
        ConflictError: there is none to make again, it is not the one that is meant, or the draft is being planned.

    """
    runs.refuse_while_planning(session, roster)
    taken = last_redoable(roster)
    if taken is None or taken.before is None:
        raise ConflictError("there is no change to make again")
    _need_same(taken, revision)
    _restore(session, roster, taken.before)
    edit = next(edit for edit in roster.edits if edit.revision == taken.details["edit"])
    taken.undone, edit.undone = True, False
    note(session, actor, roster, REDO, {**edit.details, "redone": edit.action})
    return edit


def _need_same(edit: RosterEdit, revision: int | None) -> None:
    if revision is not None and edit.revision != revision:
        raise ConflictError("somebody else has changed the draft since: what you meant is not the last change any more")


def _rows_in(before: dict[str, Any]) -> dict[str, Any]:
    """The rows of a snapshot by task; those of earlier releases hold one."""
    rows: dict[str, Any] = before["rows"] if "rows" in before else {before["task"]: before["row"]}
    return rows


def _row_out(row: Assignment) -> dict[str, Any]:
    return {
        "visit": row.visit_id,
        "activity": row.activity_id,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "time_pinned": row.time_pinned,
        "by_hand": row.by_hand,
        "seats": [[seat.person_id, seat.role, seat.pinned] for seat in row.seats],
    }


def _restore(session: Session, roster: Roster, before: dict[str, Any]) -> None:
    rows = _rows_in(before)
    roster.assignments[:] = [a for a in roster.assignments if a.task_id not in rows]
    roster.unserved.clear()
    session.flush()
    roster.assignments.extend(_row_in(roster.township_id, row) for row in rows.values() if row is not None)
    for left in before["unserved"]:
        roster.unserved.append(
            UnservedTask(
                township_id=roster.township_id,
                visit_id=left["visit"],
                activity_id=left["activity"],
                reasons=left["reasons"],
            )
        )
    medium, soft, bound_medium, bound_soft, optimal = before["score"]
    roster.score_medium, roster.score_soft = medium, soft
    roster.bound_medium, roster.bound_soft, roster.optimal = bound_medium, bound_soft, optimal


def _row_in(township_id: str, row: dict[str, Any]) -> Assignment:
    return Assignment(
        township_id=township_id,
        visit_id=row["visit"],
        activity_id=row["activity"],
        starts_at=datetime.fromisoformat(row["starts_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        time_pinned=row["time_pinned"],
        by_hand=row["by_hand"],
        seats=[
            Seat(township_id=township_id, person_id=person, role=role, pinned=pinned)
            for person, role, pinned in row["seats"]
        ],
    )
