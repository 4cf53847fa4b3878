"""Loans as the days go by, once a minute: what is over ends, guests follow what changes at home."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, LendingState
from tenants.models import Activity, Lending, Person, utc_now
from tenants.queries import lendings as queries
from tenants.queries.due import county_today, county_zone
from tenants.services import guests, lending_news, lendings

UNANSWERED = "Nobody answered in time."
NOT_ABLE = "The person cannot go on: inactive, or without a valid check."
CALLED_OFF = "The activity was called off."
MOVED = "The activity was moved out of the time that was agreed on: ask anew."
_LIVE = (*queries.OPEN, LendingState.AGREED)


def settle(session: Session) -> int:
    """Bring every loan up to date; returns how many were touched."""
    live = select(Lending).where(Lending.state.in_(_LIVE)).order_by(Lending.from_day, Lending.id)
    return sum(_settle(session, lending) for lending in session.scalars(live.with_for_update(skip_locked=True)))


def _settle(session: Session, lending: Lending) -> bool:
    over = lending.to_day < county_today(session, lending.county_id)
    if lending.state is not LendingState.AGREED:
        reason = UNANSWERED if over else _undone(session, lending)
        if reason:
            lendings.end_by_program(session, lending, LendingState.WITHDRAWN, reason)
        return bool(reason)
    if over:
        lendings.end_by_program(session, lending, LendingState.ENDED)
        return True
    if reason := _undone(session, lending):
        lendings.end_by_program(session, lending, LendingState.ENDED, reason)
        return True
    home = session.get(Person, (lending.lender_id, lending.person_id))
    if home is None or not home.active or not queries.fits(home, lending):
        lendings.end_by_program(session, lending, LendingState.ENDED, NOT_ABLE)
        return True
    lost = guests.refit(session, lending, home)
    return lending_news.duties(session, lending) or lost > 0


def _undone(session: Session, lending: Lending) -> str:
    """Why the activity that somebody is lent for is no reason any more; "" while it is, or has begun.

    All have agreed to a time. An activity that stays within it takes its people along (``carrying``); for another time
    the question is another one.
    """
    activity = session.get(Activity, (lending.borrower_id, lending.activity_id)) if lending.activity_id else None
    if activity is None or activity.starts_at <= utc_now():
        return ""
    if activity.state is ActivityState.CANCELLED:
        return CALLED_OFF
    zone = county_zone(session, lending.county_id)
    midnight = datetime.combine(lending.from_day, time(), tzinfo=zone)
    begin, end = (midnight + timedelta(minutes=minute) for minute in (lending.from_minute, lending.to_minute))
    return "" if begin <= activity.starts_at and activity.ends_at <= end else MOVED
