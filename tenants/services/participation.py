"""Who takes part in an activity, by case code and with the guardian's consent; and what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityState, ConsentKind, Society
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, ActivityRecord, Child, Enrolment, utc_now
from tenants.queries.children import may_see
from tenants.queries.due import county_today
from tenants.services import audit_log

NOTE_LENGTH = 500
MOST_HEADS = 2000


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """Head-counts, and which of the five societies took part: community, social workers, volunteers and so on."""

    children: int
    guardians: int
    others: int
    societies: Sequence[Society]
    note: str = ""


def enrol(
    session: Session, actor: Actor, activity: Activity, case_code: str, consent: ConsentKind, consented_on: date
) -> Enrolment:
    """Enrol a child whom the actor may see; in a parents' school it stands for the child's guardian.

    Raises:
        InvalidError: there is no such child, the file is closed, or the consent's day has not come.
        ConflictError: the activity is called off, or the child is enrolled already.

    """
    if activity.state is ActivityState.CANCELLED:
        raise ConflictError("This activity is called off; put it back first.")
    child = session.scalar(select(Child).where(Child.case_code == case_code.strip(), may_see(actor)))
    if child is None:
        raise InvalidError("No child of the ledger that you may see has this case code.", field="case_code")
    if child.closed_on is not None:
        raise InvalidError("This child's file is closed.", field="case_code")
    if consented_on > county_today(session, actor.county_id):
        raise InvalidError("The guardian's consent cannot lie in the future.", field="consented_on")
    held = select(Enrolment.id).where(Enrolment.activity_id == activity.id, Enrolment.child_id == child.id)
    if session.scalar(held) is not None:
        raise ConflictError("This child is enrolled already.", field="case_code")
    row = Enrolment(township_id=activity.township_id, activity_id=activity.id, child_id=child.id)
    row.consent, row.consented_on = consent, consented_on
    session.add(row)
    session.flush()
    audit_log.record(session, actor, "activity.enrol", "activity", activity.id, details={"child": child.id})
    return row


def withdraw(session: Session, actor: Actor, activity: Activity, enrolment_id: str) -> None:
    """Take a child off an activity.

    Raises:
        NotFoundError: the activity has no such enrolment of a child whom the actor may see.

    """
    row = next((row for row in visible(session, actor, activity) if row.id == enrolment_id), None)
    if row is None:
        raise NotFoundError("no such enrolment")
    session.delete(row)
    session.flush()
    audit_log.record(session, actor, "activity.withdraw", "activity", activity.id, details={"child": row.child_id})


def visible(session: Session, actor: Actor, activity: Activity) -> list[Enrolment]:
    """The enrolments of children whom the actor may see, by case code."""
    query = (
        select(Enrolment)
        .join(Child, (Child.id == Enrolment.child_id) & (Child.township_id == Enrolment.township_id))
        .where(Enrolment.activity_id == activity.id, may_see(actor))
        .order_by(Child.case_code)
    )
    return list(session.scalars(query))


def note_attendance(session: Session, actor: Actor, activity: Activity, attended: Collection[str]) -> int:
    """Keep who of the enrolled came (ids of enrolments), and count them.

    Raises:
        ConflictError: the activity has not begun.

    """
    if activity.starts_at > utc_now():
        raise ConflictError("Attendance is noted once the activity has begun.")
    rows = visible(session, actor, activity)
    for row in rows:
        row.attended = row.id in attended
    session.flush()
    came = sum(row.attended or False for row in rows)
    audit_log.record(session, actor, "activity.attendance", "activity", activity.id, details={"came": came})
    return came


def record(session: Session, actor: Actor, activity: Activity, facts: RecordFacts) -> ActivityRecord:
    """Record an activity as held, with its head-counts; sent again, it replaces what was recorded.

    Raises:
        ConflictError: it is called off, or has not begun.
        InvalidError: a number or the note is out of bounds, or no society is named.

    """
    if activity.state is ActivityState.CANCELLED:
        raise ConflictError("This activity is called off; put it back first.")
    if activity.starts_at > utc_now():
        raise ConflictError("What came of it is recorded once the activity has begun.")
    _check(facts)
    row = record_of(session, activity) or ActivityRecord(township_id=activity.township_id, activity_id=activity.id)
    row.children, row.guardians, row.others = facts.children, facts.guardians, facts.others
    row.societies, row.note = [society.value for society in facts.societies], facts.note.strip()
    row.recorded_at, row.recorded_by = utc_now(), actor.account_id
    activity.state = ActivityState.HELD
    session.add(row)
    session.flush()
    heads = {"children": facts.children, "guardians": facts.guardians, "others": facts.others}
    audit_log.record(session, actor, "activity.record", "activity", activity.id, details=heads)
    return row


def take_back_record(session: Session, actor: Actor, activity: Activity) -> None:
    """Undo the record: the activity is planned again.

    Raises:
        NotFoundError: nothing is recorded.

    """
    row = record_of(session, activity)
    if row is None:
        raise NotFoundError("nothing is recorded")
    session.delete(row)
    activity.state = ActivityState.PLANNED
    session.flush()
    audit_log.record(session, actor, "activity.take_back_record", "activity", activity.id)


def record_of(session: Session, activity: Activity) -> ActivityRecord | None:
    """What is recorded of an activity."""
    return session.scalar(select(ActivityRecord).where(ActivityRecord.activity_id == activity.id))


def _check(facts: RecordFacts) -> None:
    for name in ("children", "guardians", "others"):
        if not 0 <= getattr(facts, name) <= MOST_HEADS:
            raise InvalidError("A head-count is 0 to 2000.", field=name)
    if not facts.societies:
        raise InvalidError("Name who took part: one of the five at least.", field="societies")
    if len(facts.note.strip()) > NOTE_LENGTH:
        raise InvalidError("The note may have 500 characters at most.", field="note")
