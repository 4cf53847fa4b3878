"""What somebody holds in a township that they are lent to: read and answered in a session of that township.

A guest has the same id there as at home (tenants/services/guests.py), so each question is the same one, asked where the
duty lies, and only for who asks.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.models import Duty, Home, Lending
from tenants.queries import hours, lendings
from tenants.queries.attendance import DayLine
from tenants.queries.duties import HeldDuty
from tenants.scope import Scope
from weibao.access import me
from weibao.db import db, read_here, session_for

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where a duty lies: a session of its township, who acts there, and the loan, if it is not at home."""

    session: Session
    actor: Actor
    township_id: str
    lending: Lending | None

    def shown(self, duty: HeldDuty) -> HeldDuty:
        """The duty with its township, if that is not the holder's own."""
        return duty if self.lending is None else _named(duty, self.lending)


def _named(duty: HeldDuty, lending: Lending) -> HeldDuty:
    return replace(duty, township=lending.borrower_name, township_en=lending.borrower_name_en)


def _there(lending: Lending, *, reading: bool = True) -> AbstractContextManager[Session]:
    scope = Scope.of_township(lending.county_id, lending.borrower_id, reason="lent")
    return session_for(scope, reading=reading)


def places(session: Session, township_id: str | None, person_id: str) -> list[Lending]:
    """One loan for each township where duties of a person may lie."""
    return lendings.places_of(session, township_id or "", person_id)


def gathered(
    session: Session, township_id: str | None, person_id: str, read: Callable[[Session], list[HeldDuty]]
) -> list[HeldDuty]:
    """A person's duties at home and where they are lent, by time; ``read`` is asked in each township."""
    found = read(session)
    for lending in places(session, township_id, person_id):
        with _there(lending) as work:
            found = [*found, *(_named(duty, lending) for duty in read(work))]
    return sorted(found, key=lambda duty: (duty.starts_at, duty.id))


def served(session: Session, township_id: str | None, person_id: str, begin: datetime, end: datetime) -> list[DayLine]:
    """A person's recorded service where they were lent, in a period (``end`` exclusive, aware), the newest first."""
    found: list[DayLine] = []
    for lending in places(session, township_id, person_id):
        with _there(lending) as work:
            lines = hours.of_person(work, person_id, begin, end)
            found += [replace(line, duty=_named(line.duty, lending)) for line in lines]
    return sorted(found, key=lambda line: line.duty.starts_at, reverse=True)


def desk_of(duty_id: str) -> AbstractContextManager[Desk]:
    """Where my duty of this id lies; at home where it is found nowhere, so that the page says so."""
    mine = Duty.id == duty_id, Duty.person_id == (me().person_id or "")
    return _desk(lambda work: work.scalar(select(Duty.id).where(*mine)) is not None)


@contextmanager
def desk_of_team(duty_id: str) -> Iterator[Desk]:
    """Where a duty lies whose team I lead; nobody acts for the station of a township that they are lent to."""
    person_id = me().person_id or ""
    with _desk(lambda work: hours.led(work, person_id, duty_id)) as desk:
        yield desk if desk.lending is None else replace(desk, actor=replace(desk.actor, role=None))


def desk_at_door(code: str) -> AbstractContextManager[Desk]:
    """Where the home with this code at its door lies: at home, or where I am lent."""
    return _desk(lambda work: work.scalar(select(Home.id).where(Home.door_code == code)) is not None)


@contextmanager
def _desk(is_there: Callable[[Session], bool]) -> Iterator[Desk]:
    user = me()
    lending = _lending_where(is_there) if user.person_id else None
    if lending is None:
        yield Desk(session=db.session(), actor=user.actor, township_id=user.township_id or "", lending=None)
        return
    writes = request.method != "GET"
    read_here()
    with _there(lending, reading=not writes) as work:
        work.connection()  # it begins to write here; what the request's own session asks from now on only reads
        read_here()
        actor = replace(user.actor, township_id=lending.borrower_id)
        yield Desk(session=work, actor=actor, township_id=lending.borrower_id, lending=lending)


def _lending_where(is_there: Callable[[Session], bool]) -> Lending | None:
    """The loan to the township where it is; looked for in sessions of its own, so that another can write."""
    user = me()
    with session_for(user.scope, reading=True) as look:
        known = places(look, user.township_id, user.own_person)
    for lending in known:
        with _there(lending) as work:
            if is_there(work):
                return lending
    return None
