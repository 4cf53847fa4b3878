"""Who steps in for whom, who would like a place, and what the station allows of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import AskState, DeclineReason, SignUpMode, SignUpState, SwapState
from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.person import Person
from tenants.models.roster import Duty
from tenants.models.task import Activity

YOUNGEST = 16
"""Years of age from which a station takes volunteers unless it says otherwise."""
_OPEN_SWAP = text("state = 'open'")
_LIVE_SIGN_UP = text("state in ('requested', 'waiting')")


class StationSetting(TownshipOwned, Base):
    """What a station has chosen; one row to a township. ``decline_hours`` None: as the county says.

    ``join_open``: the public page for volunteers can be seen; ``join_words`` stand on it, and who is younger than
    ``join_age`` years cannot apply there.
    """

    __tablename__ = "station_setting"
    __table_args__ = (
        UniqueConstraint("township_id"),
        CheckConstraint("decline_hours is null or decline_hours between 0 and 720", name="decline_hours"),
    )

    decline_hours: Mapped[int | None]
    sign_up: Mapped[SignUpMode] = mapped_column(default=SignUpMode.APPROVAL)
    join_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    join_words: Mapped[str] = mapped_column(String(600), default="", server_default="")
    join_age: Mapped[int] = mapped_column(default=YOUNGEST, server_default=str(YOUNGEST))


class SwapRequest(TownshipOwned, Base):
    """Somebody looks for a substitute for a duty; a duty has one open search at most.

    ``next_at``: when the next people are asked, unless somebody accepts; None: as soon as may be. ``nobody_at``: since
    when nobody is left to ask, of which the station was told.
    """

    __tablename__ = "swap_request"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "duty_id"], ["duty.township_id", "duty.id"]),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        Index(
            "uq_swap_request_open", "township_id", "duty_id", unique=True,
            sqlite_where=_OPEN_SWAP, postgresql_where=_OPEN_SWAP,
        ),
    )  # fmt: skip

    duty_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    reason: Mapped[DeclineReason]
    state: Mapped[SwapState] = mapped_column(default=SwapState.OPEN)
    taken_by: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    closed_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    nobody_at: Mapped[datetime | None]

    duty: Mapped[Duty] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True)
    asks: Mapped[list["SwapAsk"]] = relationship(cascade="all, delete-orphan", order_by="SwapAsk.asked_at, SwapAsk.id")


class SwapAsk(TownshipOwned, Base):
    """Somebody who was asked to step in, once for each search."""

    __tablename__ = "swap_ask"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "swap_id"], ["swap_request.township_id", "swap_request.id"]),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        UniqueConstraint("township_id", "swap_id", "person_id"),
        Index("ix_swap_ask_person", "township_id", "person_id", "asked_at"),
    )

    swap_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    state: Mapped[AskState] = mapped_column(default=AskState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    answered_at: Mapped[datetime | None]


class SignUp(TownshipOwned, Base):
    """Somebody would like a place of an activity; one live wish for each person and activity."""

    __tablename__ = "sign_up"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "activity_id"], ["activity.township_id", "activity.id"]),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        Index(
            "uq_sign_up_live", "township_id", "activity_id", "person_id", unique=True,
            sqlite_where=_LIVE_SIGN_UP, postgresql_where=_LIVE_SIGN_UP,
        ),
        Index("ix_sign_up_state", "township_id", "state", "created_at"),
    )  # fmt: skip

    activity_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    role: Mapped[str] = mapped_column(String(40))
    state: Mapped[SignUpState]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = id_column()

    activity: Mapped[Activity] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True)
