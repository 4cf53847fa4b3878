"""Loans as the days go by, once a minute: what is over ends, guests follow what changes at home."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import LendingState
from tenants.models import Lending, Person
from tenants.queries import lendings as queries
from tenants.queries.due import county_today
from tenants.services import guests, lending_news, lendings

UNANSWERED = "Nobody answered in time."
NOT_ABLE = "The person cannot go on: inactive, or without a valid check."
_LIVE = (*queries.OPEN, LendingState.AGREED)


def settle(session: Session) -> int:
    """Bring every loan up to date; returns how many were touched."""
    live = select(Lending).where(Lending.state.in_(_LIVE)).order_by(Lending.from_day, Lending.id)
    return sum(_settle(session, lending) for lending in session.scalars(live.with_for_update(skip_locked=True)))


def _settle(session: Session, lending: Lending) -> bool:
    over = lending.to_day < county_today(session, lending.county_id)
    if lending.state is not LendingState.AGREED:
        if over:
            lendings.end_by_program(session, lending, LendingState.WITHDRAWN, UNANSWERED)
        return over
    if over:
        lendings.end_by_program(session, lending, LendingState.ENDED)
        return True
    home = session.get(Person, (lending.lender_id, lending.person_id))
    if home is None or not home.active or not queries.fits(home, lending):
        lendings.end_by_program(session, lending, LendingState.ENDED, NOT_ABLE)
        return True
    lost = guests.refit(session, lending, home)
    return lending_news.duties(session, lending) or lost > 0
