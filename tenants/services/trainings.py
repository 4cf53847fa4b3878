"""The courses that people have taken: entered by the station, taken out where it was a mistake."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import InvalidError, NotFoundError
from tenants.models import Account, Person, Training
from tenants.queries.due import county_today
from tenants.services import audit_log

COURSE_LENGTH = 80
MOST_HOURS = 500


@dataclass(frozen=True, kw_only=True)
class TrainingFacts:
    """A course, its day and its hours; ``valid_through`` None: it holds for good."""

    course: str
    day: date
    hours: int
    valid_through: date | None = None


@dataclass(frozen=True, kw_only=True)
class TrainingLine:
    """A course with the name of who entered it; empty where that account is not known here."""

    row: Training
    entered_by: str


def of_person(session: Session, person_id: str) -> list[TrainingLine]:
    """The courses of a person, the newest first."""
    query = select(Training).where(Training.person_id == person_id).order_by(Training.day.desc(), Training.id)
    rows = session.scalars(query).all()
    ids = {row.entered_by for row in rows if row.entered_by}
    accounts = select(Account.id, Account.display_name).where(Account.id.in_(ids))
    names = dict(session.execute(accounts).all())
    return [TrainingLine(row=row, entered_by=names.get(row.entered_by or "", "")) for row in rows]


def add(session: Session, actor: Actor, person: Person, facts: TrainingFacts) -> Training:
    """Enter a course.

    Raises:
        InvalidError: a fact breaks a rule; ``field`` names it.

    """
    if not facts.course.strip() or len(facts.course.strip()) > COURSE_LENGTH:
        raise InvalidError("Name the course, in 80 characters at most.", field="course")
    if facts.day > county_today(session, actor.county_id):
        raise InvalidError("This day has not come yet.", field="day")
    if not 1 <= facts.hours <= MOST_HOURS:
        raise InvalidError("A course has 1 to 500 hours.", field="hours")
    if facts.valid_through is not None and facts.valid_through < facts.day:
        raise InvalidError("A course cannot end to hold before it was taken.", field="valid_through")
    row = Training(
        township_id=person.township_id,
        person_id=person.id,
        course=facts.course.strip(),
        day=facts.day,
        hours=facts.hours,
        valid_through=facts.valid_through,
        entered_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit_log.record(session, actor, "training.add", "person", person.id, details={"training": row.id})
    return row


def remove(session: Session, actor: Actor, person: Person, training_id: str) -> None:
    """Take out a course that was entered by mistake.

    Raises:
        NotFoundError: the person has no such course.

    """
    row = session.get(Training, (person.township_id, training_id))
    if row is None or row.person_id != person.id:
        raise NotFoundError("no such training")
    session.delete(row)
    session.flush()
    audit_log.record(session, actor, "training.remove", "person", person.id, details={"training": training_id})
