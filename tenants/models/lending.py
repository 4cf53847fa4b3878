"""Somebody lent to a neighbouring township for an activity or some days."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.enums import LendingParty, LendingState, PersonKind
from tenants.models.base import Base, SharedByTwo, id_column, utc_now

_TOWNSHIP = ["township.county_id", "township.id"]


class Lending(SharedByTwo, Base):
    """A loan from the first question to its end; minutes are those of each of its days, local time.

    Neither side reads the other's rows, so the row keeps the townships' names and the names of who agreed. It holds no
    name of the person: the lender knows ``person_id``, and the borrower has a guest of that id once the loan is
    agreed. ``offered``: the lender began it. ``purchased``: the county must agree too (notice 3.2). ``told_at`` is
    up to when the person was told of duties in the borrower's township.
    """

    __tablename__ = "lending"
    __table_args__ = (
        ForeignKeyConstraint(["county_id", "lender_id"], _TOWNSHIP),
        ForeignKeyConstraint(["county_id", "borrower_id"], _TOWNSHIP),
        CheckConstraint("lender_id <> borrower_id", name="two_townships"),
        CheckConstraint("from_day <= to_day", name="days"),
        CheckConstraint("0 <= from_minute and from_minute < to_minute and to_minute <= 1440", name="minutes"),
        CheckConstraint(
            "state <> 'agreed' or (person_id is not null and lender_at is not null and borrower_at is not null "
            "and (county_at is not null or not purchased) and (person_at is not null or kind <> 'volunteer'))",
            name="consents",
        ),
        Index("ix_lending_lender", "lender_id", "state"),
        Index("ix_lending_borrower", "borrower_id", "state"),
    )

    lender_name: Mapped[str] = mapped_column(String(60))
    lender_name_en: Mapped[str] = mapped_column(String(80), default="")
    borrower_name: Mapped[str] = mapped_column(String(60))
    borrower_name_en: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[LendingState]
    offered: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[PersonKind]
    skill: Mapped[str] = mapped_column(String(40), default="")
    from_day: Mapped[date]
    to_day: Mapped[date]
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    activity_id: Mapped[str | None] = id_column()
    title: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[str | None] = id_column()
    purchased: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    borrower_by: Mapped[str] = mapped_column(String(60), default="")
    borrower_at: Mapped[datetime | None]
    lender_by: Mapped[str] = mapped_column(String(60), default="")
    lender_at: Mapped[datetime | None]
    person_by: Mapped[str] = mapped_column(String(60), default="")
    person_at: Mapped[datetime | None]
    county_by: Mapped[str] = mapped_column(String(60), default="")
    county_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    closed_party: Mapped[LendingParty | None]
    closed_by: Mapped[str] = mapped_column(String(60), default="")
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(String(200), default="")
    dropped: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
