"""Absences at short notice, and the questions of a station: when are you free?"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.person import Person

_PERSON = (["township_id", "person_id"], ["person.township_id", "person.id"])


class Absence(TownshipOwned, Base):
    """Somebody cannot come from one day to another, and their published duties of these days were freed.

    Why is not asked and not kept. ``freed`` lists ids of the duties; ``draft_id`` names the draft that was begun for
    them, ``exception_id`` the availability exception. ``taken_back_at`` None: it stands.
    """

    __tablename__ = "absence"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        CheckConstraint("from_day <= to_day", name="days"),
        Index("ix_absence_person", "township_id", "person_id", "to_day"),
    )

    person_id: Mapped[str] = id_column()
    from_day: Mapped[date]
    to_day: Mapped[date]
    exception_id: Mapped[str] = id_column()
    draft_id: Mapped[str | None] = id_column()
    freed: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_by: Mapped[str | None] = id_column()
    taken_back_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True)


class AvailabilityRequest(TownshipOwned, Base):
    """A station asks when people are free on the days of a period; answers are taken up to ``answer_by``."""

    __tablename__ = "availability_request"
    __table_args__ = (CheckConstraint("from_day <= to_day", name="days"),)

    from_day: Mapped[date]
    to_day: Mapped[date]
    answer_by: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_by: Mapped[str | None] = id_column()
    reminded_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]

    invitations: Mapped[list["AvailabilityInvitation"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="AvailabilityInvitation.id"
    )


class AvailabilityInvitation(TownshipOwned, Base):
    """One person who was asked, and the answer.

    The link is signed and kept nowhere: it names this row and its ``serial``, which rises when the station makes a new
    link, so that the old one stops. ``free`` lists half-days as ``2026-11-30/morning``; ``answers`` counts how often
    it was sent.
    """

    __tablename__ = "availability_invitation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["township_id", "request_id"], ["availability_request.township_id", "availability_request.id"]
        ),
        ForeignKeyConstraint(*_PERSON),
        UniqueConstraint("township_id", "request_id", "person_id"),
    )

    request_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    serial: Mapped[int] = mapped_column(default=1)
    revoked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answers: Mapped[int] = mapped_column(default=0)
    free: Mapped[list[str]] = mapped_column(default=list)

    request: Mapped[AvailabilityRequest] = relationship(back_populates="invitations")
    person: Mapped[Person] = relationship(viewonly=True)
