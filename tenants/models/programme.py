"""What activities are made from: the township's templates, and plans of whole holidays."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.calendar import SpanKind
from tenants.enums import ActivityKind, Priority, Service
from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.task import Activity


class ActivityTemplate(TownshipOwned, Base):
    """An activity that a township offers again and again; ``start`` is on the county's clock, ``minutes`` its length.

    ``roles`` is a list of ``{"id", "min", "max", "kinds", "skills"}``. A template that is put aside is offered no more.
    """

    __tablename__ = "activity_template"
    __table_args__ = (CheckConstraint("minutes between 15 and 480", name="minutes"),)

    title: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[ActivityKind]
    service: Mapped[Service]
    priority: Mapped[Priority]
    start: Mapped[time]
    minutes: Mapped[int]
    with_children: Mapped[bool] = mapped_column(default=True)
    children_expected: Mapped[int] = mapped_column(default=0)
    roles: Mapped[list[Any]]
    offered: Mapped[bool] = mapped_column(default=True)


class HolidayPlan(TownshipOwned, Base):
    """A holiday that was planned in one go: the activities that were made for it, and the drafts begun to fill them.

    ``draft_ids`` names the drafts that it began itself. ``withdrawn_at`` is set when all of it was taken back.
    """

    __tablename__ = "holiday_plan"
    __table_args__ = (CheckConstraint("first <= last", name="days"),)

    kind: Mapped[SpanKind]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    first: Mapped[date]
    last: Mapped[date]
    draft_ids: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_by: Mapped[str | None] = id_column()
    withdrawn_at: Mapped[datetime | None]

    members: Mapped[list["HolidayPlanActivity"]] = relationship(cascade="all, delete-orphan")


class HolidayPlanActivity(TownshipOwned, Base):
    """An activity that a plan has made."""

    __tablename__ = "holiday_plan_activity"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "plan_id"], ["holiday_plan.township_id", "holiday_plan.id"]),
        ForeignKeyConstraint(["township_id", "activity_id"], ["activity.township_id", "activity.id"]),
        UniqueConstraint("township_id", "activity_id"),
    )

    plan_id: Mapped[str] = id_column()
    activity_id: Mapped[str] = id_column()

    activity: Mapped[Activity] = relationship(viewonly=True)
