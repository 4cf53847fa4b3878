"""Rosters (draft and published versions), solver runs, and the duties that people hold."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import DeclineReason, DutyAnswer, DutyState, RosterState, RunState
from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.person import Person
from tenants.models.task import Activity, Visit

_VISIT = (["township_id", "visit_id"], ["visit.township_id", "visit.id"])
_ACTIVITY = (["township_id", "activity_id"], ["activity.township_id", "activity.id"])
_PERSON = (["township_id", "person_id"], ["person.township_id", "person.id"])
_ROSTER = (["township_id", "roster_id"], ["roster.township_id", "roster.id"])
_ONE_TASK = "(visit_id is null) <> (activity_id is null)"


class TaskReference:
    """Either a visit or an activity; ``task_id`` is the id of whichever it is."""

    visit_id: Mapped[str | None] = id_column()
    activity_id: Mapped[str | None] = id_column()

    @property
    def task_id(self) -> str:
        """Id of the visit or of the activity."""
        task_id = self.visit_id or self.activity_id
        if task_id is None:
            raise ValueError("neither a visit nor an activity")
        return task_id


class Roster(TownshipOwned, Base):
    """A plan of ``days`` days from ``starts_on``.

    A draft has no version and is edited; ``revision`` rises with every edit, so that a second planner's stale form is
    noticed. Publishing copies the draft into a frozen row with the township's next ``version``. A version that was
    withdrawn keeps its rows and holds no longer.
    """

    __tablename__ = "roster"
    __table_args__ = (
        UniqueConstraint("township_id", "version"),
        CheckConstraint("days between 1 and 62", name="days"),
        CheckConstraint("(state = 'published') = (version is not null)", name="version"),
    )

    starts_on: Mapped[date]
    days: Mapped[int]
    state: Mapped[RosterState] = mapped_column(default=RosterState.DRAFT)
    version: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    draft_id: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = id_column()
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = id_column()
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    score_medium: Mapped[int | None]
    score_soft: Mapped[int | None]
    bound_medium: Mapped[int | None]
    bound_soft: Mapped[int | None]
    optimal: Mapped[bool] = mapped_column(default=False)

    assignments: Mapped[list["Assignment"]] = relationship(
        cascade="all, delete-orphan", order_by="Assignment.starts_at, Assignment.id"
    )
    unserved: Mapped[list["UnservedTask"]] = relationship(cascade="all, delete-orphan")
    runs: Mapped[list["SolveRun"]] = relationship(
        back_populates="roster", cascade="all, delete-orphan", order_by="SolveRun.created_at"
    )
    edits: Mapped[list["RosterEdit"]] = relationship(cascade="all, delete-orphan", order_by="RosterEdit.revision")

    @property
    def ends_on(self) -> date:
        """The last day."""
        return self.starts_on + timedelta(days=self.days - 1)


class Assignment(TaskReference, TownshipOwned, Base):
    """A task of a roster at its time.

    ``time_pinned`` holds the time when planning again; ``by_hand`` marks a row that the planner has changed.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(*_ROSTER),
        ForeignKeyConstraint(*_VISIT),
        ForeignKeyConstraint(*_ACTIVITY),
        CheckConstraint(_ONE_TASK, name="one_task"),
        CheckConstraint("starts_at < ends_at", name="times"),
        UniqueConstraint("township_id", "roster_id", "visit_id"),
        UniqueConstraint("township_id", "roster_id", "activity_id"),
    )

    roster_id: Mapped[str] = id_column()
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_pinned: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)

    visit: Mapped[Visit | None] = relationship(viewonly=True)
    activity: Mapped[Activity | None] = relationship(viewonly=True)
    seats: Mapped[list["Seat"]] = relationship(
        cascade="all, delete-orphan", order_by="Seat.role, Seat.id", lazy="selectin"
    )


class Seat(TownshipOwned, Base):
    """One person in one role of an assignment; ``pinned`` keeps them there when planning again."""

    __tablename__ = "seat"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "assignment_id"], ["assignment.township_id", "assignment.id"]),
        ForeignKeyConstraint(*_PERSON),
        UniqueConstraint("township_id", "assignment_id", "person_id"),
    )

    assignment_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    role: Mapped[str] = mapped_column(String(40))
    pinned: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(viewonly=True)


class UnservedTask(TaskReference, TownshipOwned, Base):
    """A task that a roster leaves undone; ``reasons`` is the interchange format's list of codes."""

    __tablename__ = "unserved_task"
    __table_args__ = (
        ForeignKeyConstraint(*_ROSTER),
        ForeignKeyConstraint(*_VISIT),
        ForeignKeyConstraint(*_ACTIVITY),
        CheckConstraint(_ONE_TASK, name="one_task"),
    )

    roster_id: Mapped[str] = id_column()
    reasons: Mapped[list[Any]]

    visit: Mapped[Visit | None] = relationship(viewonly=True)
    activity: Mapped[Activity | None] = relationship(viewonly=True)


class RosterEdit(TownshipOwned, Base):
    """One edit of a draft: what it did, who made it, and what stood there before.

    ``before`` is None for what cannot be taken back (a plan); ``undone`` marks an edit that was taken back, and a
    taking back whose edit was made again.
    ``details`` holds ids and numbers only.
    """

    __tablename__ = "roster_edit"
    __table_args__ = (ForeignKeyConstraint(*_ROSTER), UniqueConstraint("township_id", "roster_id", "revision"))

    roster_id: Mapped[str] = id_column()
    revision: Mapped[int]
    action: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    undone: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class SolveRun(TownshipOwned, Base):
    """One run of the scheduler on a draft.

    ``progress`` is a list of ``{"elapsed", "medium", "soft", "bound_medium", "bound_soft", "served", "tasks"}``, the
    last one of a plan that was kept with ``"facts"``, a mark of what it was planned from; ``heartbeat_at`` is renewed
    while a worker is on it, so that a run whose worker died is queued again. Where ``calm`` was asked for, ``ways``
    lists rosters that disturb fewer people, each ``{"people": [ids], "medium", "soft", "rows": [{"task", "start",
    "people": [{"person", "role"}]}]}``, the calmest first.
    """

    __tablename__ = "solve_run"
    __table_args__ = (
        ForeignKeyConstraint(*_ROSTER),
        CheckConstraint("seconds between 1 and 3600", name="seconds"),
        Index("ix_solve_run_state", "state", "created_at"),
    )

    roster_id: Mapped[str] = id_column()
    roster_revision: Mapped[int]
    state: Mapped[RunState] = mapped_column(default=RunState.QUEUED)
    seconds: Mapped[int]
    seed: Mapped[int]
    weights: Mapped[dict[str, Any]]
    progress: Mapped[list[Any]] = mapped_column(default=list)
    calm: Mapped[bool] = mapped_column(default=False)
    ways: Mapped[list[Any]] = mapped_column(default=list)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    requested_by: Mapped[str] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")

    roster: Mapped[Roster] = relationship(back_populates="runs")


class Duty(TaskReference, TownshipOwned, Base):
    """What a person holds from the published rosters: the row behind their page and their calendar feed.

    ``sequence`` rises exactly when something the person would notice has changed (RFC 5545, 3.8.7.4); a dropped
    duty stays as cancelled for a while, so that calendars hear of it. ``answer`` is what the holder said; a declined
    duty is cancelled. The database itself refuses two confirmed duties of one person at one time, also in two
    townships, for a guest has the id of the person at home.
    """

    __tablename__ = "duty"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        ForeignKeyConstraint(*_VISIT),
        ForeignKeyConstraint(*_ACTIVITY),
        CheckConstraint(_ONE_TASK, name="one_task"),
        CheckConstraint("starts_at < ends_at", name="times"),
        UniqueConstraint("township_id", "person_id", "visit_id"),
        UniqueConstraint("township_id", "person_id", "activity_id"),
        Index("ix_duty_person_starts", "township_id", "person_id", "starts_at"),
        Index("ix_duty_holder_starts", "person_id", "starts_at"),
    )

    person_id: Mapped[str] = id_column()
    role: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[DutyState] = mapped_column(default=DutyState.CONFIRMED)
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int]
    answer: Mapped[DutyAnswer | None]
    answered_at: Mapped[datetime | None]
    decline_reason: Mapped[DeclineReason | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)

    person: Mapped[Person] = relationship(viewonly=True)
    visit: Mapped[Visit | None] = relationship(viewonly=True)
    activity: Mapped[Activity | None] = relationship(viewonly=True)
