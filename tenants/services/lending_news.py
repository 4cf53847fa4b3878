"""What is told of a loan, and to whom: the two stations, the person, the county's officers.

The borrower reads the person's name once the loan stands, not before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, LendingParty, LendingState, MessageKind
from tenants.models import Account, Duty, Lending, Person, utc_now
from tenants.services import notices


def accounts_of_person(session: Session, lending: Lending) -> list[Account]:
    """The person's own accounts, in the lender's township."""
    mine = Account.township_id == lending.lender_id, Account.person_id == lending.person_id
    query = select(Account).where(*mine, Account.disabled.is_(False))
    return list(session.scalars(query.order_by(Account.id)))


def asked(session: Session, lending: Lending) -> None:
    """The other station is asked, or offered somebody."""
    station = lending.borrower_id if lending.offered else lending.lender_id
    _tell(session, notices.station_accounts(session, station), lending, MessageKind.LENDING_ASKED)


def wanted(session: Session, lending: Lending, *, person: bool, county: bool) -> None:
    """The two stations have agreed; whose word is missing is asked for it."""
    if person:
        _tell(session, accounts_of_person(session, lending), lending, MessageKind.LENDING_CONSENT, {"asked": "person"})
    if county:
        told = notices.officers(session, lending.county_id)
        _tell(session, told, lending, MessageKind.LENDING_CONSENT, {"asked": "county"})


def agreed(session: Session, lending: Lending, home: Person) -> None:
    """It stands: both stations and the person hear of it."""
    stations = [*_stations(session, lending)]
    person = [account for account in accounts_of_person(session, lending) if account not in stations]
    _tell(session, [*stations, *person], lending, MessageKind.LENDING_AGREED, notices.name_of(home))


def closed(session: Session, lending: Lending, home: Person | None, *, begins: datetime | None) -> None:
    """It was declined, taken back or ended; what is simply over is told to nobody.

    ``begins``: the first of the duties that have fallen open by it.
    """
    over = lending.closed_party is LendingParty.PROGRAM and lending.state is LendingState.ENDED
    if over and not lending.closed_reason:
        return
    facts: dict[str, Any] = {"state": lending.state.value, "number": lending.dropped}
    name = notices.name_of(home) if home is not None else {}
    known = name if lending.begun_at is not None else {}
    borrower = notices.station_accounts(session, lending.borrower_id)
    lender = [*notices.station_accounts(session, lending.lender_id)]
    if lending.lender_at is not None and lending.borrower_at is not None:
        lender += [account for account in accounts_of_person(session, lending) if account not in lender]
    _tell(session, borrower, lending, MessageKind.LENDING_CLOSED, facts | known, begins=begins)
    _tell(session, lender, lending, MessageKind.LENDING_CLOSED, facts | name, begins=begins)
    if lending.purchased and lending.lender_at is not None:
        _tell(session, notices.officers(session, lending.county_id), lending, MessageKind.LENDING_CLOSED, facts | name)


def duties(session: Session, lending: Lending) -> bool:
    """Tell the person that their duties in the borrower's township have changed; returns whether they have."""
    mine = Duty.township_id == lending.borrower_id, Duty.person_id == lending.person_id
    now = utc_now()
    newest = session.scalar(select(func.max(Duty.changed_at)).where(*mine, Duty.starts_at > now))
    if newest is None or lending.told_at is None or newest <= lending.told_at:
        return False
    coming = list(session.scalars(select(Duty).where(*mine, Duty.starts_at > now)))
    held = [duty for duty in coming if duty.state is DutyState.CONFIRMED]
    changed = [duty for duty in coming if duty.changed_at > lending.told_at]
    facts = {
        "number": len(held),
        "new": sum(duty in held and duty.created_at > lending.told_at for duty in changed),
        "moved": sum(duty in held and duty.created_at <= lending.told_at for duty in changed),
        "off": sum(duty not in held and duty.created_at <= lending.told_at for duty in changed),
    }
    begins = notices.first(duty.starts_at for duty in changed)
    _tell(session, accounts_of_person(session, lending), lending, MessageKind.LENT_DUTIES, facts, begins=begins)
    lending.told_at = now
    session.flush()
    return True


def _stations(session: Session, lending: Lending) -> list[Account]:
    both = (lending.lender_id, lending.borrower_id)
    return [account for township in both for account in notices.station_accounts(session, township)]


def _tell(
    session: Session,
    accounts: Sequence[Account],
    lending: Lending,
    kind: MessageKind,
    more: Mapping[str, Any] | None = None,
    *,
    begins: datetime | None = None,
) -> None:
    facts = {
        "lender": lending.lender_name,
        "lender_en": lending.lender_name_en,
        "borrower": lending.borrower_name,
        "borrower_en": lending.borrower_name_en,
        "kind": lending.kind.value,
        "from": lending.from_day.isoformat(),
        "to": lending.to_day.isoformat(),
        "offered": lending.offered,
        **(more or {}),
    }
    notices.tell(session, accounts, kind, facts, subject_id=lending.id, begins=begins)
