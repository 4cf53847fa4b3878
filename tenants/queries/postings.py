"""What a township, or a worker, is told of postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tenants.enums import DutyState
from tenants.models import Duty, Person, PostingNotice

KEPT = timedelta(days=30)
"""So long after the day a notice stays on the start page."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice with its person, and how many duties from the day on must be given to somebody else."""

    notice: PostingNotice
    person: Person
    duties: int


def notices(session: Session, today: date, zone: tzinfo, *, person_id: str | None = None) -> Sequence[Notice]:
    """Notices of the township that are ahead or not long past, the next first; of one person where that is asked."""
    query = select(PostingNotice, Person).join(
        Person, and_(Person.township_id == PostingNotice.township_id, Person.id == PostingNotice.person_id)
    )
    query = query.where(PostingNotice.from_day >= today - KEPT).order_by(PostingNotice.from_day, Person.name)
    if person_id is not None:
        query = query.where(PostingNotice.person_id == person_id)
    return [
        Notice(notice=notice, person=person, duties=0 if notice.arrives else _held_after(session, notice, zone))
        for notice, person in session.execute(query)
    ]


def _held_after(session: Session, notice: PostingNotice, zone: tzinfo) -> int:
    begin = datetime.combine(notice.from_day, time(), tzinfo=zone)
    query = select(func.count()).select_from(Duty).where(Duty.person_id == notice.person_id)
    return session.scalar(query.where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= begin)) or 0
