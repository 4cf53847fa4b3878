"""A database with one subscribed volunteer, who holds a hundred duties."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.feeds.served import settings
from tenants.actor import Actor
from tenants.enums import (
    AccountRole,
    ActivityKind,
    Gender,
    PersonKind,
    Priority,
    Service,
    TownshipKind,
    VettingResult,
    VillageKind,
)
from tenants.models import Account, Activity, County, Duty, Home, Person, Township, Vetting, Village
from tenants.scope import Scope
from tenants.services import feed_tokens
from weibao import schema
from weibao.app import create_app
from weibao.db import session_for

EVENTS = 100
COLLEAGUES = 2


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where the database is, and the feed's path."""

    database_url: str
    path: str


def build(folder: Path) -> Stand:
    """On SQLite, the embedded default."""
    url = f"sqlite:///{folder / 'bench.sqlite'}"
    engine = create_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    with create_app(settings(url)).app_context(), session_for(Scope.of_system(reason="benchmark")) as session:
        return Stand(database_url=url, path=f"/feeds/{_subscribed(session)}.ics")


def _subscribed(session: Session) -> str:
    county = County(name="县", name_en="County")
    session.add(county)
    session.flush()
    town = Township(county_id=county.id, name="镇", name_en="Town", kind=TownshipKind.TOWN, lat=35.5, lon=112.4)
    session.add(town)
    session.flush()
    village = Village(township_id=town.id, name="村", name_en="Village", kind=VillageKind.VILLAGE, lat=35.5, lon=112.4)
    session.add(village)
    session.flush()
    home = Home(township_id=town.id, village_id=village.id, name="村儿童之家")
    people = [
        Person(township_id=town.id, name=f"王小{number}", kind=PersonKind.VOLUNTEER, gender=Gender.FEMALE,
               base_village_id=village.id)
        for number in range(1 + COLLEAGUES)
    ]  # fmt: skip
    session.add_all([home, *people])
    session.flush()
    today = datetime.now(UTC).date()
    session.add_all(
        Vetting(township_id=town.id, person_id=person.id, checked_on=today, valid_through=today + timedelta(days=365),
                result=VettingResult.CLEAR)
        for person in people
    )  # fmt: skip
    volunteer = people[0].id
    session.add(
        Account(county_id=county.id, township_id=town.id, person_id=volunteer, username="volunteer",
                display_name="volunteer", password_hash="", role=AccountRole.VOLUNTEER, language="zh")
    )  # fmt: skip
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for number in range(EVENTS):
        _on_duty(session, home, people, start + timedelta(hours=4 * number))
    session.flush()
    return feed_tokens.issue(session, Actor(county_id=county.id, township_id=town.id, person_id=volunteer))


def _on_duty(session: Session, home: Home, people: list[Person], starts_at: datetime) -> None:
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    activity = Activity(
        township_id=home.township_id, home_id=home.id, title="绘画", kind=ActivityKind.ARTS,
        service=Service.CHILD_PROTECTION, priority=Priority.NORMAL, **times,
    )  # fmt: skip
    session.add(activity)
    session.flush()
    session.add_all(
        Duty(township_id=home.township_id, person_id=person.id, activity_id=activity.id, role="helper", version=1,
             **times)
        for person in people
    )  # fmt: skip
