"""Reads of the children's ledger: who may see which child, lists, one child."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import ChildCategory, PersonKind, RiskLevel, VisitState
from tenants.errors import NotFoundError
from tenants.fields import Fact, Reach, reach
from tenants.models import Child, ChildCategoryPeriod, ChildRiskPeriod, FamiliarPerson, Person, Visit


@dataclass(frozen=True, kw_only=True)
class ChildFilter:
    """What the ledger is narrowed by; None: not narrowed. ``closed`` None shows open and closed files."""

    village_id: str | None = None
    category: ChildCategory | None = None
    risk: RiskLevel | None = None
    overdue: bool = False
    closed: bool | None = False
    text: str = ""


def may_see(actor: Actor) -> ColumnElement[bool]:
    """The children whom an actor may see: the township's, a child director's own village's, or none.

    The table of facts decides (tenants/fields.py): volunteers and county officers see no child's file (Personal
    Information Protection Law, art. 28). Of an erased one nobody sees anything.
    """
    known = reach(actor.role, Fact.PSEUDONYM)
    if known is Reach.TOWNSHIP:
        return Child.erased_on.is_(None)
    if known is Reach.VILLAGE:
        return and_(Child.erased_on.is_(None), Child.village_id.in_(_directed_village(actor)))
    return false()


def _directed_village(actor: Actor) -> Select[str | None]:
    return select(Person.base_village_id).where(
        Person.id == actor.person_id,
        Person.township_id == actor.township_id,
        Person.kind == PersonKind.CHILD_DIRECTOR,
        Person.active,
    )


def _of_child(row: type[ChildCategoryPeriod] | type[ChildRiskPeriod] | type[Visit]) -> ColumnElement[bool]:
    return and_(row.township_id == Child.township_id, row.child_id == Child.id)


def _in_category(category: ChildCategory, today: date) -> ColumnElement[bool]:
    period = ChildCategoryPeriod
    holds = and_(period.from_day <= today, or_(period.to_day.is_(None), period.to_day >= today))
    return select(period.id).where(_of_child(period), period.category == category, holds).exists()


def _at_risk(level: RiskLevel, today: date) -> ColumnElement[bool]:
    period = ChildRiskPeriod
    latest = select(period.level).where(_of_child(period), period.from_day <= today)
    return latest.order_by(period.from_day.desc()).limit(1).scalar_subquery() == level


def _overdue(today: date) -> ColumnElement[bool]:
    late = and_(Visit.state == VisitState.DUE, Visit.due_on < today)
    return select(Visit.id).where(_of_child(Visit), late).exists()


def listed(actor: Actor, wanted: ChildFilter, today: date) -> Select[Child]:
    """The children whom the actor may see, by case code."""
    query = select(Child).where(may_see(actor)).order_by(Child.case_code, Child.id)
    query = query.options(selectinload(Child.categories), selectinload(Child.risks), selectinload(Child.village))
    if wanted.village_id:
        query = query.where(Child.village_id == wanted.village_id)
    if wanted.category is not None:
        query = query.where(_in_category(wanted.category, today))
    if wanted.risk is not None:
        query = query.where(_at_risk(wanted.risk, today))
    if wanted.overdue:
        query = query.where(_overdue(today))
    if wanted.closed is not None:
        query = query.where(Child.closed_on.is_not(None) if wanted.closed else Child.closed_on.is_(None))
    if text := wanted.text.strip():
        columns = (Child.case_code, Child.pseudonym)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return query


def one(session: Session, actor: Actor, child_id: str) -> Child:
    """A child by id.

    Raises:
        NotFoundError: there is none in the session's scope, or it is not the actor's to see; the same answer.

    """
    child = session.scalar(
        select(Child)
        .where(Child.id == child_id, may_see(actor))
        .options(selectinload(Child.familiar).selectinload(FamiliarPerson.person))
    )
    if child is None:
        raise NotFoundError("no such child")
    return child


def next_visits(session: Session, child_ids: list[str]) -> dict[str, date]:
    """The day on which each child's next visit is due."""
    query = select(Visit.child_id, func.min(Visit.due_on)).where(
        Visit.state == VisitState.DUE, Visit.child_id.in_(child_ids)
    )
    return dict(session.execute(query.group_by(Visit.child_id)).all())


def visits_of(session: Session, child: Child, limit: int = 50) -> list[Visit]:
    """A child's visits, the newest first."""
    query = select(Visit).where(Visit.township_id == child.township_id, Visit.child_id == child.id)
    return list(session.scalars(query.order_by(Visit.due_on.desc()).limit(limit)))


def suggested_code(session: Session) -> str:
    """The case code after the last one that ends in a number, or the first of a new ledger."""
    codes = session.scalars(select(Child.case_code))
    numbers = [(head, int(tail), len(tail)) for head, _, tail in (c.rpartition("-") for c in codes) if tail.isdecimal()]
    head, number, width = max(numbers, key=lambda code: code[1], default=("C", 0, 4))
    return f"{head}-{number + 1:0{width}}" if head else f"{number + 1:0{width}}"
