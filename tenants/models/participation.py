"""What belongs to an activity beside its team: its series, rooms and equipment, who takes part, what came of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import ConsentKind, PhotoGround, ResourceKind
from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.child import Child
from tenants.models.place import Home
from tenants.models.task import Activity

_ACTIVITY = (["township_id", "activity_id"], ["activity.township_id", "activity.id"])


class ActivitySeries(TownshipOwned, Base):
    """Activities that repeat one: every so many weeks, without the days that were left out.

    ``left_out`` holds ISO dates; ``only_free`` leaves out days with school, make-up Saturdays among them.
    """

    __tablename__ = "activity_series"
    __table_args__ = (CheckConstraint("every between 1 and 8", name="every"),)

    every: Mapped[int] = mapped_column(default=1)
    only_free: Mapped[bool] = mapped_column(default=False)
    left_out: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    members: Mapped[list["ActivitySeriesMember"]] = relationship(cascade="all, delete-orphan", back_populates="series")


class ActivitySeriesMember(TownshipOwned, Base):
    """An activity of a series."""

    __tablename__ = "activity_series_member"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "series_id"], ["activity_series.township_id", "activity_series.id"]),
        ForeignKeyConstraint(*_ACTIVITY),
        UniqueConstraint("township_id", "activity_id"),
    )

    series_id: Mapped[str] = id_column()
    activity_id: Mapped[str] = id_column()

    series: Mapped[ActivitySeries] = relationship(back_populates="members")
    activity: Mapped[Activity] = relationship(viewonly=True)


class Resource(TownshipOwned, Base):
    """A room of a Children's Home, or equipment (of a home, or of the township) of which there are ``quantity``."""

    __tablename__ = "resource"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "home_id"], ["home.township_id", "home.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("kind <> 'room' or home_id is not null", name="room"),
    )

    kind: Mapped[ResourceKind]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    home_id: Mapped[str | None] = id_column()
    quantity: Mapped[int] = mapped_column(default=1)
    in_use: Mapped[bool] = mapped_column(default=True)

    home: Mapped[Home | None] = relationship(viewonly=True)


class ActivityResource(TownshipOwned, Base):
    """A room or one piece of equipment that an activity uses."""

    __tablename__ = "activity_resource"
    __table_args__ = (
        ForeignKeyConstraint(*_ACTIVITY),
        ForeignKeyConstraint(["township_id", "resource_id"], ["resource.township_id", "resource.id"]),
        UniqueConstraint("township_id", "activity_id", "resource_id"),
    )

    activity_id: Mapped[str] = id_column()
    resource_id: Mapped[str] = id_column()

    resource: Mapped[Resource] = relationship(viewonly=True, lazy="joined")


class Enrolment(TownshipOwned, Base):
    """A child, known by the case code, who takes part; in a parents' school it is the child's guardian.

    The guardian's consent is kept with its day and form (Personal Information Protection Law, art. 31).
    ``attended`` is None until the activity was held.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        ForeignKeyConstraint(*_ACTIVITY),
        ForeignKeyConstraint(["township_id", "child_id"], ["child.township_id", "child.id"]),
        UniqueConstraint("township_id", "activity_id", "child_id"),
    )

    activity_id: Mapped[str] = id_column()
    child_id: Mapped[str] = id_column()
    consent: Mapped[ConsentKind]
    consented_on: Mapped[date]
    attended: Mapped[bool | None]

    child: Mapped[Child] = relationship(viewonly=True)


class ActivityRecord(TownshipOwned, Base):
    """What came of an activity that was held: head-counts, and which of the five societies took part (五社联动)."""

    __tablename__ = "activity_record"
    __table_args__ = (
        ForeignKeyConstraint(*_ACTIVITY),
        UniqueConstraint("township_id", "activity_id"),
        CheckConstraint("children >= 0 and guardians >= 0 and others >= 0", name="heads"),
    )

    activity_id: Mapped[str] = id_column()
    children: Mapped[int]
    guardians: Mapped[int]
    others: Mapped[int]
    societies: Mapped[list[str]]
    note: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)
    recorded_by: Mapped[str | None] = id_column()


class ActivityPhoto(TownshipOwned, Base):
    """A photo of an activity, drawn anew as a JPEG and sealed; it is read only where it is shown.

    ``ground`` says why it may be kept: somebody has vouched for it.
    """

    __tablename__ = "activity_photo"
    __table_args__ = (
        ForeignKeyConstraint(*_ACTIVITY),
        CheckConstraint("size > 0", name="size"),
        Index("ix_activity_photo_activity", "township_id", "activity_id"),
    )

    activity_id: Mapped[str] = id_column()
    ground: Mapped[PhotoGround]
    size: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(default=utc_now)
    added_by: Mapped[str | None] = id_column()
