"""Villages with their Children's Homes: what a list shows of them, and the official text of the sign."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from tenants.actor import Actor
from tenants.enums import AccountRole, PersonKind, TownshipKind, VillageKind
from tenants.errors import NotFoundError
from tenants.models import Child, County, Home, Person, Township, Village
from tenants.queries.children import may_see

_ENDINGS: dict[TownshipKind | VillageKind, str] = {
    TownshipKind.TOWNSHIP: "乡",
    TownshipKind.TOWN: "镇",
    TownshipKind.SUBDISTRICT: "街道",
    VillageKind.VILLAGE: "村",
    VillageKind.COMMUNITY: "社区",
}


@dataclass(frozen=True, kw_only=True)
class VillageLine:
    """A village in the list; ``children`` None: not the reader's to know."""

    village: Village
    township: Township
    sign: str
    directors: tuple[Person, ...]
    children: int | None


def sign_of(county: County, township: Township, village: Village) -> str:
    """The sign's text by the notice's pattern (section 3.1): county, township, village, 儿童之家."""
    names = (_named(township.name, township.kind), _named(village.name, village.kind))
    return f"{county.name}{''.join(names)}儿童之家"


def _named(name: str, kind: TownshipKind | VillageKind) -> str:
    ending = _ENDINGS[kind]
    return name if name.endswith(ending) else name + ending


def listed(township_id: str | None = None) -> Select[Village]:
    """The villages in scope, by township and name."""
    query = select(Village).join(Township, Township.id == Village.township_id).options(joinedload(Village.home))
    if township_id:
        query = query.where(Village.township_id == township_id)
    return query.order_by(Township.name, Village.name, Village.id)


def lines(session: Session, actor: Actor, villages: list[Village]) -> list[VillageLine]:
    """The list's lines of some villages, in their order."""
    county = session.get_one(County, actor.county_id)
    townships = {row.id: row for row in session.scalars(select(Township))}
    ids = [village.id for village in villages]
    directors, counts, known = _directors(session, ids), _open_files(session, actor, ids), _counted(session, actor)
    return [
        VillageLine(
            village=village,
            township=townships[village.township_id],
            sign=sign_of(county, townships[village.township_id], village),
            directors=tuple(directors[village.id]),
            children=counts.get(village.id, 0) if known is None or village.id in known else None,
        )
        for village in villages
    ]


def _directors(session: Session, village_ids: list[str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    query = select(Person).where(
        Person.kind == PersonKind.CHILD_DIRECTOR, Person.active, Person.base_village_id.in_(village_ids)
    )
    for person in session.scalars(query.order_by(Person.name)):
        if person.base_village_id is not None:
            found[person.base_village_id].append(person)
    return found


def _counted(session: Session, actor: Actor) -> set[str] | None:
    """The villages whose number of children the actor may know; None: all in scope."""
    if actor.role is AccountRole.CHILD_DIRECTOR:
        query = select(Person.base_village_id).where(
            Person.id == actor.person_id, Person.kind == PersonKind.CHILD_DIRECTOR, Person.active
        )
        return {village for village in session.scalars(query) if village is not None}
    return set() if actor.role is AccountRole.VOLUNTEER else None


def _open_files(session: Session, actor: Actor, village_ids: list[str]) -> dict[str, int]:
    """Open files by village. The county sees numbers, though no file."""
    if actor.role is AccountRole.VOLUNTEER:
        return {}
    seen = true() if actor.role is AccountRole.COUNTY_OFFICER else may_see(actor)
    query = select(Child.village_id, func.count(Child.id)).where(
        Child.closed_on.is_(None), Child.village_id.in_(village_ids), seen
    )
    return dict(session.execute(query.group_by(Child.village_id)).all())


def village(session: Session, village_id: str) -> Village:
    """A village by id, with its home.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    found = session.scalar(select(Village).where(Village.id == village_id).options(joinedload(Village.home)))
    if found is None:
        raise NotFoundError("no such village")
    return found


def village_with_home(session: Session, village_id: str) -> tuple[Village, Home]:
    """A village by id, and the home that it must have.

    Raises:
        NotFoundError: none such in the session's scope, or it has no home.

    """
    found = village(session, village_id)
    if found.home is None:
        raise NotFoundError("no such home")
    return found, found.home


def open_homes(session: Session) -> list[Home]:
    """The homes that activities can be held in, by name."""
    return list(session.scalars(select(Home).where(Home.opened).order_by(Home.name)))
