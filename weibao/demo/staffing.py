"""The county's contract, its register of purchased-service staff, two new workers, and one refused diversion."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DiversionWay, Gender
from tenants.models import (
    Account,
    County,
    DiversionAttempt,
    Person,
    ServiceContract,
    StaffContract,
    StaffMember,
    Village,
)
from weibao.demo.names import NameSource
from weibao.demo.rows import Ground, seeded_id

_NEW = ("counselling", "case_work")


def add_register(session: Session, county: County, rng: Random, names: NameSource, today: date) -> None:
    """Everybody who is purchased-service staff stands in the register; two more wait for their first post."""
    people = session.scalars(select(Person).where(Person.dedicated).order_by(Person.id)).all()
    contract = ServiceContract(
        county_id=county.id,
        id=seeded_id(rng),
        number=f"演示〔{today.year}〕01号",
        provider="演示社会工作服务中心",
        from_day=today - timedelta(days=200),
        to_day=today + timedelta(days=165),
        workers=len(people) + len(_NEW),
        visits=10 * len(people),
        activities=len(people),
        hours=10 * len(people),
    )
    session.add(contract)
    session.flush()
    members: list[StaffMember] = []
    for person in people:
        members.append(
            StaffMember(
                county_id=county.id,
                id=seeded_id(rng),
                name=person.name,
                name_en=person.name_en,
                township_id=person.township_id,
                person_id=person.id,
                movable=rng.random() > 0.1,
            )
        )
    villages = session.scalars(select(Village).order_by(Village.id)).all()
    for skill in _NEW:
        name, home = names.person(Gender.FEMALE), rng.choice(villages)
        members.append(
            StaffMember(
                county_id=county.id,
                id=seeded_id(rng),
                name=name.zh,
                name_en=name.en,
                skills=[skill],
                home=home.name,
                home_lat=home.lat,
                home_lon=home.lon,
            )
        )
    session.add_all(members)
    session.flush()
    ids = {"county_id": county.id, "contract_id": contract.id}
    session.add_all(StaffContract(**ids, id=seeded_id(rng), staff_id=member.id) for member in members)
    session.flush()


def add_attempt(ground: Ground, worker: Person) -> None:
    """The station's staff wanted to give a worker other work four days ago."""
    at = ground.at(ground.day(-4), 610)
    staff = select(Account.id).where(
        Account.township_id == ground.township.id, Account.role == AccountRole.STATION_STAFF
    )
    account_id = ground.session.scalars(staff).one()
    ground.add(DiversionAttempt, person_id=worker.id, account_id=account_id, way=DiversionWay.ROSTER, at=at)
