"""A small world for tests: real rows, each with a reason to be there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import (
    AccountRole,
    ActivityKind,
    ChildCategory,
    Familiarity,
    Gender,
    PersonKind,
    Priority,
    RiskLevel,
    Service,
    TownshipKind,
    VettingResult,
    VillageKind,
)
from tenants.models import (
    Account,
    Activity,
    ActivityRole,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    County,
    FamiliarPerson,
    Home,
    Person,
    PersonSkill,
    Township,
    Vetting,
    Village,
    VisitRule,
    WeeklyAvailability,
)

PASSWORD = "correct horse battery"
VISIT_ROLES = [
    {"id": "lead", "min": 1, "max": 1, "kinds": ["social_worker", "child_director"], "skills": ["case_work"]}
]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Ids of one township's cast: people by kind, children in order, one activity."""

    township: str
    canary: str
    villages: list[str]
    homes: list[str]
    people: dict[PersonKind, str]
    children: list[str]
    activity: str
    usernames: dict[AccountRole, str]


@dataclass(frozen=True, kw_only=True)
class World:
    """Ids of the whole: ``first`` and ``second`` are neighbours, ``foreign`` lies in another county."""

    county: str
    other_county: str
    first: Place
    second: Place
    foreign: Place
    usernames: dict[AccountRole, str] = field(default_factory=dict)

    @property
    def head(self) -> Actor:
        """The first township's station head."""
        return Actor(county_id=self.county, township_id=self.first.township, role=AccountRole.STATION_HEAD)


def next_saturday(after: date | None = None) -> date:
    """The first Saturday after a day (today by default)."""
    day = (after or datetime.now(UTC).date()) + timedelta(days=1)
    return day + timedelta(days=(5 - day.weekday()) % 7)


def build_world(session: Session) -> World:
    """Two counties, three townships, one account for each role in each."""
    near = _county(session, "东山县")
    far = _county(session, "西水县")
    first = _township(session, near, "甲镇", "CANARY-ALPHA")
    second = _township(session, near, "乙镇", "CANARY-BETA")
    foreign = _township(session, far, "丙镇", "CANARY-GAMMA")
    usernames = dict(first.usernames)
    for county, name in ((near, "county"), (far, "far-county")):
        _account(session, county, name, AccountRole.COUNTY_OFFICER)
    usernames[AccountRole.COUNTY_OFFICER] = "county"
    return World(county=near, other_county=far, first=first, second=second, foreign=foreign, usernames=usernames)


def _county(session: Session, name: str) -> str:
    county = County(name=name, name_en=name)
    session.add(county)
    session.flush()
    for category in ChildCategory:
        for risk, interval in ((RiskLevel.HIGH, 7), (RiskLevel.MEDIUM, 14), (RiskLevel.LOW, 30)):
            session.add(
                VisitRule(
                    county_id=county.id,
                    category=category,
                    risk=risk,
                    interval_days=interval,
                    minutes=40,
                    priority=Priority.HIGH if risk is RiskLevel.HIGH else Priority.NORMAL,
                    service=Service.CHILD_PROTECTION,
                    known_by=Familiarity.VILLAGE_DIRECTOR,
                    roles=VISIT_ROLES,
                    is_example=True,
                )
            )
    return county.id


def _township(session: Session, county: str, name: str, canary: str) -> Place:
    township = Township(county_id=county, name=name, name_en=name, kind=TownshipKind.TOWN, lat=35.5, lon=112.4)
    session.add(township)
    session.flush()
    villages = [
        Village(township_id=township.id, name=f"{name}{n}村 {canary}", name_en=canary, kind=VillageKind.VILLAGE,
                lat=35.5 + n / 50, lon=112.4)
        for n in range(3)
    ]  # fmt: skip
    session.add_all(villages)
    session.flush()
    homes = [Home(township_id=township.id, village_id=v.id, name=f"{v.name}儿童之家") for v in villages]
    session.add_all(homes)
    session.flush()
    people = {kind: _person(session, township.id, villages[0].id, kind, canary) for kind in PersonKind}
    children = [
        _child(session, township.id, villages[n % 3].id, n, canary, people[PersonKind.CHILD_DIRECTOR]) for n in range(4)
    ]
    activity = _activity(session, township.id, homes[0].id, canary)
    usernames = _accounts(session, county, township.id, people, canary)
    return Place(
        township=township.id, canary=canary, villages=[v.id for v in villages], homes=[h.id for h in homes],
        people=people, children=children, activity=activity, usernames=usernames,
    )  # fmt: skip


def _person(session: Session, township: str, village: str, kind: PersonKind, canary: str) -> str:
    person = Person(
        township_id=township, name=f"{kind.value} {canary}", kind=kind, gender=Gender.FEMALE, base_village_id=village,
        phone="00000000000", dedicated=kind is PersonKind.SOCIAL_WORKER,
    )  # fmt: skip
    session.add(person)
    session.flush()
    if kind in {PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR}:
        session.add(PersonSkill(township_id=township, person_id=person.id, skill="case_work"))
    day = datetime.now(UTC).date()
    session.add(
        Vetting(township_id=township, person_id=person.id, checked_on=day - timedelta(days=30),
                valid_through=day + timedelta(days=335), result=VettingResult.CLEAR)
    )  # fmt: skip
    for weekday in range(7):
        session.add(
            WeeklyAvailability(township_id=township, person_id=person.id, weekday=weekday, from_minute=480,
                               to_minute=1200)
        )  # fmt: skip
    return person.id


def _child(session: Session, township: str, village: str, number: int, canary: str, director: str) -> str:
    long_ago = datetime.now(UTC).date() - timedelta(days=200)
    child = Child(
        township_id=township, case_code=f"C-{number:03}", pseudonym=f"PSEUDONYM-{number} {canary}", village_id=village,
        birth_year=2015, gender=Gender.FEMALE,
    )  # fmt: skip
    session.add(child)
    session.flush()
    category = ChildCategory.LEFT_BEHIND if number % 2 else ChildCategory.SCATTERED_ORPHAN
    risk = (RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW)[number % 3]
    session.add(ChildCategoryPeriod(township_id=township, child_id=child.id, category=category, from_day=long_ago))
    session.add(ChildRiskPeriod(township_id=township, child_id=child.id, level=risk, from_day=long_ago))
    session.add(FamiliarPerson(township_id=township, child_id=child.id, person_id=director))
    return child.id


def _activity(session: Session, township: str, home: str, canary: str) -> str:
    start = datetime.combine(next_saturday(), time(1, 0), tzinfo=UTC)  # 09:00 in Shanghai
    activity = Activity(
        township_id=township, home_id=home, title=f"绘画 {canary}", title_en=canary, kind=ActivityKind.ARTS,
        service=Service.CHILD_PROTECTION, priority=Priority.NORMAL, starts_at=start,
        ends_at=start + timedelta(minutes=90), children_expected=12,
    )  # fmt: skip
    session.add(activity)
    session.flush()
    for position, (role, low, high, kinds) in enumerate(
        (("lead", 1, 1, ["child_director", "social_worker"]), ("helper", 1, 2, ["volunteer", "station_staff"]))
    ):
        session.add(
            ActivityRole(township_id=township, activity_id=activity.id, position=position, role=role, minimum=low,
                         maximum=high, kinds=kinds, skills=[])
        )  # fmt: skip
    return activity.id


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # cheap: a hundred worlds are built


def _account(
    session: Session, county: str, username: str, role: AccountRole, *,
    township: str | None = None, person: str | None = None, display_name: str = "",
) -> str:  # fmt: skip
    session.add(
        Account(county_id=county, username=username, password_hash=_password_hash(), role=role, township_id=township,
                person_id=person, display_name=display_name or username, language="en")
    )  # fmt: skip
    return username


def _accounts(
    session: Session, county: str, township: str, people: dict[PersonKind, str], canary: str
) -> dict[AccountRole, str]:
    usernames = {}
    for role in set(AccountRole) - {AccountRole.COUNTY_OFFICER}:
        kind = PersonKind.STATION_STAFF if role is AccountRole.STATION_HEAD else PersonKind(role.value)
        name = f"{role.value}-{canary.split('-')[1].lower()}"
        usernames[role] = _account(
            session, county, name, role, township=township, person=people[kind], display_name=f"{name} {canary}"
        )
    return usernames
