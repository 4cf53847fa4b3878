"""What is to be done: visit rules, visits due, activities with their roles."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
    false,
    inspect,
)
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
from tenants.models.base import Base, CountyOwned, TownshipOwned, id_column, utc_now
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

    ``day_facts`` and ``day_note_sealed`` are what its team may see on its day (tenants/services/day_needs.py);
    ``note_sealed`` is what was written of it once it was made (tenants/services/visit_notes.py).
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
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    day_facts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    day_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    child: Mapped[Child] = relationship()


class VisitReceipt(TownshipOwned, Base):
    """One visit record that a phone has sent, by the key that the phone gave it: it is taken in once.

    It goes with its visit.
    """

    __tablename__ = "visit_receipt"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "visit_id"], ["visit.township_id", "visit.id"], ondelete="CASCADE"),
        UniqueConstraint("township_id", "account_id", "key"),
        Index("ix_visit_receipt_visit", "township_id", "visit_id"),
    )

    account_id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(String(36))
    visit_id: Mapped[str] = id_column()
    done_on: Mapped[date]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)


class Activity(TownshipOwned, Base):
    """An activity at a Children's Home, at a fixed time.

    ``sequence`` rises with each change that somebody who means to come would notice (RFC 5545, 3.8.7.4);
    what counts for it knows what it was before (``active_history``). ``open_to_public``: it stands
    on the page for volunteers.
    """

    __tablename__ = "activity"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "home_id"], ["home.township_id", "home.id"]),
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("ix_activity_starts", "township_id", "starts_at"),
    )

    home_id: Mapped[str] = id_column(active_history=True)
    title: Mapped[str] = mapped_column(String(80), active_history=True)
    title_en: Mapped[str] = mapped_column(String(120), default="", active_history=True)
    kind: Mapped[ActivityKind]
    service: Mapped[Service]
    priority: Mapped[Priority]
    starts_at: Mapped[datetime] = mapped_column(active_history=True)
    ends_at: Mapped[datetime] = mapped_column(active_history=True)
    with_children: Mapped[bool] = mapped_column(default=True)
    children_expected: Mapped[int] = mapped_column(default=0)
    open_to_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[ActivityState] = mapped_column(default=ActivityState.PLANNED, active_history=True)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)

    home: Mapped[Home] = relationship()
    roles: Mapped[list["ActivityRole"]] = relationship(cascade="all, delete-orphan", order_by="ActivityRole.position")
    # The rows of tenants.models.participation, which knows this module.
    resources: Mapped[list[Any]] = relationship(
        "ActivityResource", cascade="all, delete-orphan", order_by="ActivityResource.resource_id"
    )
    enrolments: Mapped[list[Any]] = relationship("Enrolment", cascade="all, delete-orphan")
    photos: Mapped[list[Any]] = relationship("ActivityPhoto", cascade="all, delete-orphan")


_NOTICED = ("home_id", "title", "title_en", "starts_at", "ends_at")


@event.listens_for(Activity, "before_update")
def _count_the_change(_mapper: Any, _connection: Any, activity: Activity) -> None:
    """Whatever part of the program changes an activity, calendars hear of it."""
    facts = inspect(activity).attrs
    states = facts["state"].history
    called_off = states.has_changes() and ActivityState.CANCELLED in (*states.added, *states.deleted)
    if called_off or any(facts[name].history.has_changes() for name in _NOTICED):
        activity.sequence += 1
        activity.changed_at = utc_now()


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
