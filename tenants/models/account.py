"""Accounts, feed tokens and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from tenants.enums import AccountRole
from tenants.models.base import ID_LENGTH, Base, CountyOwned, TownshipOwned, id_column, utc_now


class Account(CountyOwned, Base):
    """A log-in; ``township_id`` is None for county officers alone.

    ``email`` is where messages go too; ``digest`` gathers those that can wait into one a day.
    ``diversions_seen_at`` is up to when a county officer has looked at attempted diversions.
    ``totp_since`` is when the second factor was confirmed; ``totp_last_step`` stops a code from being used twice.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("username"),
        ForeignKeyConstraint(["county_id", "township_id"], ["township.county_id", "township.id"]),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        CheckConstraint("(role = 'county_officer') = (township_id is null)", name="township"),
    )

    username: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[AccountRole]
    township_id: Mapped[str | None] = id_column()
    person_id: Mapped[str | None] = id_column()
    display_name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10), default="zh")
    disabled: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(200))
    digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_since: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    diversions_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class FeedToken(TownshipOwned, Base):
    """A secret calendar address; the token itself is shown once, only its SHA-256 is kept.

    It belongs to a person, or with ``home_id`` to a Children's Home, whose activities it shows. A person's shows the
    own duties, with ``whole_township`` all of the township's. ``alarm_minutes`` before each the phone rings, if at
    all; ``language`` None: as the account has it (a home's: Chinese). ``chosen_at``: when either was last changed.
    """

    __tablename__ = "feed_token"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        ForeignKeyConstraint(["township_id", "person_id"], ["person.township_id", "person.id"]),
        ForeignKeyConstraint(["township_id", "home_id"], ["home.township_id", "home.id"]),
        CheckConstraint("(person_id is null) <> (home_id is null)", name="one_owner"),
    )

    person_id: Mapped[str | None] = id_column()
    home_id: Mapped[str | None] = id_column()
    whole_township: Mapped[bool] = mapped_column(default=False, server_default=false())
    token_hash: Mapped[str] = mapped_column(String(64))
    alarm_minutes: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(8))
    chosen_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]
    last_fetched_at: Mapped[datetime | None]


class AuditEntry(Base):
    """One line of a county's append-only log, chained by SHA-256 to the line before it.

    It names rows by id and kind only: no name, address or risk of a child stands in it.
    """

    __tablename__ = "audit_entry"

    county_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("county.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[str | None] = id_column()
    township_id: Mapped[str | None] = id_column()
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str | None] = id_column()
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last line's number and digest of a county's log; whoever appends holds this row's lock."""

    __tablename__ = "audit_head"

    county_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("county.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")
