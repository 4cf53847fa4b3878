"""Who would like to become a volunteer of a township, as they wrote on its public page."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import ApplicationState
from tenants.models.base import Base, TownshipOwned, id_column, utc_now
from tenants.models.place import Village

_VILLAGE = ["village.township_id", "village.id"]


class VolunteerApplication(TownshipOwned, Base):
    """An application; it goes some time after it was decided (tenants/services/applications.py).

    ``base_village_id`` None: the applicant lives elsewhere. ``page_village_id`` names the village on whose home's page
    it was written. Who wrote it agreed to the use of the data, to the criminal-record check and to the code of conduct,
    and for somebody under 18 the guardian agreed, all at ``created_at``: without, it is not taken. ``person_id`` names
    the person that an approval has made.
    """

    __tablename__ = "volunteer_application"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "base_village_id"], _VILLAGE),
        ForeignKeyConstraint(["township_id", "page_village_id"], _VILLAGE),
        Index("ix_volunteer_application_state", "township_id", "state", "created_at"),
    )

    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(30))
    birth_date: Mapped[date]
    base_village_id: Mapped[str | None] = id_column()
    page_village_id: Mapped[str | None] = id_column()
    wishes: Mapped[str] = mapped_column(String(500), default="")
    skills: Mapped[list[str]]
    from_day: Mapped[date]
    guardian_name: Mapped[str] = mapped_column(String(60), default="")
    guardian_phone: Mapped[str] = mapped_column(String(30), default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.WAITING)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = id_column()
    reason: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[str | None] = id_column()

    base_village: Mapped[Village | None] = relationship(
        viewonly=True,
        primaryjoin="and_(VolunteerApplication.township_id == Village.township_id, "
        "VolunteerApplication.base_village_id == Village.id)",
    )
