"""The day itself: who came and left when, concerns about a child, and certificates of the hours served."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import ConcernOutcome
from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.person import Person
from tenants.models.place import Village
from tenants.models.roster import Duty


class Attendance(TownshipOwned, Base):
    """That somebody came to a duty, or did not; one row for each duty at most.

    ``minutes`` are those of service that count. ``at_door`` says that the code at the home's door was used. The note
    is sealed: it may speak of a child. What is approved only the station changes, and it waits for approval anew.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "duty_id"], ["duty.township_id", "duty.id"]),
        UniqueConstraint("township_id", "duty_id"),
        CheckConstraint("minutes is null or minutes between 0 and 1440", name="minutes"),
        CheckConstraint("left_at is null or arrived_at <= left_at", name="times"),
    )

    duty_id: Mapped[str] = id_column()
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    at_door: Mapped[bool] = mapped_column(default=False)
    no_show: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[str | None] = id_column()
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    duty: Mapped[Duty] = relationship(viewonly=True)


class Concern(TownshipOwned, Base):
    """Somebody on duty worries about a child (Law on the Protection of Minors, art. 11). The text is sealed."""

    __tablename__ = "concern"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "village_id"], ["village.township_id", "village.id"]),
        ForeignKeyConstraint(["township_id", "duty_id"], ["duty.township_id", "duty.id"]),
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed"),
        Index("ix_concern_created", "township_id", "created_at"),
    )

    village_id: Mapped[str] = id_column()
    duty_id: Mapped[str | None] = id_column()
    raised_by: Mapped[str] = id_column()
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    taken_by: Mapped[str | None] = id_column()
    taken_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = id_column()
    closed_at: Mapped[datetime | None]
    outcome: Mapped[ConcernOutcome | None]

    village: Mapped[Village] = relationship(viewonly=True)
    readings: Mapped[list["ConcernReading"]] = relationship(
        cascade="all, delete-orphan", order_by="ConcernReading.read_at"
    )


class ConcernReading(TownshipOwned, Base):
    """An account has opened a concern; who has not yet finds it first on the start page."""

    __tablename__ = "concern_reading"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "concern_id"], ["concern.township_id", "concern.id"]),
        UniqueConstraint("township_id", "concern_id", "account_id"),
    )

    concern_id: Mapped[str] = id_column()
    account_id: Mapped[str] = id_column()
    read_at: Mapped[datetime] = mapped_column(default=utc_now)


class Certificate(TownshipOwned, Base):
    """A certificate of volunteer service: asked for by its person, then issued, free of charge.

    Source: Measures on records and certificates of volunteer service (trial; Order no. 67 of the Ministry of Civil
    Affairs), and the guidance 民发〔2015〕149号 for what stands on it: who (name; the number of the identity card is
    written by hand and not kept), hours and content, issuer with head, handler and telephone, number and date. It is a
    copy of what was approved when it was issued. ``code`` lets anybody verify the paper.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        UniqueConstraint("township_id", "number"),
        UniqueConstraint("code"),
        CheckConstraint("from_day <= to_day", name="days"),
        CheckConstraint("(issued_at is null) = (number is null)", name="issued"),
    )

    person_id: Mapped[str] = id_column()
    from_day: Mapped[date]
    to_day: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    number: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(20))
    minutes: Mapped[int | None]
    items: Mapped[list[Any]] = mapped_column(default=list)
    head: Mapped[str] = mapped_column(String(60), default="")
    handler: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = id_column()
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True)
