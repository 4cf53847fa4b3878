"""Purchased-service staff: contracts, the county's register, proposals who serves where, postings, and diversions.

The county buys the service and moves the workers alone (notice 3.2), so the register and the proposals are read by its
officers alone; a township learns of a posting by a notice of its own.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import AllocationState, DiversionWay
from tenants.models.base import Base, CountyOnly, CountyOwned, TownshipOwned, id_column, utc_now

_CONTRACT = (["county_id", "contract_id"], ["service_contract.county_id", "service_contract.id"])
_STAFF = (["county_id", "staff_id"], ["staff_member.county_id", "staff_member.id"])
_ALLOCATION = (["county_id", "allocation_id"], ["staff_allocation.county_id", "staff_allocation.id"])
_TOWNSHIP = ["township.county_id", "township.id"]


class ServiceContract(CountyOnly, Base):
    """A contract of the county with a provider, and what it buys.

    ``weekly_minutes`` is what one worker owes in a week; ``visits``, ``activities`` and ``hours`` are bought over the
    whole contract, 0 where the contract names none.
    """

    __tablename__ = "service_contract"
    __table_args__ = (
        UniqueConstraint("county_id", "number"),
        CheckConstraint("from_day <= to_day", name="days"),
        CheckConstraint("weekly_minutes between 60 and 4200", name="weekly_minutes"),
        CheckConstraint("workers >= 0 and visits >= 0 and activities >= 0 and hours >= 0", name="bought"),
    )

    number: Mapped[str] = mapped_column(String(40))
    provider: Mapped[str] = mapped_column(String(120))
    from_day: Mapped[date]
    to_day: Mapped[date]
    weekly_minutes: Mapped[int] = mapped_column(default=2400)
    workers: Mapped[int] = mapped_column(default=0)
    visits: Mapped[int] = mapped_column(default=0)
    activities: Mapped[int] = mapped_column(default=0)
    hours: Mapped[int] = mapped_column(default=0)


class StaffMember(CountyOnly, Base):
    """A purchased-service worker in the county's register; without a township they are new, or wait for a post.

    ``person_id`` is the person that they are in the township of their present post. Home in degrees, None: not known.
    """

    __tablename__ = "staff_member"
    __table_args__ = (
        ForeignKeyConstraint(["county_id", "township_id"], _TOWNSHIP),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        UniqueConstraint("township_id", "person_id"),
    )

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    home: Mapped[str] = mapped_column(String(60), default="")
    home_lat: Mapped[float | None]
    home_lon: Mapped[float | None]
    movable: Mapped[bool] = mapped_column(default=True)
    left: Mapped[bool] = mapped_column(default=False)
    township_id: Mapped[str | None] = id_column()
    person_id: Mapped[str | None] = id_column()

    under: Mapped[list["StaffContract"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def contracts(self) -> list[ServiceContract]:
        """The contracts under which they serve, served or will serve, in their order."""
        return sorted((one.contract for one in self.under), key=lambda row: (row.from_day, row.number))

    def contract_on(self, day: date) -> ServiceContract | None:
        """The contract that holds on a day: of several the one that began last."""
        held = [row for row in self.contracts if row.from_day <= day <= row.to_day]
        return held[-1] if held else None


class StaffContract(CountyOnly, Base):
    """A worker serves under a contract, on the days on which it holds; a renewal is entered beside what was before."""

    __tablename__ = "staff_contract"
    __table_args__ = (
        ForeignKeyConstraint(*_STAFF),
        ForeignKeyConstraint(*_CONTRACT),
        UniqueConstraint("county_id", "staff_id", "contract_id"),
    )

    staff_id: Mapped[str] = id_column()
    contract_id: Mapped[str] = id_column()

    contract: Mapped[ServiceContract] = relationship(viewonly=True, lazy="joined")


class CategoryWeights(CountyOwned, Base):
    """How much work one child is, by category and risk; a version holds from ``from_day`` until a later one.

    ``weights`` is ``{category: {risk: weight}}``, with the risk ``none`` for a child who is not assessed yet.
    """

    __tablename__ = "category_weights"
    __table_args__ = (UniqueConstraint("county_id", "from_day"),)

    from_day: Mapped[date]
    weights: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(200))
    is_example: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class StaffAllocation(CountyOnly, Base):
    """A proposal who serves which township from ``moves_on`` on.

    ``settings`` are the officer's wishes, ``problem`` is what was read of the live data (../shared form, opaque ids
    alone), ``excluded`` who is not in it and why, ``uncategorised`` how many open files no category holds;
    ``frontier`` holds the solver's points, ``chosen`` is the place of the one that is meant, ``decided_because`` says
    why it was rejected. Whoever approves is another officer than the one who proposed.
    """

    __tablename__ = "staff_allocation"
    __table_args__ = (
        CheckConstraint("decided_by is null or decided_by <> proposed_by", name="two_people"),
        Index("ix_staff_allocation_state", "state", "created_at"),
    )

    title: Mapped[str] = mapped_column(String(80))
    state: Mapped[AllocationState] = mapped_column(default=AllocationState.QUEUED)
    moves_on: Mapped[date]
    settings: Mapped[dict[str, Any]]
    problem: Mapped[dict[str, Any]]
    excluded: Mapped[list[Any]] = mapped_column(default=list)
    uncategorised: Mapped[int] = mapped_column(default=0)
    weights_source: Mapped[str] = mapped_column(String(200))
    weights_from: Mapped[date]
    frontier: Mapped[dict[str, Any] | None]
    chosen: Mapped[int | None]
    seconds: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_by: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    proposed_by: Mapped[str | None] = id_column()
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = id_column()
    decided_at: Mapped[datetime | None]
    decided_because: Mapped[str] = mapped_column(String(500), default="")


class StaffPosting(CountyOnly, Base):
    """A worker's move that was approved; ``to_township_id`` None: taken off the posts.

    Without ``allocation_id`` nobody decided it: the worker has left the service, and this is where and who they were.
    ``announced_at`` is when both townships were told and the worker was entered in the new one, ``begun_at`` when the
    day had come, ``stopped_at`` when it was stopped before, since the worker is barred. ``facts`` are the numbers that
    the move was decided on.
    """

    __tablename__ = "staff_posting"
    __table_args__ = (
        ForeignKeyConstraint(*_STAFF),
        ForeignKeyConstraint(*_ALLOCATION),
        ForeignKeyConstraint(["county_id", "from_township_id"], _TOWNSHIP),
        ForeignKeyConstraint(["county_id", "to_township_id"], _TOWNSHIP),
        UniqueConstraint("county_id", "allocation_id", "staff_id"),
    )

    staff_id: Mapped[str] = id_column()
    allocation_id: Mapped[str | None] = id_column()
    from_township_id: Mapped[str | None] = id_column()
    from_person_id: Mapped[str | None] = id_column()
    to_township_id: Mapped[str | None] = id_column()
    to_person_id: Mapped[str | None] = id_column()
    from_day: Mapped[date]
    facts: Mapped[dict[str, Any]]
    announced_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    staff: Mapped[StaffMember] = relationship(viewonly=True)


class PostingNotice(TownshipOwned, Base):
    """What a township is told of a posting: who comes or leaves, when, and where from or to."""

    __tablename__ = "posting_notice"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        UniqueConstraint("township_id", "posting_id"),
    )

    posting_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()
    arrives: Mapped[bool]
    other_township: Mapped[str] = mapped_column(String(60))
    other_township_en: Mapped[str] = mapped_column(String(80))
    from_day: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class DiversionAttempt(TownshipOwned, Base):
    """Somebody tried to give purchased-service staff work that is not theirs (notice 3.2); it was refused.

    ``task_id`` is the visit or activity, None where it was about the person's entry.
    """

    __tablename__ = "diversion_attempt"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        Index("ix_diversion_attempt_at", "township_id", "at"),
    )

    person_id: Mapped[str] = id_column()
    account_id: Mapped[str | None] = id_column()
    way: Mapped[DiversionWay]
    task_id: Mapped[str | None] = id_column()
    at: Mapped[datetime] = mapped_column(default=utc_now)
