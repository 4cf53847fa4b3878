"""What the county and the station have settled about duties and messages."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import SignUpMode
from tenants.models import County, StationSetting, Township
from tenants.models.exchange import YOUNGEST


@dataclass(frozen=True, kw_only=True)
class SafetyPhone:
    """A number that everybody on duty sees: the station's own, under its township's name, or one of the county's."""

    name: str
    number: str
    name_en: str = ""
    is_station: bool = False


@dataclass(frozen=True, kw_only=True)
class Arrangements:
    """What holds in a township: a duty can be declined until ``notice`` before it begins."""

    notice: timedelta
    sign_up: SignUpMode
    phones: tuple[SafetyPhone, ...]


def setting_of(session: Session, township_id: str) -> StationSetting | None:
    """What the station has chosen; None: nothing yet."""
    return session.scalar(select(StationSetting).where(StationSetting.township_id == township_id))


def youngest(session: Session, township_id: str) -> int:
    """Years of age from which the township's station takes volunteers."""
    setting = setting_of(session, township_id)
    return setting.join_age if setting else YOUNGEST


def county_of(session: Session, township_id: str) -> County:
    """The township's county."""
    return session.scalars(select(County).join(Township).where(Township.id == township_id)).one()


def arrangements_of(session: Session, township_id: str) -> Arrangements:
    """What holds in a township, the county's word where the station has none of its own."""
    township, setting = session.get_one(Township, township_id), setting_of(session, township_id)
    county = session.get_one(County, township.county_id)
    hours = setting.decline_hours if setting and setting.decline_hours is not None else county.decline_hours
    return Arrangements(
        notice=timedelta(hours=hours),
        sign_up=setting.sign_up if setting else SignUpMode.APPROVAL,
        phones=(*_station_phones(township), *county_phones(county)),
    )


def county_phones(county: County) -> tuple[SafetyPhone, ...]:
    """The numbers that the county has settled for all stations."""
    return tuple(SafetyPhone(name=str(name), number=str(number)) for name, number in county.safety_phones)


def _station_phones(township: Township) -> tuple[SafetyPhone, ...]:
    if not township.safety_phone:
        return ()
    station = SafetyPhone(name=township.name, name_en=township.name_en, number=township.safety_phone, is_station=True)
    return (station,)
