"""Settle what holds about duties and messages: the county for all, the station where it has a choice."""

from collections.abc import Sequence
from datetime import time

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import SignUpMode
from tenants.errors import ForbiddenError, InvalidError
from tenants.models import County, StationSetting
from tenants.queries.arrangements import setting_of
from tenants.services import audit_log

MOST_HOURS = 720


def settle_county(
    session: Session,
    actor: Actor,
    *,
    decline_hours: int,
    quiet: tuple[time, time],
    phones: Sequence[Sequence[str]],
) -> None:
    """The county's rules: hours before a duty until which it can be declined, quiet hours, safety numbers.

    Raises:
        InvalidError: the hours lie outside 0 to 720.

    """
    _need_hours(decline_hours)
    county = session.get_one(County, actor.county_id)
    county.decline_hours = decline_hours
    county.quiet_from, county.quiet_until = (moment.hour * 60 + moment.minute for moment in quiet)
    county.safety_phones = [[str(name), str(number)] for name, number in phones]
    session.flush()
    facts = {"decline_hours": decline_hours, "phones": len(phones)}
    audit_log.record(session, actor, "county.arrange", "county", county.id, details=facts)


def settle_station(session: Session, actor: Actor, *, sign_up: SignUpMode, decline_hours: int | None) -> None:
    """The station's choice; ``decline_hours`` None: as the county says.

    Raises:
        InvalidError: the hours lie outside 0 to 720.
        ForbiddenError: the actor belongs to no station.

    """
    if actor.township_id is None:
        raise ForbiddenError("A township's station settles this.")
    if decline_hours is not None:
        _need_hours(decline_hours)
    setting = need_setting(session, actor.township_id)
    setting.sign_up, setting.decline_hours = sign_up, decline_hours
    session.flush()
    facts = {"sign_up": sign_up.value, "decline_hours": decline_hours}
    audit_log.record(session, actor, "station.arrange", "station_setting", setting.id, details=facts)


def need_setting(session: Session, township_id: str) -> StationSetting:
    """The row of what a station has chosen; made where there is none yet."""
    setting = setting_of(session, township_id)
    if setting is None:
        setting = StationSetting(township_id=township_id)
        session.add(setting)
    return setting


def _need_hours(hours: int) -> None:
    if not 0 <= hours <= MOST_HOURS:
        raise InvalidError("Must be 0 to 720 hours.", field="decline_hours")
