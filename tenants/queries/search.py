"""One search over a township's people, homes, activities and case codes; a child's name is not searched, nor told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from tenants.actor import Actor
from tenants.models import Activity, Child, Person, Roster, Village
from tenants.queries.children import may_see

MOST = 8
LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Found:
    """What fits, by kind; at most ``MOST`` of each, and whether there is more."""

    people: tuple[Person, ...] = ()
    villages: tuple[Village, ...] = ()
    activities: tuple[Activity, ...] = ()
    children: tuple[Child, ...] = ()
    more: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits."""
        return not (self.people or self.villages or self.activities or self.children)


def find(session: Session, actor: Actor, text: str, kinds: frozenset[str], since: datetime) -> Found:
    """What fits a text; activities from ``since`` on. The kinds are the attributes of ``Found``."""
    wanted = text.strip()[:LONGEST]
    if not wanted:
        return Found()
    queries: dict[str, Callable[[], Select[Any]]] = {
        "people": lambda: _people(wanted),
        "villages": lambda: _villages(wanted),
        "activities": lambda: _activities(wanted, since),
        "children": lambda: _children(actor, wanted),
    }
    rows = {kind: session.scalars(make().limit(MOST + 1)).all() for kind, make in queries.items() if kind in kinds}
    more = frozenset(kind for kind, held in rows.items() if len(held) > MOST)
    return Found(**{kind: tuple(held[:MOST]) for kind, held in rows.items()}, more=more)


def _fits(text: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _people(text: str) -> Select[Person]:
    query = select(Person).where(_fits(text, Person.name, Person.name_en, Person.phone))
    return query.order_by(Person.active.desc(), Person.name, Person.id)


def _villages(text: str) -> Select[Village]:
    query = select(Village).where(_fits(text, Village.name, Village.name_en)).options(joinedload(Village.home))
    return query.order_by(Village.name, Village.id)


def _activities(text: str, since: datetime) -> Select[Activity]:
    query = select(Activity).where(_fits(text, Activity.title, Activity.title_en), Activity.starts_at >= since)
    return query.options(joinedload(Activity.home)).order_by(Activity.starts_at, Activity.id)


def _children(actor: Actor, text: str) -> Select[Child]:
    query = select(Child).where(may_see(actor), _fits(text, Child.case_code)).options(joinedload(Child.village))
    return query.order_by(Child.closed_on.is_not(None), Child.case_code, Child.id)


Shown: TypeAlias = Person | Village | Activity | Child | Roster
_MODELS: dict[str, type[Shown]] = {
    "people": Person,
    "villages": Village,
    "activities": Activity,
    "children": Child,
    "rosters": Roster,
}


def still_there(session: Session, actor: Actor, seen: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    """The rows behind kinds and ids that the actor still may see, in their order; others are left out."""
    rows: dict[tuple[str, str], Any] = {}
    for kind, model in _MODELS.items():
        ids = [row_id for held, row_id in seen if held == kind]
        if ids:
            query: Select[Any] = select(model).where(model.id.in_(ids), may_see(actor) if model is Child else true())
            rows.update({(kind, row.id): row for row in session.scalars(query)})
    return [(kind, rows[kind, row_id]) for kind, row_id in seen if (kind, row_id) in rows]
