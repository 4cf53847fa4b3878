"""Tell accounts something: the inbox row and the outbox rows, in the transaction of the change that they tell of.

Facts are times, places, roles, numbers and the names of staff and volunteers: nothing about a child, not even a case
code, since messages leave the program.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, Channel, MessageKind
from tenants.models import Account, County, Delivery, Duty, Message, Person, StaffMember, utc_now
from tenants.queries import duties

DIGEST_AT = time(18, 0)
"""Local time at which a day's messages go out together, for those who asked for it."""
NEAR = timedelta(hours=24)
"""What begins sooner is told at once."""
STATION = (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF)
DESK_ONLY = frozenset(
    {
        MessageKind.DUTY_DECLINED,
        MessageKind.SIGN_UP_REQUESTED,
        MessageKind.CERTIFICATE_ASKED,
        MessageKind.PLACES_OPEN,
        MessageKind.APPLICATION_SENT,
        MessageKind.LENDING_ASKED,
    }
)
"""What is work for the desk is not sent to a phone."""


def accounts_of(session: Session, people: Iterable[str]) -> Sequence[Account]:
    """The open accounts of some people."""
    query = select(Account).where(Account.person_id.in_(sorted(people)), Account.disabled.is_(False))
    return session.scalars(query.order_by(Account.id)).all()


def station_accounts(session: Session, township_id: str) -> Sequence[Account]:
    """The open accounts of a township's station: its head and staff."""
    query = select(Account).where(Account.township_id == township_id, Account.role.in_(STATION))
    return session.scalars(query.where(Account.disabled.is_(False)).order_by(Account.id)).all()


def officers(session: Session, county_id: str) -> Sequence[Account]:
    """The county's open accounts; a session of a township alone does not see them."""
    query = select(Account).where(Account.county_id == county_id, Account.role == AccountRole.COUNTY_OFFICER)
    return session.scalars(query.where(Account.disabled.is_(False)).order_by(Account.id)).all()


def tell(
    session: Session,
    accounts: Iterable[Account],
    kind: MessageKind,
    facts: dict[str, Any],
    *,
    subject_id: str | None = None,
    urgent: bool = False,
    begins: datetime | None = None,
) -> list[Message]:
    """Put a message into each inbox, and into the outbox where the account can be reached outside the program.

    ``begins`` (aware) is the first time that it tells of: what is near is urgent.
    """
    told = []
    urgent = urgent or (begins is not None and begins < utc_now() + NEAR)
    for account in accounts:
        message = Message(
            county_id=account.county_id,
            township_id=account.township_id,
            account_id=account.id,
            kind=kind,
            facts=facts,
            subject_id=subject_id,
            urgent=urgent,
        )
        due = due_at(session.get_one(County, account.county_id), account, utc_now(), urgent=urgent, begins=begins)
        message.deliveries = [
            _delivery(account, channel, address, due) for channel, address in _ways(session, account, kind)
        ]
        session.add(message)
        told.append(message)
    session.flush()
    return told


def _ways(session: Session, account: Account, kind: MessageKind) -> list[tuple[Channel, str]]:
    ways = [(Channel.EMAIL, account.email)] if account.email else []
    if account.person_id and kind not in DESK_ONLY:
        phone = session.scalar(select(Person.phone).where(Person.id == account.person_id))
        ways += [(Channel.WEBHOOK, phone)] if phone else []
    return ways


def _delivery(account: Account, channel: Channel, address: str, due: datetime) -> Delivery:
    return Delivery(
        county_id=account.county_id,
        township_id=account.township_id,
        account_id=account.id,
        channel=channel,
        address=address,
        due_at=due,
    )


def due_at(
    county: County, account: Account, now: datetime, *, urgent: bool, begins: datetime | None = None
) -> datetime:
    """When a message may leave: at once if urgent, else after quiet hours, and with the day's digest if so wished.

    A digest that would go out when what it tells of is near already (``begins``) comes too late: it is not waited for.
    """
    if urgent:
        return now
    local = now.astimezone(ZoneInfo(county.timezone))
    if account.digest:
        digest = datetime.combine(local.date(), DIGEST_AT, tzinfo=local.tzinfo)
        digest = digest if digest >= local else digest + timedelta(days=1)
        local = digest if begins is None or digest + NEAR <= begins else local
    return _after_quiet(county, local).astimezone(now.tzinfo)


def _after_quiet(county: County, local: datetime) -> datetime:
    minute, begin, end = local.hour * 60 + local.minute, county.quiet_from, county.quiet_until
    if not (begin <= minute < end if begin <= end else minute >= begin or minute < end):
        return local
    morning = datetime.combine(local.date(), time(end // 60, end % 60), tzinfo=local.tzinfo)
    return morning if morning > local else morning + timedelta(days=1)


def first(moments: Iterable[datetime]) -> datetime | None:
    """The first of some times, None where there is none: what a message about all of them ``begins`` with."""
    return min(moments, default=None)


def facts_of(session: Session, duty: Duty) -> dict[str, Any]:
    """What may be said of a duty in a message: when, where, what and in which role."""
    held = duties.one(session, duty.id)
    return {
        "starts_at": held.starts_at.isoformat(),
        "ends_at": held.ends_at.isoformat(),
        "village": held.village,
        "village_en": held.village_en,
        "title": held.title or "",
        "title_en": held.title_en or "",
        "role": held.role,
    }


def name_of(person: Person | StaffMember) -> dict[str, str]:
    """A volunteer's or a colleague's name in both languages."""
    return {"name": person.name, "name_en": person.name_en}
