"""A bad result: the person is barred at once in the whole county and leaves every future roster, in one transaction.

Source: Law on the Protection of Minors, art. 62 (anyone with such a record may not be employed). Only the county lifts
a bar, with a reason; the places that were freed stay open until somebody plans again.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, VettingResult
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, Bar, Person, Vetting, utc_now
from tenants.queries import bars
from tenants.services import audit_log, leaving
from tenants.services.leaving import Span

REASON_LENGTH = (10, 300)
_WHO_ENTERS = frozenset({AccountRole.STATION_HEAD, AccountRole.COUNTY_OFFICER})


def bar(session: Session, actor: Actor, person: Person, checked_on: date, reference: str = "") -> Bar:
    """Bar a person, and the same person in every other township of the county.

    The session must read and write the whole county (``Scope.of_townships_and_county``).

    Raises:
        ForbiddenError: the actor is neither a station head nor a county officer.
        ConflictError: a bad result stands against the person already.

    """
    if actor.role not in _WHO_ENTERS:
        raise ForbiddenError("Only the station head enters a bad result.", field="result")
    if bars.is_barred(person):
        raise ConflictError("This person is barred already.", field="result")
    held = Bar(
        county_id=actor.county_id,
        township_id=person.township_id,
        person_id=person.id,
        identity=bars.identity_of(actor.county_id, person),
        checked_on=checked_on,
        entered_by=actor.account_id,
    )
    session.add(held)
    session.flush()
    for row in bars.same_people(session, actor.county_id, person):
        if not bars.is_barred(row):
            _bar_row(session, actor, held, row, reference if row is person else "")
    return held


def extend(session: Session, actor: Actor, held: Bar, person_id: str) -> None:
    """Bar somebody of the same name too, whom the county knows to be the same person.

    Raises:
        ConflictError: the bar is lifted.
        InvalidError: the person is not one of the namesakes.

    """
    if held.lifted_at is not None:
        raise ConflictError("This bar is lifted.")
    person = next((row for row, _place in bars.namesakes(session, held) if row.id == person_id), None)
    if person is None:
        raise InvalidError("Choose one of the people of this name.", field="person_id")
    _bar_row(session, actor, held, person, "")


def follow_register(session: Session, actor: Actor, person: Person) -> None:
    """Bar somebody who was entered or changed, if the county's register knows them."""
    held = _by_identity(session, actor.county_id, person)
    if held is not None and not bars.is_barred(person):
        _bar_row(session, actor, held, person, "")


def follow_postings(session: Session, county_id: str, staff_id: str) -> bool:
    """Whether a worker of the register is barred; if so, every row of theirs is barred from now on.

    A row may have come, or lost the name or telephone by which it is known, since the result was entered. Takes a
    system session.
    """
    rows = bars.same_people(session, county_id, *bars.rows_of_staff(session, county_id, [staff_id]))
    found = [bars.held_against(session, row) or _by_identity(session, county_id, row) for row in rows]
    held = next((bar for bar in found if bar is not None), None)
    if held is None:
        return False
    for row in rows:
        if not bars.is_barred(row):
            _bar_row(session, Actor(county_id=county_id, township_id=row.township_id), held, row, "")
    return True


def _by_identity(session: Session, county_id: str, person: Person) -> Bar | None:
    return bars.in_force(session, county_id, bars.identity_of(county_id, person))


def lift(session: Session, actor: Actor, held: Bar, reason: str) -> None:
    """Lift a bar everywhere: an error, or a decision. Earlier clear checks count again; duties do not come back.

    Raises:
        ForbiddenError: the actor is no county officer.
        InvalidError: the reason has fewer than 10 or more than 300 characters.
        ConflictError: it is lifted already.

    """
    if actor.role is not AccountRole.COUNTY_OFFICER:
        raise ForbiddenError("Only the county lifts a bar, with a reason.")
    if held.lifted_at is not None:
        raise ConflictError("This bar is lifted.")
    if not REASON_LENGTH[0] <= len(reason.strip()) <= REASON_LENGTH[1]:
        raise InvalidError("The reason has 10 to 300 characters.", field="reason")
    held.lifted_at, held.lifted_by, held.lifted_reason = utc_now(), actor.account_id, reason.strip()
    for check in session.scalars(select(Vetting).where(Vetting.bar_id == held.id)):
        check.result = VettingResult.LIFTED
        facts = {"bar": held.id}
        audit_log.record(
            session, actor, "bar.lift", "person", check.person_id, details=facts, township_id=check.township_id
        )
    session.flush()


def _bar_row(session: Session, actor: Actor, held: Bar, person: Person, reference: str) -> None:
    """One township's row of the person: the bad result, the account, the duties, the drafts."""
    day = held.checked_on
    person.vettings.append(
        Vetting(
            township_id=person.township_id,
            person_id=person.id,
            checked_on=day,
            valid_through=day,
            result=VettingResult.BARRED,
            reference=reference.strip(),
            bar_id=held.id,
        )
    )
    session.flush()
    accounts = select(Account).where(Account.township_id == person.township_id, Account.person_id == person.id)
    for account in session.scalars(accounts):
        account.disabled = True
    dropped = leaving.leave_duties(session, person, Span.from_now())
    leaving.tell_station(session, person, dropped)
    leaving.leave_exchange(session, person)
    freed = leaving.leave_drafts(session, actor, person, Span.from_now())
    facts = {"bar": held.id, "duties": len(dropped), "draft_tasks": freed}
    audit_log.record(session, actor, "bar.begin", "person", person.id, details=facts, township_id=person.township_id)
