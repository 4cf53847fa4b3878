"""The people of a township: volunteers, social workers, child directors, station staff."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import ActivityKind, ExceptionKind, Gender, PersonKind, VettingResult
from tenants.models.base import Base, CountyOwned, TownshipOwned, id_column, utc_now
from tenants.models.place import Village

_PERSON = (["township_id", "person_id"], ["person.township_id", "person.id"])


class Person(TownshipOwned, Base):
    """Somebody who can be on a team.

    The limits are service minutes and tasks, travel not counted; None: no limit. ``dedicated`` marks
    purchased-service staff, who may do child protection and social work alone (notice 3.2). ``birth_date`` None: an
    adult whose day of birth is not kept. A volunteer under 18 has a guardian who agreed on a day. No plan gives a duty
    on less than ``notice_days`` of notice; duties a month are wished up to ``month_wish``, taken up to ``month_most``.
    ``own_words`` say what they would like to do. A ``guest`` is lent by a neighbouring township, under the id that they
    have there (tenants/services/guests.py).
    """

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "base_village_id"], ["village.township_id", "village.id"]),
        CheckConstraint("max_minutes_per_day is null or max_minutes_per_day > 0", name="day_minutes"),
        CheckConstraint("max_minutes_per_week is null or max_minutes_per_week > 0", name="week_minutes"),
        CheckConstraint("max_tasks_per_day is null or max_tasks_per_day > 0", name="day_tasks"),
    )

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[PersonKind]
    gender: Mapped[Gender | None]
    phone: Mapped[str | None] = mapped_column(String(30))
    base_village_id: Mapped[str | None] = id_column()
    dedicated: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    max_minutes_per_day: Mapped[int | None]
    max_minutes_per_week: Mapped[int | None]
    max_tasks_per_day: Mapped[int | None]
    notice_days: Mapped[int] = mapped_column(default=0, server_default="0")
    month_wish: Mapped[int | None]
    month_most: Mapped[int | None]
    birth_date: Mapped[date | None]
    guardian_name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    guardian_phone: Mapped[str] = mapped_column(String(30), default="", server_default="")
    guardian_agreed_on: Mapped[date | None]
    own_words: Mapped[str] = mapped_column(String(500), default="", server_default="")

    base_village: Mapped[Village | None] = relationship()
    skills: Mapped[list["PersonSkill"]] = relationship(cascade="all, delete-orphan", order_by="PersonSkill.skill")
    stated_skills: Mapped[list["StatedSkill"]] = relationship(
        cascade="all, delete-orphan", order_by="StatedSkill.skill"
    )
    lasting_wishes: Mapped[list["LastingWish"]] = relationship(cascade="all, delete-orphan", order_by="LastingWish.id")
    vettings: Mapped[list["Vetting"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Vetting.checked_on.desc()"
    )
    weekly: Mapped[list["WeeklyAvailability"]] = relationship(
        cascade="all, delete-orphan", order_by="WeeklyAvailability.weekday, WeeklyAvailability.from_minute"
    )
    exceptions: Mapped[list["AvailabilityException"]] = relationship(
        cascade="all, delete-orphan", order_by="AvailabilityException.from_day"
    )


class PersonSkill(TownshipOwned, Base):
    """One skill that a person has, by its word (case_work, counselling, first_aid …)."""

    __tablename__ = "person_skill"
    __table_args__ = (ForeignKeyConstraint(*_PERSON), UniqueConstraint("township_id", "person_id", "skill"))

    person_id: Mapped[str] = id_column()
    skill: Mapped[str] = mapped_column(String(40))


class StatedSkill(TownshipOwned, Base):
    """One skill that a person says they have: it qualifies for nothing until the station takes it over."""

    __tablename__ = "stated_skill"
    __table_args__ = (ForeignKeyConstraint(*_PERSON), UniqueConstraint("township_id", "person_id", "skill"))

    person_id: Mapped[str] = id_column()
    skill: Mapped[str] = mapped_column(String(40))


class LastingWish(TownshipOwned, Base):
    """A person would gladly (``wants``), or would rather not, do a kind of activity or go to a village.

    A word on one activity (``Wish``) goes before it.
    """

    __tablename__ = "lasting_wish"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        ForeignKeyConstraint(["township_id", "village_id"], ["village.township_id", "village.id"]),
        UniqueConstraint("township_id", "person_id", "kind"),
        UniqueConstraint("township_id", "person_id", "village_id"),
        CheckConstraint("(kind is null) <> (village_id is null)", name="one_thing"),
    )

    person_id: Mapped[str] = id_column()
    kind: Mapped[ActivityKind | None]
    village_id: Mapped[str | None] = id_column()
    wants: Mapped[bool]

    village: Mapped[Village | None] = relationship(viewonly=True)


class Training(TownshipOwned, Base):
    """A course that somebody has taken; ``valid_through`` None: it holds for good. ``entered_by`` names an account."""

    __tablename__ = "training"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("valid_through is null or valid_through >= day", name="valid_through"),
        Index("ix_training_person", "township_id", "person_id"),
    )

    person_id: Mapped[str] = id_column()
    course: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    hours: Mapped[int]
    valid_through: Mapped[date | None]
    entered_at: Mapped[datetime] = mapped_column(default=utc_now)
    entered_by: Mapped[str | None] = id_column()


class Vetting(TownshipOwned, Base):
    """A criminal-record check: made when taken on and every year (Law on the Protection of Minors, art. 62).

    ``bar_id`` names the county's bar that a bad result is part of; only the county lifts one.
    """

    __tablename__ = "vetting"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        CheckConstraint("valid_through >= checked_on", name="valid_through"),
    )

    person_id: Mapped[str] = id_column()
    checked_on: Mapped[date]
    valid_through: Mapped[date]
    result: Mapped[VettingResult]
    reference: Mapped[str] = mapped_column(String(80), default="")
    bar_id: Mapped[str | None] = id_column()

    person: Mapped[Person] = relationship(back_populates="vettings")


class VettingRequest(TownshipOwned, Base):
    """That the police or procurate was asked for a person's record; people of one letter share its ``batch``.

    ``answered_on`` None: no reply yet. ID numbers are written on the printed letter by hand and are not kept.
    """

    __tablename__ = "vetting_request"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        UniqueConstraint("township_id", "batch", "person_id"),
        Index("ix_vetting_request_person", "township_id", "person_id"),
    )

    batch: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    requested_on: Mapped[date]
    answered_on: Mapped[date | None]

    person: Mapped[Person] = relationship(viewonly=True)


class Bar(CountyOwned, Base):
    """Somebody whose check came back bad, for every township of the county (art. 62: may not be employed).

    ``township_id`` and ``person_id`` name the row by which the result was entered. ``identity`` is a digest of name and
    telephone (tenants/queries/bars.py), by which the same person is known again elsewhere in the county; None where
    no telephone is kept. It stands until the county lifts it, with a reason.
    """

    __tablename__ = "bar"
    __table_args__ = (ForeignKeyConstraint(*_PERSON), Index("ix_bar_identity", "county_id", "identity"))

    township_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    identity: Mapped[str | None] = mapped_column(String(64))
    checked_on: Mapped[date]
    entered_by: Mapped[str | None] = id_column()
    entered_at: Mapped[datetime] = mapped_column(default=utc_now)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = id_column()
    lifted_reason: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship()


class WeeklyAvailability(TownshipOwned, Base):
    """Free every week from ``from_minute`` to ``to_minute`` of ``weekday`` (0 Monday), local time."""

    __tablename__ = "weekly_availability"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("0 <= from_minute and from_minute < to_minute and to_minute <= 1440", name="minutes"),
    )

    person_id: Mapped[str] = id_column()
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]


class AvailabilityException(TownshipOwned, Base):
    """Away on, or free beyond the week on, the days from ``from_day`` to ``to_day``, in the minutes given.

    ``invitation_id`` names the answer that it comes from (tenants/models/asking.py): a new answer replaces it;
    ``lending_id`` the loan: it goes when that ends, and not before; ``holiday`` the holiday for which somebody has
    answered (tenants/services/holiday_answers.py).
    """

    __tablename__ = "availability_exception"
    __table_args__ = (
        ForeignKeyConstraint(*_PERSON),
        CheckConstraint("from_day <= to_day", name="days"),
        CheckConstraint("0 <= from_minute and from_minute < to_minute and to_minute <= 1440", name="minutes"),
    )

    person_id: Mapped[str] = id_column()
    kind: Mapped[ExceptionKind]
    from_day: Mapped[date]
    to_day: Mapped[date]
    from_minute: Mapped[int] = mapped_column(default=0)
    to_minute: Mapped[int] = mapped_column(default=1440)
    note: Mapped[str] = mapped_column(String(120), default="")
    invitation_id: Mapped[str | None] = id_column()
    lending_id: Mapped[str | None] = id_column()
    holiday: Mapped[str | None] = mapped_column(String(30))
