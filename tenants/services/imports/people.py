"""People from rows, matched by the row's mark, else by name and phone, else by name and post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import DiversionWay, PersonKind, VettingResult
from tenants.errors import InvalidError
from tenants.models import Person
from tenants.services import people
from tenants.services.imports.run import Once, Outcome, Verdict, take


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """A criminal-record check in which nothing was found; a barring result is not taken from a file."""

    checked_on: date | None
    valid_through: date | None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """``facts`` holds what the row states, by the names of ``PersonFacts``; what it does not state stays."""

    mark: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    check: CheckRow | None = None


class Register:
    """The people of a township by what a row can name them with."""

    def __init__(self, session: Session) -> None:
        rows = session.scalars(
            select(Person)
            .where(Person.guest.is_(False))
            .options(selectinload(Person.skills), selectinload(Person.vettings))
        )
        self._rows = list(rows)
        self._by_id = {person.id: person for person in self._rows}

    def add(self, person: Person) -> None:
        """A person that a row has brought."""
        self._rows.append(person)
        self._by_id[person.id] = person

    def find(self, *, mark: str | None, name: str, phone: str | None, kind: PersonKind | None) -> Person | None:
        """The one person meant.

        Raises:
            InvalidError: several fit.

        """
        if mark in self._by_id:
            return self._by_id[mark]
        same = [person for person in self._rows if person.name == name]
        fitting = [person for person in same if phone and person.phone == phone]
        if not fitting:
            fitting = [p for p in same if (kind is None or p.kind is kind) and not (phone and p.phone)]
        if len(fitting) > 1:
            raise InvalidError(
                "Several people have this name. Enter the phone, or export the list first.", field="name"
            )
        return fitting[0] if fitting else None


def take_people(session: Session, actor: Actor, rows: Sequence[PersonRow], *, trial: bool) -> Outcome:
    """Add or change people. Nobody becomes assignable without a check, and nobody who has left comes back."""
    register, once = Register(session), Once()
    return take(session, rows, lambda row: _one(session, actor, register, once, row), trial=trial)


def _one(session: Session, actor: Actor, register: Register, once: Once, row: PersonRow) -> Verdict:
    facts = row.facts
    person = register.find(
        mark=row.mark, name=facts.get("name", ""), phone=facts.get("phone"), kind=facts.get("kind")
    )  # fmt: skip
    if person is None:
        person = people.create(session, actor, people.PersonFacts(**facts), way=DiversionWay.IMPORT)
        register.add(person)
        once.meet(person.id, "name")
        _check(session, actor, person, row.check)
        return Verdict.ADDED
    once.meet(person.id, "name")
    held = people.facts_of(person)
    wanted = replace(held, **facts)
    if wanted != held:
        people.edit(session, actor, person, wanted, way=DiversionWay.IMPORT)
    checked = _check(session, actor, person, row.check)
    return Verdict.CHANGED if wanted != held or checked else Verdict.SAME


def _check(session: Session, actor: Actor, person: Person, check: CheckRow | None) -> bool:
    if check is None:
        return False
    if check.checked_on is None or check.valid_through is None:
        missing = "checked_on" if check.checked_on is None else "valid_through"
        raise InvalidError("A check has both days: when it was made, and through when it holds.", field=missing)
    days = (check.checked_on, check.valid_through)
    if any((held.checked_on, held.valid_through) == days for held in person.vettings):
        return False
    people.add_check(
        session,
        actor,
        person,
        checked_on=check.checked_on,
        valid_through=check.valid_through,
        result=VettingResult.CLEAR,
        reference=check.reference,
    )
    return True
