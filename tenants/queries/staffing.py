"""What the county decides on: children by category and risk, staff and contracts, duties and families of a worker."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tenants.calendar import DAY
from tenants.enums import AllocationState, ChildCategory, DutyState, ExceptionKind, RiskLevel
from tenants.errors import NotFoundError
from tenants.models import (
    Account,
    AvailabilityException,
    CategoryWeights,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    DiversionAttempt,
    Duty,
    FamiliarPerson,
    Person,
    PersonSkill,
    ServiceContract,
    StaffAllocation,
    StaffMember,
    StaffPosting,
    Township,
    Village,
)

NOT_ASSESSED = "none"
BEFORE_POST = "调派生效前"
"""The note of the days before a post begins, which are no leave."""
LONG_LEAVE = timedelta(days=28)
"""Whoever is away for so long a stretch does not count as serving."""

Key = tuple[str, str]
"""Township and person."""
AHEAD = (StaffPosting.begun_at.is_(None), StaffPosting.stopped_at.is_(None))
"""Postings that are decided, have not begun and are not stopped."""


@dataclass(frozen=True, kw_only=True)
class WeighedChildren:
    """A township's open files by category and risk, each child once, and how many are in no category."""

    counts: Mapping[str, int]
    uncategorised: int


@dataclass(frozen=True, kw_only=True)
class Known:
    """Families that know somebody who leaves: in all, and those that know nobody who stays."""

    families: int = 0
    alone: int = 0


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Families that lose a known face when some people leave at once; ``together`` counts each family once."""

    by_person: Mapping[Key, Known]
    together: Known


def key_of(township_id: str | None, person_id: str | None) -> Key | None:
    """Who somebody of the register is in a township; None: nobody, for they have no post there."""
    return (township_id, person_id) if township_id and person_id else None


def weights_in_force(session: Session, county_id: str, day: date) -> CategoryWeights | None:
    """The county's table of weights that holds on a day."""
    query = select(CategoryWeights).where(CategoryWeights.county_id == county_id, CategoryWeights.from_day <= day)
    return session.scalar(query.order_by(CategoryWeights.from_day.desc()).limit(1))


def weights_versions(session: Session, county_id: str) -> Sequence[CategoryWeights]:
    """Every version, the newest first."""
    query = select(CategoryWeights).where(CategoryWeights.county_id == county_id)
    return session.scalars(query.order_by(CategoryWeights.from_day.desc())).all()


def weight_classes(weights: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """A table of weights as one list: ``left_behind/high`` -> weight."""
    return {f"{category}/{risk}": weight for category, row in weights.items() for risk, weight in row.items()}


def children_by_class(session: Session, day: date, weights: Mapping[str, int]) -> dict[str, WeighedChildren]:
    """Each township's open files on a day by category and risk.

    A child in several categories counts once, where it weighs most: it is one child's work.
    """
    risks = _risks(session, day)
    categories = _categories(session, day)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    loose: Counter[str] = Counter()
    is_open = or_(Child.closed_on.is_(None), Child.closed_on > day)
    for township, child in session.execute(select(Child.township_id, Child.id).where(is_open)):
        risk = risks.get(child)
        classes = [f"{category.value}/{risk.value if risk else NOT_ASSESSED}" for category in categories[child]]
        if classes:
            counts[township][max(classes, key=lambda name: (weights.get(name, 0), name))] += 1
        else:
            loose[township] += 1
    return {
        township: WeighedChildren(counts=dict(sorted(counts[township].items())), uncategorised=loose[township])
        for township in session.scalars(select(Township.id))
    }


def _categories(session: Session, day: date) -> defaultdict[str, list[ChildCategory]]:
    period = ChildCategoryPeriod
    query = select(period.child_id, period.category).where(period.from_day <= day)
    held: defaultdict[str, list[ChildCategory]] = defaultdict(list)
    for child, category in session.execute(query.where(or_(period.to_day.is_(None), period.to_day >= day))):
        held[child].append(category)
    return held


def _risks(session: Session, day: date) -> dict[str, RiskLevel]:
    """The level that holds on a day, by child: later assessments replace earlier ones."""
    period = ChildRiskPeriod
    query = select(period.child_id, period.level).where(period.from_day <= day).order_by(period.from_day)
    return dict(session.execute(query).all())


def townships(session: Session) -> Sequence[Township]:
    """The county's townships by name."""
    return session.scalars(select(Township).order_by(Township.name, Township.id)).all()


def register(session: Session, *, with_left: bool = False) -> Sequence[StaffMember]:
    """The county's register of purchased-service staff, by name."""
    query = select(StaffMember).order_by(StaffMember.name, StaffMember.id)
    return session.scalars(query if with_left else query.where(StaffMember.left.is_(False))).all()


def member(session: Session, staff_id: str) -> StaffMember:
    """One worker of the register.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    found = session.scalar(select(StaffMember).where(StaffMember.id == staff_id))
    if found is None:
        raise NotFoundError("no such worker")
    return found


def registered() -> Select[Any]:
    """The persons that workers of the register are: at their present post, and already entered for a coming one."""
    held = select(StaffMember.person_id).where(StaffMember.person_id.is_not(None))
    coming = select(StaffPosting.to_person_id).where(*AHEAD, StaffPosting.to_person_id.is_not(None))
    return select(held.union(coming).subquery().c.person_id)


def unregistered(session: Session) -> Sequence[Person]:
    """Active purchased-service staff whom the townships keep and the county's register does not hold."""
    query = select(Person).where(Person.dedicated, Person.active, Person.guest.is_(False))
    query = query.where(Person.id.not_in(registered()))
    return session.scalars(query.order_by(Person.township_id, Person.name, Person.id)).all()


def contracts(session: Session) -> Sequence[ServiceContract]:
    """The county's contracts, the latest end first."""
    query = select(ServiceContract).order_by(ServiceContract.to_day.desc(), ServiceContract.number)
    return session.scalars(query).all()


def contract(session: Session, contract_id: str) -> ServiceContract:
    """One contract.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    found = session.scalar(select(ServiceContract).where(ServiceContract.id == contract_id))
    if found is None:
        raise NotFoundError("no such contract")
    return found


def skills_of(session: Session, keys: Iterable[Key]) -> dict[Key, frozenset[str]]:
    """What the townships have entered as the skills of people."""
    people = {person for _, person in keys}
    rows = session.execute(
        select(PersonSkill.township_id, PersonSkill.person_id, PersonSkill.skill).where(
            PersonSkill.person_id.in_(people)
        )
    )
    held: dict[Key, set[str]] = defaultdict(set)
    for township, person, skill in rows:
        held[township, person].add(skill)
    return {key: frozenset(skills) for key, skills in held.items()}


def on_leave(session: Session, day: date) -> set[Key]:
    """Purchased-service staff who are away on a day for 28 days or more on end, entered at once or piece by piece."""
    absence = AvailabilityException
    rows = session.execute(
        select(absence.township_id, absence.person_id, absence.from_day, absence.to_day)
        .join(Person, and_(Person.township_id == absence.township_id, Person.id == absence.person_id))
        .where(Person.dedicated, absence.kind == ExceptionKind.AWAY, absence.note != BEFORE_POST)
        .where(absence.from_day <= day + LONG_LEAVE, absence.to_day >= day - LONG_LEAVE)
        .where(absence.from_minute == 0, absence.to_minute == 1440)
        .order_by(absence.from_day)
    )
    away: dict[Key, list[tuple[date, date]]] = defaultdict(list)
    for township, person, first, last in rows:
        away[township, person].append((first, last))
    return {key for key, spans in away.items() if _is_long(spans, day)}


def _is_long(spans: Iterable[tuple[date, date]], day: date) -> bool:
    """Whether the stretch that holds a day is long; ``spans`` are in order, and those that touch are one."""
    begin = end = date.min
    for first, last in spans:
        if first > min(end, date.max - DAY) + DAY:
            if begin <= day <= end:
                break
            begin = first
        end = max(end, last)
    return begin <= day <= end and end - begin + DAY >= LONG_LEAVE


def homes_of(session: Session, keys: Iterable[Key]) -> dict[Key, tuple[float, float]]:
    """Where people's base villages lie, in degrees; who has none stands at the seat and is not listed."""
    people = {person for _, person in keys}
    rows = session.execute(
        select(Person.township_id, Person.id, Village.lat, Village.lon)
        .join(Village, and_(Village.township_id == Person.township_id, Village.id == Person.base_village_id))
        .where(Person.id.in_(people))
    )
    return {(township, person): (lat, lon) for township, person, lat, lon in rows}


def duties_from(session: Session, keys: Iterable[Key], moment: datetime) -> dict[Key, list[Duty]]:
    """What people hold from the published rosters at a moment or later, in order."""
    people = {person for _, person in keys}
    query = select(Duty).where(Duty.person_id.in_(people), Duty.state == DutyState.CONFIRMED, Duty.starts_at >= moment)
    held: dict[Key, list[Duty]] = defaultdict(list)
    for duty in session.scalars(query.order_by(Duty.starts_at, Duty.id)):
        held[duty.township_id, duty.person_id].append(duty)
    return held


def families_of(session: Session, keys: Iterable[Key], *, gone: Iterable[Key] = ()) -> Faces:
    """How many open files' households know each of some people who leave at once, and know nobody who stays.

    ``gone`` leave too, by decisions of their own. Who stays is active and neither of the two.
    """
    wanted = set(keys)
    leaving = wanted | set(gone)
    active = and_(Person.township_id == FamiliarPerson.township_id, Person.id == FamiliarPerson.person_id)
    rows = session.execute(
        select(FamiliarPerson.township_id, FamiliarPerson.child_id, FamiliarPerson.person_id)
        .join(Child, and_(Child.township_id == FamiliarPerson.township_id, Child.id == FamiliarPerson.child_id))
        .join(Person, active)
        .where(Child.closed_on.is_(None), Person.active)
        .where(FamiliarPerson.township_id.in_({township for township, _ in wanted}))
    )
    known: dict[Key, set[Key]] = defaultdict(set)
    for township, child, person in rows:
        known[township, child].add((township, person))
    lost = {family: people & wanted for family, people in known.items() if people & wanted}
    families, alone = Counter[Key](), Counter[Key]()
    for family, people in lost.items():
        families.update(people)
        alone.update(people if known[family] <= leaving else ())
    return Faces(
        by_person={key: Known(families=families[key], alone=alone[key]) for key in wanted},
        together=Known(families=len(lost), alone=sum(known[family] <= leaving for family in lost)),
    )


def allocations(session: Session) -> Sequence[StaffAllocation]:
    """Every proposal, the newest first."""
    return session.scalars(select(StaffAllocation).order_by(StaffAllocation.created_at.desc())).all()


def waiting_for(session: Session, account_id: str) -> Sequence[StaffAllocation]:
    """Proposals that another officer has put forward and this one may decide, the oldest first."""
    query = select(StaffAllocation).where(StaffAllocation.state == AllocationState.PROPOSED)
    query = query.where(StaffAllocation.proposed_by != account_id)
    return session.scalars(query.order_by(StaffAllocation.proposed_at)).all()


def allocation(session: Session, allocation_id: str, *, to_change: bool = False) -> StaffAllocation:
    """One proposal; ``to_change`` locks it.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    query = select(StaffAllocation).where(StaffAllocation.id == allocation_id)
    found = session.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise NotFoundError("no such proposal")
    return found


def postings_of(session: Session, allocation_id: str) -> Sequence[StaffPosting]:
    """The moves that a proposal's approval made."""
    query = select(StaffPosting).where(StaffPosting.allocation_id == allocation_id)
    return session.scalars(query.order_by(StaffPosting.from_day, StaffPosting.id)).all()


def ahead(session: Session, until: date | None = None) -> Sequence[StaffPosting]:
    """Decided moves that have not begun, in their order; those that begin by a day where one is given."""
    query = select(StaffPosting).where(*AHEAD)
    if until is not None:
        query = query.where(StaffPosting.from_day <= until)
    return session.scalars(query.order_by(StaffPosting.from_day)).all()


def displaced(session: Session, row: StaffAllocation) -> set[str]:
    """Workers who stand otherwise, on the day of a proposal's moves, than it was worked out from.

    Moved by another decision, gone, or taken into the register with a post since: the loads on paper are not theirs.
    """
    told: dict[str, str | None] = {one["id"]: one["current"] for one in row.problem["staff"]}
    coming = {posting.staff_id: posting.to_township_id for posting in ahead(session, until=row.moves_on)}
    present = {one.id: coming.get(one.id, one.township_id) for one in register(session)}
    known = {*told, *(one["staff"] for one in row.excluded)}
    return {staff for staff, place in told.items() if staff not in present or present[staff] != place} | {
        staff for staff, place in present.items() if place and staff not in known
    }


def attempts(session: Session) -> Sequence[tuple[DiversionAttempt, Person]]:
    """Attempted diversions in the session's scope with the person they were about, the newest first."""
    rows = session.execute(
        select(DiversionAttempt, Person)
        .join(
            Person,
            and_(Person.township_id == DiversionAttempt.township_id, Person.id == DiversionAttempt.person_id),
        )
        .order_by(DiversionAttempt.at.desc(), DiversionAttempt.id)
        .limit(500)
    )
    return [(attempt, person) for attempt, person in rows]


def unseen_attempts(session: Session, account_id: str) -> int:
    """How many attempted diversions an officer has not looked at."""
    since = session.scalar(select(Account.diversions_seen_at).where(Account.id == account_id))
    query = select(func.count()).select_from(DiversionAttempt)
    return session.scalar(query if since is None else query.where(DiversionAttempt.at > since)) or 0


def as_weights(rows: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """A stored table of weights with every category and risk; 0 where the county has entered none."""
    risks = [*(risk.value for risk in RiskLevel), NOT_ASSESSED]
    return {
        category.value: {risk: int(rows.get(category.value, {}).get(risk, 0)) for risk in risks}
        for category in ChildCategory
    }
