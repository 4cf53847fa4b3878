"""What is to be done: visit rules, visits due, activities with their roles."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import (
    ActivityKind,
    ActivityState,
    ChildCategory,
    Familiarity,
    Gender,
    Priority,
    RiskLevel,
    Service,
    VisitState,
)
from tenants.models.base import Base, CountyOwned, TownshipOwned, id_column
from tenants.models.child import Child
from tenants.models.place import Home


class VisitRule(CountyOwned, Base):
    """How often a child of a category and risk is visited, and by whom; the county's own table.

    No national interval was found, so a county sets its own; ``is_example`` marks values that nobody has decided.
    ``roles`` is a list of ``{"id", "min", "max", "kinds", "skills"}``. A version holds from ``from_day`` until a
    later one of its category and risk.
    """

    __tablename__ = "visit_rule"
    __table_args__ = (
        UniqueConstraint("county_id", "category", "risk", "from_day"),
        CheckConstraint("interval_days between 1 and 366", name="interval"),
        CheckConstraint("minutes between 10 and 480", name="minutes"),
    )

    category: Mapped[ChildCategory]
    risk: Mapped[RiskLevel]
    interval_days: Mapped[int]
    minutes: Mapped[int]
    priority: Mapped[Priority]
    service: Mapped[Service]
    known_by: Mapped[Familiarity]
    roles: Mapped[list[Any]]
    is_example: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")
    from_day: Mapped[date] = mapped_column(default=date(2000, 1, 1), server_default="2000-01-01")
    decided_by: Mapped[str | None] = id_column()
    decided_at: Mapped[datetime | None]


class Visit(TownshipOwned, Base):
    """A visit that a rule makes due; the rule's terms are copied so that a later change does not rewrite it.

    ``day_facts`` and ``day_note_sealed`` are what its team may see on its day (tenants/services/day_needs.py).
    """

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "child_id"], ["child.township_id", "child.id"]),
        UniqueConstraint("township_id", "child_id", "due_on"),
        Index("ix_visit_due", "township_id", "state", "due_on"),
    )

    child_id: Mapped[str] = id_column()
    category: Mapped[ChildCategory]
    risk: Mapped[RiskLevel]
    due_on: Mapped[date]
    minutes: Mapped[int]
    priority: Mapped[Priority]
    service: Mapped[Service]
    known_by: Mapped[Familiarity]
    needs_gender: Mapped[Gender | None]
    roles: Mapped[list[Any]]
    state: Mapped[VisitState] = mapped_column(default=VisitState.DUE)
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    day_facts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    day_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    child: Mapped[Child] = relationship()


class Activity(TownshipOwned, Base):
    """An activity at a Children's Home, at a fixed time."""

    __tablename__ = "activity"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "home_id"], ["home.township_id", "home.id"]),
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("ix_activity_starts", "township_id", "starts_at"),
    )

    home_id: Mapped[str] = id_column()
    title: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[ActivityKind]
    service: Mapped[Service]
    priority: Mapped[Priority]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    with_children: Mapped[bool] = mapped_column(default=True)
    children_expected: Mapped[int] = mapped_column(default=0)
    state: Mapped[ActivityState] = mapped_column(default=ActivityState.PLANNED)

    home: Mapped[Home] = relationship()
    roles: Mapped[list["ActivityRole"]] = relationship(cascade="all, delete-orphan", order_by="ActivityRole.position")
    # The rows of tenants.models.participation, which knows this module.
    resources: Mapped[list[Any]] = relationship(
        "ActivityResource", cascade="all, delete-orphan", order_by="ActivityResource.resource_id"
    )
    enrolments: Mapped[list[Any]] = relationship("Enrolment", cascade="all, delete-orphan")
    photos: Mapped[list[Any]] = relationship("ActivityPhoto", cascade="all, delete-orphan")


class ActivityRole(TownshipOwned, Base):
    """From ``minimum`` to ``maximum`` people of the kinds, each with all of the skills."""

    __tablename__ = "activity_role"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "activity_id"], ["activity.township_id", "activity.id"]),
        UniqueConstraint("township_id", "activity_id", "role"),
        CheckConstraint("0 <= minimum and minimum <= maximum and maximum > 0", name="numbers"),
    )

    activity_id: Mapped[str] = id_column()
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(40))
    minimum: Mapped[int]
    maximum: Mapped[int]
    kinds: Mapped[list[str]]
    skills: Mapped[list[str]]


class Wish(TownshipOwned, Base):
    """A person would like to do an activity (``wants``), or would rather not."""

    __tablename__ = "wish"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        ForeignKeyConstraint(["township_id", "activity_id"], ["activity.township_id", "activity.id"]),
        UniqueConstraint("township_id", "person_id", "activity_id"),
    )

    person_id: Mapped[str] = id_column()
    activity_id: Mapped[str] = id_column()
    wants: Mapped[bool]
