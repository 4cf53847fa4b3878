"""Swaps and sign-ups for tests: one more person who fits, a place held, who was told."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, MessageKind, SignUpMode
from tenants.models import Account, Activity, Duty, Message, Person, StationSetting, Vetting, WeeklyAvailability
from tenants.services import bookings
from tests.drafts import VOLUNTEER
from tests.world import World


def another(session: Session, world: World, name: str, *, account: bool = True) -> str:
    """One more volunteer like the township's first, with an account of that name or without one."""
    like = session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    person = Person(township_id=like.township_id, name=name, kind=like.kind, gender=like.gender,
                    base_village_id=like.base_village_id, phone="00000000001")  # fmt: skip
    day = datetime.now(UTC).date()
    person.vettings = [
        Vetting(township_id=like.township_id, checked_on=day - timedelta(days=30), result="clear",
                valid_through=day + timedelta(days=335))
    ]  # fmt: skip
    person.weekly = [
        WeeklyAvailability(township_id=like.township_id, weekday=n, from_minute=480, to_minute=1200) for n in range(7)
    ]
    session.add(person)
    session.flush()
    if account:
        session.add(
            Account(county_id=world.county, township_id=like.township_id, username=name, display_name=name,
                    role=AccountRole.VOLUNTEER, person_id=person.id, password_hash="", language="en")
        )  # fmt: skip
        session.flush()
    return person.id


def uncheck(session: Session, world: World, person_id: str) -> None:
    """Take somebody's check away."""
    person = session.get_one(Person, (world.first.township, person_id))
    person.vettings = []
    session.flush()


def actor(world: World, person: str | None = None) -> Actor:
    """Somebody of the first township."""
    return Actor(county_id=world.county, township_id=world.first.township, person_id=person)


def the_activity(session: Session, world: World) -> Activity:
    """The first township's activity: one lead, two helpers at most."""
    return session.get_one(Activity, (world.first.township, world.first.activity))


def helper(session: Session, world: World, person: str | None = None) -> Duty:
    """Somebody's duty as helper of the township's activity."""
    activity = the_activity(session, world)
    place = bookings.Place(
        visit_id=None, activity_id=activity.id, role="helper", starts_at=activity.starts_at, ends_at=activity.ends_at
    )
    return bookings.book(session, person or world.first.people[VOLUNTEER], place)


def told(session: Session, kind: MessageKind) -> list[str]:
    """User names of those who were told."""
    query = select(Account.username).join(Message, Message.account_id == Account.id).where(Message.kind == kind)
    return sorted(session.scalars(query))


def mode(session: Session, world: World, how: SignUpMode) -> None:
    """What the station does with sign-ups."""
    session.add(StationSetting(township_id=world.first.township, sign_up=how))
    session.flush()
