"""Loans between the two townships of the small world, for tests: the second lends to the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, PersonKind
from tenants.models import Lending
from tenants.scope import Scope
from tenants.services import lendings
from tenants.services.lendings import Need
from tests import drafts
from tests.world import Place, World
from weibao.db import session_for

TOWNSHIPS_DAY = timedelta(days=2)


def day() -> date:
    """The day that somebody is lent for."""
    return drafts.today() + TOWNSHIPS_DAY


def head_of(world: World, place: Place) -> Actor:
    return Actor(county_id=world.county, township_id=place.township, role=AccountRole.STATION_HEAD)


def person_of(world: World, place: Place, kind: PersonKind) -> Actor:
    """Somebody who acts by their own account."""
    role = AccountRole(kind.value)
    return Actor(county_id=world.county, township_id=place.township, person_id=place.people[kind], role=role)


def officer(world: World) -> Actor:
    return Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)


@contextmanager
def between(world: World) -> Iterator[Session]:
    """A session as a step of a loan has it; the program's context must be there."""
    both = frozenset({world.first.township, world.second.township})
    with session_for(Scope.of_townships_and_county(world.county, both, reason="test")) as session:
        yield session


def need(kind: PersonKind = PersonKind.VOLUNTEER, *, days: int = 1, hours: tuple[int, int] = (8, 18)) -> Need:
    """Somebody of a kind for some days."""
    first = day()
    return Need(
        kind=kind, from_day=first, to_day=first + timedelta(days=days - 1), from_minute=hours[0] * 60,
        to_minute=hours[1] * 60, reason="活动缺人",
    )  # fmt: skip


def asked(session: Session, world: World, wanted: Need | None = None) -> Lending:
    """The first township has asked the second."""
    return lendings.ask(
        session, head_of(world, world.first), "甲站长", wanted or need(), lender_id=world.second.township
    )


def agreed(session: Session, world: World, kind: PersonKind = PersonKind.VOLUNTEER, *, days: int = 1) -> Lending:
    """A loan on which everybody has agreed."""
    lending = asked(session, world, need(kind, days=days))
    person = world.second.people[kind]
    lendings.answer(session, head_of(world, world.second), "乙站长", lending, person, told=False)
    if kind is PersonKind.VOLUNTEER:
        lendings.consent(session, person_of(world, world.second, kind), "", lending)
    if lending.purchased:
        lendings.approve(session, officer(world), "县", lending)
    session.flush()
    return lending
