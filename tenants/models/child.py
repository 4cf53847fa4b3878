"""The ledger of vulnerable children (notice 2.1, no. 3).

Work goes by case code and pseudonym. Identity (name, ID number, address, guardian's phone) is kept sealed: encrypted
under a key that the database does not hold, and bound to its table, column, township and row (tenants/crypto.py).
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import ChildCategory, Gender, RiskLevel
from tenants.models.base import Addressed, Base, TownshipOwned, id_column
from tenants.models.person import Person
from tenants.models.place import Village

_CHILD = (["township_id", "child_id"], ["child.township_id", "child.id"])


class Child(TownshipOwned, Base):
    """A child in the ledger; ``needs_gender`` asks that one of a visiting team has this gender.

    ``id_number_index`` is a keyed blind index, for look-up and for finding duplicates inside the township. What is left
    of an anonymised file serves statistics; of an erased one, what published rosters point to (services/forgetting).
    """

    __tablename__ = "child"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "village_id"], ["village.township_id", "village.id"]),
        UniqueConstraint("township_id", "case_code"),
        Index("uq_child_id_number_index", "township_id", "id_number_index", unique=True),
    )

    case_code: Mapped[str] = mapped_column(String(20))
    pseudonym: Mapped[str] = mapped_column(String(40))
    village_id: Mapped[str] = id_column()
    birth_year: Mapped[int]
    gender: Mapped[Gender | None]
    needs_gender: Mapped[Gender | None]
    confirmed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    anonymised_on: Mapped[date | None]
    erased_on: Mapped[date | None]
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    guardian_phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_index: Mapped[str | None] = mapped_column(String(64))

    village: Mapped[Village] = relationship()
    categories: Mapped[list["ChildCategoryPeriod"]] = relationship(
        cascade="all, delete-orphan", order_by="ChildCategoryPeriod.from_day"
    )
    risks: Mapped[list["ChildRiskPeriod"]] = relationship(
        cascade="all, delete-orphan", order_by="ChildRiskPeriod.from_day"
    )
    familiar: Mapped[list["FamiliarPerson"]] = relationship(cascade="all, delete-orphan")


class ChildCategoryPeriod(TownshipOwned, Base):
    """A category that a child is in, with its dates; ``to_day`` None: still."""

    __tablename__ = "child_category"
    __table_args__ = (
        ForeignKeyConstraint(*_CHILD),
        CheckConstraint("to_day is null or from_day <= to_day", name="days"),
    )

    child_id: Mapped[str] = id_column()
    category: Mapped[ChildCategory]
    from_day: Mapped[date]
    to_day: Mapped[date | None]


class ChildRiskPeriod(TownshipOwned, Base):
    """The risk level assessed for a child from ``from_day`` on, until a later one."""

    __tablename__ = "child_risk"
    __table_args__ = (ForeignKeyConstraint(*_CHILD), UniqueConstraint("township_id", "child_id", "from_day"))

    child_id: Mapped[str] = id_column()
    level: Mapped[RiskLevel]
    from_day: Mapped[date]


class FamiliarPerson(TownshipOwned, Base):
    """A person whom the child's household knows."""

    __tablename__ = "familiar_person"
    __table_args__ = (
        ForeignKeyConstraint(*_CHILD),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        UniqueConstraint("township_id", "child_id", "person_id"),
    )

    child_id: Mapped[str] = id_column()
    person_id: Mapped[str] = id_column()

    person: Mapped[Person] = relationship(viewonly=True)


class FileOpening(Addressed, Base):
    """Why an officer of the county opened a child's file, sealed; the log names this row, and it goes with the file."""

    __tablename__ = "file_opening"
    __table_args__ = (
        ForeignKeyConstraint(*_CHILD),
        ForeignKeyConstraint(["county_id", "township_id"], ["township.county_id", "township.id"]),
    )

    township_id: Mapped[str] = id_column()
    child_id: Mapped[str] = id_column()
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
