"""Reads about the people of a township: lists, one person, the state of their criminal-record checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from tenants.enums import ExceptionKind, PersonKind, VettingResult
from tenants.errors import NotFoundError
from tenants.models import Person, PersonSkill, Vetting, Village
from tenants.spans import merged, without

ENDING_DAYS = 60
"""How long before its last day a check is shown as ending."""


class VettingState(StrEnum):
    """Where a person stands with the yearly check (Law on the Protection of Minors, art. 62)."""

    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"
    MISSING = "missing"
    BARRED = "barred"


@dataclass(frozen=True, kw_only=True)
class PeopleFilter:
    """What a list of people is narrowed by; None: not narrowed."""

    kind: PersonKind | None = None
    active: bool | None = None
    vetting: VettingState | None = None
    skill: str | None = None
    text: str = ""


def vetted_through(person: Person, today: date) -> date | None:
    """The last day of the person's checks made by today; None: never checked, or barred by any check."""
    if any(check.result == VettingResult.BARRED for check in person.vettings):
        return None
    clear = (check for check in person.vettings if check.result == VettingResult.CLEAR and check.checked_on <= today)
    return max((check.valid_through for check in clear), default=None)


def free_on(person: Person, day: date, *, but: str | None = None) -> list[tuple[int, int]]:
    """The minutes of a day on which somebody is free, disjoint and sorted: the week, plus extra, less away.

    ``but``: as it were without what the loan of this id has entered.
    """
    own = (e for e in person.exceptions if but is None or e.lending_id != but)
    today = [e for e in own if e.from_day <= day <= e.to_day]
    free = [(w.from_minute, w.to_minute) for w in person.weekly if w.weekday == day.weekday()]
    free += [(e.from_minute, e.to_minute) for e in today if e.kind is ExceptionKind.EXTRA]
    for away in (e for e in today if e.kind is ExceptionKind.AWAY):
        free = [piece for span in free for piece in without(span, (away.from_minute, away.to_minute))]
    return merged(free)


def vetting_state(person: Person, today: date) -> VettingState:
    """Where the person stands; one barring check outweighs every other."""
    if any(check.result == VettingResult.BARRED for check in person.vettings):
        return VettingState.BARRED
    through = vetted_through(person, today)
    if through is None:
        return VettingState.MISSING
    if through < today:
        return VettingState.EXPIRED
    return VettingState.ENDING if through <= today + timedelta(days=ENDING_DAYS) else VettingState.VALID


def _of_person(row: type[Vetting] | type[PersonSkill]) -> ColumnElement[bool]:
    return and_(row.township_id == Person.township_id, row.person_id == Person.id)


def barred(township_id: InstrumentedAttribute[Any], person_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """As a condition: a bad result stands against the person whom the columns name."""
    theirs = (Vetting.township_id == township_id, Vetting.person_id == person_id)
    return select(Vetting.id).where(*theirs, Vetting.result == VettingResult.BARRED).exists()


def by_keys(session: Session, keys: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str], Person]:
    """People by township and id, by one question; an unknown key is not among them."""
    found = session.scalars(select(Person).where(tuple_(Person.township_id, Person.id).in_(list(keys))))
    return {(row.township_id, row.id): row for row in found}


def _stands(state: VettingState, today: date) -> ColumnElement[bool]:
    """``vetting_state`` as a condition."""
    is_barred = barred(Person.township_id, Person.id)
    if state is VettingState.BARRED:
        return is_barred
    clear = (_of_person(Vetting), Vetting.result == VettingResult.CLEAR, Vetting.checked_on <= today)
    through = select(func.max(Vetting.valid_through)).where(*clear).scalar_subquery()
    soon = today + timedelta(days=ENDING_DAYS)
    stands = {
        VettingState.MISSING: through.is_(None),
        VettingState.EXPIRED: through < today,
        VettingState.ENDING: and_(through >= today, through <= soon),
        VettingState.VALID: through > soon,
    }
    return and_(not_(is_barred), stands[state])


def listed(wanted: PeopleFilter, today: date) -> Select[Person]:
    """The township's own people by post and name, with what a list shows of them; guests stand with their loans."""
    query = (
        select(Person)
        .where(Person.guest.is_(False))
        .order_by(Person.active.desc(), Person.kind, Person.name, Person.id)
    )
    query = query.options(selectinload(Person.skills), selectinload(Person.vettings), selectinload(Person.base_village))
    if wanted.kind is not None:
        query = query.where(Person.kind == wanted.kind)
    if wanted.active is not None:
        query = query.where(Person.active.is_(wanted.active))
    if wanted.vetting is not None:
        query = query.where(_stands(wanted.vetting, today))
    if wanted.skill:
        has_skill = select(PersonSkill.id).where(_of_person(PersonSkill), PersonSkill.skill == wanted.skill)
        query = query.where(has_skill.exists())
    if text := wanted.text.strip():
        columns = (Person.name, Person.name_en, Person.phone)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return query


def unchecked(session: Session, today: date) -> int:
    """How many active people may not work with children today, since no valid check stands behind them."""
    states = (VettingState.MISSING, VettingState.EXPIRED, VettingState.BARRED)
    condition = or_(*(_stands(state, today) for state in states))
    return session.scalar(select(func.count(Person.id)).where(Person.active, Person.guest.is_(False), condition)) or 0


def one(session: Session, person_id: str) -> Person:
    """One of the township's own people by id; a guest's record is kept at home (see ``guest``).

    Raises:
        NotFoundError: none such in the session's scope.

    """
    person = session.scalar(select(Person).where(Person.id == person_id, Person.guest.is_(False)))
    if person is None:
        raise NotFoundError("no such person")
    return person


def guest(session: Session, person_id: str) -> Person | None:
    """Somebody lent to the township, now or before; None: they are no guest."""
    return session.scalar(select(Person).where(Person.id == person_id, Person.guest))


def of_township(session: Session, township_id: str | None, person_id: str) -> Person:
    """A township's person by id, for a session that reads more than one.

    Raises:
        NotFoundError: none such in the township.

    """
    person = session.get(Person, (township_id, person_id)) if township_id else None
    if person is None or person.guest:
        raise NotFoundError("no such person")
    return person


def skills_in_use(session: Session) -> list[str]:
    """Every skill that somebody has."""
    return list(session.scalars(select(PersonSkill.skill).distinct().order_by(PersonSkill.skill)))


def villages(session: Session) -> list[Village]:
    """The villages in scope, by name."""
    return list(session.scalars(select(Village).order_by(Village.name)))


def active_people(session: Session) -> list[Person]:
    """The township's own people who can be on a team, by post and name."""
    own = select(Person).where(Person.active, Person.guest.is_(False))
    return list(session.scalars(own.order_by(Person.kind, Person.name)))
