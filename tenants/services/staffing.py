"""Writes to the county's register: contracts and workers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Person, ServiceContract, StaffContract, StaffMember, Township
from tenants.queries import staffing as queries
from tenants.services import audit_log


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """What a contract buys; see ``ServiceContract``."""

    number: str
    provider: str
    from_day: date
    to_day: date
    weekly_minutes: int
    workers: int
    visits: int
    activities: int
    hours: int


@dataclass(frozen=True, kw_only=True)
class StaffFacts:
    """What the register says of a worker; home in degrees, None: not known."""

    name: str
    name_en: str = ""
    skills: frozenset[str] = frozenset()
    home: str = ""
    home_lat: float | None = None
    home_lon: float | None = None
    movable: bool = True
    left: bool = False
    contracts: frozenset[str] = frozenset()


def save_contract(
    session: Session, actor: Actor, terms: ContractTerms, contract: ServiceContract | None = None
) -> ServiceContract:
    """Enter a contract, or change one.

    Raises:
        InvalidError: a term breaks a rule.
        ConflictError: another contract has the number.

    """
    need_officer(actor)
    _check(terms)
    same = session.scalar(select(ServiceContract.id).where(ServiceContract.number == terms.number.strip()))
    if same is not None and (contract is None or same != contract.id):
        raise ConflictError("Another contract has this number.", field="number")
    if contract is None:
        contract = ServiceContract(county_id=actor.county_id)
        session.add(contract)
    contract.number, contract.provider = terms.number.strip(), terms.provider.strip()
    for name in ("from_day", "to_day", "weekly_minutes", "workers", "visits", "activities", "hours"):
        setattr(contract, name, getattr(terms, name))
    session.flush()
    audit_log.record(session, actor, "contract.save", "service_contract", contract.id)
    return contract


def save_member(session: Session, actor: Actor, facts: StaffFacts, member: StaffMember | None = None) -> StaffMember:
    """Enter a worker, or change one; a post is changed by a proposal, and ended once somebody has left (departures).

    Raises:
        InvalidError: a fact breaks a rule.

    """
    need_officer(actor)
    if not facts.name.strip():
        raise InvalidError("A person needs a name.", field="name")
    if (facts.home_lat is None) != (facts.home_lon is None):
        raise InvalidError("Give both degrees of the home, or none.", field="home_lat")
    contracts = [queries.contract(session, one) for one in sorted(facts.contracts)]
    if member is None:
        member = StaffMember(county_id=actor.county_id)
        session.add(member)
    if facts.left and any(posting.staff_id == member.id for posting in queries.ahead(session)):
        raise InvalidError("A move of this worker is decided and has not begun.", field="left")
    member.name, member.name_en, member.home = facts.name.strip(), facts.name_en.strip(), facts.home.strip()
    member.home_lat, member.home_lon, member.skills = facts.home_lat, facts.home_lon, sorted(facts.skills)
    member.movable, member.left = facts.movable, facts.left
    _serve_under(member, contracts)
    session.flush()
    audit_log.record(session, actor, "staff.save", "staff_member", member.id)
    return member


def take_in(session: Session, actor: Actor, people: Iterable[Person], contract_id: str) -> int:
    """Take purchased-service staff whom the townships keep into the register, under a contract.

    Whom the register holds already, at a coming post too, is not entered twice.

    Raises:
        NotFoundError: there is no such contract.

    """
    need_officer(actor)
    contract = queries.contract(session, contract_id)
    held, count = set(session.scalars(queries.registered())), 0
    for person in people:
        if person.id in held:
            continue
        session.add(
            StaffMember(
                county_id=actor.county_id,
                name=person.name,
                name_en=person.name_en,
                skills=[],
                township_id=person.township_id,
                person_id=person.id,
                under=[StaffContract(county_id=actor.county_id, contract_id=contract.id)],
            )
        )
        count += 1
    session.flush()
    audit_log.record(session, actor, "staff.take_in", "service_contract", contract.id, details={"workers": count})
    return count


def _serve_under(member: StaffMember, contracts: Iterable[ServiceContract]) -> None:
    """Put a worker under these contracts; rows that stay are kept."""
    wanted = {row.id for row in contracts}
    member.under = [one for one in member.under if one.contract_id in wanted]
    held = {one.contract_id for one in member.under}
    member.under += [StaffContract(county_id=member.county_id, contract_id=one) for one in sorted(wanted - held)]


def release(session: Session, county_id: str, account_id: str | None, person_id: str) -> None:
    """Say that a person is no purchased-service staff after all; for a system session, since the row is a township's.

    Raises:
        ConflictError: the register holds them.

    """
    query = select(Person).join(Township, Township.id == Person.township_id).where(Township.county_id == county_id)
    person = session.scalar(query.where(Person.id == person_id, Person.guest.is_(False)))
    if person is None or not person.dedicated:
        return
    if person_id in set(session.scalars(queries.registered())):
        raise ConflictError("The register holds this worker.")
    person.dedicated = False
    session.flush()
    actor = Actor(county_id=county_id, account_id=account_id, township_id=person.township_id)
    audit_log.record(session, actor, "staff.release", "person", person.id)


def _check(terms: ContractTerms) -> None:
    if not terms.number.strip():
        raise InvalidError("A contract needs its number.", field="number")
    if not terms.provider.strip():
        raise InvalidError("Name the provider.", field="provider")
    if terms.to_day < terms.from_day:
        raise InvalidError("The contract ends before it begins.", field="to_day")
    if not 60 <= terms.weekly_minutes <= 4200:
        raise InvalidError("A worker owes 1 to 70 hours in a week.", field="weekly_minutes")
    for name in ("workers", "visits", "activities", "hours"):
        if getattr(terms, name) < 0:
            raise InvalidError("What is bought cannot be negative.", field=name)


def need_officer(actor: Actor) -> None:
    if actor.role is not AccountRole.COUNTY_OFFICER:
        raise ForbiddenError("The county keeps the register of purchased-service staff (notice 3.2).")
