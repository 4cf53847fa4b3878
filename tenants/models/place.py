"""County, township, village and its Children's Home."""

from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.enums import TownshipKind, VillageKind
from tenants.models.base import ID_LENGTH, Base, TownshipOwned, id_column, new_id

SAFETY_PHONES = (("公安报警", "110"), ("医疗急救", "120"), ("青少年服务热线", "12355"))
"""National numbers that a county begins with; it adds its own."""


class County(Base):
    """A county; an installation can hold several, and none sees another.

    ``visit_hours`` maps ``school_day`` and ``free_day`` to lists of ``["HH:MM", "HH:MM"]`` in which a household may be
    visited. Road travel is the great circle times ``road_detour`` at ``road_kmh``. A duty can be declined until
    ``decline_hours`` before it begins. Messages wait from ``quiet_from`` to ``quiet_until`` (minutes of the day).
    ``safety_phones`` is a list of ``["name", "number"]`` that everybody on duty sees.
    """

    __tablename__ = "county"

    id: Mapped[str] = id_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    invented: Mapped[bool] = mapped_column(default=False)
    road_detour: Mapped[float] = mapped_column(default=1.4)
    road_kmh: Mapped[float] = mapped_column(default=30.0)
    visit_hours: Mapped[dict[str, Any]] = mapped_column(
        default=lambda: {"school_day": [["16:15", "19:00"]], "free_day": [["09:00", "12:00"], ["14:00", "18:00"]]}
    )
    decline_hours: Mapped[int] = mapped_column(default=48, server_default="48")
    quiet_from: Mapped[int] = mapped_column(default=22 * 60, server_default="1320")
    quiet_until: Mapped[int] = mapped_column(default=7 * 60, server_default="420")
    safety_phones: Mapped[list[Any]] = mapped_column(default=lambda: [list(pair) for pair in SAFETY_PHONES])

    townships: Mapped[list["Township"]] = relationship(back_populates="county", order_by="Township.name")


class Township(Base):
    """The tenant: a township with its protection station; latitude and longitude of its seat in degrees."""

    __tablename__ = "township"
    __table_args__ = (UniqueConstraint("county_id", "name"), UniqueConstraint("county_id", "id"))

    id: Mapped[str] = id_column(primary_key=True, default=new_id)
    county_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("county.id"))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    kind: Mapped[TownshipKind]
    lat: Mapped[float]
    lon: Mapped[float]
    safety_phone: Mapped[str | None] = mapped_column(String(30))

    county: Mapped[County] = relationship(back_populates="townships")


class Village(TownshipOwned, Base):
    """A village or urban community; latitude and longitude in degrees."""

    __tablename__ = "village"
    __table_args__ = (UniqueConstraint("township_id", "name"),)

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    kind: Mapped[VillageKind]
    lat: Mapped[float]
    lon: Mapped[float]

    home: Mapped["Home | None"] = relationship(back_populates="village")


class Home(TownshipOwned, Base):
    """A village's Children's Home (notice 2.3); one to a village. ``door_code`` stands at its door as a QR code."""

    __tablename__ = "home"
    __table_args__ = (
        ForeignKeyConstraint(["township_id", "village_id"], ["village.township_id", "village.id"]),
        UniqueConstraint("township_id", "village_id"),
    )

    village_id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(String(80))
    opening_hours: Mapped[str] = mapped_column(String(200), default="")
    opened: Mapped[bool] = mapped_column(default=True)
    door_code: Mapped[str | None] = id_column()

    village: Mapped[Village] = relationship(back_populates="home")
