"""Questions who is free: a station's list, who has answered, and the person behind a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tenants.errors import NotFoundError
from tenants.models import AvailabilityInvitation, AvailabilityRequest, County, Person, Township
from tenants.queries.people import barred


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Who a live link belongs to, and the clock by which the deadline counts."""

    invitation_id: str
    county_id: str
    township_id: str
    person_id: str
    today: date


def listed(session: Session) -> Sequence[AvailabilityRequest]:
    """The township's requests, the newest first, with who was asked."""
    query = select(AvailabilityRequest).options(selectinload(AvailabilityRequest.invitations))
    return session.scalars(query.order_by(AvailabilityRequest.created_at.desc(), AvailabilityRequest.id)).all()


def one(session: Session, request_id: str, *, locked: bool = False) -> AvailabilityRequest:
    """A request; ``locked`` until the transaction ends, so that two who remind at once follow each other.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    query = select(AvailabilityRequest).where(AvailabilityRequest.id == request_id)
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFoundError("no such request")
    return found


def invitations(session: Session, request: AvailabilityRequest) -> Sequence[AvailabilityInvitation]:
    """Those who were asked, by name."""
    query = select(AvailabilityInvitation).where(AvailabilityInvitation.request_id == request.id)
    found = session.scalars(query.options(joinedload(AvailabilityInvitation.person))).all()
    return sorted(found, key=lambda one: (one.person.name, one.id))


def invitation(session: Session, invitation_id: str) -> AvailabilityInvitation:
    """One person who was asked.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    query = select(AvailabilityInvitation).where(AvailabilityInvitation.id == invitation_id)
    found = session.scalar(query.with_for_update())
    if found is None:
        raise NotFoundError("no such invitation")
    return found


def open_to(session: Session, person_id: str, today: date) -> Sequence[AvailabilityInvitation]:
    """What a person is asked and may still answer, by day."""
    same = and_(
        AvailabilityRequest.township_id == AvailabilityInvitation.township_id,
        AvailabilityRequest.id == AvailabilityInvitation.request_id,
    )
    query = select(AvailabilityInvitation).join(AvailabilityRequest, same)
    query = query.where(AvailabilityInvitation.person_id == person_id, AvailabilityInvitation.revoked_at.is_(None))
    query = query.where(AvailabilityRequest.closed_at.is_(None), AvailabilityRequest.answer_by >= today)
    return session.scalars(query.order_by(AvailabilityRequest.from_day, AvailabilityInvitation.id)).all()


def invited_by(session: Session, invitation_id: str, serial: int) -> Invited | None:
    """Who a link belongs to; None: unknown, replaced, stopped, closed or past its deadline. For a system session.

    Whoever is barred has no link any more, as they have no account.
    """
    query = (
        select(AvailabilityInvitation, AvailabilityRequest, Township.county_id, County.timezone)
        .join(
            AvailabilityRequest,
            and_(
                AvailabilityRequest.township_id == AvailabilityInvitation.township_id,
                AvailabilityRequest.id == AvailabilityInvitation.request_id,
            ),
        )
        .join(Township, Township.id == AvailabilityInvitation.township_id)
        .join(County, County.id == Township.county_id)
        .join(
            Person,
            and_(
                Person.township_id == AvailabilityInvitation.township_id, Person.id == AvailabilityInvitation.person_id
            ),
        )
        .where(AvailabilityInvitation.id == invitation_id, AvailabilityInvitation.serial == serial)
        .where(AvailabilityInvitation.revoked_at.is_(None), AvailabilityRequest.closed_at.is_(None))
        .where(Person.active, ~barred(Person.township_id, Person.id))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    held, request, county_id, timezone = row
    today = datetime.now(UTC).astimezone(ZoneInfo(timezone)).date()
    if request.answer_by < today:
        return None
    return Invited(
        invitation_id=held.id,
        county_id=county_id,
        township_id=held.township_id,
        person_id=held.person_id,
        today=today,
    )
