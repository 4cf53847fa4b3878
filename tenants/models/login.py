"""What stands behind a log-in: sessions, one-time links, the throttle. Only the program's own chores reach these."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.enums import LinkPurpose
from tenants.models.base import Base, SystemOnly, id_column, new_id, utc_now

_ACCOUNT = (["county_id", "account_id"], ["account.county_id", "account.id"])


class AccountSession(SystemOnly, Base):
    """One device's log-in; the cookie holds the token, the row its SHA-256. Ended rows let nobody in."""

    __tablename__ = "account_session"
    __table_args__ = (UniqueConstraint("token_hash"), ForeignKeyConstraint(*_ACCOUNT))

    id: Mapped[str] = id_column(primary_key=True, default=new_id)
    county_id: Mapped[str] = id_column()
    account_id: Mapped[str] = id_column(index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AccountLink(SystemOnly, Base):
    """A one-time link to set a password: for an invitation, or for recovery by the level above."""

    __tablename__ = "account_link"
    __table_args__ = (UniqueConstraint("token_hash"), ForeignKeyConstraint(*_ACCOUNT))

    id: Mapped[str] = id_column(primary_key=True, default=new_id)
    county_id: Mapped[str] = id_column()
    account_id: Mapped[str] = id_column(index=True)
    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginThrottle(SystemOnly, Base):
    """Failures of one account name or one address; ``key`` is a SHA-256, so that the table lists no names."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=utc_now)
