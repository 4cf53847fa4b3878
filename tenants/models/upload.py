"""Spreadsheets that were sent and wait to be confirmed."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.enums import SheetKind
from tenants.models.base import Base, TownshipOwned, id_column, utc_now


class SheetUpload(TownshipOwned, Base):
    """The cells of one file, compressed and sealed: it may hold a child's name. Dropped when confirmed or expired."""

    __tablename__ = "sheet_upload"
    __table_args__ = (Index("ix_sheet_upload_expires_at", "township_id", "expires_at"),)

    kind: Mapped[SheetKind]
    file_name: Mapped[str] = mapped_column(String(120))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[str | None] = id_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
