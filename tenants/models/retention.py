"""How long a child's file is kept, what stops its end, who has ended it; and the guardians' consent.

Source: Personal Information Protection Law, art. 19 (no longer than needed), 47 (deletion), 14 to 16, 29, 31
(consent).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import (
    ChildCategory,
    ConsentGiver,
    ConsentPurpose,
    DisposalOutcome,
    DisposalState,
    DisposalStep,
    HoldKind,
)
from tenants.models.base import Base, CountyOwned, TownshipOwned, id_column, utc_now

_CHILD = (["township_id", "child_id"], ["child.township_id", "child.id"])
REASON_LENGTH = 200


class RetentionRule(CountyOwned, Base):
    """What the county has decided for a category, in months; None: never.

    ``close_months`` count from the day on which the last category ended or the child came of age; the other two from
    the day on which the file was closed.
    """

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("county_id", "category"),
        CheckConstraint("close_months is null or close_months between 0 and 600", name="close"),
        CheckConstraint("anonymise_months is null or anonymise_months between 0 and 600", name="anonymise"),
        CheckConstraint("erase_months is null or erase_months between 0 and 600", name="erase"),
    )

    category: Mapped[ChildCategory]
    close_months: Mapped[int | None]
    anonymise_months: Mapped[int | None]
    erase_months: Mapped[int | None]
    decided_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))


class Hold(TownshipOwned, Base):
    """A reason for which a file must stay as it is, until it is lifted; the reason goes with the file."""

    __tablename__ = "hold"
    __table_args__ = (ForeignKeyConstraint(*_CHILD),)

    child_id: Mapped[str] = id_column()
    kind: Mapped[HoldKind]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    placed_at: Mapped[datetime] = mapped_column(default=utc_now)
    placed_by: Mapped[str] = id_column()
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = id_column()


class Disposal(TownshipOwned, Base):
    """Files proposed by one person for one step, decided by another; carried out, it is the certificate.

    ``number`` is the certificate's, counted up in each township. ``destroyed`` is a list of words for what was
    destroyed (``tenants.services.forgetting.KINDS``).
    """

    __tablename__ = "disposal"
    __table_args__ = (
        UniqueConstraint("township_id", "number"),
        CheckConstraint("state <> 'done' or (decided_by is not null and decided_by <> proposed_by)", name="two_people"),
        CheckConstraint("(state = 'done') = (number is not null)", name="numbered"),
    )

    step: Mapped[DisposalStep]
    state: Mapped[DisposalState] = mapped_column(default=DisposalState.PROPOSED)
    proposed_by: Mapped[str] = id_column()
    proposed_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_by: Mapped[str | None] = id_column()
    decided_at: Mapped[datetime | None]
    number: Mapped[int | None]
    destroyed: Mapped[list[Any]] = mapped_column(default=list)

    files: Mapped[list["DisposalFile"]] = relationship(
        cascade="all, delete-orphan", order_by="DisposalFile.id", lazy="selectin"
    )


class DisposalFile(TownshipOwned, Base):
    """One file of a disposal.

    Once its content is destroyed ``child_id`` is empty, and only ``code_digest`` is left: whoever has kept the case
    code can tell by it that this file was among them (``tenants.services.disposals.code_digest``).
    """

    __tablename__ = "disposal_file"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "disposal_id"], ["disposal.township_id", "disposal.id"]),
        ForeignKeyConstraint(*_CHILD),
        UniqueConstraint("township_id", "disposal_id", "child_id"),
    )

    disposal_id: Mapped[str] = id_column()
    child_id: Mapped[str | None] = id_column()
    outcome: Mapped[DisposalOutcome] = mapped_column(default=DisposalOutcome.WAITING)
    code_digest: Mapped[str] = mapped_column(String(64), default="")


class Consent(TownshipOwned, Base):
    """One purpose that a guardian has agreed to, on a signed form that the station keeps; their name is sealed."""

    __tablename__ = "consent"
    __table_args__ = (
        ForeignKeyConstraint(*_CHILD),
        CheckConstraint("withdrawn_on is null or given_on <= withdrawn_on", name="days"),
    )

    child_id: Mapped[str] = id_column()
    purpose: Mapped[ConsentPurpose]
    given_on: Mapped[date]
    given_by: Mapped[ConsentGiver]
    giver_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    form_kept_at: Mapped[str] = mapped_column(String(80), default="")
    withdrawn_on: Mapped[date | None]
