"""Who is barred in a county, and who is the same person there.

A township sees its own people alone, so one and the same person can be entered in several. They are taken for the same
where name and telephone agree, and where the county's register of purchased-service staff knows them to be one; where
only the name agrees, the county decides.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tenants.enums import VettingResult
from tenants.errors import NotFoundError
from tenants.models import Account, Bar, Person, StaffMember, StaffPosting, Township, Vetting
from tenants.queries.people import by_keys

SHORTEST_PHONE = 7
"""Digits; what has fewer tells nobody apart."""


@dataclass(frozen=True, kw_only=True)
class BarredRow:
    """A bar as the county reads it; ``places`` are the townships where the person is entered and barred."""

    bar: Bar
    person: Person
    entered_by: str | None
    lifted_by: str | None
    places: tuple[Township, ...]


def one_name(name: str) -> str:
    """A name as it is compared: without spaces, in one form of its characters."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def phone_digits(phone: str | None) -> str:
    """A telephone number as it is compared: its digits alone, without China's prefix."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", phone or "") if c.isdecimal())
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def identity_of(county_id: str, person: Person) -> str | None:
    """Digest by which a person is known again in the county; None without a telephone number.

    Nothing new is told by it: name and telephone stand beside it in the database. It outlives them, so that somebody
    who was erased and is entered again is known.
    """
    digits = phone_digits(person.phone)
    if len(digits) < SHORTEST_PHONE:
        return None
    return hashlib.sha256(f"{county_id}:{one_name(person.name)}:{digits}".encode()).hexdigest()


def in_force(session: Session, county_id: str, identity: str | None) -> Bar | None:
    """The bar that holds for somebody of this identity."""
    if identity is None:
        return None
    query = select(Bar).where(Bar.county_id == county_id, Bar.identity == identity, Bar.lifted_at.is_(None))
    return session.scalar(query.order_by(Bar.entered_at).limit(1))


def is_barred(person: Person) -> bool:
    """Whether a bad result stands against a person."""
    return any(check.result == VettingResult.BARRED for check in person.vettings)


def held_against(session: Session, person: Person) -> Bar | None:
    """The bar behind a person's bad result, if one stands."""
    ids = [check.bar_id for check in person.vettings if check.result == VettingResult.BARRED and check.bar_id]
    return session.scalar(select(Bar).where(Bar.id.in_(ids)).order_by(Bar.entered_at).limit(1))


def same_people(session: Session, county_id: str, *people: Person) -> list[Person]:
    """The rows of one and the same person, the given ones first; needs a session that reads the whole county.

    Whoever is lent has the same id in the neighbouring township. Whoever is posted has a row in each township that
    they served, which may name another telephone or none: the register ties them.
    """
    found = {(row.township_id, row.id): row for row in people}
    waiting = list(people)
    while waiting:
        row = waiting.pop()
        for other in (*_of_identity(session, county_id, row), *_of_register(session, county_id, row)):
            if (other.township_id, other.id) not in found:
                found[other.township_id, other.id] = other
                waiting.append(other)
    return list(found.values())


def rows_of_staff(session: Session, county_id: str, staff_ids: Iterable[str]) -> list[Person]:
    """Every row that workers of the register have or had: of their present post, and of each posting."""
    keys = {key for _staff, key in _keys_of_staff(session, county_id, staff_ids)}
    rows = by_keys(session, keys)
    return [rows[key] for key in sorted(keys)]


def barred_staff(session: Session, county_id: str, staff_ids: Iterable[str]) -> set[str]:
    """Those workers of the register against one of whose rows a bad result stands."""
    against = select(Vetting.township_id, Vetting.person_id).where(Vetting.result == VettingResult.BARRED)
    barred = {tuple(key) for key in session.execute(against)}
    return {staff for staff, key in _keys_of_staff(session, county_id, staff_ids) if key in barred}


def _keys_of_staff(session: Session, county_id: str, staff_ids: Iterable[str]) -> list[tuple[str, tuple[str, str]]]:
    """Each worker with the key of each row that they have or had."""
    wanted = sorted(staff_ids)
    present = select(StaffMember.id, StaffMember.township_id, StaffMember.person_id).where(
        StaffMember.county_id == county_id, StaffMember.id.in_(wanted)
    )
    posted = StaffPosting.county_id == county_id, StaffPosting.staff_id.in_(wanted)
    left = select(StaffPosting.staff_id, StaffPosting.from_township_id, StaffPosting.from_person_id).where(*posted)
    reached = select(StaffPosting.staff_id, StaffPosting.to_township_id, StaffPosting.to_person_id).where(*posted)
    rows = [row for query in (present, left, reached) for row in session.execute(query)]
    return [(staff, (township, person)) for staff, township, person in rows if township and person]


def _of_identity(session: Session, county_id: str, person: Person) -> list[Person]:
    identity = identity_of(county_id, person)
    others = _rows_of_name(session, county_id, person)
    return [row for row in others if row.id == person.id or (identity and identity_of(county_id, row) == identity)]


def _of_register(session: Session, county_id: str, person: Person) -> list[Person]:
    place, own = person.township_id, person.id
    member = select(StaffMember.id).where(StaffMember.township_id == place, StaffMember.person_id == own)
    posted = select(StaffPosting.staff_id).where(
        or_(
            and_(StaffPosting.from_township_id == place, StaffPosting.from_person_id == own),
            and_(StaffPosting.to_township_id == place, StaffPosting.to_person_id == own),
        )
    )
    return rows_of_staff(session, county_id, {*session.scalars(member), *session.scalars(posted)})


def namesakes(session: Session, bar: Bar) -> list[tuple[Person, Township]]:
    """People of the same name who are not barred, for the county to decide on."""
    person = person_of(session, bar)
    rows = [row for row in _rows_of_name(session, bar.county_id, person) if not is_barred(row)]
    return [(row, session.get_one(Township, row.township_id)) for row in rows]


def _rows_of_name(session: Session, county_id: str, person: Person) -> list[Person]:
    name = one_name(person.name)
    own = and_(Person.township_id == person.township_id, Person.id == person.id)
    query = select(Person.township_id, Person.id, Person.name).join(Township, Township.id == Person.township_id)
    found = session.execute(query.where(Township.county_id == county_id, ~own)).all()
    keys = [(township, row) for township, row, other in found if one_name(other) == name]
    rows = by_keys(session, keys)
    return [rows[key] for key in sorted(keys)]


def person_of(session: Session, bar: Bar) -> Person:
    """The row by which the result was entered."""
    return session.get_one(Person, (bar.township_id, bar.person_id))


def one(session: Session, bar_id: str) -> Bar:
    """A bar by id.

    Raises:
        NotFoundError: none such in the session's county.

    """
    bar = session.scalar(select(Bar).where(Bar.id == bar_id))
    if bar is None:
        raise NotFoundError("no such bar")
    return bar


def listed(session: Session) -> list[BarredRow]:
    """The county's bars, those in force first, the newest first."""
    return _shown(session, session.scalars(select(Bar).order_by(Bar.lifted_at, Bar.entered_at.desc())).all())


def shown(session: Session, bar: Bar) -> BarredRow:
    """A bar with who and where."""
    return _shown(session, [bar])[0]


def _shown(session: Session, bars: Sequence[Bar]) -> list[BarredRow]:
    """Bars with who and where, by a fixed number of queries."""
    people = by_keys(session, [(bar.township_id, bar.person_id) for bar in bars])
    names = _account_names(session, [who for bar in bars for who in (bar.entered_by, bar.lifted_by)])
    places = _places(session, bars)
    return [
        BarredRow(
            bar=bar,
            person=people[bar.township_id, bar.person_id],
            entered_by=names.get(bar.entered_by or ""),
            lifted_by=names.get(bar.lifted_by or ""),
            places=tuple(places[bar.id]),
        )
        for bar in bars
    ]


def _places(session: Session, bars: Sequence[Bar]) -> dict[str | None, list[Township]]:
    """The townships in which each bar stands against somebody, by name."""
    query = select(Vetting.bar_id, Township).join(Township, Township.id == Vetting.township_id)
    query = query.where(Vetting.bar_id.in_([bar.id for bar in bars])).order_by(Township.name).distinct()
    found: dict[str | None, list[Township]] = defaultdict(list)
    for bar_id, township in session.execute(query):
        found[bar_id].append(township)
    return found


def _account_names(session: Session, ids: Sequence[str | None]) -> dict[str, str]:
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_([i for i in ids if i])))
    return dict(rows.all())
