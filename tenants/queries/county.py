"""The county's figures: a fixed handful of grouped queries, whatever the number of townships and villages.

No query here reads a case code, a pseudonym or a name of a child.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tenants.enums import DutyState, PersonKind, RosterState, VettingResult, VisitState
from tenants.errors import NotFoundError
from tenants.models import Child, Duty, Person, Roster, Township, Vetting, Village, Visit

AHEAD = timedelta(days=14)
BACK = timedelta(days=30)
Key = InstrumentedAttribute[Any]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts of one place.

    ``due`` are visits due in the next 14 days, ``covered`` those of them in a published roster, ``overdue`` those whose
    day has passed, ``done`` those of the last 30 days; ``vetted`` are active volunteers with a valid check.
    """

    children: int = 0
    due: int = 0
    covered: int = 0
    overdue: int = 0
    done: int = 0
    volunteers: int = 0
    vetted: int = 0
    social_workers: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """The figures of both places together."""
        return Figures(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, kw_only=True)
class TownshipRow:
    """A township's line in the county's table; ``version`` None: nothing has been published."""

    id: str
    name: str
    name_en: str
    figures: Figures
    version: int | None
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class VillageRow:
    """A village's line; ``id`` None: people without a base village."""

    id: str | None
    name: str
    name_en: str
    figures: Figures


def total(rows: Iterable[TownshipRow] | Iterable[VillageRow]) -> Figures:
    """The figures of all lines together."""
    return sum((row.figures for row in rows), Figures())


def townships(session: Session, today: date, midnight: datetime) -> list[TownshipRow]:
    """Every township of the county, by name. ``midnight`` is when ``today`` began."""
    figures = _figures(session, today, midnight, by_village=False)
    versions = {township: (version, at) for township, version, at in session.execute(_latest_versions())}
    rows = session.execute(select(Township.id, Township.name, Township.name_en).order_by(Township.name, Township.id))
    return [
        TownshipRow(
            id=township,
            name=name,
            name_en=name_en,
            figures=figures[township],
            version=versions.get(township, (None, None))[0],
            published_at=versions.get(township, (None, None))[1],
        )
        for township, name, name_en in rows
    ]


def township(session: Session, township_id: str) -> Township:
    """A township of the county.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    found = session.scalar(select(Township).where(Township.id == township_id))
    if found is None:
        raise NotFoundError("no such township")
    return found


def villages(session: Session, township_id: str, today: date, midnight: datetime) -> list[VillageRow]:
    """Every village of a township, by name; people without a base village in a last line, where there are any."""
    figures = _figures(session, today, midnight, by_village=True, township_id=township_id)
    query = select(Village.id, Village.name, Village.name_en).where(Village.township_id == township_id)
    rows = [
        VillageRow(id=village, name=name, name_en=name_en, figures=figures[village])
        for village, name, name_en in session.execute(query.order_by(Village.name, Village.id))
    ]
    if None in figures:
        rows.append(VillageRow(id=None, name="", name_en="", figures=figures[None]))
    return rows


def _figures(
    session: Session, today: date, midnight: datetime, *, by_village: bool, township_id: str | None = None
) -> defaultdict[str | None, Figures]:
    """Figures by the id of the township or of the village."""
    child_key, person_key = (
        (Child.village_id, Person.base_village_id) if by_village else (Child.township_id, Person.township_id)
    )
    found: defaultdict[str | None, Figures] = defaultdict(Figures)
    for key, children in session.execute(_children(child_key, township_id)):
        found[key] += Figures(children=children)
    for key, due, covered, overdue, done in session.execute(_visits(child_key, today, midnight, township_id)):
        found[key] += Figures(due=due, covered=covered, overdue=overdue, done=done)
    for key, volunteers, vetted, workers in session.execute(_people(person_key, today, township_id)):
        found[key] += Figures(volunteers=volunteers, vetted=vetted, social_workers=workers)
    return found


def _in(column: Key, township_id: str | None) -> ColumnElement[bool]:
    return column == township_id if township_id else column.is_not(None)


def _children(key: Key, township_id: str | None) -> Any:
    query = select(key, func.count()).select_from(Child).where(Child.closed_on.is_(None))
    return query.where(_in(Child.township_id, township_id)).group_by(key)


def _visits(key: Key, today: date, midnight: datetime, township_id: str | None) -> Any:
    planned = _planned(midnight, township_id)
    is_due = and_(Visit.state == VisitState.DUE, Visit.due_on >= today, Visit.due_on < today + AHEAD)
    is_overdue = and_(Visit.state == VisitState.DUE, Visit.due_on < today)
    is_done = and_(Visit.state == VisitState.DONE, Visit.done_on > today - BACK)
    return (
        select(
            key,
            func.count().filter(is_due),
            func.count().filter(and_(is_due, planned.c.visit_id.is_not(None))),
            func.count().filter(is_overdue),
            func.count().filter(is_done),
        )
        .select_from(Visit)
        .join(Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id))
        .outerjoin(planned, and_(planned.c.township_id == Visit.township_id, planned.c.visit_id == Visit.id))
        .where(or_(is_due, is_overdue, is_done), _in(Visit.township_id, township_id))
        .group_by(key)
    )


def _planned(midnight: datetime, township_id: str | None) -> Subquery:
    """Visits that somebody holds from a published roster, today or later."""
    query = select(Duty.township_id, Duty.visit_id).where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= midnight)
    query = query.where(Duty.visit_id.is_not(None), _in(Duty.township_id, township_id))
    return query.distinct().subquery()


def _people(key: Key, today: date, township_id: str | None) -> Any:
    checks = _checks(today, township_id)
    is_volunteer = Person.kind == PersonKind.VOLUNTEER
    return (
        select(
            key,
            func.count().filter(is_volunteer),
            func.count().filter(and_(is_volunteer, checks.c.barred == 0, checks.c.through >= today)),
            func.count().filter(Person.kind == PersonKind.SOCIAL_WORKER),
        )
        .select_from(Person)
        .outerjoin(checks, and_(checks.c.township_id == Person.township_id, checks.c.person_id == Person.id))
        .where(
            Person.active, Person.guest.is_(False), Person.kind.in_([PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER])
        )
        .where(_in(Person.township_id, township_id))
        .group_by(key)
    )


def _checks(today: date, township_id: str | None) -> Subquery:
    """Last day of each person's checks made by today, and how many of all checks bar them."""
    return (
        select(
            Vetting.township_id,
            Vetting.person_id,
            func.max(Vetting.valid_through)
            .filter(Vetting.checked_on <= today, Vetting.result == VettingResult.CLEAR)
            .label("through"),
            func.count().filter(Vetting.result == VettingResult.BARRED).label("barred"),
        )
        .where(_in(Vetting.township_id, township_id))
        .group_by(Vetting.township_id, Vetting.person_id)
        .subquery()
    )


def _latest_versions() -> Any:
    """Version and time of each township's latest publication; both rise together."""
    query = select(Roster.township_id, func.max(Roster.version), func.max(Roster.published_at))
    standing = Roster.state == RosterState.PUBLISHED, Roster.withdrawn_at.is_(None)
    return query.where(*standing).group_by(Roster.township_id)
