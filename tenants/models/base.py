"""The declarative base, and the columns that owned tables share."""

import base64
import secrets
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, ForeignKey, MetaData, String, Time, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID_LENGTH = 26


def new_id() -> str:
    """An unguessable public id: 128 random bits as 26 lower-case base-32 characters."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def utc_now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime kept in UTC; SQLite has no zone of its own, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime, and turn an aware one into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _by_value(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """Base of every table; constraint names are fixed so that Alembic can name each on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        StrEnum: Enum(StrEnum, native_enum=False, values_callable=_by_value, length=32, create_constraint=False),
        datetime: UtcDateTime(),
        date: Date(),
        time: Time(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[Any]: JSON(),
    }


class CountyOwned:
    """A row that belongs to one county; every query on it is held to the session's scope."""

    county_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("county.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


class CountyOnly(CountyOwned):
    """A row of the county's own desk: its officers alone read it, no township's account does."""


class Addressed(CountyOwned):
    """A county's row that one township reads and writes too; its officers' alone where ``township_id`` is None."""

    township_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class TownshipOwned:
    """A row that belongs to one township (the tenant); ``township_id`` stands first in its key."""

    township_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("township.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


class SharedByTwo:
    """A row between two townships of a county: both read and write it, and the county's officers; nobody else does."""

    county_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("county.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    lender_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    borrower_id: Mapped[str] = mapped_column(String(ID_LENGTH))


class SystemOnly:
    """A row of the program's own chores (log-in): no request's scope reads or writes it, only a system session."""


def id_column(**kwargs: Any) -> Mapped[Any]:
    """A column that holds another row's id."""
    return mapped_column(String(ID_LENGTH), **kwargs)
