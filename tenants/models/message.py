"""What people are told, and its ways out of the program. Nothing about a child stands in any of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import Channel, DeliveryState, MessageKind
from tenants.models.base import Addressed, Base, id_column, utc_now


class Message(Addressed, Base):
    """One thing that an account is told: the row behind the inbox.

    ``facts`` holds times, places, roles and numbers, never a case code, a name or any other fact of a child; the words
    are made in the reader's language. An ``urgent`` message does not wait for the end of quiet hours.
    """

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(["county_id", "account_id"], ["account.county_id", "account.id"]),
        ForeignKeyConstraint(["county_id", "township_id"], ["township.county_id", "township.id"]),
        Index("ix_message_account", "county_id", "account_id", "created_at"),
    )

    account_id: Mapped[str] = id_column()
    kind: Mapped[MessageKind]
    facts: Mapped[dict[str, Any]]
    subject_id: Mapped[str | None] = id_column()
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    read_at: Mapped[datetime | None]

    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="message", cascade="all, delete-orphan", order_by="Delivery.channel"
    )


class Delivery(Addressed, Base):
    """The outbox: one message on one channel, written with the change that it tells of and sent after the commit.

    ``batch`` names what goes out as one e-mail or one call; it is the idempotency key, and what was tried once is
    tried again as it was. ``due_at`` lies after quiet hours, at the digest's hour, or after a failed try.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["county_id", "message_id"], ["message.county_id", "message.id"]),
        ForeignKeyConstraint(["county_id", "account_id"], ["account.county_id", "account.id"]),
        ForeignKeyConstraint(["county_id", "township_id"], ["township.county_id", "township.id"]),
        UniqueConstraint("county_id", "message_id", "channel"),
        Index("ix_delivery_due", "state", "due_at"),
    )

    message_id: Mapped[str] = id_column()
    account_id: Mapped[str] = id_column()
    channel: Mapped[Channel]
    address: Mapped[str] = mapped_column(String(200))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    batch: Mapped[str | None] = id_column()
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(200), default="")

    message: Mapped[Message] = relationship(back_populates="deliveries")
