"""The county's holidays and school terms, in versions that are never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.calendar import SpanKind, Subject
from tenants.models.base import Base, CountyOwned, id_column, utc_now


class CalendarTable(CountyOwned, Base):
    """One version of a year's holidays or of a school year's terms; see ``tenants.calendar.Table``.

    ``source`` names the notice or decision; ``provisional`` says that there is none yet.
    """

    __tablename__ = "calendar_table"
    __table_args__ = (
        UniqueConstraint("county_id", "subject", "year", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    subject: Mapped[Subject]
    year: Mapped[int]
    number: Mapped[int]
    since: Mapped[date]
    provisional: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_by: Mapped[str | None] = id_column()

    spans: Mapped[list["CalendarSpan"]] = relationship(
        cascade="all, delete-orphan", order_by="CalendarSpan.first, CalendarSpan.last"
    )


class CalendarSpan(CountyOwned, Base):
    """Days in a row of one table, both ends among them."""

    __tablename__ = "calendar_span"
    __table_args__ = (
        ForeignKeyConstraint(["county_id", "table_id"], ["calendar_table.county_id", "calendar_table.id"]),
        CheckConstraint("first <= last", name="days"),
    )

    table_id: Mapped[str] = id_column()
    kind: Mapped[SpanKind]
    first: Mapped[date]
    last: Mapped[date]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
